//! Under which conditions.

use super::{ROLE, fine, is, of_document, pod, role, token};
use crate::findings::{codes, found, one, statements};

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
    // Without it the test would hold for requests without the key as well.
    fine(&role(r#""ForAnyValue:StringNotEquals":{"sts:RoleSessionName":"x"}"#));
}

#[test]
fn a_guard_may_fail_open_where_the_key_is_asked_for_or_is_for_others() {
    is(&role(r#""StringEqualsIfExists":{"sts:ExternalId":"x"}"#), &["PIB334"]);
    is(
        &role(r#""ForAllValues:StringEquals":{"sts:ExternalId":"x"}"#),
        &["PIB334"],
    );
    // For whom a service acts is known anyway, or is not.
    let service = |conditions: &str| {
        format!(
            r#""Principal":{{"Service":"states.amazonaws.com"}},"Action":"sts:AssumeRole","Condition":{{{conditions}"ArnLikeIfExists":{{"aws:SourceArn":"arn:aws:states:eu-west-1:111122223333:stateMachine:*"}}}}"#
        )
    };
    fine(&service(r#""StringEquals":{"aws:SourceAccount":"111122223333"},"#));
    is(&service(""), &["PIB334"]);
    is(
        &service(r#""StringNotEquals":{"aws:SourceAccount":"111122223333"},"#),
        &["PIB334"],
    );
    // Which values a tag may have that a caller sets, or may leave out; and which pod calls.
    is(&role(r#""StringEqualsIfExists":{"aws:RequestTag/team":"shop"}"#), &[]);
    is(
        &role(r#""StringEqualsIfExists":{"aws:RequestTag/kubernetes-namespace":"shop"}"#),
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
    is(
        &pod(r#","StringNotEquals":{"aws:RequestTag/kubernetes-pod-name":"api-*"}"#),
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
fn null_alone_and_new_names_are_fine() {
    fine(&role(r#""Null":{"aws:TagKeys":"false"}"#));
    fine(&role(
        r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/x"}"#,
    ));
    is(&role(r#""ForAnyValue:Null":{"aws:TagKeys":"true"}"#), &["PIB344"]);
    is(
        &role(r#""StringLike":{"AWS:arn":"arn:aws:iam::111122223333:role/x"}"#),
        &["PIB345"],
    );
}
