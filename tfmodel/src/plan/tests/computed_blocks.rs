use super::{draft, plan, planned};
use crate::plan::offer_computed_blocks;
use crate::schema::build::{list, map, nested_block, schema, set, string, text};
use crate::schema::{BlockNesting, KeepPrior, NestedBlock, Schema, Usage};
use crate::value::Value;

const LIST: BlockNesting = BlockNesting::List { min: 0, max: 0 };

fn computed(name: &str, nesting: BlockNesting, keep: KeepPrior, blocks: Vec<NestedBlock>) -> NestedBlock {
    let attributes = vec![string("id", Usage::Computed), string("name", Usage::OptionalComputed)];
    NestedBlock {
        computed: Some(keep),
        ..nested_block(name, nesting, attributes, blocks)
    }
}

fn of(nesting: BlockNesting, keep: KeepPrior) -> Schema {
    schema(
        vec![string("title", Usage::Required)],
        vec![computed("rules", nesting, keep, vec![])],
    )
}

fn rule(id: Value, name: Value) -> Value {
    Value::object([("id", id), ("name", name)])
}

fn some() -> Value {
    rule(text("1"), text("a"))
}

fn titled(title: &str, rules: Value) -> Value {
    Value::object([("rules", rules), ("title", text(title))])
}

#[test]
fn a_computed_block_that_is_left_out_is_open_until_the_object_is_made() {
    for nesting in [
        LIST,
        BlockNesting::Set { min: 0, max: 0 },
        BlockNesting::Map,
        BlockNesting::Single { required: false },
    ] {
        for keep in [KeepPrior::No, KeepPrior::Always, KeepPrior::NonNull] {
            let schema = of(nesting, keep);
            let config = titled("a", Value::Null);
            let plan = plan(&schema, &Value::Null, &config).unwrap();
            assert_eq!(plan.planned, titled("a", Value::unknown()), "{nesting:?}");
        }
    }
}

#[test]
fn a_computed_block_stays_while_nothing_changes() {
    let prior = titled("a", list([some()]));
    assert_eq!(
        planned(&of(LIST, KeepPrior::No), &prior, &titled("a", Value::Null)),
        prior
    );
    let single = BlockNesting::Single { required: false };
    let none = titled("a", Value::Null);
    assert_eq!(planned(&of(single, KeepPrior::No), &none, &none), none);
}

#[test]
fn a_change_leaves_a_computed_block_open_unless_it_is_kept() {
    let prior = titled("a", list([some()]));
    let change = |keep| planned(&of(LIST, keep), &prior, &titled("b", Value::Null));
    assert_eq!(change(KeepPrior::No), titled("b", Value::unknown()));
    assert_eq!(change(KeepPrior::Always), titled("b", list([some()])));
    assert_eq!(change(KeepPrior::NonNull), titled("b", list([some()])));
}

#[test]
fn a_single_computed_block_that_was_not_there_is_kept_only_if_null_may_be() {
    let single = BlockNesting::Single { required: false };
    let (prior, config) = (titled("a", Value::Null), titled("b", Value::Null));
    assert_eq!(planned(&of(single, KeepPrior::Always), &prior, &config), config);
    assert_eq!(
        planned(&of(single, KeepPrior::NonNull), &prior, &config),
        titled("b", Value::unknown())
    );
}

#[test]
fn a_state_without_a_list_of_blocks_gets_one() {
    // Written before the schema had the block.
    let (prior, config) = (titled("a", Value::Null), titled("a", Value::Null));
    let plan = plan(&of(LIST, KeepPrior::Always), &prior, &config).unwrap();
    assert_eq!(plan.planned, titled("a", Value::unknown()));
}

#[test]
fn a_computed_block_that_is_configured_is_planned_by_its_attributes() {
    let config = titled(
        "a",
        list([rule(Value::Null, text("x")), rule(Value::Null, Value::Null)]),
    );
    let open = || Value::unknown();
    assert_eq!(
        planned(&of(LIST, KeepPrior::No), &Value::Null, &config),
        titled("a", list([rule(open(), text("x")), rule(open(), open())]))
    );
    // A host that knows nothing of computed blocks sends none as configured.
    let empty = titled("a", list([]));
    let prior = titled("a", list([some()]));
    let plan = plan(&of(LIST, KeepPrior::Always), &prior, &empty).unwrap();
    assert_eq!(plan.planned, empty);
}

#[test]
fn elements_of_sets_are_found_again_by_what_surrounds_a_computed_block() {
    let inner = computed("inner", LIST, KeepPrior::No, vec![]);
    let outer = nested_block(
        "outer",
        BlockNesting::Set { min: 0, max: 0 },
        vec![string("key", Usage::Required), string("seen", Usage::Computed)],
        vec![inner],
    );
    let schema = schema(vec![], vec![outer]);
    let element = |key: &str, seen: Value, inner| Value::object([("inner", inner), ("key", text(key)), ("seen", seen)]);
    let prior = Value::object([(
        "outer",
        set([
            element("a", text("1"), list([some()])),
            element("b", text("2"), list([])),
        ]),
    )]);
    let config = Value::object([(
        "outer",
        set([
            element("b", Value::Null, Value::Null),
            element("a", Value::Null, Value::Null),
        ]),
    )]);
    assert_eq!(draft(&schema, &prior, &config).planned, prior);
}

#[test]
fn the_host_offers_computed_blocks_that_are_not_there_at_any_depth() {
    let deep = |nesting| {
        nested_block(
            "deep",
            nesting,
            vec![],
            vec![computed("x", LIST, KeepPrior::No, vec![])],
        )
    };
    let plain = nested_block("plain", LIST, vec![], vec![]);
    let with = |x: Value| Value::object([("x", x)]);
    for (nesting, wrap) in [
        (LIST, (|x| list([x])) as fn(Value) -> Value),
        (BlockNesting::Set { min: 0, max: 0 }, |x| set([x])),
        (BlockNesting::Map, |x| map([("k", x)])),
        (BlockNesting::Group, |x| x),
    ] {
        let schema = schema(vec![], vec![deep(nesting), plain.clone()]);
        let config = |x: Value| Value::object([("deep", wrap(with(x))), ("plain", list([]))]);
        assert_eq!(offer_computed_blocks(&schema, config(list([]))), config(Value::Null));
        for kept in [list([some()]), Value::unknown()] {
            assert_eq!(offer_computed_blocks(&schema, config(kept.clone())), config(kept));
        }
    }
}
