//! Whatever a sender does to an address, it is found; whatever is added to it, it is another's.

use std::fmt::Write as _;

use mention::{Address, Finding};
use proptest::prelude::*;
use serde_json::Value;

/// The ways in which senders write a text, each of which can be applied to the result of another.
#[derive(Debug, Clone, Copy)]
enum Writing {
    Json,
    JsonEscapes,
    JsonInJson,
    Form,
    Percent,
    Decimal,
    Hexadecimal,
    QuotedPrintable,
}

impl Writing {
    const ALL: [Self; 8] = [
        Self::Json,
        Self::JsonEscapes,
        Self::JsonInJson,
        Self::Form,
        Self::Percent,
        Self::Decimal,
        Self::Hexadecimal,
        Self::QuotedPrintable,
    ];

    fn write(self, text: &str) -> String {
        let member = |value: &str| Value::from_iter([("value", value)]).to_string();
        let each = |letter: &dyn Fn(char) -> String| text.chars().map(letter).collect::<String>();
        match self {
            Self::Json => member(text),
            Self::JsonInJson => member(&member(text)),
            Self::JsonEscapes => each(&|letter| {
                let mut units = [0; 2];
                letter.encode_utf16(&mut units).iter().fold(String::new(), |mut text, unit| {
                    let _ = write!(text, "\\u{unit:04x}");
                    text
                })
            }),
            Self::Form => bytes(text, "%", |byte| byte.is_ascii_alphanumeric() || b"*-._ ".contains(&byte))
                .replace(' ', "+"),
            Self::Percent => bytes(text, "%", |byte| byte.is_ascii_alphanumeric() && byte % 3 == 0),
            Self::Decimal => each(&|letter| {
                if letter.is_ascii_alphanumeric() {
                    letter.to_string()
                } else {
                    format!("&#{};", u32::from(letter))
                }
            }),
            Self::Hexadecimal => each(&|letter| format!("&#x{:x};", u32::from(letter))),
            Self::QuotedPrintable => bytes(text, "=", |byte| byte.is_ascii_alphanumeric()),
        }
    }
}

fn bytes(text: &str, escape: &str, is_plain: impl Fn(u8) -> bool) -> String {
    text.bytes().fold(String::new(), |mut written, byte| {
        if is_plain(byte) {
            written.push(char::from(byte));
        } else {
            let _ = write!(written, "{escape}{byte:02X}");
        }
        written
    })
}

fn address() -> impl Strategy<Value = String> {
    let name = "[a-z0-9éñüжλ]{1,6}([.+_-][a-z0-9éü]{1,4})?";
    let domain = "[a-z0-9]{1,6}(-[a-z]{1,3})?|bücher|пример";
    (name, domain, "(com|example|co\\.uk)").prop_map(|(name, domain, top)| format!("{name}@{domain}.{top}"))
}

fn writings() -> impl Strategy<Value = Vec<Writing>> {
    prop::collection::vec(prop::sample::select(&Writing::ALL[..]), 0..4)
}

/// Text that ends where an address may begin, or begins where one may end.
fn before() -> impl Strategy<Value = &'static str> {
    prop::sample::select(
        &["", "Booked by ", "<", "(", "mailto:", "\n", ", ", "'", "请联系", "a=b&email=", "– "][..],
    )
}

fn after() -> impl Strategy<Value = &'static str> {
    prop::sample::select(
        &["", " is here", ">", ")", ".", ". And", "\n", ",x", "'", "谢谢", "&x=1", "?subject=a", ".Thanks"][..],
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn an_address_is_found_in_every_writing_at_any_place(
        who in address(), before in before(), after in after(), writings in writings(), capital: bool, ascii: bool,
    ) {
        let (name, domain) = who.split_once('@').expect("it has one");
        let domain = if ascii { idna::domain_to_ascii(domain).expect("it is a domain") } else { domain.to_owned() };
        let written = format!("{name}@{domain}");
        // A capital behind the address could go on with a domain in capitals.
        let written = if capital && after != ".Thanks" { written.to_uppercase() } else { written };
        let text = format!("{before}{written}{after}");
        let body = writings.iter().fold(text, |text, writing| writing.write(&text));
        let found = Address::parse(&who).expect("it is an address").find(body.as_bytes());
        prop_assert_eq!(found, Finding::Found, "{}", body);
    }

    #[test]
    fn anothers_address_is_not_taken_for_it(
        who in address(), more in "[a-z0-9é]{1,3}[.+_-]?", less in "[a-z0-9]{1,3}", writings in writings(), place in 0..4_usize,
    ) {
        let other = match place {
            0 => format!("{more}{who}"),
            1 => format!("{who}{less}"),
            2 => format!("{who}.{less}"),
            _ => who.replacen('@', &format!("{less}@"), 1),
        };
        let body = writings.iter().fold(format!("by {other} "), |text, writing| writing.write(&text));
        let found = Address::parse(&who).expect("it is an address").find(body.as_bytes());
        prop_assert_eq!(found, Finding::Absent, "{}", body);
    }
}

/// What providers send is read in few ways.
#[test]
fn every_sample_is_searched_in_full() {
    let nobody = Address::parse("nobody.in@particular.example").expect("it is an address");
    for sample in events::samples().expect("they can be read") {
        assert_eq!(nobody.find(&sample.body), Finding::Absent, "{}", sample.name);
    }
}
