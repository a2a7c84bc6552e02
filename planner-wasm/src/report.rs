use pod_identity_core::argument::Problem;
use pod_identity_core::findings::{Date, Subject, Surroundings, TrustPolicy, Waiver, Waivers, find};
use pod_identity_core::functions::policy_text;
use pod_identity_core::report::{self, Reported};
use serde::Serialize;
use tfmodel::{Path, Type, Value};
use tsify::Tsify;

use crate::answer::Failure;
use crate::argument::{Argument, Object, problem, refused, within};

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum ReportFormat {
    /// For a terminal, near to what Terraform prints.
    Text,
    /// For a pull request.
    Markdown,
    /// For tools that read SARIF 2.1.0.
    Sarif,
}

impl ReportFormat {
    fn read(name: &str) -> Option<Self> {
        Some(match name {
            "text" => Self::Text,
            "markdown" => Self::Markdown,
            "sarif" => Self::Sarif,
            _ => return None,
        })
    }
}

/// What is wrong with some trust policies, as a report.
///
/// `subject` is JSON: `policies`, a list of `name`, `file`, `policy` and `context`, which are what function `trust_policy_findings` takes, and
/// `waivers`, a list of `code`, `reason`, `expires` and `fingerprint`; and `today`, a day such as `2026-11-21`, without which no waiver expires.
///
/// # Errors
/// There is no such format, or something in the subject is not what it has to be. A policy that cannot be read is a finding.
pub fn report(format: &str, subject: &str) -> Result<String, Failure> {
    let format = ReportFormat::read(format).ok_or_else(|| {
        let detail = format!("Found `{format}`; it has to be one of `text`, `markdown` and `sarif`.");
        refused("format", detail)
    })?;
    let argument = Argument::read("subject", subject)?;
    let subject = argument.attributes([
        (
            "policies",
            objects([
                ("name", Type::String),
                ("file", Type::String),
                ("policy", Type::Dynamic),
                ("context", Type::Dynamic),
                (
                    "waivers",
                    objects(["code", "reason", "expires", "fingerprint"].map(|name| (name, Type::String))),
                ),
            ]),
        ),
        ("today", Type::String),
    ])?;
    let reported = reported(&subject).map_err(|problem| argument.refused(&problem))?;
    Ok(match format {
        ReportFormat::Text => report::findings(&reported),
        ReportFormat::Markdown => report::markdown(&reported),
        ReportFormat::Sarif => report::sarif(&reported, env!("CARGO_PKG_VERSION")),
    })
}

fn objects<const N: usize>(attributes: [(&str, Type); N]) -> Type {
    Type::list(Type::object(attributes))
}

fn reported(subject: &Value) -> Result<Vec<Reported>, Problem> {
    let root = Path::root();
    let today = day(subject, "today", &root)?;
    let at = root.with_attribute("policies");
    let policies = subject.elements("policies");
    let policies = policies.ok_or_else(|| problem(&at, "A list of policies is needed."))?;
    let policies = policies.iter().enumerate();
    policies
        .map(|(index, one)| policy(one, &at.with_index(index), index, today))
        .collect()
}

fn policy(one: &Value, at: &Path, index: usize, today: Option<Date>) -> Result<Reported, Problem> {
    let part = |name: &str| one.get(name).unwrap_or(&Value::Null);
    let policy_at = at.with_attribute("policy");
    let Value::Known(text) = policy_text(part("policy"), &policy_at)? else {
        return Err(problem(&policy_at, "It has to be known."));
    };
    let context_at = at.with_attribute("context");
    let around = Surroundings::from_value(part("context")).map_err(|problem| within(&context_at, problem))?;
    let waivers_at = at.with_attribute("waivers");
    // One of which something is unknown would count for more than it says.
    if !part("waivers").is_wholly_known() {
        return Err(problem(&waivers_at, "They have to be known."));
    }
    let waivers = one.elements("waivers").unwrap_or_default().iter().enumerate();
    let waivers = waivers.map(|(index, one)| waiver(one, &waivers_at.with_index(index)));
    let waivers = Waivers {
        all: waivers.collect::<Result<_, _>>()?,
        today,
    };
    let trust = TrustPolicy::new(&text);
    let found = find(&Subject {
        trust: Some(&trust),
        around: &around,
    });
    let name = one.text("name").map(str::to_owned);
    Ok(Reported {
        name: name.unwrap_or_else(|| format!("policy {}", index + 1)),
        file: one.text("file").map(str::to_owned),
        text: trust.text,
        judged: waivers.judge(found),
        ..Reported::default()
    })
}

fn waiver(waiver: &Value, at: &Path) -> Result<Waiver, Problem> {
    let needed = |name: &str| {
        let found = waiver.text(name).filter(|text| !text.trim().is_empty());
        found
            .map(str::to_owned)
            .ok_or_else(|| problem(&at.with_attribute(name), "It is missing."))
    };
    Ok(Waiver {
        code: needed("code")?,
        reason: needed("reason")?,
        expires: day(waiver, "expires", at)?,
        fingerprint: waiver.text("fingerprint").map(str::to_owned),
    })
}

fn day(object: &Value, name: &str, at: &Path) -> Result<Option<Date>, Problem> {
    let at = at.with_attribute(name);
    if object.get(name).is_some_and(Value::is_unknown) {
        return Err(problem(&at, "It has to be known."));
    }
    let day = object.text(name).map(str::parse).transpose();
    day.map_err(|error| problem(&at, &format!("Found no day: {error}.")))
}
