//! For every check a scenario that does not pass it, with what is then said.

use std::fs;
use std::path::Path;
use std::process::Command;

use tfplugin_testing::cli::{Action, Cli, Feature};
use tfplugin_testing::scenario::{
    Apply, Destroy, Fails, Import, Message, Outside, PlanOnly, Refresh, Run, Scenario, Step, known, plan, state,
};

use crate::{FILE, file, is_empty, scenario};

const OTHER: &str = "example_text_file.other";

/// Plays steps that must not all pass; the failure comes back.
fn refused(cli: Cli, steps: impl FnOnce(Scenario, &Path) -> Scenario) -> String {
    let files = tempfile::tempdir().expect("a folder");
    let played = steps(scenario(cli, files.path()), files.path()).run();
    is_empty(files.path());
    played.expect_err("the scenario passes").to_string()
}

fn one_step(step: impl Into<Step>) -> String {
    refused(Cli::Terraform, |scenario, _| scenario.step(step))
}

/// A step after one file was made.
fn after_apply(step: impl Into<Step>) -> String {
    refused(Cli::Terraform, |scenario, _| {
        scenario.step(Apply::config(file("a.txt", "one"))).step(step)
    })
}

#[track_caller]
fn says(failure: &str, messages: &[&str]) {
    for message in messages {
        assert!(failure.contains(message), "`{message}` is not in\n{failure}");
    }
}

#[test]
fn plans_that_are_not_as_expected() {
    let config = format!(
        "{}\nresource \"terraform_data\" \"late\" {{}}\noutput \"known\" {{\n  value = 1\n}}\noutput \"late\" {{\n  value = \
         terraform_data.late.id\n}}\n",
        file("a.txt", "one")
    );
    for cli in Cli::ALL {
        let step = PlanOnly::config(config.clone())
            .plan_check(plan::empty())
            .plan_check(plan::action(FILE, Action::Update))
            .plan_check(plan::action(OTHER, Action::Create))
            .plan_check(plan::value(FILE, "bytes", 4))
            .plan_check(plan::value(FILE, "typo", known::present()))
            .plan_check(plan::value(FILE, "a..b", 1))
            .plan_check(plan::value("terraform_data.late", "id", "x"))
            .plan_check(plan::unknown(FILE, "bytes"))
            .plan_check(plan::sensitive(FILE, "text"))
            .plan_check(plan::prior(FILE, "text", "one"))
            .plan_check(plan::replaced_for(FILE, "name"))
            .plan_check(plan::output("known", 2))
            .plan_check(plan::output("late", 2))
            .plan_check(plan::output("nothing", 2))
            .plan_check(plan::output_unknown("known"))
            .plan_check(plan::output_action("known", Action::Delete))
            .plan_check(plan::drift(FILE, "text", "two"))
            .plan_check(plan::moved(FILE, OTHER))
            .plan_check(plan::imported(FILE))
            .plan_check(plan::deferred(FILE, "resource_config_unknown"))
            .plan_check(plan::holds(|_| Err("nothing ever holds".to_owned())));
        let failure = refused(cli, |scenario, _| scenario.step(step));
        says(
            &failure,
            &[
                "step 1 of 1 (plan only): the plan is not what was expected\n",
                "\n  the plan is not empty\n",
                "`example_text_file.it`: the plan is to create, and not to update",
                "`example_text_file.other` is not in the plan; create was expected",
                "`bytes` is `3` and not `4`",
                "`typo` is not there",
                "`a..b` is no path",
                "`id` is not known before apply, and was expected to be `\"x\"`",
                "`bytes` is `3`, and was expected to be known only after apply",
                "`text` is not sensitive",
                "`text` is not there",
                "`name` is not why it is replaced",
                "output `known` is `1` and not `2`",
                "output `late` is not known before apply",
                "there is no output `nothing`",
                "output `known` is `1`, and was expected to be known only after apply",
                "output `known` the plan is to create, and not to delete",
                "`example_text_file.it` has not drifted",
                "`example_text_file.it` does not move",
                "`example_text_file.it` is not imported",
                "`example_text_file.it` is not deferred",
                "nothing ever holds",
                // What the host said, and the plan.
                &format!("--- {cli} plan ---\n"),
                "--- the last plan ---",
                "# example_text_file.it will be created",
            ],
        );
    }
}

#[test]
fn plans_of_what_is_there_that_are_not_as_expected() {
    let unchanged = after_apply(PlanOnly::again().plan_check(plan::not_empty()));
    says(&unchanged, &["step 2 of 2 (plan only)", "the plan is empty"]);
    let failure = refused(Cli::Terraform, |scenario, folder| {
        let path = folder.join("a.txt");
        scenario
            .step(Apply::config(file("a.txt", "one")))
            .step(Outside::new("somebody changes the file", move || {
                fs::write(path, "drift")
            }))
            .step(
                PlanOnly::again()
                    .plan_check(plan::no_drift())
                    .plan_check(plan::drift(FILE, "text", "two")),
            )
    });
    says(
        &failure,
        &[
            "`example_text_file.it` has drifted",
            "drift of `example_text_file.it`: `text` is `\"drift\"` and not `\"two\"`",
        ],
    );
}

#[test]
fn states_that_are_not_as_expected() {
    let name = state::follow(FILE, "name");
    let config = format!(
        "{}\noutput \"bytes\" {{\n  value = {FILE}.bytes\n}}\n",
        file("a.txt", "one")
    );
    for cli in Cli::ALL {
        let unseen = state::follow(FILE, "name");
        let step = Apply::config(config.clone())
            .state_check(state::value(FILE, "text", "two"))
            .state_check(state::value(FILE, "typo", "two"))
            .state_check(state::value(OTHER, "text", "two"))
            .state_check(state::sensitive(FILE, "text"))
            .state_check(state::identity(FILE, known::present()))
            .state_check(state::absent(FILE))
            .state_check(state::output("bytes", 4))
            .state_check(state::output("nothing", 4))
            .state_check(state::sensitive_output("bytes"))
            .state_check(state::equal((FILE, "name"), (FILE, "text")))
            .state_check(state::unequal((FILE, "name"), (FILE, "name")))
            .state_check(unseen.same())
            .state_check(name.seen())
            .state_check(name.changed())
            .state_check(state::holds(|_| Err("nothing ever holds".to_owned())));
        let failure = refused(cli, |scenario, _| scenario.step(step));
        says(
            &failure,
            &[
                "step 1 of 1 (apply): the state is not what was expected\n",
                "`example_text_file.it`: `text` is `\"one\"` and not `\"two\"`",
                "`typo` is not there",
                "`example_text_file.other` is not in the state",
                "`text` is not sensitive",
                "`example_text_file.it` has no identity in the state",
                "`example_text_file.it` is in the state",
                "output `bytes` is `3` and not `4`",
                "there is no output `nothing`",
                "output `bytes` is not sensitive",
                "`example_text_file.it.name` and `example_text_file.it.text` differ",
                "`example_text_file.it.name` and `example_text_file.it.name` are equal",
                "nobody has looked at `name` before",
                "`name` is still `\"a.txt\"`",
                "nothing ever holds",
            ],
        );
    }
    let text = state::follow(FILE, "text");
    let failure = refused(Cli::Terraform, |scenario, _| {
        scenario
            .step(Apply::config(file("a.txt", "one")).state_check(text.seen()))
            .step(Apply::config(file("a.txt", "two")).state_check(text.same()))
    });
    says(&failure, &["step 2 of 2", "`text` was `\"one\"` and is `\"two\"`"]);
}

#[test]
fn applies_that_leave_something_to_do() {
    let restless = file("a.txt", "${timestamp()}");
    for cli in Cli::ALL {
        let failure = refused(cli, |scenario, _| scenario.step(Apply::config(restless.clone())));
        says(
            &failure,
            &[
                "the second plan is not empty",
                "--- the last plan ---",
                "will be updated",
            ],
        );
    }
    let settled = one_step(Apply::config(file("a.txt", "one")).unsettled("the clock goes on"));
    says(
        &settled,
        &["the second plan is empty, and was expected not to be, because the clock goes on"],
    );
    let unsettled = tempfile::tempdir().expect("a folder");
    scenario(Cli::Terraform, unsettled.path())
        .step(Apply::config(restless).unsettled("the clock goes on"))
        .run()
        .expect("that is what was said");
}

#[cfg(unix)]
#[test]
fn applies_whose_state_is_not_what_is_read() {
    let failure = refused(Cli::Terraform, |scenario, folder| {
        let config = format!(
            "{}\nresource \"terraform_data\" \"vandal\" {{\n  depends_on = [{FILE}]\n  provisioner \"local-exec\" {{\n    command = \
             \"printf drift >> '{}/a.txt'\"\n  }}\n}}\n",
            file("a.txt", "one").replace("}\n", "  lifecycle {\n    ignore_changes = [text]\n  }\n}\n"),
            folder.display()
        );
        scenario.step(Apply::config(config))
    });
    says(&failure, &["the second plan finds `example_text_file.it` changed"]);
}

#[test]
fn failures_that_do_not_come_or_are_others() {
    let wordless = || file("${provider::example::slug(\"...\")}", "one");
    says(
        &one_step(Fails::validate(wordless())),
        &["nothing says which error is expected"],
    );
    says(
        &one_step(Fails::validate(file("a.txt", "one")).error("Anything")),
        &["missing: Error `Anything`"],
    );
    says(
        &one_step(Fails::plan(file("a.txt", "one")).error("Anything")),
        &["step 1 of 1 (plan that fails): the plan has not failed"],
    );
    says(
        &one_step(Fails::plan(wordless()).error("Anything")),
        &[
            "the configuration is not valid already",
            "There is no letter or digit in it.",
        ],
    );
    says(
        &one_step(Fails::apply(file("a.txt", "one")).error("Anything")),
        &["it has not failed"],
    );
    for (message, shown) in [
        (
            Message::summary("Invalid function"),
            "missing: Error `Invalid function`",
        ),
        (
            Message::summary("Invalid function argument").detail("no such words"),
            "with `no such words` in its detail",
        ),
        (Message::summary("Invalid function argument").at("text"), "at `text`"),
        (
            Message::summary("Invalid function argument").of(OTHER),
            "of `example_text_file.other`",
        ),
        (
            Message::summary("Invalid function argument").underlining("one"),
            "underlining `one`",
        ),
    ] {
        let failure = one_step(Fails::validate(wordless()).error(message));
        says(
            &failure,
            &[
                "the host did not say what was expected",
                shown,
                "said instead: Error: Invalid function argument",
            ],
        );
    }
    let two = format!("{}{}", wordless(), wordless().replace("\"it\"", "\"other\""));
    let failure = one_step(Fails::validate(two).error(Message::summary("Invalid function argument").of(FILE)));
    says(
        &failure,
        &[
            "said instead: Error: Invalid function argument",
            "in example_text_file.other",
        ],
    );
    says(
        &after_apply(Fails::destroy().error("Anything")),
        &["step 2 of 2 (destroy that fails): it has not failed"],
    );
}

#[test]
fn warnings_that_do_not_come() {
    let failure = one_step(Apply::config(file("a.txt", "one")).warning("Beware"));
    says(&failure, &["missing: Warning `Beware`"]);
    let failure = one_step(PlanOnly::config(file("a.txt", "one")).warning("Beware"));
    says(&failure, &["missing: Warning `Beware`"]);
}

#[test]
fn imports_that_find_something_else() {
    for cli in Cli::ALL {
        let failure = refused(cli, |scenario, folder| {
            let (path, other) = (folder.join("b.txt"), folder.join("b.txt"));
            scenario
                .step(Apply::config(file("a.txt", "one")))
                .step(Outside::new("another file", move || fs::write(path, "two")))
                .step(Import::command(FILE, "b.txt"))
                .check_destroyed(move || fs::remove_file(other))
        });
        says(
            &failure,
            &[
                "step 3 of 3 (import of example_text_file.it by command): the import has not found what was there before",
                "`name` was `\"a.txt\"` and is `\"b.txt\"`",
                "`text` was `\"one\"` and is `\"two\"`",
            ],
        );
    }
    let failure = one_step(Import::command(FILE, "a.txt"));
    says(&failure, &["no step before this one has a configuration"]);
    let failure = after_apply(Import::block(OTHER, "a.txt"));
    says(
        &failure,
        &["`example_text_file.other` is not in the state", "say `made_outside`"],
    );
    let failure = after_apply(Import::command(FILE, "a.txt").except("text", "it is secret"));
    says(
        &failure,
        &["`text` was expected not to be found by the import, because it is secret"],
    );
}

#[test]
fn hosts_that_lack_what_is_needed() {
    for (cli, feature) in [
        (Cli::Terraform, Feature::ConfiguredFunctions),
        (Cli::Tofu, Feature::Actions),
    ] {
        let failure = refused(cli, |scenario, _| {
            scenario.needs(feature).step(Apply::config(file("a.txt", "one")))
        });
        says(
            &failure,
            &["the scenario needs", &format!("no known version of {cli} has them")],
        );
    }
}

#[test]
fn hosts_that_are_missing() {
    let program = std::env::current_exe().expect("this program");
    let done = Command::new(program)
        .args(["--exact", "green::terraform_takes_the_example_from_nothing_and_back"])
        .env(Cli::Terraform.variable(), "nowhere")
        .output()
        .expect("started");
    assert!(!done.status.success());
    says(
        &String::from_utf8_lossy(&done.stdout),
        &["TFPLUGIN_TEST_TERRAFORM is `nowhere`, which is not a file"],
    );
}

#[test]
fn assertions_outside_fail_the_scenario_and_everything_is_destroyed() {
    let failure = after_apply(Outside::new("a look", || assert_eq!(1 + 1, 3, "sums")));
    says(&failure, &["step 2 of 2 (outside, a look)", "sums"]);
    let failure = refused(Cli::Terraform, |scenario, _| {
        scenario
            .step(Apply::config(file("a.txt", "one")))
            .check_destroyed(|| Err::<(), _>("a file is left"))
    });
    says(&failure, &["not everything is gone: a file is left"]);
}

#[test]
fn commands_that_fail_or_print_something_else() {
    says(
        &after_apply(Run::command(["state", "show", "nothing.there"])),
        &[
            "step 2 of 2 (state show nothing.there): the command ended with",
            "--- terraform state show",
        ],
    );
    says(
        &after_apply(Run::command(["state", "list"]).check(|done| assert_eq!(done.stdout, "nothing"))),
        &["the command did not print what was expected", "example_text_file.it"],
    );
}

#[test]
fn steps_that_prove_nothing() {
    let nothing = refused(Cli::Terraform, |scenario, _| scenario);
    says(&nothing, &["a scenario without steps proves nothing"]);
    let unchecked = one_step(PlanOnly::config(file("a.txt", "one")));
    says(&unchecked, &["a plan that nothing checks proves nothing"]);
    for step in [Step::from(Apply::again()), Refresh::new().into(), Destroy::new().into()] {
        says(&one_step(step), &["no step before this one has a configuration"]);
    }
}
