//! Taking an object that is there into the state.

use serde_json::Value;

use super::config::Config;
use super::known::same;
use super::path::Path;
use super::plan::{self, PlanCheck};
use super::stage::{Outcome, Settling, Stage, guarded};
use super::state::StateCheck;
use super::step::Play;
use crate::cli::{Action, Feature, State};
use crate::failure::Failure;

/// Imports an object that an earlier step has made: the state forgets it, imports it, and must then hold what it held before. A second plan
/// must find nothing to do, as after an [`Apply`](super::Apply).
#[must_use = "a step is nothing until a scenario has it"]
pub struct Import {
    address: String,
    how: How,
    origin: Origin,
    exceptions: Vec<(String, String)>,
    generated: Option<Generated>,
    plan_checks: Vec<PlanCheck>,
    state_checks: Vec<StateCheck>,
    settling: Settling,
}

enum How {
    Command(String),
    Block(String),
    Identity(Value),
}

/// Where the object comes from.
enum Origin {
    AnEarlierStep,
    Outside(Config),
}

struct Generated {
    config: Config,
    checks: Vec<TextCheck>,
}

type TextCheck = Box<dyn FnOnce(&str) -> Result<(), String>>;

const BLOCK: &str = "import.tf";
const GENERATED: &str = "generated.tf";

impl Import {
    /// By the command `import`.
    pub fn command(address: impl Into<String>, id: impl Into<String>) -> Self {
        Self::new(address, How::Command(id.into()))
    }

    /// By an `import` block with an id.
    pub fn block(address: impl Into<String>, id: impl Into<String>) -> Self {
        Self::new(address, How::Block(id.into()))
    }

    /// By an `import` block with an identity.
    pub fn identity(address: impl Into<String>, identity: impl Into<Value>) -> Self {
        Self::new(address, How::Identity(identity.into()))
    }

    fn new(address: impl Into<String>, how: How) -> Self {
        Self {
            address: address.into(),
            how,
            origin: Origin::AnEarlierStep,
            exceptions: Vec::new(),
            generated: None,
            plan_checks: Vec::new(),
            state_checks: Vec::new(),
            settling: Settling::default(),
        }
    }

    /// Imports an object that no step has made, into this configuration: there is nothing to compare with but the configuration.
    pub fn made_outside(mut self, config: impl Into<Config>) -> Self {
        self.origin = Origin::Outside(config.into());
        self
    }

    /// Lets the CLI write the configuration of the resource, beside this one that has none for it. Only with an `import` block.
    pub fn generating(mut self, beside: impl Into<Config>) -> Self {
        self.generated = Some(Generated {
            config: beside.into(),
            checks: Vec::new(),
        });
        self
    }

    /// Checks the configuration that the CLI has written.
    pub fn generated_check<O: Outcome>(mut self, check: impl FnOnce(&str) -> O + 'static) -> Self {
        if let Some(generated) = &mut self.generated {
            generated.checks.push(Box::new(move |text| check(text).outcome()));
        }
        self
    }

    /// Says which value an import does not find, and why.
    pub fn except(mut self, path: impl Into<String>, reason: impl Into<String>) -> Self {
        self.exceptions.push((path.into(), reason.into()));
        self
    }

    /// Checks the plan of an `import` block.
    pub fn plan_check(mut self, check: PlanCheck) -> Self {
        self.plan_checks.push(check);
        self
    }

    /// Checks the state afterwards.
    pub fn state_check(mut self, check: StateCheck) -> Self {
        self.state_checks.push(check);
        self
    }

    /// Says why there is something to do after the import; there must then be.
    pub fn unsettled(mut self, reason: impl Into<String>) -> Self {
        self.settling = Settling::Unsettled(reason.into());
        self
    }

    fn import(mut self, stage: &mut Stage, before: Option<&State>) -> Result<(), Failure> {
        match &self.how {
            How::Command(id) => self.by_command(stage, &id.clone())?,
            How::Block(id) => {
                let argument = format!("id = {}", hcl(&Value::from(id.as_str())));
                self.by_block(stage, &argument)?;
            }
            How::Identity(identity) => {
                stage.need(Feature::Identity)?;
                let argument = format!("identity = {}", hcl(identity));
                self.by_block(stage, &argument)?;
            }
        }
        let after = stage.workspace.state()?;
        if let Some(before) = before {
            compare(&self.address, before, &after, &self.exceptions)?;
        }
        stage.check_state(self.state_checks)?;
        stage.settle(&self.settling)
    }

    fn by_command(&self, stage: &mut Stage, id: &str) -> Result<(), Failure> {
        if self.generated.is_some() || !self.plan_checks.is_empty() {
            return Err(Failure::new(
                "the command `import` makes no plan and writes no configuration; import by a block for that",
            ));
        }
        let answer = stage.workspace.try_import(&self.address, id)?;
        stage.say(&answer.command, &answer.text());
        if answer.is_success() {
            Ok(())
        } else {
            Err(answer.failure())
        }
    }

    fn by_block(&mut self, stage: &mut Stage, argument: &str) -> Result<(), Failure> {
        let block = format!("import {{\n  to = {}\n  {argument}\n}}\n", self.address);
        let generated = self.generated.take();
        if let Some(generated) = &generated {
            stage.configure(Some(&generated.config))?;
        }
        stage.workspace.write(BLOCK, &block)?;
        let option = format!("-generate-config-out={GENERATED}");
        let made = match &generated {
            Some(_) => stage.plan(&[], &[&option])?,
            None => stage.plan(&[], &[])?,
        };
        let mut checks = std::mem::take(&mut self.plan_checks);
        checks.push(plan::imported(self.address.clone()));
        if matches!(self.settling, Settling::Settled) && self.exceptions.is_empty() {
            checks.push(plan::action(self.address.clone(), Action::NoOp));
        }
        stage.check_plan(checks, &made)?;
        stage.apply(&made)?;
        match generated {
            None => stage.restore(),
            Some(generated) => {
                let path = stage.workspace.configuration().join(GENERATED);
                let text = std::fs::read_to_string(path)
                    .map_err(|error| Failure::new(format!("no configuration was generated: {error}")))?;
                let results = generated.checks.into_iter().map(|check| guarded(|| check(&text)));
                super::stage::summed(results, "the generated configuration is not what was expected")
                    .map_err(|failure| Failure::new(format!("{failure}\n{text}")))?;
                stage.configure(Some(&generated.config.file(GENERATED, text)))
            }
        }
    }
}

impl Play for Import {
    fn title(&self) -> String {
        let how = match self.how {
            How::Command(_) => "command",
            How::Block(_) => "block",
            How::Identity(_) => "identity",
        };
        format!("import of {} by {how}", self.address)
    }

    fn play(self: Box<Self>, stage: &mut Stage) -> Result<(), Failure> {
        match &self.origin {
            Origin::Outside(config) => {
                stage.configure(Some(config))?;
                self.import(stage, None)
            }
            Origin::AnEarlierStep => {
                stage.restore()?;
                let before = stage.workspace.state()?;
                if before.resource(&self.address).is_none() {
                    return Err(Failure::new(format!(
                        "`{}` is not in the state, so that there is nothing to compare with; if no step makes it, say `made_outside`",
                        self.address
                    )));
                }
                let kept = stage.workspace.keep_state()?;
                stage.workspace.forget(&self.address)?;
                // An object that nobody remembers would not be destroyed at the end.
                self.import(stage, Some(&before)).or_else(|failure| {
                    stage.workspace.put_state_back(&kept)?;
                    Err(failure)
                })
            }
        }
    }
}

/// Holds an imported object to the one that was there before.
fn compare(address: &str, before: &State, after: &State, exceptions: &[(String, String)]) -> Result<(), Failure> {
    let part = |state: &State, name: &str| {
        let found = state.resource(address).and_then(|found| found.get(name));
        found.cloned().unwrap_or(Value::Null)
    };
    let (mut old, mut new) = (part(before, "values"), part(after, "values"));
    for (path, reason) in exceptions {
        let path = Path::parse(path).map_err(Failure::new)?;
        if path.find(&old) == path.find(&new) {
            return Err(Failure::new(format!(
                "`{path}` was expected not to be found by the import, because {reason}, and was found; leave `except` out"
            )));
        }
        path.remove(&mut old);
        path.remove(&mut new);
    }
    let empty = serde_json::Map::new();
    let members = |value: &Value| value.as_object().unwrap_or(&empty).clone();
    let (old, new) = (members(&old), members(&new));
    let names: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let mut wrong = Vec::new();
    let mut hold = |name: &str, old: &Value, new: &Value| {
        if !same(old, new) {
            wrong.push(Err(format!("`{name}` was `{old}` and is `{new}`")));
        }
    };
    for name in names {
        let (old, new) = (old.get(name), new.get(name));
        hold(name, old.unwrap_or(&Value::Null), new.unwrap_or(&Value::Null));
    }
    hold("the identity", &part(before, "identity"), &part(after, "identity"));
    super::stage::summed(wrong, "the import has not found what was there before")
}

/// A value as an HCL expression.
fn hcl(value: &Value) -> String {
    match value {
        // A JSON string is an HCL string, as long as no template begins in it.
        Value::String(_) => value.to_string().replace("${", "$${").replace("%{", "%%{"),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(elements) => {
            let elements: Vec<String> = elements.iter().map(hcl).collect();
            format!("[{}]", elements.join(", "))
        }
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(key, value)| format!("{} = {}", hcl(&Value::from(key.as_str())), hcl(value)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_written_as_expressions_without_templates() {
        let value = json!({ "id": "a\"${b}%{c}", "list": [1, true, null] });
        assert_eq!(hcl(&value), r#"{ "id" = "a\"$${b}%%{c}", "list" = [1, true, null] }"#);
    }

    #[test]
    fn what_an_import_does_not_find_is_named() {
        let state = |text: &str| State {
            json: json!({ "values": { "root_module": { "resources": [
                { "address": "a.b", "values": { "text": text, "name": "n" } },
            ]}}}),
        };
        let compare = |after: &str, exceptions: &[(&str, &str)]| {
            let exceptions: Vec<_> = exceptions
                .iter()
                .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
                .collect();
            compare("a.b", &state("one"), &state(after), &exceptions).map_err(|failure| failure.to_string())
        };
        assert_eq!(compare("one", &[]), Ok(()));
        assert!(
            compare("two", &[])
                .unwrap_err()
                .contains("`text` was `\"one\"` and is `\"two\"`")
        );
        assert_eq!(compare("two", &[("text", "it is secret")]), Ok(()));
        assert!(
            compare("one", &[("text", "it is secret")])
                .unwrap_err()
                .contains("leave `except` out")
        );
    }
}
