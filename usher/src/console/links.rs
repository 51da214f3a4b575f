//! The links between an event's typed fields and the places in the body that they came from.
//!
//! The provider's table of documented fields says where each goes. Where it leaves several places, or the provider has no
//! table, the values decide. What neither decides is not linked.

use std::collections::HashMap;

use jiff::Timestamp;
use jsonc_parser::ast::Value;
use usher_core::provider::Shape;
use usher_core::provider::shape::Expect;

use super::places::{Place, Scalar, places};

/// A typed field, and where it came from.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Link {
    /// The field.
    pub(super) field: Place,
    /// The places in the body. Several, if it may have come from any of them.
    pub(super) from: Vec<Place>,
    pub(super) basis: Basis,
}

/// The reason to take a place for a field's origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Basis {
    /// The provider's documented field goes there.
    Documented,
    /// The value is the same.
    Value,
}

/// The path in an event before its typed fields.
const DATA: &str = "data.";

/// Links the typed fields of an event to a body.
pub(super) fn links(event: &Value<'_>, body: &Value<'_>, shape: Option<Shape>) -> Vec<Link> {
    let origins = Origins::of(body, shape);
    let fields = places(event).into_iter().filter(|place| {
        place.scalar.is_some() && place.path.starts_with(DATA) && !place.path.starts_with("data.drift")
    });
    fields.filter_map(|field| origins.link(field)).collect()
}

/// The scalar places of a body, by the field that they go to.
struct Origins {
    all: Vec<Place>,
    /// The positions in `all` by documented target.
    by_target: HashMap<&'static str, Vec<usize>>,
}

impl Origins {
    fn of(body: &Value<'_>, shape: Option<Shape>) -> Self {
        let mut targets = HashMap::new();
        if let Some(shape) = shape {
            object(body, shape, &mut targets);
        }
        let has_value = |place: &Place| !matches!(place.scalar, None | Some(Scalar::Null));
        let all: Vec<Place> = places(body).into_iter().filter(has_value).collect();
        let mut by_target: HashMap<&'static str, Vec<usize>> = HashMap::new();
        for (index, place) in all.iter().enumerate() {
            if let Some(target) = targets.get(&place.value.start) {
                by_target.entry(target).or_default().push(index);
            }
        }
        Self { all, by_target }
    }

    fn link(&self, field: Place) -> Option<Link> {
        let value = field.scalar.as_ref()?;
        let target = &field.path[DATA.len()..];
        let documented = self.by_target.get(target).or_else(|| {
            // A list of values is documented without the brackets.
            self.by_target.get(target.strip_suffix("[]")?)
        });
        let (from, basis) = match documented {
            Some(places) if places.len() == 1 => (places.clone(), Basis::Documented),
            Some(places) => {
                let same = self.with_value(places.iter().copied(), value);
                (self.of_same_element(same, &field), Basis::Documented)
            }
            None if is_telling(value) => (self.with_value(0..self.all.len(), value), Basis::Value),
            None => return None,
        };
        let from: Vec<Place> = from.into_iter().map(|index| self.all[index].clone()).collect();
        if from.is_empty() { None } else { Some(Link { field, from, basis }) }
    }

    /// Narrows places down to those of the same elements of lists as the field, if there are any: lists keep their order.
    fn of_same_element(&self, places: Vec<usize>, field: &Place) -> Vec<usize> {
        let wanted = elements(&field.exact);
        let same: Vec<usize> =
            places.iter().copied().filter(|index| elements(&self.all[*index].exact) == wanted).collect();
        if same.is_empty() { places } else { same }
    }

    fn with_value(&self, among: impl Iterator<Item = usize>, value: &Scalar) -> Vec<usize> {
        let is_same =
            |index: &usize| self.all[*index].scalar.as_ref().is_some_and(|found| are_same(found, value));
        among.filter(is_same).collect()
    }
}

/// Returns the numbers of the elements that a path goes through.
fn elements(exact: &str) -> Vec<&str> {
    exact.split('[').skip(1).filter_map(|rest| Some(rest.split_once(']')?.0)).collect()
}

/// Returns whether a value is long enough that finding it elsewhere is no accident.
fn is_telling(value: &Scalar) -> bool {
    match value {
        Scalar::Text(text) | Scalar::Number(text) => text.chars().count() >= 3,
        Scalar::Bool(_) | Scalar::Null => false,
    }
}

/// Returns whether a body's value is the field's: itself, as text or number, or as a time in another form.
fn are_same(found: &Scalar, field: &Scalar) -> bool {
    match (found, field) {
        (Scalar::Bool(one), Scalar::Bool(other)) => one == other,
        (Scalar::Text(one) | Scalar::Number(one), Scalar::Text(other) | Scalar::Number(other)) => {
            let (one, other) = (one.trim(), other.trim());
            one.eq_ignore_ascii_case(other) || (is_telling(field) && is_same_time(one, other))
        }
        _ => false,
    }
}

fn is_same_time(found: &str, field: &str) -> bool {
    let Ok(field) = field.parse::<Timestamp>() else { return false };
    match (found.parse::<Timestamp>(), found.parse::<i64>()) {
        (Ok(time), _) => time == field,
        (_, Ok(number)) => number == field.as_second() || number == field.as_millisecond(),
        _ => false,
    }
}

/// Collects where the documented fields of an object go, by the byte at which each value begins.
fn object(value: &Value<'_>, shape: Shape, targets: &mut HashMap<usize, &'static str>) {
    let Value::Object(object) = value else { return };
    for member in &object.properties {
        if let Some(known) = shape.iter().find(|known| known.name == member.name.as_str()) {
            // What only has parts of its own has an empty target.
            let target = known.to.filter(|target| !target.is_empty());
            parts(&member.value, &known.expect, target, targets);
        }
    }
}

fn parts(
    value: &Value<'_>,
    expect: &Expect,
    target: Option<&'static str>,
    targets: &mut HashMap<usize, &'static str>,
) {
    match (expect, value) {
        (Expect::Object(shape), _) => object(value, shape, targets),
        (Expect::Map(shape), Value::Object(map)) => {
            map.properties.iter().for_each(|member| object(&member.value, shape, targets));
        }
        (Expect::List(element), Value::Array(list)) => {
            list.elements.iter().for_each(|value| parts(value, element, target, targets));
        }
        _ => {
            let Some(target) = target else { return };
            for place in places(value).into_iter().filter(|place| place.scalar.is_some()) {
                targets.insert(place.value.start, target);
            }
        }
    }
}
