//! The help texts.

#[path = "../../../events/tests/command/help/wrapping.rs"]
mod wrapping;

use wrapping::assert_wraps_evenly;

use crate::{command, stderr, stdout, usher};

const COMMANDS: [&str; 8] =
    ["tail", "inspect", "console", "listen", "pending", "replay", "redrive", "forget"];

#[test]
fn every_command_says_what_it_needs_and_what_it_costs_or_risks() {
    for command in COMMANDS {
        let help = usher(&[command, "--help"]);
        let text = stdout(&help);
        assert!(help.status.success(), "{}", stderr(&help));
        assert!(text.contains("IAM: cloudformation:DescribeStacks"), "{text}");
        assert!(text.contains("--stack") && text.contains("--endpoint-url"), "{text}");
    }
}

#[test]
fn every_command_says_the_same_of_the_same_statuses() {
    for command in COMMANDS.iter().chain(&["event"]) {
        let help = stdout(&usher(&[command, "--help"]));
        let text = help.split_whitespace().collect::<Vec<_>>().join(" ");
        let (_, statuses) = text.split_once("Exit status: ").unwrap_or_else(|| panic!("{command}: {text}"));
        assert!(statuses.starts_with("0 if "), "{statuses}");
        for status in ["1 if it failed", "2 for wrong usage", "130 "] {
            assert!(statuses.contains(status), "{command} says nothing of {status}: {statuses}");
        }
    }
}

/// The console's output is a page, and that of `listen` is what it posts.
#[test]
fn every_command_has_an_output_for_scripts() {
    for command in COMMANDS.into_iter().filter(|command| !["console", "listen"].contains(command)) {
        assert!(stdout(&usher(&[command, "--help"])).contains("--json"), "{command}");
    }
}

#[test]
fn help_fits_the_terminal_and_wraps_evenly() {
    let others = ["send", "event", "doctor", "connect", "disconnect", "rotate", "completions"];
    for columns in [80, 120] {
        for help in ["--help", "-h"] {
            for arguments in COMMANDS.iter().chain(&others).map(|name| vec![*name, help]).chain([vec![help]])
            {
                let output = command(&arguments).env("COLUMNS", columns.to_string()).output().unwrap();
                assert!(output.status.success(), "{arguments:?}");
                assert_wraps_evenly(&stdout(&output), columns);
            }
        }
    }
}

/// An operator who types the command without more must not change anything.
#[test]
fn what_changes_something_asks_for_yes() {
    for command in ["replay", "redrive", "forget"] {
        let text = stdout(&usher(&[command, "--help"]));
        assert!(text.contains("Without --yes it only"), "{text}");
    }
    for arguments in [
        &["replay", "luma:x", "--yes", "--dry-run"][..],
        &["redrive", "--yes", "--dry-run"],
        &["forget", "--email", "ada@example.com", "--yes", "--dry-run"],
    ] {
        assert_eq!(usher(arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn what_shows_personal_data_says_so() {
    for command in ["inspect", "tail", "console", "listen"] {
        assert!(stdout(&usher(&[command, "--help"])).contains("personal data"));
    }
}

#[test]
fn where_copies_may_be_left_is_said_before_anything_is_erased() {
    let text = stdout(&usher(&["forget", "--help"]));
    assert!(text.contains("Not found:"), "{text}");
}

#[test]
fn every_command_is_completed_by_a_shell() {
    let script = stdout(&usher(&["completions", "bash"]));
    for command in COMMANDS {
        assert!(script.contains(&format!("usher,{command}")), "{command}");
    }
}
