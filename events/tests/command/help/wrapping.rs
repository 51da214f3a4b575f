//! The layout of a help text, checked as it is printed for a terminal.

/// The beginnings of a line of an example. A line that begins otherwise is the rest of one that was wrapped.
const COMMANDS: [&str; 4] = ["usher ", "events ", "export ", "pbpaste "];

/// Fails if a line is wider than the terminal, if a paragraph has a line that ends too early (its next word would have
/// fitted), or if an example is wrapped.
pub fn assert_wraps_evenly(help: &str, columns: usize) {
    let width = |text: &str| text.chars().count();
    let is_text = |line: &str| !line.is_empty() && !line.starts_with(' ');
    let mut before = "";
    let mut in_examples = false;
    for line in help.lines() {
        assert!(width(line) <= columns, "wider than {columns}: {line:?}");
        if is_text(before) && is_text(line) {
            let next_word = line.split(' ').next().unwrap_or_default();
            assert!(
                width(before) + 1 + width(next_word) > columns,
                "ends before column {columns}, though {next_word:?} would fit: {before:?}"
            );
        }
        if is_text(line) {
            in_examples = line.starts_with("Examples") || line.starts_with("The steps");
        }
        let indented = line.strip_prefix("  ").filter(|rest| in_examples && !rest.starts_with(' '));
        if let Some(example) = indented {
            assert!(COMMANDS.iter().any(|start| example.starts_with(start)), "wrapped: {line:?}");
        }
        before = line;
    }
}
