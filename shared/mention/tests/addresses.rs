//! A person's address is found however it is written, and nobody else's is taken for it.

use std::fmt::Write as _;

use mention::{Address, Finding};

const ADA: &str = "ada@example.com";

fn address(text: &str) -> Address {
    Address::parse(text).expect("it is an address")
}

fn is_in(body: &str) -> bool {
    finds(ADA, body)
}

fn finds(who: &str, body: impl AsRef<[u8]>) -> bool {
    address(who).find(body.as_ref()) == Finding::Found
}

#[test]
fn an_address_is_found_wherever_it_stands() {
    for body in [
        r#"{"email":"ada@example.com"}"#,
        r#"{"a":[{"b":"write to ada@example.com."}]}"#,
        r#"{"ada@example.com":true}"#,
        r#"{"list":"ada@example.com,bob@example.com"}"#,
        r#"{"to":"Ada <ada@example.com>"}"#,
        r#"{"quoted":"'ada@example.com'"}"#,
        r#"{"bullet":"-ada@example.com"}"#,
        "email=ada@example.com&x=1",
        "ada@example.com",
        "{\"broken\": \"ada@example.com\"",
    ] {
        assert!(is_in(body), "{body}");
    }
    assert!(finds(ADA, b"\xff\xfe ada@example.com \xff"));
}

#[test]
fn an_address_is_found_however_it_is_written() {
    for body in [
        r#"{"email":"Ada@Example.COM"}"#,
        r#"{"email":"ada\u0040example.com"}"#,
        r#"{"email":"\u0061da@example\u002ecom"}"#,
        r#"{"ada\u0040example.com":"as a member's name"}"#,
        r#"{"url":"https://luma.com/join?email=ada%40example.com&x"}"#,
        r#"{"url":"mailto:%41da%40example.com"}"#,
        r#"{"half":"\ud83d ada\u0040example.com"}"#,
        "email=ada%40example.com",
    ] {
        assert!(is_in(body), "{body}");
    }
    assert!(finds("MÜLLER@bücher.example", r#"{"e":"m\u00fcller@B\u00dcCHER.example"}"#));
}

#[test]
fn the_end_or_beginning_of_anothers_address_is_not_it() {
    for body in [
        r#"{"email":"canada@example.com"}"#,
        r#"{"email":"o'ada@example.com"}"#,
        r#"{"email":"grace.ada@example.com"}"#,
        r#"{"email":"grace+ada@example.com"}"#,
        r#"{"email":"grace_ada@example.com"}"#,
        r#"{"email":"ada@example.com.au"}"#,
        r#"{"email":"ada@example.community"}"#,
        r#"{"email":"ada@example.com-pany.example"}"#,
        r#"{"email":"ada+luma@example.com"}"#,
        r#"{"email":"ada@sub.example.com"}"#,
        "",
    ] {
        assert!(!is_in(body), "{body}");
    }
}

#[test]
fn it_is_found_behind_another_that_ends_alike() {
    assert!(is_in(r#"{"emails":"canada@example.com, ada@example.com"}"#));
}

#[test]
fn a_part_of_an_address_is_refused_since_it_would_find_other_peoples() {
    for text in [
        "",
        "ada",
        "@example.com",
        "ada@",
        "ada@example",
        "ada@@example.com",
        "ada@example..com",
        "a b@example.com",
        ".ada@example.com",
    ] {
        assert!(Address::parse(text).is_err(), "{text}");
    }
    assert_eq!(address(" Ada@Example.com "), address(ADA));
    assert!(address(ADA).is(" ADA@example.com"));
    assert!(!address(ADA).is("canada@example.com"));
}

#[test]
fn an_address_is_found_however_often_it_is_escaped() {
    for body in [
        r#"{"url":"https://calendar.example/new?details=Booked+by+ada%40example.com"}"#,
        r#"{"url":"https://x.example/?next=%2Fjoin%3Femail%3Dada%2540example.com"}"#,
        r#"{"metadata":"{\"email\":\"ada\\u0040example.com\"}"}"#,
        r#"{"metadata":"{\"deep\":\"{\\\"email\\\":\\\"ada\\\\u0040example.com\\\"}\"}"}"#,
        r#"{"html":"<a href=\"mailto:ada&#64;example.com\">"}"#,
        r#"{"html":"&lt;ada&#x40;example&period;com&gt;"}"#,
        r#"{"html":"ada&amp;#64;example.com"}"#,
        "{\"mail\":\"ada=40example.com\"}",
        "To: ada@exam=\r\nple.com",
        "payload=%7B%22by%22%3A%22sent+by+ada%40example.com%22%7D",
    ] {
        assert!(is_in(body), "{body}");
    }
    let utf16: Vec<u8> = r#"{"email":"ada@example.com"}"#.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(finds(ADA, utf16));
    assert!(finds("josé@example.com", b"{\"e\":\"jos\xe9@example.com\"}"), "Latin-1");
}

#[test]
fn an_address_is_found_in_every_normal_form_and_either_form_of_its_domain() {
    for (who, body) in [
        ("jose\u{301}@example.com", "jos\u{e9}@example.com"),
        ("jos\u{e9}@example.com", "JOSE\u{301}@example.com"),
        (ADA, "\u{ff41}\u{ff44}\u{ff41}\u{ff20}example.com"),
        (ADA, "ada@exa\u{ad}mple.com"),
        (ADA, "ada@\u{200b}example.com"),
        ("οδυσσευς@example.com", "ΟΔΥΣΣΕΥΣ@EXAMPLE.COM"),
        ("ada@b\u{fc}cher.example", "ada@xn--bcher-kva.example"),
        ("ada@xn--bcher-kva.example", "ada@B\u{dc}CHER.example"),
        ("ada@b\u{fc}cher.b\u{fc}cher.example", "ada@xn--bcher-kva.b\u{fc}cher.example"),
    ] {
        assert!(finds(who, body), "{who} in {body}");
    }
    assert!(!finds("ada@strasse.example", "ada@stra\u{df}e.example"), "another domain");
}

#[test]
fn an_address_is_found_without_a_blank_before_or_after() {
    for body in [
        r#"{"note":"Write to ada@example.com.Thanks"}"#,
        r#"{"note":"Mail:ada@example.com/Tel:1"}"#,
        r#"{"note":"请联系ada@example.com谢谢"}"#,
        r#"{"note":"ada@example.com으로 보내"}"#,
        r#"{"note":"Hello,\nada@example.com\nBye"}"#,
        "x\u{200b}ada@example.com\u{200b}y",
    ] {
        assert!(is_in(body), "{body}");
    }
}

#[test]
fn an_escaped_part_of_anothers_address_is_no_end_of_it() {
    for body in [
        "grace%2Bada%40example.com",
        "grace&#43;ada@example.com",
        "o&#39;ada@example.com",
        "ada@example.com%2Eau",
        "ada@example.com&period;au",
        r#""ada@example.com\u002eau""#,
        r#""ada@example.com.\u0061u""#,
        "ada@example.com=2Eau",
        "x\u{327}ada@example.com",
        "to=grace+ada@example.com&by=%20x%40y.example",
        "Ada@Example.Com.Au",
        "\u{e9}ada@example.com",
    ] {
        assert!(!is_in(body), "{body}");
    }
}

#[test]
fn a_body_of_escapes_within_escapes_ends_the_search_and_is_told() {
    let mut body = "nothing".to_owned();
    for (index, escape) in ["%", "&amp;", "=", "\\"].iter().cycle().take(600).enumerate() {
        let _ = write!(body, "{escape}{:02x}{}", index % 128, "25".repeat(index % 7));
    }
    let body = format!("{body}%{}40", "25".repeat(400));
    assert_eq!(address(ADA).find(body.as_bytes()), Finding::Unfinished);
}
