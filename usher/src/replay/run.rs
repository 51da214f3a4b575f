//! One run of a replay, which may be interrupted and resumed.

use jiff::{SignedDuration, Timestamp};

use crate::terminal::Failure;

/// The time by which two commands may read AWS's clock differently: it comes in whole seconds, with an answer.
const CLOCK_READ_WITHIN: SignedDuration = SignedDuration::from_secs(5);

/// The beginning of a run: it fixes what is replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    /// The time at which the run began for the first time.
    pub(crate) began: Timestamp,
    /// `true` if it goes on with what an earlier command began.
    pub(crate) is_resumed: bool,
}

impl Run {
    /// Begins a run, or goes on with the one that began at `resume`.
    ///
    /// # Errors
    /// If no run can have begun then.
    pub(crate) fn begin(resume: Option<Timestamp>, now: Timestamp) -> Result<Self, Failure> {
        match resume {
            Some(resume) if resume.duration_since(now) > CLOCK_READ_WITHIN => Err(format!(
                "--resume {resume} is in the future: give the time that the interrupted replay printed"
            )
            .into()),
            Some(began) => Ok(Self { began, is_resumed: true }),
            None => Ok(Self { began: now, is_resumed: false }),
        }
    }

    /// Returns the time since which a replay of an event is this run's.
    pub(crate) fn resumed(self) -> Option<Timestamp> {
        self.is_resumed.then_some(self.began)
    }
}
