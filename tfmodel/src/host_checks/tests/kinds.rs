//! What the answers of other kinds than managed resources are held against.

use super::{NONE, problems};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::host_checks::{Listed, ephemeral_opened, generated_config, listed, moved};
use crate::schema::build::{list, map, nested, nested_block, schema, set, string, text};
use crate::schema::{Attribute, BlockNesting, Nesting, Schema, Usage};
use crate::value::Value;

fn tokens() -> Schema {
    schema(
        vec![
            string("name", Usage::Required),
            string("scope", Usage::OptionalComputed),
            string("token", Usage::Computed),
        ],
        vec![],
    )
}

fn token(name: &str, scope: Value, token: Value) -> Value {
    Value::object([("name", text(name)), ("scope", scope), ("token", token)])
}

fn opened(config: Value, result: Value) -> Vec<String> {
    problems(&ephemeral_opened(&tokens(), &config, &result))
}

#[test]
fn what_is_opened_is_what_was_configured_and_what_the_provider_adds() {
    let config = || token("a", Value::Null, Value::Null);
    assert_eq!(opened(config(), token("a", text("all"), text("t"))), NONE);
    assert_eq!(
        opened(config(), token("b", text("all"), text("t"))),
        ["`name` must be as it is configured"]
    );
    assert_eq!(
        opened(token("a", text("one"), Value::Null), token("a", text("all"), text("t"))),
        ["`scope` must be as it is configured"]
    );
}

#[test]
fn what_is_opened_is_there_and_wholly_known() {
    let config = || token("a", Value::Null, Value::Null);
    assert_eq!(opened(config(), Value::Null), ["The object is null"]);
    assert_eq!(
        opened(config(), token("a", Value::Null, Value::unknown())),
        ["`token` is unknown, but only a plan may leave values open"]
    );
    assert_eq!(
        opened(config(), Value::object([("name", text("a"))])),
        ["The object does not fit its schema: attribute `scope` is missing"]
    );
}

#[test]
fn what_is_moved_is_there_and_can_be_stored() {
    let schema = tokens();
    assert_eq!(problems(&moved(&schema, &token("a", Value::Null, Value::Null))), NONE);
    assert_eq!(problems(&moved(&schema, &Value::Null)), ["The object is null"]);
    assert_eq!(
        problems(&moved(&schema, &token("a", Value::Null, Value::unknown()))),
        ["`token` is unknown, but only a plan may leave values open"]
    );
}

fn identities() -> Schema {
    schema(vec![string("name", Usage::Required)], vec![])
}

fn known_as(name: &str) -> Value {
    Value::object([("name", text(name))])
}

fn list_event(identity: &Value, object: &Value, with_objects: bool, diagnostics: &Diagnostics) -> Vec<String> {
    let event = Listed {
        identity,
        object,
        with_objects,
        diagnostics,
    };
    problems(&listed(&tokens(), &identities(), event))
}

#[test]
fn what_is_listed_has_an_identity_unless_something_is_said_instead() {
    let (silent, gone) = (Diagnostics::new(), Value::Null);
    assert_eq!(list_event(&known_as("a"), &gone, false, &silent), NONE);
    assert_eq!(
        list_event(&gone, &gone, false, &silent),
        ["The identity is missing, and the resource has one"]
    );
    let warning = Diagnostics::from(Diagnostic::warning("Skipped", "One could not be read."));
    assert_eq!(list_event(&gone, &gone, true, &warning), NONE);
    assert_eq!(
        list_event(&Value::unknown(), &gone, false, &warning),
        ["The identity is unknown, but only a plan may leave values open"]
    );
    let error = Diagnostics::from(Diagnostic::error("Refused", "Nothing may be listed."));
    assert_eq!(list_event(&gone, &gone, true, &error), NONE);
}

#[test]
fn what_is_listed_comes_with_its_object_if_the_host_asked_for_it() {
    let silent = Diagnostics::new();
    let object = token("a", Value::Null, text("t"));
    assert_eq!(list_event(&known_as("a"), &object, true, &silent), NONE);
    assert_eq!(
        list_event(&known_as("a"), &Value::Null, true, &silent),
        ["The listed object is missing, and the host asked for it; say in a diagnostic why it cannot be had"]
    );
    let warning = Diagnostics::from(Diagnostic::warning("Denied", "It may be listed and not read."));
    assert_eq!(list_event(&known_as("a"), &Value::Null, true, &warning), NONE);
    assert_eq!(
        list_event(
            &known_as("a"),
            &token("a", Value::Null, Value::unknown()),
            true,
            &silent
        ),
        ["`token` of the listed object is unknown, but only a plan may leave values open"]
    );
}

fn generated(schema: &Schema, state: &Value, config: &Value) -> Vec<String> {
    problems(&generated_config(schema, state, config))
}

#[test]
fn a_generated_configuration_sets_only_what_a_configuration_can_set() {
    let schema = tokens();
    let state = token("a", text("all"), text("t"));
    assert_eq!(generated(&schema, &state, &token("a", Value::Null, Value::Null)), NONE);
    assert_eq!(
        generated(&schema, &state, &token("a", text("all"), text("t"))),
        ["`token` of the generated configuration is set by the provider only, so it must be null"]
    );
    assert_eq!(
        generated(&schema, &state, &Value::Null),
        ["The generated configuration is null"]
    );
    assert_eq!(
        generated(&schema, &state, &token("a", Value::unknown(), Value::Null)),
        ["`scope` of the generated configuration is unknown, but only a plan may leave values open"]
    );
}

#[test]
fn a_generated_configuration_sets_what_it_must_and_the_object_has() {
    let schema = schema(vec![string("name", Usage::Required)], vec![]);
    let nameless = || Value::object([("name", Value::Null)]);
    assert_eq!(
        generated(&schema, &known_as("a"), &nameless()),
        ["`name` of the generated configuration is required and the object has it, so it must not be null"]
    );
    // What the provider could not read is left to the user.
    assert_eq!(generated(&schema, &nameless(), &nameless()), NONE);
}

#[test]
fn a_generated_configuration_holds_no_write_only_value() {
    let secret = Attribute {
        write_only: true,
        ..string("secret", Usage::Optional)
    };
    let schema = schema(vec![secret], vec![]);
    let with = |secret| Value::object([("secret", secret)]);
    assert_eq!(
        generated(&schema, &with(Value::Null), &with(text("s"))),
        ["`secret` of the generated configuration is write-only, so the provider must return null for it"]
    );
}

#[test]
fn a_generated_configuration_is_checked_at_any_depth() {
    let inner = || vec![string("id", Usage::Computed)];
    let schema = schema(
        vec![
            nested("l", Nesting::List, Usage::Optional, inner()),
            nested("m", Nesting::Map, Usage::Optional, inner()),
            nested("s", Nesting::Set, Usage::Optional, inner()),
        ],
        vec![nested_block("b", BlockNesting::Group, inner(), vec![])],
    );
    let one = || Value::object([("id", text("1"))]);
    let value = Value::object([
        ("b", one()),
        ("l", list([one()])),
        ("m", map([("k", one())])),
        ("s", set([one()])),
    ]);
    let rule = "of the generated configuration is set by the provider only, so it must be null";
    assert_eq!(
        generated(&schema, &value, &value),
        ["l[0].id", "m[\"k\"].id", "s.id", "b.id"].map(|place| format!("`{place}` {rule}"))
    );
}
