use proptest::collection::vec;
use proptest::prelude::*;

use super::properties::created;
use crate::arbitrary::Content;
use crate::arbitrary::schemas::{configs, schemas};
use crate::plan::matching::{Spelling, came_from, pair};
use crate::schema::build::{schema, set, string, text};
use crate::schema::{Members, Schema, Usage};
use crate::value::Value;

/// Every configured element against every prior one that is left.
fn pair_one_by_one<'p>(
    members: Members<'_>,
    prior: &'p Value,
    config: &[Value],
    spelling: Spelling,
) -> Vec<Option<&'p Value>> {
    let mut left: Vec<&Value> = prior.elements().iter().collect();
    config
        .iter()
        .map(|element| {
            let found = left
                .iter()
                .position(|candidate| came_from(members, candidate, element, spelling))?;
            Some(left.remove(found))
        })
        .collect()
}

fn sets() -> impl Strategy<Value = (Schema, Vec<Value>, Vec<Value>)> {
    schemas().prop_flat_map(|schema| {
        let kept = vec(configs(&schema, Content::Stored), 0..5);
        let new = vec(configs(&schema, Content::Planned), 0..5);
        (Just(schema), kept, new)
    })
}

fn pairs_alike(schema: &Schema, prior: &Value, config: &[Value]) {
    let members = schema.block.members();
    for spelling in [Spelling::Exact, Spelling::Free] {
        assert_eq!(
            pair(members, prior, config, spelling),
            pair_one_by_one(members, prior, config, spelling),
            "{spelling:?}"
        );
    }
}

proptest! {
    #[test]
    fn elements_are_found_as_if_all_were_compared((schema, kept, new) in sets()) {
        let prior = set(kept.iter().map(|config| created(&schema, config)));
        let config: Vec<Value> = new.into_iter().chain(kept.into_iter().rev()).collect();
        pairs_alike(&schema, &prior, &config);
    }
}

#[test]
fn an_element_is_found_once_and_equal_ones_in_order() {
    let schema = schema(
        vec![string("id", Usage::Computed), string("name", Usage::Optional)],
        vec![],
    );
    let element = |id: Value, name| Value::object([("id", id), ("name", text(name))]);
    let prior = set([
        element(text("1"), "a"),
        element(text("2"), "a"),
        element(text("3"), "b"),
        Value::Null,
    ]);
    let config = [
        element(Value::Null, "a"),
        element(Value::Null, "b"),
        element(Value::Null, "a"),
        element(Value::Null, "a"),
        element(text("3"), "b"),
        Value::Null,
        Value::unknown(),
    ];
    pairs_alike(&schema, &prior, &config);
    let found = pair(schema.block.members(), &prior, &config, Spelling::Exact);
    let ids: Vec<Option<&str>> = found
        .iter()
        .map(|found| found.and_then(|element| element.member("id").as_str()))
        .collect();
    assert_eq!(ids, [Some("1"), Some("3"), Some("2"), None, None, None, None]);
    assert_eq!(found[5], Some(&Value::Null));
}
