//! The files of the page, which are part of the program.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};

use super::problem::Problem;

const INDEX: &str = include_str!("page/index.html");

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The files by name, each with its type.
const FILES: [(&str, &str, &str); 13] = [
    ("app.css", "text/css; charset=utf-8", include_str!("page/app.css")),
    ("icon.svg", "image/svg+xml", include_str!("page/icon.svg")),
    ("app.js", SCRIPT, include_str!("page/app.js")),
    ("actions.js", SCRIPT, include_str!("page/actions.js")),
    ("api.js", SCRIPT, include_str!("page/api.js")),
    ("chart.js", SCRIPT, include_str!("page/chart.js")),
    ("delivery.js", SCRIPT, include_str!("page/delivery.js")),
    ("dom.js", SCRIPT, include_str!("page/dom.js")),
    ("filters.js", SCRIPT, include_str!("page/filters.js")),
    ("layout.js", SCRIPT, include_str!("page/layout.js")),
    ("list.js", SCRIPT, include_str!("page/list.js")),
    ("now.js", SCRIPT, include_str!("page/now.js")),
    ("time.js", SCRIPT, include_str!("page/time.js")),
];

pub(super) async fn index() -> Response {
    ([(CONTENT_TYPE, "text/html; charset=utf-8")], INDEX).into_response()
}

pub(super) async fn file(Path(name): Path<String>) -> Response {
    match FILES.iter().find(|(file, ..)| *file == name) {
        Some((_, content_type, text)) => ([(CONTENT_TYPE, *content_type)], *text).into_response(),
        None => Problem::new(StatusCode::NOT_FOUND, "there is no such file").into_response(),
    }
}
