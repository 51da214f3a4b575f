//! The counters of an endpoint.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::watch;

/// The traffic so far. The difference of two readings is the traffic between them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Connections accepted.
    pub connections: u64,
    /// Requests, including those that only open a connection.
    pub requests: u64,
    /// Bytes of the requests' bodies, without headers.
    pub request_bytes: u64,
}

impl std::ops::Sub for Traffic {
    type Output = Self;

    fn sub(self, earlier: Self) -> Self {
        Self {
            connections: self.connections - earlier.connections,
            requests: self.requests - earlier.requests,
            request_bytes: self.request_bytes - earlier.request_bytes,
        }
    }
}

/// The counters. Counting costs the same however much was counted before.
#[derive(Default)]
pub(crate) struct Counters {
    requests: AtomicU64,
    request_bytes: AtomicU64,
    calls: watch::Sender<Calls>,
}

/// Calls in order. Each call takes one byte, for there are millions of calls and few operations.
#[derive(Default)]
pub(crate) struct Calls {
    operations: Vec<String>,
    log: Vec<u8>,
    counts: Vec<u64>,
}

impl Counters {
    pub(crate) fn request(&self, bytes: usize) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.request_bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(crate) fn call(&self, operation: &str) {
        self.calls.send_modify(|calls| calls.push(operation));
    }

    pub(crate) fn calls(&self) -> Vec<String> {
        let calls = self.calls.borrow();
        calls.log.iter().map(|index| calls.operations[usize::from(*index)].clone()).collect()
    }

    pub(crate) fn count(&self, operation: &str) -> u64 {
        self.calls.borrow().count(operation)
    }

    pub(crate) async fn called(&self, operation: &str) {
        let mut calls = self.calls.subscribe();
        let seen = calls.wait_for(|calls| calls.count(operation) > 0);
        seen.await.expect("the counters live as long as the endpoint");
    }

    pub(crate) fn traffic(&self, connections: u64) -> Traffic {
        Traffic {
            connections,
            requests: self.requests.load(Ordering::Relaxed),
            request_bytes: self.request_bytes.load(Ordering::Relaxed),
        }
    }
}

impl Calls {
    fn push(&mut self, operation: &str) {
        let index = self.operations.iter().position(|known| known == operation).unwrap_or_else(|| {
            self.operations.push(operation.to_owned());
            self.counts.push(0);
            self.operations.len() - 1
        });
        self.counts[index] += 1;
        self.log.push(u8::try_from(index).expect("a service has fewer operations"));
    }

    fn count(&self, operation: &str) -> u64 {
        self.operations.iter().position(|known| known == operation).map_or(0, |index| self.counts[index])
    }
}
