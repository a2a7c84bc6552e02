use super::examples::{SCOPED, TAGS_PAGE};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::Test;

pub(super) const RULE: Rule = Rule {
    code: "PIB208",
    slug: "tags-switched-off",
    title: "Pod Identity trust asks for session tags that are switched off",
    severity: Severity::Error,
    fix: "Switch session tags on, or replace the conditions by `aws:SourceAccount`, which cannot tell pods apart. With a target role, its trust can ask for \
          the external id, which names namespace and service account.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The association has session tags switched off, as a session policy demands, and every statement that lets EKS Pod Identity in asks for \
           `aws:RequestTag/…`.",
    why: "What is not sent has no value: the conditions never hold, and every pod is refused.",
    bad: Example {
        policy: SCOPED,
        context: r#"{"session_tags": false}"#,
    },
    good: Example {
        policy: SCOPED,
        context: r#"{"session_tags": true}"#,
    },
    sources: &[
        TAGS_PAGE,
        "Amazon EKS API Reference, CreatePodIdentityAssociation, disableSessionTags",
        "IAM User Guide, IAM JSON policy elements: Condition operators",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    if subject.around.sends_tags() != Some(false)
        || subject.may_mean_pods(crate::policy::Effect::Allow, "sts:AssumeRole")
    {
        return;
    }
    let mut places = Vec::new();
    for statement in subject.admissions() {
        let asks = statement.clauses().find(|clause| {
            // `Null` with `false` asks for the key to be there.
            let wants_key = clause.operator.test == Test::Null && clause.values.only() == Some("false");
            clause.after("aws:RequestTag/").is_some() && (clause.asks() || wants_key)
        });
        // One that asks for no tag lets pods in.
        let Some(clause) = asks else { return };
        places.push((clause.path.clone(), clause.key.clone()));
    }
    for (path, key) in places {
        report.at(
            &path,
            format!(
                "The statement asks for `{key}`, and session tags are off, so EKS sends none and every pod is refused. Switch session tags on, or replace the \
                 conditions on request tags by one on `aws:SourceAccount`."
            ),
        );
    }
}
