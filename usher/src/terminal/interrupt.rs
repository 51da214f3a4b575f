//! ^C, while something is being changed.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::signal::ctrl_c;

/// What a shell reports of a program that ^C ended.
pub(crate) const INTERRUPTED: u8 = 130;

/// Whether ^C was pressed. The first lets the step at hand finish, so that what is told of the run is true; the second
/// ends the program at once.
pub(crate) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// From now on ^C is waited for.
    pub(crate) fn watch() -> Self {
        let pressed = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&pressed);
        tokio::spawn(async move {
            if ctrl_c().await.is_ok() {
                told.store(true, Ordering::Relaxed);
            }
            if ctrl_c().await.is_ok() {
                process::exit(INTERRUPTED.into());
            }
        });
        Self(pressed)
    }

    pub(crate) fn came(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
