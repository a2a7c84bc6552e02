use crate::findings::{Subject, Surroundings, TrustPolicy, find};
use crate::policy::Document;

/// What is found in any text stands in it, is told in sentences and is known again; and what is offered to fix it can be done.
pub(super) fn findings(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // A second document, if there is one, is what surrounds the first.
    let (policy, context) = text.split_once("\n---\n").unwrap_or((text, ""));
    let Ok(around) = Surroundings::from_json(context) else {
        return;
    };
    let trust = TrustPolicy::new(policy);
    let subject = Subject {
        trust: Some(&trust),
        around: &around,
    };
    let found = find(&subject);
    for (index, finding) in found.iter().enumerate() {
        assert!(finding.detail.ends_with('.') && !finding.fingerprint.is_empty());
        if let Some(span) = finding.place.span {
            assert!(trust.text.get(span.start as usize..span.end as usize).is_some());
        }
        let again = found.iter().take(index);
        assert!(
            !again.into_iter().any(|other| other.fingerprint == finding.fingerprint),
            "{} cannot be told apart",
            finding.rule.code
        );
        let Some(fix) = &finding.fix else { continue };
        for edit in &fix.edits {
            assert!(
                trust
                    .text
                    .get(edit.span.start as usize..edit.span.end as usize)
                    .is_some()
            );
        }
        let fixed = fix.apply(&trust.text);
        assert!(fixed != trust.text, "{} changes nothing", finding.rule.code);
        if trust.document().is_some() {
            assert!(
                Document::parse(&fixed).is_ok(),
                "{} breaks the document",
                finding.rule.code
            );
        }
    }
}
