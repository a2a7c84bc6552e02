use super::{NONE, problems};
use crate::host_checks::{applied, planned};
use crate::schema::build::{list, map, nested_block, schema, set, string, text};
use crate::schema::{BlockNesting, KeepPrior, NestedBlock, Schema, Usage};
use crate::value::Value;

const LIST: BlockNesting = BlockNesting::List { min: 0, max: 0 };
const SET: BlockNesting = BlockNesting::Set { min: 0, max: 0 };
const SINGLE: BlockNesting = BlockNesting::Single { required: false };

fn rules(nesting: BlockNesting) -> NestedBlock {
    let attributes = vec![string("id", Usage::Computed), string("name", Usage::OptionalComputed)];
    NestedBlock {
        computed: Some(KeepPrior::No),
        ..nested_block("x", nesting, attributes, vec![])
    }
}

fn of(nesting: BlockNesting) -> Schema {
    schema(vec![], vec![rules(nesting)])
}

fn rule(id: Value, name: Value) -> Value {
    Value::object([("id", id), ("name", name)])
}

fn with(x: Value) -> Value {
    Value::object([("x", x)])
}

fn plan(schema: &Schema, config: Value, plan: Value) -> Vec<String> {
    problems(&planned(schema, &Value::Null, &with(config), &with(plan)))
}

fn made(schema: &Schema, plan: Value, made: Value) -> Vec<String> {
    problems(&applied(schema, &with(plan), &with(made)))
}

fn some() -> Value {
    rule(text("1"), text("a"))
}

#[test]
fn a_computed_block_that_is_left_out_is_planned_freely() {
    for (nesting, blocks) in [
        (LIST, list([some(), some()])),
        (SET, set([some()])),
        (BlockNesting::Map, map([("k", some())])),
        (SINGLE, some()),
    ] {
        assert_eq!(plan(&of(nesting), Value::Null, blocks), NONE);
        assert_eq!(plan(&of(nesting), Value::Null, Value::unknown()), NONE);
    }
    assert_eq!(plan(&of(LIST), Value::Null, list([])), NONE);
    assert_eq!(plan(&of(SINGLE), Value::Null, Value::Null), NONE);
}

#[test]
fn a_computed_block_is_planned_empty_instead_of_null() {
    for nesting in [LIST, SET, BlockNesting::Map] {
        assert_eq!(
            plan(&of(nesting), Value::Null, Value::Null),
            ["`x` is null; where there are no blocks it must be empty instead"]
        );
    }
}

#[test]
fn a_computed_block_that_is_configured_is_planned_as_any_other() {
    let configured = || list([rule(Value::Null, text("a"))]);
    assert_eq!(plan(&of(LIST), configured(), list([some()])), NONE);
    assert_eq!(
        plan(&of(LIST), configured(), list([rule(text("1"), text("b"))])),
        ["`x[0].name` must be as it is configured"]
    );
    assert_eq!(
        plan(&of(LIST), configured(), list([some(), some()])),
        ["`x` is configured with 1 elements and has 2"]
    );
    assert_eq!(
        plan(&of(LIST), configured(), Value::unknown()),
        ["`x` is a block and cannot be planned to be unknown; plan unknown attributes inside it instead"]
    );
    assert_eq!(
        plan(&of(LIST), Value::unknown(), list([some()])),
        ["`x` depends on blocks that are not known yet, so it must be planned to be unknown"]
    );
}

#[test]
fn a_computed_block_without_the_hosts_offer_is_planned_as_it_is_configured() {
    // Hosts before Terraform 1.16 send an empty list.
    assert_eq!(
        plan(&of(LIST), list([]), list([some()])),
        ["`x` is configured with 0 elements and has 1"]
    );
}

#[test]
fn what_is_made_of_a_computed_block_that_was_open_is_there() {
    for (nesting, blocks) in [
        (LIST, list([some()])),
        (SET, set([])),
        (BlockNesting::Map, map([("k", some())])),
    ] {
        assert_eq!(made(&of(nesting), Value::unknown(), blocks), NONE);
        assert_eq!(
            made(&of(nesting), Value::unknown(), Value::Null),
            ["`x` is null; where there are no blocks it must be empty instead"]
        );
    }
    assert_eq!(made(&of(SINGLE), Value::unknown(), Value::Null), NONE);
}

#[test]
fn what_is_made_of_a_computed_block_that_was_planned_is_what_was_planned() {
    assert_eq!(
        made(&of(LIST), list([some()]), list([])),
        ["`x` was planned with 1 elements and has 0"]
    );
    assert_eq!(
        made(&of(LIST), list([rule(Value::unknown(), text("a"))]), list([some()])),
        NONE
    );
}

fn check(block: NestedBlock) -> Vec<String> {
    let problems = schema(vec![], vec![block]).check();
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn all_of_a_computed_block_is_computed() {
    for nesting in [LIST, SET, SINGLE, BlockNesting::Map] {
        assert_eq!(check(rules(nesting)), NONE);
    }
    let inner = nested_block("inner", LIST, vec![], vec![]);
    let mut block = rules(LIST);
    block.block.attributes.push(string("size", Usage::Optional));
    block.block.blocks.push(inner);
    let wrong = "stands in a computed block, so the provider must be able to set it: make it computed";
    assert_eq!(
        check(block),
        [format!("`x.size` {wrong}"), format!("`x.inner` {wrong}")]
    );
}

#[test]
fn a_computed_block_may_be_left_out() {
    let required = "`x` is required, so it cannot be computed";
    for nesting in [
        BlockNesting::Single { required: true },
        BlockNesting::List { min: 1, max: 0 },
        BlockNesting::Set { min: 2, max: 3 },
    ] {
        assert_eq!(check(rules(nesting)), [required]);
    }
    assert_eq!(
        check(rules(BlockNesting::Group)),
        ["`x` is always there, so it cannot be computed"]
    );
}
