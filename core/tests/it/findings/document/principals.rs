//! Whom a policy names, and what it allows them.

use super::{ROLE, fine, is, of_document, pod, token};
use crate::findings::{codes, found, one, one_in, statements};

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
fn a_deny_that_stops_all_but_some_narrows_whom_a_statement_lets_in() {
    let with = |principal: &str, condition: &str| {
        let text = statements(&format!(
            r#"{{"Effect":"Allow","Principal":{{"AWS":"{principal}"}},"Action":"sts:AssumeRole"}},{{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Condition":{{{condition}}}}}"#
        ));
        of_document(codes(&found(&text, "")))
    };
    for condition in [
        r#""ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/deploy-*"}"#,
        r#""StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}"#,
    ] {
        assert_eq!(with("*", condition), [""; 0], "{condition}");
        assert_eq!(with("111122223333", condition), [""; 0], "{condition}");
    }
    for condition in [
        r#""BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}"#,
        r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/intern"}"#,
        r#""StringNotLike":{"sts:RoleSessionName":"deploy-*"}"#,
        r#""StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"},"StringEquals":{"sts:RoleSessionName":"x"}"#,
    ] {
        assert_eq!(with("*", condition), ["PIB310"], "{condition}");
        assert_eq!(with("111122223333", condition), ["PIB311"], "{condition}");
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
