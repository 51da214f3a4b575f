//! A person's address is found however it is written, and nobody else's is taken for it.

use usher_core::mention::Address;

const ADA: &str = "ada@example.com";

fn address(text: &str) -> Address {
    Address::parse(text).expect("it is an address")
}

fn is_in(body: &str) -> bool {
    address(ADA).is_in(body.as_bytes())
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
    assert!(address(ADA).is_in(b"\xff\xfe ada@example.com \xff"));
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
    assert!(address("MÜLLER@bücher.example").is_in(r#"{"e":"m\u00fcller@B\u00dcCHER.example"}"#.as_bytes()));
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
