//! What looks like a mistake and is none, and what the examples of the rules do not show.

use pod_identity_core::policy::{Document, DocumentUse};

use super::{codes, found, one, one_in, statements};

const ROLE: &str = r#""Principal":{"AWS":"arn:aws:iam::111122223333:role/deploy"},"Action":"sts:AssumeRole""#;
const PODS: &str = r#""Principal":{"Service":"pods.eks.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]"#;
const SCOPED: &str = r#""aws:SourceAccount":"111122223333","aws:RequestTag/eks-cluster-arn":"arn:aws:eks:eu-west-1:111122223333:cluster/main","aws:RequestTag/kubernetes-namespace":"shop","aws:RequestTag/kubernetes-service-account":"api""#;

/// What the rules about any trust policy say, among others.
fn of_document(codes: Vec<&'static str>) -> Vec<&'static str> {
    codes.into_iter().filter(|code| code.starts_with("PIB3")).collect()
}

#[track_caller]
fn fine(elements: &str) {
    assert_eq!(of_document(one(elements)), [""; 0], "{elements}");
}

#[track_caller]
fn is(elements: &str, expected: &[&str]) {
    assert_eq!(of_document(one(elements)), expected, "{elements}");
}

/// A role under these conditions.
fn role(conditions: &str) -> String {
    format!(r#"{ROLE},"Condition":{{{conditions}}}"#)
}

/// A pod under these conditions, beside those that say which pod.
fn pod(conditions: &str) -> String {
    format!(r#"{PODS},"Condition":{{"StringEquals":{{{SCOPED}}}{conditions}}}"#)
}

/// Anybody with a token of an issuer under these conditions.
fn token(conditions: &str) -> String {
    format!(
        r#""Principal":{{"Federated":"arn:aws:iam::111122223333:oidc-provider/ci.example.com"}},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{{{conditions}}}"#
    )
}

#[test]
fn statements_for_people_and_ci_are_fine() {
    fine(ROLE);
    fine(&format!(r#""Sid":"",{ROLE}"#));
    fine(
        r#""Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#,
    );
    fine(
        r#""Principal":{"AWS":["arn:aws:iam::111122223333:user/ann","arn:aws:sts::111122223333:assumed-role/ci/run"]},"Action":"sts:AssumeRole""#,
    );
    fine(r#""Principal":{"Service":["ec2.amazonaws.com","ssm.amazonaws.com"]},"Action":"sts:AssumeRole""#);
    fine(
        r#""Principal":{"Service":"access-grants.s3.amazonaws.com"},"Action":"sts:SetContext","Condition":{"ForAllValues:ArnEquals":{"sts:RequestContextProviders":"arn:aws:iam::aws:contextProvider/IdentityCenter"},"Null":{"sts:RequestContextProviders":"false"}}"#,
    );
    fine(&token(
        r#""StringEquals":{"ci.example.com:aud":"sts.amazonaws.com","ci.example.com:sub":"project:web"}"#,
    ));
    fine(&pod(""));
}

#[test]
fn everybody_is_let_in_unless_a_condition_narrows() {
    let with = |conditions: &str| format!(r#""Principal":"*","Action":"sts:AssumeRole","Condition":{{{conditions}}}"#);
    for narrow in [
        r#""StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#,
        r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/ci-*"}"#,
        r#""StringEquals":{"sts:ExternalId":"ticket-4711"}"#,
        r#""StringEquals":{"vendor:claim":"x"}"#,
    ] {
        fine(&with(narrow));
    }
    for open in [
        r#""StringLike":{"aws:PrincipalArn":["arn:aws:iam::111122223333:role/ci","*"]}"#,
        r#""StringNotEquals":{"aws:PrincipalAccount":"111122223333"}"#,
        r#""Bool":{"aws:SecureTransport":"true"}"#,
        r#""StringEquals":{"sts:RoleSessionName":"x"}"#,
    ] {
        assert!(of_document(one(&with(open))).contains(&"PIB310"), "{open}");
    }
    let deny = statements(r#"{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}"#);
    assert!(!codes(&found(&deny, "")).contains(&"PIB310"));
}

#[test]
fn an_account_with_a_condition_is_fine_and_one_without_is_told() {
    for name in [
        "444455556666",
        "arn:aws:iam::444455556666:root",
        "arn:aws-cn:iam::444455556666:root",
    ] {
        let plain = format!(r#""Principal":{{"AWS":"{name}"}},"Action":"sts:AssumeRole""#);
        is(&plain, &["PIB311"]);
        fine(&format!(
            r#"{plain},"Condition":{{"StringEquals":{{"sts:ExternalId":"x"}}}}"#
        ));
    }
}

#[test]
fn principals_that_iam_takes_are_left_alone() {
    fine(
        r#""Principal":{"AWS":"arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_admin_0123456789abcdef"},"Action":"sts:AssumeRole""#,
    );
    fine(r#""Principal":{"AWS":"arn:aws:sts::111122223333:federated-user/ann"},"Action":"sts:AssumeRole""#);
    fine(r#""Principal":{"AWS":"arn:aws:iam::111122223333:user/AROA"},"Action":"sts:AssumeRole""#);
    let wrong = |name: &str| format!(r#""Principal":{{"AWS":"{name}"}},"Action":"sts:AssumeRole""#);
    is(&wrong("deploy"), &["PIB315"]);
    is(&wrong("arn:aws:s3:::bucket"), &["PIB315"]);
    is(&wrong("1122223333"), &["PIB318"]);
    is(&wrong("AIDAEXAMPLE1EXAMPLE23"), &["PIB314"]);
    is(&wrong("arn:aws:sts::111122223333:assumed-role/ci/*"), &["PIB313"]);
    is(
        r#""Principal":{"aws":"111122223333"},"Action":"sts:AssumeRole""#,
        &["PIB319"],
    );
    is(r#""Principal":{"Service":"*"},"Action":"sts:AssumeRole""#, &["PIB313"]);
}

#[test]
fn the_partition_is_compared_only_where_it_is_known() {
    let china = r#""Principal":{"AWS":"arn:aws-cn:iam::111122223333:role/deploy"},"Action":"sts:AssumeRole""#;
    fine(china);
    assert_eq!(of_document(one_in(china, r#"{"partition":"aws"}"#)), ["PIB316"]);
    assert_eq!(of_document(one_in(china, r#"{"partition":"aws-cn"}"#)), [""; 0]);
}

#[test]
fn actions_of_trust_policies_are_known_whatever_their_case() {
    let with =
        |action: &str| format!(r#""Principal":{{"AWS":"arn:aws:iam::111122223333:role/deploy"}},"Action":{action}"#);
    fine(&with(r#"["sts:assumerole","STS:TagSession","sts:SetSourceIdentity"]"#));
    fine(&with(r#""sts:Assume*""#));
    is(&with(r#""sts:AssumeRoles""#), &["PIB324"]);
    is(&with(r#"["sts:AssumeRole","s3:GetObject"]"#), &["PIB324"]);
    is(&with(r#"["sts:AssumeRole","sts:*"]"#), &["PIB321"]);
    is(&with(r#""sts:AssumeRoleWithWebIdentity""#), &["PIB323"]);
    // With what is right beside it, the action only is too much.
    fine(&with(r#"["sts:AssumeRole","sts:AssumeRoleWithWebIdentity"]"#));
    fine(&with(r#""sts:TagSession""#));
}

#[test]
fn operators_and_keys_of_others_are_left_alone() {
    fine(&role(r#""stringequals":{"STS:externalid":"x"}"#));
    fine(&role(
        r#""StringEquals":{"vendor:thing":"x","iam:PassedToService":"x"}"#,
    ));
    fine(&role(
        r#""ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-a1b2c3d4e5/r-ab12/ou-ab12-*"}"#,
    ));
    is(&role(r#""StringEqualsIfExist":{"sts:ExternalId":"x"}"#), &["PIB330"]);
    is(&role(r#""ForAnyValues:StringEquals":{"aws:TagKeys":"x"}"#), &["PIB330"]);
    is(&role(r#""Equals":{"sts:ExternalId":"x"}"#), &["PIB330"]);
    is(&role(r#""StringEquals":{"aws:RequestTag":"x"}"#), &["PIB331"]);
    is(&role(r#""StringEquals":{"aws:RequestTags/team":"x"}"#), &["PIB331"]);
    is(&role(r#""StringEquals":{"ExternalId":"x"}"#), &["PIB331"]);
}

#[test]
fn set_operators_belong_to_keys_with_several_values() {
    fine(&role(r#""ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}"#));
    fine(&role(r#""ForAnyValue:StringEquals":{"sts:TransitiveTagKeys":"a"}"#));
    fine(&role(r#""Null":{"aws:TagKeys":"true"}"#));
    fine(&token(
        r#""ForAnyValue:StringEquals":{"ci.example.com:aud":"sts.amazonaws.com"},"StringEquals":{"ci.example.com:sub":"x"}"#,
    ));
    is(
        &role(r#""StringLike":{"aws:PrincipalOrgPaths":"o-a1b2c3d4e5/*"}"#),
        &["PIB333"],
    );
    is(
        &role(r#""ForAnyValue:Bool":{"aws:MultiFactorAuthPresent":"true"}"#),
        &["PIB332"],
    );
    is(
        &role(r#""ForAllValues:StringEquals":{"sts:RoleSessionName":"x"}"#),
        &["PIB332"],
    );
}

#[test]
fn a_guard_may_fail_open_where_the_key_is_asked_for_or_is_for_others() {
    is(&role(r#""StringEqualsIfExists":{"sts:ExternalId":"x"}"#), &["PIB334"]);
    is(
        &role(r#""ForAllValues:StringEquals":{"sts:ExternalId":"x"}"#),
        &["PIB334"],
    );
    let claims = |aud: &str| {
        token(&format!(
            r#""StringEquals":{{"ci.example.com:sub":"x"}},"{aud}":{{"ci.example.com:aud":"sts.amazonaws.com"}}"#
        ))
    };
    assert!(one(&claims("ForAllValues:StringEquals")).contains(&"PIB334"));
    assert!(one(&claims("StringEqualsIfExists")).contains(&"PIB334"));
    fine(&role(
        r#""StringEqualsIfExists":{"sts:ExternalId":"x"},"Null":{"sts:ExternalId":"false"}"#,
    ));
    fine(&role(r#""StringNotEqualsIfExists":{"sts:ExternalId":"x"}"#));
    fine(&role(r#""StringEqualsIfExists":{"aws:PrincipalTag/team":"x"}"#));
    // Identities of AWS never carry it.
    fine(&role(r#""StringEqualsIfExists":{"aws:SourceAccount":"111122223333"}"#));
}

#[test]
fn a_deny_stops_pods_only_where_every_condition_is_known_to_hold() {
    let with = |deny: &str| {
        let all = statements(&format!(
            r#"{{"Effect":"Allow",{}}},{{"Effect":"Deny","Principal":{{"AWS":"*"}},{deny}}}"#,
            pod("")
        ));
        of_document(codes(&found(&all, "")))
    };
    let perimeter = r#""Action":"sts:*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#;
    assert_eq!(with(&format!("{perimeter}}}")), ["PIB335"]);
    assert_eq!(
        with(&format!(
            r#"{perimeter},"BoolIfExists":{{"aws:PrincipalIsAWSService":"false"}}}}"#
        )),
        [""; 0]
    );
    assert_eq!(
        with(&format!(r#"{perimeter},"Null":{{"aws:PrincipalOrgID":"false"}}}}"#)),
        [""; 0]
    );
    assert_eq!(
        with(
            r#""Action":"sts:AssumeRoleWithSAML","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}"#
        ),
        [""; 0]
    );
    assert_eq!(
        with(r#""Action":"sts:AssumeRole","Condition":{"StringNotEquals":{"aws:SourceAccount":"111122223333"}}"#),
        [""; 0]
    );
    // Nobody is let in by a service, so nobody is stopped.
    let people = statements(&format!(
        r#"{{"Effect":"Allow",{ROLE}}},{{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Condition":{{"StringNotEquals":{{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}}}}"#
    ));
    assert_eq!(of_document(codes(&found(&people, ""))), [""; 0]);
}

#[test]
fn a_key_that_callers_carry_or_may_carry_can_be_tested() {
    fine(&role(
        r#""StringEquals":{"aws:PrincipalTag/team":"x","aws:RequestTag/team":"x"}"#,
    ));
    fine(&pod(r#","Bool":{"aws:PrincipalIsAWSService":"true"}"#));
    is(
        &token(r#""StringEquals":{"ci.example.com:aud":"x","ci.example.com:sub":"x","sts:ExternalId":"x"}"#),
        &["PIB336"],
    );
    is(&pod(r#","Bool":{"aws:MultiFactorAuthPresent":"true"}"#), &["PIB336"]);
    // One of the two can.
    fine(
        r#""Principal":{"AWS":"arn:aws:iam::111122223333:role/deploy"},"Action":"sts:AssumeRole","Condition":{"StringEqualsIfExists":{"aws:SourceIp":"x"}}"#,
    );
}

#[test]
fn conditions_contradict_each_other_only_where_no_value_passes() {
    fine(&role(
        r#""StringEquals":{"sts:ExternalId":["a","b"]},"StringNotEquals":{"sts:ExternalId":"b"}"#,
    ));
    fine(&role(
        r#""StringEquals":{"aws:PrincipalTag/team":"a"},"StringLike":{"aws:PrincipalTag/team":"a*"}"#,
    ));
    fine(&role(
        r#""StringEqualsIfExists":{"aws:PrincipalTag/team":"a"},"StringLike":{"aws:PrincipalTag/team":"b"}"#,
    ));
    fine(&role(
        r#""ForAnyValue:StringEquals":{"aws:TagKeys":"a"},"ForAllValues:StringEquals":{"aws:TagKeys":"b"}"#,
    ));
    is(
        &role(r#""StringEquals":{"sts:ExternalId":"a"},"StringNotEqualsIgnoreCase":{"sts:ExternalId":"A"}"#),
        &["PIB337"],
    );
    is(
        &role(r#""StringEquals":{"aws:PrincipalTag/team":"a"},"StringLike":{"aws:PrincipalTag/team":"b*"}"#),
        &["PIB337"],
    );
    is(
        &role(r#""StringEquals":{"sts:ExternalId":"a"},"Null":{"sts:ExternalId":"true"}"#),
        &["PIB337"],
    );
}

#[test]
fn wildcards_are_for_operators_that_know_them() {
    fine(&role(
        r#""StringLike":{"aws:PrincipalTag/team":"web-*"},"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/ci-*"}"#,
    ));
    fine(&role(r#""StringEquals":{"sts:ExternalId":"a${*}b"}"#));
    is(
        &role(r#""StringNotEquals":{"aws:PrincipalTag/team":"web-*"}"#),
        &["PIB338"],
    );
    is(&role(r#""StringLike":{"aws:PrincipalTag/team":"*"}"#), &["PIB339"]);
    is(
        &role(r#""StringLikeIfExists":{"aws:PrincipalTag/team":"*"}"#),
        &["PIB339"],
    );
    fine(&role(r#""StringNotLike":{"aws:PrincipalTag/team":"*"}"#));
}

#[test]
fn variables_are_for_the_current_version_and_for_texts() {
    fine(&role(
        r#""StringEquals":{"sts:RoleSessionName":"${aws:username, 'nobody'}"}"#,
    ));
    is(&role(r#""StringEquals":{"sts:RoleSessionName":"${}"}"#), &["PIB342"]);
    is(
        &role(r#""StringEquals":{"sts:RoleSessionName":"${aws: username}"}"#),
        &["PIB342"],
    );
    let old = |value: &str| {
        let text = format!(
            r#"{{"Statement":[{{"Effect":"Allow",{}}}]}}"#,
            role(&format!(r#""StringEquals":{{"sts:ExternalId":"{value}"}}"#))
        );
        of_document(codes(&found(&text, "")))
    };
    assert_eq!(old("plain"), [""; 0]);
    assert_eq!(old("${aws:username}"), ["PIB341"]);
}

#[test]
fn only_private_addresses_together_are_told() {
    fine(&role(r#""IpAddress":{"aws:SourceIp":["10.0.0.0/8","203.0.113.7"]}"#));
    fine(&role(
        r#""IpAddress":{"aws:VpcSourceIp":"10.0.0.0/8","aws:SourceIp":"172.32.0.0/16"}"#,
    ));
    is(
        &role(r#""IpAddress":{"aws:SourceIp":["172.16.0.0/12","192.168.7.0/24","10.1.2.3","fd00::/8"]}"#),
        &["PIB343"],
    );
    is(&role(r#""NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}"#), &["PIB343"]);
}

#[test]
fn a_key_that_is_not_repeated_in_the_same_object_is_fine() {
    fine(&role(
        r#""StringEquals":{"sts:ExternalId":"x"},"StringNotEquals":{"sts:externalid":"y"}"#,
    ));
    is(
        &format!(r#"{ROLE},"Condition":{{"StringEquals":{{"sts:ExternalId":"x"}}}},"Condition":{{}}"#),
        &["PIB308"],
    );
    is(
        &role(r#""StringEquals":{"sts:ExternalId":"x","sts:externalid":"x"}"#),
        &["PIB309"],
    );
}

#[test]
fn a_text_that_is_no_policy_is_told_by_kind_of_mistake() {
    let told = |text: &str| codes(&found(text, ""));
    assert_eq!(told("{"), ["PIB301"]);
    assert_eq!(told("[]"), ["PIB302"]);
    assert_eq!(told("{}"), ["PIB303"]);
    assert_eq!(
        told(&statements(
            r#"{"effect":"Allow","Action":"sts:AssumeRole","Principal":"*"}"#
        )),
        ["PIB303", "PIB304"]
    );
    assert_eq!(
        told(&statements(
            r#"{"Effect":"allow","Action":"sts:AssumeRole","Principal":"*"}"#
        )),
        ["PIB306"]
    );
    assert_eq!(
        told(&statements(&format!(
            r#"{{"Effect":"Allow",{ROLE},"Condition":{{"aws:SourceAccount":["111122223333"]}}}}"#
        ))),
        ["PIB307"]
    );
    assert_eq!(
        told(&statements(&format!(
            r#"{{"Effect":"Allow",{ROLE},"Condition":{{"ForAnyValue:StringEquals":"x"}}}}"#
        ))),
        ["PIB302"]
    );
}

#[test]
fn values_of_their_kind_are_fine() {
    fine(&role(
        r#""NumericLessThan":{"aws:MultiFactorAuthAge":"3600"},"Bool":{"aws:SecureTransport":true}"#,
    ));
    fine(&role(
        r#""DateLessThan":{"aws:CurrentTime":["2030-01-01","2030-01-01T00:00:00Z","1900000000"]}"#,
    ));
    fine(&role(
        r#""IpAddress":{"aws:SourceIp":["203.0.113.7","2001:db8::/32"]},"ArnLike":{"aws:PrincipalArn":"*"}"#,
    ));
    for wrong in [
        r#""NumericLessThan":{"aws:MultiFactorAuthAge":"1h"}"#,
        r#""DateLessThan":{"aws:CurrentTime":"tomorrow"}"#,
        r#""Bool":{"aws:SecureTransport":["true","false"]}"#,
        r#""IpAddress":{"aws:SourceIp":"203.0.113.0/33"}"#,
        r#""ArnLike":{"aws:PrincipalArn":"deploy-*"}"#,
        r#""Null":{"sts:ExternalId":"no"}"#,
    ] {
        is(&role(wrong), &["PIB340"]);
    }
}

#[test]
fn statements_are_doubles_whatever_their_names_and_spelling() {
    let told = |all: &str| of_document(codes(&found(&statements(all), "")));
    let named = |sid: &str, statement: &str| format!(r#"{{"Sid":"{sid}","Effect":"Allow",{statement}}}"#);
    let other = ROLE.replace("deploy", "release");
    assert_eq!(told(&[named("A", ROLE), named("B", ROLE)].join(",")), ["PIB350"]);
    assert_eq!(told(&[named("A", ROLE), named("A", &other)].join(",")), ["PIB351"]);
    assert_eq!(told(&[named("A", ROLE), named("B", &other)].join(",")), [""; 0]);
    assert_eq!(told(&[named("", ROLE), named("", &other)].join(",")), [""; 0]);
    assert_eq!(told(&[named("a", ROLE), named("A", &other)].join(",")), [""; 0]);
    assert_eq!(told(&named("a b", ROLE)), ["PIB352"]);
}

#[test]
fn a_deny_shadows_only_what_it_is_certainly_about() {
    let told = |allow: &str, deny: &str| {
        let all = format!(r#"{{"Effect":"Allow",{allow}}},{{"Effect":"Deny",{deny}}}"#);
        of_document(codes(&found(&statements(&all), "")))
    };
    let everybody = r#""Principal":"*","Action":"sts:AssumeRole""#;
    assert_eq!(told(ROLE, everybody), ["PIB353"]);
    assert_eq!(told(ROLE, ROLE), ["PIB353"]);
    assert_eq!(told(ROLE, &ROLE.replace("deploy", "release")), [""; 0]);
    assert_eq!(told(ROLE, &ROLE.replace("sts:AssumeRole", "sts:TagSession")), [""; 0]);
    let id = |operator: &str, value: &str| format!(r#","Condition":{{"{operator}":{{"sts:ExternalId":{value}}}}}"#);
    let asks = format!("{ROLE}{}", id("StringEquals", r#""a""#));
    for (deny, expected) in [
        (id("StringEquals", r#"["a","b"]"#), &["PIB353"][..]),
        (id("StringEquals", r#""b""#), &[]),
        (id("StringLike", r#""a*""#), &["PIB353"]),
        (id("StringNotEquals", r#""b""#), &["PIB353"]),
        (id("StringNotEquals", r#""a""#), &[]),
        (id("StringEqualsIgnoreCase", r#""a""#), &[]),
    ] {
        assert_eq!(told(&asks, &format!("{everybody}{deny}")), expected, "{deny}");
    }
    assert_eq!(
        told(ROLE, &format!("{everybody}{}", id("StringEquals", r#""a""#))),
        [""; 0]
    );
}

#[test]
fn a_cross_product_is_fine_where_every_pair_is_meant() {
    let tags = r#""StringEquals":{"aws:SourceAccount":"111122223333","aws:RequestTag/eks-cluster-arn":"arn:aws:eks:eu-west-1:111122223333:cluster/main","aws:RequestTag/kubernetes-namespace":["a","b"],"aws:RequestTag/kubernetes-service-account":["x","y"]}"#;
    let both = format!(r#"{PODS},"Condition":{{{tags}}}"#);
    is(&both, &["PIB354"]);
    fine(&both.replace(r#"["x","y"]"#, r#""x""#));
    let pods: Vec<String> = ["a", "b"]
        .iter()
        .flat_map(|namespace| {
            ["x", "y"].map(|account| format!(r#"{{"namespace":"{namespace}","service_account":"{account}"}}"#))
        })
        .collect();
    let context = |pods: &[String]| format!(r#"{{"pods":[{}]}}"#, pods.join(","));
    assert_eq!(of_document(one_in(&both, &context(&pods))), [""; 0]);
    assert_eq!(of_document(one_in(&both, &context(&pods[1..]))), ["PIB354"]);
}

#[test]
fn the_quota_is_the_known_one_or_the_default() {
    let id = |length: usize| {
        role(&format!(
            r#""StringEquals":{{"sts:ExternalId":"{}"}}"#,
            "x".repeat(length)
        ))
    };
    let with = |length: usize, context: &str| of_document(one_in(&id(length), context));
    assert_eq!(with(1000, ""), [""; 0]);
    assert_eq!(with(1800, ""), ["PIB356"]);
    assert_eq!(with(2048, ""), ["PIB355"]);
    assert_eq!(with(2048, r#"{"trust_policy_quota":8192}"#), [""; 0]);
    assert_eq!(with(1000, r#"{"trust_policy_quota":500}"#), ["PIB355"]);
}

#[test]
fn the_statement_that_no_longer_fits_is_named() {
    let statement = |name: &str| format!(r#"{{"Effect":"Allow",{}}}"#, ROLE.replace("deploy", name));
    let text = statements(&[statement("a"), statement("b"), statement("c")].join(",\n  "));
    let first = text.find(&statement("b")).unwrap() + statement("b").len() + 2;
    let told = |quota: usize| {
        let found = found(&text, &format!(r#"{{"trust_policy_quota":{quota}}}"#));
        (found[0].rule.code, found[0].place.statement)
    };
    let counted = text[..first].chars().filter(|letter| !letter.is_whitespace()).count();
    // What closes the document counts.
    assert_eq!(told(counted + 1), ("PIB355", Some(2)));
    assert_eq!(told(counted - 3), ("PIB355", Some(1)));
}

#[test]
fn what_looks_like_a_template_and_is_none_is_fine() {
    fine(&role(
        r#""StringEquals":{"sts:ExternalId":"${aws:PrincipalTag/team}","aws:PrincipalTag/REGION":"eu-west-1"}"#,
    ));
    fine(&role(r#""StringLike":{"sts:RoleSessionName":"todo-*"}"#));
    for left in [
        "<account>",
        "${var.account}",
        "{{ .Values.id }}",
        "${AWS::AccountId}",
        "YOUR_ID",
        "%{if x}",
    ] {
        assert_eq!(
            of_document(one(&role(&format!(r#""StringEquals":{{"sts:ExternalId":"{left}"}}"#)))),
            ["PIB357"],
            "{left}"
        );
    }
    is(
        r#""Principal":{"AWS":"arn:aws:iam::ACCOUNT_ID:role/deploy"},"Action":"sts:AssumeRole""#,
        &["PIB357"],
    );
}

#[test]
fn letters_of_latin_1_are_fine_and_others_are_told_once_for_each_text() {
    fine(&role(r#""StringEquals":{"aws:PrincipalTag/team":"Küche"}"#));
    is(
        &role(r#""StringEquals":{"aws:PrincipalTag/team":["“web”","a"]}"#),
        &["PIB358"],
    );
    is(&format!(r#""Sid":"→",{ROLE}"#), &["PIB352", "PIB358"]);
}

#[test]
fn what_is_empty_is_told_unless_it_can_be() {
    fine(&role(r#""StringEquals":{"aws:PrincipalTag/team":""}"#));
    is(&role(r#""StringEquals":{"sts:ExternalId":[]}"#), &["PIB359"]);
    is(r#""Principal":{},"Action":"sts:AssumeRole""#, &["PIB359"]);
    is(r#""Principal":{"AWS":""},"Action":"sts:AssumeRole""#, &["PIB360"]);
    assert_eq!(
        of_document(codes(&found(r#"{"Version":"2012-10-17","Statement":[]}"#, ""))),
        ["PIB359"]
    );
}

/// Whatever IAM is known to refuse, some rule tells.
#[test]
fn every_refusal_has_a_finding() {
    for elements in [
        r#""Action":"sts:AssumeRole""#,
        r#""Principal":{},"Action":"sts:AssumeRole""#,
        r#""NotPrincipal":{"AWS":"111122223333"},"Action":"sts:AssumeRole""#,
        r#""Principal":{"CanonicalUser":"x"},"Action":"sts:AssumeRole""#,
        r#""Principal":{"AWS":"arn:aws:iam::111122223333:role/*"},"Action":"sts:AssumeRole""#,
        r#""Principal":{"AWS":"arn:aws:iam::111122223333:role/a"},"Action":"AssumeRole""#,
        r#""Principal":{"AWS":"arn:aws:iam::111122223333:role/a"},"Action":[]"#,
        r#""Principal":{"AWS":"arn:aws:iam::111122223333:role/a"},"Action":"iam:PassRole","Resource":"*""#,
        r#""Sid":"a-b","Principal":{"AWS":"arn:aws:iam::111122223333:role/a"},"Action":"sts:AssumeRole""#,
        r#""Principal":{"AWS":"arn:aws:iam::111122223333:role/a"},"Action":"sts:AssumeRole","Condition":{"Equals":{"team":[]}}"#,
        r#""Principal":{"AWS":"arn:aws:iam::111122223333:role/a"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:userid":"–"}}"#,
    ] {
        let text = statements(&format!(r#"{{"Effect":"Allow",{elements}}}"#));
        let refusals = Document::parse(&text).unwrap().refusals(DocumentUse::Trust);
        assert!(!refusals.is_empty(), "{elements}");
        let all = found(&text, "");
        for refusal in refusals {
            assert!(
                all.iter()
                    .any(|one| one.place.path.starts_with(&refusal.path) || refusal.path.starts_with(&one.place.path)),
                "{refusal}: {:?}",
                codes(&all)
            );
        }
    }
}

#[test]
fn of_a_text_beyond_any_quota_only_the_size_is_told() {
    let many: Vec<String> = (0..5000)
        .map(|number| {
            let role = ROLE.replace("deploy", &number.to_string());
            format!(r#"{{"Sid":"a-b","Effect":"Allow",{role},"Resource":"*"}}"#)
        })
        .collect();
    assert_eq!(codes(&found(&statements(&many.join(",")), "")), ["PIB355"]);
    let claims: Vec<String> = (0..20_000).map(|number| format!(r#""a{number}.b:sub":"x""#)).collect();
    let one = role(&format!(r#""StringEqualsIfExists":{{{}}}"#, claims.join(",")));
    is(&one, &["PIB355"]);
}
