//! What looks like a mistake and is none, and what the examples of the rules do not show.

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
