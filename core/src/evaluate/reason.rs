use std::fmt::Write as _;

use super::condition::Condition;
use super::context::{Context, Presence};
use super::verdict::Truth;
use crate::policy::{Effect, KNOWN_KEYS, Operator, Test, TestKind};

/// Why a condition holds or not, and what could be changed.
pub(super) fn reason(condition: &Condition<'_>, effect: Effect, context: &Context, holds: Truth) -> String {
    let written = &condition.source.operator;
    let key = &condition.source.key;
    let Some(operator) = condition.operator else {
        return format!("IAM has no condition operator `{written}`: correct its spelling.");
    };
    let values = match context.get(&condition.key) {
        Presence::Unknown => {
            return format!(
                "Nobody can know offline what `{key}` is in the request; `{written}` wants {}.",
                asked(condition, operator)
            );
        }
        Presence::Present if operator.test != Test::Null => {
            return format!(
                "The request carries `{key}`, and nobody can know offline what it is; `{written}` wants {}.",
                asked(condition, operator)
            );
        }
        Presence::Absent => Some(&[][..]),
        Presence::Values(values) => Some(values.as_slice()),
        Presence::Present => None,
    };
    if operator.test == Test::Null {
        return of_null(condition, operator, values.is_some_and(<[String]>::is_empty), holds);
    }
    match values {
        None | Some([]) => of_missing(condition, operator, effect, context, holds),
        Some(values) => of_values(condition, operator, values, context, holds),
    }
}

fn of_null(condition: &Condition<'_>, operator: Operator, is_missing: bool, holds: Truth) -> String {
    let key = &condition.source.key;
    let carries = if is_missing { "carries no" } else { "carries" };
    match holds {
        Truth::True => format!("The request {carries} `{key}`, as `Null` wants."),
        Truth::False if is_missing => {
            format!("The request carries no `{key}`: `Null` with `false` wants it to be there.")
        }
        Truth::False => format!("The request carries `{key}`: `Null` with `true` wants it to be missing."),
        Truth::Unknown if operator.quantifier.is_some() => {
            format!(
                "AWS does not say what `{}` means for `{key}`: use `Null`.",
                condition.source.operator
            )
        }
        Truth::Unknown => format!(
            "`Null` wants `true` or `false` for `{key}`, and the statement has {}.",
            list(condition.source.values.as_slice(), "and")
        ),
    }
}

fn of_missing(
    condition: &Condition<'_>,
    operator: Operator,
    effect: Effect,
    context: &Context,
    holds: Truth,
) -> String {
    let (written, key) = (&condition.source.operator, &condition.source.key);
    if holds != Truth::False {
        let mut text = format!("The request carries no `{key}`, and `{written}` holds where there is none");
        if effect == Effect::Deny && !operator.if_exists {
            _ = write!(
                text,
                "; to spare such requests, add `Null` with `false` for the same key"
            );
        }
        text.push('.');
        return text;
    }
    let mut text = format!("The request carries no `{key}`: `{written}` cannot match");
    match namesake(&condition.key, context) {
        Some(other) => _ = write!(text, "; it carries `{other}`, which may be meant"),
        None if effect == Effect::Allow => text.push_str("; ask for a key that it carries"),
        None => {}
    }
    text.push('.');
    text
}

/// Another key of the request with the same tag: `aws:RequestTag/team` where `aws:PrincipalTag/team` is missing.
fn namesake(key: &str, context: &Context) -> Option<String> {
    let (_, tag) = key.split_once('/')?;
    let (prefix, tag) = context
        .iter()
        .filter(|(_, presence)| matches!(presence, Presence::Values(_) | Presence::Present))
        .filter_map(|(other, _)| other.split_at_checked(other.find('/')? + 1))
        .find(|(_, found)| *found == tag)?;
    let known = KNOWN_KEYS.iter().find(|known| known.name.eq_ignore_ascii_case(prefix));
    Some(format!("{}{tag}", known.map_or(prefix, |known| known.name)))
}

fn of_values(
    condition: &Condition<'_>,
    operator: Operator,
    values: &[String],
    context: &Context,
    holds: Truth,
) -> String {
    let (written, key) = (&condition.source.operator, &condition.source.key);
    let shown = list(values, "and");
    let wanted = wanted(condition, operator);
    match holds {
        Truth::True if operator.is_negated() => format!("`{key}` is {shown}, and `{written}` excludes {wanted} only."),
        Truth::True => format!("`{key}` is {shown}, as `{written}` wants."),
        Truth::False => {
            let mut text = if operator.is_negated() {
                format!("`{key}` is {shown} here, which `{written}` excludes")
            } else {
                format!("`{key}` is {shown} here, and the statement wants {wanted}")
            };
            text.push_str(hint(condition, operator, values, context));
            text.push('.');
            text
        }
        Truth::Unknown if operator.quantifier.is_none() && values.len() > 1 => format!(
            "`{key}` has several values here, {shown}, and AWS does not say what `{written}` makes of them: write \
             `ForAnyValue:{written}` or `ForAllValues:{written}`."
        ),
        Truth::Unknown if values.iter().all(String::is_empty) => {
            format!("`{key}` is empty here, and AWS does not say whether `{written}` takes that for a value.")
        }
        Truth::Unknown if condition.has_variables() => {
            format!("`{key}` is {shown} here, and nobody can know offline what {wanted} comes to in this request.")
        }
        Truth::Unknown => format!(
            "`{key}` is {shown} here, and the statement wants {wanted}: not all of them are {}, and AWS does not say what IAM makes \
             of that.",
            kind(operator.test.kind())
        ),
    }
}

/// What was probably overlooked.
fn hint(condition: &Condition<'_>, operator: Operator, values: &[String], context: &Context) -> &'static str {
    let wanted = condition.source.values.as_slice();
    // A set operator may take some of them.
    let refused = || {
        let is_refused = |value: &&String| condition.takes(operator, value, context) == Truth::False;
        values.iter().filter(is_refused)
    };
    let any =
        |test: &dyn Fn(&str, &str) -> bool| refused().any(|value| wanted.iter().any(|wanted| test(value, wanted)));
    if operator.is_negated() {
        ""
    } else if condition.lacks_a_variable(context) {
        "; a variable in it has no value in this request, so nothing is like it: give it a default"
    } else if operator.test == Test::StringEquals
        && any(&|value, wanted| super::pattern::Pattern::new(wanted).matches(value))
    {
        "; `StringEquals` takes `*` and `?` for letters, `StringLike` for wildcards"
    } else if operator.test.kind() == TestKind::String && any(&|value, wanted| value.eq_ignore_ascii_case(wanted)) {
        "; capitals matter to it"
    } else {
        ""
    }
}

/// What it wants of a request.
fn asked(condition: &Condition<'_>, operator: Operator) -> String {
    let wanted = wanted(condition, operator);
    if operator.is_negated() {
        format!("none of {wanted}")
    } else {
        wanted
    }
}

fn wanted(condition: &Condition<'_>, operator: Operator) -> String {
    let values = list(condition.source.values.as_slice(), "or");
    if values.is_empty() {
        return "one of none".to_owned();
    }
    match operator.test {
        Test::StringLike | Test::StringNotLike if values.contains(['*', '?']) => format!("something like {values}"),
        Test::ArnEquals | Test::ArnNotEquals | Test::ArnLike | Test::ArnNotLike if values.contains(['*', '?']) => {
            format!("an ARN like {values}")
        }
        Test::NumericLessThan => format!("less than {values}"),
        Test::NumericLessThanEquals => format!("at most {values}"),
        Test::NumericGreaterThan => format!("more than {values}"),
        Test::NumericGreaterThanEquals => format!("at least {values}"),
        Test::DateLessThan => format!("a time before {values}"),
        Test::DateLessThanEquals => format!("a time not after {values}"),
        Test::DateGreaterThan => format!("a time after {values}"),
        Test::DateGreaterThanEquals => format!("a time not before {values}"),
        Test::IpAddress | Test::NotIpAddress => format!("an address in {values}"),
        _ => values,
    }
}

const fn kind(kind: TestKind) -> &'static str {
    match kind {
        TestKind::String => "texts with variables that IAM knows",
        TestKind::Numeric => "numbers",
        TestKind::Date => "times",
        TestKind::Bool | TestKind::Null => "`true` or `false`",
        TestKind::Binary => "bytes in base64",
        TestKind::IpAddress => "IP addresses and ranges",
        TestKind::Arn => "ARNs",
    }
}

/// `a`, `b` or `c`; not more than a reader would read.
pub(super) fn list<T: AsRef<str>>(values: &[T], word: &str) -> String {
    const MOST: usize = 4;
    let mut text = String::new();
    for (position, value) in values.iter().take(MOST).enumerate() {
        if position > 0 {
            let is_last = position + 1 == values.len();
            text.push_str(if is_last { " " } else { ", " });
            if is_last {
                text.push_str(word);
                text.push(' ');
            }
        }
        _ = write!(text, "`{}`", short(value.as_ref()));
    }
    if let Some(more) = values.len().checked_sub(MOST).filter(|more| *more > 0) {
        _ = write!(text, " {word} {more} more");
    }
    text
}

/// A value as a sentence can hold it.
pub(super) fn short(value: &str) -> String {
    const MOST: usize = 200;
    match value.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", value.get(..end).unwrap_or(value)),
        None => value.to_owned(),
    }
}
