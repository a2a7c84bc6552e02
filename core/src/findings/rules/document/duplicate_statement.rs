use std::collections::BTreeMap;

use tfmodel::order;

use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::findings::subject::statement_path;
use crate::policy::Statement;

pub(super) const RULE: Rule = Rule {
    code: "PIB350",
    slug: "duplicate-statement",
    title: "Statement stands twice",
    severity: Severity::Warning,
    fix: "Remove one of the two.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "Two statements mean the same, whatever their Sids and their spelling.",
    why: "The second one adds nothing, counts against the size of the policy, and keeps somebody in whom one removes from the first.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole"
  }, {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": ["sts:AssumeRole"]
  }]
}"#,
        context: "",
    },
    good: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole"
  }]
}"#,
        context: "",
    },
    sources: &["IAM User Guide, IAM policy validation check reference: Redundant statement"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let mut same: BTreeMap<String, Vec<(String, usize)>> = BTreeMap::new();
    for (index, statement) in subject.statements() {
        let canonical = statement.canonical();
        let nameless = Statement {
            sid: None,
            ..canonical.clone()
        };
        same.entry(nameless.to_json())
            .or_default()
            .push((canonical.to_json(), index));
    }
    for mut group in same.into_values() {
        // Which one goes does not depend on their order.
        order::sort(&mut group);
        for (_, index) in group.into_iter().skip(1) {
            report
                .statement(
                    index,
                    "Another statement means the same: this one adds nothing, and keeps in whom somebody takes out of the other. Remove one of them.",
                )
                .fixed_by("Remove the statement", subject.edits().remove(&statement_path(index)).done());
        }
    }
}
