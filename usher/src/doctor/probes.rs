//! All probes, in the order in which they are sent.

mod duplicates;
mod limits;
mod time;
mod transport;
mod verification;

use super::probe::Probe;

pub(crate) use duplicates::AGAIN;

/// Returns the probes of all groups. The groups have the titles that the report shows.
pub(crate) fn all() -> impl Iterator<Item = Probe> {
    let groups: [(&'static str, Vec<Probe>); 5] = [
        ("verification", verification::probes()),
        ("time and replay", time::probes()),
        ("duplicates", duplicates::probes()),
        ("transport", transport::probes()),
        ("limits", limits::probes()),
    ];
    groups.into_iter().flat_map(|(group, probes)| probes.into_iter().map(move |probe| probe.in_group(group)))
}
