use super::examples::{ACCOUNT_WIDE, SCOPED};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB204",
    slug: "unscoped-without-tags",
    title: "Without session tags the role cannot tell pods apart",
    severity: Severity::Warning,
    fix: "Switch session tags on and ask for them. If they have to stay off, as for a session policy, give the role to this one association only, and let \
          few people pass it.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "Session tags are switched off for the association, and the trust policy lets every association of the account in.",
    why: "EKS then sends nothing that names cluster, namespace or service account, so the trust policy cannot ask for it. Whoever may create an \
          association and pass the role can hand it to any pod.",
    bad: Example {
        policy: ACCOUNT_WIDE,
        context: r#"{"session_tags": false}"#,
    },
    good: Example {
        policy: SCOPED,
        context: r#"{"session_tags": true}"#,
    },
    sources: &["Amazon EKS API Reference, CreatePodIdentityAssociation, disableSessionTags"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    if subject.around.sends_tags() != Some(false) || subject.may_deny_pods() {
        return;
    }
    for statement in subject.admissions().filter(|one| one.is_open()) {
        report.at(
            &statement.path(),
            "Session tags are off, so nothing in the request says which pod it is for, and every association of the account may use the role. Switch them \
             on and add conditions on `aws:RequestTag/…`, or limit who may pass the role with `iam:PassRole`.",
        );
    }
}
