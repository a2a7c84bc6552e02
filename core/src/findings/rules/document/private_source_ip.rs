// Of `core`: addresses are text here, and nothing connects to them.
use core::net::IpAddr;

use super::view::conditions;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::TestKind;

pub(super) const RULE: Rule = Rule {
    code: "PIB343",
    slug: "private-source-ip",
    title: "aws:SourceIp is compared with private addresses",
    severity: Severity::Error,
    fix: "Name the public addresses, such as those of the NAT gateways. For requests through a VPC endpoint, use `aws:VpcSourceIp` together with `aws:SourceVpc`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "`aws:SourceIp` is the public address from which a request comes. Every address of this condition is private.",
    why: "No request comes from there: an `Allow` lets nobody in, and a `Deny` with `NotIpAddress` stops everybody.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole",
    "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
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
    "Action": "sts:AssumeRole",
    "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
  }]
}"#,
        context: "",
    },
    sources: &[
        "IAM User Guide, IAM policy validation check reference: Private IP address",
        "IAM User Guide, IAM policy validation check reference: Private NotIpAddress",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for condition in conditions(subject) {
        let is_address = condition
            .operator
            .is_some_and(|operator| operator.test.kind() == TestKind::IpAddress);
        let is_source = condition.key.eq_ignore_ascii_case("aws:SourceIp");
        let values = condition.values.as_slice();
        if is_address && is_source && !values.is_empty() && values.iter().all(|value| is_private(value)) {
            report.at(
                &condition.path(),
                "`aws:SourceIp` is the public address of a request, and all of these are private: no request comes from there. Name public addresses, or \
                 use `aws:VpcSourceIp` for requests through a VPC endpoint.",
            );
        }
    }
}

/// Whether every address of a range is private.
fn is_private(range: &str) -> bool {
    let (address, length) = range.split_once('/').unwrap_or((range, "128"));
    let Ok(length) = length.parse::<u8>() else {
        return false;
    };
    match address.parse() {
        Ok(IpAddr::V4(address)) => match address.octets() {
            [10, ..] => length >= 8,
            [172, 16..=31, ..] => length >= 12,
            [192, 168, ..] => length >= 16,
            _ => false,
        },
        Ok(IpAddr::V6(address)) => matches!(address.octets(), [0xfc | 0xfd, ..]) && length >= 7,
        Err(_) => false,
    }
}
