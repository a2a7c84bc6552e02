//! Scenarios that pass.

use std::fs;

use serde_json::json;
use tfplugin_testing::Failure;
use tfplugin_testing::cli::{Action, Cli};
use tfplugin_testing::scenario::{Apply, Destroy, Outside, plan, state};

use crate::{FILE, file, scenario};

fn from_nothing_and_back(cli: Cli) -> Result<(), Failure> {
    let files = tempfile::tempdir().expect("a folder");
    let path = files.path().join("a.txt");
    let (changed, folder) = (path.clone(), files.path().to_path_buf());
    scenario(cli, files.path())
        .step(
            Apply::config(file("a.txt", "one"))
                .plan_check(plan::action(FILE, Action::Create))
                .plan_check(plan::value(FILE, "bytes", 3))
                .state_check(state::value(FILE, "text", json!("one"))),
        )
        .step(Outside::new("somebody changes the file", move || {
            fs::write(changed, "drift")
        }))
        .step(
            Apply::again()
                .plan_check(plan::drift(FILE, "text", "drift"))
                .plan_check(plan::action(FILE, Action::Update)),
        )
        .step(Destroy::new().plan_check(plan::action(FILE, Action::Delete)))
        .check_destroyed(move || assert_eq!(fs::read_dir(folder).expect("a folder").count(), 0))
        .run()
}

#[test]
fn terraform_takes_the_example_from_nothing_and_back() -> Result<(), Failure> {
    from_nothing_and_back(Cli::Terraform)
}

#[test]
fn tofu_takes_the_example_from_nothing_and_back() -> Result<(), Failure> {
    from_nothing_and_back(Cli::Tofu)
}
