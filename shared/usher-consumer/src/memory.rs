//! The store in memory, for tests.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::seen::{Attempt, Begin, Finish, Seen, SeenError, Times};

/// A store that lives as long as the process.
#[derive(Debug, Default)]
pub struct MemorySeen {
    marks: Mutex<BTreeMap<String, Mark>>,
}

#[derive(Debug)]
struct Mark {
    token: String,
    /// The end of the lease; `None` once the event was handled.
    until: Option<Timestamp>,
    expires: Timestamp,
}

impl MemorySeen {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Mark>> {
        self.marks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen for MemorySeen {
    async fn begin(&self, attempt: &Attempt, times: Times) -> Result<Begin, SeenError> {
        let mut marks = self.lock();
        match marks.get(&attempt.key).filter(|mark| mark.expires > times.now) {
            Some(Mark { until: None, .. }) => return Ok(Begin::Handled),
            Some(Mark { token, until: Some(until), .. }) if *until > times.now && *token != attempt.token => {
                return Ok(Begin::Held);
            }
            _ => {}
        }
        let mark = Mark { token: attempt.token.clone(), until: Some(times.until), expires: times.expires };
        marks.insert(attempt.key.clone(), mark);
        Ok(Begin::Yours)
    }

    async fn finish(&self, attempt: &Attempt, times: Times) -> Result<Finish, SeenError> {
        let mut marks = self.lock();
        Ok(match marks.get_mut(&attempt.key).filter(|mark| mark.token == attempt.token) {
            Some(mark) => {
                if mark.until.take().is_some() {
                    mark.expires = times.expires;
                }
                Finish::Done
            }
            None => Finish::Overtaken,
        })
    }

    async fn release(&self, attempt: &Attempt) -> Result<Finish, SeenError> {
        let mut marks = self.lock();
        Ok(match marks.get(&attempt.key) {
            Some(mark) if mark.token == attempt.token && mark.until.is_some() => {
                marks.remove(&attempt.key);
                Finish::Done
            }
            None => Finish::Done,
            Some(_) => Finish::Overtaken,
        })
    }
}
