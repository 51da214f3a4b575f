//! The help texts.

mod wrapping;

use std::process::Command;

use wrapping::assert_wraps_evenly;

#[test]
fn help_fits_the_terminal() {
    for columns in [80, 120] {
        for arguments in
            [&["--help"][..], &["send", "--help"], &["event", "--help"], &["-h"], &["send", "-h"]]
        {
            let mut command = Command::new(env!("CARGO_BIN_EXE_events"));
            let output = command.args(arguments).env("COLUMNS", columns.to_string()).output().unwrap();
            assert_wraps_evenly(std::str::from_utf8(&output.stdout).unwrap(), columns);
        }
    }
}
