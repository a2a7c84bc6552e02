//! What something else has made is imported, and the configuration that the host writes for it changes nothing.

use serde_json::json;
use tfplugin_testing::cli::Cli;

use crate::lab::{CLUSTER, Lab, Profile, REGION};

const ROLE: &str = "legacy";

#[test]
fn terraform_writes_a_configuration_that_plans_nothing() {
    by_id(Cli::Terraform);
}

#[test]
fn tofu_writes_a_configuration_that_plans_nothing() {
    by_id(Cli::Tofu);
}

#[test]
fn tofu_imports_by_identity() {
    let identity = format!(
        r#"identity = {{ cluster_name = "{CLUSTER}", namespace = "shop", service_account = "checkout", region = "{REGION}" }}"#
    );
    let lab = with_association(Cli::Tofu);
    generated(&lab, &identity);
}

fn by_id(cli: Cli) {
    let lab = with_association(cli);
    generated(&lab, &format!(r#"id = "{CLUSTER}/shop/checkout""#));
}

fn with_association(cli: Cli) -> Lab {
    let lab = Lab::new(cli, Profile::Strict);
    let pods = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": "pods.eks.amazonaws.com" },
            "Action": ["sts:AssumeRole", "sts:TagSession"],
        }],
    });
    let arn = lab.aws.create_role(ROLE, &pods);
    lab.aws.create_association(CLUSTER, "shop/checkout", &arn);
    lab
}

fn generated(lab: &Lab, key: &str) {
    let block = format!("import {{\n  to = pod_identity_binding.checkout\n  {key}\n}}\n");
    lab.workspace.write("main.tf", &block).unwrap();
    let before = lab.aws.objects(ROLE, CLUSTER);
    let plan = lab.workspace.plan(&["-generate-config-out=generated.tf"]);
    let plan = plan.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(
        plan.actions("pod_identity_binding.checkout"),
        ["no-op"],
        "{}",
        plan.output
    );
    lab.apply(&plan);
    assert_eq!(lab.aws.objects(ROLE, CLUSTER), before);
    lab.workspace.destroy(&[]).unwrap();
    assert_eq!(lab.aws.roles(), [ROLE], "the role is somebody else's");
    assert!(lab.aws.associations(CLUSTER).is_empty());
}
