use super::prepared::{Prepared, together};
use super::principal::Asking;
use super::reason::{list, reason, short};
use super::request::{Call, Caller, Request};
use super::statement::{Statement, decide};
use super::verdict::{CallEvaluation, ConditionMatch, Evaluation, StatementMatch, Truth, Verdict};
use crate::policy::{Document, Effect, Principals, Who};

/// What an answer leaves out: each of them may still keep out what the document lets in.
pub const NOT_CONSIDERED: &[&str] = &[
    "service control policies and resource control policies of the organization",
    "policies of VPC endpoints",
    "permissions, permissions boundaries and session policies of the caller",
];

/// Would this request be let in by this trust policy, and why?
pub fn evaluate(document: &Document, request: &Request) -> Evaluation {
    Prepared::new(document).evaluate(request)
}

impl Prepared<'_> {
    /// The answer to a request, and how it came about.
    pub fn evaluate(&self, request: &Request) -> Evaluation {
        if !self.refusals.is_empty() {
            return Evaluation {
                verdict: Verdict::Invalid,
                because: self.refusals.iter().map(ToString::to_string).collect(),
                calls: Vec::new(),
            };
        }
        let asking = Asking::from(&request.caller);
        let calls: Vec<CallEvaluation> = request
            .calls
            .iter()
            .map(|call| evaluate_call(&self.statements, asking, call))
            .collect();
        let verdict = together(calls.iter().map(|call| call.verdict));
        let mut because: Vec<String> = Vec::new();
        for call in calls.iter().filter(|call| call.verdict == verdict) {
            let told = Told {
                statements: &self.statements,
                asking,
                caller: &request.caller,
                call,
            };
            for sentence in told.sentences() {
                if !because.contains(&sentence) {
                    because.push(sentence);
                }
            }
        }
        if calls.is_empty() {
            because.push("The request asks for nothing.".to_owned());
        }
        Evaluation {
            verdict,
            because,
            calls,
        }
    }
}

fn evaluate_call(statements: &[Statement<'_>], asking: Asking<'_>, call: &Call) -> CallEvaluation {
    let matched: Vec<StatementMatch> = statements
        .iter()
        .map(|statement| {
            let (principal, action) = (statement.is_about(asking), statement.has_action(&call.action));
            let conditions: Vec<ConditionMatch> = statement
                .conditions
                .iter()
                .map(|condition| {
                    let holds = condition.holds(&call.context);
                    ConditionMatch {
                        operator: condition.source.operator.clone(),
                        key: condition.source.key.clone(),
                        holds,
                        because: reason(condition, statement.source.effect, &call.context, holds),
                    }
                })
                .collect();
            let matches = conditions
                .iter()
                .fold(principal.and(action), |all, condition| all.and(condition.holds));
            StatementMatch {
                sid: statement.source.sid.clone(),
                effect: statement.source.effect,
                matches,
                principal,
                action,
                conditions,
            }
        })
        .collect();
    let (verdict, decided_by) = decide(matched.iter().map(|statement| (statement.effect, statement.matches)));
    CallEvaluation {
        action: call.action.clone(),
        verdict,
        decided_by,
        statements: matched,
    }
}

/// A call whose answer is told.
struct Told<'a> {
    statements: &'a [Statement<'a>],
    asking: Asking<'a>,
    caller: &'a Caller,
    call: &'a CallEvaluation,
}

impl Told<'_> {
    fn sentences(&self) -> Vec<String> {
        let action = &self.call.action;
        let decided = self
            .call
            .decided_by
            .and_then(|index| Some((index, self.call.statements.get(index)?)));
        let Some((index, statement)) = decided else {
            return self.nothing_allows();
        };
        let name = name(index, statement.sid.as_deref());
        let (sentence, truth) = match (self.call.verdict, statement.effect) {
            (Verdict::Unknown, Effect::Deny) => (
                format!("{name} may deny `{action}`, which another statement allows."),
                Truth::Unknown,
            ),
            (Verdict::Unknown, Effect::Allow) => (format!("{name} may allow `{action}`."), Truth::Unknown),
            (_, Effect::Deny) => (
                format!("{name} denies `{action}`, whatever other statements allow."),
                Truth::True,
            ),
            (_, Effect::Allow) => (format!("{name} allows `{action}` to the caller."), Truth::True),
        };
        let mut sentences = vec![sentence];
        if statement.principal == Truth::Unknown {
            sentences.push(self.principal(index));
        }
        let conditions = statement.conditions.iter().filter(|one| one.holds == truth);
        sentences.extend(conditions.map(|one| one.because.clone()));
        if statement.effect == Effect::Allow && self.is_through_account(index) {
            sentences.push(format!(
                "{name} names the account of the caller, not the caller: policies of that account must allow the caller `{action}` on \
                 this role as well."
            ));
        }
        sentences
    }

    /// What the statements that allow something lack, the nearest ones first.
    fn nothing_allows(&self) -> Vec<String> {
        let action = &self.call.action;
        let mut near = Vec::new();
        let mut far = Vec::new();
        for (index, statement) in self.call.statements.iter().enumerate() {
            if statement.effect == Effect::Deny {
                continue;
            }
            let name = name(index, statement.sid.as_deref());
            match (statement.principal, statement.action) {
                (Truth::False, Truth::False) => {}
                (Truth::False, _) => far.push(self.principal(index)),
                (Truth::True, Truth::False) => far.push(format!(
                    "{name} is about this caller, but not about `{action}`: add the action."
                )),
                (Truth::Unknown, Truth::False) => far.push(format!(
                    "{name} may be about this caller, but is not about `{action}`: add the action."
                )),
                _ => {
                    let conditions = statement.conditions.iter().filter(|one| one.holds == Truth::False);
                    near.extend(conditions.map(|one| format!("{name} would allow `{action}`, but: {}", one.because)));
                }
            }
        }
        let sentences = if near.is_empty() { far } else { near };
        if sentences.is_empty() {
            vec![format!("No statement allows `{action}` to {}.", described(self.caller))]
        } else {
            sentences
        }
    }

    fn is_through_account(&self, index: usize) -> bool {
        self.statements
            .get(index)
            .and_then(|statement| statement.principals.as_ref())
            .is_some_and(|principals| principals.is_through_account(self.asking))
    }

    /// Whom a statement names, and who asks.
    fn principal(&self, index: usize) -> String {
        let source = self.statements.get(index).map(|statement| statement.source);
        let name = name(index, source.and_then(|source| source.sid.as_deref()));
        let named = source.and_then(|source| source.principals.as_ref());
        format!(
            "{name} {}, and the caller is {}.",
            named.map_or_else(|| "names nobody".to_owned(), whom),
            described(self.caller)
        )
    }
}

fn whom(principals: &Principals) -> String {
    let names: Vec<&str> = match &principals.who {
        Who::Everybody => vec!["*"],
        Who::Named(named) => named
            .iter()
            .flat_map(|principal| principal.names.iter().map(String::as_str))
            .collect(),
    };
    let mut text = if names.is_empty() {
        "names nobody".to_owned()
    } else if principals.except {
        format!("names everybody but {}", list(&names, "and"))
    } else {
        format!("names {}", list(&names, "and"))
    };
    if names.iter().any(|name| super::principal::is_unique_id(name)) {
        text.push_str(", where an id stands for a user or role that is gone and is nobody, even if one of that name is made again");
    }
    text
}

fn described(caller: &Caller) -> String {
    match caller {
        Caller::Service(name) => format!("the AWS service `{}`", short(name)),
        Caller::Federated(name) => format!("a user of the identity provider `{}`", short(name)),
        Caller::Aws(name) => format!("`{}`", short(name)),
        Caller::Unknown => "somebody unknown".to_owned(),
    }
}

/// A statement as its author knows it.
pub(super) fn name(index: usize, sid: Option<&str>) -> String {
    match sid {
        Some(sid) if !sid.is_empty() => format!("Statement `{}`", short(sid)),
        _ => format!("Statement {}", index + 1),
    }
}
