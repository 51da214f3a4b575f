//! The places of a JSON text: where each value stands, and how it is named.

use std::ops::Range;

use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged as _;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

/// One value of a JSON text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Place {
    /// The names that lead to it, as [`Drift::path`](usher_core::event::Drift) has them: `[]` for any element of a list.
    pub(super) path: String,
    /// The same with the number of each element: `[0]`.
    pub(super) exact: String,
    /// The bytes of its name and quotation marks, where it is a member of an object.
    pub(super) name: Option<Range<usize>>,
    /// The bytes of the value.
    pub(super) value: Range<usize>,
    pub(super) scalar: Option<Scalar>,
}

/// A value without parts.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Scalar {
    Text(String),
    /// The number as it is written.
    Number(String),
    Bool(bool),
    Null,
}

/// Parses a JSON text (RFC 8259). `None` if it is none, or nests too deeply.
pub(super) fn parse(text: &str) -> Option<Value<'_>> {
    let strict = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    parse_to_ast(text, &CollectOptions::default(), &strict).ok()?.value
}

/// Lists the places of a text, in its order.
pub(super) fn places(root: &Value<'_>) -> Vec<Place> {
    let mut places = Vec::new();
    collect(root, "", "", None, &mut places);
    places
}

/// The number of characters of a name in a drift's path.
const MAX_NAME: usize = 64;

fn collect(value: &Value<'_>, path: &str, exact: &str, name: Option<Range<usize>>, places: &mut Vec<Place>) {
    places.push(Place {
        path: path.to_owned(),
        exact: exact.to_owned(),
        name,
        value: value.start()..value.end(),
        scalar: scalar(value),
    });
    match value {
        Value::Object(object) => {
            for member in &object.properties {
                let name = member.name.as_str();
                let cut: String = name.chars().take(MAX_NAME).collect();
                let range = member.name.start()..member.name.end();
                collect(&member.value, &joined(path, &cut), &joined(exact, name), Some(range), places);
            }
        }
        Value::Array(list) => {
            for (index, element) in list.elements.iter().enumerate() {
                collect(element, &format!("{path}[]"), &format!("{exact}[{index}]"), None, places);
            }
        }
        _ => {}
    }
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn scalar(value: &Value<'_>) -> Option<Scalar> {
    match value {
        Value::StringLit(text) => Some(Scalar::Text(text.value.to_string())),
        Value::NumberLit(number) => Some(Scalar::Number(number.value.to_owned())),
        Value::BooleanLit(is) => Some(Scalar::Bool(is.value)),
        Value::NullKeyword(_) => Some(Scalar::Null),
        Value::Object(_) | Value::Array(_) => None,
    }
}
