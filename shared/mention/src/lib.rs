//! The search for a person in a stored body.
//!
//! A body holds an address in any form that a sender gave it: in JSON, in a URL, in JSON inside JSON, in HTML. So a body
//! is read in every way that could uncover a text, and each reading is searched.
//!
//! - [`Address`]: an e-mail address, in any case, normal form, and either form of its domain.
//! - [`Phone`]: a telephone number, whatever stands between its digits.
//! - [`PersonId`]: a provider's own id of a person.
//!
//! None finds anybody else's: the end of a longer address is another person's.

mod address;
mod escape;
mod letters;
mod person_id;
mod phone;
mod reading;

pub use address::{Address, NoAddress};
pub use person_id::{NoPersonId, PersonId};
pub use phone::{NoPhone, Phone};
use reading::search;

/// The result of a search in one body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// The person is in it.
    Found,
    /// The person is not in it.
    Absent,
    /// The body can be read in so many ways that not all were searched. The person may be in it.
    Unfinished,
}

/// Everything by which a person is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The e-mail addresses.
    pub addresses: Vec<Address>,
    /// The telephone numbers.
    pub phones: Vec<Phone>,
    /// The providers' ids.
    pub ids: Vec<PersonId>,
}

impl Person {
    /// Searches the body that this provider sent.
    pub fn find(&self, provider: &str, body: &[u8]) -> Finding {
        let ids: Vec<&PersonId> = self.ids.iter().filter(|id| id.provider() == provider).collect();
        search(body, |reading| {
            ids.iter().any(|id| id.is_in(reading))
                || self.addresses.iter().any(|address| address.is_in_text(reading))
                || self.phones.iter().any(|phone| phone.is_in_text(reading))
        })
    }
}
