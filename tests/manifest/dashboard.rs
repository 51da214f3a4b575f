//! The dashboard draws only what is sent, and everything that matters.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::Value;

use crate::manifest::providers;
use crate::metrics::{Metric, SENT, is_sent};
use crate::template::{logical, properties};

/// The widgets. References in them are left as they are written.
static WIDGETS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let body = &properties("Overview")["DashboardBody"];
    let mut text = body[0].as_str().expect("a dashboard has a body").to_owned();
    for (name, charts) in body[1].as_object().expect("a provider's charts are put in") {
        let charts = charts[1].as_str().expect("charts are text, or nothing where the provider is off");
        text = text.replace(&format!("${{{name}}}"), charts);
    }
    let body: Value = serde_json::from_str(&text).expect("the body is JSON");
    body["widgets"].as_array().expect("it has widgets").clone()
});

/// Returns what is drawn: metrics by name, and searches among all metrics.
fn drawn() -> (Vec<Metric>, Vec<Search>) {
    let graphs =
        WIDGETS.iter().flat_map(|widget| widget["properties"]["metrics"].as_array().expect("a graph"));
    let (mut named, mut searches) = (Vec::new(), Vec::new());
    for graph in graphs.map(|graph| graph.as_array().expect("a list")) {
        match &graph[0] {
            Value::Object(search) => {
                searches.push(Search::read(search["expression"].as_str().expect("a search")));
            }
            _ => named.push(named_metric(graph)),
        }
    }
    (named, searches)
}

/// Reads `[namespace, name, dimension, value, …, options]`.
fn named_metric(graph: &[Value]) -> Metric {
    let words: Vec<String> = graph.iter().filter_map(Value::as_str).map(resolved).collect();
    let dimensions = words[2..].chunks(2).map(|pair| (pair[0].clone(), pair[1].clone()));
    Metric { namespace: words[0].clone(), name: words[1].clone(), dimensions: dimensions.collect() }
}

/// Returns a name that stands alone in `${…}`, as it is written elsewhere in the template.
fn resolved(word: &str) -> String {
    let alone = word.strip_prefix("${").and_then(|word| word.strip_suffix('}'));
    alone.unwrap_or(word).to_owned()
}

/// A search: `SEARCH('{"namespace",dimension,dimension} provider="…" MetricName="…"', 'Sum', 300)`.
#[derive(Debug)]
struct Search {
    namespace: String,
    dimensions: BTreeSet<String>,
    provider: Option<String>,
    name: String,
}

impl Search {
    fn read(expression: &str) -> Self {
        let inside = expression.strip_prefix("SEARCH('{").and_then(|rest| rest.split_once("} "));
        let (schema, rest) = inside.unwrap_or_else(|| panic!("a search has a schema: {expression}"));
        let (terms, sums) = rest.split_once('\'').expect("a search ends with a quote");
        assert_eq!(sums, ", 'Sum', 300)");
        let mut schema = schema.split(',').map(|word| word.trim_matches('"').to_owned());
        let term = |name: &str| {
            let (_, rest) = terms.split_once(&format!("{name}=\""))?;
            Some(rest.split('"').next().expect("split gives one").to_owned())
        };
        Self {
            namespace: schema.next().expect("a schema begins with the namespace"),
            dimensions: schema.collect(),
            provider: term("provider"),
            name: term("MetricName").expect("a search names its metric"),
        }
    }

    fn finds(&self, metric: &Metric) -> bool {
        let of_provider =
            self.provider.is_none() || metric.dimensions.get("provider") == self.provider.as_ref();
        metric.namespace == self.namespace
            && metric.name == self.name
            && of_provider
            && metric.dimensions.keys().eq(&self.dimensions)
    }
}

#[test]
fn everything_drawn_is_sent() {
    let (named, searches) = drawn();
    for metric in named {
        assert!(is_sent(&metric), "{metric:?} is drawn and never sent");
    }
    for search in searches {
        assert!(SENT.iter().any(|metric| search.finds(metric)), "{search:?} finds nothing");
    }
}

/// Sums exist for alarms. Their parts are drawn instead.
#[test]
fn everything_sent_is_drawn() {
    let (named, searches) = drawn();
    for metric in SENT.iter().filter(|metric| !metric.dimensions.keys().eq(["provider"])) {
        let is_drawn = named.contains(metric) || searches.iter().any(|search| search.finds(metric));
        assert!(is_drawn, "{metric:?} is not drawn");
    }
}

#[test]
fn every_provider_s_latency_is_drawn() {
    let (named, _) = drawn();
    for provider in providers() {
        let dimensions = [("FunctionName".to_owned(), logical(&provider, "Function"))];
        let name = "UrlRequestLatency".to_owned();
        let latency = Metric { namespace: "AWS/Lambda".to_owned(), name, dimensions: dimensions.into() };
        assert!(named.contains(&latency), "{provider}");
    }
}

#[test]
fn widgets_stand_beside_each_other() {
    let number = |widget: &Value, name: &str| widget[name].as_u64().expect("a widget has a place");
    let places: BTreeSet<(u64, u64)> =
        WIDGETS.iter().map(|widget| (number(widget, "x"), number(widget, "y"))).collect();
    assert_eq!(places.len(), WIDGETS.len(), "none hides another");
    assert!(WIDGETS.iter().all(|widget| number(widget, "x") + number(widget, "width") <= 24));
}
