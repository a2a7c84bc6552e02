//! The functions, called by the real hosts: without credentials, with unknown leaves, whole resources and lists of several types, and with
//! mistakes in any argument.

use serde_json::{Value, json};
use tfplugin_testing::cli::{Cli, Workspace};

use crate::lab::{Lab, Profile, workspace};

const REQUIRED: &str = r#"
terraform {
  required_providers {
    pod = { source = "pod-identity/pod" }
  }
}
"#;

const KEY: &str = r#"
locals {
  key = {
    account_id      = "111122223333"
    region          = "eu-central-1"
    cluster_name    = "demo"
    namespace       = "reports"
    service_account = "exporter"
  }
}
"#;

/// A configuration of functions alone: no provider is configured, and nothing listens anywhere.
fn of_functions(cli: Cli, body: &str) -> Workspace {
    let workspace = workspace(cli);
    workspace.write("main.tf", &format!("{REQUIRED}{KEY}{body}")).unwrap();
    workspace
}

/// The outputs that a plan knows, by name; what it does not know is missing.
#[track_caller]
fn planned(cli: Cli, body: &str) -> Value {
    let plan = of_functions(cli, body)
        .plan(&[])
        .unwrap_or_else(|error| panic!("{error}\nof\n{body}"));
    let outputs = plan.json["planned_values"]["outputs"].as_object().unwrap();
    outputs
        .iter()
        .map(|(name, output)| (name.clone(), output["value"].clone()))
        .collect()
}

fn policy(text: &Value) -> Value {
    serde_json::from_str(text.as_str().unwrap()).unwrap()
}

#[test]
fn functions_need_no_credentials_and_are_known_at_plan() {
    let body = r#"
    locals {
      source = { role_arn = "arn:aws:iam::111122223333:role/exporter", target_role_arn = "arn:aws:iam::444455556666:role/data" }
    }
    output "trust" { value = provider::pod::trust_policy(local.key) }
    output "target" { value = provider::pod::target_trust_policy(merge(local.key, local.source)) }
    output "permissions" { value = provider::pod::target_permissions_policy(local.source) }
    output "id" { value = provider::pod::external_id(local.key) }
    output "name" { value = provider::pod::role_name(merge(local.key, { role = { name = "own" } })) }
    output "none" { value = provider::pod::service_account_annotations(local.key) }
    output "annotations" {
      value = provider::pod::service_account_annotations(merge(local.key, { mode = "dual", role_arn = "arn:aws:iam::111122223333:role/exporter" }))
    }
    output "verdict" { value = provider::pod::can_assume(provider::pod::trust_policy(local.key), local.key).verdict }
    output "other" {
      value = provider::pod::can_assume(provider::pod::trust_policy(local.key), merge(local.key, { namespace = "other" }))
    }
    output "raw" {
      value = provider::pod::can_assume(provider::pod::trust_policy(local.key), {
        principal = { type = "Service", value = "ec2.amazonaws.com" }
        actions   = "sts:AssumeRole"
        context   = {}
      }).verdict
    }
    output "quiet" { value = provider::pod::trust_policy_findings(provider::pod::trust_policy(local.key), {}) }
    output "found" {
      value = provider::pod::trust_policy_findings(jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Principal = { Service = "pods.eks.amazonaws.com" }, Action = "sts:AssumeRole" }]
      }), { session_tags = true })
    }
    "#;
    for cli in [Cli::Terraform, Cli::Tofu] {
        let outputs = planned(cli, body);
        let tags = &policy(&outputs["trust"])["Statement"][0]["Condition"]["StringEquals"];
        assert_eq!(tags["aws:RequestTag/kubernetes-namespace"], "reports");
        let target = &policy(&outputs["target"])["Statement"][0];
        assert_eq!(target["Principal"]["AWS"], "arn:aws:iam::111122223333:root");
        assert_eq!(
            target["Condition"]["ArnEquals"]["aws:PrincipalArn"],
            "arn:aws:iam::111122223333:role/exporter"
        );
        assert_eq!(
            policy(&outputs["permissions"])["Statement"][0]["Resource"],
            "arn:aws:iam::444455556666:role/data"
        );
        assert_eq!(outputs["id"], "eu-central-1/111122223333/demo/reports/exporter");
        assert_eq!(outputs["name"], "own");
        assert_eq!(outputs["none"], json!({}));
        let role = "arn:aws:iam::111122223333:role/exporter";
        assert_eq!(outputs["annotations"], json!({ "eks.amazonaws.com/role-arn": role }));
        assert_eq!(
            (&outputs["verdict"], &outputs["raw"]),
            (&json!("allow"), &json!("deny"))
        );
        assert_eq!(outputs["other"]["verdict"], "deny");
        let because = outputs["other"]["because"][0].as_str().unwrap();
        assert!(because.contains("kubernetes-namespace"), "{because}");
        assert_eq!(outputs["quiet"], json!([]));
        let found = outputs["found"].as_array().unwrap();
        assert!(
            found
                .iter()
                .any(|one| one["severity"] == "security" && one["statement"] == 0),
            "{found:?}"
        );
        assert!(
            found.iter().all(|one| one["code"].as_str().unwrap().starts_with("PIB")),
            "{found:?}"
        );
    }
}

#[test]
fn an_unknown_leaf_makes_unknown_only_what_depends_on_it() {
    let body = r#"
    resource "terraform_data" "later" { input = "exporter" }
    locals {
      later = terraform_data.later.id
    }
    output "id" { value = provider::pod::external_id(merge(local.key, { role_arn = local.later })) }
    output "unknown_id" { value = provider::pod::external_id(merge(local.key, { namespace = local.later })) }
    output "trust" { value = provider::pod::trust_policy(merge(local.key, { role_arn = local.later, oidc_issuer = local.later })) }
    output "verdict" {
      value = provider::pod::can_assume(provider::pod::trust_policy(local.key), merge(local.key, { namespace = local.later })).verdict
    }
    output "denied" {
      value = provider::pod::can_assume(
        provider::pod::trust_policy(local.key), merge(local.key, { namespace = "other", service_account = local.later })
      ).verdict
    }
    output "because" {
      value = provider::pod::can_assume(
        provider::pod::trust_policy(local.key), merge(local.key, { namespace = "other", service_account = local.later })
      ).because
    }
    output "merged" { value = provider::pod::merge_trust_policies([provider::pod::trust_policy(local.key), local.later]) }
    output "found" { value = provider::pod::trust_policy_findings(provider::pod::trust_policy(local.key), { role_arn = local.later }) }
    "#;
    for cli in [Cli::Terraform, Cli::Tofu] {
        let outputs = planned(cli, body);
        assert_eq!(outputs["id"], "eu-central-1/111122223333/demo/reports/exporter");
        assert!(outputs["trust"].is_string());
        // What is certain already is known; what may change with the unknown part is not, or the apply would differ from the plan.
        assert_eq!(outputs["denied"], "deny");
        for unknown in ["unknown_id", "merged", "verdict", "because", "found"] {
            assert_eq!(outputs[unknown], Value::Null, "{unknown}");
        }
    }
}

#[test]
fn lists_of_several_types_and_policies_of_several_shapes_are_merged() {
    let body = r#"
    output "merged" {
      value = provider::pod::merge_trust_policies([
        provider::pod::trust_policy(local.key),
        { assume_role_policy = provider::pod::trust_policy(local.key), tags = { team = "x" } },
        {
          Version   = "2012-10-17"
          Statement = [{ Effect = "Allow", Principal = { AWS = "444455556666" }, Action = ["sts:AssumeRole"] }]
        },
        null,
      ])
    }
    "#;
    for cli in [Cli::Terraform, Cli::Tofu] {
        let merged = policy(&planned(cli, body)["merged"]);
        let statements = merged["Statement"].as_array().unwrap();
        assert_eq!(statements.len(), 2, "{merged:#}");
        assert_eq!(statements[1]["Principal"]["AWS"], "444455556666");
    }
}

#[test]
fn a_mistake_is_reported_on_its_argument() {
    let cases = [
        (
            "provider::pod::trust_policy(merge(local.key, { name_space = \"x\" }))",
            "binding",
            "`namespace` may be meant",
        ),
        (
            "provider::pod::can_assume(\"{\", local.key).verdict == provider::pod::can_assume({ name = \"x\" }, local.key).verdict",
            "policy",
            "It has to be a policy as JSON",
        ),
        (
            "provider::pod::can_assume(provider::pod::trust_policy(local.key), { cluster = \"demo\" })",
            "request",
            "There is no attribute `cluster` here",
        ),
        (
            "provider::pod::trust_policy_findings(provider::pod::trust_policy(local.key), { role = \"x\" })",
            "context",
            "There is no attribute `role` here",
        ),
        (
            "provider::pod::merge_trust_policies([provider::pod::trust_policy(local.key), \"no JSON\"])",
            "policies",
            "`[1]`: It is no policy document",
        ),
        (
            "provider::pod::target_trust_policy(merge(local.key, { mode = \"irsa\" }))",
            "binding",
            "Only EKS Pod Identity reaches a target role",
        ),
    ];
    for cli in [Cli::Terraform, Cli::Tofu] {
        for (call, argument, expected) in cases {
            let workspace = of_functions(cli, &format!("output \"x\" {{\n  value = {call}\n}}\n"));
            let error = workspace.plan(&[]).map(drop).unwrap_err().to_string();
            let told = error.split_whitespace().collect::<Vec<_>>().join(" ").replace("│ ", "");
            assert!(told.contains(&format!("\"{argument}\"")), "{argument}:\n{error}");
            assert!(told.contains(expected), "{expected}:\n{error}");
        }
    }
}

#[test]
fn a_whole_resource_can_be_passed() {
    let lab = Lab::new(Cli::Terraform, Profile::MiniStack);
    let plan = lab.plan(
        r#"
        resource "pod_identity_binding" "api" {
          cluster_name    = "acceptance"
          namespace       = "shop"
          service_account = "api"
          mode            = "dual"
          role            = { name = "shop-api-whole" }
        }
        output "trust" { value = provider::pod::trust_policy(pod_identity_binding.api) == pod_identity_binding.api.trust_policy }
        output "annotations" {
          value = provider::pod::service_account_annotations(pod_identity_binding.api) == pod_identity_binding.api.service_account_annotations
        }
        output "admitted" { value = provider::pod::can_assume(pod_identity_binding.api, pod_identity_binding.api) }
        "#,
    );
    lab.apply(&plan);
    let state = lab.workspace.state().unwrap();
    let output = |name: &str| state.output(name).unwrap()["value"].clone();
    assert_eq!((output("trust"), output("annotations")), (json!(true), json!(true)));
    assert_eq!(output("admitted")["verdict"], "allow", "{:#}", output("admitted"));
    lab.workspace.destroy(&[]).unwrap();
}
