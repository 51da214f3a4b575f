//! `events send`, against an endpoint of one answer.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::thread::{self, JoinHandle};

use super::{LUNACAL_SAMPLE, SAMPLE, events, stderr, stdout};

const NO_CONTENT: &str = "HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n";

/// Answers one request, and returns its first line, its headers and its body.
fn endpoint(answer: &'static str) -> (String, JoinHandle<(String, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let served = thread::spawn(move || {
        let mut stream = BufReader::new(listener.accept().unwrap().0);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(stream.read_line(&mut head).unwrap(), 0, "cut off: {head}");
        }
        let length =
            head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.unwrap()];
        stream.read_exact(&mut body).unwrap();
        stream.get_mut().write_all(answer.as_bytes()).unwrap();
        (head, String::from_utf8(body).unwrap())
    });
    (url, served)
}

#[test]
fn status_and_body_are_printed_on_one_line_and_only_2xx_is_a_success() {
    for (answer, line) in [
        ("HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n{\"ok\":\ntrue}", "200 {\"ok\": true}\n"),
        ("HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\n\r\nno", "401 no\n"),
        (
            "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
            "307\n",
        ),
        ("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n", "503\n"),
        (NO_CONTENT, "204\n"),
    ] {
        let (url, served) = endpoint(answer);
        let output = events(&["send", SAMPLE, "--to", &url], Some("whsec_abc"));
        assert_eq!(String::from_utf8(output.stdout).unwrap(), line);
        assert_eq!(output.status.code(), Some(i32::from(!line.starts_with('2'))), "{line}");
        let (head, body) = served.join().unwrap();
        assert!(head.starts_with("POST / HTTP/1.1"), "{head}");
        assert!(head.to_lowercase().contains("webhook-signature: t="), "{head}");
        assert_eq!(body.as_bytes(), ::events::sample(SAMPLE).unwrap().body);
    }
}

#[test]
fn a_token_replaces_the_one_in_the_url_only_where_that_is_meant() {
    let document = Some(r#"{"url": ["document"]}"#);
    let target = |path: &str, more: &[&str]| {
        let (url, served) = endpoint(NO_CONTENT);
        let url = url + path;
        stdout(&events(&[&["send", LUNACAL_SAMPLE, "--to", &url], more].concat(), document));
        let head = served.join().unwrap().0;
        head.split(' ').nth(1).unwrap().to_owned()
    };
    assert_eq!(target("/hook/?a=b", &[]), "/hook/?a=b&token=document");
    assert_eq!(target("/?token=url", &[]), "/?token=url");
    assert_eq!(target("/?token=url&a=b", &["--token", "given"]), "/?a=b&token=given");
    assert!(target("/?token=url", &["--forge"]).starts_with("/?token=whsec_"));
}

#[test]
fn list_prints_one_sample_a_line() {
    assert!(stdout(&events(&["send", "--list"], None)).lines().any(|line| line == SAMPLE));
}

#[test]
fn where_nothing_answers_the_exit_code_is_1_and_no_secret_is_shown() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{free}/?token=t0ken");
    let output = events(&["send", SAMPLE, "--to", &url], Some("whsec_abc"));
    assert_eq!(output.status.code(), Some(1));
    let message = stderr(&output);
    assert!(message.contains(&format!("nothing answered at http://{free}")), "{message}");
    assert!(!message.contains("t0ken") && !message.contains("whsec_abc"), "{message}");
}

#[test]
fn https_is_spoken() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let first_byte = thread::spawn(move || {
        let mut byte = [0];
        listener.accept().unwrap().0.read_exact(&mut byte).unwrap();
        byte[0]
    });
    let output = events(&["send", SAMPLE, "--to", &url], Some("whsec_abc"));
    assert_eq!(first_byte.join().unwrap(), 22, "a TLS handshake record");
    assert_eq!(output.status.code(), Some(1), "no panic: {}", stderr(&output));
}
