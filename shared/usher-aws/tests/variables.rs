//! The table of environment variables in the documentation of `config` says what the code does.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use usher_aws::config::{ConfigError, ProviderConfig, RelayConfig};
use usher_core::providers::Allfly;
use usher_core::providers::{Luma, Lunacal};

/// A row of the table.
struct Row {
    name: &'static str,
    /// The unit, or the form of the value.
    unit: &'static str,
    default: &'static str,
    functions: &'static str,
}

/// Reads the table from the module's documentation.
fn table() -> Vec<Row> {
    let lines = include_str!("../src/config.rs").lines();
    let rows = lines.filter_map(|line| line.strip_prefix("//! | `")?.strip_suffix(" |"));
    let rows = rows.map(|row| {
        let columns: Vec<&str> = row.split(" | ").collect();
        let [name, _, unit, default, functions] = columns[..] else { panic!("{row} has other columns") };
        Row { name: name.trim_end_matches('`'), unit, default, functions }
    });
    rows.collect()
}

impl Row {
    fn is_required(&self) -> bool {
        self.default.starts_with("required")
    }

    /// Returns the default, if it is a value.
    fn default_value(&self) -> Option<&'static str> {
        self.default.strip_prefix('`')?.strip_suffix('`').filter(|default| !default.starts_with("AWS_"))
    }

    /// Returns the smallest and the largest number that the table allows.
    fn range(&self) -> Option<(u64, u64)> {
        let (_, range) = self.unit.split_once(", ")?;
        let (min, max) = range.split_once(" to ")?;
        Some((min.parse().ok()?, max.parse().ok()?))
    }
}

type Variables = BTreeMap<&'static str, String>;

/// Returns a value for each variable that the table calls required.
fn required() -> Variables {
    let required = table().into_iter().filter(Row::is_required);
    required.map(|row| (row.name, "https://example.com/value".to_owned())).collect()
}

/// Returns the settings of a provider's function that a variable with a default changes.
fn providers_settings(variables: &Variables) -> Result<String, ConfigError> {
    let config = ProviderConfig::from_environment::<Luma>(&|name: &str| variables.get(name).cloned())?;
    Ok(format!("{:?} {}", config.policy, config.metrics_namespace))
}

/// Returns the settings of the relay that a variable with a default changes.
fn relays_settings(variables: &Variables) -> Result<String, ConfigError> {
    let config = RelayConfig::from_environment(&|name: &str| variables.get(name).cloned())?;
    Ok(format!("{:?} {}", config.retention, config.metrics_namespace))
}

/// Returns the names of the variables that a function reads. It reads `AWS_DEFAULT_REGION` only if `AWS_REGION` is
/// missing, so that is left out.
fn asked(configure: impl Fn(&dyn Fn(&str) -> Option<String>) -> Option<ConfigError>) -> BTreeSet<String> {
    let asked = RefCell::new(BTreeSet::new());
    let mut variables = required();
    variables.remove("AWS_REGION");
    variables.insert("AWS_DEFAULT_REGION", "eu-central-1".to_owned());
    let error = configure(&|name: &str| {
        asked.borrow_mut().insert(name.to_owned());
        variables.get(name).cloned()
    });
    assert_eq!(error, None, "an error would end the reading early");
    asked.into_inner()
}

/// Returns the names of the table's variables for which `is_read` holds.
fn listed(is_read: impl Fn(&Row) -> bool) -> BTreeSet<String> {
    table().iter().filter(|row| is_read(row)).map(|row| row.name.to_owned()).collect()
}

#[test]
fn the_table_lists_each_variable_that_a_function_reads_and_no_other() {
    let of_providers = listed(|row| row.functions == "all" || row.functions.starts_with("providers"));
    let by_luma = asked(|get| ProviderConfig::from_environment::<Luma>(&|name: &str| get(name)).err());
    let by_lunacal = asked(|get| ProviderConfig::from_environment::<Lunacal>(&|name: &str| get(name)).err());
    let by_allfly = asked(|get| ProviderConfig::from_environment::<Allfly>(&|name: &str| get(name)).err());
    assert_eq!(by_luma, of_providers);
    assert_eq!(by_lunacal, of_providers);
    assert_eq!(by_allfly, of_providers);
    let mut by_relay = asked(|get| RelayConfig::from_environment(&|name: &str| get(name)).err());
    assert!(by_relay.remove("TOLERANCE_SECONDS"), "it looks for what means nothing to it, and refuses it");
    assert_eq!(by_relay, listed(|row| row.functions == "all"));
    assert_eq!(table().len(), of_providers.len(), "each variable has one row, for known functions");
}

#[test]
fn what_the_table_calls_required_is_and_the_rest_is_not() {
    assert_eq!(providers_settings(&required()).err(), None, "nothing else is required");
    for row in table().iter().filter(|row| row.is_required()) {
        let mut variables = required();
        variables.remove(row.name);
        assert!(providers_settings(&variables).is_err(), "{}", row.name);
        assert_eq!(relays_settings(&variables).is_err(), row.functions == "all", "{}", row.name);
    }
}

#[test]
fn setting_a_variable_to_the_default_of_the_table_changes_nothing() {
    let with_defaults: Vec<Row> = table().into_iter().filter(|row| row.default_value().is_some()).collect();
    assert_eq!(with_defaults.len(), 5);
    for row in with_defaults {
        let mut variables = required();
        variables.insert(row.name, row.default_value().expect("it has one").to_owned());
        assert_eq!(providers_settings(&variables), providers_settings(&required()), "{}", row.name);
        assert_eq!(relays_settings(&variables), relays_settings(&required()), "{}", row.name);
    }
}

#[test]
fn the_ranges_of_the_table_are_those_that_are_accepted() {
    let ranges: Vec<_> = table().into_iter().filter_map(|row| Some((row.name, row.range()?))).collect();
    assert_eq!(ranges.len(), 3);
    for (name, (min, max)) in ranges {
        let with = |number: u64| {
            let mut variables = required();
            variables.insert(name, number.to_string());
            providers_settings(&variables).err()
        };
        assert_eq!((with(min), with(max)), (None, None), "{name}");
        let refused = Some(ConfigError::NotANumber { name, min, max });
        assert_eq!((with(min - 1), with(max + 1)), (refused.clone(), refused), "{name}");
    }
}
