//! Writes the event's JSON Schema anew: `cargo run -p usher-core --features schema --example schema`.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events/event.schema.json");
    std::fs::write(path, usher_core::event::schema::event_text())
}
