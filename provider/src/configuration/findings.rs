//! What is made of findings.

use pod_identity_core::binding::FindingSettings;
use pod_identity_core::findings::{Date, RULES, Rule, Severity, Waiver, Waivers};
use tfmodel::spelling::closest;
use tfmodel::validators::{custom, parses, satisfies};
use tfmodel::{Diagnostic, Model, Path, Value};

use super::text;

/// What plans make of findings.
#[derive(Clone, Debug, Model)]
pub(crate) struct Findings {
    /// From which severity on a finding stops the plan, changed or not: `security` (somebody gets in who should not), `error` (AWS refuses it, or
    /// pods are refused), `warning` (it works, and not for long or not for everybody) or `suggestion` (it could be said better); each takes those
    /// before it along. Without it, findings are warnings, and suggestions are not shown.
    #[tf(optional)]
    fail_on: Value<Severity>,
    /// A finding that is known and meant: it is neither shown nor stops a plan. What AWS itself refuses still fails, and what only `skip_preflight`
    /// of a binding lets through still stops.
    #[tf(block)]
    waive: Vec<Waive>,
}

/// A finding that is known and meant.
#[derive(Clone, Debug, Model)]
pub(crate) struct Waive {
    /// The rule, by its code, such as `PIB203`, or by the name of its page, such as `open-to-account`.
    #[tf(required, validate(custom(is_rule)))]
    code: Value<String>,
    /// Why it is meant, for those who read it later.
    #[tf(required, validate(satisfies("It has to say something.", says_something)))]
    reason: Value<String>,
    /// The last day (UTC) on which it is waived, such as `2027-03-31`. After it, the finding counts again, and a warning says why. Without it, the
    /// waiver has no end.
    #[tf(optional, validate(parses::<Date>()))]
    expires: Value<String>,
}

impl Findings {
    pub(super) fn settings(block: &Value<Self>) -> FindingSettings {
        let Some(block) = block.known() else {
            return FindingSettings::default();
        };
        FindingSettings {
            fail_on: block.fail_on.known().copied(),
            waivers: Waivers {
                all: block.waive.iter().filter_map(Waive::waiver).collect(),
                today: today(),
            },
        }
    }

    /// Says which waivers are over.
    pub(super) fn expired(block: &Value<Self>) -> Vec<Diagnostic> {
        let waive = Path::attribute("findings").with_attribute("waive");
        let blocks = block.known().map_or(&[][..], |block| &block.waive);
        let today = today();
        let over = blocks.iter().enumerate().filter_map(|(index, block)| {
            let waiver = block.waiver()?;
            let last = waiver.expires.filter(|last| today.is_some_and(|today| today > *last))?;
            let warning = Diagnostic::warning(
                format!("Waiver of {} has expired", waiver.code),
                format!(
                    "Its last day was {last}, so it has no effect any more. Its reason was: {}. Put right what it was for and remove it, or give it another \
                     day.",
                    waiver.reason.trim().trim_end_matches('.')
                ),
            );
            Some(warning.at(waive.with_index(index).with_attribute("expires")))
        });
        over.collect()
    }
}

impl Waive {
    /// `None` while it is not known what is waived. Until its last day is known, it has none.
    fn waiver(&self) -> Option<Waiver> {
        Some(Waiver {
            code: text(&self.code)?,
            reason: text(&self.reason).unwrap_or_default(),
            expires: self.expires.known().and_then(|day| day.parse().ok()),
            fingerprint: None,
        })
    }
}

#[expect(clippy::needless_pass_by_value, reason = "a validator is given the value")]
fn is_rule(name: String) -> Result<(), String> {
    if Rule::named(&name).is_some() {
        return Ok(());
    }
    let mut rules: Vec<&Rule> = RULES.iter().copied().flatten().copied().collect();
    let mut near = Vec::new();
    while near.len() < 3 {
        let names = rules.iter().flat_map(|rule| [rule.code, rule.slug]);
        let Some(found) = closest(&name, names) else { break };
        if let Some(rule) = Rule::named(found) {
            near.push(format!("`{}` (`{}`: {})", rule.code, rule.slug, rule.title));
        }
        rules.retain(|rule| rule.code != found && rule.slug != found);
    }
    let near = match near.as_slice() {
        [] => "Codes look like `PIB203`, and names like `open-to-account`.".to_owned(),
        near => format!("Near it are {}.", near.join(", ")),
    };
    Err(format!("There is no such rule. {near}"))
}

#[expect(clippy::needless_pass_by_value, reason = "a validator is given the value")]
fn says_something(reason: String) -> bool {
    !reason.trim().is_empty()
}

/// The day in UTC.
fn today() -> Option<Date> {
    time::OffsetDateTime::now_utc().date().to_string().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::today;

    #[test]
    fn today_is_a_day() {
        let day = today().expect("a day as waivers write it");
        assert!(day > "2026-01-01".parse().unwrap());
    }
}
