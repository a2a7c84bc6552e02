//! Every kind of thing that a provider can offer and a host at hand asks for, on the example that has one of each.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use tempfile::TempDir;
use tfplugin_testing::Failure;
use tfplugin_testing::cli::{Action, Cli, Feature};
use tfplugin_testing::scenario::{Apply, Fails, Import, Message, Outside, Scenario, known, plan, state};

use crate::{example, is_empty, notebook};

const NOTE: &str = "notebook_note.it";

/// A folder for notes, and a scenario with the provider that manages it.
fn scenario(cli: Cli) -> (Scenario, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = settings("notebook", folder.path());
    let scenario = Scenario::new(cli)
        .provider(|| notebook::Notebook)
        .file("notebook.tf", settings);
    (scenario, folder)
}

fn settings(provider: &str, folder: &Path) -> String {
    format!(
        "provider {provider:?} {{\n  folder = {:?}\n}}\n",
        folder.display().to_string()
    )
}

fn note(arguments: &str) -> String {
    format!("resource \"notebook_note\" \"it\" {{\n  name = \"a\"\n{arguments}\n}}\n")
}

/// A scenario from its folder's first file to its last.
fn played(scenario: Scenario, folder: &Path) -> Result<(), Failure> {
    let folder = folder.to_path_buf();
    scenario.check_destroyed(move || is_empty(&folder)).run()
}

fn functions(cli: Cli) -> Result<(), Failure> {
    let (scenario, folder) = scenario(cli);
    let outputs = r#"
        resource "terraform_data" "late" {}
        output "variadic" { value = provider::notebook::title("to", "do") }
        output "null_stays_null" { value = provider::notebook::excerpt(null, 2) == null }
        output "text" { value = provider::notebook::excerpt("one two three", 2) }
        output "list" { value = provider::notebook::kind(["a"]) }
        output "object" { value = provider::notebook::kind({ a = 1 }) }
        output "of_unknown" { value = provider::notebook::kind(terraform_data.late.id) }
        output "unknown_where_none_may_be" { value = provider::notebook::title(terraform_data.late.id) }
    "#;
    let expected = [
        ("variadic", json!("To Do")),
        ("null_stays_null", json!(true)),
        ("text", json!("one two …")),
        ("list", json!("tuple([string])")),
        ("object", json!("object({a = number})")),
    ];
    let mut apply = Apply::config(outputs)
        .plan_check(plan::output("of_unknown", "string"))
        .plan_check(plan::output_unknown("unknown_where_none_may_be"))
        .plan_check(plan::output("variadic", "To Do"))
        .state_check(state::output("unknown_where_none_may_be", known::present()));
    for (name, value) in expected {
        apply = apply.state_check(state::output(name, value));
    }
    // OpenTofu takes an error of the whole call for one of the first argument.
    let whole_call = match cli {
        Cli::Terraform => "Error in function call",
        Cli::Tofu => "Invalid function argument",
    };
    let refused = |call: &str| format!("output \"it\" {{\n  value = {call}\n}}\n");
    let scenario = scenario
        .needs(Feature::Functions)
        .step(apply)
        .step(
            Fails::validate(refused("provider::notebook::title(\"to\", \"\")")).error(
                Message::summary("Invalid function argument")
                    .detail("Invalid value for \"words\" parameter: The word is empty."),
            ),
        )
        .step(
            Fails::validate(refused("provider::notebook::excerpt(\"one\", 0)")).error(
                Message::summary("Invalid function argument")
                    .detail("An excerpt has at least one word.")
                    .underlining("0"),
            ),
        )
        .step(
            Fails::validate(refused("provider::notebook::title()"))
                .error(Message::summary(whole_call).detail("A title has at least one word.")),
        );
    played(scenario, folder.path())
}

#[test]
fn terraform_calls_functions() -> Result<(), Failure> {
    functions(Cli::Terraform)
}

#[test]
fn tofu_calls_functions() -> Result<(), Failure> {
    functions(Cli::Tofu)
}

fn moves_between_types(cli: Cli) -> Result<(), Failure> {
    let (scenario, folder) = scenario(cli);
    let memo = "resource \"notebook_memo\" \"old\" {\n  title = \"a\"\n  body = \"one two\"\n}\n";
    let moved = "moved {\n  from = notebook_memo.old\n  to   = notebook_note.it\n}\n";
    let note = note("  text = \"one two\"");
    let scenario = scenario
        .needs(Feature::MoveBetweenTypes)
        .step(Apply::config(memo))
        .step(
            Apply::config(format!("{note}{moved}"))
                .plan_check(plan::moved(NOTE, "notebook_memo.old"))
                .plan_check(plan::action(NOTE, Action::NoOp))
                .state_check(state::value(NOTE, "words", 2))
                .state_check(state::absent("notebook_memo.old")),
        )
        .step(Apply::config(note));
    played(scenario, folder.path())
}

#[test]
fn terraform_moves_an_object_to_another_type() -> Result<(), Failure> {
    moves_between_types(Cli::Terraform)
}

#[test]
fn tofu_moves_an_object_to_another_type() -> Result<(), Failure> {
    moves_between_types(Cli::Tofu)
}

fn moves_between_providers(cli: Cli) -> Result<(), Failure> {
    let (scenario, folder) = scenario(cli);
    let file = "resource \"example_text_file\" \"old\" {\n  name = \"a.txt\"\n  text = \"one two\"\n}\n";
    let moved = "moved {\n  from = example_text_file.old\n  to   = notebook_note.it\n}\n";
    let scenario = scenario
        .needs(Feature::MoveBetweenTypes)
        .provider(example::provider)
        .file("example.tf", settings("example", folder.path()))
        .step(Apply::config(file))
        .step(
            Apply::config(format!("{}{moved}", note("  text = \"one two\"")))
                .plan_check(plan::moved(NOTE, "example_text_file.old"))
                .plan_check(plan::action(NOTE, Action::NoOp)),
        );
    played(scenario, folder.path())
}

#[test]
fn terraform_moves_an_object_to_another_provider() -> Result<(), Failure> {
    moves_between_providers(Cli::Terraform)
}

#[test]
fn tofu_moves_an_object_to_another_provider() -> Result<(), Failure> {
    moves_between_providers(Cli::Tofu)
}

#[test]
fn a_move_from_a_type_that_is_no_source_says_what_is() -> Result<(), Failure> {
    let (scenario, folder) = scenario(Cli::Terraform);
    let scenario = scenario
        .step(Apply::config("resource \"terraform_data\" \"old\" {}"))
        .step(
            Fails::plan(format!(
                "{}moved {{\n  from = terraform_data.old\n  to   = notebook_note.it\n}}\n",
                note("")
            ))
            .error(Message::summary("This object cannot be moved here").detail("`notebook_memo`")),
        );
    played(scenario, folder.path())
}

/// A marker that no plan, state or output of a command may hold.
const SECRET: &str = "open-sesame-4711";

fn passwords(cli: Cli) -> Result<(), Failure> {
    let (scenario, folder) = scenario(cli);
    let in_folder = |name: &str| folder.path().join(name);
    let first =
        |secret: &str, version: u32| note(&format!("  password = \"{secret}\"\n  password_version = {version}"));
    let second = |version: u32| {
        format!(
            r#"
            ephemeral "notebook_password" "it" {{
              note = "a"
            }}
            resource "notebook_note" "copy" {{
              name             = "b"
              password         = ephemeral.notebook_password.it.value
              password_version = {version}
            }}
            "#
        )
    };
    let scenario = scenario
        .needs(Feature::WriteOnly)
        .needs(Feature::EphemeralResources)
        .step(
            Apply::config(first(SECRET, 1))
                .plan_check(holds_no_secret())
                .state_check(state::value(NOTE, "password", json!(null)))
                .state_check(state_holds_no_secret()),
        )
        .step(
            Apply::config(format!("{}{}", first(SECRET, 1), second(1)))
                .plan_check(holds_no_secret())
                .state_check(state::value("notebook_note.copy", "password", json!(null)))
                .state_check(state_holds_no_secret()),
        )
        .step(Outside::new("the password has arrived, and is closed", {
            let (copy, opened) = (in_folder("b.password"), in_folder("a.opened"));
            move || {
                assert_eq!(read(&copy), SECRET);
                assert!(!opened.exists(), "the password was left open");
            }
        }))
        // Another password alone changes nothing: nobody can see that it is another.
        .step(
            Apply::config(format!("{}{}", first("another", 1), second(1))).plan_check(plan::action(NOTE, Action::NoOp)),
        )
        .step(Outside::new("the password is the old one", {
            let first = in_folder("a.password");
            move || assert_eq!(read(&first), SECRET)
        }))
        .step(
            Apply::config(format!("{}{}", first("another", 2), second(1)))
                .plan_check(plan::action(NOTE, Action::Update)),
        )
        .step(Outside::new("the password is the new one", {
            let first = in_folder("a.password");
            move || assert_eq!(read(&first), "another")
        }));
    played(scenario, folder.path())
}

fn read(path: &PathBuf) -> String {
    fs::read_to_string(path).expect("a file")
}

fn holds_no_secret() -> plan::PlanCheck {
    plan::holds(|plan| {
        // The configuration is in a plan as it was written, constants and all.
        let planned = ["/planned_values", "/resource_changes", "/prior_state"].map(|part| plan.json.pointer(part));
        without_secret("the plan", &format!("{planned:?}{}", plan.output))
    })
}

fn state_holds_no_secret() -> state::StateCheck {
    state::holds(|state| without_secret("the state", &state.json.to_string()))
}

fn without_secret(what: &str, text: &str) -> Result<(), String> {
    if text.contains(SECRET) {
        return Err(format!("{what} holds the password"));
    }
    Ok(())
}

#[test]
fn terraform_keeps_write_only_and_ephemeral_values_out_of_plan_and_state() -> Result<(), Failure> {
    passwords(Cli::Terraform)
}

#[test]
fn tofu_keeps_write_only_and_ephemeral_values_out_of_plan_and_state() -> Result<(), Failure> {
    passwords(Cli::Tofu)
}

fn imports(cli: Cli) -> (Scenario, TempDir) {
    let (scenario, folder) = scenario(cli);
    let scenario = scenario
        .step(Apply::config(note("  text = \"one two\"")))
        .step(Import::command(NOTE, "a"))
        .step(Import::block(NOTE, "a").plan_check(plan::imported(NOTE)))
        .step(Import::block(NOTE, "a").generating("").generated_check(|text: &str| {
            assert!(text.contains("resource \"notebook_note\" \"it\""), "{text}");
            assert!(text.contains("\"one two\""), "{text}");
            assert!(!text.contains("words"), "what is computed was configured:\n{text}");
        }));
    (scenario, folder)
}

#[test]
fn terraform_imports_by_id_and_generates_a_configuration_that_plans_nothing() -> Result<(), Failure> {
    let (scenario, folder) = imports(Cli::Terraform);
    played(scenario, folder.path())
}

#[test]
fn tofu_imports_by_id_and_identity_and_generates_a_configuration_that_plans_nothing() -> Result<(), Failure> {
    let (scenario, folder) = imports(Cli::Tofu);
    let scenario = scenario
        .needs(Feature::Identity)
        .step(
            Import::identity(NOTE, json!({ "name": "a" }))
                .plan_check(plan::imported(NOTE))
                .state_check(state::identity(NOTE, json!({ "name": "a" }))),
        )
        .step(Import::identity(NOTE, json!({ "name": "a" })).generating(""));
    played(scenario, folder.path())
}

fn data_source(cli: Cli) -> Result<(), Failure> {
    let (scenario, folder) = scenario(cli);
    let search = r#"
        data "notebook_search" "it" {
          containing = "two"
          depends_on = [notebook_note.it]
        }
        output "names" { value = data.notebook_search.it.names }
    "#;
    let scenario = scenario.step(
        Apply::config(format!("{}{search}", note("  text = \"one two\"")))
            .plan_check(plan::action("data.notebook_search.it", Action::Read))
            .plan_check(plan::output_unknown("names"))
            .state_check(state::output("names", json!(["a"]))),
    );
    played(scenario, folder.path())
}

#[test]
fn terraform_reads_a_data_source_after_what_it_depends_on() -> Result<(), Failure> {
    data_source(Cli::Terraform)
}

#[test]
fn tofu_reads_a_data_source_after_what_it_depends_on() -> Result<(), Failure> {
    data_source(Cli::Tofu)
}
