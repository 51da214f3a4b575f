//! Providers' ids of persons.

/// A provider's id of a person, such as `luma:usr-x1`. Another provider may use the same id for somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonId {
    provider: String,
    id: String,
}

/// The error for a text that is not a provider's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no person's id: write the provider and its id, such as luma:usr-x1")]
pub struct NoPersonId;

impl PersonId {
    /// Reads `<provider>:<id>`.
    pub fn parse(text: &str) -> Result<Self, NoPersonId> {
        let (provider, id) = text.trim().split_once(':').ok_or(NoPersonId)?;
        if provider.is_empty()
            || id.is_empty()
            || id.contains(['"', '\\'])
            || id.contains(char::is_whitespace)
        {
            return Err(NoPersonId);
        }
        Ok(Self { provider: provider.to_owned(), id: id.to_owned() })
    }

    /// Returns the name of the provider.
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// Returns the id, as the provider writes it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns whether one reading of a body has the id as a value: a whole string, or a whole number. A member's name
    /// does not count.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        let is_number = self.id.bytes().all(|byte| byte.is_ascii_digit());
        text.match_indices(&self.id).any(|(start, found)| {
            let (before, after) = (&text[..start], &text[start + found.len()..]);
            match (before.strip_suffix('"'), after.strip_prefix('"')) {
                (Some(_), Some(after)) => !after.trim_start().starts_with(':'),
                (None, None) if is_number => {
                    before.trim_end().ends_with([':', '[', ','])
                        && after.trim_start().starts_with([',', ']', '}'])
                }
                _ => false,
            }
        })
    }
}
