//! Each provider's name, and the way its function reads its configuration.

use usher_aws::config::{ConfigError, ProviderConfig};
use usher_core::provider::Provider;
use usher_core::providers::{Allfly, Calcom, Luma, Lunacal, Standard};

use crate::manifest;

pub struct Code {
    pub name: &'static str,
    /// The name of the provider's type.
    pub type_name: &'static str,
    pub configure: fn(&Variables<'_>) -> Result<ProviderConfig, ConfigError>,
}

/// The environment of a function.
pub type Variables<'v> = dyn Fn(&str) -> Option<String> + 'v;

pub fn providers() -> Vec<Code> {
    let known = vec![of::<Luma>(), of::<Lunacal>(), of::<Allfly>(), of::<Calcom>(), of::<Standard>()];
    let names = known.iter().map(|code| code.name.to_owned()).collect();
    assert_eq!(manifest::providers(), names, "a provider's binary is called as its NAME, and listed here");
    known
}

fn of<P: Provider>() -> Code {
    Code {
        name: P::NAME,
        type_name: std::any::type_name::<P>().rsplit("::").next().expect("rsplit gives one"),
        configure: |variables| ProviderConfig::from_environment::<P>(&|name: &str| variables(name)),
    }
}
