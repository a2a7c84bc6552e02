use super::matching::{Spelling, pair};
use super::proposed::object;
use crate::schema::{Attribute, Members, NestedBlock, Nesting};
use crate::value::{Datum, Value};

/// What stands at a place.
#[derive(Clone, Copy)]
pub(super) enum Member<'a> {
    Attribute(&'a Attribute),
    /// A computed block that the configuration leaves out.
    AbsentBlock(&'a NestedBlock),
}

/// One place of an object that is planned, with what it was and what the configuration says.
pub(super) struct Place<'a> {
    pub(super) member: Member<'a>,
    /// Whether the object that holds the place existed before.
    pub(super) existed: bool,
    pub(super) prior: &'a Value,
    pub(super) config: &'a Value,
    pub(super) planned: &'a mut Value,
}

/// How sets of objects are walked, whose elements have no place of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sets {
    /// Planned anew from prior and configuration, in the order of the configuration.
    Anew,
    /// As a walk with [`Sets::Anew`] has left them.
    Aligned,
}

/// Visits every attribute of every planned object that the configuration describes, outer ones first, and what stands for absent blocks.
pub(super) fn walk(
    members: Members<'_>,
    prior: &Value,
    config: &Value,
    planned: &mut Value,
    sets: Sets,
    visit: &mut dyn FnMut(Place<'_>),
) {
    let (Value::Known(Datum::Object(attributes)), Value::Known(_)) = (planned, config) else {
        return;
    };
    for (near, attribute) in members.attributes.iter().enumerate() {
        let Some(planned) = attributes.get_near_mut(near, &attribute.name) else {
            continue;
        };
        let inner_prior = prior.member_near(near, &attribute.name);
        let inner_config = config.member_near(near, &attribute.name);
        visit(Place {
            member: Member::Attribute(attribute),
            existed: prior.is_known(),
            prior: inner_prior,
            config: inner_config,
            planned,
        });
        if let Some(inside) = attribute.inside() {
            walk_nested(inside, inner_prior, inner_config, planned, sets, visit);
        }
    }
    for block in members.blocks {
        if let Some(planned) = attributes.get_mut(&block.name) {
            let (inner_prior, config) = (prior.member(&block.name), config.member(&block.name));
            if block.computed.is_some() && config.is_null() {
                visit(Place {
                    member: Member::AbsentBlock(block),
                    existed: prior.is_known(),
                    prior: inner_prior,
                    config,
                    planned,
                });
            } else {
                walk_nested(block.inside(), inner_prior, config, planned, sets, visit);
            }
        }
    }
}

fn walk_nested(
    (nesting, members): (Nesting, Members<'_>),
    prior: &Value,
    config: &Value,
    planned: &mut Value,
    sets: Sets,
    visit: &mut dyn FnMut(Place<'_>),
) {
    match (nesting, config, planned) {
        (Nesting::Single, config, planned) => walk(members, prior, config, planned, sets, visit),
        (Nesting::List, Value::Known(Datum::List(config)), Value::Known(Datum::List(planned))) => {
            for (index, (config, planned)) in config.iter().zip(planned).enumerate() {
                walk(members, prior.element(index), config, planned, sets, visit);
            }
        }
        (Nesting::Map, Value::Known(Datum::Map(config)), Value::Known(Datum::Map(planned))) => {
            for (key, planned) in planned {
                if let Some(config) = config.get(key) {
                    walk(members, prior.entry(key), config, planned, sets, visit);
                }
            }
        }
        (Nesting::Set, Value::Known(Datum::Set(config)), Value::Known(Datum::Set(planned))) => {
            let priors: Vec<&Value> = pair(members, prior, config, Spelling::Free)
                .into_iter()
                .map(|prior| prior.unwrap_or(&Value::Null))
                .collect();
            if sets == Sets::Anew {
                let elements = config.iter().zip(&priors);
                *planned = elements.map(|(config, prior)| object(members, prior, config)).collect();
            }
            for ((config, prior), planned) in config.iter().zip(priors).zip(planned) {
                walk(members, prior, config, planned, sets, visit);
            }
        }
        (Nesting::List | Nesting::Map | Nesting::Set, _, _) => {}
    }
}
