use super::Draft;
use crate::diagnostics::Diagnostics;
use crate::host_checks;
use crate::path::{Path, Step};
use crate::schema::{Members, Nesting, Replace, Schema};
use crate::value::{Datum, Value};

/// The paths whose change needs a new object, by the schema's rules.
pub(super) fn by_rules(schema: &Schema, draft: &Draft) -> Vec<Path> {
    let mut found = Vec::new();
    let objects = Objects {
        prior: &draft.prior,
        config: &draft.config,
        planned: &draft.planned,
    };
    in_object(schema.block.members(), objects, &Path::root(), &mut found);
    found
}

/// Whether the host takes a path that the author named: the value there must change, unless it is write-only and never visible.
pub(super) fn applies(schema: &Schema, draft: &Draft, path: &Path) -> Result<bool, Diagnostics> {
    let (prior, planned) = (draft.prior.at(path), draft.planned.at(path));
    if prior.is_none() && planned.is_none() {
        return Err(host_checks::no_such_place(path));
    }
    let same = match (prior, planned) {
        (Some(prior), Some(planned)) => prior == planned,
        (Some(only), None) | (None, Some(only)) => only.is_null(),
        (None, None) => true,
    };
    Ok(!same || is_write_only(schema.block.members(), path.steps()))
}

fn is_write_only(members: Members<'_>, steps: &[Step]) -> bool {
    let Some((Step::Attribute(name), rest)) = steps.split_first() else {
        return false;
    };
    // Index and key lead into an element of the same members.
    let rest = match rest {
        [Step::Index(_) | Step::Key(_), rest @ ..] => rest,
        rest => rest,
    };
    if let Some(attribute) = members.attributes.iter().find(|a| a.name == *name) {
        return match attribute.inside() {
            Some((_, inside)) if !rest.is_empty() => is_write_only(inside, rest),
            Some(_) | None => attribute.write_only && rest.is_empty(),
        };
    }
    let block = members.blocks.iter().find(|b| b.name == *name);
    block.is_some_and(|block| is_write_only(block.inside().1, rest))
}

#[derive(Clone, Copy)]
struct Objects<'v> {
    prior: &'v Value,
    config: &'v Value,
    planned: &'v Value,
}

impl<'v> Objects<'v> {
    fn each(self, child: impl Fn(&'v Value) -> &'v Value) -> Self {
        Self {
            prior: child(self.prior),
            config: child(self.config),
            planned: child(self.planned),
        }
    }
}

fn in_object(members: Members<'_>, objects: Objects<'_>, at: &Path, found: &mut Vec<Path>) {
    // An object that goes away as a whole is the business of the attribute that held it.
    if !objects.planned.is_known() {
        return;
    }
    for (near, attribute) in members.attributes.iter().enumerate() {
        let values = objects.each(|object| object.member_near(near, &attribute.name));
        let path = || at.with_attribute(&attribute.name);
        if replaces(attribute.behaviour.replace, values, values.config.holds_null()) {
            found.push(path());
        }
        if let Some(inside) = attribute.inside() {
            in_nested(inside, values, &path(), found);
        }
    }
    for block in members.blocks {
        let values = objects.each(|object| object.member(&block.name));
        let path = at.with_attribute(&block.name);
        if replaces(block.replace, values, block.is_absent(values.config)) {
            found.push(path.clone());
        }
        in_nested(block.inside(), values, &path, found);
    }
}

fn in_nested((nesting, members): (Nesting, Members<'_>), values: Objects<'_>, path: &Path, found: &mut Vec<Path>) {
    match (nesting, values.planned) {
        (Nesting::Single, _) => in_object(members, values, path, found),
        (Nesting::List, Value::Known(Datum::List(planned))) => {
            for index in 0..planned.len() {
                in_object(
                    members,
                    values.each(|list| list.element(index)),
                    &path.with_index(index),
                    found,
                );
            }
        }
        (Nesting::Map, Value::Known(Datum::Map(planned))) => {
            for key in planned.keys() {
                in_object(members, values.each(|map| map.entry(key)), &path.with_key(key), found);
            }
        }
        (Nesting::Set, Value::Known(Datum::Set(planned))) => {
            if set_replaces(members, values, planned) {
                // No path leads into a set.
                found.push(path.clone());
            }
        }
        (Nesting::List | Nesting::Map | Nesting::Set, _) => {}
    }
}

/// Whether some element can be explained neither as one that was there nor as a change of one that needs no new object.
fn set_replaces(members: Members<'_>, values: Objects<'_>, planned: &[Value]) -> bool {
    let mut left: Vec<&Value> = values.prior.elements().iter().collect();
    let mut changed: Vec<&Value> = planned
        .iter()
        .filter(|element| match left.iter().position(|prior| prior == element) {
            Some(position) => {
                left.swap_remove(position);
                false
            }
            None => true,
        })
        .collect();
    let replaces = |prior: &Value, planned: &Value| {
        let mut found = Vec::new();
        // Which configured element it was cannot be told; what is planned known was set by somebody.
        let objects = Objects {
            prior,
            config: planned,
            planned,
        };
        in_object(members, objects, &Path::root(), &mut found);
        !found.is_empty()
    };
    changed.retain(
        |planned| match left.iter().position(|prior| !replaces(prior, planned)) {
            Some(position) => {
                left.swap_remove(position);
                false
            }
            None => true,
        },
    );
    changed.into_iter().any(|planned| replaces(&Value::Null, planned))
}

fn replaces(rule: Replace, values: Objects<'_>, unconfigured: bool) -> bool {
    values.prior != values.planned
        && match rule {
            Replace::Never => false,
            Replace::Changed => true,
            Replace::Configured => !unconfigured,
            Replace::When(decide) => decide(values.prior, values.planned),
        }
}
