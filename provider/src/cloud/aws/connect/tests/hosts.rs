//! Host names and repeated calls.

use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};

use super::server::Server;
use super::*;
use crate::cloud::{ClusterRef, Eks, Iam};

/// Answers everything with the same, from nowhere.
#[derive(Clone, Debug)]
pub(super) struct Recorder {
    pub(super) uris: Arc<Mutex<Vec<String>>>,
    answer: &'static str,
}

impl Recorder {
    pub(super) fn new(answer: &'static str) -> Self {
        Self {
            uris: Arc::default(),
            answer,
        }
    }

    pub(super) fn client(&self) -> SharedHttpClient {
        let connector = SharedHttpConnector::new(self.clone());
        http_client_fn(move |_, _| connector.clone())
    }
}

impl HttpConnector for Recorder {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.uris.lock().unwrap().push(request.uri().to_owned());
        let status = if self.answer.is_empty() { 400 } else { 200 };
        let answer = HttpResponse::new(status.try_into().unwrap(), self.answer.into());
        HttpConnectorFuture::ready(Ok(answer))
    }
}

async fn hosts(connection: Connection) -> Vec<String> {
    let recorder = Recorder::new("");
    let aws = Aws::connect_through(&connection, recorder.client()).await.unwrap();
    let at = ClusterRef {
        region: "us-east-1".to_owned(),
        name: "demo".to_owned(),
    };
    aws.cluster(&at).await.unwrap_err();
    aws.role("checkout").await.unwrap_err();
    aws.caller().await.unwrap_err();
    let uris = recorder.uris.lock().unwrap();
    let host = |uri: &String| uri.split('/').nth(2).unwrap().to_owned();
    uris.iter().map(host).collect()
}

fn connection(fips: Option<bool>, dual_stack: Option<bool>) -> Connection {
    Connection {
        region: Some("us-east-1".to_owned()),
        endpoints: Endpoints::default(),
        use_fips_endpoint: fips,
        use_dualstack_endpoint: dual_stack,
        ..with_keys("")
    }
}

#[tokio::test]
async fn variants_of_addresses_are_called_as_set() {
    assert_eq!(
        hosts(connection(None, None)).await,
        [
            "eks.us-east-1.amazonaws.com",
            "iam.amazonaws.com",
            "sts.us-east-1.amazonaws.com"
        ]
    );
    assert_eq!(
        hosts(connection(Some(true), None)).await,
        [
            "fips.eks.us-east-1.amazonaws.com",
            "iam-fips.amazonaws.com",
            "sts-fips.us-east-1.amazonaws.com"
        ]
    );
    assert_eq!(
        hosts(connection(None, Some(true))).await,
        ["eks.us-east-1.api.aws", "iam.global.api.aws", "sts.us-east-1.api.aws"]
    );
}

#[tokio::test]
async fn settings_come_before_variables() {
    let variables = [
        ("AWS_USE_FIPS_ENDPOINT", "true"),
        ("AWS_RETRY_MODE", "adaptive"),
        ("AWS_MAX_ATTEMPTS", "7"),
    ];
    if !runs_with(&variables, "hosts::settings_come_before_variables") {
        return;
    }
    let mut silent = connection(None, None);
    silent.max_retries = None;
    assert!(hosts(silent.clone()).await[1].contains("fips"));
    assert!(!hosts(connection(Some(false), None)).await[1].contains("fips"));
    let of = async |connection: &Connection| {
        let aws = Aws::connect(connection).await.unwrap();
        let retry = aws.iam.config().retry_config().unwrap().clone();
        (retry.mode(), retry.max_attempts())
    };
    assert_eq!(of(&silent).await, (RetryMode::Adaptive, 7));
    silent.retry_mode = Some(RetryMode::Standard);
    assert_eq!(of(&silent).await, (RetryMode::Standard, 7));
    silent.max_retries = Some(1);
    assert_eq!(of(&silent).await, (RetryMode::Standard, 2));
}

#[tokio::test]
async fn a_service_with_an_address_of_its_own_has_no_variant_of_it() {
    let connection = Connection {
        endpoints: Endpoints {
            eks: Some("https://eks.example".to_owned()),
            ..Endpoints::default()
        },
        ..connection(Some(true), None)
    };
    assert_eq!(hosts(connection).await[..2], ["eks.example", "iam-fips.amazonaws.com"]);
}

#[tokio::test]
async fn a_call_is_repeated_as_often_as_set() {
    for (retries, calls) in [(0, 1), (2, 3)] {
        let server = Server::start(|_| (503, String::new())).await;
        let connection = Connection {
            max_retries: Some(retries),
            ..with_keys(&server.url)
        };
        caller(&connection).await.unwrap_err();
        assert_eq!(server.asked().len(), calls);
    }
}

#[tokio::test]
async fn an_address_for_one_service_comes_before_one_for_all_and_settings_before_both() {
    let variables = [
        ("AWS_ENDPOINT_URL", "http://all"),
        ("AWS_ENDPOINT_URL_IAM", "http://iam"),
        ("AWS_ENDPOINT_URL_EKS", "http://eks"),
    ];
    let test = "hosts::an_address_for_one_service_comes_before_one_for_all_and_settings_before_both";
    if !runs_with(&variables, test) {
        return;
    }
    let connection = Connection {
        endpoints: Endpoints {
            eks: Some("http://settings".to_owned()),
            ..Endpoints::default()
        },
        ..connection(None, None)
    };
    assert_eq!(hosts(connection).await, ["settings", "iam", "all"]);
}

#[tokio::test]
async fn an_address_with_a_user_is_refused_and_not_repeated() {
    for (address, is_refused) in [
        ("http://user:password@localhost:4566", true),
        ("https://user@localhost/path", true),
        ("http://localhost:4566/path@more", false),
    ] {
        let connection = Connection {
            endpoints: Endpoints {
                eks: Some(address.to_owned()),
                ..Endpoints::default()
            },
            ..with_keys("http://localhost:4566")
        };
        let error = Aws::connect(&connection).await.err().map(|error| error.to_string());
        let expected = is_refused.then(|| "the address of EKS names a user".to_owned());
        assert_eq!(error, expected, "{address}");
    }
}
