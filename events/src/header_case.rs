//! Header names in the sender's own upper and lower case. By itself ureq writes all of them in lower case.

use ureq::config::Config;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, DefaultConnector, NextTimeout, Transport,
};
use ureq::{Agent, Error};

use crate::request::Request;

/// The header names as they have to be written.
#[derive(Debug, Clone)]
pub(crate) struct HeaderCase {
    names: Vec<String>,
}

impl HeaderCase {
    pub(crate) fn of(request: &Request) -> Self {
        Self { names: request.headers.iter().map(|(name, _)| name.clone()).collect() }
    }

    /// Builds an agent for this one request.
    pub(crate) fn agent(self, config: Config) -> Agent {
        Agent::with_parts(config, DefaultConnector::new().chain(self), DefaultResolver::default())
    }

    /// Rewrites the names in whole lines of a request's head. Returns whether the head ends in these lines.
    fn rewrite(&self, lines: &mut [u8]) -> bool {
        for line in lines.split_mut(|byte| *byte == b'\n') {
            if line == b"\r" {
                return true;
            }
            for name in self.names.iter().map(String::as_bytes) {
                if line.get(name.len()) == Some(&b':') && line[..name.len()].eq_ignore_ascii_case(name) {
                    line[..name.len()].copy_from_slice(name);
                }
            }
        }
        false
    }
}

impl<In: Transport> Connector<In> for HeaderCase {
    type Out = Cased<In>;

    fn connect(&self, _: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, Error> {
        Ok(chained.map(|inner| Cased { inner, case: self.clone(), in_body: false }))
    }
}

/// A connection for one request.
#[derive(Debug)]
pub(crate) struct Cased<T> {
    inner: T,
    case: HeaderCase,
    in_body: bool,
}

impl<T: Transport> Transport for Cased<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        if !self.in_body {
            self.in_body = self.case.rewrite(&mut self.inner.buffers().output()[..amount]);
        }
        self.inner.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.inner.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}
