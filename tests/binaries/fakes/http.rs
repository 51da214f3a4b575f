//! HTTP/1.1 on loopback.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// An answer in full.
pub type Answer = Response<Full<Bytes>>;

/// Instead of an answer: the connection ends with a reset.
#[derive(Debug, thiserror::Error)]
#[error("cut")]
pub struct Cut;

/// Whoever answers requests.
pub trait Handler: Send + Sync + 'static {
    fn handle(&self, request: Request<Bytes>) -> impl Future<Output = Result<Answer, Cut>> + Send;
}

/// Serves on a port of its own for as long as the test runs.
pub async fn serve(handler: Arc<impl Handler>) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("loopback has a free port");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.expect("it listens");
            tokio::spawn(connection(stream, Arc::clone(&handler)));
        }
    });
    address
}

async fn connection(stream: TcpStream, handler: Arc<impl Handler>) {
    // Closing then resets the connection, rather than ending it in good order.
    stream.set_zero_linger().expect("it is a TCP socket");
    let service = service_fn(|request: Request<Incoming>| async {
        let (head, body) = request.into_parts();
        let body = body.collect().await.map_err(|_| Cut)?.to_bytes();
        handler.handle(Request::from_parts(head, body)).await
    });
    let _ended = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// A port at which nobody serves, held so that nobody else gets it.
pub struct Unserved<T> {
    pub address: SocketAddr,
    _held: T,
}

/// A port that refuses connections.
pub fn refusing() -> Unserved<TcpSocket> {
    let (socket, address) = bound();
    Unserved { address, _held: socket }
}

/// A port at which connections are neither made nor refused, as behind a firewall that drops what it doesn't like.
pub async fn unreachable() -> Unserved<(TcpListener, TcpStream)> {
    let (socket, address) = bound();
    let listener = socket.listen(0).expect("it is bound");
    // Nobody accepts this one, and there is no room for a second.
    let first = TcpStream::connect(address).await.expect("it listens");
    Unserved { address, _held: (listener, first) }
}

fn bound() -> (TcpSocket, SocketAddr) {
    let socket = TcpSocket::new_v4().expect("the system has sockets");
    socket.bind((Ipv4Addr::LOCALHOST, 0).into()).expect("loopback has a free port");
    let address = socket.local_addr().expect("it is bound");
    (socket, address)
}

/// The answer with this status and body.
pub fn answer(status: u16, body: impl Into<Bytes>) -> Answer {
    Response::builder().status(status).body(Full::new(body.into())).expect("a status and no header")
}
