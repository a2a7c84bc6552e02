//! A client for plain HTTP on loopback: enough to ask a local server if it is ready and to make
//! the few things in it that a scenario takes as given.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, bail};

const TIMEOUT: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub struct Response {
    pub status: u16,
    /// Status line and headers.
    pub head: String,
    pub body: String,
}

/// One request on a connection of its own. `base` is `http://HOST:PORT`.
pub fn request(method: &str, base: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Result<Response> {
    let authority = base
        .strip_prefix("http://")
        .with_context(|| format!("`{base}` is not an http:// address"))?;
    let mut stream = TcpStream::connect(authority)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;

    // 1.0, so that the answer is neither chunked nor kept open.
    let mut head = format!("{method} {path} HTTP/1.0\r\nHost: {authority}\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())?;

    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    parse(&String::from_utf8_lossy(&answer))
}

fn parse(answer: &str) -> Result<Response> {
    let Some((head, body)) = answer.split_once("\r\n\r\n") else {
        bail!("not an HTTP answer: `{answer}`");
    };
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .with_context(|| format!("no status in `{head}`"))?;
    Ok(Response {
        status,
        head: head.to_owned(),
        body: body.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn status_and_body_come_back() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 1024];
            let length = stream.read(&mut request).unwrap();
            stream
                .write_all(b"HTTP/1.0 404 Not Found\r\nA: b\r\n\r\nnothing here")
                .unwrap();
            String::from_utf8_lossy(&request[..length]).into_owned()
        });
        let answer = request("GET", &base, "/x", &[("A", "b")], "").unwrap();
        assert_eq!((answer.status, answer.body.as_str()), (404, "nothing here"));
        let sent = server.join().unwrap();
        assert!(
            sent.starts_with("GET /x HTTP/1.0\r\n") && sent.contains("A: b\r\n"),
            "{sent}"
        );
    }

    #[test]
    fn what_is_not_http_is_an_error() {
        assert!(parse("hello").is_err());
        assert!(request("GET", "https://127.0.0.1:1", "/", &[], "").is_err());
    }
}
