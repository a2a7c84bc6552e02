use std::time::{Duration, Instant};

use pod_fake_aws::{Fault, Outcome, Service};
use serde_json::{Value, json};

use crate::client::{ACCOUNT, Client, OTHER, REGION, pods, refused, start};

fn create(client: &Client, name: &str) -> Option<crate::client::Answer> {
    let trust = pods().to_string();
    let parameters = [("RoleName", name), ("AssumeRolePolicyDocument", trust.as_str())];
    client.query("iam", "2010-05-08", "CreateRole", &parameters)
}

#[test]
fn the_call_that_was_meant_fails_and_no_other() {
    let (aws, client) = start();
    aws.fail("iam:CreateRole").nth(2).with(Fault::Throttled);
    assert_eq!(aws.unmet_faults(), ["iam:CreateRole"]);
    create(&client, "a").unwrap().done();
    let refusal = create(&client, "b").unwrap().refusal();
    assert_eq!(refusal, refused(400, "Throttling", "Rate exceeded"));
    assert!(aws.unmet_faults().is_empty());
    create(&client, "b").unwrap().done();
    assert_eq!(aws.account(ACCOUNT).roles(), ["a", "b"]);
}

#[test]
fn faults_of_calls_in_a_row_are_met_one_by_one() {
    let (aws, client) = start();
    aws.fail("iam:ListRoles").with(Fault::Throttled);
    aws.fail("iam:ListRoles").nth(2).with(Fault::Unavailable);
    let statuses: Vec<u16> = (0..3).map(|_| client.iam("ListRoles", &[]).status).collect();
    assert_eq!(statuses, [400, 503, 200]);
}

#[test]
fn each_service_has_its_own_words() {
    let (aws, client) = start();
    aws.account(ACCOUNT).cluster(REGION, "demo");
    let cases = [
        (Fault::Throttled, (400, "Throttling"), (429, "ThrottlingException")),
        (Fault::ServerError, (500, "ServiceFailure"), (500, "ServerException")),
        (
            Fault::Unavailable,
            (503, "ServiceUnavailable"),
            (503, "ServiceUnavailableException"),
        ),
        (
            Fault::AccessDenied,
            (403, "AccessDenied"),
            (403, "AccessDeniedException"),
        ),
        (
            Fault::ExpiredCredentials,
            (403, "ExpiredToken"),
            (403, "ExpiredTokenException"),
        ),
        (Fault::refused(409, "Odd", "odd"), (409, "Odd"), (409, "Odd")),
    ];
    for (fault, iam, eks) in cases {
        aws.fail("iam:ListRoles").with(fault.clone());
        aws.fail("eks:DescribeCluster").with(fault.clone());
        let answers = [(client.iam("ListRoles", &[]), iam), (client.get("/clusters/demo"), eks)];
        for (answer, (status, code)) in answers {
            let refusal = answer.refusal();
            assert_eq!((refusal.0, refusal.1.as_str()), (status, code), "{fault:?}");
        }
    }
    client.get("/clusters/demo").done();
}

#[test]
fn a_connection_is_cut_before_or_after_the_effect() {
    let (aws, client) = start();
    aws.fail("iam:CreateRole").with(Fault::Cut);
    assert_eq!(create(&client, "a"), None);
    assert!(aws.account(ACCOUNT).roles().is_empty());

    aws.fail("iam:CreateRole").with(Fault::LostAnswer);
    assert_eq!(create(&client, "a"), None);
    assert_eq!(aws.account(ACCOUNT).roles(), ["a"]);
    assert_eq!(create(&client, "a").unwrap().refusal().1, "EntityAlreadyExists");

    let outcomes: Vec<Outcome> = aws.calls().into_iter().map(|call| call.outcome).collect();
    let exists = Outcome::Refused("EntityAlreadyExists".to_owned());
    assert_eq!(outcomes, [Outcome::Cut, Outcome::AnswerLost, exists]);
    assert_eq!(aws.writes(), ["iam:CreateRole a"]);
}

#[test]
fn an_answer_may_be_slow() {
    let (aws, client) = start();
    let delay = Duration::from_millis(300);
    aws.fail("iam:CreateRole").with(Fault::Slow(delay));
    let begin = Instant::now();
    create(&client, "a").unwrap().done();
    assert!(begin.elapsed() >= delay);
}

#[test]
fn a_fault_may_stay_and_may_be_of_one_account() {
    let (aws, client) = start();
    let other = Client::new(&aws, OTHER);
    aws.fail("iam:ListRoles")
        .in_account(OTHER)
        .always()
        .with(Fault::AccessDenied);
    for _ in 0..3 {
        client.iam("ListRoles", &[]).done();
        let refusal = other.iam("ListRoles", &[]).refusal();
        let message = "User: arn:aws:iam::444455556666:root is not authorized to perform: iam:ListRoles";
        assert_eq!(refusal, refused(403, "AccessDenied", message));
    }
    aws.heal();
    other.iam("ListRoles", &[]).done();
    aws.fail("iam:ListRoles").times(2).with(Fault::Throttled);
    let statuses: Vec<u16> = (0..3).map(|_| client.iam("ListRoles", &[]).status).collect();
    assert_eq!(statuses, [400, 400, 200]);
}

#[test]
#[should_panic(expected = "`iam:CreateRoles` is not served here")]
fn a_fault_for_what_is_not_served_is_a_mistake() {
    let (aws, _client) = start();
    drop(aws.fail("iam:CreateRoles"));
}

#[test]
fn calls_are_recorded_with_their_parameters() {
    let (aws, client) = start();
    let cluster = aws.account(ACCOUNT).cluster(REGION, "demo");
    let role = aws.account(ACCOUNT).create_role("checkout", &pods());
    assert!(aws.calls().is_empty(), "what a test does itself is no call");
    let path = "/clusters/demo/pod-identity-associations";
    let request = json!({ "namespace": "shop", "serviceAccount": "checkout", "roleArn": role, "tags": { "a": "b" } });
    client.eks("POST", path, &request).done();
    client.get(&format!("{path}?namespace=shop")).done();
    client.iam("GetRole", &[("RoleName", "checkout")]).done();
    client.sts("GetCallerIdentity", &[]).done();

    let calls = aws.calls();
    let actions: Vec<String> = calls.iter().map(ToString::to_string).collect();
    assert_eq!(
        actions,
        [
            "eks:CreatePodIdentityAssociation checkout",
            "eks:ListPodIdentityAssociations",
            "iam:GetRole checkout",
            "sts:GetCallerIdentity",
        ]
    );
    let create = &calls[0];
    assert_eq!(
        (create.service, create.account.as_str(), create.region.as_str()),
        (Service::Eks, ACCOUNT, REGION)
    );
    assert_eq!(
        (create.parameter("clusterName"), create.parameter("tags")),
        ("demo", r#"{"a":"b"}"#)
    );
    assert_eq!(calls[1].parameter("namespace"), "shop");
    assert_eq!(calls.iter().filter(|call| call.is_write).count(), 1);
    assert_eq!((aws.count("iam:GetRole"), cluster.associations().len()), (1, 1));
    aws.forget_calls();
    assert!(aws.calls().is_empty());
    assert_eq!(
        client.eks("PUT", path, &Value::Null).refusal().1,
        "UnknownOperationException"
    );
}
