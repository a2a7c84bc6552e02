//! Serves the built page on loopback, with a plan in it.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};

const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self'; connect-src 'none'; worker-src 'none'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// Where the browser tests find a plan that a CLI wrote.
pub(crate) const PLAN_VARIABLE: &str = "POD_TEST_PLAN";

/// The page's document with a plan as a block of data: the page may not fetch one.
pub(crate) fn with_plan(dist: &Path, plan: &str) -> Result<String> {
    let index = dist.join("index.html");
    let html = fs::read_to_string(&index).with_context(|| format!("cannot read `{}`", index.display()))?;
    embed(&html, plan).with_context(|| format!("`{}` has no </head>", index.display()))
}

fn embed(html: &str, plan: &str) -> Option<String> {
    let (before, after) = html.split_once("</head>")?;
    // Inside a script element only `<` can end it or open a comment; in JSON it stands in strings
    // alone, where an escape means the same.
    let data = plan.replace('<', "\\u003c");
    Some(format!(
        "{before}<script type=\"application/json\" id=\"plan\">{data}</script></head>{after}"
    ))
}

/// Serves until the process is interrupted.
pub(crate) fn serve(dist: &Path, html: &str) -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!(
        "The page with that plan: http://{}/ (Ctrl-C ends)",
        listener.local_addr()?
    );
    for stream in listener.incoming() {
        // A browser that goes away concerns nobody else.
        if let Err(error) = stream.map_err(Into::into).and_then(|s| answer(s, dist, html)) {
            eprintln!("{error:#}");
        }
    }
    Ok(())
}

fn answer(mut stream: TcpStream, dist: &Path, html: &str) -> Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut request = String::new();
    BufReader::new(&stream).read_line(&mut request)?;
    let path = request.split(' ').nth(1).unwrap_or_default();
    let (status, kind, body) = match resolve(dist, path) {
        Some(file) if file == dist => ("200 OK", "text/html; charset=utf-8", html.into()),
        Some(file) if file.is_file() => ("200 OK", media_type(&file), fs::read(&file)?),
        _ => ("404 Not Found", "text/plain", b"not here".to_vec()),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\
         Content-Security-Policy: {POLICY}\r\nX-Content-Type-Options: nosniff\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    Ok(stream.write_all(&body)?)
}

/// The file a request means, if it is below the folder.
fn resolve(dist: &Path, path: &str) -> Option<PathBuf> {
    let path = path.split(['?', '#']).next()?.strip_prefix('/')?;
    let below = Path::new(path)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    let path = if path == "index.html" { "" } else { path };
    below
        .then(|| dist.join(path))
        .map(|file| if path.is_empty() { dist.into() } else { file })
}

fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("wasm") => "application/wasm",
        Some("html") => "text/html; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_cannot_leave_its_block() {
        let plan = r#"{"a":"</script><script>x</script><!--"}"#;
        let html = embed("<head></head><body>", plan).unwrap();
        let block = html
            .strip_prefix("<head><script type=\"application/json\" id=\"plan\">")
            .and_then(|rest| rest.strip_suffix("</script></head><body>"))
            .unwrap();
        assert!(!block.contains('<'), "{block}");
        let read: serde_json::Value = serde_json::from_str(block).unwrap();
        assert_eq!(read, serde_json::from_str::<serde_json::Value>(plan).unwrap());
    }

    #[test]
    fn the_page_and_its_files_are_served_under_its_policy() {
        let dist = tempfile::tempdir().unwrap();
        fs::write(dist.path().join("a.js"), "1").unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        for (path, status, body) in [("/", 200, "<html>"), ("/a.js", 200, "1"), ("/b.js", 404, "not here")] {
            let answer = std::thread::scope(|scope| {
                scope.spawn(|| answer(listener.accept().unwrap().0, dist.path(), "<html>").unwrap());
                pod_tests::http::request("GET", &base, path, &[], "").unwrap()
            });
            assert_eq!((answer.status, answer.body.as_str()), (status, body));
            assert!(answer.head.contains("connect-src 'none'"), "{}", answer.head);
        }
    }

    #[test]
    fn requests_stay_below_the_folder() {
        let dist = Path::new("/page");
        assert_eq!(resolve(dist, "/a/b.js?x"), Some(PathBuf::from("/page/a/b.js")));
        assert_eq!(resolve(dist, "/"), Some(PathBuf::from("/page")));
        assert_eq!(resolve(dist, "/index.html"), Some(PathBuf::from("/page")));
        for outside in ["/../x", "//etc/passwd", "x", ""] {
            assert_eq!(resolve(dist, outside), None, "{outside}");
        }
    }
}
