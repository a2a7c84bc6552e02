use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB414",
    slug: "add-on-owns-association",
    title: "Association belongs to an add-on",
    severity: Severity::Warning,
    fix: "Set role and service account in the configuration of the add-on.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "An association that hands out the role was made for an EKS add-on and is owned by it.",
    why: "The add-on makes, changes and deletes it with its own settings; what anybody else changes is undone or lost.",
    bad: Example {
        policy: "",
        context: r#"{
  "associations": [
    {
      "arn": "arn:aws:eks:eu-west-1:111122223333:podidentityassociation/main/a-1aaaaaaaaaaaaaaaa",
      "owner": "arn:aws:eks:eu-west-1:111122223333:addon/main/aws-ebs-csi-driver/a1b2c3"
    }
  ]
}"#,
    },
    good: Example {
        policy: "",
        context: r#"{
  "associations": [
    {
      "arn": "arn:aws:eks:eu-west-1:111122223333:podidentityassociation/main/a-1aaaaaaaaaaaaaaaa"
    }
  ]
}"#,
    },
    sources: &[
        "Amazon EKS User Guide, Assign an IAM role to add-ons",
        "https://github.com/cloudposse/terraform-aws-eks-cluster/issues/252",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for association in &subject.around.associations {
        if let Some(owner) = &association.owner {
            report.around(format!(
                "Association `{}` belongs to `{owner}`, which changes and deletes it as its own settings say. Configure the role there.",
                association.arn.id
            ));
        }
    }
}
