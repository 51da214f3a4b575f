//! The cost of an event for one sandbox of Usher as bodies and the ledger grow.

use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use crate::condition::Delays;
use crate::contestant::Contestant;
use crate::delivery::{Text, body_of, event, sample};
use crate::figure::{figure, times};
use crate::markdown::Table;
use crate::measure::{megabytes, milliseconds};
use crate::progress::Progress;
use crate::sandbox::{SandboxError, Surroundings};

/// The results for growing bodies and for a growing ledger.
pub struct Growth {
    bodies: Vec<(usize, Text, Cost)>,
    ledger: Vec<(usize, Cost)>,
}

/// The cost of one event among many that are handed out back to back.
#[derive(Debug, Clone, Copy)]
struct Cost {
    events_per_second: f64,
    processor_milliseconds: f64,
    aws_calls: f64,
    write_units: f64,
    sqs_requests: f64,
    log_bytes: f64,
    peak_memory: u64,
}

/// Sizes of bodies, up to `MAX_BODY_BYTES`.
const BODIES: [usize; 5] = [1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10];

const ITEMS: [usize; 5] = [0, 1_000, 10_000, 100_000, 1_000_000];

/// The number of events measured of each kind. Of large ones there are fewer.
const EVENTS: usize = 1_000;
const BYTES: usize = 16 << 20;

impl Growth {
    pub async fn measure(surroundings: &Surroundings, thoroughness: f64) -> Result<Self, SandboxError> {
        Delays::default().apply(&surroundings.aws);
        let steps = BODIES.len() * 2 + ITEMS.len();
        let progress = Progress::new("Growth of bodies and ledger", u32::try_from(steps).unwrap_or(u32::MAX));
        let (mut bodies, mut ledger) = (Vec::new(), Vec::new());
        // The ledger comes first, as it is empty now.
        let mut there = 0;
        for items in ITEMS {
            progress.next();
            surroundings.aws.dynamodb.service().seed((there..items).map(settled_item));
            there = items;
            let cost = cost(surroundings, scaled(EVENTS, thoroughness), sample).await?;
            ledger.push((items, cost));
        }
        for text in [Text::Prose, Text::Random] {
            for bytes in BODIES {
                progress.next();
                let events = scaled(EVENTS.min(BYTES / bytes), thoroughness);
                let cost = cost(surroundings, events, || body_of(bytes, text)).await?;
                bodies.push((bytes, text, cost));
            }
        }
        progress.done();
        Ok(Self { bodies, ledger })
    }
}

fn scaled(events: usize, thoroughness: f64) -> usize {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "some hundred"
    )]
    let scaled = (events as f64 * thoroughness.min(1.0)) as usize;
    scaled.max(20)
}

async fn cost(
    surroundings: &Surroundings,
    events: usize,
    body: impl Fn() -> Vec<u8>,
) -> Result<Cost, SandboxError> {
    const REST: Duration = Duration::from_millis(2);
    let mut sandbox = surroundings.start(Contestant::Usher).await?;
    // The first event opens the connections that are not open yet and fills the caches.
    sandbox.deliver(body()).await?;
    sandbox.phase(1, Duration::ZERO, REST).await?;
    let (billed_before, log_before) = (surroundings.billed(), sandbox.function.output_bytes());
    // The events are made in advance, so that the time is the function's alone.
    let prepared: Vec<String> = (0..events).map(|_| event(body())).collect();
    let began = Instant::now();
    for event in prepared {
        sandbox.function.send(event);
    }
    for _ in 0..events {
        sandbox.answered().await?;
    }
    let took = began.elapsed();
    let phase = sandbox.phase(u32::try_from(events).unwrap_or(u32::MAX), took, REST).await?;
    let billed = surroundings.billed();
    #[expect(clippy::cast_precision_loss, reason = "they are shown with three digits")]
    let per_event = |total: u64| total as f64 / events as f64;
    Ok(Cost {
        events_per_second: 1.0 / (took.as_secs_f64() * per_event(1)),
        processor_milliseconds: milliseconds(phase.processor_time) * per_event(1),
        aws_calls: per_event(u64::from(phase.calls)),
        write_units: per_event(billed[0] - billed_before[0]),
        sqs_requests: per_event(billed[1] - billed_before[1]),
        log_bytes: per_event(sandbox.function.output_bytes() - log_before),
        peak_memory: sandbox.peak_memory()?,
    })
}

/// Returns the item of an event that was sent long ago.
fn settled_item(number: usize) -> Map<String, Value> {
    let item = json!({
        "pk": { "S": format!("luma#seed-{number}") },
        "sent": { "N": "1767225600000" },
        "expires_at": { "N": "4102444800" },
    });
    item.as_object().cloned().unwrap_or_default()
}

const HEAD: [&str; 8] = [
    "",
    "events per second",
    "processor ms per event",
    "AWS calls",
    "DynamoDB write units",
    "SQS requests billed",
    "bytes logged",
    "peak memory, MB",
];

impl std::fmt::Display for Growth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut bodies = Table::new(HEAD);
        for (bytes, text, cost) in &self.bodies {
            let kind = if *text == Text::Prose { "prose" } else { "random letters" };
            bodies.row(cost.cells(format!("{} KiB, {kind}", bytes >> 10)));
        }
        let mut ledger = Table::new(HEAD);
        for (items, cost) in &self.ledger {
            ledger.row(cost.cells(format!("{} items", count(*items))));
        }
        write!(
            f,
            "## Growth of one sandbox of Usher\n\nA whole core, services that answer at once, one event after \
             another. With the size of the body:\n\n{bodies}\n{}\n\nWith the number of items in the ledger:\n\n{ledger}\n{}\n",
            self.with_bodies(),
            self.with_ledger()
        )
    }
}

impl Growth {
    /// Compares the two largest bodies of each kind.
    fn with_bodies(&self) -> String {
        let dearer = |text: Text| {
            let costs: Vec<&Cost> =
                self.bodies.iter().filter(|body| body.1 == text).map(|body| &body.2).collect();
            let [.., four_times_less, most] = costs[..] else { return f64::NAN };
            most.processor_milliseconds / four_times_less.processor_milliseconds
        };
        format!(
            "Linear is 4×: from 64 to 256 KiB, processor time grows {} (prose) and {} (random letters).",
            times(dearer(Text::Prose)),
            times(dearer(Text::Random))
        )
    }

    /// Compares the fullest ledger with the empty one.
    fn with_ledger(&self) -> String {
        let (Some((_, empty)), Some((items, full))) = (self.ledger.first(), self.ledger.last()) else {
            return String::new();
        };
        format!(
            "Flat is 1×: with {} items instead of none, write units are {} and processor time is {}.",
            count(*items),
            times(full.write_units / empty.write_units),
            times(full.processor_milliseconds / empty.processor_milliseconds)
        )
    }
}

/// Returns a number of items in a form that is easy to read.
fn count(items: usize) -> String {
    if items < 1_000 {
        items.to_string()
    } else {
        figure(f64::from(u32::try_from(items).unwrap_or(u32::MAX)))
    }
}

impl Cost {
    fn cells(&self, name: String) -> [String; 8] {
        [
            name,
            format!("{:.0}", self.events_per_second),
            figure(self.processor_milliseconds),
            figure(self.aws_calls),
            figure(self.write_units),
            figure(self.sqs_requests),
            format!("{:.0}", self.log_bytes),
            figure(megabytes(self.peak_memory)),
        ]
    }
}
