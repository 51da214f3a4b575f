//! The documents of the repository, as text and by section.

use std::fs;

/// Reads a document at the repository's root.
pub fn text(name: &str) -> String {
    let path = format!("{}/{name}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Returns a section's text, without the sections after it of the same level or a higher one.
pub fn section(name: &str, heading: &str) -> String {
    let level = heading.chars().take_while(|sign| *sign == '#').count();
    let text = text(name);
    let (_, rest) = text
        .split_once(&format!("\n{heading}\n"))
        .unwrap_or_else(|| panic!("{name} has a section {heading:?}"));
    let ends = |line: &str| {
        let signs = line.chars().take_while(|sign| *sign == '#').count();
        (1..=level).contains(&signs) && line[signs..].starts_with(' ')
    };
    let mut is_code = false;
    let lines = rest.lines().take_while(|line| {
        is_code ^= line.starts_with("```");
        is_code || !ends(line)
    });
    lines.collect::<Vec<_>>().join("\n")
}
