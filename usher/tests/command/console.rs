//! `usher console` on a stack: who gets in, what a look costs, and what it may change.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::background::{Background, until};
use crate::table::Table;
use crate::{stderr, usher};

/// A console that runs, and how to ask it.
struct Console {
    _running: Background,
    authority: String,
    token: String,
}

impl Console {
    fn start(table: &Table, options: &[&str]) -> Self {
        let arguments = [&["console", "--no-open", "--port", "0"], options].concat();
        let running = Background::start(usher(&table.endpoint, &arguments));
        let line = running.line("The console is at ");
        let link = line.split("http://").nth(1).unwrap();
        let (authority, token) = link.split_once("/#token=").unwrap();
        Self { authority: authority.to_owned(), token: token.to_owned(), _running: running }
    }

    /// Asks with exactly these headers, and returns the whole answer, or what came of a stream in a short while.
    fn raw(&self, request: &str, headers: &[(&str, &str)], body: &str) -> String {
        let mut stream = TcpStream::connect(&self.authority).unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(700))).unwrap();
        let headers =
            headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect::<Vec<_>>().concat();
        let length = body.len();
        write!(
            stream,
            "{request} HTTP/1.1\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        )
        .unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn status(&self, request: &str, headers: &[(&str, &str)]) -> u16 {
        let answer = self.raw(request, headers, "");
        answer.split(' ').nth(1).unwrap_or_else(|| panic!("{answer}")).parse().unwrap()
    }

    fn get(&self, path: &str) -> String {
        let token = format!("Bearer {}", self.token);
        self.raw(&format!("GET {path}"), &[("Host", &self.authority), ("Authorization", &token)], "")
    }

    fn post(&self, path: &str, body: &str) -> String {
        let (token, origin) = (format!("Bearer {}", self.token), format!("http://{}", self.authority));
        let headers = [
            ("Host", self.authority.as_str()),
            ("Authorization", &token),
            ("Origin", &origin),
            ("Content-Type", "application/json"),
        ];
        self.raw(&format!("POST {path}"), &headers, body)
    }

    /// Waits until the stream, from its beginning, holds a text.
    #[track_caller]
    fn streamed(&self, text: &str) -> String {
        until(|| Some(self.get("/api/stream")).filter(|stream| stream.contains(text)), text)
    }
}

#[test]
fn only_this_page_with_this_token_gets_in() {
    let console = Console::start(&Table::of(&[]), &[]);
    let (host, token) = (console.authority.as_str(), format!("Bearer {}", console.token));
    let wrong = format!("Bearer {}", "0".repeat(console.token.len()));
    let good = [("Host", host), ("Authorization", token.as_str())];
    assert_eq!(console.status("GET /api/stream", &good), 200);
    for headers in [
        &[("Host", host)][..],
        &[("Host", host), ("Authorization", &wrong)],
        &[("Host", host), ("Authorization", &console.token)],
        &[("Host", host), ("Authorization", &token), ("Authorization", &wrong)],
        &[("Host", "rebound.example"), ("Authorization", &token)],
        &[("Host", "127.0.0.1"), ("Authorization", &token)],
        &[("Host", host), ("Authorization", &token), ("Origin", "http://evil.example")],
        &[("Host", host), ("Authorization", &token), ("Origin", "null")],
        &[("Host", host), ("Authorization", &token), ("Sec-Fetch-Site", "cross-site")],
    ] {
        assert_eq!(console.status("GET /api/stream", headers), 403, "{headers:?}");
    }
    assert_eq!(console.status("POST /api/look", &good), 403, "a change without an origin");
    assert_eq!(console.status("GET /", &[("Host", "rebound.example")]), 403, "the page itself");
    assert_eq!(console.status("GET /", &[("Host", host)]), 200, "it holds no data");
}

#[test]
fn every_answer_forbids_caching_framing_and_foreign_scripts() {
    let console = Console::start(&Table::of(&[]), &[]);
    for path in ["/", "/app.js", "/api/stream", "/api/no-such", "/no-such"] {
        let answer = console.get(path);
        for header in [
            "cache-control: no-store",
            "default-src 'none'; script-src 'self';",
            "require-trusted-types-for 'script'",
            "x-content-type-options: nosniff",
            "frame-ancestors 'none'",
        ] {
            assert!(answer.contains(header), "{path}: {header}: {answer}");
        }
    }
    assert!(console.raw("GET /", &[("Host", "x")], "").contains("cache-control: no-store"), "a refusal, too");
}

#[test]
fn a_console_without_permission_changes_nothing() {
    let table = Table::of(&["g1", "g2", "g3"]);
    let console = Console::start(&table, &[]);
    assert!(console.streamed("\"phase\":\"live\"").contains("luma:g3"));
    for (path, body) in [
        ("/api/replay/plan", r#"{"id":"luma:g1"}"#),
        ("/api/replay", r#"{"plan":"0-x"}"#),
        ("/api/forward", r#"{"id":"luma:g1","to":"http://127.0.0.1:1/","form":"structured"}"#),
        ("/api/sample", r#"{"sample":"luma/guest.registered"}"#),
    ] {
        let answer = console.post(path, body);
        assert!(answer.starts_with("HTTP/1.1 403") && answer.contains("--allow-changes"), "{path}: {answer}");
    }
    let looks = ["DescribeTable", "Scan", "Query", "GetItem", "GetQueueAttributes"];
    assert!(table.operations().iter().all(|done| looks.contains(&done.as_str())), "{:?}", table.operations());
    assert!(console.streamed("\"dead_letters\":3").contains("luma:g1"));
}

#[test]
fn a_replay_needs_a_plan_and_is_carried_out_once() {
    let table = Table::of(&["g1"]);
    let console = Console::start(&table, &["--allow-changes"]);
    let planned = console.post("/api/replay/plan", r#"{"id":"luma:g1"}"#);
    assert!(planned.contains(r#""replay":1"#), "{planned}");
    assert_eq!(table.count("UpdateItem"), 0, "a plan changes nothing");
    let name = planned.split(r#""plan":""#).nth(1).unwrap().split('"').next().unwrap();
    let agreed = format!(r#"{{"plan":"{name}"}}"#);
    assert!(console.post("/api/replay", &agreed).starts_with("HTTP/1.1 200"));
    assert_eq!(table.count("UpdateItem"), 1);
    let again = console.post("/api/replay", &agreed);
    assert!(again.starts_with("HTTP/1.1 409") && again.contains("ask for the replay again"), "{again}");
    assert_eq!(table.count("UpdateItem"), 1);
}

#[test]
fn a_dear_look_waits_for_a_yes_and_its_price_is_shown() {
    let table = Table::of(&["g1", "g2", "g3"]);
    table.grow(800_000_000, 2000.0);
    let console = Console::start(&table, &[]);
    let stream = console.streamed("\"phase\":\"asking\"");
    assert!(stream.contains(r#""read_units":97657"#) && stream.contains(r#""dollars":0.0122"#), "{stream}");
    assert_eq!(table.count("Scan"), 0, "nothing is spent before");
    assert!(console.post("/api/look", "").starts_with("HTTP/1.1 202"));
    assert!(console.streamed("\"phase\":\"live\"").contains("luma:g3"));
}

#[test]
fn a_look_ends_at_its_bound_and_goes_on_when_asked() {
    let table = Table::of(&["g1", "g2", "g3", "g4", "g5"]);
    table.grow(1, 8.0);
    let console = Console::start(&table, &["--max-read-units", "10"]);
    let stream = console.streamed("\"phase\":\"partial\"");
    assert!(stream.contains("luma:g4") && !stream.contains("luma:g5"), "{stream}");
    assert_eq!(table.count("Scan"), 2, "pages of 8 units: the second reaches the bound");
    console.post("/api/look", "");
    console.streamed("luma:g5");
    assert_eq!(table.count("Scan"), 3);
}

#[test]
fn secrets_that_are_none_are_refused_without_being_shown() {
    for (secret, why) in [
        ("whsec_c2VjcmV0", "PROVIDER=SECRET"),
        ("nobody=whsec_c2VjcmV0", "PROVIDER=SECRET"),
        ("luma=@/no/such/file", "cannot read /no/such/file"),
        ("allfly=not!base64", "allfly: "),
        ("luma=whsec_c2VjcmV0\nluma=whsec_c2VjcmV1", "two secrets of luma"),
    ] {
        let mut command = usher("http://127.0.0.1:1", &["console", "--local", "--no-open", "--port", "0"]);
        let refused = command.env("USHER_SECRET", secret).output().unwrap();
        let error = stderr(&refused);
        assert!(error.contains(why) && !error.contains("c2VjcmV"), "{error}");
    }
}
