//! An apply ends when pods can see what it did: it waits when that changed, not otherwise, and not longer than the user.

use std::time::{Duration, Instant};

use tfplugin_testing::child::wait_until;
use tfplugin_testing::cli::Cli;

use crate::lab::{ADDRESS, Lab, Profile, binding, warnings};

/// Longer than any test runs: who waits so long is never seen again.
const FOR_EVER: &str = r#"propagation_wait = "24h""#;

fn owned(mode: &str, description: &str, more: &str) -> String {
    binding(&format!(
        "mode = \"{mode}\"\n role = {{ name = \"shop-checkout\", description = \"{description}\" }}\n {more}"
    ))
}

#[test]
fn only_what_pods_see_is_waited_for() {
    let lab = Lab::new(Cli::Terraform, Profile::Strict);
    lab.converge(&owned("irsa", "one", ""));
    lab.configure(FOR_EVER);
    // Would not end if it waited.
    let plan = lab.converge(&owned("irsa", "two", "tags = { team = \"shop\" }"));
    assert_eq!(plan.actions(ADDRESS), ["update"]);
    lab.configure("");
    lab.workspace.destroy(&[]).unwrap();

    let wait = Duration::from_secs(2);
    lab.configure(r#"propagation_wait = "2s""#);
    let begin = Instant::now();
    lab.converge(&owned("irsa", "one", ""));
    assert!(begin.elapsed() > wait, "a new role is waited for");
}

#[test]
fn an_interrupt_ends_the_wait_and_keeps_what_was_made() {
    for cli in [Cli::Terraform, Cli::Tofu] {
        let lab = Lab::new(cli, Profile::Strict);
        lab.configure(FOR_EVER);
        let plan = lab.plan(&owned("irsa", "one", ""));
        let apply = lab.workspace.start(&["apply", &plan.file.to_string_lossy()]).unwrap();
        wait_until("the role", Duration::from_secs(60), || {
            Ok(lab.strict_account().role("shop-checkout").map(drop))
        })
        .unwrap();
        apply.interrupt().unwrap();
        let answer = apply.finish().unwrap();
        let text = answer.text();
        assert!(text.contains(&format!("{ADDRESS}: Creation complete")), "{text}");
        // The host's own word for what was interrupted.
        assert!(
            answer.errors().all(|error| error.summary == "execution halted"),
            "{text}"
        );
        let told = warnings(&answer.diagnostics);
        let [warning] = &told[..] else { panic!("{text}") };
        assert_eq!(warning.summary, "The change may not be in effect yet");

        let second = lab.workspace.plan(&[]).unwrap();
        assert!(second.is_empty(), "{}", second.output);
        assert_eq!(
            lab.aws.trusted_actions("shop-checkout"),
            ["sts:AssumeRoleWithWebIdentity"]
        );
    }
}

/// What was to be removed next stays: pods that start now may need it.
#[test]
fn an_interrupt_within_a_switch_removes_nothing_more_and_the_next_apply_goes_on() {
    let lab = Lab::new(Cli::Terraform, Profile::Strict);
    lab.converge(&owned("dual", "one", ""));
    lab.configure(FOR_EVER);
    let plan = lab.plan(&owned("irsa", "one", ""));
    let apply = lab.workspace.start(&["apply", &plan.file.to_string_lossy()]).unwrap();
    wait_until("the association's end", Duration::from_secs(60), || {
        Ok(lab.strict_cluster().associations().is_empty().then_some(()))
    })
    .unwrap();
    apply.interrupt().unwrap();
    let answer = apply.finish().unwrap();
    let text = answer.text();
    let stopped = answer
        .errors()
        .find(|error| error.summary == "Stopped before access was removed");
    let error = stopped.unwrap_or_else(|| panic!("{text}"));
    assert!(error.detail.contains("Apply again to go on"), "{error}");
    let [assume, tag] = ["sts:AssumeRole", "sts:TagSession"];
    let both = [assume, "sts:AssumeRoleWithWebIdentity", tag];
    assert_eq!(lab.aws.trusted_actions("shop-checkout"), both);

    lab.configure("");
    lab.converge(&owned("irsa", "one", ""));
    assert_eq!(
        lab.aws.trusted_actions("shop-checkout"),
        ["sts:AssumeRoleWithWebIdentity"]
    );
}
