use pod_identity_core::evaluate::{Blocked, Context, Presence, blocked};
use pod_identity_core::policy::Document;

fn document(statements: &str) -> Document {
    Document::parse(&format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#)).unwrap()
}

const READ: &str = r#"{"Sid":"Read","Effect":"Allow","Action":["s3:Get*","s3:ListBucket"],
    "Resource":["arn:aws:s3:::shop","arn:aws:s3:::shop/${aws:PrincipalTag/kubernetes-namespace}/*"]}"#;

#[track_caller]
fn check(statements: &str, action: &str, resource: &str, context: &Context, expected: Blocked) {
    let found = blocked(&document(statements), action, resource, context);
    assert_eq!(found.answer, expected, "{:?}", found.because);
}

#[test]
fn what_is_not_allowed_or_is_denied_is_blocked() {
    let context = Context::new().with_value("aws:PrincipalTag/kubernetes-namespace", "prod");
    let object = "arn:aws:s3:::shop/prod/a/b";
    check(READ, "s3:GetObject", object, &context, Blocked::NotBlocked);
    check(READ, "S3:getobject", object, &context, Blocked::NotBlocked);
    check(READ, "s3:PutObject", object, &context, Blocked::Blocked);
    check(
        READ,
        "s3:GetObject",
        "arn:aws:s3:::shop/dev/a",
        &context,
        Blocked::Blocked,
    );
    check(
        READ,
        "s3:ListBucket",
        "arn:aws:s3:::shop",
        &context,
        Blocked::NotBlocked,
    );
    check(READ, "s3:ListAllMyBuckets", "*", &context, Blocked::Blocked);
    let denied = r#",{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::shop/prod/*"}"#;
    let both = format!("{READ}{denied}");
    check(&both, "s3:GetObject", object, &context, Blocked::NotBlocked);
    check(&both, "s3:ListBucket", "arn:aws:s3:::shop", &context, Blocked::Blocked);
}

#[test]
fn a_variable_without_a_value_names_no_resource() {
    let object = "arn:aws:s3:::shop/prod/a";
    check(READ, "s3:GetObject", object, &Context::new(), Blocked::Blocked);
    let open = Context::new().with("aws:PrincipalTag/kubernetes-namespace", Presence::Unknown);
    check(READ, "s3:GetObject", object, &open, Blocked::Unknown);
}

#[test]
fn a_wildcard_does_not_reach_past_a_colon() {
    let queue = r#"{"Effect":"Allow","Action":"sqs:*","Resource":"arn:aws:sqs:*:shop"}"#;
    let context = Context::new();
    // Fewer parts than an ARN has: AWS does not say what that means.
    check(
        queue,
        "sqs:SendMessage",
        "arn:aws:sqs:eu-west-1:111122223333:shop",
        &context,
        Blocked::Unknown,
    );
    let queue = r#"{"Effect":"Allow","Action":"sqs:*","Resource":"arn:aws:sqs:eu-*:111122223333:shop*"}"#;
    check(
        queue,
        "sqs:SendMessage",
        "arn:aws:sqs:eu-west-1:111122223333:shop-a",
        &context,
        Blocked::NotBlocked,
    );
    check(
        queue,
        "sqs:SendMessage",
        "arn:aws:sqs:eu-west-1:444455556666:shop",
        &context,
        Blocked::Blocked,
    );
}

#[test]
fn all_resources_are_everything() {
    let all = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;
    let context = Context::new();
    check(all, "s3:ListAllMyBuckets", "*", &context, Blocked::NotBlocked);
    check(
        all,
        "s3:GetObject",
        "arn:aws:s3:::shop/a",
        &context,
        Blocked::NotBlocked,
    );
}

#[test]
fn it_promises_no_more_than_that_this_document_does_not_block() {
    let context = Context::new().with_value("aws:PrincipalTag/kubernetes-namespace", "prod");
    let told = |statements: &str, action: &str| {
        blocked(&document(statements), action, "arn:aws:s3:::shop/prod/a", &context).because
    };
    assert_eq!(
        told(READ, "s3:GetObject"),
        [
            "`s3:GetObject` on `arn:aws:s3:::shop/prod/a` is not blocked by it: statement `Read` allows it, as far as the role may do it."
        ]
    );
    assert_eq!(
        told(READ, "s3:PutObject"),
        ["`s3:PutObject` on `arn:aws:s3:::shop/prod/a` is blocked: no statement allows it."]
    );
}

#[test]
fn a_document_for_another_use_is_refused() {
    let trust = r#"{"Effect":"Allow","Principal":{"Service":"pods.eks.amazonaws.com"},"Action":"sts:AssumeRole"}"#;
    let found = blocked(&document(trust), "s3:GetObject", "*", &Context::new());
    assert_eq!(found.answer, Blocked::Invalid);
    assert!(!found.because.is_empty());
}
