//! The part of HTTP/1.1 that a receiver needs: one request per connection.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

pub struct Request {
    pub method: String,
    pub path: String,
    pub query: String,
    /// The headers as they were written.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

pub struct Reply {
    /// The status. With [`Reply::NONE`] the connection is closed without an answer.
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

/// Serves on a port of its own until the process ends, and returns its origin.
pub fn serve(handle: impl Fn(Request) -> Reply + Send + Sync + 'static) -> String {
    serve_on(TcpListener::bind("127.0.0.1:0").unwrap(), handle)
}

/// Serves on a port that is open.
pub fn serve_on(listener: TcpListener, handle: impl Fn(Request) -> Reply + Send + Sync + 'static) -> String {
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let handle = std::sync::Arc::new(handle);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let handle = std::sync::Arc::clone(&handle);
            thread::spawn(move || {
                let mut stream = BufReader::new(stream);
                if let Some(request) = read(&mut stream) {
                    let is_head = request.method == "HEAD";
                    let _ = stream.get_mut().write_all(&handle(request).bytes(is_head));
                }
            });
        }
    });
    origin
}

fn read(stream: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut line = String::new();
    stream.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = Vec::new();
        stream.read_until(b'\n', &mut line).ok()?;
        let line = String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        headers.push((name.to_owned(), value.trim_matches([' ', '\t']).to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let mut body = vec![0; length.map_or(0, |(_, length)| length.parse().unwrap())];
    stream.read_exact(&mut body).ok()?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    Some(Request { method, path: path.to_owned(), query: query.to_owned(), headers, body })
}

impl Reply {
    /// The status of an answer that is not sent.
    pub const NONE: u16 = 0;

    pub fn json(status: u16, body: impl Into<String>) -> Self {
        Self { status, headers: vec![("content-type", "application/json".to_owned())], body: body.into() }
    }

    /// Describes the stack `usher` as CloudFormation does, with these parameters and outputs.
    pub fn stack(parameters: &[(&str, &str)], outputs: &[(&str, &str)]) -> Self {
        let members = |kind: &str, all: &[(&str, &str)]| -> String {
            let member = |(name, value): &(&str, &str)| {
                format!("<member><{kind}Key>{name}</{kind}Key><{kind}Value>{value}</{kind}Value></member>")
            };
            all.iter().map(member).collect()
        };
        let (parameters, outputs) = (members("Parameter", parameters), members("Output", outputs));
        let body = format!(
            "<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>usher</StackName>\
             <CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus>\
             <Parameters>{parameters}</Parameters><Outputs>{outputs}</Outputs></member></Stacks>\
             </DescribeStacksResult></DescribeStacksResponse>"
        );
        Self { status: 200, headers: vec![("content-type", "text/xml".to_owned())], body }
    }

    fn bytes(&self, is_head: bool) -> Vec<u8> {
        if self.status == Self::NONE {
            return Vec::new();
        }
        let headers = self.headers.iter().fold(String::new(), |mut headers, (name, value)| {
            let _ = write!(headers, "{name}: {value}\r\n");
            headers
        });
        let body = if is_head { "" } else { &self.body };
        let length = body.len();
        format!(
            "HTTP/1.1 {} -\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}",
            self.status
        )
        .into_bytes()
    }
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(header, _)| header.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.as_str())
    }
}
