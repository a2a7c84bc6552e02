//! Where credentials are found.

use std::fs;
use std::path::Path;

use aws_credential_types::provider::ProvideCredentials;

use super::hosts::Recorder;
use super::server::{Server, sts};
use super::*;

async fn found(connection: &Connection) -> String {
    let http = connection.transport.client().unwrap();
    let config = shared_config(connection, http).await;
    let credentials = config.credentials_provider().unwrap().provide_credentials().await;
    credentials.unwrap().access_key_id().to_owned()
}

#[tokio::test]
async fn a_profile_that_is_asked_for_comes_before_variables() {
    let variables = [
        ("AWS_ACCESS_KEY_ID", "AKIAVARIABLE"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
    ];
    if !runs_with(
        &variables,
        "finding::a_profile_that_is_asked_for_comes_before_variables",
    ) {
        return;
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    let text = "[work]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = secret\n";
    fs::write(file.path(), text).unwrap();
    let mut all = Vec::new();
    for profile in [Some("work".to_owned()), None] {
        for skip_metadata_api_check in [false, true] {
            all.push(
                found(&Connection {
                    region: Some("eu-central-1".to_owned()),
                    profile: profile.clone(),
                    shared_credentials_files: vec![file.path().display().to_string()],
                    skip_metadata_api_check,
                    ..Connection::default()
                })
                .await,
            );
        }
    }
    assert_eq!(all, ["AKIAPROFILE", "AKIAPROFILE", "AKIAVARIABLE", "AKIAVARIABLE"]);
}

#[tokio::test]
async fn a_profile_assumes_its_role_with_the_profile_that_it_names() {
    let server = Server::start(sts).await;
    let dir = tempfile::tempdir().unwrap();
    let (config, credentials) = (dir.path().join("config"), dir.path().join("credentials"));
    let text = format!(
        "[profile deploy]\nrole_arn = arn:aws:iam::111122223333:role/deployer\nsource_profile = base\nregion = eu-west-1\n\
         external_id = of-the-profile\nservices = local\n[services local]\nsts =\n  endpoint_url = {}\n",
        server.url
    );
    fs::write(&config, text).unwrap();
    fs::write(
        &credentials,
        "[base]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = secret\n",
    )
    .unwrap();
    let connection = Connection {
        profile: Some("deploy".to_owned()),
        shared_config_files: vec![config.display().to_string()],
        shared_credentials_files: vec![credentials.display().to_string()],
        ..Connection::default()
    };
    let aws = Aws::connect(&connection).await.unwrap();
    assert_eq!(aws.region(), "eu-west-1");
    aws.caller().await.unwrap();
    let asked = server.asked();
    assert_eq!(asked[0].signer(), Some("AKIAPROFILE"));
    assert_eq!(asked[0].field("ExternalId").as_deref(), Some("of-the-profile"));
    assert_eq!(asked.last().unwrap().signer(), Some("ASIA-deployer"));
}

#[tokio::test]
async fn what_is_wrong_with_a_profile_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config");
    fs::write(
        &config,
        "[profile broken]\nrole_arn = arn:aws:iam::111122223333:role/x\nsource_profile = gone\n[profile half]\naws_access_key_id = AKIAX\n",
    )
    .unwrap();
    for (profile, said) in [
        ("nowhere", "profile `nowhere` was not defined"),
        ("broken", "profile `gone` was not defined"),
        ("half", "profile missing aws_secret_access_key"),
    ] {
        let connection = Connection {
            keys: None,
            profile: Some(profile.to_owned()),
            shared_config_files: vec![config.display().to_string()],
            shared_credentials_files: vec![config.display().to_string()],
            // As it is where nothing else is set.
            max_retries: None,
            ..with_keys("http://127.0.0.1:1")
        };
        let error = caller(&connection).await.unwrap_err();
        assert_eq!(*error.problem(), crate::cloud::Problem::NoCredentials, "{error}");
        assert!(error.to_string().contains(said), "{profile}: {error}");
    }
}

#[tokio::test]
async fn a_profile_of_sso_takes_the_token_that_was_cached_when_logging_in() {
    // `aws sso login` names the file by the SHA-1 of the session's name.
    const CACHED: &str = "71b21161ffa1e6516bcc072aaf5ef38cbe85b511.json";
    const ANSWER: &str = r#"{"roleCredentials": {"accessKeyId": "ASIASSO", "secretAccessKey": "s", "sessionToken": "t",
                            "expiration": 4070908800000}}"#;
    let home = std::env::temp_dir().join("pod-home-with-sso");
    let test = "finding::a_profile_of_sso_takes_the_token_that_was_cached_when_logging_in";
    if !runs_with(&[("HOME", home.to_str().unwrap())], test) {
        return;
    }
    let write = |path: &Path, text: &str| {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let config = "[profile work]\nsso_session = company\nsso_account_id = 111122223333\nsso_role_name = Deploy\nregion = eu-west-1\n\
                  [sso-session company]\nsso_region = eu-north-1\nsso_start_url = https://company.example/start\n";
    write(&home.join(".aws/config"), config);
    let token = r#"{"accessToken": "cached-token", "expiresAt": "2099-01-01T00:00:00Z", "region": "eu-north-1",
                   "startUrl": "https://company.example/start"}"#;
    write(&home.join(".aws/sso/cache").join(CACHED), token);
    let connection = Connection {
        profile: Some("work".to_owned()),
        ..Connection::default()
    };
    let recorder = Recorder::new(ANSWER);
    let config = shared_config(&connection, recorder.client()).await;
    let credentials = config.credentials_provider().unwrap().provide_credentials().await;
    fs::remove_dir_all(&home).unwrap();
    assert_eq!(credentials.unwrap().access_key_id(), "ASIASSO");
    let uris = recorder.uris.lock().unwrap();
    assert!(
        uris[0].starts_with("https://portal.sso.eu-north-1.amazonaws.com/federation/credentials"),
        "{uris:?}"
    );
}
