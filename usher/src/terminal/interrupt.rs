//! The key ^C, while something is being changed.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::signal::ctrl_c;

/// The exit code that a shell reports of a program that ^C ended.
pub(crate) const INTERRUPTED: u8 = 130;

/// The state of the key ^C. The first press lets the current step finish, so that the closing report is true. The second
/// ends the program at once.
pub(crate) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens for ^C from now on.
    pub(crate) fn listen() -> Self {
        let pressed = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&pressed);
        tokio::spawn(async move {
            if ctrl_c().await.is_ok() {
                flag.store(true, Ordering::Relaxed);
            }
            if ctrl_c().await.is_ok() {
                process::exit(INTERRUPTED.into());
            }
        });
        Self(pressed)
    }

    pub(crate) fn is_pressed(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
