//! A cluster that is made in the same apply as the bindings in it is not there when they are
//! planned.

use serde_json::json;
use tfplugin_testing::cli::Cli;

use crate::lab::{ADDRESS, CLUSTER, Lab, Profile, binding};

const CONFIGURATION: &str = r#"
resource "pod_identity_binding" "checkout" {
  cluster_name    = "acceptance"
  namespace       = "shop"
  service_account = "checkout"
  mode            = "irsa"
  role            = { name = "shop-checkout" }
}

data "pod_identity_cluster" "this" {
  name       = "acceptance"
  depends_on = [pod_identity_binding.checkout]
}

output "trust" {
  value = provider::pod::trust_policy({
    mode            = "irsa"
    account_id      = pod_identity_binding.checkout.account_id
    region          = "eu-central-1"
    cluster_name    = "acceptance"
    namespace       = "shop"
    service_account = "checkout"
    oidc_issuer     = pod_identity_binding.checkout.oidc_issuer
  })
}
"#;

#[test]
fn a_plan_made_before_the_cluster_is_applied_after_it() {
    applied_after_it(Profile::MiniStack);
}

#[test]
fn so_it_is_on_a_strict_aws() {
    applied_after_it(Profile::Strict);
}

/// The same name, another issuer: what was planned is for a cluster that is gone.
#[test]
fn a_cluster_that_was_replaced_since_the_plan_is_an_error_before_anything_is_written() {
    let configuration = "mode = \"irsa\"\n role = { name = \"shop-checkout\" }";
    for exists in [false, true] {
        let lab = Lab::new(Cli::Terraform, Profile::Strict);
        if exists {
            lab.converge(&binding(configuration));
        }
        let plan = lab.plan(&binding(&format!("{configuration}\n tags = {{ team = \"shop\" }}")));
        let planned = plan.resource(ADDRESS).unwrap()["change"]["after"]["oidc_issuer"].clone();
        lab.strict_cluster().recreate();
        let issuer = lab.create_cluster();
        lab.strict().forget_calls();
        let answer = lab.workspace.try_apply_plan(&plan).unwrap();
        // The host compares what is planned then with what was planned, and finds the attributes; nothing in its question tells a provider.
        let text = answer.text();
        let of_issuer = answer.errors().find(|error| error.detail.contains(".oidc_issuer:"));
        let error = &of_issuer.unwrap_or_else(|| panic!("{text}")).detail;
        assert!(error.contains(planned.as_str().unwrap()), "{error}");
        assert!(error.contains(issuer.trim_start_matches("https://")), "{error}");
        assert_eq!(lab.strict().writes(), [""; 0]);
        // The next plan is for the one that is there.
        lab.converge(&binding(configuration));
    }
}

fn applied_after_it(profile: Profile) {
    for cli in [Cli::Terraform, Cli::Tofu] {
        let lab = Lab::without_cluster(cli, profile);
        let plan = lab.plan(CONFIGURATION);
        let changes = plan.json["resource_changes"].as_array().unwrap();
        let binding = changes
            .iter()
            .find(|change| change["type"] == "pod_identity_binding")
            .unwrap();
        let (after, unknown) = (&binding["change"]["after"], &binding["change"]["after_unknown"]);
        assert_eq!(unknown["trust_policy"], json!(true), "nobody knows the issuer");
        assert_eq!(after["role_name"], "shop-checkout", "the rest is known");
        assert_eq!(after["account_id"], lab.account.as_str());

        let issuer = lab.create_cluster();
        lab.apply(&plan);
        let values = lab.workspace.resource("pod_identity_binding.checkout").unwrap();
        // Written as in conditions of trust policies.
        let bare = issuer.split_once("://").unwrap().1;
        assert_eq!(values["oidc_issuer"], bare);
        assert_eq!(
            lab.aws.trusted_actions("shop-checkout"),
            ["sts:AssumeRoleWithWebIdentity"]
        );

        // The function, the data source and the resource speak of the same thing.
        let state = lab.workspace.state().unwrap();
        assert_eq!(state.output("trust").unwrap()["value"], values["trust_policy"]);
        let cluster = lab.workspace.resource("data.pod_identity_cluster.this").unwrap();
        assert_eq!(cluster["oidc_issuer"], issuer.as_str());

        lab.workspace.destroy(&[]).unwrap();
        assert!(lab.aws.roles().is_empty());
        assert!(lab.aws.associations(CLUSTER).is_empty());
    }
}
