//! Arguments that are refused before AWS is asked, and messages when AWS does not answer.

use crate::{stderr, stdout, usher};

#[test]
fn a_replay_of_nothing_in_particular_is_refused() {
    let refused = usher(&["replay", "--yes"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("--since"), "{}", stderr(&refused));
}

#[test]
fn ids_and_a_selection_do_not_go_together() {
    let refused = usher(&["replay", "luma:evt_1", "--since", "2h"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("cannot be used with"), "{}", stderr(&refused));
}

#[test]
fn a_time_that_is_none_is_refused_with_what_to_say() {
    for time in ["yesterday", "-2h", "2026-13-01", "12:00", ""] {
        let refused = usher(&["replay", &format!("--since={time}")]);
        assert_eq!(refused.status.code(), Some(2), "{time}");
        assert!(stderr(&refused).contains("2026-01-31T18:00:00Z"), "{}", stderr(&refused));
    }
}

/// They come as far as AWS.
#[test]
fn times_are_read_as_people_write_them() {
    for time in [
        "2026-01-31T18:00:00Z",
        "2026-01-31T18:00:00+01:00",
        "2026-01-31",
        "2h",
        "90min",
        "3d",
        "1w",
        "1h 30m",
    ] {
        let failed = usher(&["replay", "--since", time]);
        assert_eq!(failed.status.code(), Some(1), "{time}: {}", stderr(&failed));
    }
}

#[test]
fn a_part_of_an_address_is_refused() {
    for email in ["ada", "@example.com", "ada@example", ""] {
        let refused = usher(&["forget", &format!("--email={email}")]);
        assert_eq!(refused.status.code(), Some(2), "{email}");
        assert!(stderr(&refused).contains("no e-mail address"), "{}", stderr(&refused));
    }
    assert_eq!(usher(&["forget"]).status.code(), Some(2));
}

#[test]
fn a_stack_that_cannot_be_read_is_told_with_what_to_try() {
    for arguments in [
        &["tail"][..],
        &["inspect", "luma:evt_1"],
        &["console"],
        &["listen", "--to", "http://127.0.0.1:1/"],
        &["pending"],
        &["replay", "luma:evt_1"],
        &["replay", "luma:evt_1", "--to", "http://127.0.0.1:1/"],
        &["redrive"],
        &["forget", "--email", "ada@example.com"],
    ] {
        let failed = usher(arguments);
        assert_eq!(failed.status.code(), Some(1), "{arguments:?}");
        let error = stderr(&failed);
        assert!(error.starts_with("error: cannot read the stack \"usher\""), "{error}");
        assert!(error.contains("--profile"), "{error}");
        assert_eq!(stdout(&failed), "");
    }
}
