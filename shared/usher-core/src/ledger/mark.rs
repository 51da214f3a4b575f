//! The mark that an item bears of the secrets that verified its delivery: for an operator who asks which secrets are still
//! in use.
//!
//! `s` stands for the signing secret and `t` for the URL token, `+` for the newest and `-` for an older one, and the name of
//! the account follows: `s-berlin`, or `s+,t-` without names. The newest of an account without a name leaves no mark, so
//! that most items are as small as without any: DynamoDB charges for each begun kilobyte.

use crate::secret::{Age, Name, Used};
use crate::signature::VerifiedBy;

const SECRET: char = 's';
const TOKEN: char = 't';
const NEWEST: char = '+';
const OLDER: char = '-';

/// Writes the mark; `None` if there is nothing to say.
pub fn write(by: &VerifiedBy) -> Option<String> {
    let says_more = |used: &&Used| used.age == Age::Older || used.name.is_some();
    let part = |kind: char, used: &Option<Used>| {
        let used = used.as_ref()?;
        let age = if used.age == Age::Newest { NEWEST } else { OLDER };
        Some(format!("{kind}{age}{}", used.name.as_ref().map_or("", Name::as_str)))
    };
    [&by.secret, &by.token].into_iter().flatten().find(says_more)?;
    let parts = [part(SECRET, &by.secret), part(TOKEN, &by.token)];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join(","))
}

/// Reads a mark. What it does not say, or says in a way that is unknown, is left out.
pub fn read(mark: Option<&str>) -> VerifiedBy {
    let mut by = VerifiedBy::default();
    for part in mark.into_iter().flat_map(|mark| mark.split(',')) {
        let mut letters = part.chars();
        let (kind, age) = (letters.next(), letters.next());
        let age = match age {
            Some(NEWEST) => Age::Newest,
            Some(OLDER) => Age::Older,
            _ => continue,
        };
        let used = Some(Used { name: letters.as_str().parse().ok(), age });
        match kind {
            Some(SECRET) => by.secret = used,
            Some(TOKEN) => by.token = used,
            _ => {}
        }
    }
    by
}
