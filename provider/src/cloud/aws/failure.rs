//! From the SDK's errors to [`CloudError`].

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_iam::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_iam::operation::RequestId;

use super::Aws;
use super::connect::NotAssumed;
use crate::cloud::{CloudError, Problem, Service};

impl Aws {
    /// Tells why a call failed.
    pub(super) fn failure<E>(&self, service: Service, operation: &'static str, error: &SdkError<E>) -> CloudError
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        SdkError<E>: RequestId,
    {
        let request_id = error.request_id().map(str::to_owned);
        let unreachable = || Problem::Unreachable {
            endpoint: self.endpoints.of(service).map(str::to_owned),
        };
        if let Some(answer) = error.as_service_error() {
            let Some(code) = answer.code() else {
                // AWS names every error. A proxy, or a server of something else, answers like this.
                let message = format!(
                    "something answered with HTTP status {} and without an AWS error code",
                    status(error)
                );
                return CloudError::new(service, operation, unreachable(), message);
            };
            let message = answer.message().unwrap_or(code);
            let problem = if status(error) == 501 || message.starts_with(NO_ROUTE) {
                Problem::NoSuchOperation
            } else {
                problem(code)
            };
            return CloudError::new(service, operation, problem, message).answered(Some(code.to_owned()), request_id);
        }
        let causes = Causes::of(error);
        if let Some(failed) = causes.clone().find_map(|cause| cause.downcast_ref::<NotAssumed>()) {
            let problem = Problem::NotAssumed(Box::new(failed.role.clone()));
            return CloudError::new(Service::Sts, failed.operation, problem, &failed.message)
                .answered(failed.code.clone(), failed.request_id.clone());
        }
        let credentials = causes.clone().any(|cause| cause.is::<CredentialsError>());
        // The innermost cause is the one that says something: "connection refused", "the profile was not found".
        let message = causes.last().map_or_else(|| error.to_string(), ToString::to_string);
        let problem = if credentials {
            Problem::NoCredentials
        } else {
            match error {
                SdkError::TimeoutError(_) | SdkError::DispatchFailure(_) | SdkError::ResponseError(_) => unreachable(),
                _ => Problem::Other,
            }
        };
        CloudError::new(service, operation, problem, message).answered(None, request_id)
    }
}

/// What the server of the acceptance tests says of paths that it does not know, under a code that means something else in AWS.
const NO_ROUTE: &str = "No route for ";

fn status<E>(error: &SdkError<E>) -> u16 {
    error.raw_response().map_or(0, |response| response.status().as_u16())
}

fn problem(code: &str) -> Problem {
    match code {
        "NoSuchEntity" | "NoSuchEntityException" | "ResourceNotFoundException" | "NotFoundException" => {
            Problem::NotFound
        }
        "EntityAlreadyExists"
        | "EntityAlreadyExistsException"
        | "ResourceInUseException"
        | "ConcurrentModification"
        | "ConcurrentModificationException"
        | "DeleteConflict"
        | "DeleteConflictException"
        | "EntityTemporarilyUnmodifiable"
        | "EntityTemporarilyUnmodifiableException" => Problem::Conflict,
        "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" => Problem::AccessDenied,
        "Throttling" | "ThrottlingException" | "TooManyRequestsException" | "RequestLimitExceeded" => {
            Problem::Throttled
        }
        "ExpiredToken"
        | "ExpiredTokenException"
        | "InvalidClientTokenId"
        | "UnrecognizedClientException"
        | "SignatureDoesNotMatch"
        | "InvalidSignatureException"
        | "IncompleteSignature" => Problem::BadCredentials,
        "LimitExceeded" | "LimitExceededException" | "ResourceLimitExceededException" => Problem::QuotaReached,
        "InvalidAction" | "UnknownOperationException" | "NotImplemented" => Problem::NoSuchOperation,
        _ => Problem::Other,
    }
}

/// An error and what caused it, outermost first.
#[derive(Clone)]
pub(super) struct Causes<'a>(Option<&'a (dyn Error + 'static)>);

impl<'a> Causes<'a> {
    pub(super) fn of(error: &'a (dyn Error + 'static)) -> Self {
        Self(Some(error))
    }
}

impl<'a> Iterator for Causes<'a> {
    type Item = &'a (dyn Error + 'static);

    fn next(&mut self) -> Option<Self::Item> {
        let current = self.0?;
        self.0 = current.source();
        Some(current)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use crate::cloud::aws::{Aws, Connection, Endpoints, StaticKeys};
    use crate::cloud::{CloudError, ClusterRef, Eks, Problem};

    /// A server that answers every request alike, and its address.
    fn server(status: &'static str, code: &'static str, message: &'static str) -> String {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                let _ = connection.read(&mut [0; 4096]);
                let body = format!(r#"{{"__type": "{code}", "message": "{message}"}}"#);
                let length = body.len();
                let answer = format!(
                    "HTTP/1.1 {status}\r\nx-amzn-errortype: {code}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
                );
                let _ = connection.write_all(answer.as_bytes());
            }
        });
        address
    }

    async fn failure_of(endpoint: &str) -> CloudError {
        let aws = Aws::connect(&Connection {
            region: Some("us-west-2".to_owned()),
            keys: Some(StaticKeys {
                access_key: "AKIAIOSFODNN7EXAMPLE".to_owned(),
                secret_key: "secret".to_owned(),
                token: None,
            }),
            endpoints: Endpoints {
                eks: Some(endpoint.to_owned()),
                ..Endpoints::default()
            },
            max_retries: Some(0),
            ..Connection::default()
        })
        .await
        .unwrap();
        let cluster = ClusterRef {
            region: "us-west-2".to_owned(),
            name: "demo".to_owned(),
        };
        aws.cluster(&cluster).await.unwrap_err()
    }

    #[tokio::test]
    async fn a_server_that_lacks_the_operation_is_told_from_one_that_refuses_it() {
        const BAD: &str = "400 Bad Request";
        for (status, code, message, expected) in [
            (
                BAD,
                "InvalidRequestException",
                "No route for GET /clusters/demo",
                Problem::NoSuchOperation,
            ),
            (BAD, "InvalidRequestException", "The cluster is busy", Problem::Other),
            (BAD, "InvalidAction", "Unknown action", Problem::NoSuchOperation),
            (
                "501 Not Implemented",
                "InternalFailure",
                "not yet implemented",
                Problem::NoSuchOperation,
            ),
            ("403 Forbidden", "AccessDeniedException", "no", Problem::AccessDenied),
        ] {
            let endpoint = server(status, code, message);
            assert_eq!(*failure_of(&endpoint).await.problem(), expected, "{code}: {message}");
        }
    }

    #[tokio::test]
    async fn nobody_listening_is_unreachable_and_names_the_configured_endpoint() {
        // Bound and dropped: nothing listens on this port now.
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let endpoint = format!("http://127.0.0.1:{port}");
        let error = failure_of(&endpoint).await;
        assert_eq!(
            *error.problem(),
            Problem::Unreachable {
                endpoint: Some(endpoint)
            }
        );
        assert!(error.to_string().contains("refused"), "{error}");
    }
}
