use std::collections::BTreeSet;

use super::plan::{Action, Deferred, Import, OutputChange, Plan, ResourceChange, Values, Version};
use super::redact::Redactor;
use super::refusal::Refusal;
use crate::json::{Kind, Member, Node};
use crate::order;
use crate::path::{Path, Step};

/// The newest minor version of format 1 whose additions this reader knows.
const KNOWN_MINOR: u32 = 2;

/// Takes a plan apart. What the page never shows is dropped here.
pub(super) fn plan(document: Node) -> Result<Plan, Refusal> {
    let found = document
        .get("format_version")
        .and_then(Node::as_str)
        .unwrap_or_default();
    let format_version = version(found)?;
    let mut notes = Vec::new();
    if format_version.minor > KNOWN_MINOR {
        notes.push(format!(
            "The plan has format version {found}; up to 1.{KNOWN_MINOR} is known. Newer versions only add things, which are not shown here."
        ));
    }
    let text = |key: &str| document.get(key).and_then(Node::as_str).map(str::to_owned);
    let flag = |key: &str| document.get(key).and_then(Node::as_bool);
    let sensitive_variables = sensitive_variables(&document);
    let mut plan = Plan {
        format_version,
        terraform_version: text("terraform_version"),
        timestamp: text("timestamp"),
        errored: flag("errored").unwrap_or(false),
        complete: flag("complete"),
        applyable: flag("applyable"),
        changes: Vec::new(),
        drift: Vec::new(),
        deferred: Vec::new(),
        outputs: Vec::new(),
        notes,
        configuration: None,
        redactor: Redactor::default(),
    };
    let mut variables = None;
    for Member { key, value, .. } in members(document) {
        match key.as_str() {
            "resource_changes" => {
                plan.changes = elements(value, "resource_changes")?
                    .map(resource)
                    .collect::<Result<_, _>>()?
            }
            "resource_drift" => {
                plan.drift = elements(value, "resource_drift")?
                    .map(resource)
                    .collect::<Result<_, _>>()?
            }
            "deferred_changes" => {
                plan.deferred = elements(value, "deferred_changes")?
                    .map(deferred)
                    .collect::<Result<_, _>>()?
            }
            "output_changes" => plan.outputs = members(value).into_iter().map(output).collect(),
            "variables" => variables = Some(value),
            "configuration" => plan.configuration = Some(value),
            _ => {}
        }
    }
    let all = plan
        .changes
        .iter()
        .chain(&plan.drift)
        .chain(plan.deferred.iter().map(|deferred| &deferred.change));
    let values = all
        .map(|change| &change.values)
        .chain(plan.outputs.iter().map(|output| &output.values));
    let mut redactor = Redactor::default();
    values.for_each(|values| redactor.learn(values));
    for variable in variables.as_ref().map_or(&[][..], Node::members) {
        if let Some(value) = variable
            .value
            .get("value")
            .filter(|_| sensitive_variables.contains(&variable.key))
        {
            redactor.learn_value(value);
        }
    }
    let deferred = plan.deferred.iter_mut().map(|deferred| &mut deferred.change);
    let all = plan.changes.iter_mut().chain(&mut plan.drift).chain(deferred);
    for import in all.filter_map(|change| change.import.as_mut()) {
        import.id.take_if(|id| redactor.hides(id));
    }
    plan.redactor = redactor;
    Ok(plan)
}

fn version(found: &str) -> Result<Version, Refusal> {
    let parsed = found.split_once('.').and_then(|(major, minor)| {
        Some(Version {
            major: major.parse().ok()?,
            minor: minor.parse().ok()?,
        })
    });
    match parsed {
        Some(version) if version.major == 1 => Ok(version),
        Some(version) if version.major == 0 => Err(Refusal::of_version(
            found,
            "It was written by a Terraform older than 1.1; write the plan with a newer one.",
        )),
        Some(_) => Err(Refusal::of_version(
            found,
            "Another first number means that older readers would misread the plan. Use a newer version of this page.",
        )),
        None => Err(Refusal::of_version(
            found,
            "A plan has two numbers there, such as `1.2`.",
        )),
    }
}

fn sensitive_variables(document: &Node) -> BTreeSet<String> {
    let declared = document
        .get("configuration")
        .and_then(|configuration| configuration.get("root_module")?.get("variables"));
    let sensitive = declared
        .map_or(&[][..], Node::members)
        .iter()
        .filter(|variable| variable.value.get("sensitive").and_then(Node::as_bool) == Some(true));
    order::set(sensitive.map(|variable| variable.key.clone()))
}

fn resource(node: Node) -> Result<ResourceChange, Refusal> {
    let text = |key: &str| node.get(key).and_then(Node::as_str).map(str::to_owned);
    let Some(address) = text("address") else {
        return Err(Refusal::of_shape("one of its resource changes has no `address`"));
    };
    let Some(change) = node.get("change") else {
        return Err(Refusal::of_shape("one of its resource changes has no `change`"));
    };
    let import = change
        .get("importing")
        .filter(|node| !node.is_null())
        .map(|node| Import {
            id: node.get("id").and_then(Node::as_str).map(str::to_owned),
        });
    let replace_paths = change.get("replace_paths").map_or(&[][..], Node::elements);
    Ok(ResourceChange {
        address,
        previous_address: text("previous_address"),
        module: text("module_address"),
        mode: text("mode").unwrap_or_default(),
        type_name: text("type").unwrap_or_default(),
        provider: text("provider_name").unwrap_or_default(),
        deposed: text("deposed"),
        action: action(change),
        reason: text("action_reason"),
        replace_paths: replace_paths.iter().map(path).collect(),
        import,
        values: values(take(node, "change")),
    })
}

fn deferred(node: Node) -> Result<Deferred, Refusal> {
    let reason = node.get("reason").and_then(Node::as_str).unwrap_or_default().to_owned();
    let Some(change) = take(node, "resource_change") else {
        return Err(Refusal::of_shape(
            "one of its deferred changes has no `resource_change`",
        ));
    };
    Ok(Deferred {
        reason,
        change: resource(change)?,
    })
}

fn output(member: Member) -> OutputChange {
    OutputChange {
        name: member.key,
        action: action(&member.value),
        values: values(Some(member.value)),
    }
}

fn action(change: &Node) -> Action {
    let words = change.get("actions").map_or(&[][..], Node::elements);
    let words: Vec<_> = words.iter().filter_map(Node::as_str).collect();
    Action::from_words(&words)
}

fn values(change: Option<Node>) -> Values {
    let mut values = Values {
        before: None,
        before_sensitive: None,
        after: None,
        after_sensitive: None,
        after_unknown: None,
    };
    for Member { key, value, .. } in change.map(members).unwrap_or_default() {
        match key.as_str() {
            "before" => values.before = Some(value),
            "before_sensitive" => values.before_sensitive = Some(value),
            "after" => values.after = Some(value),
            "after_sensitive" => values.after_sensitive = Some(value),
            "after_unknown" => values.after_unknown = Some(value),
            _ => {}
        }
    }
    values
}

/// The plan does not tell attributes from map keys; both are taken as attributes.
fn path(node: &Node) -> Path {
    let steps = node.elements().iter().filter_map(|step| match &step.kind {
        Kind::String(name) => Some(Step::Attribute(name.clone())),
        Kind::Number(index) => index.parse().ok().map(Step::Index),
        Kind::Null | Kind::Bool(_) | Kind::Array(_) | Kind::Object(_) => None,
    });
    Path::from(steps.collect::<Vec<_>>())
}

fn members(node: Node) -> Vec<Member> {
    match node.kind {
        Kind::Object(members) => members,
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Array(_) => Vec::new(),
    }
}

fn take(node: Node, key: &str) -> Option<Node> {
    members(node)
        .into_iter()
        .rev()
        .find(|member| member.key == key)
        .map(|member| member.value)
}

fn elements(node: Node, key: &str) -> Result<impl Iterator<Item = Node>, Refusal> {
    match node.kind {
        Kind::Array(elements) => Ok(elements.into_iter()),
        Kind::Null => Ok(Vec::new().into_iter()),
        Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Object(_) => Err(Refusal::of_shape(&format!(
            "`{key}` is {} and should be an array",
            node.describe()
        ))),
    }
}
