//! The connection of Lunacal, which has no API: the clicks for an operator, and the wait for the ping.

use std::process::ExitCode;
use std::time::Duration;

use usher_core::secret::{Account, Kind, Name, Secret};

use super::args::Args;
use super::function_log::FunctionLog;
use super::ping::{Ping, Pings};
use super::target::Connected;
use crate::rotate::StoredDocument;
use crate::terminal::{Failure, note, print};

pub(crate) async fn run(args: &Args) -> Result<ExitCode, Failure> {
    let connected = Connected::find(&args.account, args.provider.into(), args.name.clone()).await?;
    let stored = StoredDocument::read(&connected.deployed).await?;
    let token = token(stored.document.accounts(Kind::Url), args.name.as_ref())?;
    let group = format!("/aws/lambda/{}-lunacal", args.account.stack);
    let mut pings = Pings::open(FunctionLog::new(&connected.deployed.config, group)).await?;
    let url = if args.show {
        format!("{}?token={}", connected.deployed.url, token.expose_in_url())
    } else {
        "(a secret: usher connect lunacal --show prints it)".to_owned()
    };
    print(&clicks(&url))?;
    note(&format!("Waiting for the ping, for {} s …", args.patience));
    let Some(ping) = pings.next(Duration::from_secs(args.patience)).await? else {
        return Err("no ping has arrived. If Lunacal showed an error, the URL there is not this one, to the last character \
                    of the token; if it showed none, run again and press Ping Test once more"
            .into());
    };
    print(&arrived(&ping))?;
    Ok(ExitCode::SUCCESS)
}

/// Returns the newest token of the account that is meant.
fn token<'d>(accounts: &'d [Account], name: Option<&Name>) -> Result<&'d Secret, Failure> {
    let account = match (accounts, name) {
        ([only], None) => Some(only),
        ([], _) => None,
        (_, None) => return Err("the document's tokens have names: add --name with one of them".into()),
        (accounts, name) => accounts.iter().find(|account| account.name.as_ref() == name),
    };
    let token = account.and_then(|account| account.secrets.first());
    token
        .ok_or_else(|| "there is no such URL token. To make one up: usher rotate lunacal stage --show".into())
}

/// Returns the clicks that connect one event type.
fn clicks(url: &str) -> String {
    format!(
        "At Lunacal, for each event type:\n\
         \x20 1. Open the event type, then Advanced, then New Webhook.\n\
         \x20 2. Subscriber URL: {url}\n\
         \x20 3. Event triggers: all seven.\n\
         \x20 4. Leave the rest as it is.\n\
         \x20 5. Press Ping Test. If it succeeds, create the webhook."
    )
}

/// Returns the result of a ping.
fn arrived(ping: &Ping) -> String {
    let of = ping.token_name.as_ref().map(|name| format!(" of {name}")).unwrap_or_default();
    match ping.token_age.as_deref() {
        Some("older") => format!(
            "The ping arrived under an older token{of}: it works, and the URL there is not the newest. Replace it before \
             you run: usher rotate lunacal retire"
        ),
        _ => format!(
            "The ping arrived under the newest token{of}: this event type is connected. Go on with the next one."
        ),
    }
}
