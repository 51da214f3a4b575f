//! Closed lists of words, with `other` for a word that a provider added since.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $($word:literal)|+,)* }) => {
        $(#[$doc])*
        ///
        /// In JSON: the word, or `{"other": "<the provider's word>"}`.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
            /// A word that Usher doesn't know, as the provider spelt it.
            Other(String),
        }

        impl $name {
            /// Returns the word of the list that a provider's word stands for, whichever provider's it is.
            pub fn known(word: &str) -> Option<Self> {
                match word {
                    $($($word)|+ => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// Reads a provider's word, as `other` where the list doesn't have it. Returns `None` for a text that is no
            /// word: free text must never stand where consumers expect one of a few words.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::known(word).or_else(|| is_word(word).then(|| Self::Other(word.to_owned())))
            }
        }
    };
}

/// The length in bytes above which a text is no word of a list.
const MAX_WORD_BYTES: usize = 64;

/// Returns whether a text can be a word of a provider's list: an identifier, as programmers name values. Blanks, signs
/// and letters beyond ASCII are those of free text, digits in front those of numbers.
fn is_word(text: &str) -> bool {
    text.len() <= MAX_WORD_BYTES
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-:".contains(&byte))
}

words! {
    /// The stage of a registration.
    RegistrationStatus {
        /// The person may come.
        Approved = "approved",
        /// The host has still to decide.
        PendingApproval = "pending_approval",
        /// The person was invited and has not answered.
        Invited = "invited",
        /// The host declined it, or the person canceled.
        Declined = "declined",
        /// The event is full; the person waits for a place.
        Waitlisted = "waitlist",
        /// The person is registered for a session of a series.
        Session = "session",
    }
}

words! {
    /// The stage of a booking.
    BookingStatus {
        /// The meeting takes place.
        Accepted = "ACCEPTED" | "accepted",
        /// The host has still to decide.
        Pending = "PENDING" | "pending",
        /// It was called off.
        Canceled = "CANCELLED" | "cancelled",
        /// The host declined it.
        Rejected = "REJECTED" | "rejected",
        /// A team's host has still to be found.
        AwaitingHost = "AWAITING_HOST" | "awaiting_host",
    }
}

/// The part of a booking that an event is about.
///
/// In JSON: the word. Later versions may add words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(transform = super::drift::open))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BookingScope {
    /// One seat of a meeting of several attendees. The others are not affected.
    Seat,
    /// The whole meeting, with all its attendees.
    Meeting,
    /// This meeting of a series and all that follow it.
    RestOfSeries,
    /// A part that a later version of Usher tells apart.
    #[cfg_attr(feature = "schema", schemars(skip))]
    #[serde(other)]
    Unknown,
}

words! {
    /// The stage of a membership in a calendar.
    SubscriberStatus {
        /// The person is a member.
        Approved = "approved",
        /// The host has still to decide.
        Pending = "pending",
        /// The host agreed, and the person has still to pay.
        ApprovedPendingPayment = "approved-pending-payment",
        /// The host declined it.
        Declined = "declined",
    }
}

words! {
    /// The audience that may see an event.
    Visibility {
        /// Anyone.
        Public = "public",
        /// Members of the calendar.
        MembersOnly = "members-only",
        /// Invited people only.
        Private = "private",
    }
}

words! {
    /// The kind of place that something happens at.
    PlaceKind {
        /// In person, at the host's or the attendee's address.
        InPerson = "offline" | "inPerson" | "attendeeInPerson" | "in_person",
        /// By telephone.
        Phone = "phone" | "userPhone" | "attendeePhone" | "organizerPhone",
        /// In the booking service's own video room.
        BuiltInVideo = "integrations:daily" | "daily_video" | "integrations:daily_video",
        Zoom = "zoom" | "integrations:zoom" | "zoom_video" | "integrations:zoom_video",
        GoogleMeet = "meet" | "integrations:google:meet" | "google_meet_video" | "integrations:google_meet_video",
        /// Microsoft Teams.
        Teams = "teams" | "integrations:office365_video" | "office365_video" | "integrations:msteams" | "msteams",
        Webex = "webex" | "integrations:webex_video" | "webex_video",
        Jitsi = "jitsi" | "integrations:jitsi" | "jitsi_video" | "integrations:jitsi_video",
        Whereby = "whereby" | "integrations:whereby_video" | "whereby_video",
        Discord = "discord" | "integrations:discord_video" | "discord_video",
        Twitch = "twitch",
        Twitter = "twitter",
        Youtube = "youtube",
        /// Online, behind a link that the provider can't name.
        Online = "unknown" | "link" | "integrations:link" | "conferencing",
    }
}

words! {
    /// The platform that an event is kept on.
    Platform {
        /// Luma itself.
        Luma = "luma",
        /// Elsewhere: a Luma calendar only lists it.
        External = "external",
    }
}

words! {
    /// The unit of a series' interval.
    Frequency {
        Yearly = "0" | "yearly" | "YEARLY",
        Monthly = "1" | "monthly" | "MONTHLY",
        Weekly = "2" | "weekly" | "WEEKLY",
        Daily = "3" | "daily" | "DAILY",
        Hourly = "4" | "hourly" | "HOURLY",
        Minutely = "5" | "minutely" | "MINUTELY",
        Secondly = "6" | "secondly" | "SECONDLY",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_a_providers_list_that_usher_does_not_know_is_other() {
        for word in ["integrations:tandem", "someThing", "ping_pong"] {
            assert_eq!(PlaceKind::from_word(word), Some(PlaceKind::Other(word.to_owned())));
        }
    }

    #[test]
    fn free_text_is_no_word() {
        for text in [
            "14 Harbour Lane",
            "+353871234567",
            "Ring the bell.",
            "Köln",
            "",
            "12",
            "a@b.example",
            "x.example/y",
        ] {
            assert_eq!(PlaceKind::from_word(text), None, "{text}");
        }
    }
}
