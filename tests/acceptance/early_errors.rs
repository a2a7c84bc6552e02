//! What cannot work is said by `validate` or in the plan, at its argument; and what is said of many bindings is not lost.

use tfplugin_testing::cli::{Cli, Diagnostic};

use crate::lab::{CLUSTER, Lab, Profile, binding, warnings};

struct Mistake {
    arguments: &'static str,
    /// The argument in whose line something is underlined.
    attribute: &'static str,
    /// What the summary has in it.
    summary: &'static str,
}

const IN_CONFIGURATION: [Mistake; 7] = [
    Mistake {
        arguments: "role = {}\n disable_session_tags = false\n session_policy = jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Action = \"s3:GetObject\", Resource = \"*\" }] })",
        attribute: "session_policy",
        summary: "PIB220: ",
    },
    Mistake {
        arguments: "role = {}\n session_policy = jsonencode({ Version = \"2012-10-17\", Statement = [] })",
        attribute: "session_policy",
        summary: "PIB418: ",
    },
    Mistake {
        arguments: "role = {}\n mode = \"irsa\"\n target_role_arn = \"arn:aws:iam::999988887777:role/data\"",
        attribute: "target_role_arn",
        summary: "PIB423: ",
    },
    Mistake {
        arguments: "role = {}\n mode = \"irsa\"\n session_policy = jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Action = \"s3:GetObject\", Resource = \"*\" }] })",
        attribute: "session_policy",
        summary: "Session policy needs EKS Pod Identity",
    },
    Mistake {
        arguments: "role = {}\n tags = { Team = \"a\", team = \"b\" }",
        attribute: "tags",
        summary: "Tag keys differ only in case",
    },
    Mistake {
        arguments: "role = {}\n tags = { \"aws:x\" = \"y\" }",
        attribute: "tags",
        summary: "Tag key is reserved",
    },
    Mistake {
        arguments: "role = {}\n mode = \"irsa\"\n trust = { scope = \"account\" }",
        // Hosts find no place within an object that is an argument.
        attribute: "resource",
        summary: "IRSA cannot trust a whole account",
    },
];

#[test]
fn mistakes_in_the_configuration_are_found_without_aws_and_placed() {
    let lab = Lab::without_cluster(Cli::Terraform, Profile::Strict);
    for mistake in &IN_CONFIGURATION {
        let configuration = binding(mistake.arguments);
        lab.workspace.write("main.tf", &configuration).unwrap();
        let answer = lab.workspace.validate().unwrap();
        let errors: Vec<&Diagnostic> = answer.errors().collect();
        let [error] = &errors[..] else {
            panic!("{errors:#?}\nof\n{configuration}")
        };
        assert!(error.summary.contains(mistake.summary), "{}: {error}", mistake.summary);
        assert!(error.code.trim_start().starts_with(mistake.attribute), "{error}");
    }
    assert_eq!(lab.strict().calls(), []);
}

#[test]
fn what_aws_would_refuse_is_refused_in_the_plan() {
    let lab = Lab::new(Cli::Terraform, Profile::Strict);
    let long = "x".repeat(2100);
    for (arguments, summary, said) in [
        (
            "role_arn = \"arn:aws:iam::999988887777:role/theirs\"".to_owned(),
            "Role in another account",
            "mode `irsa`",
        ),
        (
            format!(
                "role = {{}}\n trust = {{ conditions = [{{ test = \"StringNotEquals\", variable = \"aws:PrincipalTag/x\", values = [\"{long}\"] }}] }}"
            ),
            "Trust policy is too large",
            "trust_policy_quota",
        ),
    ] {
        let refused = lab.refused(&binding(&arguments));
        let [error] = &refused[..] else { panic!("{refused:#?}") };
        assert_eq!(error.summary, summary);
        assert!(error.detail.contains(said), "{error}");
        assert!(error.attribute.is_some(), "{error}");
    }
}

/// Pods use IRSA, and with an association they would get nothing: each reason stops, has a code, and can be told to be known.
#[test]
fn an_association_that_would_take_irsa_away_is_stopped_unless_its_code_is_skipped() {
    let lab = Lab::new(Cli::Terraform, Profile::Strict);
    let owned = |mode: &str, more: &str| {
        binding(&format!(
            "mode = \"{mode}\"\n role = {{ name = \"shop-checkout\" }}\n {more}"
        ))
    };
    lab.converge(&owned("irsa", ""));
    let cluster = lab.strict_cluster();
    cluster.remove_addon("eks-pod-identity-agent");
    cluster.fargate_profile("shop", "shop", &[]);
    let nodes = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
    let node_role = lab
        .strict_account()
        .create_role("nodes", &serde_json::from_str(nodes).unwrap());
    cluster.nodegroup("workers", &node_role);

    let refused = lab.refused(&owned("dual", ""));
    let mut codes: Vec<&str> = refused.iter().filter_map(code_to_skip).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["PIB416", "PIB424", "PIB425"], "{refused:#?}");
    assert!(
        refused.iter().all(|error| error.attribute.as_deref() == Some("mode")),
        "{refused:#?}"
    );

    let refused = lab.refused(&owned("dual", r#"skip_preflight = ["PIB416", "PIB425"]"#));
    assert_eq!(refused.iter().filter_map(code_to_skip).collect::<Vec<_>>(), ["PIB424"]);
    let plan = lab.plan(&owned(
        "dual",
        r#"skip_preflight = ["PIB416", "PIB425", "missing-agent"]"#,
    ));
    assert_eq!(warnings(&plan.diagnostics).len(), 3, "{}", plan.output);
    lab.apply(&plan);
}

fn code_to_skip(error: &Diagnostic) -> Option<&str> {
    let (_, rest) = error.detail.split_once("add `")?;
    let (code, rest) = rest.split_once('`')?;
    rest.starts_with(" to `skip_preflight`").then_some(code)
}

/// Hosts fold warnings of one summary into one. What concerns security names its binding in the summary.
#[test]
fn one_finding_about_many_bindings_is_folded_unless_it_is_about_security() {
    for cli in [Cli::Terraform, Cli::Tofu] {
        let lab = Lab::new(cli, Profile::Strict);
        lab.strict_cluster().remove_addon("eks-pod-identity-agent");
        let configuration = format!(
            r#"
            resource "pod_identity_binding" "many" {{
              for_each        = toset(["cart", "checkout", "orders"])
              cluster_name    = "{CLUSTER}"
              namespace       = "shop"
              service_account = each.key
              role            = {{}}
              trust           = {{ scope = "account" }}
            }}
            "#
        );
        lab.workspace.write("main.tf", &configuration).unwrap();
        // As people see it: the folding is not in the JSON.
        let shown = lab.workspace.succeed(&["plan", "-no-color", "-input=false"]).unwrap();
        let count = |text: &str| shown.matches(text).count();
        assert_eq!(
            count("Warning: PIB424: Cluster has no EKS Pod Identity agent"),
            1,
            "{shown}"
        );
        for name in ["cart", "checkout", "orders"] {
            let summary = format!("/shop/{name}`");
            assert!(count(&summary) >= 1, "{summary}: {shown}");
        }
        assert_eq!(count("Warning: PIB203: "), 3, "{shown}");
    }
}
