//! A deletion removes what the binding owns, after everything has been looked at, and nothing else.

use serde_json::json;
use tfplugin_testing::cli::{Cli, Diagnostic};

use crate::lab::{CLUSTER, Lab, Profile, binding, warnings};

const ROLE: &str = "shop-checkout";

fn owned(role: &str, more: &str) -> String {
    binding(&format!("role = {{ name = \"{ROLE}\", {role} }}\n {more}"))
}

#[test]
fn the_plan_says_how_long_credentials_live_on() {
    let lab = Lab::new(Cli::Terraform, Profile::Strict);
    lab.converge(&owned("", ""));
    assert!(told_before_deletion(&lab).contains("end at once"));
    lab.workspace.destroy(&[]).unwrap();
    let pods = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": "pods.eks.amazonaws.com" },
            "Action": ["sts:AssumeRole", "sts:TagSession"],
        }],
    });
    let arn = lab.aws.create_role("theirs", &pods);
    lab.converge(&binding(&format!("role_arn = \"{arn}\"")));
    assert!(told_before_deletion(&lab).contains("6 hours"));
    lab.workspace.destroy(&[]).unwrap();
    assert_eq!(lab.aws.roles(), ["theirs"]);
}

fn told_before_deletion(lab: &Lab) -> String {
    let plan = lab.workspace.plan(&["-destroy"]).unwrap();
    warnings(&plan.diagnostics).iter().map(ToString::to_string).collect()
}

#[test]
fn nothing_is_removed_while_others_use_the_role() {
    let lab = Lab::new(Cli::Terraform, Profile::Strict);
    lab.converge(&owned("force_delete = true", "trust = { scope = \"namespace\" }"));
    let arn = lab.strict_account().role(ROLE).unwrap().arn;
    lab.strict_cluster().associate("shop", "cart", &arn);
    let error = stopped(&lab);
    assert!(error.detail.contains("`shop/cart`"), "{error}");
    lab.strict_cluster().dissociate("shop", "cart");

    // Another binding, in another state.
    let other = lab.another_state(Cli::Terraform);
    let other_binding = binding(&format!(
        "role_arn = \"{arn}\"\n manage_trust_policy = true\n mode = \"irsa\""
    ));
    other.converge(&other_binding.replace("\"checkout\"\n", "\"cart\"\n"));
    let error = stopped(&lab);
    assert_eq!(error.summary, "Other bindings use the role");
    other.workspace.destroy(&[]).unwrap();

    lab.workspace.destroy(&[]).unwrap();
    assert!(lab.aws.roles().is_empty() && lab.aws.associations(CLUSTER).is_empty());
}

#[test]
fn policies_of_others_stop_a_deletion_unless_it_is_forced() {
    let lab = Lab::new(Cli::Terraform, Profile::Strict);
    lab.converge(&owned("", ""));
    let attach = [
        ("RoleName", ROLE),
        ("PolicyArn", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
    ];
    lab.strict_account().iam("AttachRolePolicy", &attach);
    let error = stopped(&lab);
    assert!(error.to_string().contains("ReadOnlyAccess"), "{error}");
    assert!(error.detail.contains("force_delete"), "{error}");

    lab.converge(&owned("force_delete = true", ""));
    lab.workspace.destroy(&[]).unwrap();
    assert!(lab.aws.roles().is_empty() && lab.aws.associations(CLUSTER).is_empty());
}

/// The one error of a destroy that removed nothing.
#[track_caller]
fn stopped(lab: &Lab) -> Diagnostic {
    lab.strict().forget_calls();
    let answer = lab.workspace.answer(&["destroy", "-auto-approve"]).unwrap();
    let errors: Vec<&Diagnostic> = answer.errors().collect();
    let [error] = &errors[..] else {
        panic!("{}", answer.text())
    };
    assert_eq!(lab.strict().writes(), [""; 0], "{error}");
    (*error).clone()
}
