use pod_identity_core::evaluate::{Call, Caller, Context, NOT_CONSIDERED, Presence, Request, Verdict, evaluate};
use pod_identity_core::policy::Document;

const POD_IDENTITY: &str =
    r#""Effect":"Allow","Principal":{"Service":"pods.eks.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]"#;

fn document(statements: &[String]) -> Document {
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{{}}}]}}"#,
        statements.join("},{")
    );
    Document::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn with_condition(condition: &str) -> String {
    format!(r#"{POD_IDENTITY},"Condition":{condition}"#)
}

fn pod(context: Context) -> Request {
    request(Caller::Service("pods.eks.amazonaws.com".to_owned()), context)
}

fn request(caller: Caller, context: Context) -> Request {
    Request {
        caller,
        calls: vec![Call {
            action: "sts:AssumeRole".to_owned(),
            context,
        }],
    }
}

#[track_caller]
fn told(statements: &[String], request: &Request, verdict: Verdict, expected: &[&str]) {
    let answer = evaluate(&document(statements), request);
    assert_eq!(answer.because, expected);
    assert_eq!(answer.verdict, verdict);
}

/// What is said of the one condition that decides.
#[track_caller]
fn of_condition(condition: &str, context: Context, verdict: Verdict, expected: &str) {
    let answer = evaluate(&document(&[with_condition(condition)]), &pod(context));
    assert_eq!(answer.verdict, verdict, "{:?}", answer.because);
    let found: Vec<&str> = answer.calls[0].statements[0]
        .conditions
        .iter()
        .map(|condition| condition.because.as_str())
        .collect();
    assert_eq!(found, [expected]);
}

const TAG: &str = "aws:RequestTag/kubernetes-namespace";

#[test]
fn an_answer_starts_with_what_decided_it() {
    let prod = || Context::new().with_value(TAG, "prod");
    let namespace = |name: &str| with_condition(&format!(r#"{{"StringEquals":{{"{TAG}":"{name}"}}}}"#));
    told(
        &[namespace("prod")],
        &pod(prod()),
        Verdict::Allow,
        &[
            "Statement 1 allows `sts:AssumeRole` to the caller.",
            "`aws:RequestTag/kubernetes-namespace` is `prod`, as `StringEquals` wants.",
        ],
    );
    told(
        &[namespace("shop")],
        &pod(prod()),
        Verdict::Deny,
        &[
            "Statement 1 would allow `sts:AssumeRole`, but: `aws:RequestTag/kubernetes-namespace` is `prod` here, and the statement wants \
             `shop`.",
        ],
    );
    told(
        &[namespace("shop")],
        &pod(Context::new()),
        Verdict::Deny,
        &[
            "Statement 1 would allow `sts:AssumeRole`, but: The request carries no `aws:RequestTag/kubernetes-namespace`: `StringEquals` \
             cannot match; ask for a key that it carries.",
        ],
    );
    told(
        &[namespace("shop")],
        &pod(Context::unknown()),
        Verdict::Unknown,
        &[
            "Statement 1 may allow `sts:AssumeRole`.",
            "Nobody can know offline what `aws:RequestTag/kubernetes-namespace` is in the request; `StringEquals` wants `shop`.",
        ],
    );
    let perimeter = r#""Sid":"Perimeter","Effect":"Deny","Principal":"*","Action":"sts:*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-example"}}"#;
    told(
        &[namespace("prod"), perimeter.to_owned()],
        &pod(prod()),
        Verdict::Deny,
        &[
            "Statement `Perimeter` denies `sts:AssumeRole`, whatever other statements allow.",
            "The request carries no `aws:PrincipalOrgID`, and `StringNotEquals` holds where there is none; to spare such requests, add \
             `Null` with `false` for the same key.",
        ],
    );
    told(
        &[namespace("prod"), perimeter.to_owned()],
        &pod(prod().with("aws:PrincipalOrgID", Presence::Unknown)),
        Verdict::Unknown,
        &[
            "Statement `Perimeter` may deny `sts:AssumeRole`, which another statement allows.",
            "Nobody can know offline what `aws:PrincipalOrgID` is in the request; `StringNotEquals` wants none of `o-example`.",
        ],
    );
}

#[test]
fn a_caller_or_an_action_that_no_statement_names() {
    let pods = POD_IDENTITY.to_owned();
    told(
        std::slice::from_ref(&pods),
        &request(Caller::Service("ec2.amazonaws.com".to_owned()), Context::new()),
        Verdict::Deny,
        &["Statement 1 names `pods.eks.amazonaws.com`, and the caller is the AWS service `ec2.amazonaws.com`."],
    );
    let gone = r#""Effect":"Allow","Principal":{"AWS":"AROAEXAMPLEEXAMPLE123"},"Action":"sts:AssumeRole""#;
    told(
        &[gone.to_owned()],
        &request(
            Caller::Aws("arn:aws:iam::111122223333:role/app".to_owned()),
            Context::new(),
        ),
        Verdict::Deny,
        &[
            "Statement 1 names `AROAEXAMPLEEXAMPLE123`, where an id stands for a user or role that is gone and is nobody, even if one of \
             that name is made again, and the caller is `arn:aws:iam::111122223333:role/app`.",
        ],
    );
    let mut tagged = pod(Context::new());
    tagged.calls[0].action = "sts:SetSourceIdentity".to_owned();
    told(
        &[pods],
        &tagged,
        Verdict::Deny,
        &["Statement 1 is about this caller, but not about `sts:SetSourceIdentity`: add the action."],
    );
    let denied = r#""Effect":"Deny","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole""#;
    told(
        &[denied.to_owned()],
        &pod(Context::new()),
        Verdict::Deny,
        &["No statement allows `sts:AssumeRole` to the AWS service `pods.eks.amazonaws.com`."],
    );
}

#[test]
fn of_several_calls_those_are_told_that_decide() {
    let only = r#""Effect":"Allow","Principal":{"Service":"pods.eks.amazonaws.com"},"Action":"sts:AssumeRole""#;
    let mut request = pod(Context::new());
    request.calls.push(Call {
        action: "sts:TagSession".to_owned(),
        context: Context::new(),
    });
    told(
        &[only.to_owned()],
        &request,
        Verdict::Deny,
        &["Statement 1 is about this caller, but not about `sts:TagSession`: add the action."],
    );
    request.calls.clear();
    told(
        &[only.to_owned()],
        &request,
        Verdict::Deny,
        &["The request asks for nothing."],
    );
}

#[test]
fn who_is_named_by_an_account_alone_needs_its_policies_as_well() {
    let account = r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole""#;
    let role = "arn:aws:iam::111122223333:role/app";
    let asked = request(Caller::Aws(role.to_owned()), Context::new());
    told(
        &[account.to_owned()],
        &asked,
        Verdict::Allow,
        &[
            "Statement 1 allows `sts:AssumeRole` to the caller.",
            "Statement 1 names the account of the caller, not the caller: policies of that account must allow the caller \
             `sts:AssumeRole` on this role as well.",
        ],
    );
    let both = format!(r#""Effect":"Allow","Principal":{{"AWS":["111122223333","{role}"]}},"Action":"sts:AssumeRole""#);
    told(
        &[both],
        &asked,
        Verdict::Allow,
        &["Statement 1 allows `sts:AssumeRole` to the caller."],
    );
}

#[test]
fn a_refused_document_says_what_iam_refuses() {
    let refused = format!(r#"{POD_IDENTITY},"Resource":"*""#);
    let answer = evaluate(&document(&[refused]), &pod(Context::new()));
    assert_eq!(answer.verdict, Verdict::Invalid);
    assert!(
        answer.because[0].contains("Statement[0].Resource"),
        "{:?}",
        answer.because
    );
    assert!(answer.calls.is_empty());
}

#[test]
fn what_was_probably_overlooked_is_said() {
    let value = |text: &str| Context::new().with_value(TAG, text);
    of_condition(
        &format!(r#"{{"StringEquals":{{"{TAG}":"prod-*"}}}}"#),
        value("prod-eu"),
        Verdict::Deny,
        "`aws:RequestTag/kubernetes-namespace` is `prod-eu` here, and the statement wants `prod-*`; `StringEquals` takes `*` and `?` for \
         letters, `StringLike` for wildcards.",
    );
    of_condition(
        &format!(r#"{{"StringEquals":{{"{TAG}":["Prod","shop"]}}}}"#),
        value("prod"),
        Verdict::Deny,
        "`aws:RequestTag/kubernetes-namespace` is `prod` here, and the statement wants `Prod` or `shop`; capitals matter to it.",
    );
    of_condition(
        r#"{"StringEquals":{"aws:PrincipalTag/kubernetes-namespace":"prod"}}"#,
        value("prod"),
        Verdict::Deny,
        "The request carries no `aws:PrincipalTag/kubernetes-namespace`: `StringEquals` cannot match; it carries \
         `aws:RequestTag/kubernetes-namespace`, which may be meant.",
    );
    of_condition(
        &format!(r#"{{"StringEquals":{{"{TAG}":"${{aws:PrincipalTag/team}}"}}}}"#),
        value("prod"),
        Verdict::Deny,
        "`aws:RequestTag/kubernetes-namespace` is `prod` here, and the statement wants `${aws:PrincipalTag/team}`; a variable in it has no \
         value in this request, so nothing is like it: give it a default.",
    );
}

#[test]
fn every_kind_of_doubt_has_its_sentence() {
    let several = |values: &[&str]| {
        Context::new().with(
            "aws:TagKeys",
            Presence::Values(values.iter().map(|value| (*value).to_owned()).collect()),
        )
    };
    of_condition(
        r#"{"StringEquals":{"aws:TagKeys":"a"}}"#,
        several(&["a", "b"]),
        Verdict::Unknown,
        "`aws:TagKeys` has several values here, `a` and `b`, and AWS does not say what `StringEquals` makes of them: write \
         `ForAnyValue:StringEquals` or `ForAllValues:StringEquals`.",
    );
    of_condition(
        r#"{"ForAnyValue:StringEquals":{"aws:TagKeys":""}}"#,
        several(&[""]),
        Verdict::Unknown,
        "`aws:TagKeys` is empty here, and AWS does not say whether `ForAnyValue:StringEquals` takes that for a value.",
    );
    of_condition(
        r#"{"NumericLessThan":{"aws:MultiFactorAuthAge":"an hour"}}"#,
        Context::new().with_value("aws:MultiFactorAuthAge", "12"),
        Verdict::Unknown,
        "`aws:MultiFactorAuthAge` is `12` here, and the statement wants less than `an hour`: not all of them are numbers, and AWS does not \
         say what IAM makes of that.",
    );
    of_condition(
        r#"{"StringEquals":{"aws:RequestTag/a":"${aws:PrincipalTag/b}"}}"#,
        Context::new()
            .with_value("aws:RequestTag/a", "x")
            .with("aws:PrincipalTag/b", Presence::Unknown),
        Verdict::Unknown,
        "`aws:RequestTag/a` is `x` here, and nobody can know offline what `${aws:PrincipalTag/b}` comes to in this request.",
    );
    of_condition(
        r#"{"StringLike":{"sts:RoleSessionName":"eks-*"}}"#,
        Context::new().with("sts:RoleSessionName", Presence::Present),
        Verdict::Unknown,
        "The request carries `sts:RoleSessionName`, and nobody can know offline what it is; `StringLike` wants something like `eks-*`.",
    );
    of_condition(
        r#"{"ForAllValues:Null":{"aws:TagKeys":"true"}}"#,
        Context::new(),
        Verdict::Unknown,
        "AWS does not say what `ForAllValues:Null` means for `aws:TagKeys`: use `Null`.",
    );
}

#[test]
fn sentences_stay_short_however_long_the_policy_is() {
    let values: Vec<String> = (0..100)
        .map(|number| format!("\"{}\"", "x".repeat(1000 + number)))
        .collect();
    let condition = format!(r#"{{"StringEquals":{{"{TAG}":[{}]}}}}"#, values.join(","));
    let answer = evaluate(
        &document(&[with_condition(&condition)]),
        &pod(Context::new().with_value(TAG, "y".repeat(10_000))),
    );
    assert!(answer.because.iter().all(|sentence| sentence.len() < 2_000));
    assert!(answer.because[0].contains("or 96 more"), "{:?}", answer.because);
}

#[test]
fn what_is_left_out_is_named() {
    assert!(
        NOT_CONSIDERED
            .iter()
            .any(|left_out| left_out.contains("service control policies"))
    );
}

#[test]
fn what_a_set_operator_takes_is_no_hint_for_what_it_does_not_take() {
    let keys = |keys: &[&str]| {
        let keys = keys.iter().map(|&key| key.to_owned()).collect();
        Context::new().with("aws:TagKeys", Presence::Values(keys))
    };
    of_condition(
        r#"{"ForAllValues:StringEquals":{"aws:TagKeys":["team"]}}"#,
        keys(&["team", "owner"]),
        Verdict::Deny,
        "`aws:TagKeys` is `team` and `owner` here, and the statement wants `team`.",
    );
    of_condition(
        r#"{"ForAllValues:StringEqualsIgnoreCase":{"aws:TagKeys":["Team"]}}"#,
        keys(&["team", "owner"]),
        Verdict::Deny,
        "`aws:TagKeys` is `team` and `owner` here, and the statement wants `Team`.",
    );
    of_condition(
        r#"{"ForAllValues:StringEquals":{"aws:TagKeys":["team", "Owner"]}}"#,
        keys(&["team", "owner"]),
        Verdict::Deny,
        "`aws:TagKeys` is `team` and `owner` here, and the statement wants `team` or `Owner`; capitals matter to it.",
    );
}

#[test]
fn of_somebody_unknown_nothing_is_said_for_certain() {
    told(
        &[r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:TagSession""#.to_owned()],
        &request(Caller::Unknown, Context::new()),
        Verdict::Deny,
        &["Statement 1 may be about this caller, but is not about `sts:AssumeRole`: add the action."],
    );
}
