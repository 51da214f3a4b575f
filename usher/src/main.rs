//! `usher`, the operator's tool. Each subcommand is a module with its arguments and `run`.

mod aws;
mod aws_error;
mod cloudevent;
mod connect;
mod console;
mod deployed;
mod disconnect;
mod doctor;
mod event;
mod forget;
mod inspect;
mod ledger;
mod listen;
mod pending;
mod redrive;
mod replay;
mod rotate;
mod send;
mod sender;
mod stack;
mod tail;
mod terminal;

use std::io;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

/// Sends and checks webhooks, follows, inspects, replays and forgets events, connects providers, rotates secrets.
#[derive(Parser)]
#[command(name = "usher", version, max_term_width = 120)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Send(send::Args),
    Event(event::Args),
    Doctor(doctor::Args),
    Connect(connect::Args),
    Disconnect(disconnect::Args),
    Rotate(rotate::Args),
    Tail(tail::Args),
    Inspect(inspect::Args),
    Console(console::Args),
    Listen(listen::Args),
    Pending(pending::Args),
    Replay(replay::Args),
    Redrive(redrive::Args),
    Forget(forget::Args),
    /// Print a shell's completion script
    Completions {
        /// Shell to print it for
        shell: clap_complete::Shell,
    },
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Send(args) => send::run(&args).await,
        Command::Event(args) => event::run(&args),
        Command::Doctor(args) => doctor::run(&args).await,
        Command::Connect(args) => connect::run(&args).await,
        Command::Disconnect(args) => disconnect::run(&args).await,
        Command::Rotate(args) => rotate::run(&args).await,
        Command::Tail(args) => tail::run(&args).await,
        Command::Inspect(args) => inspect::run(&args).await,
        Command::Console(args) => console::run(&args).await,
        Command::Listen(args) => listen::run(&args).await,
        Command::Pending(args) => pending::run(&args).await,
        Command::Replay(args) => replay::run(&args).await,
        Command::Redrive(args) => redrive::run(&args).await,
        Command::Forget(args) => forget::run(&args).await,
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "usher", &mut io::stdout());
            Ok(ExitCode::SUCCESS)
        }
    };
    done.unwrap_or_else(|error| terminal::fail(&error))
}
