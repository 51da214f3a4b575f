//! Runs a contestant from its start to its end and measures it.

use std::io;
use std::time::Duration;

use fakes::aws::Aws;
use fakes::dynamodb::DynamoDb;
use fakes::function::{Function, Log};
use fakes::runtime_api::Reply;
use fakes::tls::Authority;
use serde_json::Value;
use tokio::time::sleep;

use crate::cgroup::NoGroup;
use crate::condition::Name;
use crate::contestant::{Contestant, Programs, SECRET_ID, Trust};
use crate::cores::Cores;
use crate::delivery::{event, sample, secret_document};
use crate::life::{Life, Phase};
use crate::quota::Quota;
use crate::usage::{peak_memory, processor_time};

/// The reason why a contestant can't be measured.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    #[error("{0}: {1}")]
    System(&'static str, io::Error),
    #[error(transparent)]
    Limit(#[from] NoGroup),
    #[error("{0} did not answer with a 200, but: {1}\nIt logged: {2}")]
    Refused(&'static str, String, String),
}

/// The surroundings of contestants: AWS on loopback, and the core for the contestant.
pub struct Surroundings {
    pub aws: Aws,
    pub programs: Programs,
    trust: Trust,
    cores: Cores,
}

impl Surroundings {
    /// Starts an AWS without data that speaks TLS. Writes the files for it to `folder`.
    pub async fn new(programs: Programs, cores: Cores, folder: &std::path::Path) -> io::Result<Self> {
        let bundle = folder.join("bench-authority.pem");
        let aws = Aws::start_as(DynamoDb::for_any_client(), Some(Authority::new(&bundle))).await;
        aws.secrets.service().put(SECRET_ID, secret_document());
        aws.sqs.service().forget_messages();
        Ok(Self { aws, programs, trust: Trust::new(&bundle)?, cores })
    }

    /// Starts a contestant and waits until its INIT is over.
    pub async fn start(&self, contestant: Contestant) -> Result<Sandbox<'_>, SandboxError> {
        let so_far = Usage { asked: self.asked(), ..Usage::default() };
        let command = contestant.command(&self.programs, &self.trust, &self.aws);
        let function = self.cores.on_functions_core(Function::spawn(command, Log::Kept)).await;
        let function = function.map_err(|error| SandboxError::System("choosing a core", error))?;
        function.ready().await;
        Ok(Sandbox { contestant, surroundings: self, function, so_far })
    }

    /// Runs a contestant from its start to its end.
    pub async fn live(
        &self,
        contestant: Contestant,
        condition: Name,
        quota: Option<&Quota>,
    ) -> Result<Life, SandboxError> {
        let mut sandbox = self.start(contestant).await?;
        let time = sandbox.function.init().unwrap_or_default();
        let init = sandbox.phase(0, time, Name::FullCore.rest()).await?;
        let held = quota.zip(sandbox.function.pid()).map(|(quota, pid)| quota.hold(pid)).transpose()?;
        let rest = condition.rest();
        let time = sandbox.deliver(sample()).await?;
        let first = sandbox.phase(1, time, rest).await?;

        let mut warm_times = Vec::new();
        for _ in 0..condition.warm_events() {
            warm_times.push(sandbox.deliver(sample()).await?);
            if condition.is_held() {
                sandbox.settled(rest).await?;
            }
        }
        let warm = sandbox.phase(condition.warm_events(), warm_times.iter().sum(), rest).await?;
        let life = Life { init, first, warm, warm_times, peak_memory: sandbox.peak_memory()? };
        // The end of the process takes processor time, which must not count for the INIT of the next.
        drop(held);
        sandbox.function.kill().await;
        Ok(life)
    }

    /// Returns DynamoDB's write units and SQS's requests so far, as AWS would bill them.
    pub fn billed(&self) -> [u64; 2] {
        [self.aws.dynamodb.service().bill().writes(), self.aws.sqs.service().billed()]
    }

    /// Returns the requests and connections of all services so far.
    fn asked(&self) -> [u64; 2] {
        let traffic = [self.aws.dynamodb.traffic(), self.aws.sqs.traffic(), self.aws.secrets.traffic()];
        [traffic.iter().map(|t| t.requests).sum(), traffic.iter().map(|t| t.connections).sum()]
    }
}

/// A running contestant.
pub struct Sandbox<'s> {
    contestant: Contestant,
    surroundings: &'s Surroundings,
    pub function: Function,
    /// The usage at the end of the last phase.
    so_far: Usage,
}

/// The usage at one moment.
#[derive(Debug, Clone, Copy, Default)]
struct Usage {
    processor_time: Duration,
    /// Requests and connections of the services, by this sandbox and those before.
    asked: [u64; 2],
}

impl Sandbox<'_> {
    /// Hands out a delivery of this body, waits for the answer, and returns how long that took.
    pub async fn deliver(&mut self, body: Vec<u8>) -> Result<Duration, SandboxError> {
        self.function.send(event(body));
        self.answered().await
    }

    /// Waits for the answer to an event that was handed out, and returns how long that took.
    pub async fn answered(&mut self) -> Result<Duration, SandboxError> {
        let reply = self.function.reply().await;
        if reply.kind == "response" && status(&reply) == Some(200) {
            return Ok(reply.took);
        }
        let logged = self.function.output();
        Err(SandboxError::Refused(self.contestant.name(), format!("{reply:?}"), logged))
    }

    /// Waits until the process rests, and returns the measurements since the phase before.
    pub async fn phase(
        &mut self,
        events: u32,
        time: Duration,
        rest: Duration,
    ) -> Result<Phase, SandboxError> {
        let earlier = self.so_far;
        let processor_time = self.settled(rest).await?;
        self.so_far = Usage { processor_time, asked: self.surroundings.asked() };
        let since =
            |index: usize| u32::try_from(self.so_far.asked[index] - earlier.asked[index]).unwrap_or(u32::MAX);
        Ok(Phase {
            events,
            time,
            processor_time: processor_time.saturating_sub(earlier.processor_time),
            calls: since(0),
            connections: since(1),
        })
    }

    /// Waits until the processor time has not grown for as long as `rest`, and returns it.
    pub async fn settled(&self, rest: Duration) -> Result<Duration, SandboxError> {
        let read = || {
            let pid = self.function.pid().ok_or(io::ErrorKind::NotFound)?;
            processor_time(pid)
        };
        let read = || read().map_err(|error| SandboxError::System("reading its processor time", error));
        let mut used = read()?;
        loop {
            sleep(rest).await;
            let now = read()?;
            if now == used {
                return Ok(now);
            }
            used = now;
        }
    }

    pub fn peak_memory(&self) -> Result<u64, SandboxError> {
        let pid = self.function.pid().ok_or(io::ErrorKind::NotFound);
        let bytes = pid.map_err(io::Error::from).and_then(peak_memory);
        bytes.map_err(|error| SandboxError::System("reading its memory", error))
    }
}

fn status(reply: &Reply) -> Option<u64> {
    reply.body.get("statusCode").and_then(Value::as_u64)
}
