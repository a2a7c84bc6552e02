//! Checks of a plan.
//!
//! Addresses are the host's: `example_text_file.it`, `module.m.example_text_file.it["key"]`. Paths lead into the object:
//! `rules[0].tags["name"]`.

use serde_json::Value;

use super::known::Known;
use super::path::Path;
use crate::cli::{Action, Plan};

/// A check of a plan.
pub struct PlanCheck(Check);

type Check = Box<dyn FnOnce(&Plan) -> Result<(), String>>;

/// Any other check; what it returns as an error is what the failed scenario says.
pub fn holds(check: impl FnOnce(&Plan) -> Result<(), String> + 'static) -> PlanCheck {
    PlanCheck(Box::new(check))
}

/// There is nothing to do.
#[must_use]
pub fn empty() -> PlanCheck {
    holds(|plan| {
        if plan.is_empty() {
            Ok(())
        } else {
            Err("the plan is not empty".to_owned())
        }
    })
}

/// There is something to do.
#[must_use]
pub fn not_empty() -> PlanCheck {
    holds(|plan| {
        if plan.is_empty() {
            Err("the plan is empty".to_owned())
        } else {
            Ok(())
        }
    })
}

/// What is done with a resource. [`Action::NoOp`] also holds if the plan does not name it.
pub fn action(address: impl Into<String>, action: Action) -> PlanCheck {
    let address = address.into();
    holds(move |plan| {
        let found = plan.actions(&address);
        if found == action.spelling() || found.is_empty() && action == Action::NoOp {
            return Ok(());
        }
        if found.is_empty() {
            return Err(format!("`{address}` is not in the plan; {action} was expected"));
        }
        Err(format!(
            "`{address}`: the plan is to {}, and not to {action}",
            found.join(", then ")
        ))
    })
}

/// That a change of this attribute is what makes the host replace the resource.
pub fn replaced_for(address: impl Into<String>, path: impl Into<String>) -> PlanCheck {
    about(address, path, |change, path| {
        let paths = change.pointer("/change/replace_paths").and_then(Value::as_array);
        let spelt: Vec<String> = paths.into_iter().flatten().map(spell).collect();
        if spelt.contains(&path.to_string()) {
            return Ok(());
        }
        Err(format!("is not why it is replaced; that is `{}`", spelt.join("`, `")))
    })
}

/// The planned value.
pub fn value(address: impl Into<String>, path: impl Into<String>, known: impl Into<Known>) -> PlanCheck {
    let known = known.into();
    about(address, path, move |change, path| {
        if is_marked(change, "/change/after_unknown", path) {
            return Err(format!("is not known before apply, and was expected to be {known}"));
        }
        known.refuse(at(change, "/change/after", path)?)
    })
}

/// The value before the change.
pub fn prior(address: impl Into<String>, path: impl Into<String>, known: impl Into<Known>) -> PlanCheck {
    let known = known.into();
    about(address, path, move |change, path| {
        known.refuse(at(change, "/change/before", path)?)
    })
}

/// That the planned value is known only after apply.
pub fn unknown(address: impl Into<String>, path: impl Into<String>) -> PlanCheck {
    about(address, path, |change, path| {
        if is_marked(change, "/change/after_unknown", path) {
            return Ok(());
        }
        let found = at(change, "/change/after", path)?;
        Err(format!("is `{found}`, and was expected to be known only after apply"))
    })
}

/// That the planned value is sensitive.
pub fn sensitive(address: impl Into<String>, path: impl Into<String>) -> PlanCheck {
    about(address, path, |change, path| {
        if is_marked(change, "/change/after_sensitive", path) {
            return Ok(());
        }
        Err("is not sensitive".to_owned())
    })
}

/// What is done with an output.
pub fn output_action(name: impl Into<String>, action: Action) -> PlanCheck {
    output_change(name, move |change| {
        let actions = change.get("actions").and_then(Value::as_array).into_iter().flatten();
        let found: Vec<&str> = actions.filter_map(Value::as_str).collect();
        if found == action.spelling() {
            return Ok(());
        }
        Err(format!("the plan is to {}, and not to {action}", found.join(", then ")))
    })
}

/// The planned value of an output.
pub fn output(name: impl Into<String>, known: impl Into<Known>) -> PlanCheck {
    let known = known.into();
    output_change(name, move |change| {
        if change.get("after_unknown") == Some(&Value::Bool(true)) {
            return Err(format!("is not known before apply, and was expected to be {known}"));
        }
        known.refuse(change.get("after").unwrap_or(&Value::Null))
    })
}

/// That an output is known only after apply.
pub fn output_unknown(name: impl Into<String>) -> PlanCheck {
    output_change(name, |change| {
        if change.get("after_unknown") == Some(&Value::Bool(true)) {
            return Ok(());
        }
        let found = change.get("after").unwrap_or(&Value::Null);
        Err(format!("is `{found}`, and was expected to be known only after apply"))
    })
}

/// That a resource was changed outside, in this attribute, to this value.
pub fn drift(address: impl Into<String>, path: impl Into<String>, known: impl Into<Known>) -> PlanCheck {
    let (address, path, known) = (address.into(), path.into(), known.into());
    holds(move |plan| {
        let parsed = Path::parse(&path)?;
        let Some(change) = plan.drift(&address) else {
            return Err(format!("`{address}` has not drifted"));
        };
        let found = at(change, "/change/after", &parsed).and_then(|found| known.refuse(found));
        found.map_err(|wrong| format!("drift of `{address}`: `{path}` {wrong}"))
    })
}

/// That nothing was changed outside.
#[must_use]
pub fn no_drift() -> PlanCheck {
    holds(|plan| {
        let drifted: Vec<&str> = plan.drifted().filter_map(|one| one.get("address")?.as_str()).collect();
        if drifted.is_empty() {
            return Ok(());
        }
        Err(format!("`{}` has drifted", drifted.join("`, `")))
    })
}

/// That a resource was found under another address before.
pub fn moved(address: impl Into<String>, from: impl Into<String>) -> PlanCheck {
    let (address, from) = (address.into(), from.into());
    holds(move |plan| {
        let found = plan
            .resource(&address)
            .and_then(|change| change.get("previous_address"));
        match found.and_then(Value::as_str) {
            Some(found) if found == from => Ok(()),
            Some(found) => Err(format!("`{address}` moves from `{found}`, and not from `{from}`")),
            None => Err(format!("`{address}` does not move")),
        }
    })
}

/// That a resource is imported.
pub fn imported(address: impl Into<String>) -> PlanCheck {
    let address = address.into();
    holds(move |plan| {
        let change = plan.resource(&address);
        if change.and_then(|change| change.pointer("/change/importing")).is_some() {
            return Ok(());
        }
        Err(format!("`{address}` is not imported"))
    })
}

/// That the change of a resource waits, for this reason, such as `resource_config_unknown`.
pub fn deferred(address: impl Into<String>, reason: impl Into<String>) -> PlanCheck {
    let (address, reason) = (address.into(), reason.into());
    holds(move |plan| {
        let is_meant =
            |one: &&Value| one.pointer("/resource_change/address").and_then(Value::as_str) == Some(&*address);
        match plan
            .deferred()
            .find(is_meant)
            .and_then(|one| one.get("reason")?.as_str())
        {
            Some(found) if found == reason => Ok(()),
            Some(found) => Err(format!(
                "`{address}` is deferred because of `{found}`, and not of `{reason}`"
            )),
            None => Err(format!("`{address}` is not deferred")),
        }
    })
}

/// That no change waits.
#[must_use]
pub fn nothing_deferred() -> PlanCheck {
    holds(|plan| match plan.deferred().count() {
        0 => Ok(()),
        count => Err(format!("{count} changes are deferred")),
    })
}

impl PlanCheck {
    pub(super) fn run(self, plan: &Plan) -> Result<(), String> {
        (self.0)(plan)
    }
}

fn about(
    address: impl Into<String>,
    path: impl Into<String>,
    check: impl FnOnce(&Value, &Path) -> Result<(), String> + 'static,
) -> PlanCheck {
    let (address, path) = (address.into(), path.into());
    holds(move |plan| {
        let parsed = Path::parse(&path)?;
        let Some(change) = plan.resource(&address) else {
            return Err(format!("`{address}` is not in the plan"));
        };
        check(change, &parsed).map_err(|wrong| format!("`{address}`: `{path}` {wrong}"))
    })
}

fn output_change(name: impl Into<String>, check: impl FnOnce(&Value) -> Result<(), String> + 'static) -> PlanCheck {
    let name = name.into();
    holds(move |plan| {
        let changes = plan.json.get("output_changes");
        let Some(change) = changes.and_then(|changes| changes.get(&name)) else {
            return Err(format!("there is no output `{name}`"));
        };
        check(change).map_err(|wrong| format!("output `{name}` {wrong}"))
    })
}

fn at<'v>(change: &'v Value, side: &str, path: &Path) -> Result<&'v Value, String> {
    let object = change.pointer(side).unwrap_or(&Value::Null);
    path.find(object).ok_or_else(|| "is not there".to_owned())
}

fn is_marked(change: &Value, marks: &str, path: &Path) -> bool {
    change.pointer(marks).is_some_and(|marks| path.is_marked(marks))
}

/// A path as plan JSON has it, the way a reader writes it.
fn spell(path: &Value) -> String {
    let mut text = String::new();
    for step in path.as_array().into_iter().flatten() {
        match step {
            Value::String(name) if text.is_empty() => text.push_str(name),
            Value::String(name) => {
                text.push('.');
                text.push_str(name);
            }
            index => text.push_str(&format!("[{index}]")),
        }
    }
    text
}
