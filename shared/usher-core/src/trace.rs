//! The traces that a request belongs to: the sender's, by W3C Trace Context, and X-Ray's, by Lambda.
//!
//! No signature covers either header. So they decide nothing here: they are checked for their form, bounded, stored and
//! passed on, for people who follow an event through their systems.

use crate::request::Request;

/// The length of `traceparent` in version 00.
const TRACEPARENT_LEN: usize = 55;

/// The flags that W3C Trace Context defines: sampled, and a random trace id. All others have to be sent as zero.
const KNOWN_FLAGS: u8 = 0b11;

/// The flag by which a caller says that it records the trace.
const SAMPLED: u8 = 0b01;

/// One position in one trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The id of the whole trace.
    trace_id: [u8; 16],
    /// The id of the caller's step in it.
    parent_id: [u8; 8],
    /// The trace flags.
    flags: u8,
}

impl Span {
    /// The number of bytes of [`to_bytes`](Self::to_bytes).
    pub const BYTES: usize = 25;

    /// Parses a `traceparent` header (W3C Trace Context, 3.2.2). A later version is read as far as version 00 goes.
    ///
    /// The form is fixed, and the length bounded by it: a sender that chose the text freely could fill the ledger, or put
    /// line breaks and markup into the logs of whoever prints it.
    pub fn from_traceparent(text: &str) -> Option<Self> {
        let is_longer = text.len() > TRACEPARENT_LEN;
        let (text, rest) = text.split_at_checked(TRACEPARENT_LEN)?;
        let mut fields = text.split('-');
        let version: [u8; 1] = hex(fields.next()?)?;
        let span = Self {
            trace_id: hex(fields.next()?)?,
            parent_id: hex(fields.next()?)?,
            flags: hex::<1>(fields.next()?)?[0] & KNOWN_FLAGS,
        };
        let is_version_known = match version[0] {
            0 => !is_longer,
            0xff => false,
            _ => !is_longer || rest.starts_with('-'),
        };
        (is_version_known && fields.next().is_none()).then_some(span)?.if_valid()
    }

    /// Parses X-Ray's tracing header: `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1`.
    pub fn from_xray(text: &str) -> Option<Self> {
        let field = |wanted: &str| {
            let mut fields = text.split(';').filter_map(|field| field.trim().split_once('='));
            fields.find(|(name, _)| *name == wanted).map(|(_, value)| value)
        };
        let (time, unique) = field("Root")?.strip_prefix("1-")?.split_once('-')?;
        let mut trace_id = [0; 16];
        trace_id[..4].copy_from_slice(&hex::<4>(time)?);
        trace_id[4..].copy_from_slice(&hex::<12>(unique)?);
        let flags = if field("Sampled") == Some("1") { SAMPLED } else { 0 };
        Self { trace_id, parent_id: hex(field("Parent")?)?, flags }.if_valid()
    }

    /// Returns the span unless an id is all zero, which stands for none.
    fn if_valid(self) -> Option<Self> {
        (self.trace_id != [0; 16] && self.parent_id != [0; 8]).then_some(self)
    }

    /// Returns the `traceparent` of this span, in version 00.
    pub fn traceparent(&self) -> String {
        let [trace_id, parent_id] = self.ids();
        format!("00-{trace_id}-{parent_id}-{:02x}", self.flags)
    }

    /// Returns the X-Ray tracing header of this span.
    pub fn xray(&self) -> String {
        let [trace_id, parent_id] = self.ids();
        let (time, unique) = trace_id.split_at(8);
        format!("Root=1-{time}-{unique};Parent={parent_id};Sampled={}", self.flags & SAMPLED)
    }

    fn ids(&self) -> [String; 2] {
        [base16ct::lower::encode_string(&self.trace_id), base16ct::lower::encode_string(&self.parent_id)]
    }

    /// Returns the ids and the flags as the ledger stores them, in half the bytes of their text.
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[..16].copy_from_slice(&self.trace_id);
        bytes[16..24].copy_from_slice(&self.parent_id);
        bytes[24] = self.flags;
        bytes
    }

    /// Reads what [`to_bytes`](Self::to_bytes) has made.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (trace_id, rest) = bytes.split_first_chunk()?;
        let (parent_id, rest) = rest.split_first_chunk()?;
        let &[flags] = rest else { return None };
        Self { trace_id: *trace_id, parent_id: *parent_id, flags: flags & KNOWN_FLAGS }.if_valid()
    }
}

/// Parses exactly `N` bytes of lower-case hexadecimal digits.
fn hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    (text.len() == 2 * N).then_some(())?;
    base16ct::lower::decode(text, &mut bytes).ok()?;
    Some(bytes)
}

/// The traces of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Trace {
    /// The span that the sender named in `traceparent`.
    pub sender: Option<Span>,
    /// The span of the function that received the request, in X-Ray.
    pub xray: Option<Span>,
}

impl Trace {
    /// Reads the traces of a request. `xray` is X-Ray's header, which Lambda makes.
    ///
    /// A header that is malformed or repeated counts as absent: a delivery must not fail by it.
    pub fn read(request: &Request, xray: Option<&str>) -> Self {
        let traceparent = request.header("traceparent").ok().flatten();
        Self { sender: traceparent.and_then(Span::from_traceparent), xray: xray.and_then(Span::from_xray) }
    }

    /// Returns the event's `traceparent`: the sender's, else X-Ray's. None is made up.
    pub fn traceparent(&self) -> Option<String> {
        self.sender.or(self.xray).map(|span| span.traceparent())
    }

    /// Returns the message's `AWSTraceHeader`: X-Ray's. It is never the sender's, who could else have every consumer's
    /// invocation recorded, and billed, by setting a flag.
    pub fn xray_header(&self) -> Option<String> {
        self.xray.map(|span| span.xray())
    }
}
