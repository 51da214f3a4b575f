//! Who acted, who attends and who called it off, as Lunacal's bodies tell.

mod support;

use serde_json::{Value, json};
use support::booking::{ines, seated, ted, told, with};

const CREATED: &str = "BOOKING_CREATED";
const CANCELED: &str = "BOOKING_CANCELLED";
const RESCHEDULED: &str = "BOOKING_RESCHEDULED";

fn person(trigger: &str, changes: Value) -> Value {
    told(trigger, changes)["person"].clone()
}

fn answers_of(name: &str, email: &str) -> Value {
    json!({"name": {"label": "your_name", "value": name}, "email": {"label": "email_address", "value": email}})
}

#[test]
fn the_holder_of_the_seat_acted_wherever_they_stand_in_the_list() {
    let holders = [seated(ines(), 9001, "seat-1"), seated(ted(), 9002, "seat-2")];
    for attendees in [json!([holders[0], holders[1]]), json!([holders[1], holders[0]])] {
        let person = person(
            CREATED,
            json!({"attendees": attendees, "attendeeSeatId": "seat-2", "responses": answers_of("Ines Duarte", "ines@duarte.example")}),
        );
        assert_eq!(person, ted_as_person());
    }
}

fn ted_as_person() -> Value {
    json!({"name": "Ted Okafor", "email": "ted@okafor.example", "timezone": "Europe/Dublin"})
}

fn ines_as_person() -> Value {
    json!({"name": "Ines Duarte", "email": "ines@duarte.example", "timezone": "Europe/Lisbon"})
}

#[test]
fn a_seat_is_told_by_the_attendees_own_member_too() {
    let attendees = json!([
        with(ines(), json!({"referenceUid": "seat-1"})),
        with(ted(), json!({"referenceUid": "seat-2", "bookingSeat": null})),
    ]);
    let data = told(CREATED, json!({"attendees": attendees, "attendeeSeatId": "seat-2", "responses": null}));
    assert_eq!(data["person"], ted_as_person());
    assert_eq!(data["attendees"][0]["seat_id"], "seat-1");
}

#[test]
fn who_gives_up_a_seat_is_its_holder_and_not_who_booked_first() {
    let first_bookers = answers_of("Ted Okafor", "ted@okafor.example");
    for attendees in [
        json!([seated(ines(), 9001, "seat-1")]),
        json!([seated(ines(), 9001, "seat-1"), seated(ted(), 9002, "seat-2")]),
        // Without the seat: the sender lists nobody but its holder.
        json!([ines()]),
    ] {
        let changes = json!({"attendees": attendees, "attendeeSeatId": "seat-1", "responses": first_bookers});
        assert_eq!(person(CANCELED, changes), ines_as_person(), "{attendees}");
    }
}

/// The ancestor's older versions name no seat: its holder stands there alone, as the row of the database.
#[test]
fn who_gives_up_a_seat_without_an_id_is_the_one_who_is_listed() {
    let holder = with(ines(), json!({"id": 9001, "bookingId": 501}));
    let changes = json!({"attendees": [holder], "seatsPerTimeSlot": 8});
    assert_eq!(person(CANCELED, changes), ines_as_person(), "the answers are those of who booked first");
    let whole = json!({"attendees": [ines()], "seatsPerTimeSlot": 8});
    assert_eq!(person(CANCELED, whole)["name"], "Ted Okafor", "a meeting is canceled for who booked it");
}

#[test]
fn a_new_seats_person_is_found_by_the_answers_whatever_the_case_and_blanks() {
    for address in ["ted@okafor.example", " Ted@Okafor.EXAMPLE "] {
        let changes = json!({
            "attendees": [seated(ines(), 9001, "seat-1"), ted()],
            "attendeeSeatId": "seat-2",
            "responses": answers_of("T. Okafor", address),
        });
        assert_eq!(person(CREATED, changes), ted_as_person(), "{address:?}");
    }
}

#[test]
fn a_person_whose_seat_is_another_one_did_not_act() {
    let answers = answers_of("Ines Duarte", "INES@duarte.example");
    for trigger in [CREATED, CANCELED, RESCHEDULED] {
        for attendees in [
            json!([seated(ines(), 9001, "seat-1")]),
            json!([seated(ines(), 9001, "seat-1"), ted()]),
            json!([ted(), seated(ines(), 9001, "seat-1")]),
        ] {
            let changes = json!({"attendees": attendees, "attendeeSeatId": "seat-2", "responses": answers});
            assert_eq!(person(trigger, changes), Value::Null, "{trigger} {attendees}");
        }
    }
}

#[test]
fn without_a_seat_the_answers_tell_who_booked() {
    for attendees in [json!([ines(), ted()]), json!([ted(), ines()])] {
        assert_eq!(person(CREATED, json!({"attendees": attendees})), ted_as_person(), "{attendees}");
    }
}

#[test]
fn who_is_in_no_list_is_told_as_the_answers_have_them() {
    let changes = json!({"attendees": [ines(), with(ted(), json!({"email": "guest@okafor.example"}))]});
    assert_eq!(person(CREATED, changes), json!({"name": "Ted Okafor", "email": "ted@okafor.example"}));
    let in_parts = json!({
        "attendees": [ines()],
        "responses": {
            "name": {"label": "your_name", "value": {"firstName": "Ted", "lastName": "Okafor"}},
            "email": {"label": "email_address", "value": "ted@okafor.example"},
        },
    });
    let expected = json!({"name": "Ted Okafor", "first_name": "Ted", "last_name": "Okafor", "email": "ted@okafor.example"});
    assert_eq!(person(CREATED, in_parts), expected);
}

#[test]
fn two_attendees_of_one_address_are_not_taken_for_each_other() {
    let sister =
        json!({"name": "Tola Okafor", "email": "TED@okafor.example", "phoneNumber": "+353871234567"});
    let changes = json!({"attendees": [sister, ted()]});
    assert_eq!(person(CREATED, changes), json!({"name": "Ted Okafor", "email": "ted@okafor.example"}));
}

#[test]
fn without_answers_the_only_attendee_acted_and_of_several_none() {
    assert_eq!(person(CREATED, json!({"responses": null})), ted_as_person());
    assert_eq!(person(CREATED, json!({"responses": null, "attendees": [ted(), ines()]})), Value::Null);
    assert_eq!(person(CREATED, json!({"responses": null, "attendees": []})), Value::Null);
    for nothing in [json!(" "), json!("Ted"), json!(7), json!(["ted@okafor.example"])] {
        let silent = json!({"email": {"label": "email_address", "value": nothing}});
        assert_eq!(person(CREATED, json!({"responses": silent, "attendees": [ted(), ines()]})), Value::Null);
    }
}

#[test]
fn who_pays_is_the_one_whose_address_the_payment_names() {
    for trigger in ["BOOKING_PAID", "BOOKING_PAYMENT_INITIATED"] {
        for named in [
            json!({"metadata": {"bookerEmail": "INES@duarte.example"}}),
            json!({"paymentData": {"data": {"metadata": {"bookerEmail": "ines@duarte.example"}}}}),
        ] {
            let changes = with(named, json!({"attendees": [ted(), ines()]}));
            assert_eq!(person(trigger, changes), ines_as_person());
        }
        let elsewhere =
            json!({"attendees": [ted(), ines()], "metadata": {"bookerEmail": "desk@okafor.example"}});
        assert_eq!(person(trigger, elsewhere), json!({"email": "desk@okafor.example"}));
        let answered = json!({"attendees": [ines()], "metadata": {"bookerEmail": "Ted@okafor.example"}});
        assert_eq!(person(trigger, answered), json!({"name": "Ted Okafor", "email": "ted@okafor.example"}));
    }
    let not_a_payment =
        json!({"attendees": [ted(), ines()], "metadata": {"bookerEmail": "ines@duarte.example"}});
    assert_eq!(person(CREATED, not_a_payment), ted_as_person(), "the embedding site may add any key");
}

#[test]
fn everybody_is_listed_with_their_seats_and_without_their_row_numbers() {
    let attendees = told(
        CREATED,
        json!({"attendees": [
            with(seated(ines(), 9001, "seat-1"), json!({"locale": "pt", "language": {"locale": "en"}})),
            ted(),
        ]}),
    )["attendees"]
        .clone();
    assert_eq!(
        attendees,
        json!([
            {"person": {"name": "Ines Duarte", "email": "ines@duarte.example", "timezone": "Europe/Lisbon", "language": "pt"}, "seat_id": "seat-1"},
            {"person": ted_as_person()},
        ]),
        "the sender writes the new booker's language beside the row's own"
    );
}

#[test]
fn who_canceled_or_moved_it_comes_with_what_the_body_knows_of_them() {
    for (member, target, trigger) in
        [("cancelledBy", "canceled_by", CANCELED), ("rescheduledBy", "rescheduled_by", RESCHEDULED)]
    {
        for (address, expected) in [
            ("Nuala@kiln.example", json!({"id": "77", "name": "Nuala Byrne", "email": "nuala@kiln.example"})),
            (" INES@duarte.example", ines_as_person()),
            ("desk@kiln.example", json!({"email": "desk@kiln.example"})),
        ] {
            let mut changes = json!({"attendees": [ted(), ines()]});
            changes[member] = json!(address);
            assert_eq!(told(trigger, changes)["booking"][target], expected, "{address}");
        }
    }
}

#[test]
fn who_is_named_by_no_address_is_left_to_raw() {
    for value in [
        json!("77"),
        json!(77),
        json!("host"),
        json!("Nuala Byrne"),
        json!(" "),
        json!("@kiln.example"),
        json!("a b@c"),
    ] {
        let booking = told(CANCELED, json!({"cancelledBy": value}))["booking"].clone();
        assert_eq!(booking.get("canceled_by"), None, "{value}");
    }
}
