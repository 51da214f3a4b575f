//! Prints the preset dictionary for packed bodies as it would be today:
//! `cargo run -p usher-core --example dictionary`.
//!
//! It is made of what the providers document: the skeletons of their bodies, with the fields in the documents' order,
//! and the closed words. Nothing that anybody sent is in it. What is likelier stands nearer the end, where DEFLATE
//! reaches it with fewer bits.

use std::io::{self, Write as _};

use usher_core::provider::Provider;
use usher_core::provider::shape::{Expect, Shape};
use usher_core::providers::{Luma, Lunacal};

/// All types, the likelier last, since their names are in every body.
const LUNACAL: [&str; 7] = [
    "BOOKING_PAYMENT_INITIATED",
    "BOOKING_PAID",
    "BOOKING_REQUESTED",
    "BOOKING_REJECTED",
    "BOOKING_RESCHEDULED",
    "BOOKING_CANCELLED",
    "BOOKING_CREATED",
];
const LUMA: [&str; 11] = [
    "calendar.event.submitted",
    "calendar.event.added",
    "calendar.person.unsubscribed",
    "calendar.person.subscribed",
    "event.canceled",
    "event.created",
    "event.updated",
    "guest.refunded",
    "ticket.registered",
    "guest.updated",
    "guest.registered",
];

/// One type of each of Luma's shapes.
const SHAPES: [&str; 4] =
    ["calendar.person.subscribed", "calendar.event.added", "event.created", "guest.registered"];

/// The questions that every booking form of Lunacal's has. Their names and labels are its own.
const QUESTIONS: &str = concat!(
    r#"{"name":{"label":"your_name","value":"","isHidden":false},"#,
    r#""email":{"label":"email_address","value":"","isHidden":false},"#,
    r#""location":{"label":"location","value":{"optionValue":"","value":"integrations:google:meet"},"isHidden":false},"#,
    r#""title":{"label":"what_is_this_meeting_about","isHidden":true},"#,
    r#""attendee-phone":{"label":"Your Phone Number","isHidden":true},"#,
    r#""guests":{"label":"additional_guests","value":[],"isHidden":false},"#,
    r#""notes":{"label":"form_comments","isHidden":false},"#,
    r#""rescheduleReason":{"label":"reason_for_reschedule","isHidden":true}}"#,
);

/// What Luma documents as null until somebody asks for it or does it.
const MOSTLY_NULL: [&str; 14] = [
    "user_first_name",
    "user_last_name",
    "first_name",
    "last_name",
    "eth_address",
    "solana_address",
    "invited_at",
    "joined_at",
    "phone_number",
    "utm_source",
    "custom_source",
    "checked_in_at",
    "coupon_info",
    "membership",
];

fn main() -> io::Result<()> {
    let mut dictionary = Dictionary::default();
    dictionary.types("triggerEvent", &LUNACAL);
    dictionary.types("type", &LUMA);
    dictionary.skeleton::<Lunacal>(LUNACAL[0]);
    for name in SHAPES {
        dictionary.skeleton::<Luma>(name);
    }
    write!(io::stdout(), "{}{}", dictionary.words, dictionary.skeletons)
}

#[derive(Default)]
struct Dictionary {
    words: String,
    skeletons: String,
    /// The shapes that have their skeleton, by the names of their fields.
    done: Vec<Vec<&'static str>>,
}

impl Dictionary {
    fn types(&mut self, field: &str, names: &[&str]) {
        for name in names {
            self.words.extend(["{\"", field, "\":\"", name, "\",\""]);
        }
    }

    fn skeleton<P: Provider>(&mut self, provider_type: &str) {
        self.fields(P::documented(provider_type).expect("it is documented"));
    }

    fn object(&mut self, shape: Shape) {
        let names = shape.iter().map(|known| known.name).collect();
        if self.done.contains(&names) {
            self.skeletons += "{\"";
            return;
        }
        self.done.push(names);
        self.fields(shape);
    }

    fn fields(&mut self, shape: Shape) {
        for (index, known) in shape.iter().enumerate() {
            self.skeletons += if index == 0 { "{" } else { "," };
            self.skeletons.extend(["\"", known.name, "\":"]);
            match (known.name, known.expect) {
                ("responses", _) => self.skeletons += QUESTIONS,
                (name, Expect::Object(shape)) if MOSTLY_NULL.contains(&name) => {
                    self.object(shape);
                    self.skeletons.extend([",\"", name, "\":null"]);
                }
                (name, _) if MOSTLY_NULL.contains(&name) => self.skeletons += "null",
                (_, expect) => self.value(&expect),
            }
        }
        self.skeletons += "}";
    }

    fn value(&mut self, expect: &Expect) {
        match expect {
            Expect::Text | Expect::Id => self.skeletons += r#""""#,
            Expect::Word([first, others @ ..]) => {
                for word in others {
                    self.words.extend(["\"", word, "\","]);
                }
                self.skeletons.extend(["\"", first, "\""]);
            }
            Expect::Time => self.skeletons += r#""2026-01-01T00:00:00.000Z""#,
            Expect::Duration => self.skeletons += r#""PT1H""#,
            Expect::Bool => self.skeletons += "false",
            Expect::Number | Expect::Whole => self.skeletons += "0",
            Expect::Anything | Expect::Word([]) => self.skeletons += "null",
            Expect::Object(shape) | Expect::Map(shape) => self.object(shape),
            Expect::List(element) => {
                self.skeletons += "[";
                self.value(element);
                self.skeletons += "]";
            }
        }
    }
}
