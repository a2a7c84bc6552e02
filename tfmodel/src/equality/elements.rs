use std::sync::Arc;

use crate::order;
use crate::schema::SemanticEquality;
use crate::value::{Datum, Value, same_elements};

/// Lists, sets or maps whose elements mean the same.
#[derive(Clone, Debug)]
pub(crate) struct ElementEquality(pub(crate) Arc<dyn SemanticEquality>);

impl ElementEquality {
    fn same(&self, a: &Value, b: &Value) -> bool {
        a == b || a.is_known() && b.is_known() && self.0.equal(a, b)
    }
}

impl SemanticEquality for ElementEquality {
    fn equal(&self, a: &Value, b: &Value) -> bool {
        match (a, b) {
            (Value::Known(Datum::List(a)), Value::Known(Datum::List(b))) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.same(a, b))
            }
            (Value::Known(Datum::Set(a)), Value::Known(Datum::Set(b))) => same_elements(a, b, |a, b| self.same(a, b)),
            (Value::Known(Datum::Map(a)), Value::Known(Datum::Map(b))) => {
                a.len() == b.len()
                    && a.iter()
                        .zip(b)
                        .all(|((key, a), (other, b))| key == other && self.same(a, b))
            }
            (a, b) => a == b,
        }
    }

    fn respell(&self, prior: &Value, new: &Value) -> Value {
        match (prior, new) {
            (Value::Known(Datum::List(prior)), Value::Known(Datum::List(new))) => {
                let mut prior = prior.iter();
                let respelled = new.iter().map(|new| match prior.next() {
                    Some(prior) => self.0.respell(prior, new),
                    None => new.clone(),
                });
                Value::Known(Datum::List(respelled.collect()))
            }
            (Value::Known(Datum::Map(prior)), Value::Known(Datum::Map(new))) => {
                let respelled = new.iter().map(|(key, new)| {
                    let new = prior
                        .get(key)
                        .map_or_else(|| new.clone(), |prior| self.0.respell(prior, new));
                    (key.clone(), new)
                });
                Value::Known(Datum::Map(order::map(respelled)))
            }
            (Value::Known(Datum::Set(prior)), Value::Known(Datum::Set(new))) => {
                let mut left: Vec<&Value> = prior.iter().collect();
                let respelled = new.iter().map(|new| {
                    let position = left.iter().position(|prior| self.0.respell(prior, new) == **prior);
                    position.map_or_else(|| new.clone(), |position| left.swap_remove(position).clone())
                });
                Value::Known(Datum::Set(respelled.collect()))
            }
            (_, new) => new.clone(),
        }
    }
}
