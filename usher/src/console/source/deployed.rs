//! A deployed stack, in AWS or in an emulator on this machine.

use aws_config::SdkConfig;
use events::{Provider, Sample, Secrets, Target, unix_now};
use tokio::task::spawn_blocking;
use usher_aws::dynamodb::DynamoDbLedger;

use crate::aws::Account;
use crate::console::board::Figures;
use crate::console::cost::Estimate;
use crate::deployed::Deployed;
use crate::ledger::StackLedger;
use crate::pending::list::PendingList;
use crate::redrive::letters::DeadLetters;
use crate::stack::Stack;
use crate::terminal::Failure;

/// The stack.
pub(in crate::console) struct DeployedStack {
    account: Account,
    table: DynamoDbLedger,
    config: SdkConfig,
    letters: DeadLetters,
}

impl DeployedStack {
    /// Finds the table and the queues through the stack's outputs.
    pub(in crate::console) async fn open(account: &Account) -> Result<Self, Failure> {
        let config = account.load().await?;
        let stack = Stack::read(&config, &account.stack).await?;
        let letters = DeadLetters::new(
            aws_sdk_sqs::Client::new(&config),
            stack.output("DeadLetterQueueUrl")?,
            stack.output("QueueUrl")?,
        );
        Ok(Self { account: account.clone(), table: StackLedger::of(&config, &stack)?.table, config, letters })
    }

    pub(in crate::console) fn name(&self) -> &str {
        &self.account.stack
    }

    pub(in crate::console) fn table(&self) -> &DynamoDbLedger {
        &self.table
    }

    /// Asks for the table's size, which costs nothing.
    pub(in crate::console) async fn estimate(&self) -> Result<Estimate, Failure> {
        Ok(Estimate::of(self.table.size().await?))
    }

    /// Counts dead letters and pending deliveries. The latter come from the small index of them.
    pub(in crate::console) async fn figures(&self) -> Result<Figures, Failure> {
        let pending = PendingList::read(&self.table).await?;
        Ok(Figures {
            queued: None,
            // Without the right to count them the other figures are still worth showing.
            dead_letters: self.letters.count().await.ok().map(|waiting| waiting.visible),
            pending: Some(pending.len()),
            oldest_pending: pending.oldest(),
        })
    }

    /// Returns whether the stack is an emulator's on this machine.
    pub(in crate::console) fn is_on_this_machine(&self) -> bool {
        let target = self.config.endpoint_url().map(Target::parse);
        target.is_some_and(|target| target.is_ok_and(|target| target.is_local()))
    }

    /// Signs a sample with the stack's secret, and posts it to the provider's function. Returns the answer's status.
    pub(in crate::console) async fn send_sample(&self, sample: Sample) -> Result<u16, Failure> {
        let (target, secrets) = self.function(sample.provider).await?;
        let id = sample.provider.new_delivery_id();
        let request = events::Request::delivery(sample.provider, &secrets, &id, unix_now(), sample.body)?;
        Ok(spawn_blocking(move || target.send(&request)).await??.status)
    }

    async fn function(&self, provider: Provider) -> Result<(Target, Secrets), Failure> {
        let deployed = Deployed::find(&self.account, provider).await?;
        Ok((Target::parse(&deployed.url)?, deployed.secrets(None).await?))
    }
}
