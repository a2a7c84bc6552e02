use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB417",
    slug: "session-policy-too-long",
    title: "Session policy is too long",
    severity: Severity::Error,
    fix: "Shorten it: leave white space out, use wildcards, or narrow the permissions of the role itself.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The session policy of the association has more than 2,048 characters.",
    why: "EKS refuses the association. White space counts here, unlike in the policies of a role. STS packs what it is given besides, and may refuse \
          shorter ones with `PackedPolicyTooLarge`.",
    bad: Example {
        policy: "",
        context: r#"{
  "session_tags": false,
  "session_policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":[\"arn:aws:s3:::a-bucket-with-a-rather-long-name-00/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-01/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-02/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-03/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-04/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-05/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-06/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-07/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-08/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-09/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-10/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-11/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-12/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-13/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-14/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-15/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-16/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-17/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-18/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-19/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-20/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-21/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-22/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-23/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-24/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-25/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-26/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-27/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-28/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-29/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-30/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-31/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-32/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-33/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-34/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-35/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-36/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-37/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-38/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-39/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-40/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-41/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-42/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-43/*\",\"arn:aws:s3:::a-bucket-with-a-rather-long-name-44/*\"]}]}"
}"#,
    },
    good: Example {
        policy: "",
        context: r#"{
  "session_tags": false,
  "session_policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}]}"
}"#,
    },
    sources: &[
        "AWS Containers Blog, session policies for EKS Pod Identity, 2026-03-24",
        "STS API Reference, AssumeRole, PackedPolicySize",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let Some(policy) = &subject.around.session_policy else {
        return;
    };
    let length = policy.chars().count();
    if length > LONGEST {
        report.around(format!(
            "The session policy has {length} characters, and EKS takes {LONGEST} at most, white space included. Leave white space out, use wildcards, or narrow \
             the permissions of the role itself."
        ));
    }
}

/// In characters, as written.
const LONGEST: usize = 2048;
