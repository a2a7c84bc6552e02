//! What bindings write into trust policies, beside whose statements, and whether it lets the right pods in and nobody else.

use serde_json::{Value, json};
use tfplugin_testing::cli::{Cli, Diagnostic};

use crate::lab::{ADDRESS, CLUSTER, Lab, Profile, binding, warnings};

const LEGACY: &str = "legacy";

/// Statements of others, in an order and a spelling of their own.
fn others(lab: &Lab) -> Value {
    let root = format!("arn:aws:iam::{}:root", lab.account);
    json!({
        "Version": "2012-10-17",
        "Statement": [
            { "Sid": "Zebra", "Effect": "Allow", "Principal": { "AWS": root }, "Action": "sts:AssumeRole" },
            { "Effect": "Allow", "Principal": { "Service": "ec2.amazonaws.com" }, "Action": "sts:AssumeRole" },
            {
                "Sid": "Aardvark",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "sts:AssumeRole",
                "Condition": { "Bool": { "aws:SecureTransport": "false" } },
            },
        ],
    })
}

fn statements(trust: &Value) -> Vec<Value> {
    trust["Statement"].as_array().unwrap().clone()
}

fn writers(lab: &Lab, count: usize) -> String {
    format!(
        r#"
        resource "pod_identity_binding" "worker" {{
          count               = {count}
          cluster_name        = "{CLUSTER}"
          namespace           = "shop"
          service_account     = "worker-${{count.index}}"
          mode                = "irsa"
          role_arn            = "arn:aws:iam::{}:role/{LEGACY}"
          manage_trust_policy = true
        }}
        "#,
        lab.account
    )
}

#[test]
fn many_bindings_write_to_the_role_of_others_at_once_and_nothing_is_lost_or_moved() {
    for profile in [Profile::Strict, Profile::LocalStack] {
        let lab = Lab::new(Cli::Terraform, profile);
        if profile == Profile::Strict {
            lab.strict().set_quotas(|quotas| quotas.trust_policy = 4096);
        }
        lab.aws.create_role(LEGACY, &others(&lab));
        // As the server spells them.
        let theirs = statements(&lab.aws.trust(LEGACY));
        for count in [5, 2] {
            lab.converge(&writers(&lab, count));
            let all = statements(&lab.aws.trust(LEGACY));
            assert_eq!(all.len(), theirs.len() + count, "{all:#?}");
            assert_eq!(all[..theirs.len()], theirs, "{profile:?}");
            let text = Value::Array(all).to_string();
            for index in 0..count {
                assert!(text.contains(&format!("shop:worker-{index}\"")), "{text}");
            }
        }
        lab.workspace.destroy(&[]).unwrap();
        assert_eq!(statements(&lab.aws.trust(LEGACY)), theirs);
    }
}

/// Statements of others leave too little of the quota for the binding's.
#[test]
fn a_role_whose_trust_policy_is_full_is_told_of() {
    let lab = Lab::new(Cli::Terraform, Profile::Strict);
    let mut full = others(&lab);
    full["Statement"][0]["Condition"] = json!({ "StringEquals": { "aws:PrincipalTag/team": "x".repeat(1500) } });
    let arn = lab.aws.create_role(LEGACY, &full);
    let plan = lab.plan(&binding(&format!("role_arn = \"{arn}\"\n manage_trust_policy = true")));
    let told = warnings(&plan.diagnostics);
    assert!(
        told.iter().any(|one| one.summary.starts_with("PIB355: ")),
        "{}",
        plan.output
    );
    let error = only(lab.workspace.try_apply_plan(&plan).unwrap().errors().cloned().collect());
    assert!(error.detail.contains("A quota of the account is reached"), "{error}");
    assert_eq!(lab.aws.trust(LEGACY), full);
    assert!(lab.aws.associations(CLUSTER).is_empty(), "what was made was taken back");
}

/// Under the name of a binding's statement, but wider than any binding writes.
#[test]
fn a_forged_statement_is_told_of_and_replaced() {
    let lab = Lab::new(Cli::Terraform, Profile::Strict);
    let arn = lab.aws.create_role(LEGACY, &others(&lab));
    let configuration = binding(&format!("role_arn = \"{arn}\"\n manage_trust_policy = true"));
    lab.converge(&configuration);
    let right = lab.aws.trust(LEGACY);
    let mut forged = right.clone();
    let statement = forged["Statement"].as_array_mut().unwrap().last_mut().unwrap();
    statement["Principal"] = json!("*");
    statement["Condition"] = json!({});
    lab.aws.set_trust(LEGACY, &forged);

    let plan = lab.plan(&configuration);
    assert_eq!(plan.actions(ADDRESS), ["update"], "{}", plan.output);
    let change = &plan.resource(ADDRESS).unwrap()["change"];
    assert_ne!(change["before"]["trust_policy"], change["after"]["trust_policy"]);
    let told = warnings(&plan.diagnostics);
    let warning = told.iter().find(|one| one.summary.starts_with("Somebody rewrote"));
    let warning = warning.unwrap_or_else(|| panic!("{}", plan.output));
    assert!(warning.summary.contains("/shop/checkout"), "{warning}");
    for said in ["names another principal", "`aws:RequestTag/eks-cluster-arn`"] {
        assert!(warning.detail.contains(said), "{said}: {warning}");
    }
    lab.apply(&plan);
    assert_eq!(lab.aws.trust(LEGACY), right);
    let plan = lab.plan(&configuration);
    assert!(!plan.output.contains("Somebody rewrote"), "{}", plan.output);
}

/// The engine is asked as the documentation tells users to ask it, in the plan itself.
#[test]
fn the_planned_trust_lets_in_the_pods_of_its_scope_and_no_others() {
    let lab = Lab::new(Cli::Terraform, Profile::Strict);
    // Scope, and whether another service account, another namespace and another cluster get in.
    let scopes = [
        ("service_account", [false, false, false]),
        ("namespace", [true, false, false]),
        ("cluster", [true, true, false]),
        ("account", [true, true, true]),
    ];
    let mut configuration = String::new();
    for (scope, _) in scopes {
        configuration.push_str(&format!(
            r#"
            resource "pod_identity_binding" "{scope}" {{
              cluster_name    = "{CLUSTER}"
              namespace       = "shop"
              service_account = "{dashed}"
              role            = {{}}
              trust           = {{ scope = "{scope}" }}
            }}
            output "{scope}" {{
              value = [for pod in [
                {{ cluster_name = "{CLUSTER}", namespace = "shop", service_account = "{dashed}" }},
                {{ cluster_name = "{CLUSTER}", namespace = "shop", service_account = "other" }},
                {{ cluster_name = "{CLUSTER}", namespace = "other", service_account = "{dashed}" }},
                {{ cluster_name = "other", namespace = "shop", service_account = "{dashed}" }},
              ] : provider::pod::can_assume(pod_identity_binding.{scope}.trust_policy, merge(pod, {{
                mode = "pod_identity", account_id = "{account}", region = "eu-central-1",
              }})).verdict]
            }}
            "#,
            dashed = scope.replace('_', "-"),
            account = lab.account,
        ));
    }
    let plan = lab.plan(&configuration);
    for (scope, others) in scopes {
        let verdicts = &plan.json["planned_values"]["outputs"][scope]["value"];
        let expected: Vec<&str> = [true]
            .iter()
            .chain(&others)
            .map(|in_| if *in_ { "allow" } else { "deny" })
            .collect();
        assert_eq!(*verdicts, json!(expected), "{scope}");
    }
    let told = warnings(&plan.diagnostics);
    let [warning] = &told[..] else { panic!("{told:?}") };
    assert!(
        warning
            .summary
            .starts_with("PIB203: Pod Identity trust is open to every association of the account"),
        "{warning}"
    );
    assert!(warning.summary.contains("/shop/account"), "{warning}");
    lab.apply(&plan);
}

#[test]
fn a_trust_policy_that_keeps_the_bindings_own_pods_out_is_refused_in_the_plan() {
    let lab = Lab::new(Cli::Terraform, Profile::Strict);
    let denied = |mode: &str, trust: &str| {
        let error = only(lab.refused(&binding(&format!(
            "mode = \"{mode}\"\n role = {{}}\n trust = {{ {trust} }}"
        ))));
        assert!(
            error
                .summary
                .starts_with("Trust policy would refuse the binding's own pods through"),
            "{error}"
        );
        error
    };
    let out = r#"conditions = [{ test = "StringNotEquals", variable = "aws:SourceAccount", values = ["ACCOUNT"], mechanism = "pod_identity" }]"#;
    let error = denied("pod_identity", &out.replace("ACCOUNT", &lab.account));
    assert!(error.summary.contains("EKS Pod Identity"), "{error}");
    let shadow =
        r#"statements = [jsonencode({ Effect = "Deny", Principal = "*", Action = "sts:AssumeRoleWithWebIdentity" })]"#;
    let error = denied("irsa", shadow);
    assert!(error.summary.contains("IRSA"), "{error}");
}

#[test]
fn a_role_that_others_manage_is_warned_of_at_plan_and_refused_at_apply_while_it_keeps_the_pods_out() {
    for mode in ["pod_identity", "irsa"] {
        let lab = Lab::new(Cli::Terraform, Profile::Strict);
        let arn = lab.aws.create_role(LEGACY, &others(&lab));
        let configuration = binding(&format!("mode = \"{mode}\"\n role_arn = \"{arn}\""));
        let plan = lab.plan(&configuration);
        // What else may be said of the role has a code.
        let told = warnings(&plan.diagnostics).into_iter();
        let told: Vec<&Diagnostic> = told.filter(|one| !one.summary.starts_with("PIB")).collect();
        let [warning] = &told[..] else { panic!("{told:?}") };
        assert!(warning.summary.ends_with("as it is now"), "{warning}");
        assert!(warning.detail.contains("function `trust_policy`"), "{warning}");
        lab.strict().forget_calls();
        let answer = lab.workspace.try_apply_plan(&plan).unwrap();
        let error = only(answer.errors().cloned().collect());
        assert_eq!(error.summary, warning.summary);
        assert_eq!(lab.strict().writes(), [""; 0]);

        // In time: whoever manages the role gives it what the plan asks for.
        let wanted = &plan.resource(ADDRESS).unwrap()["change"]["after"]["trust_policy"];
        lab.aws
            .set_trust(LEGACY, &serde_json::from_str(wanted.as_str().unwrap()).unwrap());
        let plan = lab.converge(&configuration);
        assert_eq!(warnings(&plan.diagnostics).len(), 0, "{}", plan.output);
        let trust = lab.aws.trust(LEGACY);
        lab.workspace.destroy(&[]).unwrap();
        assert_eq!(lab.aws.trust(LEGACY), trust);
    }
}

fn only(mut errors: Vec<Diagnostic>) -> Diagnostic {
    assert_eq!(errors.len(), 1, "{errors:?}");
    errors.remove(0)
}
