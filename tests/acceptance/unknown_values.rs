//! Arguments that other resources tell only when applying: the host plans with unknown values first, and holds the second plan against it.

use serde_json::{Value, json};
use tfplugin_testing::cli::Cli;

use crate::lab::{CLUSTER, Lab, Profile};

const READ: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;

/// Bindings that between them take every kind of argument from another resource.
fn bindings(late: &Value) -> String {
    let late = late.to_string();
    format!(
        r#"
        resource "terraform_data" "late" {{
          input = jsondecode({late:?})
        }}
        resource "terraform_data" "key" {{
          input = ["{CLUSTER}", "shop", "whole"]
        }}
        locals {{
          late = terraform_data.late.output
        }}
        resource "pod_identity_binding" "whole" {{
          cluster_name    = terraform_data.key.output[0]
          namespace       = terraform_data.key.output[1]
          service_account = terraform_data.key.output[2]
          mode            = local.late.mode
          role = {{
            name                 = local.late.role
            path                 = local.late.path
            description          = local.late.text
            max_session_duration = local.late.seconds
            inline_policies      = {{ read = local.late.policy }}
            tags                 = {{ team = local.late.text }}
            force_delete         = local.late.yes
            keep_previous        = local.late.no
          }}
          trust = {{
            scope          = local.late.scope
            source_account = local.late.yes
          }}
          wait_for_effect = local.late.no
          tags            = {{ stage = local.late.text }}
        }}
        resource "pod_identity_binding" "reached" {{
          cluster_name    = "{CLUSTER}"
          namespace       = "shop"
          service_account = "reached"
          role            = {{}}
          target_role_arn = local.late.target
          session_policy  = local.late.policy
        }}
        resource "pod_identity_binding" "shapes" {{
          cluster_name    = "{CLUSTER}"
          namespace       = "shop"
          service_account = "shapes"
          role            = local.late.yes ? {{ description = local.late.text }} : null
          trust           = local.late.no ? {{ scope = "cluster" }} : null
          target_role_arn = local.late.no ? local.late.target : null
        }}
        resource "pod_identity_binding" "shared" {{
          cluster_name        = "{CLUSTER}"
          namespace           = "shop"
          service_account     = "shared"
          role_arn            = pod_identity_binding.whole.role_arn
          manage_trust_policy = local.late.yes
        }}
        "#
    )
}

fn late(text: &str, target: Option<&str>) -> Value {
    json!({
        "mode": "dual", "role": "shop-whole", "path": "/team/", "text": text, "seconds": 7200, "policy": READ,
        "yes": true, "no": false, "scope": "namespace", "target": target,
    })
}

#[test]
fn what_only_applying_tells_is_planned_applied_and_changed_in_one_go() {
    for cli in [Cli::Terraform, Cli::Tofu] {
        let lab = Lab::new(cli, Profile::Strict);
        let target = "arn:aws:iam::444455556666:role/data";
        let plan = lab.converge(&bindings(&late("one", Some(target))));
        let unknown = |name: &str, attribute: &str| {
            let resource = plan.resource(&format!("pod_identity_binding.{name}")).unwrap();
            resource["change"]["after_unknown"][attribute] == json!(true)
        };
        assert!(unknown("reached", "steps"), "they depend on the target");
        assert!(!unknown("reached", "role_arn"), "nothing unknown decides about it");
        let steps = |name: &str| {
            let state = lab.workspace.state().unwrap();
            state.values(&format!("pod_identity_binding.{name}")).unwrap()["steps"].to_string()
        };
        assert!(steps("reached").contains(target), "{}", steps("reached"));

        // The target goes, and texts change; nothing is made anew.
        let plan = lab.converge(&bindings(&late("two", None)));
        for name in ["whole", "reached", "shapes", "shared"] {
            assert_eq!(
                plan.actions(&format!("pod_identity_binding.{name}")),
                ["update"],
                "{name}"
            );
        }
        assert!(
            steps("reached").contains("Remove inline policy"),
            "{}",
            steps("reached")
        );
        let tags = &lab
            .workspace
            .state()
            .unwrap()
            .values("pod_identity_binding.whole")
            .unwrap()["tags_all"]["stage"]
            .clone();
        assert_eq!(tags, "two");

        lab.workspace.destroy(&[]).unwrap();
        assert!(lab.aws.roles().is_empty(), "{:?}", lab.aws.roles());
    }
}
