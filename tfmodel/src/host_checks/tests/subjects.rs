//! What a schema may not hold because of what it describes.

use super::NONE;
use crate::host_checks::Subject;
use crate::schema::build::{attribute, nested, nested_block, schema, string};
use crate::schema::{Attribute, BlockNesting, KeepPrior, NestedBlock, Nesting, Schema, Usage};
use crate::ty::Type;

const ALL: [Subject; 8] = [
    Subject::Provider,
    Subject::ProviderMeta,
    Subject::Resource,
    Subject::DataSource,
    Subject::EphemeralResource,
    Subject::ListResource,
    Subject::Action,
    Subject::Identity,
];

fn check(schema: &Schema, subject: Subject) -> Vec<String> {
    schema.check_as(subject).iter().map(ToString::to_string).collect()
}

/// The subjects for which the schema is refused.
fn refused(schema: &Schema, problem: &str) -> Vec<Subject> {
    let refused = |subject: &Subject| check(schema, *subject).iter().any(|found| found == problem);
    ALL.into_iter().filter(refused).collect()
}

fn of(attribute: Attribute) -> Schema {
    schema(vec![attribute], vec![])
}

fn named(name: &str) -> Vec<Subject> {
    let problem = format!("`{name}` is a name that the language keeps for itself");
    let as_attribute = refused(&of(string(name, Usage::Optional)), &problem);
    let block = nested_block(name, BlockNesting::Group, vec![], vec![]);
    assert_eq!(refused(&schema(vec![], vec![block]), &problem), as_attribute);
    // Deeper down the host has no words of its own.
    let inside = nested(
        "x",
        Nesting::Single,
        Usage::Optional,
        vec![string(name, Usage::Optional)],
    );
    assert_eq!(refused(&of(inside), &problem), []);
    as_attribute
}

#[test]
fn the_hosts_own_words_are_no_names_at_the_root() {
    use Subject::{DataSource, EphemeralResource, Provider, Resource};
    for name in ["_", "count", "for_each", "depends_on", "lifecycle", "locals"] {
        assert_eq!(
            named(name),
            [Provider, Resource, DataSource, EphemeralResource],
            "{name}"
        );
    }
    for name in ["connection", "provider", "provisioner"] {
        assert_eq!(named(name), [Resource, DataSource, EphemeralResource]);
    }
    for name in ["alias", "version", "source"] {
        assert_eq!(named(name), [Provider]);
    }
    assert_eq!(named("config"), []);
}

#[test]
fn nothing_is_computed_where_nobody_asks_for_a_result() {
    use Subject::{Action, Identity, ListResource, Provider, ProviderMeta};
    let silent = [Provider, ProviderMeta, ListResource, Action, Identity];
    let problem = |path: &str| format!("`{path}` is computed, and the host never asks what the provider made of it");
    for usage in [Usage::Computed, Usage::OptionalComputed] {
        assert_eq!(refused(&of(string("x", usage)), &problem("x")), silent);
        let inside = nested("x", Nesting::List, Usage::Optional, vec![string("y", usage)]);
        assert_eq!(refused(&of(inside), &problem("x.y")), silent);
    }
}

#[test]
fn write_only_attributes_are_for_managed_resources_and_actions() {
    let mut secret = string("x", Usage::Optional);
    secret.write_only = true;
    let problem = "`x` is write-only, which only attributes of managed resources and actions can be";
    let allowed = [Subject::Resource, Subject::Action];
    let others: Vec<_> = ALL.into_iter().filter(|subject| !allowed.contains(subject)).collect();
    assert_eq!(refused(&of(secret), problem), others);
}

#[test]
fn computed_blocks_are_for_managed_resources() {
    let block = NestedBlock {
        computed: Some(KeepPrior::No),
        ..nested_block("x", BlockNesting::Map, vec![], vec![])
    };
    let problem = "`x` is a computed block, and only managed resources have those";
    let others: Vec<_> = ALL
        .into_iter()
        .filter(|subject| *subject != Subject::Resource)
        .collect();
    assert_eq!(refused(&schema(vec![], vec![block]), problem), others);
}

fn identity(attributes: Vec<Attribute>) -> Vec<String> {
    check(&schema(attributes, vec![]), Subject::Identity)
}

#[test]
fn an_identity_holds_primitives_and_lists_of_them() {
    for ty in [Type::Bool, Type::Number, Type::String, Type::list(Type::String)] {
        assert_eq!(identity(vec![attribute("x", ty, Usage::Required)]), NONE);
    }
    let wrong = "`x` is neither a bool, number or string nor a list of them, which is all that identities hold";
    for ty in [
        Type::map(Type::String),
        Type::set(Type::String),
        Type::list(Type::list(Type::String)),
        Type::object([("a", Type::String)]),
        Type::Tuple(vec![Type::String]),
        Type::Dynamic,
    ] {
        assert_eq!(identity(vec![attribute("x", ty, Usage::Required)]), [wrong]);
    }
    let inside = vec![string("y", Usage::Optional)];
    assert_eq!(
        identity(vec![nested("x", Nesting::Single, Usage::Optional, inside)]),
        [wrong]
    );
}

#[test]
fn an_identity_has_attributes_that_are_shown_and_no_blocks() {
    assert_eq!(
        identity(vec![]),
        ["the schema has no attributes, so it identifies nothing"]
    );
    let mut sensitive = string("x", Usage::Optional);
    sensitive.sensitive = true;
    assert_eq!(
        identity(vec![sensitive]),
        ["`x` is sensitive, and identities are shown"]
    );
    let block = nested_block("b", BlockNesting::Group, vec![], vec![]);
    assert_eq!(
        check(
            &schema(vec![string("x", Usage::Required)], vec![block]),
            Subject::Identity
        ),
        ["`b` is a block, and identities have attributes only"]
    );
}

#[test]
fn what_is_wrong_with_any_schema_is_wrong_with_each() {
    let schema = of(string("Wrong", Usage::Required));
    let problem = schema.check()[0].to_string();
    assert_eq!(refused(&schema, &problem), ALL);
}
