//! JSON laid out for reading, without parsing it: a number or an escape printed in another way would not be what was
//! received.

/// Puts every member and element on a line of its own. The text must be JSON.
pub(crate) fn indented(json: &str) -> String {
    let mut laid_out = String::with_capacity(json.len() * 2);
    let mut depth: usize = 0;
    let mut letters = json.trim().chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                laid_out.push('"');
                copy_string(&mut letters, &mut laid_out);
            }
            '{' | '[' => {
                laid_out.push(letter);
                while letters.next_if(char::is_ascii_whitespace).is_some() {}
                if let Some(end) = letters.next_if(|next| matches!(next, '}' | ']')) {
                    laid_out.push(end);
                } else {
                    depth += 1;
                    new_line(&mut laid_out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut laid_out, depth);
                laid_out.push(letter);
            }
            ',' => {
                laid_out.push(',');
                new_line(&mut laid_out, depth);
            }
            ':' => laid_out.push_str(": "),
            letter if letter.is_ascii_whitespace() => {}
            letter => laid_out.push(letter),
        }
    }
    laid_out
}

/// Puts JSON on one line. Its strings cannot hold a line break.
pub(crate) fn on_one_line(json: &str) -> String {
    json.replace(['\n', '\r'], " ")
}

fn copy_string(letters: &mut impl Iterator<Item = char>, to: &mut String) {
    while let Some(letter) = letters.next() {
        to.push(letter);
        match letter {
            '\\' => to.extend(letters.next()),
            '"' => return,
            _ => {}
        }
    }
}

fn new_line(text: &mut String, depth: usize) {
    text.push('\n');
    text.extend(std::iter::repeat_n("  ", depth));
}
