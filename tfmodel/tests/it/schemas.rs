//! The schema that a model derives.

use std::collections::BTreeMap;
use std::sync::Arc;

use tfmodel::equality::Json;
use tfmodel::model::Set;
use tfmodel::schema::{
    Attribute, BlockNesting, KeepPrior, NestedBlock, Nesting, Replace, SemanticEquality, Shape, SiblingRule, Usage,
};
use tfmodel::timeouts::Timeouts;
use tfmodel::validators::{length, size};
use tfmodel::{Model, Type, Value};

#[derive(Clone, Copy, Debug, PartialEq, Model)]
enum Mode {
    PodIdentity,
    Irsa,
    Dual,
}

/// Text of a policy.
#[derive(Clone, Debug, PartialEq, Model)]
#[tf(meaning = Json)]
struct PolicyJson(String);

/// A role that a binding owns.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Role {
    /// Name of the role.
    #[tf(optional, computed, replace_if_configured)]
    name: Value<String>,
    /// Secret of the role.
    #[tf(optional, write_only)]
    secret: Value<String>,
}

/// Lets the pods of one service account use one IAM role.
///
/// More about it.
#[derive(Clone, Debug, Default, PartialEq, Model)]
#[tf(version = 3)]
struct Binding {
    /// Name of the EKS cluster. It may not exist yet.
    #[tf(required, replace, validate(length(1..=100)))]
    cluster_name: Value<String>,
    /// How pods get credentials.
    #[tf(default = Mode::PodIdentity)]
    mode: Value<Mode>,
    /// A role that this binding owns.
    #[tf(optional, at_least_one_of(role, role_arn))]
    role: Value<Role>,
    /// A role that exists.
    #[tf(optional, computed, at_least_one_of(role, role_arn), replace_when = is_other_account)]
    role_arn: Value<String>,
    /// Policy that narrows the session.
    #[tf(optional, conflicts_with(r#type))]
    session_policy: Value<PolicyJson>,
    #[tf(optional, description = "Tags on role and association.", validate(size(..=50)))]
    tags: Value<BTreeMap<String, Value<String>>>,
    /// Its kind.
    #[tf(default = "plain", deprecated = "Nobody needs it.")]
    r#type: Value<String>,
    /// A token.
    #[tf(computed, sensitive, keep_prior)]
    token: Value<String>,
    /// What the last change does, in order.
    #[tf(computed, keep_prior_non_null, rename = "steps")]
    steps_of_change: Value<Vec<Plain>>,
    #[tf(block)]
    timeouts: Timeouts,
    /// Findings to waive.
    #[tf(block, min = 1, max = 3, deprecated = "Write findings.", validate(size(..=3)), replace)]
    waive: Vec<Role>,
    #[tf(block)]
    endpoint: Set<Plain>,
    #[tf(block)]
    maybe: Option<Plain>,
    #[tf(block, required)]
    surely: Plain,
}

#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Plain {
    #[tf(required)]
    url: String,
}

fn is_other_account(prior: &Value, planned: &Value) -> bool {
    prior != planned
}

fn attribute(name: &str) -> Attribute {
    Binding::schema().block.attribute(name).cloned().expect(name)
}

fn block(name: &str) -> NestedBlock {
    Binding::schema().block.nested(name).cloned().expect(name)
}

#[test]
fn attributes_and_blocks_stand_in_the_order_of_their_names() {
    let schema = Binding::schema();
    let names: Vec<&str> = schema.block.attributes.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "cluster_name",
            "mode",
            "role",
            "role_arn",
            "session_policy",
            "steps",
            "tags",
            "token",
            "type"
        ]
    );
    let names: Vec<&str> = schema.block.blocks.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["endpoint", "maybe", "surely", "timeouts", "waive"]);
}

#[test]
fn descriptions_are_first_paragraphs() {
    assert_eq!(Binding::schema().version, 3);
    assert_eq!(
        Binding::schema().block.description,
        "Lets the pods of one service account use one IAM role."
    );
    assert_eq!(
        attribute("cluster_name").description,
        "Name of the EKS cluster. It may not exist yet."
    );
    assert_eq!(attribute("tags").description, "Tags on role and association.");
    assert_eq!(block("waive").block.description, "Findings to waive.");
}

#[test]
fn types_follow_the_fields() {
    let role = Type::object([("name", Type::String), ("secret", Type::String)]);
    let ty = |name: &str| attribute(name).ty();
    assert_eq!(ty("mode"), Type::String);
    assert_eq!(ty("tags"), Type::map(Type::String));
    assert_eq!(ty("role"), role);
    assert_eq!(ty("steps"), Type::list(Type::object([("url", Type::String)])));
    assert!(matches!(attribute("role").shape, Shape::Nested(Nesting::Single, attributes) if attributes.len() == 2));
    assert!(matches!(attribute("steps").shape, Shape::Nested(Nesting::List, _)));
    assert!(matches!(attribute("tags").shape, Shape::Plain(_)));
}

#[test]
fn usage_says_who_sets_an_attribute() {
    for (name, usage) in [
        ("cluster_name", Usage::Required),
        ("mode", Usage::OptionalComputed),
        ("role", Usage::Optional),
        ("role_arn", Usage::OptionalComputed),
        ("token", Usage::Computed),
        ("type", Usage::OptionalComputed),
    ] {
        assert_eq!(attribute(name).usage, usage, "{name}");
    }
}

#[test]
fn behaviour_follows_the_options() {
    assert!(matches!(attribute("cluster_name").behaviour.replace, Replace::Changed));
    assert!(matches!(attribute("role_arn").behaviour.replace, Replace::When(_)));
    assert!(matches!(attribute("mode").behaviour.replace, Replace::Never));
    assert_eq!(attribute("mode").behaviour.default, Some(Value::string("pod_identity")));
    assert_eq!(attribute("type").behaviour.default, Some(Value::string("plain")));
    assert_eq!(attribute("type").deprecation.as_deref(), Some("Nobody needs it."));
    assert_eq!(attribute("token").behaviour.keep_prior, KeepPrior::Always);
    assert_eq!(attribute("steps").behaviour.keep_prior, KeepPrior::NonNull);
    assert!(attribute("token").sensitive && !attribute("type").sensitive);
    let Shape::Nested(_, role) = attribute("role").shape else {
        panic!("role has no nested attributes");
    };
    assert!(role.iter().any(|it| it.name == "secret" && it.write_only));
}

#[test]
fn checks_come_from_the_options_and_from_the_type() {
    let checks = |name: &str| -> Vec<String> {
        let validators = attribute(name).behaviour.validators;
        validators.iter().map(|check| check.description()).collect()
    };
    assert_eq!(checks("cluster_name"), ["It has to be 1 to 100 characters long."]);
    assert_eq!(checks("mode"), ["It has to be one of `pod_identity`, `irsa`, `dual`."]);
    assert_eq!(checks("tags"), ["It has to have at most 50 elements."]);
    assert!(checks("type").is_empty());
}

#[test]
fn equality_belongs_to_the_type() {
    let equality: Arc<dyn SemanticEquality> = attribute("session_policy").behaviour.equality.unwrap();
    assert!(equality.equal(&Value::string("{ }"), &Value::string("{}")));
    assert!(attribute("type").behaviour.equality.is_none());
}

#[test]
fn rules_name_siblings_as_hcl_does() {
    let one_role = SiblingRule::AtLeastOneOf(vec!["role", "role_arn"]);
    assert_eq!(attribute("role").behaviour.rules, std::slice::from_ref(&one_role));
    assert_eq!(attribute("role_arn").behaviour.rules, [one_role]);
    assert_eq!(
        attribute("session_policy").behaviour.rules,
        [SiblingRule::ConflictsWith(vec!["type"])]
    );
}

#[test]
fn blocks_nest_as_their_types_say() {
    for (name, nesting) in [
        ("endpoint", BlockNesting::Set { min: 0, max: 0 }),
        ("maybe", BlockNesting::Single { required: false }),
        ("surely", BlockNesting::Single { required: true }),
        ("timeouts", BlockNesting::Group),
        ("waive", BlockNesting::List { min: 1, max: 3 }),
    ] {
        assert_eq!(block(name).nesting, nesting, "{name}");
    }
    assert_eq!(block("waive").block.deprecation.as_deref(), Some("Write findings."));
    assert_eq!(block("timeouts").block.attributes.len(), 4);
    assert!(matches!(block("waive").replace, Replace::Changed));
    assert!(matches!(block("endpoint").replace, Replace::Never));
    assert_eq!(block("waive").validators.len(), 1);
}
