//! What comes back: a result or an error, in the protocol of the service that was asked.

use serde_json::json;

use crate::operations::Service;
use crate::xml::Xml;

/// An error as AWS answers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message: message.into(),
        }
    }
}

/// What a handler has to say.
#[derive(Debug)]
pub(crate) enum Body {
    /// The result of a query operation; empty where an operation has none.
    Xml(Xml),
    Json(serde_json::Value),
}

/// An HTTP answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn of(service: Service, operation: &str, outcome: Result<Body, Refusal>, request: &str) -> Self {
        let (status, code, body) = match outcome {
            Ok(Body::Json(value)) => (200, None, value.to_string()),
            Ok(Body::Xml(result)) => (200, None, query_answer(service, operation, &result, request)),
            Err(refusal) => {
                let body = match service {
                    Service::Eks => json!({ "message": refusal.message }).to_string(),
                    Service::Iam | Service::Sts => query_error(service, &refusal, request),
                };
                (refusal.status, Some(refusal.code), body)
            }
        };
        let headers = match service {
            Service::Eks => {
                let mut headers = vec![
                    ("content-type", "application/json".to_owned()),
                    ("x-amzn-requestid", request.to_owned()),
                ];
                headers.extend(code.map(|code| ("x-amzn-errortype", code)));
                headers
            }
            Service::Iam | Service::Sts => vec![
                ("content-type", "text/xml".to_owned()),
                ("x-amzn-requestid", request.to_owned()),
            ],
        };
        Self { status, headers, body }
    }
}

fn namespace(service: Service) -> &'static str {
    match service {
        Service::Sts => "https://sts.amazonaws.com/doc/2011-06-15/",
        Service::Iam | Service::Eks => "https://iam.amazonaws.com/doc/2010-05-08/",
    }
}

fn query_answer(service: Service, operation: &str, result: &Xml, request: &str) -> String {
    let mut body = Xml::default();
    if !result.is_empty() {
        body.within(&format!("{operation}Result"), |xml| xml.append(result));
    }
    body.within("ResponseMetadata", |xml| xml.text("RequestId", request));
    Xml::document(&format!("{operation}Response"), namespace(service), &body)
}

fn query_error(service: Service, refusal: &Refusal, request: &str) -> String {
    let mut body = Xml::default();
    body.within("Error", |xml| {
        xml.text("Type", if refusal.status < 500 { "Sender" } else { "Receiver" });
        xml.text("Code", &refusal.code);
        xml.text("Message", &refusal.message);
    });
    body.text("RequestId", request);
    Xml::document("ErrorResponse", namespace(service), &body)
}
