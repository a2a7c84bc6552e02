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

#[test]
fn terraform_imports_what_a_data_source_lists() {
    listed(Cli::Terraform);
}

#[test]
fn tofu_imports_what_a_data_source_lists() {
    listed(Cli::Tofu);
}

/// A binding whose state was lost and somebody else's association, by what the data source says of them.
fn listed(cli: Cli) {
    let lab = with_association(cli);
    let made = format!(
        r#"
        resource "pod_identity_binding" "lost" {{
          cluster_name    = "{CLUSTER}"
          namespace       = "shop"
          service_account = "orders"
          role_arn        = "arn:aws:iam::{}:role/{ROLE}"
          disable_session_tags = true
        }}
        "#,
        lab.account
    );
    lab.apply(&lab.plan(&made));
    lab.workspace.forget("pod_identity_binding.lost").unwrap();

    let inventory = format!(
        r#"
        data "pod_identity_bindings" "all" {{
          cluster_name = "{CLUSTER}"
        }}
        output "all" {{ value = data.pod_identity_bindings.all }}
        "#
    );
    lab.apply(&lab.plan(&inventory));
    let state = lab.workspace.state().unwrap();
    let all = &state.output("all").unwrap()["value"];
    assert_eq!(all["not_read"], json!([]), "{all:#}");
    assert_eq!(all["bindings"].as_array().unwrap().len(), 2, "{all:#}");
    let ids: Vec<&str> = all["bindings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|row| row["import_id"].as_str())
        .collect();
    let orders = format!("{CLUSTER}/shop/orders@{REGION}");
    assert_eq!(ids, [format!("{CLUSTER}/shop/checkout@{REGION}"), orders.clone()]);
    // What a binding has made is in a state somewhere, so its block is the user's to write.
    let lost = format!("import {{\n  to = pod_identity_binding.lost\n  id = \"{orders}\"\n}}\n");
    let blocks = all["import_blocks"].as_str().unwrap();
    lab.workspace.write("main.tf", &format!("{blocks}\n{lost}")).unwrap();

    let before = lab.aws.objects(ROLE, CLUSTER);
    let plan = lab.workspace.plan(&["-generate-config-out=generated.tf"]);
    let plan = plan.unwrap_or_else(|error| panic!("{error}"));
    for address in ["pod_identity_binding.shop_checkout", "pod_identity_binding.lost"] {
        assert_eq!(plan.actions(address), ["no-op"], "{}", plan.output);
    }
    lab.apply(&plan);
    assert_eq!(lab.aws.objects(ROLE, CLUSTER), before);
    lab.workspace.destroy(&[]).unwrap();
    assert!(lab.aws.associations(CLUSTER).is_empty());
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
