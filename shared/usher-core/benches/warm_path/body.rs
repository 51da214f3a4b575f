//! Bodies of 4 KB, made from the samples in `events/`.

/// The size for which the figures are stated.
pub const BYTES: usize = 4096;

/// Returns a sample without white space, as a provider sends it, and with so many more answers that it has [`BYTES`].
/// Real deliveries are long because of their answers.
pub fn padded(provider: &str) -> Vec<u8> {
    let (sample, answers) = match provider {
        "luma" => (include_str!("../../../../events/luma/guest.updated.json"), "\"registration_answers\":["),
        "lunacal" => {
            (include_str!("../../../../events/lunacal/BOOKING_PAYMENT_INITIATED.json"), "\"responses\":{")
        }
        "allfly" => {
            (include_str!("../../../../events/allfly/event_attendee.ticket_success.json"), "\"data\":{")
        }
        other => panic!("no such provider: {other}"),
    };
    let mut body = compact(sample);
    let at = body.find(answers).expect("the sample has answers") + answers.len();
    for number in 0.. {
        let missing = BYTES - body.len();
        let empty = answer(provider, number, "").len();
        if missing < 2 * (empty + 100) {
            let rest: String = WORDS.chars().cycle().take(missing - empty).collect();
            body.insert_str(at, &answer(provider, number, &rest));
            break;
        }
        let words = &WORDS[..30 + number % 3 * 25];
        body.insert_str(at, &answer(provider, number, words));
    }
    assert_eq!(body.len(), BYTES);
    body.into_bytes()
}

const WORDS: &str =
    "We would like to sit near the door, as one of us leaves early for the night train home; ";

fn answer(provider: &str, number: usize, words: &str) -> String {
    match provider {
        "luma" => format!(
            r#"{{"label":"Question {number}","question_id":"q-{number:08}","value":"{words}","answer":null,"question_type":"text"}},"#
        ),
        "lunacal" => {
            format!(
                r#""question-{number}":{{"label":"Question {number}","value":"{words}","isHidden":false}},"#
            )
        }
        _ => format!(r#""question_{number}":{{"label":"Question {number}","answer":"{words}"}},"#),
    }
}

fn compact(json: &str) -> String {
    let value: serde_json_borrow::Value<'_> = serde_json::from_str(json).expect("a sample is JSON");
    serde_json::to_string(&value).expect("it was JSON")
}
