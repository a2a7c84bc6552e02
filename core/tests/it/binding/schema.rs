use pod_identity_core::binding::{Binding, Mode, Trust, TrustCondition};
use tfmodel::schema::{Attribute, Shape};
use tfmodel::{Model, Value};

use super::config;

#[test]
fn the_schema_is_one_that_hosts_accept() {
    let problems = Binding::schema().check();
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn every_attribute_says_what_it_means() {
    fn check(attributes: &[Attribute]) {
        for attribute in attributes {
            assert!(
                attribute.description.ends_with('.'),
                "{}: {}",
                attribute.name,
                attribute.description
            );
            if let Shape::Nested(_, nested) = &attribute.shape {
                check(nested);
            }
        }
    }
    let block = Binding::schema().block;
    check(&block.attributes);
    for nested in &block.blocks {
        check(&nested.block.attributes);
    }
}

/// Each bad value with the place of its diagnostic, which is the only one.
#[test]
fn malformed_values_are_found_at_validation() {
    #[track_caller]
    fn check(path: &str, change: impl Fn(&mut Binding)) {
        let mut binding = config(Mode::Irsa);
        change(&mut binding);
        let found: Vec<String> = tfmodel::validate::config(&Binding::schema(), &binding.to_value())
            .iter()
            .map(|problem| problem.path.clone().unwrap_or_default().to_string())
            .collect();
        assert_eq!(found, [path]);
    }
    let role = |change: &dyn Fn(&mut pod_identity_core::binding::Role), binding: &mut Binding| {
        if let Value::Known(role) = &mut binding.role {
            change(role);
        }
    };
    check("cluster_name", |binding| binding.cluster_name = "-x".into());
    check("namespace", |binding| binding.namespace = "Prod".into());
    check("service_account", |binding| binding.service_account = "a_b".into());
    check("region", |binding| binding.region = "europe".into());
    check("oidc_issuer", |binding| binding.oidc_issuer = "https://a b".into());
    check("role.name", |binding| role(&|role| role.name = "a/b".into(), binding));
    check("role.path", |binding| role(&|role| role.path = "x".into(), binding));
    check("role.max_session_duration", |binding| {
        role(&|role| role.max_session_duration = Value::Known(60), binding)
    });
    check("", |binding| binding.role = Value::Null);
    check(r#"role.inline_policies["p"]"#, |binding| {
        let policy = pod_identity_core::binding::PolicyJson("{".to_owned());
        let policies = std::collections::BTreeMap::from([("p".to_owned(), Value::Known(policy))]);
        role(&|role| role.inline_policies = Value::Known(policies.clone()), binding);
    });
    check(r#"role.inline_policies["a b"]"#, |binding| {
        let policy = pod_identity_core::binding::PolicyJson(r#"{"Statement":[]}"#.to_owned());
        let policies = std::collections::BTreeMap::from([("a b".to_owned(), Value::Known(policy))]);
        role(&|role| role.inline_policies = Value::Known(policies.clone()), binding);
    });
    check("role.managed_policy_arns", |binding| {
        let arns = ["AmazonS3ReadOnlyAccess".into()].into_iter().collect();
        role(
            &|role| role.managed_policy_arns = Value::Known(Clone::clone(&arns)),
            binding,
        );
    });
    check("role.permissions_boundary", |binding| {
        role(&|role| role.permissions_boundary = "boundary".into(), binding);
    });
    let condition = |change: &dyn Fn(&mut TrustCondition), binding: &mut Binding| {
        let mut condition = TrustCondition {
            test: "StringEquals".into(),
            variable: "aws:SourceOrgID".into(),
            values: Value::Known(vec!["o-abc".into()]),
            ..TrustCondition::default()
        };
        change(&mut condition);
        binding.trust = Value::Known(Trust {
            conditions: Value::Known(vec![Value::Known(condition)]),
            ..Trust::default()
        });
    };
    check("trust.conditions[0].test", |binding| {
        condition(&|condition| condition.test = "StringEqual".into(), binding);
    });
    check("trust.conditions[0].variable", |binding| {
        condition(&|condition| condition.variable = "SourceOrgID".into(), binding);
    });
    check("trust.conditions[0].values", |binding| {
        condition(&|condition| condition.values = Value::Known(Vec::new()), binding);
    });
}
