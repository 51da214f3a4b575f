//! The real binaries, run as Lambda runs them, against a Runtime API and AWS endpoints that belong to the test.
//!
//! [`world::World`] holds the AWS endpoints, each of which can be made to fail in every way an endpoint fails.
//! [`fakes::function::Function`] is one running binary. [`delivery`] makes the providers' deliveries. The other modules
//! are the tests, one promise a module.

mod delivery;
#[cfg(feature = "deployed")]
mod emulated;
#[cfg(feature = "deployed")]
mod interface_emulator;
mod world;

mod accepted;
mod configuration;
mod connected;
mod cost;
mod duplicates;
mod fifo;
mod forged;
mod frozen;
mod growth;
mod killed;
#[cfg(feature = "deployed")]
mod killed_on_the_emulator;
mod malformed;
mod never_answers;
#[cfg(feature = "deployed")]
mod on_the_interface_emulator;
mod one_side_down;
mod relay;
mod secrecy;
mod secrets;
mod traced;
mod trust;
