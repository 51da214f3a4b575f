//! Status words: closed lists, and `other` for a word that a provider came up with since.

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
            /// Reads a provider's word, whichever provider's it is.
            pub fn read(word: String) -> Self {
                match &*word {
                    $($($word)|+ => Self::$variant,)*
                    _ => Self::Other(word),
                }
            }
        }
    };
}

words! {
    /// How far a registration is.
    RegistrationStatus {
        Approved = "approved",
        PendingApproval = "pending_approval",
        Invited = "invited",
        Declined = "declined",
        Waitlisted = "waitlist",
        /// Registered for a session of a series.
        Session = "session",
    }
}

words! {
    /// How far a booking is.
    BookingStatus {
        Accepted = "ACCEPTED",
        /// Waiting for the host's decision.
        Pending = "PENDING",
        Canceled = "CANCELLED",
        Rejected = "REJECTED",
    }
}

words! {
    /// How far somebody's membership in a calendar is.
    SubscriberStatus {
        Approved = "approved",
        Pending = "pending",
        ApprovedPendingPayment = "approved-pending-payment",
        Declined = "declined",
    }
}

words! {
    /// Who may see an event.
    Visibility {
        Public = "public",
        MembersOnly = "members-only",
        Private = "private",
    }
}

words! {
    /// What kind of place something happens at.
    PlaceKind {
        InPerson = "offline",
        Zoom = "zoom" | "integrations:zoom",
        GoogleMeet = "meet" | "integrations:google:meet",
        Discord = "discord",
        Twitch = "twitch",
        Twitter = "twitter",
        Youtube = "youtube",
        /// Online, behind a link that the provider can't name.
        Online = "unknown",
    }
}

words! {
    /// Where an event is kept.
    Platform {
        Luma = "luma",
        /// Elsewhere: a Luma calendar only lists it.
        External = "external",
    }
}
