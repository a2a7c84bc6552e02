//! Scenarios that pass.

use std::fs;
use std::path::Path;

use serde_json::json;
use tfplugin_testing::Failure;
use tfplugin_testing::cli::{Action, Cli, Feature};
use tfplugin_testing::scenario::{
    Apply, Config, Destroy, Fails, Import, Message, Outside, PlanOnly, Refresh, Run, Scenario, known, plan, state,
};

use crate::{FILE, built, file, is_empty, scenario};

/// The life of one file, its provider in this process or in one that the host starts.
fn from_nothing_and_back(cli: Cli, begin: fn(Cli, &Path) -> Scenario) -> Result<(), Failure> {
    let files = tempfile::tempdir().expect("a folder");
    let (path, left) = (files.path().join("hello-world.txt"), files.path().to_path_buf());
    let (written, changed, gone) = (path.clone(), path.clone(), path);
    let name = state::follow(FILE, "name");
    let named = |slug: &str, text: &str| file(&format!("${{provider::example::slug(\"{slug}\")}}.txt"), text);
    begin(cli, files.path())
        .needs(Feature::Functions)
        .step(
            Apply::config(named("Hello, World", "one"))
                .plan_check(plan::action(FILE, Action::Create))
                .plan_check(plan::value(FILE, "bytes", 3))
                .state_check(state::value(FILE, "name", "hello-world.txt"))
                .state_check(name.seen()),
        )
        .step(Outside::new("the file is there", move || {
            assert_eq!(fs::read_to_string(written).expect("a file"), "one");
        }))
        .step(
            Apply::config(named("Hello, World", "three"))
                .plan_check(plan::action(FILE, Action::Update))
                .plan_check(plan::prior(FILE, "text", "one"))
                .state_check(name.same()),
        )
        .step(Outside::new("somebody changes the file", move || {
            fs::write(changed, "drift")
        }))
        .step(
            Apply::again()
                .plan_check(plan::drift(FILE, "text", "drift"))
                .plan_check(plan::action(FILE, Action::Update))
                .state_check(state::value(FILE, "bytes", 5)),
        )
        .step(Import::command(FILE, "hello-world.txt"))
        .step(Import::block(FILE, "hello-world.txt"))
        .step(
            Apply::config(named("Hello, Moon", "three"))
                .plan_check(plan::action(FILE, Action::DeleteThenCreate))
                .plan_check(plan::replaced_for(FILE, "name"))
                .state_check(name.changed()),
        )
        .step(Outside::new("the old file is gone", move || assert!(!gone.exists())))
        .step(Destroy::new().plan_check(plan::action(FILE, Action::Delete)))
        .check_destroyed(move || is_empty(&left))
        .run()
}

#[test]
fn terraform_takes_the_example_from_nothing_and_back() -> Result<(), Failure> {
    from_nothing_and_back(Cli::Terraform, scenario)
}

#[test]
fn tofu_takes_the_example_from_nothing_and_back() -> Result<(), Failure> {
    from_nothing_and_back(Cli::Tofu, scenario)
}

#[test]
fn hosts_start_the_built_example_and_get_the_same() -> Result<(), Failure> {
    from_nothing_and_back(Cli::Terraform, built)?;
    from_nothing_and_back(Cli::Tofu, built)
}

const OUTPUTS: &str = r#"
variable "text" {
  type      = string
  sensitive = true
}

resource "terraform_data" "source" {
  input = "from another resource"
}

resource "example_text_file" "late" {
  name = "late.txt"
  text = terraform_data.source.output
}

resource "example_text_file" "it" {
  name = "it.txt"
  text = var.text
}

output "bytes" {
  value = example_text_file.late.bytes
}

output "text" {
  value     = var.text
  sensitive = true
}
"#;

#[test]
fn what_is_unknown_or_sensitive_is_seen_in_plan_and_state() -> Result<(), Failure> {
    const LATE: &str = "example_text_file.late";
    for cli in Cli::ALL {
        let files = tempfile::tempdir().expect("a folder");
        let config = Config::text(OUTPUTS).variable("text", "a secret");
        scenario(cli, files.path())
            .step(
                Apply::config(config)
                    .plan_check(plan::not_empty())
                    .plan_check(plan::unknown(LATE, "bytes"))
                    .plan_check(plan::output_unknown("bytes"))
                    .plan_check(plan::output_action("bytes", Action::Create))
                    .plan_check(plan::output("text", "a secret"))
                    .plan_check(plan::sensitive(FILE, "text"))
                    .plan_check(plan::no_drift())
                    .plan_check(plan::nothing_deferred())
                    .state_check(state::value(
                        LATE,
                        "text",
                        known::satisfying("about a resource", |text| {
                            text.as_str().is_some_and(|text| text.contains("resource"))
                        }),
                    ))
                    .state_check(state::sensitive(FILE, "text"))
                    .state_check(state::sensitive_output("text"))
                    .state_check(state::output("bytes", 21))
                    .state_check(state::equal((LATE, "bytes"), (LATE, "bytes")))
                    .state_check(state::unequal((LATE, "name"), (FILE, "name"))),
            )
            .step(Run::command(["state", "list"]).check(|done| {
                assert_eq!(done.stdout.lines().count(), 3, "{}", done.stdout);
            }))
            .run()?;
    }
    Ok(())
}

#[test]
fn objects_are_moved_refreshed_and_described_by_the_host() -> Result<(), Failure> {
    const NEW: &str = "example_text_file.new";
    for cli in Cli::ALL {
        let files = tempfile::tempdir().expect("a folder");
        let (path, left) = (files.path().join("a.txt"), files.path().to_path_buf());
        let renamed = file("a.txt", "one").replace("\"it\"", "\"new\"");
        let moved = format!("{renamed}\nmoved {{\n  from = {FILE}\n  to = {NEW}\n}}\n");
        scenario(cli, files.path())
            .step(Apply::config(file("a.txt", "one")))
            .step(
                Apply::config(moved)
                    .plan_check(plan::moved(NEW, FILE))
                    .plan_check(plan::action(NEW, Action::NoOp))
                    .state_check(state::absent(FILE)),
            )
            .step(PlanOnly::again().plan_check(plan::empty()))
            .step(
                PlanOnly::again()
                    .option(format!("-replace={NEW}"))
                    .plan_check(plan::action(NEW, Action::DeleteThenCreate)),
            )
            .step(Outside::new("somebody changes the file", move || {
                fs::write(path, "outside")
            }))
            .step(
                Refresh::new()
                    .plan_check(plan::drift(NEW, "bytes", 7))
                    .state_check(state::value(NEW, "text", "outside")),
            )
            .step(
                Import::block(NEW, "a.txt")
                    .generating("# Nothing of it yet.")
                    .generated_check(|text| assert!(text.contains("\"outside\""), "{text}")),
            )
            .check_destroyed(move || is_empty(&left))
            .run()?;
    }
    Ok(())
}

#[test]
fn what_must_fail_fails_where_it_should_and_leaves_the_rest() -> Result<(), Failure> {
    for cli in Cli::ALL {
        let files = tempfile::tempdir().expect("a folder");
        fs::write(files.path().join("taken.txt"), "somebody's").expect("a file");
        let (path, left) = (files.path().join("taken.txt"), files.path().to_path_buf());
        let wordless = file("${provider::example::slug(\"...\")}", "one");
        // Values of variables are not known to `validate`.
        let refused_at_plan = format!(
            "variable \"is_time\" {{\n  default = false\n}}\n{}",
            file("free.txt", "one").replace(
                "}\n",
                "  lifecycle {\n    precondition {\n      condition = var.is_time\n      error_message = \"Not now.\"\n    }\n  }\n}\n"
            )
        );
        let without_name = "resource \"example_text_file\" \"it\" {\n  text = \"one\"\n}\n";
        scenario(cli, files.path())
            .step(
                Fails::validate(wordless).error(
                    Message::summary("Invalid function argument")
                        .detail("There is no letter or digit in it.")
                        .underlining("...")
                        .of(FILE),
                ),
            )
            .step(Fails::validate(without_name).error(Message::summary("Missing required argument").of(FILE)))
            .step(
                Fails::apply(file("taken.txt", "one"))
                    .error(
                        Message::summary("The file could not be created")
                            .detail("taken.txt")
                            .of(FILE),
                    )
                    .state_check(state::absent(FILE)),
            )
            .step(Fails::import(FILE, "nowhere.txt").error("Cannot import non-existent remote object"))
            .step(Apply::config(file("free.txt", "one")).state_check(state::value(FILE, "text", json!("one"))))
            .step(
                Fails::plan(refused_at_plan).error(
                    Message::summary("Resource precondition failed")
                        .detail("Not now.")
                        .of(FILE),
                ),
            )
            .check_destroyed(move || {
                fs::remove_file(path).expect("still there");
                is_empty(&left);
            })
            .run()?;
    }
    Ok(())
}

#[test]
fn folders_with_modules_are_configurations() -> Result<(), Failure> {
    for cli in Cli::ALL {
        let files = tempfile::tempdir().expect("a folder");
        let source = tempfile::tempdir().expect("a folder");
        let module = format!(
            "terraform {{\n  required_providers {{\n    example = {{ source = \"example/example\" }}\n  }}\n}}\n{}",
            file("in-module.txt", "one")
        );
        fs::create_dir(source.path().join("inner")).expect("a folder");
        fs::write(source.path().join("inner/main.tf"), module).expect("a file");
        fs::write(
            source.path().join("main.tf"),
            "module \"m\" {\n  source = \"./inner\"\n}\n",
        )
        .expect("a file");
        let address = format!("module.m.{FILE}");
        scenario(cli, files.path())
            .step(
                Apply::config(source.path())
                    .plan_check(plan::action(&address, Action::Create))
                    .state_check(state::value(&address, "name", known::present())),
            )
            .run()?;
    }
    Ok(())
}
