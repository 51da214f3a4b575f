//! One AWS endpoint: what it is asked, and how it behaves.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hyper::body::Bytes;
use hyper::{Method, Request};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;

use super::behaviour::Behaviour;
use super::http::{self, Answer, Cut, Handler, Unserved};

/// What an AWS service does when it is well. An error is its code: `ResourceNotFoundException`.
pub trait Service: Send + Sync + 'static {
    fn act(&self, operation: &str, input: &Value) -> Result<Value, Failure>;
}

/// A service's own error.
pub struct Failure {
    pub code: &'static str,
    /// Members besides the code.
    pub members: Value,
}

impl From<&'static str> for Failure {
    fn from(code: &'static str) -> Self {
        Self { code, members: json!({}) }
    }
}

/// An endpoint of service `S` on loopback.
pub struct Endpoint<S> {
    shared: Arc<Shared<S>>,
    address: SocketAddr,
    refusing: Unserved<TcpSocket>,
    unreachable: Unserved<(TcpListener, TcpStream)>,
}

struct Shared<S> {
    service: S,
    behaviour: Mutex<Behaviour>,
    /// What to do once, for the next call of an operation.
    exceptions: Mutex<Vec<(&'static str, Behaviour)>>,
    calls: watch::Sender<Vec<String>>,
}

impl<S: Service> Endpoint<S> {
    pub async fn start(service: S) -> Self {
        let shared = Arc::new(Shared {
            service,
            behaviour: Mutex::new(Behaviour::Answer),
            exceptions: Mutex::default(),
            calls: watch::Sender::default(),
        });
        Self {
            address: http::serve(Arc::clone(&shared)).await,
            shared,
            refusing: http::refusing(),
            unreachable: http::unreachable().await,
        }
    }

    /// What is in the service: items, messages, secrets.
    pub fn service(&self) -> &S {
        &self.shared.service
    }

    /// From now on, for every call.
    pub fn behave(&self, behaviour: Behaviour) {
        *lock(&self.shared.behaviour) = behaviour;
    }

    /// Once, for the next call of `operation` that none before it is meant for.
    pub fn behave_once(&self, operation: &'static str, behaviour: Behaviour) {
        lock(&self.shared.exceptions).push((operation, behaviour));
    }

    pub fn url(&self) -> String {
        let address = match *lock(&self.shared.behaviour) {
            Behaviour::Refuse => self.refusing.address,
            Behaviour::Unreachable => self.unreachable.address,
            _ => self.address,
        };
        format!("http://{address}")
    }

    /// Every operation called so far, in order. Opening a connection ahead is none.
    pub fn calls(&self) -> Vec<String> {
        self.shared.calls.borrow().clone()
    }

    /// Waits until `operation` was called.
    pub async fn called(&self, operation: &str) {
        let mut calls = self.shared.calls.subscribe();
        let seen = calls.wait_for(|calls| calls.iter().any(|call| call == operation));
        seen.await.expect("the endpoint lives as long as the test");
    }
}

impl<S: Service> Handler for Shared<S> {
    async fn handle(&self, request: Request<Bytes>) -> Result<Answer, Cut> {
        let operation = operation(&request);
        if let Some(operation) = &operation {
            self.calls.send_modify(|calls| calls.push(operation.clone()));
        }
        let input: Value = serde_json::from_slice(request.body()).unwrap_or_default();
        let act = || match &operation {
            Some(operation) => self.act(operation, &input),
            // What the services themselves answer to a bare `GET /` differs, and is of no account.
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

/// The operation called; `None` for the `GET /` that only opens a connection.
fn operation(request: &Request<Bytes>) -> Option<String> {
    let target = request.headers().get("x-amz-target").filter(|_| request.method() == Method::POST)?;
    target.to_str().ok()?.rsplit('.').next().map(str::to_owned)
}

/// An error in the JSON protocols' form.
fn error(status: u16, failure: &Failure) -> Answer {
    let mut body = failure.members.clone();
    body["__type"] = format!("com.amazonaws.service#{}", failure.code).into();
    body["message"] = "as the test wants it".into();
    http::answer(status, body.to_string())
}

/// A test that failed elsewhere must not hide its own message behind a poisoned lock.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
