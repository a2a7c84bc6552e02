//! SARIF 2.1.0: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use serde_json::{Value, json};
use tfmodel::json::Span;

use super::Reported;
use super::lines::{Lines, Region};
use crate::findings::{Finding, RULES, Rule, Severity, Waiver};

/// Everything that was found as a SARIF log; what was waived is in it, suppressed.
///
/// `version` is that of the tool.
pub fn sarif(reported: &[Reported], version: &str) -> String {
    let rules: Vec<&Rule> = RULES.iter().copied().flatten().copied().collect();
    let rules = rules.as_slice();
    let results: Vec<Value> = reported
        .iter()
        .flat_map(|one| {
            let open = one.judged.open.iter().map(|finding| (finding, None));
            let waived = one
                .judged
                .waived
                .iter()
                .map(|(finding, waiver)| (finding, Some(waiver)));
            let lines = Lines::of(&one.text);
            open.chain(waived)
                .map(move |(finding, waiver)| result(one, &lines, finding, waiver, rules))
        })
        .collect();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "pod-identity",
                "semanticVersion": version,
                "rules": rules.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            }},
            // Lines and columns count characters, not UTF-16 units.
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn descriptor(rule: &Rule) -> Value {
    let mut properties = json!({"tags": ["aws", "iam", "eks"]});
    if rule.severity == Severity::Security {
        properties = json!({"tags": ["aws", "iam", "eks", "security"], "security-severity": "8.0"});
    }
    json!({
        "id": rule.code,
        "name": pascal_case(rule.slug),
        "shortDescription": {"text": rule.title},
        "help": {"text": rule.fix},
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": properties,
    })
}

fn result(one: &Reported, lines: &Lines<'_>, finding: &Finding, waiver: Option<&Waiver>, rules: &[&Rule]) -> Value {
    let mut location = json!({
        "logicalLocations": [{"fullyQualifiedName": logical_name(one, finding)}],
    });
    if let Some(file) = &one.file {
        let mut physical = json!({"artifactLocation": {"uri": uri(file)}});
        if let Some(span) = finding.place.span {
            insert(&mut physical, "region", region(lines, span));
        }
        insert(&mut location, "physicalLocation", physical);
    }
    let mut result = json!({
        "ruleId": finding.rule.code,
        "ruleIndex": rules.iter().position(|rule| std::ptr::eq(*rule, finding.rule)),
        "level": level(finding.rule.severity),
        "message": {"text": finding.detail},
        "locations": [location],
        "partialFingerprints": {"podIdentity/v1": finding.fingerprint},
    });
    if let (Some(fix), Some(file)) = (&finding.fix, &one.file) {
        let replacements: Vec<Value> = fix
            .edits
            .iter()
            .map(|edit| {
                json!({
                    "deletedRegion": region(lines, edit.span),
                    "insertedContent": {"text": edit.replacement},
                })
            })
            .collect();
        let fixes = json!([{
            "description": {"text": fix.title},
            "artifactChanges": [{"artifactLocation": {"uri": uri(file)}, "replacements": replacements}],
        }]);
        insert(&mut result, "fixes", fixes);
    }
    if let Some(waiver) = waiver {
        let suppressions = json!([{"kind": "external", "status": "accepted", "justification": waiver.reason}]);
        insert(&mut result, "suppressions", suppressions);
    }
    result
}

fn insert(object: &mut Value, key: &str, value: Value) {
    if let Value::Object(members) = object {
        members.insert(key.to_owned(), value);
    }
}

fn region(lines: &Lines<'_>, span: Span) -> Value {
    let Region { start, end } = lines.region(span);
    json!({"startLine": start.0, "startColumn": start.1, "endLine": end.0, "endColumn": end.1})
}

fn logical_name(one: &Reported, finding: &Finding) -> String {
    if finding.place.path.is_root() {
        one.name.clone()
    } else {
        format!("{}/{}", one.name, finding.place.path)
    }
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Security | Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Suggestion => "note",
    }
}

/// A relative reference, as RFC 3986 spells the name of a file.
fn uri(file: &str) -> String {
    use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
    const ESCAPED: &AsciiSet = &CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'#')
        .add(b'%')
        .add(b':')
        .add(b'<')
        .add(b'>')
        .add(b'?')
        .add(b'[')
        .add(b'\\')
        .add(b']')
        .add(b'^')
        .add(b'`')
        .add(b'{')
        .add(b'|')
        .add(b'}');
    utf8_percent_encode(file, ESCAPED).to_string()
}

fn pascal_case(slug: &str) -> String {
    slug.split('-')
        .flat_map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|first| first.to_ascii_uppercase())
                .into_iter()
                .chain(letters)
        })
        .collect()
}
