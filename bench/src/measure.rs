//! The quantities that are measured of a sandbox.

use std::time::Duration;

use crate::life::{Life, Phase};

/// One quantity: a row of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    InitTime,
    InitProcessorTime,
    FirstTime,
    FirstProcessorTime,
    WarmTime,
    WarmProcessorTime,
    WarmProcessorTimePerCall,
    PeakMemory,
}

impl Measure {
    pub const ALL: [Self; 8] = [
        Self::InitTime,
        Self::InitProcessorTime,
        Self::FirstTime,
        Self::FirstProcessorTime,
        Self::WarmTime,
        Self::WarmProcessorTime,
        Self::WarmProcessorTimePerCall,
        Self::PeakMemory,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::InitTime => "start to first `/next` (INIT)",
            Self::InitProcessorTime => "processor time of INIT",
            Self::FirstTime => "first event",
            Self::FirstProcessorTime => "processor time of the first event",
            Self::WarmTime => "warm event",
            Self::WarmProcessorTime => "processor time of a warm event",
            Self::WarmProcessorTimePerCall => "the same per AWS call",
            Self::PeakMemory => "peak memory",
        }
    }

    pub fn unit(self) -> &'static str {
        if self == Self::PeakMemory { "MB" } else { "ms" }
    }

    /// Returns all of a sandbox's values of this quantity, in its unit.
    pub fn values(self, life: &Life) -> Vec<f64> {
        if self == Self::WarmTime {
            return life.warm_times.iter().copied().map(milliseconds).collect();
        }
        vec![self.value(life)]
    }

    /// Returns one value for a sandbox. If there are several, it is their mean.
    pub fn value(self, life: &Life) -> f64 {
        let events = |phase: &Phase| f64::from(phase.events.max(1));
        match self {
            Self::InitTime => milliseconds(life.init.time),
            Self::InitProcessorTime => milliseconds(life.init.processor_time),
            Self::FirstTime => milliseconds(life.first.time),
            Self::FirstProcessorTime => milliseconds(life.first.processor_time),
            Self::WarmTime => milliseconds(life.warm.time) / events(&life.warm),
            Self::WarmProcessorTime => milliseconds(life.warm.processor_time) / events(&life.warm),
            Self::WarmProcessorTimePerCall => {
                milliseconds(life.warm.processor_time) / f64::from(life.warm.calls.max(1))
            }
            Self::PeakMemory => megabytes(life.peak_memory),
        }
    }
}

/// Returns decimal megabytes, in which Lambda bills.
#[expect(clippy::cast_precision_loss, reason = "it is shown with three digits")]
pub fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

pub fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
