//! The framework's example provider: what holds for it holds for any provider that is built on the framework.

use std::fs;
use std::path::PathBuf;

use tfplugin_testing::cli::{Cli, DevProvider, Workspace};

use crate::lab::variable;

const FILE: &str = "example_text_file.it";

fn workspace(cli: Cli) -> Workspace {
    let provider = DevProvider {
        source: "example/example".to_owned(),
        folder: PathBuf::from(variable("POD_TEST_PROVIDER")),
    };
    Workspace::new(&cli.program().unwrap(), &[provider]).unwrap()
}

fn configuration(folder: &std::path::Path, text: &str) -> String {
    let folder = folder.display();
    format!(
        r#"
        terraform {{
          required_providers {{
            example = {{ source = "example/example" }}
          }}
        }}
        provider "example" {{
          folder = "{folder}"
        }}
        resource "example_text_file" "it" {{
          name = "${{provider::example::slug("Hello, World")}}.txt"
          text = "{text}"
        }}
        "#
    )
}

#[track_caller]
fn apply(workspace: &Workspace, actions: &[&str]) {
    let plan = workspace.plan(&[]).unwrap();
    assert_eq!(plan.actions(FILE), actions, "{}", plan.output);
    workspace.apply_plan(&plan).unwrap();
    let second = workspace.plan(&[]).unwrap();
    assert!(second.is_empty(), "the second plan is not empty:\n{}", second.output);
}

fn from_nothing_and_back(cli: Cli) {
    let files = tempfile::tempdir().unwrap();
    let path = files.path().join("hello-world.txt");
    let workspace = workspace(cli);

    workspace.write("main.tf", &configuration(files.path(), "one")).unwrap();
    apply(&workspace, &["create"]);
    assert_eq!(fs::read_to_string(&path).unwrap(), "one");
    workspace
        .write("main.tf", &configuration(files.path(), "three"))
        .unwrap();
    apply(&workspace, &["update"]);
    fs::write(&path, "drift").unwrap();
    apply(&workspace, &["update"]);
    assert_eq!(workspace.resource(FILE).unwrap()["bytes"], 5);

    workspace.forget(FILE).unwrap();
    workspace.import(FILE, "hello-world.txt").unwrap();
    assert!(workspace.plan(&[]).unwrap().is_empty());

    workspace
        .write(
            "main.tf",
            &configuration(files.path(), "three").replace("World", "Moon"),
        )
        .unwrap();
    apply(&workspace, &["delete", "create"]);
    assert!(!path.exists());
    workspace.destroy(&[]).unwrap();
    assert_eq!(fs::read_dir(files.path()).unwrap().count(), 0);
}

#[test]
fn terraform_takes_the_example_from_nothing_and_back() {
    from_nothing_and_back(Cli::Terraform);
}

#[test]
fn tofu_takes_the_example_from_nothing_and_back() {
    from_nothing_and_back(Cli::Tofu);
}

#[test]
fn what_a_function_refuses_is_said_by_the_plan() {
    let files = tempfile::tempdir().unwrap();
    let workspace = workspace(Cli::Terraform);
    let wordless = configuration(files.path(), "one").replace("Hello, World", "...");
    workspace.write("main.tf", &wordless).unwrap();
    let error = workspace.plan(&[]).unwrap_err().to_string();
    assert!(error.contains("There is no letter or digit in it."), "{error}");
}
