//! DynamoDB's expressions, as far as Usher uses them.

use serde_json::{Map, Value};

use crate::item::{Item, number};

/// The meanings that a request gives to the placeholders of its expressions.
pub struct Placeholders<'r> {
    names: &'r Value,
    values: &'r Value,
}

impl<'r> Placeholders<'r> {
    /// Reads a request's placeholders. Returns `None` if one is undefined, or defined and not used: DynamoDB refuses
    /// both.
    pub fn of(input: &'r Value) -> Option<Self> {
        let placeholders =
            Self { names: &input["ExpressionAttributeNames"], values: &input["ExpressionAttributeValues"] };
        let expressions =
            ["ConditionExpression", "UpdateExpression", "KeyConditionExpression", "FilterExpression"];
        let tokens: Vec<&str> =
            expressions.iter().filter_map(|name| input[*name].as_str()).flat_map(tokens).collect();
        let used = |sign: char| {
            let mut used: Vec<&str> =
                tokens.iter().copied().filter(|token| token.starts_with(sign)).collect();
            used.sort_unstable();
            used.dedup();
            used
        };
        let defined = |given: &'r Value| -> Vec<&str> {
            let mut defined: Vec<&str> =
                given.as_object().into_iter().flat_map(Map::keys).map(String::as_str).collect();
            defined.sort_unstable();
            defined
        };
        (used('#') == defined(placeholders.names) && used(':') == defined(placeholders.values))
            .then_some(placeholders)
    }

    fn name<'a>(&'a self, token: &'a str) -> &'a str {
        if token.starts_with('#') { self.names[token].as_str().expect("a name is a string") } else { token }
    }

    fn operand<'a>(&'a self, token: &'a str, item: &'a Item) -> Option<&'a Value> {
        if token.starts_with(':') { self.values.get(token) } else { item.get(self.name(token)) }
    }

    /// Returns whether a condition holds for an item. A comparison with a missing attribute is false.
    pub fn hold(&self, condition: &str, item: &Item) -> bool {
        let tokens = tokens(condition);
        let mut rest = tokens.as_slice();
        let holds = self.any(&mut rest, item);
        assert!(rest.is_empty(), "not understood: {rest:?} of {condition}");
        holds
    }

    fn any(&self, rest: &mut &[&str], item: &Item) -> bool {
        let mut holds = self.all(rest, item);
        while take(rest, "OR") {
            holds |= self.all(rest, item);
        }
        holds
    }

    fn all(&self, rest: &mut &[&str], item: &Item) -> bool {
        let mut holds = self.one(rest, item);
        while take(rest, "AND") {
            holds &= self.one(rest, item);
        }
        holds
    }

    fn one(&self, rest: &mut &[&str], item: &Item) -> bool {
        match *rest {
            ["(", inner @ ..] => {
                *rest = inner;
                let holds = self.any(rest, item);
                assert!(take(rest, ")"), "a parenthesis is not closed");
                holds
            }
            ["attribute_exists", "(", name, ")", after @ ..] => {
                *rest = after;
                item.contains_key(self.name(name))
            }
            ["attribute_not_exists", "(", name, ")", after @ ..] => {
                *rest = after;
                !item.contains_key(self.name(name))
            }
            ["begins_with", "(", name, ",", start, ")", after @ ..] => {
                *rest = after;
                let text = |token| self.operand(token, item).and_then(|value| value["S"].as_str());
                text(name).zip(text(start)).is_some_and(|(text, start)| text.starts_with(start))
            }
            [left, sign @ ("=" | "<" | "<=" | ">" | ">="), right, after @ ..] => {
                *rest = after;
                let Some((left, right)) = self.operand(left, item).zip(self.operand(right, item)) else {
                    return false;
                };
                match *sign {
                    "=" => left == right,
                    "<" => number(left) < number(right),
                    "<=" => number(left) <= number(right),
                    ">=" => number(left) >= number(right),
                    _ => number(left) > number(right),
                }
            }
            _ => panic!("not understood: {rest:?}"),
        }
    }

    /// Applies an update expression to an item.
    pub fn update(&self, expression: &str, item: &mut Item) {
        let mut section = "";
        let tokens = tokens(expression);
        let mut rest = tokens.as_slice();
        while let [first, after @ ..] = rest {
            rest = match (*first, section, after) {
                ("SET" | "REMOVE" | "ADD", ..) => {
                    section = first;
                    after
                }
                (",", ..) => after,
                (name, "SET", ["=", "if_not_exists", "(", there, ",", value, ")", after @ ..]) => {
                    let there = item.get(self.name(there));
                    let value = there.or_else(|| self.operand(value, item)).expect("SET takes what is there");
                    item.insert(self.name(name).to_owned(), value.clone());
                    after
                }
                (name, "SET", ["=", value, after @ ..]) => {
                    let value = self.operand(value, item).expect("SET takes what is there").clone();
                    item.insert(self.name(name).to_owned(), value);
                    after
                }
                (name, "REMOVE", after) => {
                    item.remove(self.name(name));
                    after
                }
                (name, "ADD", [value, after @ ..]) => {
                    let before = item.get(self.name(name)).map_or(0, number);
                    let sum = before + number(&self.values[*value]);
                    item.insert(self.name(name).to_owned(), serde_json::json!({ "N": sum.to_string() }));
                    after
                }
                _ => panic!("not understood: {rest:?}"),
            };
        }
    }
}

fn take(rest: &mut &[&str], token: &str) -> bool {
    let found = rest.first() == Some(&token);
    if found {
        *rest = &rest[1..];
    }
    found
}

fn tokens(expression: &str) -> Vec<&str> {
    let alone = ['(', ')', ','];
    expression
        .split_whitespace()
        .flat_map(|word| word.split_inclusive(alone))
        .flat_map(|part| match part.char_indices().next_back() {
            Some((end, last)) if alone.contains(&last) => vec![&part[..end], &part[end..]],
            _ => vec![part],
        })
        .filter(|token| !token.is_empty())
        .collect()
}
