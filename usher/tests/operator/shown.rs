//! The output on a terminal: a stranger's text does not command it, and JSON laid out is still what was received.
//!
//! The tool is a binary and not a library, so its modules are included here by their files.

#[path = "../../src/terminal/json.rs"]
mod json;
#[path = "../../src/terminal/plain.rs"]
mod plain;
#[path = "../../src/terminal/time.rs"]
#[expect(dead_code, reason = "times as they are read are tested on the command itself")]
mod time;

use jiff::Timestamp;

#[test]
fn a_strangers_text_commands_no_terminal() {
    assert_eq!(plain::plain("a\u{1b}[2Jb"), r"a\u{1b}[2Jb");
    assert_eq!(plain::plain("a\rb\u{9b}c\u{202e}d\u{2066}e\u{7}"), r"a\u{d}b\u{9b}c\u{202e}d\u{2066}e\u{7}");
    assert_eq!(plain::plain("Grüße, 日本\n𝄞"), "Grüße, 日本\n𝄞");
}

#[test]
fn json_laid_out_has_every_token_as_it_was() {
    let json = r#"{"n":1.50e+2, "s":"a, {b}: \"c\" \u0041\\","e":{ },"l":[1,[ ],null] , "n":-0}"#;
    let laid_out = "{\n  \"n\": 1.50e+2,\n  \"s\": \"a, {b}: \\\"c\\\" \\u0041\\\\\",\n  \"e\": {},\n  \"l\": [\n    \
                    1,\n    [],\n    null\n  ],\n  \"n\": -0\n}";
    assert_eq!(json::indented(json), laid_out);
    assert_eq!(json::indented(laid_out), laid_out);
}

#[test]
fn an_event_of_several_lines_is_printed_on_one() {
    assert_eq!(json::on_one_line("{\n \"a\":\r\n 1}"), "{  \"a\":   1}");
}

#[test]
fn ages_are_as_coarse_as_they_are_long() {
    let of = Timestamp::UNIX_EPOCH;
    let after = |seconds| time::age(of, Timestamp::from_second(seconds).unwrap());
    for (seconds, age) in [
        (-5, "0s"),
        (0, "0s"),
        (59, "59s"),
        (60, "1m"),
        (3_599, "59m"),
        (3_600, "1h"),
        (3_660, "1h 1m"),
        (86_399, "23h 59m"),
        (86_400, "1d"),
        (90_000, "1d 1h"),
        (40 * 86_400 + 7_199, "40d 1h"),
    ] {
        assert_eq!(after(seconds), age, "{seconds}");
    }
    let later = Timestamp::from_second(120).unwrap();
    assert_eq!(time::moment(later, of), "1970-01-01T00:02:00.000Z, in 2m");
    assert_eq!(time::moment(of, later), "1970-01-01T00:00:00.000Z, 2m ago");
}
