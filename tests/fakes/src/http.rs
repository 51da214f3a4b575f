//! HTTP/1.1 on loopback.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use crate::line::{Fate, Line};

/// An answer in full.
pub type Answer = Response<Full<Bytes>>;

/// The error that ends a connection with a reset instead of an answer.
#[derive(Debug, thiserror::Error)]
#[error("cut")]
pub struct Cut;

/// A server of requests.
pub trait Handler: Send + Sync + 'static {
    fn handle(&self, request: Request<Bytes>) -> impl Future<Output = Result<Answer, Cut>> + Send;
}

/// A port that is served until the process ends.
pub struct Port {
    pub address: SocketAddr,
    lines: Arc<Lines>,
}

#[derive(Default)]
struct Lines {
    opened: AtomicU64,
    /// The fate of the lines that are open when it is set.
    fate: watch::Sender<Option<Fate>>,
}

impl Port {
    pub async fn serve(handler: Arc<impl Handler>, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("loopback has a free port");
        let address = listener.local_addr().expect("it is bound");
        let lines = Arc::<Lines>::default();
        let (port, tls) = (Self { address, lines: Arc::clone(&lines) }, Arc::new(tls));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.expect("it listens");
                lines.opened.fetch_add(1, Ordering::Relaxed);
                let (handler, tls, fate) = (Arc::clone(&handler), Arc::clone(&tls), lines.fate.subscribe());
                tokio::spawn(async move {
                    if let Ok(line) = Line::open(stream, tls.as_ref().as_ref()).await {
                        converse(line, handler, fate).await;
                    }
                });
            }
        });
        port
    }

    /// Returns the number of connections opened so far.
    pub fn opened(&self) -> u64 {
        self.lines.opened.load(Ordering::Relaxed)
    }

    /// Sets the fate of the connections that are open now.
    pub fn decide(&self, fate: Fate) {
        self.lines.fate.send_replace(Some(fate));
    }
}

async fn converse(line: Line, handler: Arc<impl Handler>, mut fate: watch::Receiver<Option<Fate>>) {
    let service = service_fn(|request: Request<Incoming>| async {
        let (head, body) = request.into_parts();
        let body = body.collect().await.map_err(|_| Cut)?.to_bytes();
        handler.handle(Request::from_parts(head, body)).await
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(line), service);
    let decided = tokio::select! {
        ended = &mut connection => match ended {
            Ok(()) => return,
            Err(_cut) => None,
        },
        Ok(()) = fate.changed() => *fate.borrow_and_update(),
    };
    let line = connection.into_parts().io.into_inner();
    match decided {
        Some(fate) => line.meet(fate).await,
        None => line.reset(),
    }
}

/// A port without a server, held so that no other program gets it.
pub struct Unserved<T> {
    pub address: SocketAddr,
    _held: T,
}

/// A port that refuses connections.
pub fn refusing() -> Unserved<TcpSocket> {
    let (socket, address) = bound();
    Unserved { address, _held: socket }
}

/// A port at which connections are neither made nor refused, as behind a firewall that drops packets.
pub async fn unreachable() -> Unserved<(TcpListener, TcpStream)> {
    let (socket, address) = bound();
    let listener = socket.listen(0).expect("it is bound");
    // The listener accepts no connection, and its backlog is full with this one.
    let first = TcpStream::connect(address).await.expect("it listens");
    Unserved { address, _held: (listener, first) }
}

fn bound() -> (TcpSocket, SocketAddr) {
    let socket = TcpSocket::new_v4().expect("the system has sockets");
    socket.bind((Ipv4Addr::LOCALHOST, 0).into()).expect("loopback has a free port");
    let address = socket.local_addr().expect("it is bound");
    (socket, address)
}

/// Returns an answer with this status and body.
pub fn answer(status: u16, body: impl Into<Bytes>) -> Answer {
    Response::builder().status(status).body(Full::new(body.into())).expect("a status and no header")
}
