//! What all functions do before their first event.

use std::process::ExitCode;

use aws_sdk_dynamodb::config::http::HttpRequest;
use aws_smithy_types::body::SdkBody;
use tokio::time::timeout;

use crate::config::ConfigError;
use crate::deadline::INIT_WITHIN;

/// Makes an AWS request a bare `GET /`, which any endpoint answers somehow and which needs no permission. Sent once for
/// nothing but the connection that is then open in the pool.
pub fn only_connect(request: &mut HttpRequest) {
    *request.body_mut() = SdkBody::empty();
    request.headers_mut().remove("content-length");
    let _known = request.set_method("GET");
}

/// Runs a function's life: its configuration is read, then its main future runs to the end.
///
/// A wrong configuration ends it with one line that names the variable. Lambda shows it in the log.
pub fn start<C, F: Future<Output = Result<(), lambda_runtime::Error>>>(
    name: &str,
    config: Result<C, ConfigError>,
    main: impl FnOnce(C) -> F,
) -> ExitCode {
    hide_panic_messages();
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

/// Does what can be done ahead, in the time that INIT may take.
pub async fn ahead(work: impl Future) {
    let _done = timeout(INIT_WITHIN, work).await;
}

#[expect(clippy::print_stderr, reason = "there is no log yet")]
fn fail(name: &str, error: &dyn std::fmt::Display) -> ExitCode {
    eprintln!("usher {name}: {error}");
    ExitCode::FAILURE
}

/// A panic's message may quote what it choked on, which may be a person's name: only its place is logged.
#[expect(clippy::print_stderr, reason = "a panic hook has nothing else")]
fn hide_panic_messages() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, ToString::to_string);
        eprintln!(r#"{{"level":"ERROR","message":"panicked","place":"{place}"}}"#);
    }));
}
