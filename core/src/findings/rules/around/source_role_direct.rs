use super::examples::TARGET_PAGE;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::{Association, Subject};

pub(super) const RULE: Rule = Rule {
    code: "PIB407",
    slug: "source-role-direct",
    title: "Source role of a target role is also handed to pods",
    severity: Severity::Security,
    fix: "Use one role for reaching the target role and another for pods.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "One association leads through this role to a target role, and another hands this role to pods directly, so that they can pretend to be the \
           pods of the first.",
    why: "Pods of the second hold the role's own credentials and may assume the target role themselves. Where tags are off, external id and tags are \
          theirs to choose.",
    bad: Example {
        policy: "",
        context: r#"{
  "associations": [
    {
      "arn": "arn:aws:eks:eu-west-1:111122223333:podidentityassociation/main/a-1aaaaaaaaaaaaaaaa",
      "target_role_arn": "arn:aws:iam::444455556666:role/data",
      "session_tags": false
    },
    {
      "arn": "arn:aws:eks:eu-west-1:111122223333:podidentityassociation/main/a-2bbbbbbbbbbbbbbbb"
    }
  ]
}"#,
    },
    good: Example {
        policy: "",
        context: r#"{
  "associations": [
    {
      "arn": "arn:aws:eks:eu-west-1:111122223333:podidentityassociation/main/a-1aaaaaaaaaaaaaaaa",
      "target_role_arn": "arn:aws:iam::444455556666:role/data",
      "session_tags": false
    }
  ]
}"#,
    },
    sources: &[TARGET_PAGE, "IAM User Guide, Pass session tags in AWS STS"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let all = &subject.around.associations;
    let (through, direct): (Vec<&Association>, Vec<&Association>) =
        all.iter().partition(|association| association.target_role.is_some());
    // Tags that a session inherits cannot be changed, so pods that have them and a target role that asks for them get along.
    let forgeable = through.iter().any(|association| !association.session_tags)
        || direct.iter().any(|association| !association.session_tags);
    if let (Some(through), Some(direct), true) = (through.first(), direct.first(), forgeable) {
        report.around(format!(
            "Association `{}` leads through this role to a target role, and `{}` hands the role itself to pods. These may assume the target role with an \
             external id or tags of their own choice. Give them another role.",
            through.arn.id, direct.arn.id
        ));
    }
}
