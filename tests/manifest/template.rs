//! `template.yaml`, as data.

use std::fs;
use std::sync::LazyLock;

use serde_json::{Map, Value};

/// The template, with the short forms' names left out: `!Ref Queue` reads `Queue`, `!GetAtt Queue.Arn` reads
/// `Queue.Arn`. Whether these name what there is, `sam validate --lint` checks.
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

pub fn parameters() -> &'static Map<String, Value> {
    TEMPLATE["Parameters"].as_object().expect("the template has parameters")
}

/// The properties of a resource.
pub fn properties(resource: &str) -> &'static Value {
    &TEMPLATE["Resources"][resource]["Properties"]
}

/// The resources of a type, by name.
pub fn resources(kind: &str) -> impl Iterator<Item = (&'static str, &'static Value)> {
    let resources = TEMPLATE["Resources"].as_object().expect("the template has resources");
    let resources = resources.iter().map(|(name, resource)| (name.as_str(), resource));
    resources
        .filter(move |(_, resource)| resource["Type"].as_str().is_some_and(|found| found.starts_with(kind)))
}

/// The resource that deploys a binary.
pub fn function(binary: &str) -> &'static Value {
    properties(&logical(binary, "Function"))
}

/// The name of a resource or output of one binary's.
pub fn logical(binary: &str, kind: &str) -> String {
    let (first, rest) = binary.split_at(1);
    format!("{}{rest}{kind}", first.to_uppercase())
}

/// The environment of a function: its own variables and those of all.
pub fn environment(binary: &str) -> Map<String, Value> {
    let own = [globals(), function(binary)].map(|place| place["Environment"]["Variables"].as_object());
    own.into_iter().flatten().flat_map(Clone::clone).collect()
}
