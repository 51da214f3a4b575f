//! A person is found by telephone number and by a provider's id, and nobody else is.

use mention::{Finding, NoPersonId, Person, PersonId, Phone};

fn finds(phone: &str, body: &str) -> bool {
    let phones = vec![Phone::parse(phone).expect("it is a number")];
    Person { phones, ..Person::default() }.find("luma", body.as_bytes()) == Finding::Found
}

#[test]
fn a_number_is_found_whatever_separates_its_digits() {
    for phone in ["+49 30 1234567", "0049301234567", "49/30/1234567", "+49 (0)30 1234567"] {
        for body in [
            r#"{"phone":"+49301234567"}"#,
            r#"{"phone":"0049 30 1234567"}"#,
            r#"{"phone":"49-30-123-45-67"}"#,
            r#"{"phone":"+49 (0)30 123 4567"}"#,
            r#"{"phone":"+49 (30) 1234567"}"#,
            r#"{"phone":"+49.30.1234567."}"#,
            r#"{"phone":49301234567}"#,
            r#"{"url":"tel:+49-30-1234567;ext=1"}"#,
            r#"{"url":"?phone=%2B49+30+1234567&x=1"}"#,
            r#"{"deep":"{\"phone\":\"\\u002b4930 1234567\"}"}"#,
            "{\"phone\":\"+49\u{a0}30\u{2011}1234567\"}",
            "{\"phone\":\"\u{ff0b}\u{ff14}\u{ff19}30 1234567\"}",
            r#"{"note":"1) +49 30 1234567, or mail"}"#,
        ] {
            assert!(finds(phone, body), "{phone} in {body}");
        }
    }
    assert!(finds("030 1234567", r#"{"phone":"(030) 1234567"}"#));
}

#[test]
fn a_part_of_anothers_number_is_not_it() {
    for body in [
        r#"{"phone":"+1 49 30 1234567"}"#,
        r#"{"phone":"+49 30 12345678"}"#,
        r#"{"phone":"+49 30 1234567 89"}"#,
        r#"{"phone":"149301234567"}"#,
        r#"{"phone":"+49 30 123456"}"#,
        r#"{"numbers":[49,30,1234567]}"#,
        r#"{"a":"49","b":"301234567"}"#,
    ] {
        assert!(!finds("+49 30 1234567", body), "{body}");
    }
}

#[test]
fn what_is_no_number_is_refused() {
    for text in
        ["", "123456", "1234567890123456", "+49 30 1234567 or so", "ada", "1234567, 7654321", "++4930123456"]
    {
        assert!(Phone::parse(text).is_err(), "{text}");
    }
}

fn has(id: &str, provider: &str, body: &str) -> bool {
    let ids = vec![PersonId::parse(id).expect("it is an id")];
    Person { ids, ..Person::default() }.find(provider, body.as_bytes()) == Finding::Found
}

#[test]
fn an_id_is_found_as_a_whole_value_of_its_provider() {
    for body in [
        r#"{"user_id":"usr-1"}"#,
        r#"{"ids":["usr-0" , "usr-1"]}"#,
        r#"{"meta":"{\"user\":\"usr-1\"}"}"#,
        r#"{"user_id":"\u0075sr-1"}"#,
    ] {
        assert!(has("luma:usr-1", "luma", body), "{body}");
        assert!(!has("luma:usr-1", "lunacal", body), "another provider's");
    }
    for body in [
        r#"{"organizer":{"id":584,"name":"x"}}"#,
        r#"{"id": 584 }"#,
        r#"{"id":"584"}"#,
        r#"{"ids":[1, 584]}"#,
    ] {
        assert!(has("lunacal:584", "lunacal", body), "{body}");
    }
}

#[test]
fn a_part_of_an_id_or_a_name_of_a_member_is_not_it() {
    for body in
        [r#"{"user_id":"usr-12"}"#, r#"{"user_id":"x-usr-1"}"#, r#"{"usr-1":true}"#, r#"{"note":"of usr-1"}"#]
    {
        assert!(!has("luma:usr-1", "luma", body), "{body}");
    }
    for body in [r#"{"id":5840}"#, r#"{"id":-584}"#, r#"{"id":584.5}"#, r#"{"id":1584}"#, r#"{"584":1}"#] {
        assert!(!has("lunacal:584", "lunacal", body), "{body}");
    }
    for text in ["usr-1", ":usr-1", "luma:", "luma:a b"] {
        assert_eq!(PersonId::parse(text), Err(NoPersonId), "{text}");
    }
}
