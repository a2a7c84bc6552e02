use super::context::{Context, Presence};
use super::verdict::Truth;
use super::wanted::{Filled, Wanted, filled};
use crate::policy::{self, Operator, Quantifier, Test};

/// A condition, read once.
#[derive(Clone, Debug)]
pub(super) struct Condition<'d> {
    pub(super) source: &'d policy::Condition,
    /// `None` if IAM has no such operator.
    pub(super) operator: Option<Operator>,
    /// In lower case.
    pub(super) key: String,
    wanted: Vec<Wanted<'d>>,
}

impl<'d> Condition<'d> {
    pub(super) fn new(source: &'d policy::Condition, has_variables: bool) -> Self {
        let operator: Option<Operator> = source.operator.parse().ok();
        Self {
            source,
            operator,
            key: source.key.to_ascii_lowercase(),
            wanted: operator.map_or_else(Vec::new, |operator| {
                source
                    .values
                    .iter()
                    .map(|value| Wanted::new(value, operator.test, has_variables))
                    .collect()
            }),
        }
    }

    /// Whether it holds for a request.
    pub(super) fn holds(&self, context: &Context) -> Truth {
        let Some(operator) = self.operator else {
            return Truth::Unknown;
        };
        let presence = context.get(&self.key);
        if operator.test == Test::Null {
            return self.is_missing_as_wanted(operator, presence);
        }
        let values: &[String] = match presence {
            Presence::Absent => &[],
            Presence::Values(values) => values,
            Presence::Present | Presence::Unknown => return Truth::Unknown,
        };
        match (operator.quantifier, values) {
            (_, []) => operator.passes_without_key().into(),
            (None, [only]) => self.takes(operator, only, context),
            // AWS does not say what becomes of the others.
            (None, [_, _, ..]) => Truth::Unknown,
            (Some(quantifier), values) => {
                let each = values.iter().map(|value| self.takes(operator, value, context));
                let taken = match quantifier {
                    Quantifier::All => each.fold(Truth::True, Truth::and),
                    Quantifier::Any => each.fold(Truth::False, Truth::or),
                };
                let as_if_missing = Truth::from(quantifier == Quantifier::All);
                // Some pages of AWS take a single empty text for no value at all.
                if matches!(values, [only] if only.is_empty()) && taken != as_if_missing {
                    Truth::Unknown
                } else {
                    taken
                }
            }
        }
    }

    /// Whether a value that it wants has variables.
    pub(super) fn has_variables(&self) -> bool {
        self.wanted.iter().any(|wanted| matches!(wanted, Wanted::Template(_)))
    }

    /// Whether a request leaves a variable without a value.
    pub(super) fn lacks_a_variable(&self, context: &Context) -> bool {
        let test = self.operator.map_or(Test::StringEquals, |operator| operator.test);
        self.wanted.iter().any(|wanted| match wanted {
            Wanted::Template(pieces) => matches!(filled(pieces, test, context), Filled::Nothing),
            _ => false,
        })
    }

    /// Whether one value of the request passes.
    pub(super) fn takes(&self, operator: Operator, value: &str, context: &Context) -> Truth {
        let matched = self
            .wanted
            .iter()
            .map(|wanted| wanted.is_matched_by(value, operator.test, context))
            .fold(Truth::False, Truth::or);
        if operator.is_negated() { !matched } else { matched }
    }

    fn is_missing_as_wanted(&self, operator: Operator, presence: &Presence) -> Truth {
        // AWS does not say what a set operator does to it.
        if operator.quantifier.is_some() {
            return Truth::Unknown;
        }
        let is_missing = match presence {
            Presence::Absent => true,
            Presence::Values(values) => values.is_empty(),
            Presence::Present => false,
            Presence::Unknown => return Truth::Unknown,
        };
        self.wanted
            .iter()
            .map(|wanted| match wanted {
                Wanted::Bool(wanted) => Truth::from(*wanted == is_missing),
                _ => Truth::Unknown,
            })
            .fold(Truth::False, Truth::or)
    }
}
