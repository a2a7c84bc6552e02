//! A client that sends what an SDK would, and nothing more.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use pod_fake_aws::FakeAws;
use serde_json::{Value, json};

pub(crate) const ACCOUNT: &str = "111122223333";
pub(crate) const OTHER: &str = "444455556666";
pub(crate) const REGION: &str = "us-west-2";

/// Who calls, and from where.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    url: String,
    pub(crate) key: String,
    pub(crate) token: Option<String>,
    pub(crate) region: String,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

pub(crate) fn start() -> (FakeAws, Client) {
    let aws = FakeAws::start().unwrap();
    let client = Client::new(&aws, ACCOUNT);
    (aws, client)
}

impl Client {
    pub(crate) fn new(aws: &FakeAws, key: &str) -> Self {
        Self {
            url: aws.url(),
            key: key.to_owned(),
            token: None,
            region: REGION.to_owned(),
        }
    }

    pub(crate) fn iam(&self, operation: &str, parameters: &[(&str, &str)]) -> Answer {
        self.query("iam", "2010-05-08", operation, parameters).unwrap()
    }

    pub(crate) fn sts(&self, operation: &str, parameters: &[(&str, &str)]) -> Answer {
        self.query("sts", "2011-06-15", operation, parameters).unwrap()
    }

    /// `None` if the connection ends without an answer.
    pub(crate) fn query(
        &self,
        service: &str,
        version: &str,
        operation: &str,
        parameters: &[(&str, &str)],
    ) -> Option<Answer> {
        let mut body = format!("Action={operation}&Version={version}");
        for (name, value) in parameters {
            body.push_str(&format!("&{name}={}", encode(value)));
        }
        self.send("POST", "/", service, &body)
    }

    pub(crate) fn eks(&self, method: &str, path: &str, body: &Value) -> Answer {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        self.send(method, path, "eks", &body).unwrap()
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.eks("GET", path, &Value::Null)
    }

    fn send(&self, method: &str, path: &str, service: &str, body: &str) -> Option<Answer> {
        let signed = if self.token.is_some() {
            ";x-amz-security-token"
        } else {
            ""
        };
        let mut headers = Vec::new();
        if !self.key.is_empty() {
            headers.push(format!(
                "Authorization: AWS4-HMAC-SHA256 Credential={}/20260101/{}/{service}/aws4_request, \
                 SignedHeaders=host;x-amz-date{signed}, Signature={}",
                self.key,
                self.region,
                "0".repeat(64)
            ));
        }
        headers.push("X-Amz-Date: 20260101T000000Z".to_owned());
        headers.extend(self.token.iter().map(|token| format!("X-Amz-Security-Token: {token}")));
        raw(&self.url, method, path, &headers, body)
    }
}

/// One request on a connection of its own.
pub(crate) fn raw(url: &str, method: &str, path: &str, headers: &[String], body: &str) -> Option<Answer> {
    let authority = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(authority).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n");
    for header in headers {
        request.push_str(&format!("{header}\r\n"));
    }
    request.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n")?;
    Some(Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        head: head.to_owned(),
        body: body.to_owned(),
    })
}

impl Answer {
    /// The answer of a call that went well.
    #[track_caller]
    pub(crate) fn done(self) -> Self {
        assert_eq!(self.status, 200, "{}", self.body);
        self
    }

    /// Status, code and message of an error.
    #[track_caller]
    pub(crate) fn refusal(&self) -> (u16, String, String) {
        assert_ne!(self.status, 200, "{}", self.body);
        if self.body.starts_with('{') {
            let header = self
                .head
                .lines()
                .find_map(|line| line.strip_prefix("x-amzn-errortype: "));
            let message = self.json()["message"].as_str().unwrap().to_owned();
            return (self.status, header.unwrap().to_owned(), message);
        }
        (self.status, self.text("Code").unwrap(), self.text("Message").unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The text of the first element of a name.
    pub(crate) fn text(&self, element: &str) -> Option<String> {
        self.texts(element).into_iter().next()
    }

    /// The texts of all elements of a name.
    pub(crate) fn texts(&self, element: &str) -> Vec<String> {
        let (open, close) = (format!("<{element}>"), format!("</{element}>"));
        let parts = self.body.split(&open).skip(1);
        let texts = parts.map(|part| part.split(&close).next().unwrap());
        texts
            .map(|text| text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
            .collect()
    }

    /// A document that IAM encoded.
    pub(crate) fn document(&self, element: &str) -> String {
        percent_decode_str(&self.text(element).unwrap())
            .decode_utf8()
            .unwrap()
            .into_owned()
    }
}

pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// A trust policy that pods can use.
pub(crate) fn pods() -> Value {
    of_statement(&json!({
        "Effect": "Allow",
        "Principal": { "Service": "pods.eks.amazonaws.com" },
        "Action": ["sts:AssumeRole", "sts:TagSession"],
    }))
}

pub(crate) fn of_statement(statement: &Value) -> Value {
    json!({ "Version": "2012-10-17", "Statement": [statement] })
}

pub(crate) fn refused(status: u16, code: &str, message: &str) -> (u16, String, String) {
    (status, code.to_owned(), message.to_owned())
}
