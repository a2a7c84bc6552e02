use std::collections::BTreeMap;

use tfmodel::order;

use super::sid_characters::unused;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::findings::subject::statement_path;

pub(super) const RULE: Rule = Rule {
    code: "PIB351",
    slug: "duplicate-sid",
    title: "Two statements have the same Sid",
    severity: Severity::Error,
    fix: "Give each statement a name of its own, or none.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A Sid names a statement. Two statements of the policy have the same one.",
    why: "IAM refuses the policy: `MalformedPolicyDocument: Statement IDs (SID) in a single policy must be unique`.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Sid": "Deploy",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole"
  }, {
    "Sid": "Deploy",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/release"},
    "Action": "sts:AssumeRole"
  }]
}"#,
        context: "",
    },
    good: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Sid": "Deploy",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole"
  }, {
    "Sid": "Deploy2",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/release"},
    "Action": "sts:AssumeRole"
  }]
}"#,
        context: "",
    },
    sources: &["IAM User Guide, IAM policy validation check reference: Unique Sids required"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let mut same: BTreeMap<String, Vec<(String, usize)>> = BTreeMap::new();
    for (index, statement) in subject.statements() {
        if let Some(sid) = statement.sid.as_deref().filter(|sid| !sid.is_empty()) {
            let canonical = statement.canonical().to_json();
            same.entry(sid.to_owned()).or_default().push((canonical, index));
        }
    }
    for (sid, mut group) in same {
        // Which one keeps the name does not depend on their order.
        order::sort(&mut group);
        for (_, index) in group.into_iter().skip(1) {
            let path = statement_path(index).with_attribute("Sid");
            report
                .at(
                    &path,
                    format!("Another statement has the Sid `{sid}` as well: IAM refuses the policy. Give each statement a name of its own."),
                )
                .fixed_by(
                    "Give the statement a name of its own",
                    subject.edits().set(&path, unused(subject, &sid)).done(),
                );
        }
    }
}
