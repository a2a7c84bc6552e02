//! A proxy for HTTP that hands everything to one server, and remembers what it was told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

pub(super) struct Proxy {
    pub(super) address: String,
    heads: Arc<Mutex<Vec<Vec<String>>>>,
}

impl Proxy {
    pub(super) fn start(server: &str) -> Self {
        let server = server.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let heads: Arc<Mutex<Vec<Vec<String>>>> = Arc::default();
        let kept = Arc::clone(&heads);
        // Ends with the process.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (server, kept) = (server.clone(), Arc::clone(&kept));
                thread::spawn(move || relay(stream, &server, &kept));
            }
        });
        Self { address, heads }
    }

    /// What clients said of who they are.
    pub(super) fn authorizations(&self) -> Vec<String> {
        let heads = self.heads.lock().unwrap();
        let lines = heads.iter().flatten().filter_map(|line| line.split_once(':'));
        lines
            .filter(|(name, _)| name.eq_ignore_ascii_case("proxy-authorization"))
            .filter_map(|(_, value)| value.trim().strip_prefix("Basic "))
            .map(str::to_owned)
            .collect()
    }

    /// Where clients wanted tunnels to, each place once; they got none.
    pub(super) fn tunnels(&self) -> Vec<String> {
        let heads = self.heads.lock().unwrap();
        let lines = heads.iter().filter_map(|head| head.first());
        let mut places: Vec<String> = lines
            .filter_map(|line| line.strip_prefix("CONNECT ")?.split(' ').next().map(str::to_owned))
            .collect();
        places.sort();
        places.dedup();
        places
    }
}

/// One request, and its answer. An error is a connection that was cut.
fn relay(mut client: TcpStream, server: &str, kept: &Mutex<Vec<Vec<String>>>) -> Option<()> {
    let mut reader = BufReader::new(client.try_clone().ok()?);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        match line.trim_end() {
            "" => break,
            line => head.push(line.to_owned()),
        }
    }
    let length = head.iter().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().ok())?
    });
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    kept.lock().unwrap().push(head.clone());
    let line = head.first()?;
    if line.starts_with("CONNECT ") {
        return client
            .write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            .ok();
    }
    // The target has scheme and host before its path.
    let mut words = line.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    let path = target.splitn(4, '/').nth(3).unwrap_or_default();
    let mut request = format!("{method} /{path} HTTP/1.1\r\n");
    for line in &head[1..] {
        let name = line.split(':').next()?.to_ascii_lowercase();
        if !["connection", "proxy-authorization", "proxy-connection"].contains(&name.as_str()) {
            request.push_str(&format!("{line}\r\n"));
        }
    }
    request.push_str("Connection: close\r\n\r\n");
    let mut upstream = TcpStream::connect(server).ok()?;
    upstream.write_all(request.as_bytes()).ok()?;
    upstream.write_all(&body).ok()?;
    let mut answer = Vec::new();
    upstream.read_to_end(&mut answer).ok()?;
    client.write_all(&answer).ok()
}
