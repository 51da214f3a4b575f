//! The price of a booking, and the sum charged for it.

use crate::event::EventType;
use crate::event::data::{Coupon, Payment};
use crate::provider::fields::Field;
use crate::provider::money::minor;

/// Reads the payment. Returns `None` where there is nothing to pay: free bookings carry `price` 0 or null with a
/// currency all the same.
pub fn payment(payload: Field<'_, '_>, event_type: EventType) -> Option<Payment> {
    let data = payload.get("paymentData");
    let currency = if data.get("currency").text().is_some() { data } else { payload }.get("currency");
    let amount = minor(data.get("amount"), currency);
    let payment = Payment {
        id: payload.get("paymentId").id().or_else(|| data.get("id").id()),
        external_id: data.get("externalId").id().or_else(|| payload.get("metadata").get("externalId").id()),
        // The sender keeps one yes or no for each payment, and gives back all of it.
        refunded: (data.get("refunded").bool() == Some(true)).then(|| amount.clone()).flatten(),
        amount,
        list_price: minor(payload.get("price"), payload.get("currency")).filter(|price| price.amount != 0),
        captured: match event_type {
            EventType::PaymentInitiated => Some(false),
            EventType::PaymentSucceeded => Some(true),
            _ => None,
        },
        coupon: payload.get("couponData").is_object().then(|| coupon(payload.get("couponData"))),
        ..Payment::default()
    };
    (payment != Payment::default()).then_some(payment)
}

fn coupon(coupon: Field<'_, '_>) -> Coupon {
    let is_percentage = coupon.get("discountType").str() == Some("PERCENTAGE_OFF");
    Coupon {
        code: coupon.get("couponCode").text(),
        percent_off: is_percentage.then(|| coupon.get("discountValue").float()).flatten(),
        ..Coupon::default()
    }
}
