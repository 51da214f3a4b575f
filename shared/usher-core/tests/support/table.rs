//! A provider's table of documented fields, laid over a body.

use serde_json::Value;
use usher_core::event::Facts;
use usher_core::parsed_body::ParsedBody;
use usher_core::provider::Provider;
use usher_core::provider::Reading;
use usher_core::provider::shape::{Expect, Known, Shape};
use usher_core::providers::{Luma, Lunacal};

use super::samples::{Sample, samples};

/// A documented field where it occurs in a body.
#[derive(Clone)]
pub struct Found {
    /// Where exactly, as a JSON pointer.
    pub pointer: String,
    /// The same as drift tells it: `[]` for any element, `*` for any name.
    pub path: String,
    pub known: Known,
}

/// A sample of a type that the provider documents.
#[derive(Clone)]
pub struct Documented {
    pub provider: &'static str,
    pub name: String,
    pub provider_type: String,
    pub body: Value,
    pub shape: Shape,
}

impl Documented {
    pub fn facts(&self) -> Facts {
        facts(self.provider, &self.body)
    }

    pub fn found(&self) -> Vec<Found> {
        found(&self.body, self.shape)
    }
}

/// All samples of documented types: not the ping, not a template of somebody's own.
pub fn documented() -> Vec<Documented> {
    samples().into_iter().filter_map(|sample| document(&sample)).collect()
}

fn document(sample: &Sample) -> Option<Documented> {
    let body: Value = serde_json::from_slice(&sample.body).expect("samples are JSON");
    let Reading::Event(facts) = read(sample.provider, &sample.body) else { return None };
    Some(Documented {
        provider: sample.provider,
        name: sample.name.clone(),
        shape: shape(sample.provider, &facts.provider_type)?,
        provider_type: facts.provider_type,
        body,
    })
}

fn shape(provider: &str, provider_type: &str) -> Option<Shape> {
    match provider {
        "luma" => Luma::documented(provider_type),
        "lunacal" => Lunacal::documented(provider_type),
        // Cal.com's bookings are in Lunacal's table, which Lunacal's samples show.
        _ => None,
    }
}

pub fn read(provider: &str, body: &[u8]) -> Reading {
    let document = &ParsedBody::parse(body);
    match provider {
        "luma" => Luma::read(document),
        "lunacal" => Lunacal::read(document),
        "allfly" => usher_core::providers::Allfly::read(document),
        "calcom" => usher_core::providers::Calcom::read(document),
        "standard" => usher_core::providers::Standard::read(document),
        other => panic!("no such provider: {other}"),
    }
}

/// What is read of a body of a known type.
pub fn facts(provider: &str, body: &Value) -> Facts {
    match read(provider, body.to_string().as_bytes()) {
        Reading::Event(facts) => *facts,
        other => panic!("not an event: {other:?}"),
    }
}

/// The typed data as JSON, without drift.
pub fn data(facts: &Facts) -> Value {
    let mut data = serde_json::to_value(&facts.data).expect("data is JSON");
    data.as_object_mut().expect("an object").remove("drift");
    data
}

/// Every documented field in a body, those that hold others first.
pub fn found(body: &Value, shape: Shape) -> Vec<Found> {
    let mut all = Vec::new();
    in_object(body, shape, "", "", &mut all);
    all
}

fn in_object(value: &Value, shape: Shape, pointer: &str, path: &str, all: &mut Vec<Found>) {
    for known in shape {
        let Some(value) = value.get(known.name) else { continue };
        let field = Found {
            pointer: format!("{pointer}/{}", escape(known.name)),
            path: join(path, known.name),
            known: *known,
        };
        all.push(field.clone());
        in_value(value, &known.expect, &field.pointer, &field.path, all);
    }
}

fn in_value(value: &Value, expect: &Expect, pointer: &str, path: &str, all: &mut Vec<Found>) {
    match (expect, value) {
        (Expect::Object(shape), _) => in_object(value, shape, pointer, path, all),
        (Expect::Map(shape), Value::Object(map)) => {
            for (name, value) in map {
                in_object(value, shape, &format!("{pointer}/{}", escape(name)), &join(path, "*"), all);
            }
        }
        (Expect::List(element), Value::Array(list)) => {
            for (index, value) in list.iter().enumerate() {
                in_value(value, element, &format!("{pointer}/{index}"), &format!("{path}[]"), all);
            }
        }
        _ => {}
    }
}

/// Every entry of a table, with its path; those that hold others first.
pub fn entries(shape: Shape) -> Vec<(String, Known)> {
    let mut all = Vec::new();
    of_shape(shape, "", &mut all);
    all
}

fn of_shape(shape: Shape, path: &str, all: &mut Vec<(String, Known)>) {
    for known in shape {
        let path = join(path, known.name);
        all.push((path.clone(), *known));
        of_value(&known.expect, &path, all);
    }
}

fn of_value(expect: &Expect, path: &str, all: &mut Vec<(String, Known)>) {
    match expect {
        Expect::Object(shape) => of_shape(shape, path, all),
        Expect::Map(shape) => of_shape(shape, &join(path, "*"), all),
        Expect::List(element) => of_value(element, &format!("{path}[]"), all),
        _ => {}
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The body with another value in one place.
pub fn with(body: &Value, pointer: &str, value: Value) -> Value {
    let mut changed = body.clone();
    *changed.pointer_mut(pointer).expect("the place exists") = value;
    changed
}

/// The body with null in several places.
pub fn without<'a>(body: &Value, pointers: impl IntoIterator<Item = &'a str>) -> Value {
    let mut changed = body.clone();
    for pointer in pointers {
        if let Some(place) = changed.pointer_mut(pointer) {
            *place = Value::Null;
        }
    }
    changed
}

/// All values of an event's data at a path such as `tickets[].price.amount`.
pub fn at<'v>(data: &'v Value, path: &str) -> Vec<&'v Value> {
    let mut values = vec![data];
    for name in path.split('.') {
        let (name, is_list) = name.strip_suffix("[]").map_or((name, false), |name| (name, true));
        values = values.into_iter().filter_map(|value| value.get(name)).collect();
        if is_list {
            values = values.into_iter().filter_map(Value::as_array).flatten().collect();
        }
    }
    values
}
