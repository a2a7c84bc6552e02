use serde::Serialize;

use super::question::{Ask, Question};
use super::rules::{ArguesFor, RULES, Rule, Weight};

/// Which mechanism a workload should use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// Which.
    pub recommendation: Recommendation,
    /// Everything that argues, the stronger first, whatever for.
    pub because: Vec<Reason>,
    /// What must be answered first; nothing if the recommendation stands.
    pub needs: Vec<Ask>,
    /// What was not answered and taken for granted.
    pub assumed: Vec<(Ask, bool)>,
    /// Which single answers would lead elsewhere.
    pub would_change: Vec<Change>,
}

/// What to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Recommendation {
    /// IRSA.
    Irsa,
    /// EKS Pod Identity.
    PodIdentity,
    /// Both, for different service accounts.
    Both,
    /// Either: nothing speaks against one of them, or as much as against the other.
    Either,
    /// Something else.
    Neither,
    /// It depends on what is not known.
    Unknown,
}

/// A rule that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The rule.
    pub rule: &'static str,
    /// What it argues for.
    pub argues_for: ArguesFor,
    /// How strongly.
    pub weight: Weight,
    /// Why, in sentences.
    pub reason: &'static str,
    /// Who says so.
    pub source: &'static str,
}

/// An answer that would lead elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The question.
    pub ask: Ask,
    /// The answer.
    pub answer: bool,
    /// Where it would lead.
    pub to: Recommendation,
}

/// Says which mechanism a workload should use, and why.
pub fn advise(question: &Question) -> Advice {
    let recommendation = recommend(question);
    let because = RULES
        .iter()
        .filter(|rule| rule.holds(question) == Some(true))
        .map(Rule::reason_given);
    let unanswered = || Ask::ALL.into_iter().filter(|ask| question.answer(*ask).is_none());
    let mut would_change = Vec::new();
    for ask in unanswered() {
        for answer in [true, false] {
            let to = recommend(&question.clone().with(ask, answer));
            if to != recommendation {
                would_change.push(Change { ask, answer, to });
            }
        }
    }
    Advice {
        recommendation,
        because: because.collect(),
        needs: match recommendation {
            Recommendation::Unknown => deciding(question),
            Recommendation::Irsa
            | Recommendation::PodIdentity
            | Recommendation::Both
            | Recommendation::Either
            | Recommendation::Neither => Vec::new(),
        },
        assumed: unanswered().filter_map(|ask| Some((ask, ask.assumed()?))).collect(),
        would_change,
    }
}

/// What every way to answer what is open leads to.
fn recommend(question: &Question) -> Recommendation {
    let mut all = completions(question).map(|complete| settled(&complete));
    match all.next() {
        Some(first) if all.all(|other| other == first) => first,
        Some(_) | None => Recommendation::Unknown,
    }
}

/// Unanswered questions without an assumption that decide.
fn deciding(question: &Question) -> Vec<Ask> {
    let open = open(question);
    let decides = |ask: &Ask| {
        completions(question).any(|complete| {
            let answer = complete.answer(*ask).unwrap_or_default();
            let other = complete.clone().with(*ask, !answer);
            is_possible(question, &other) && settled(&other) != settled(&complete)
        })
    };
    open.into_iter().filter(decides).collect()
}

fn open(question: &Question) -> Vec<Ask> {
    Ask::ALL
        .into_iter()
        .filter(|ask| question.taken(*ask).is_none())
        .collect()
}

/// Every way to answer what is open: it is four questions at most.
fn completions(question: &Question) -> impl Iterator<Item = Question> {
    let open = open(question);
    (0..1u32 << open.len())
        .map(move |bits| {
            open.iter()
                .enumerate()
                .fold(question.clone(), |complete, (position, ask)| {
                    complete.with(*ask, bits >> position & 1 == 1)
                })
        })
        .filter(|complete| is_possible(question, complete))
}

/// Pods run somewhere, unless somebody says that they do not.
fn is_possible(question: &Question, complete: &Question) -> bool {
    let runs_nowhere = |of: &Question| {
        of.answer(Ask::OnLinuxNodes) == Some(false) && of.answer(Ask::OnFargateOrWindows) == Some(false)
    };
    !runs_nowhere(complete) || runs_nowhere(question)
}

/// What the rules say once nothing is open.
fn settled(question: &Question) -> Recommendation {
    for weight in [Weight::Must, Weight::Should, Weight::May] {
        let voices: Vec<ArguesFor> = RULES
            .iter()
            .filter(|rule| rule.weight == weight && rule.argues_for != ArguesFor::Either)
            .filter(|rule| rule.holds(question) == Some(true))
            .map(|rule| rule.argues_for)
            .collect();
        if voices.is_empty() {
            continue;
        }
        let has = |voice: ArguesFor| voices.contains(&voice);
        let irsa = has(ArguesFor::Irsa) || has(ArguesFor::Both);
        return if has(ArguesFor::Neither) {
            Recommendation::Neither
        } else if has(ArguesFor::PodIdentity) && irsa {
            // What excludes one mechanism each leaves none; wishes for both leave the choice.
            if weight == Weight::Must {
                Recommendation::Neither
            } else {
                Recommendation::Either
            }
        } else if has(ArguesFor::PodIdentity) {
            Recommendation::PodIdentity
        } else if has(ArguesFor::Irsa) {
            // Where something rules out the other mechanism altogether, mixed nodes do not matter.
            Recommendation::Irsa
        } else {
            Recommendation::Both
        };
    }
    Recommendation::Either
}

impl Rule {
    const fn reason_given(&self) -> Reason {
        Reason {
            rule: self.id,
            argues_for: self.argues_for,
            weight: self.weight,
            reason: self.reason,
            source: self.source,
        }
    }
}

impl Recommendation {
    /// For people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Irsa => "IRSA",
            Self::PodIdentity => "EKS Pod Identity",
            Self::Both => "both, for different service accounts",
            Self::Either => "either",
            Self::Neither => "neither",
            Self::Unknown => "it depends",
        }
    }
}
