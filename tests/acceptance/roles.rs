//! A binding whose role changes: another one, one of somebody else, and back.

use serde_json::json;
use tfplugin_testing::cli::Cli;

use crate::lab::{ADDRESS, CLUSTER, Lab, Profile, binding, warnings};

fn owned(name: &str, more: &str) -> String {
    binding(&format!("role = {{ name = \"{name}\", {more} }}"))
}

fn given(lab: &Lab, name: &str, more: &str) -> String {
    binding(&format!(
        "role_arn = \"arn:aws:iam::{}:role/{name}\"\n {more}",
        lab.account
    ))
}

fn role_of_pods(lab: &Lab) -> String {
    lab.strict_cluster().associations()[0]
        .role_arn
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned()
}

#[track_caller]
fn assert_told(lab: &Lab, configuration: &str, summary: &str) {
    let plan = lab.plan(configuration);
    assert_eq!(plan.actions(ADDRESS), ["update"], "{}", plan.output);
    let told: Vec<&str> = warnings(&plan.diagnostics)
        .iter()
        .map(|one| one.summary.as_str())
        .collect();
    assert_eq!(told, [summary]);
    lab.apply(&plan);
}

#[test]
fn another_name_is_another_role_and_the_old_one_stays_until_it_is_no_longer_to_be_kept() {
    for cli in [Cli::Terraform, Cli::Tofu] {
        let lab = Lab::new(cli, Profile::Strict);
        lab.converge(&owned("first", ""));
        let association = lab.strict_cluster().associations()[0].id.clone();
        assert_told(&lab, &owned("second", ""), "Earlier role stays");
        assert_eq!(
            (lab.aws.roles(), role_of_pods(&lab)),
            (vec!["first".to_owned(), "second".to_owned()], "second".to_owned())
        );
        assert_eq!(lab.strict_cluster().associations()[0].id, association);

        assert_told(
            &lab,
            &owned("second", "keep_previous = false"),
            "Earlier roles are deleted",
        );
        assert_eq!(lab.aws.roles(), ["second"]);

        // With the new one in use first.
        lab.strict().forget_calls();
        assert_told(
            &lab,
            &owned("third", "keep_previous = false"),
            "Earlier roles are deleted",
        );
        let writes = lab.strict().writes();
        let at = |write: &str| writes.iter().position(|one| one.starts_with(write)).unwrap();
        assert!(
            at("iam:CreateRole third") < at("eks:UpdatePodIdentityAssociation"),
            "{writes:?}"
        );
        assert!(
            at("eks:UpdatePodIdentityAssociation") < at("iam:DeleteRole second"),
            "{writes:?}"
        );
        assert_eq!(lab.aws.roles(), ["third"]);

        let refused = lab.refused(&owned("third", "path = \"/pods/\""));
        let [error] = &refused[..] else { panic!("{refused:?}") };
        assert_eq!(error.summary, "Path of a role cannot change alone");
        lab.converge(&owned("third", ""));
        lab.workspace.destroy(&[]).unwrap();
        assert!(lab.aws.roles().is_empty() && lab.aws.associations(CLUSTER).is_empty());
    }
}

#[test]
fn a_role_that_went_out_of_use_goes_with_the_binding() {
    let lab = Lab::new(Cli::Terraform, Profile::Strict);
    lab.converge(&owned("first", ""));
    lab.converge(&owned("second", ""));
    lab.workspace.destroy(&[]).unwrap();
    assert!(lab.aws.roles().is_empty() && lab.aws.associations(CLUSTER).is_empty());
}

#[test]
fn a_role_is_released_and_taken_back() {
    let lab = Lab::new(Cli::Terraform, Profile::Strict);
    lab.converge(&owned("checkout", ""));
    let made = lab.strict_account().role("checkout").unwrap();
    assert_told(&lab, &given(&lab, "checkout", ""), "Role is released");
    assert_eq!(lab.strict_account().role("checkout").unwrap().id, made.id);

    // The same name says whose it is again, without `on_existing`.
    let plan = lab.converge(&owned("checkout", "description = \"ours\""));
    assert_eq!(plan.actions(ADDRESS), ["update"]);
    let taken = lab.strict_account().role("checkout").unwrap();
    assert_eq!((&taken.id, taken.description.as_deref()), (&made.id, Some("ours")));

    lab.converge(&given(&lab, "checkout", ""));
    lab.workspace.destroy(&[]).unwrap();
    assert_eq!(lab.aws.roles(), ["checkout"], "it was released");
    assert!(lab.aws.associations(CLUSTER).is_empty());
}

#[test]
fn statements_stay_when_a_binding_no_longer_keeps_them() {
    let lab = Lab::new(Cli::Terraform, Profile::Strict);
    let people = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "People",
            "Effect": "Allow",
            "Principal": { "AWS": lab.strict_account().create_user("operator") },
            "Action": "sts:AssumeRole",
        }],
    });
    lab.aws.create_role("legacy", &people);
    lab.converge(&given(&lab, "legacy", "manage_trust_policy = true"));
    let written = lab.aws.trust("legacy");
    assert_told(
        &lab,
        &given(&lab, "legacy", ""),
        "Statements stay in the role's trust policy",
    );
    assert_eq!(lab.aws.trust("legacy"), written);
    lab.workspace.destroy(&[]).unwrap();
    assert_eq!(
        lab.aws.trust("legacy"),
        written,
        "they are no longer this binding's to remove"
    );
}
