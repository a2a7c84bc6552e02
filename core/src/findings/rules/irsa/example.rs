//! Trust policies of one statement, written short.

use crate::findings::rule::Example;

/// The issuer of the examples.
macro_rules! issuer {
    () => {
        "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E"
    };
}

/// The provider of the examples.
macro_rules! provider {
    () => {
        concat!("arn:aws:iam::111122223333:oidc-provider/", issuer!())
    };
}

/// A trust policy of one statement: provider, action, and conditions by operator.
macro_rules! trust {
    ($provider:expr, $action:literal, $($operator:literal { $($key:expr => $value:literal),+ }),+) => {
        concat!(
            "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [{\n    \"Effect\": \"Allow\",\n    \"Principal\": {\"Federated\": \"",
            $provider,
            "\"},\n    \"Action\": \"",
            $action,
            "\",\n    \"Condition\": {",
            list!($(concat!("      \"", $operator, "\": {", list!($(concat!("        \"", $key, "\": \"", $value, "\"")),+), "\n      }")),+),
            "\n    }\n  }]\n}"
        )
    };
}

/// Lines with commas between them.
macro_rules! list {
    ($first:expr $(, $rest:expr)*) => {
        concat!("\n", $first $(, ",\n", $rest)*)
    };
}

/// A trust policy for tokens of the issuer, with conditions on their claims.
macro_rules! irsa {
    ($($operator:literal { $($claim:literal => $value:literal),+ }),+) => {
        trust!(
            provider!(),
            "sts:AssumeRoleWithWebIdentity",
            $($operator { $(concat!(issuer!(), ":", $claim) => $value),+ }),+
        )
    };
}

/// As most statements should be.
pub(super) const GOOD: Example = Example {
    policy: irsa! { "StringEquals" { "aud" => "sts.amazonaws.com", "sub" => "system:serviceaccount:shop:api" } },
    context: "",
};
