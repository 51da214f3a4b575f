//! `template.yaml` as data.

use std::fs;
use std::sync::LazyLock;

use serde_json::{Map, Value};

/// The template without the names of its short forms: `!Ref Queue` becomes `Queue` and `!GetAtt Queue.Arn` becomes
/// `Queue.Arn`. `sam validate --lint` checks that they name something.
static TEMPLATE: LazyLock<Value> =
    LazyLock::new(|| serde_saphyr::from_str(&text()).expect("template.yaml is YAML"));

pub fn text() -> String {
    fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/template.yaml")).expect("template.yaml is there")
}

pub fn globals() -> &'static Value {
    &TEMPLATE["Globals"]["Function"]
}

pub fn outputs() -> &'static Value {
    &TEMPLATE["Outputs"]
}

/// Returns the rules that refuse a deployment.
pub fn rules() -> &'static Map<String, Value> {
    TEMPLATE["Rules"].as_object().expect("the template has rules")
}

pub fn parameters() -> &'static Map<String, Value> {
    TEMPLATE["Parameters"].as_object().expect("the template has parameters")
}

/// Returns the smallest and the largest value of a parameter that takes whole numbers.
pub fn bounds(parameter: &str) -> Option<(u64, u64)> {
    let (_, range) = parameters()[parameter]["ConstraintDescription"].as_str()?.split_once(" from ")?;
    let (min, max) = range.split_once(" to ")?;
    Some((min.parse().ok()?, max.parse().ok()?))
}

/// Returns the properties of a resource.
pub fn properties(resource: &str) -> &'static Value {
    &TEMPLATE["Resources"][resource]["Properties"]
}

/// Returns the resources of a type, by name.
pub fn resources(kind: &str) -> impl Iterator<Item = (&'static str, &'static Value)> {
    let resources = TEMPLATE["Resources"].as_object().expect("the template has resources");
    let resources = resources.iter().map(|(name, resource)| (name.as_str(), resource));
    resources
        .filter(move |(_, resource)| resource["Type"].as_str().is_some_and(|found| found.starts_with(kind)))
}

/// Returns the properties of the function that deploys a binary.
pub fn function(binary: &str) -> &'static Value {
    properties(&logical(binary, "Function"))
}

/// Returns the name of a binary's resource or output.
pub fn logical(binary: &str, kind: &str) -> String {
    let (first, rest) = binary.split_at(1);
    format!("{}{rest}{kind}", first.to_uppercase())
}

/// Returns the environment of a function: its own variables and those of all functions.
pub fn environment(binary: &str) -> Map<String, Value> {
    let own = [globals(), function(binary)].map(|place| place["Environment"]["Variables"].as_object());
    own.into_iter().flatten().flat_map(Clone::clone).collect()
}
