//! Roles that are assumed.

use std::collections::BTreeMap;

use super::server::{Asked, Server, sts, sts_without};
use super::*;
use crate::cloud::Problem;
use crate::cloud::error::WantedRole;

fn role(name: &str) -> Assume {
    Assume {
        role: WantedRole {
            block: format!("block of {name}"),
            role_arn: format!("arn:aws:iam::111122223333:role/{name}"),
        },
        session_name: None,
        duration: None,
        policy: None,
        policy_arns: Vec::new(),
        with: With::Credentials(Extras::default()),
    }
}

fn calls(server: &Server) -> Vec<(String, Option<String>)> {
    let call = |asked: Asked| (asked.field("Action").unwrap(), asked.signer().map(str::to_owned));
    server.asked().into_iter().map(call).collect()
}

fn call(action: &str, signer: Option<&str>) -> (String, Option<String>) {
    (action.to_owned(), signer.map(str::to_owned))
}

#[tokio::test]
async fn each_role_of_a_chain_is_assumed_once_with_the_one_before() {
    let server = Server::start(sts).await;
    let connection = Connection {
        roles: vec![role("first"), role("second")],
        ..with_keys(&server.url)
    };
    let aws = Aws::connect(&connection).await.unwrap();
    for _ in 0..2 {
        assert_eq!(aws.caller().await.unwrap().partition, "aws-cn");
    }
    let expected = [
        call("AssumeRole", Some("AKIABASE")),
        call("AssumeRole", Some("ASIA-first")),
        call("GetCallerIdentity", Some("ASIA-second")),
        call("GetCallerIdentity", Some("ASIA-second")),
    ];
    assert_eq!(calls(&server), expected);
    let asked = server.asked();
    assert!(asked[1].head.contains("token of first"), "{}", asked[1].head);
    assert_eq!(
        asked[0].field("RoleSessionName").as_deref(),
        Some("terraform-provider-pod")
    );
    assert_eq!(asked[0].field("ExternalId"), None);
}

#[tokio::test]
async fn everything_that_a_block_says_is_sent() {
    let server = Server::start(sts).await;
    let connection = Connection {
        roles: vec![Assume {
            session_name: Some("deploy".to_owned()),
            duration: Some(Duration::from_secs(1800)),
            policy: Some("{}".to_owned()),
            policy_arns: vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()],
            with: With::Credentials(Extras {
                external_id: Some("shared/secret".to_owned()),
                tags: BTreeMap::from([("team".to_owned(), "shop".to_owned())]),
                transitive_tag_keys: vec!["team".to_owned()],
                source_identity: Some("alice@example".to_owned()),
            }),
            ..role("deployer")
        }],
        ..with_keys(&server.url)
    };
    caller(&connection).await.unwrap();
    let asked = &server.asked()[0];
    for (name, value) in [
        ("RoleArn", "arn:aws:iam::111122223333:role/deployer"),
        ("RoleSessionName", "deploy"),
        ("DurationSeconds", "1800"),
        ("Policy", "{}"),
        ("PolicyArns.member.1.arn", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
        ("ExternalId", "shared/secret"),
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "shop"),
        ("TransitiveTagKeys.member.1", "team"),
        ("SourceIdentity", "alice@example"),
    ] {
        assert_eq!(asked.field(name).as_deref(), Some(value), "{name} of {}", asked.body);
    }
}

#[tokio::test]
async fn a_token_needs_no_credentials_and_a_chain_goes_on_from_it() {
    let server = Server::start(sts).await;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "token.of.ci\n").unwrap();
    for token in [
        Token::Given("token.of.ci".to_owned()),
        Token::File(file.path().display().to_string()),
    ] {
        let connection = Connection {
            keys: None,
            roles: vec![
                Assume {
                    with: With::Token(token),
                    ..role("ci")
                },
                role("deployer"),
            ],
            ..with_keys(&server.url)
        };
        caller(&connection).await.unwrap();
    }
    let expected = [
        call("AssumeRoleWithWebIdentity", None),
        call("AssumeRole", Some("ASIA-ci")),
        call("GetCallerIdentity", Some("ASIA-deployer")),
    ];
    assert_eq!(calls(&server), [expected.clone(), expected].concat());
    for asked in [&server.asked()[0], &server.asked()[3]] {
        assert_eq!(asked.field("WebIdentityToken").as_deref(), Some("token.of.ci"));
    }
}

#[tokio::test]
async fn the_link_that_breaks_is_named_with_what_sts_said() {
    for (broken, asked) in [("first", 1), ("second", 2)] {
        let server = Server::start(sts_without(broken)).await;
        let connection = Connection {
            roles: vec![role("first"), role("second")],
            ..with_keys(&server.url)
        };
        let error = caller(&connection).await.unwrap_err();
        assert_eq!(*error.problem(), Problem::NotAssumed(Box::new(role(broken).role)));
        let told = error.diagnostic("Cannot use the AWS credentials").detail;
        assert!(told.starts_with("`sts:AssumeRole` for the role"), "{told}");
        assert!(told.contains("not authorized to perform this"), "{told}");
        assert!(told.ends_with("\n\nAccessDenied"), "{told}");
        assert_eq!(server.asked().len(), asked);
    }
}

#[tokio::test]
async fn a_token_file_that_is_not_there_is_named() {
    let server = Server::start(sts).await;
    let connection = Connection {
        keys: None,
        roles: vec![Assume {
            with: With::Token(Token::File("/nowhere/token".to_owned())),
            ..role("ci")
        }],
        ..with_keys(&server.url)
    };
    let error = caller(&connection).await.unwrap_err();
    assert!(error.to_string().contains("`/nowhere/token`"), "{error}");
    assert_eq!(server.asked().len(), 0);
}
