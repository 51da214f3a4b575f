//! The start of every function: its configuration, its runtime, and work that is done before the first event.

use std::process::ExitCode;
use std::time::Duration;

use tokio::time::timeout;
use usher_core::budget::{ANSWER_WITHIN, SECRETS_WITHIN};

use crate::config::ConfigError;
use crate::log;

/// The longest that INIT waits for connections and secrets. Whatever is missing by then is tried again when it is
/// needed.
///
/// The limit lies between two others. It is above [`SECRETS_WITHIN`] (0.8 s), so that a fetch of the secrets ends by
/// its own limit. And it leaves the first delivery most of [`ANSWER_WITHIN`] (3.4 s), which runs from the start of
/// INIT: the provider may be waiting from then on.
const INIT_WITHIN: Duration = Duration::from_secs(1);

const _: () = assert!(
    INIT_WITHIN.as_millis() > SECRETS_WITHIN.as_millis()
        && INIT_WITHIN.as_millis() < ANSWER_WITHIN.as_millis() / 2
);

/// Runs a function until Lambda stops it: hands its configuration to `main` and waits for the future that `main` makes.
///
/// A wrong configuration ends the process with exit code 1 and one line of JSON on standard error, which names the
/// variable. Lambda shows the line in the log.
pub fn start<C, F: Future<Output = Result<(), lambda_runtime::Error>>>(
    name: &str,
    config: Result<C, ConfigError>,
    main: impl FnOnce(C) -> F,
) -> ExitCode {
    log::hide_panic_messages();
    let config = match config {
        Ok(config) => config,
        Err(error) => return fail(name, &error),
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(name, &error),
    };
    match runtime.block_on(main(config)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(name, &error),
    }
}

/// Waits for work that INIT does ahead of the first event, and abandons it after [`INIT_WITHIN`].
pub async fn prepare(work: impl Future) {
    let _done = timeout(INIT_WITHIN, work).await;
}

fn fail(name: &str, error: &dyn std::fmt::Display) -> ExitCode {
    log::write_failure(name, error);
    ExitCode::FAILURE
}
