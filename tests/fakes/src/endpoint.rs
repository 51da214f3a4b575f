//! One AWS endpoint, which counts its calls and can be made to fail.

use std::borrow::Cow;
use std::sync::{Arc, Mutex};

use hyper::body::Bytes;
use hyper::{Method, Request};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::behaviour::Behaviour;
use crate::http::{self, Answer, Cut, Handler, Port, Unserved};
pub use crate::line::Fate;
use crate::lock;
use crate::tls::Authority;
use crate::traffic::{Counters, Traffic};

/// A service without its failures. An error is a code such as `ResourceNotFoundException`.
pub trait Service: Send + Sync + 'static {
    fn act(&self, operation: &str, input: &Value) -> Result<Value, Failure>;
}

/// An error that the service itself returns.
pub struct Failure {
    pub code: Cow<'static, str>,
    /// The members of the answer besides the code.
    pub members: Value,
}

impl From<&'static str> for Failure {
    fn from(code: &'static str) -> Self {
        Self { code: code.into(), members: json!({}) }
    }
}

/// An endpoint of service `S` on loopback.
pub struct Endpoint<S> {
    shared: Arc<Shared<S>>,
    port: Port,
    scheme: &'static str,
    refusing: Unserved<TcpSocket>,
    unreachable: Unserved<(TcpListener, TcpStream)>,
}

struct Shared<S> {
    service: S,
    behaviour: Mutex<Behaviour>,
    /// Behaviours for the next call of an operation, each used once.
    exceptions: Mutex<Vec<(&'static str, Behaviour)>>,
    counters: Counters,
}

impl<S: Service> Endpoint<S> {
    /// Starts an endpoint that speaks plain HTTP.
    pub async fn start(service: S) -> Self {
        Self::start_as(service, None).await
    }

    /// Starts an endpoint that speaks TLS if there is an authority to certify it.
    pub async fn start_as(service: S, authority: Option<&Authority>) -> Self {
        let shared = Arc::new(Shared {
            service,
            behaviour: Mutex::new(Behaviour::Answer),
            exceptions: Mutex::default(),
            counters: Counters::default(),
        });
        Self {
            port: Port::serve(Arc::clone(&shared), authority.map(Authority::acceptor)).await,
            scheme: if authority.is_some() { "https" } else { "http" },
            shared,
            refusing: http::refusing(),
            unreachable: http::unreachable().await,
        }
    }

    /// Returns the service with its items, messages or secrets.
    pub fn service(&self) -> &S {
        &self.shared.service
    }

    /// Sets the behaviour for every call from now on.
    pub fn behave(&self, behaviour: Behaviour) {
        *lock(&self.shared.behaviour) = behaviour;
    }

    /// Sets the behaviour for the next call of `operation`. Called again, it sets the one for the call after that.
    pub fn behave_once(&self, operation: &'static str, behaviour: Behaviour) {
        lock(&self.shared.exceptions).push((operation, behaviour));
    }

    pub fn url(&self) -> String {
        let address = match *lock(&self.shared.behaviour) {
            Behaviour::Refuse => self.refusing.address,
            Behaviour::Unreachable => self.unreachable.address,
            _ => self.port.address,
        };
        format!("{}://{address}", self.scheme)
    }

    /// Returns every operation called so far, in order. A request that only opens a connection is no call.
    pub fn calls(&self) -> Vec<String> {
        self.shared.counters.calls()
    }

    /// Returns the number of calls of `operation` so far.
    pub fn count(&self, operation: &str) -> u64 {
        self.shared.counters.count(operation)
    }

    /// Waits until `operation` is called.
    pub async fn called(&self, operation: &str) {
        self.shared.counters.called(operation).await;
    }

    /// Returns the traffic so far.
    pub fn traffic(&self) -> Traffic {
        self.shared.counters.traffic(self.port.opened())
    }

    /// Ends the connections that are open now, which have to be idle. Later connections work.
    pub fn lose_connections(&self, fate: Fate) {
        self.port.decide(fate);
    }
}

impl<S: Service> Handler for Shared<S> {
    async fn handle(&self, request: Request<Bytes>) -> Result<Answer, Cut> {
        let operation = operation(&request);
        self.counters.request(request.body().len());
        if let Some(operation) = &operation {
            self.counters.call(operation);
        }
        let input: Value = serde_json::from_slice(request.body()).unwrap_or_default();
        let act = || match &operation {
            Some(operation) => self.act(operation, &input),
            // The answers of the real services to a bare `GET /` differ from each other, and nothing depends on them.
            None => http::answer(404, "not found"),
        };
        match self.behaviour_for(operation.as_deref()) {
            Behaviour::Answer => Ok(act()),
            Behaviour::Slow(after) => {
                tokio::time::sleep(after).await;
                Ok(act())
            }
            Behaviour::Reset => Err(Cut),
            Behaviour::ActAndReset => {
                act();
                Err(Cut)
            }
            Behaviour::NeverAnswer => std::future::pending().await,
            Behaviour::Refuse | Behaviour::Unreachable => {
                unreachable!("functions are given another port then")
            }
            Behaviour::ActAndNeverAnswer => {
                act();
                std::future::pending().await
            }
            Behaviour::InternalError => Ok(error(500, &"InternalServerError".into())),
            Behaviour::Throttle => Ok(error(400, &"ThrottlingException".into())),
            Behaviour::AccessDenied => Ok(error(400, &"AccessDeniedException".into())),
            Behaviour::Malformed => Ok(http::answer(200, "<html>It works!</html>")),
        }
    }
}

impl<S: Service> Shared<S> {
    fn behaviour_for(&self, operation: Option<&str>) -> Behaviour {
        let mut exceptions = lock(&self.exceptions);
        match exceptions.iter().position(|(exception, _)| Some(*exception) == operation) {
            Some(index) => exceptions.remove(index).1,
            None => *lock(&self.behaviour),
        }
    }

    fn act(&self, operation: &str, input: &Value) -> Answer {
        match self.service.act(operation, input) {
            Ok(output) => http::answer(200, output.to_string()),
            Err(failure) => error(400, &failure),
        }
    }
}

/// Returns the operation that is called; `None` for the `GET /` that only opens a connection.
fn operation(request: &Request<Bytes>) -> Option<String> {
    let target = request.headers().get("x-amz-target").filter(|_| request.method() == Method::POST)?;
    target.to_str().ok()?.rsplit('.').next().map(str::to_owned)
}

/// Returns an error as the JSON protocols write it.
fn error(status: u16, failure: &Failure) -> Answer {
    let mut body = failure.members.clone();
    body["__type"] = format!("com.amazonaws.service#{}", failure.code).into();
    body["message"] = "as the test wants it".into();
    http::answer(status, body.to_string())
}
