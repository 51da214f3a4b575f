//! `Cargo.toml` and the files that it names.

use std::collections::BTreeSet;
use std::fs;
use std::sync::LazyLock;

use serde_json::Value;

pub static MANIFEST: LazyLock<Value> = LazyLock::new(|| {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
    toml::from_str(&text.expect("Cargo.toml is there")).expect("Cargo.toml is TOML")
});

/// The only binary that is not a provider's.
pub const RELAY: &str = "relay";

pub fn binaries() -> BTreeSet<String> {
    let bins = MANIFEST["bin"].as_array().expect("the manifest lists binaries");
    bins.iter().map(|bin| bin["name"].as_str().expect("a binary has a name").to_owned()).collect()
}

pub fn providers() -> BTreeSet<String> {
    binaries().into_iter().filter(|name| name != RELAY).collect()
}

/// Returns the names of a folder's files with this extension, without the extension.
pub fn files(folder: &str, extension: &str) -> BTreeSet<String> {
    let folder = format!("{}/{folder}", env!("CARGO_MANIFEST_DIR"));
    let Ok(files) = fs::read_dir(&folder) else { return BTreeSet::new() };
    files
        .filter_map(|file| {
            let name = file.expect("the folder can be read").file_name().into_string().ok()?;
            Some(name.strip_suffix(&format!(".{extension}"))?.to_owned())
        })
        .collect()
}

/// Returns the source of a binary.
pub fn source(binary: &str) -> String {
    let path = format!("{}/functions/{binary}.rs", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(path).expect("a binary has a source")
}
