use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Model, Object, Set};
use crate::arbitrary::{Content, values};
use crate::number::Number;
use crate::path::Path;
use crate::validate;
use crate::value::{Dynamic, Value};

/// Holds whatever the host can send.
#[derive(Clone, Debug, Model)]
struct Loose {
    #[tf(optional)]
    flag: Value<bool>,
    #[tf(optional)]
    number: Value<Number>,
    #[tf(optional)]
    text: Value<String>,
    #[tf(optional)]
    any: Value<Dynamic>,
    #[tf(optional)]
    list: Value<Vec<Value<String>>>,
    #[tf(optional)]
    sets: Value<Set<Value<Set<Value<bool>>>>>,
    #[tf(optional)]
    map: Value<BTreeMap<String, Value<Number>>>,
    #[tf(optional)]
    one: Value<Strict>,
    #[tf(optional)]
    many: Value<Vec<Value<Strict>>>,
}

/// Holds some of it.
#[derive(Clone, Debug, Model)]
struct Strict {
    #[tf(required)]
    text: String,
    #[tf(optional)]
    integer: Option<i64>,
    #[tf(optional)]
    list: Option<Vec<bool>>,
}

/// The same types, with nothing that could be refused.
#[derive(Clone, Debug, Model)]
struct Lax {
    #[tf(optional)]
    text: Value<String>,
    #[tf(optional)]
    integer: Value<Number>,
    #[tf(optional)]
    list: Value<Vec<Value<bool>>>,
}

/// Models inside of others, in every way.
#[derive(Clone, Debug, Model)]
struct Nest {
    #[tf(optional)]
    set: Value<Set<Value<Strict>>>,
    #[tf(optional)]
    map: Option<BTreeMap<String, Value<Strict>>>,
    #[tf(optional)]
    object: Value<Object<Strict>>,
    #[tf(block)]
    group: Lax,
    #[tf(block)]
    single: Option<Strict>,
    #[tf(block)]
    blocks: Vec<Strict>,
    #[tf(block)]
    keyed: BTreeMap<String, Strict>,
}

#[test]
fn the_type_of_a_model_is_that_of_its_schema() {
    fn assert_same<M: Model>() {
        assert_eq!(<M as Model>::ty(), M::schema().ty());
        assert_eq!(<M as super::Field>::ty(), M::schema().ty());
    }
    assert_same::<Loose>();
    assert_same::<Strict>();
    assert_same::<Lax>();
    assert_same::<Nest>();
    assert_same::<()>();
}

fn generated<M: Model>(content: Content) -> impl Strategy<Value = Value> {
    values(&M::schema().ty(), content).prop_filter("an object", Value::is_known)
}

proptest! {
    #[test]
    fn a_model_of_tri_state_fields_holds_every_value(value in generated::<Lax>(Content::Planned)) {
        let model = Lax::from_value(&value, &Path::root());
        prop_assert_eq!(model.map(|model| model.to_value()), Ok(value));
    }

    #[test]
    fn what_a_model_accepts_it_gives_back_and_what_it_refuses_it_locates(value in generated::<Loose>(Content::Planned)) {
        match Loose::from_value(&value, &Path::root()) {
            Ok(model) => prop_assert_eq!(model.to_value(), value),
            Err(problems) => {
                prop_assert!(problems.has_errors());
                let inside = [Path::attribute("one"), Path::attribute("many")];
                for problem in &problems {
                    let path = problem.path.as_ref();
                    prop_assert!(path.is_some_and(|path| inside.iter().any(|place| path.starts_with(place))), "{path:?}");
                }
            }
        }
    }

    #[test]
    fn a_known_value_without_gaps_is_accepted(text in any::<String>(), integer: Option<i64>, list: Option<Vec<bool>>) {
        let model = Strict { text, integer, list };
        let value = model.to_value();
        prop_assert_eq!(Strict::from_value(&value, &Path::root()).map(|model| model.to_value()), Ok(value));
    }

    #[test]
    fn validation_finds_nothing_in_what_the_schema_allows(value in generated::<Lax>(Content::Planned)) {
        prop_assert!(validate::config(&Lax::schema(), &value).is_empty());
    }
}
