//! What bindings stand beside: the cluster's OIDC provider in IAM, its agent, and what is said when they are missing.

use serde_json::json;
use tfplugin_testing::cli::Cli;

use crate::lab::{CLUSTER, Lab, Profile};

const NEIGHBOURS: &str = r#"
resource "pod_oidc_provider" "this" {
  cluster_name = "acceptance"
  tags         = { stage = "test" }
}

resource "pod_identity_agent" "this" {
  cluster_name  = "acceptance"
  version       = "v1.3.8-eksbuild.2"
  configuration = jsonencode({ agent = { a = 1 } })
}

data "pod_identity_cluster" "this" {
  name       = "acceptance"
  depends_on = [pod_oidc_provider.this, pod_identity_agent.this]
}
"#;

#[test]
fn they_are_made_read_and_removed() {
    // That server does not know the operation.
    made_read_and_removed(Profile::MiniStack, &json!(null));
}

#[test]
fn they_are_made_read_and_removed_on_a_strict_aws() {
    made_read_and_removed(Profile::Strict, &json!([]));
}

fn made_read_and_removed(profile: Profile, fargate_profiles: &serde_json::Value) {
    for cli in [Cli::Terraform, Cli::Tofu] {
        let lab = Lab::without_cluster(cli, profile);
        let issuer = lab.create_bare_cluster();
        let bare = issuer.split_once("://").unwrap().1;
        let plan = lab.plan(NEIGHBOURS);
        assert_eq!(plan.actions("pod_oidc_provider.this"), ["create"]);
        lab.apply(&plan);

        let provider = lab.workspace.resource("pod_oidc_provider.this").unwrap();
        let arn = format!("arn:aws:iam::{}:oidc-provider/{bare}", lab.account);
        assert_eq!(provider["arn"], arn.as_str());
        assert_eq!(provider["created"], true);
        let agent = lab.workspace.resource("pod_identity_agent.this").unwrap();
        assert_eq!(agent["built_in"], false);
        let cluster = lab.workspace.resource("data.pod_identity_cluster.this").unwrap();
        assert_eq!(cluster["oidc_provider_exists"], true);
        assert_eq!(cluster["oidc_provider_client_ids"], json!(["sts.amazonaws.com"]));
        assert_eq!(cluster["agent_addon_version"], "v1.3.8-eksbuild.2");
        assert_eq!(cluster["agent_addon_status"], "ACTIVE");
        assert_eq!(&cluster["fargate_profiles"], fargate_profiles);
        assert_eq!(cluster["findings"], json!([]));

        // In place.
        let newer = NEIGHBOURS.replace("v1.3.8-eksbuild.2", "v1.3.9-eksbuild.3");
        let plan = lab.plan(&newer);
        assert_eq!(plan.actions("pod_identity_agent.this"), ["update"]);
        lab.apply(&plan);

        lab.workspace.destroy(&[]).unwrap();
        assert!(lab.aws.oidc_providers().is_empty());
        assert!(lab.aws.addons(CLUSTER).is_empty());
    }
}

#[test]
fn a_provider_that_is_there_is_joined_and_stays() {
    for profile in [Profile::LocalStack, Profile::Strict] {
        joined_and_stays(&Lab::new(Cli::Terraform, profile));
    }
}

fn joined_and_stays(lab: &Lab) {
    let providers = lab.aws.oidc_providers();
    let plan = lab.plan(r#"resource "pod_oidc_provider" "this" { cluster_name = "acceptance" }"#);
    assert!(plan.output.contains("OIDC provider exists already"), "{}", plan.output);
    lab.apply(&plan);
    assert_eq!(
        lab.workspace.resource("pod_oidc_provider.this").unwrap()["created"],
        false
    );
    lab.workspace.destroy(&[]).unwrap();
    assert_eq!(lab.aws.oidc_providers(), providers);
}

#[test]
fn a_provider_goes_after_the_bindings_that_rely_on_it() {
    let lab = Lab::without_cluster(Cli::Tofu, Profile::MiniStack);
    lab.create_bare_cluster();
    let plan = lab.plan(
        r#"
        resource "pod_oidc_provider" "this" {
          cluster_name = "acceptance"
        }
        resource "pod_identity_binding" "checkout" {
          cluster_name      = "acceptance"
          namespace         = "shop"
          service_account   = "checkout"
          mode              = "irsa"
          oidc_provider_arn = pod_oidc_provider.this.arn
          role              = { name = "shop-checkout" }
        }
        "#,
    );
    lab.apply(&plan);
    let error = lab.workspace.destroy(&["-target=pod_oidc_provider.this"]);
    error.expect("with its target, the binding goes first");
    assert!(lab.aws.roles().is_empty() && lab.aws.oidc_providers().is_empty());
}

#[test]
fn leaving_irsa_for_a_cluster_without_agent_is_stopped() {
    let lab = Lab::without_cluster(Cli::Terraform, Profile::MiniStack);
    lab.create_bare_cluster();
    let binding = |mode: &str, more: &str| {
        format!(
            r#"
            resource "pod_identity_binding" "checkout" {{
              cluster_name    = "{CLUSTER}"
              namespace       = "shop"
              service_account = "checkout"
              mode            = "{mode}"
              role            = {{ name = "shop-checkout" }}
              {more}
            }}
            "#
        )
    };
    lab.apply(&lab.plan(&binding("irsa", "")));
    lab.workspace.write("main.tf", &binding("dual", "")).unwrap();
    let refused = lab.workspace.plan(&[]).unwrap_err().to_string();
    assert!(refused.contains("Cluster has no EKS Pod Identity agent"), "{refused}");
    let plan = lab.plan(&binding("dual", r#"skip_preflight = ["PIB424"]"#));
    assert_eq!(plan.actions("pod_identity_binding.checkout"), ["update"]);
    lab.apply(&plan);
    lab.workspace.destroy(&[]).unwrap();
}
