//! Whether the trust policies of roles let a binding's own pods in.

use pod_identity_core::binding::{
    Binding, ConditionMechanism, Fact, Facts, Found, Mode, ObservedRole, Trust, TrustCondition,
};
use tfmodel::{Severity, Value};

use super::{config, facts, settings, try_plan, with_role_arn};

const PODS: &str =
    r#""Principal": {"Service": "pods.eks.amazonaws.com"}, "Action": ["sts:AssumeRole", "sts:TagSession"]"#;

fn of_role(trust_policy: &str) -> Facts {
    Facts {
        role: Fact::Known(Found {
            what: ObservedRole {
                trust_policy: trust_policy.to_owned(),
                ..ObservedRole::default()
            },
            ..Found::default()
        }),
        ..facts()
    }
}

fn corpus(name: &str) -> String {
    std::fs::read_to_string(format!(
        "{}/../tests/corpus/policies/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    ))
    .unwrap()
}

fn policy(statements: &str) -> String {
    format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#)
}

/// Severity, summary, place and detail of all that a plan says.
fn told(config: &Binding, facts: &Facts) -> Vec<(Severity, String, String, String)> {
    let found = match try_plan(None, config, facts, &settings()) {
        Ok((_, warnings)) => warnings,
        Err(problems) => problems,
    };
    found
        .iter()
        .map(|one| {
            (
                one.severity,
                one.summary.clone(),
                one.path.clone().unwrap_or_default().to_string(),
                one.detail.clone(),
            )
        })
        .collect()
}

#[track_caller]
fn says(config: &Binding, facts: &Facts, expected: &[(Severity, &str, &str)]) {
    let found = told(config, facts);
    let found: Vec<_> = found
        .iter()
        .map(|(severity, summary, place, _)| (*severity, summary.as_str(), place.as_str()))
        .collect();
    assert_eq!(found, expected);
}

fn with_condition(mode: Mode, test: &str, variable: &str, value: &str) -> Binding {
    Binding {
        trust: Value::Known(Trust {
            conditions: Value::Known(vec![Value::Known(TrustCondition {
                test: test.into(),
                variable: variable.into(),
                values: Value::Known(vec![value.into()]),
                mechanism: Value::Known(ConditionMechanism::Both),
            })]),
            ..Trust::default()
        }),
        ..config(mode)
    }
}

fn with_statement(statement: &str) -> Binding {
    Binding {
        trust: Value::Known(Trust {
            statements: Value::Known(vec![statement.into()]),
            ..Trust::default()
        }),
        ..config(Mode::PodIdentity)
    }
}

#[test]
fn an_existing_role_that_refuses_the_pods_is_warned_of_for_each_mechanism() {
    let refused = (
        Severity::Warning,
        "Role refuses pods that come through EKS Pod Identity, as it is now",
        "role_arn",
    );
    let irsa = of_role(&corpus("irsa"));
    says(&with_role_arn(Mode::Dual, false), &irsa, &[refused]);
    says(&with_role_arn(Mode::Irsa, false), &irsa, &[]);
    let open = of_role(&policy(&format!(r#"{{"Effect": "Allow", {PODS}}}"#)));
    says(
        &with_role_arn(Mode::PodIdentity, false),
        &open,
        &[(
            Severity::Warning,
            "PIB203: Pod Identity trust is open to every association of the account (`arn:aws:iam::111122223333:role/api`)",
            "role_arn",
        )],
    );

    let of_another = of_role(&policy(&format!(
        r#"{{"Effect": "Allow", {PODS}, "Condition": {{"StringEquals": {{"aws:RequestTag/kubernetes-namespace": "dev"}}}}}}"#
    )));
    let any_cluster = "PIB205: Pod Identity trust names a namespace of any cluster";
    says(
        &with_role_arn(Mode::PodIdentity, false),
        &of_another,
        &[refused, (Severity::Warning, any_cluster, "role_arn")],
    );
    let detail = &told(&with_role_arn(Mode::PodIdentity, false), &of_another)[0].3;
    assert!(
        detail.contains("`aws:RequestTag/kubernetes-namespace` is `prod` here, and the statement wants `dev`"),
        "{detail}"
    );
}

#[test]
fn an_existing_role_of_which_nobody_can_tell_is_warned_of_more_quietly() {
    let unknown = of_role(&policy(&format!(
        r#"{{"Effect": "Allow", {PODS}, "Condition": {{"ArnLike": {{"aws:SourceArn": "arn:aws:eks:*:111122223333:*"}}}}}}"#
    )));
    says(
        &with_role_arn(Mode::PodIdentity, false),
        &unknown,
        &[(
            Severity::Warning,
            "Role may refuse pods that come through EKS Pod Identity",
            "role_arn",
        )],
    );
}

#[test]
fn of_a_role_whose_issuer_is_not_known_yet_nothing_is_said() {
    let mut facts = of_role(&corpus("irsa"));
    facts.cluster = Fact::Absent;
    says(&with_role_arn(Mode::Irsa, false), &facts, &[]);
}

#[test]
fn statements_that_the_binding_keeps_in_a_role_count() {
    // The statement that somebody wrote by hand is not needed any more.
    says(
        &with_role_arn(Mode::Dual, true),
        &of_role(&corpus("irsa")),
        &[(Severity::Warning, "PIB350: Statement stands twice", "role_arn")],
    );
    let denied = of_role(&policy(
        r#"{"Effect": "Deny", "Principal": "*", "Action": "*", "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}"#,
    ));
    says(
        &with_role_arn(Mode::PodIdentity, true),
        &denied,
        &[(
            Severity::Error,
            "Trust policy would refuse the binding's own pods through EKS Pod Identity",
            "role_arn",
        )],
    );
}

#[test]
fn conditions_that_the_binding_s_own_pods_cannot_meet_are_an_error() {
    says(
        &with_condition(
            Mode::Dual,
            "StringEquals",
            "aws:PrincipalTag/kubernetes-namespace",
            "prod",
        ),
        &facts(),
        &[
            (
                Severity::Error,
                "Trust policy would refuse the binding's own pods through IRSA",
                "trust",
            ),
            (
                Severity::Error,
                "Trust policy would refuse the binding's own pods through EKS Pod Identity",
                "trust",
            ),
        ],
    );
    says(
        &with_statement(&format!(
            r#"{{"Effect": "Deny", {PODS}, "Condition": {{"StringEquals": {{"aws:RequestTag/kubernetes-namespace": "prod"}}}}}}"#
        )),
        &facts(),
        &[(
            Severity::Error,
            "Trust policy would refuse the binding's own pods through EKS Pod Identity",
            "trust",
        )],
    );
}

#[test]
fn conditions_of_which_nobody_can_tell_are_warned_of() {
    says(
        &with_condition(Mode::PodIdentity, "StringEquals", "aws:SourceOrgID", "o-a1b2c3d4e5"),
        &facts(),
        &[(
            Severity::Warning,
            "Trust policy may refuse the binding's own pods through EKS Pod Identity",
            "trust",
        )],
    );
    says(
        &with_condition(
            Mode::PodIdentity,
            "StringEquals",
            "aws:RequestTag/eks-cluster-name",
            "main",
        ),
        &facts(),
        &[],
    );
}

#[test]
fn a_statement_that_iam_refuses_is_an_error_once() {
    let mut both = with_statement(r#"{"Effect": "Deny", "NotPrincipal": {"AWS": "111122223333"}, "Action": "*"}"#);
    both.mode = Value::Known(Mode::Dual);
    says(
        &both,
        &facts(),
        &[(Severity::Error, "IAM would refuse the trust policy", "trust")],
    );
}

#[test]
fn a_pattern_stands_for_pods_that_fit_it() {
    let pattern = Binding {
        service_account: "api-*".into(),
        ..config(Mode::Irsa)
    };
    says(&pattern, &facts(), &[]);
}

#[test]
fn a_pattern_of_which_some_pods_are_let_in_is_no_error() {
    let pattern = |test: &str, name: &str| Binding {
        service_account: "api-*".into(),
        ..with_condition(
            Mode::Irsa,
            test,
            "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE:sub",
            name,
        )
    };
    says(
        &pattern("StringEqualsIgnoreCase", "system:serviceaccount:prod:api-1"),
        &facts(),
        &[(
            Severity::Warning,
            "Trust policy may refuse the binding's own pods through IRSA",
            "trust",
        )],
    );
    let elsewhere = Binding {
        service_account: "api-*".into(),
        ..with_condition(Mode::Irsa, "StringEquals", "aws:SourceAccount", "111122223333")
    };
    says(
        &elsewhere,
        &facts(),
        &[(
            Severity::Error,
            "Trust policy would refuse the binding's own pods through IRSA",
            "trust",
        )],
    );
}

#[test]
fn the_placeholder_of_a_binding_that_is_gone_goes_and_keeps_nobody_out() {
    let empty = of_role(&policy(
        r#"{"Sid": "PibNobody", "Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}"#,
    ));
    says(&with_role_arn(Mode::PodIdentity, true), &empty, &[]);
}

#[test]
fn what_iam_holds_already_it_does_not_refuse() {
    let strange = of_role(&policy(
        r#"{"Sid": "CI and CD", "Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}"#,
    ));
    let found = [
        (
            Severity::Warning,
            "PIB352: Sid holds characters that IAM does not take",
            "role_arn",
        ),
        (
            Severity::Warning,
            "PIB311: Trust policy lets a whole account in",
            "role_arn",
        ),
    ];
    says(&with_role_arn(Mode::Dual, true), &strange, &found);
    let mut own = with_condition(Mode::PodIdentity, "StringEquals", "SourceAccount", "111122223333");
    own.role = Value::Null;
    own.role_arn = with_role_arn(Mode::PodIdentity, true).role_arn;
    own.manage_trust_policy = Value::Known(true);
    says(
        &own,
        &strange,
        &[(Severity::Error, "IAM would refuse the trust policy", "role_arn")],
    );
}

#[test]
fn variables_are_text_where_the_policy_of_somebody_else_stays_of_the_first_version() {
    let own_name = with_condition(
        Mode::PodIdentity,
        "StringEquals",
        "aws:RequestTag/eks-cluster-name",
        "${aws:RequestTag/eks-cluster-name}",
    );
    let existing = Binding {
        role: Value::Null,
        ..own_name.clone()
    };
    let existing = Binding {
        role_arn: with_role_arn(Mode::PodIdentity, true).role_arn,
        manage_trust_policy: Value::Known(true),
        ..existing
    };
    says(&own_name, &facts(), &[]);
    let old = |value: &str| {
        of_role(&format!(
            r#"{{"Version": "2008-10-17", "Statement": [{{"Effect": "Allow", "Principal": {{"AWS": "111122223333"}}, "Action": "sts:AssumeRole",
                "Condition": {{"StringEquals": {{"aws:PrincipalTag/team": "{value}"}}}}}}]}}"#
        ))
    };
    says(&existing, &old("a"), &[]);
    says(
        &existing,
        &old("${team}"),
        &[(
            Severity::Error,
            "Trust policy would refuse the binding's own pods through EKS Pod Identity",
            "role_arn",
        )],
    );
}
