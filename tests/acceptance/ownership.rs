//! Whose a role and an association are: what a binding made is its own, whatever happens to its resource, and nothing else is.

use std::time::Duration;

use pod_fake_aws::Fault;
use serde_json::{Value, json};
use tfplugin_testing::cli::{Cli, Diagnostic};

use crate::lab::{ADDRESS, CLUSTER, Lab, Profile, REGION, binding};

const ROLE: &str = "shop-checkout";
const KEY: &str = "shop/checkout";
/// Long enough that nobody takes it for an apply that was interrupted.
const LONG_AGO: Duration = Duration::from_secs(2 * 60 * 60);

fn owned(more: &str) -> String {
    binding(&format!("mode = \"dual\"\n role = {{ name = \"{ROLE}\" }}\n {more}"))
}

/// The binding as the one instance of a resource with `for_each`.
fn instance(key: &str) -> String {
    owned(&format!("for_each = toset([\"{key}\"])"))
}

#[track_caller]
fn assert_one_of_each(lab: &Lab) {
    assert_eq!(lab.aws.roles(), [ROLE]);
    assert_eq!(lab.aws.associations(CLUSTER), [KEY]);
}

#[track_caller]
fn assert_nothing_left(lab: &Lab) {
    assert_eq!(
        (lab.aws.roles(), lab.aws.associations(CLUSTER)),
        (Vec::new(), Vec::new())
    );
}

/// The host deletes the old address and creates the new one, in whatever order.
#[test]
fn a_renamed_instance_without_moved_ends_with_one_of_each() {
    for cli in [Cli::Terraform, Cli::Tofu] {
        let lab = Lab::new(cli, Profile::Strict);
        lab.converge(&instance("old"));
        let plan = lab.plan(&instance("new"));
        assert_eq!(plan.actions(&format!("{ADDRESS}[\"old\"]")), ["delete"]);
        assert_eq!(plan.actions(&format!("{ADDRESS}[\"new\"]")), ["create"]);
        lab.apply(&plan);
        assert_one_of_each(&lab);
        // With `moved` nothing is called.
        let moved = format!(
            "{}\nmoved {{\n from = {ADDRESS}[\"new\"]\n to = {ADDRESS}[\"newer\"]\n}}\n",
            instance("newer")
        );
        lab.strict().forget_calls();
        lab.converge(&moved);
        assert_eq!(lab.strict().writes(), [""; 0]);
        lab.workspace.destroy(&[]).unwrap();
        assert_nothing_left(&lab);
    }
}

#[test]
fn what_has_been_there_for_long_is_not_made_anew_for_a_renamed_instance() {
    let lab = Lab::new(Cli::Terraform, Profile::Strict);
    lab.converge(&instance("old"));
    lab.strict_account().age(LONG_AGO);
    assert_says_it_is_its_own(&lab.refused(&instance("new")));
    lab.converge(&instance("old"));
}

#[test]
fn a_replacement_that_comes_before_its_predecessor_goes_ends_with_one_of_each_or_says_why_not() {
    let lab = Lab::new(Cli::Terraform, Profile::Strict);
    let configuration = owned("lifecycle {\n create_before_destroy = true\n}");
    lab.converge(&configuration);
    let replace = format!("-replace={ADDRESS}");
    let plan = lab.workspace.plan(&[&replace]).unwrap();
    assert_eq!(plan.actions(ADDRESS), ["create", "delete"]);
    lab.apply(&plan);
    assert_one_of_each(&lab);

    lab.strict_account().age(LONG_AGO);
    let plan = lab.workspace.plan(&[&replace]).unwrap();
    lab.strict().forget_calls();
    let answer = lab.workspace.try_apply_plan(&plan).unwrap();
    assert_says_it_is_its_own(&answer.errors().cloned().collect::<Vec<_>>());
    assert_eq!(lab.strict().writes(), [""; 0]);

    // The host has set the old object aside by then, and would never take it back. What the message names leads out.
    lab.converge(&owned("on_existing = \"adopt\""));
    assert_one_of_each(&lab);
    // The other way round nothing is in the way.
    lab.strict_account().age(LONG_AGO);
    let plan = lab.workspace.plan(&[&replace]).unwrap();
    assert_eq!(plan.actions(ADDRESS), ["delete", "create"]);
    lab.apply(&plan);
    assert_one_of_each(&lab);
    lab.workspace.destroy(&[]).unwrap();
    assert_nothing_left(&lab);
}

#[track_caller]
fn assert_says_it_is_its_own(refused: &[Diagnostic]) {
    for error in refused {
        for said in [
            "made for this same binding",
            "create_before_destroy",
            "`moved`",
            "adopt",
        ] {
            assert!(error.detail.contains(said), "{said}: {error}");
        }
    }
    let summaries: Vec<&str> = refused.iter().map(|error| error.summary.as_str()).collect();
    let expected = [
        "A role of this name exists",
        "The service account has an association already",
    ];
    assert_eq!(summaries, expected);
}

#[test]
fn a_second_state_with_the_same_key_is_refused_until_it_adopts_and_then_the_first_is_out() {
    for cli in [Cli::Terraform, Cli::Tofu] {
        let first = Lab::new(cli, Profile::Strict);
        first.converge(&owned(""));
        first.strict_account().age(LONG_AGO);

        let second = first.another_state(cli);
        assert_says_it_is_its_own(&second.refused(&owned("")));
        let unchanged = first.workspace.plan(&[]).unwrap();
        assert!(unchanged.is_empty(), "{}", unchanged.output);

        second.converge(&owned("on_existing = \"adopt\""));
        // What the first would do now is to make it again, and that is in the second's hands.
        assert_says_it_is_its_own(&first.refused(&owned("tags = { a = \"b\" }")));
        first.strict().forget_calls();
        // `destroy` plans first, and what a plan refuses it refuses too; nothing has to be there to be forgotten.
        first.apply(&first.plan(""));
        assert!(first.workspace.state().unwrap().managed().is_empty());
        assert_eq!(first.strict().writes(), [""; 0]);
        assert_one_of_each(&first);
        second.workspace.destroy(&[]).unwrap();
        assert_nothing_left(&second);
    }
}

#[test]
fn clusters_of_one_name_in_two_regions_have_bindings_of_their_own() {
    const ELSEWHERE: &str = "us-east-1";
    let lab = Lab::new(Cli::Terraform, Profile::Strict);
    let cluster = lab.strict_account().cluster(ELSEWHERE, CLUSTER);
    cluster.addon("eks-pod-identity-agent", "v1.3.10-eksbuild.1", "ACTIVE");
    let configuration = |regions: &str| {
        binding(&format!(
            "for_each = toset([{regions}])\n region = each.key\n role = {{}}"
        ))
    };
    lab.converge(&configuration(&format!("\"{REGION}\", \"{ELSEWHERE}\"")));
    let keys = || {
        (
            lab.aws.associations(CLUSTER).len(),
            cluster.associations().len(),
            lab.aws.roles().len(),
        )
    };
    assert_eq!(keys(), (1, 1, 2));

    lab.converge(&configuration(&format!("\"{ELSEWHERE}\"")));
    assert_eq!(keys(), (0, 1, 1));
    let kept = &cluster.associations()[0];
    assert!(kept.role_arn.ends_with(&lab.aws.roles()[0]), "{kept:?}");
}

#[test]
fn a_squatted_role_is_neither_used_nor_changed() {
    let lab = Lab::new(Cli::Terraform, Profile::Strict);
    // Between plan and apply.
    let plan = lab.plan(&owned(""));
    lab.strict_account().create_role(ROLE, &people(&lab));
    assert_refused_at_apply(&lab, &plan);

    // Before the plan, with the binding's own tag copied onto it and one policy more.
    lab.strict_account().iam("DeleteRole", &[("RoleName", ROLE)]);
    lab.converge(&owned(""));
    let tags = lab.strict_account().role(ROLE).unwrap().tags;
    lab.workspace.destroy(&[]).unwrap();
    lab.strict_account().create_role(ROLE, &people(&lab));
    for (key, value) in &tags {
        let tag = [
            ("RoleName", ROLE),
            ("Tags.member.1.Key", key),
            ("Tags.member.1.Value", value),
        ];
        lab.strict_account().iam("TagRole", &tag);
    }
    let refused = lab.refused(&owned(""));
    let [error] = &refused[..] else { panic!("{refused:?}") };
    assert_eq!(error.summary, "A role of this name exists");
    assert_eq!(lab.aws.trust(ROLE), people(&lab));
    assert!(lab.aws.associations(CLUSTER).is_empty());
}

#[track_caller]
fn assert_refused_at_apply(lab: &Lab, plan: &tfplugin_testing::cli::Plan) {
    lab.strict().forget_calls();
    let answer = lab.workspace.try_apply_plan(plan).unwrap();
    let errors: Vec<&Diagnostic> = answer.errors().collect();
    let [error] = &errors[..] else {
        panic!("{}", answer.text())
    };
    assert_eq!(error.summary, "A role of this name exists");
    assert!(error.detail.contains("Nothing was changed"), "{error}");
    assert_eq!(lab.strict().writes(), [""; 0]);
    assert!(lab.workspace.state().unwrap().managed().is_empty());
}

fn people(lab: &Lab) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "AWS": format!("arn:aws:iam::{}:root", lab.account) },
            "Action": "sts:AssumeRole",
        }],
    })
}

#[test]
fn a_create_that_fails_leaves_nothing_or_what_it_says_in_the_state() {
    let lab = Lab::new(Cli::Terraform, Profile::Strict);
    let aws = lab.strict();
    let deny = |operation| aws.fail(operation).always().with(Fault::AccessDenied);
    let plan = lab.plan(&owned(""));
    deny("eks:CreatePodIdentityAssociation");
    let answer = lab.workspace.try_apply_plan(&plan).unwrap();
    let errors: Vec<&Diagnostic> = answer.errors().collect();
    let [error] = &errors[..] else {
        panic!("{}", answer.text())
    };
    assert!(
        error.to_string().contains("eks:CreatePodIdentityAssociation"),
        "{error}"
    );
    assert_nothing_left(&lab);
    assert!(lab.workspace.state().unwrap().managed().is_empty());

    // The role cannot be taken back either.
    deny("iam:DeleteRole");
    let plan = lab.plan(&owned(""));
    let answer = lab.workspace.try_apply_plan(&plan).unwrap();
    let text = answer.text();
    assert!(text.contains(&format!("Still there: role `{ROLE}`.")), "{text}");
    assert_eq!(lab.aws.roles(), [ROLE]);
    assert_eq!(lab.workspace.resource(ADDRESS).unwrap()["role_name"], ROLE);

    // Once it may, the next apply ends where the first should have.
    aws.heal();
    lab.converge(&owned(""));
    assert_one_of_each(&lab);
    lab.workspace.destroy(&[]).unwrap();
    assert_nothing_left(&lab);
}
