//! The Rust sources of a crate, and the imports between its files.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The path of a module from the crate's root, whose path is empty.
pub type Module = Vec<String>;

/// The sources of one crate.
pub struct Crate {
    files: BTreeMap<Module, File>,
}

#[derive(Default)]
struct File {
    paths: Vec<Written>,
    /// The names that the file exports from other files, such as `pub use delivery::Delivery`.
    exports: BTreeMap<String, Written>,
    /// Identifiers and literals, with their lines.
    words: Vec<(usize, String)>,
}

/// A path as it is written in a file.
#[derive(Clone)]
struct Written {
    line: usize,
    /// The module around the path, modules in braces included.
    within: Module,
    segments: Vec<String>,
}

/// A place in a file that names another file of the same crate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Import {
    pub from: Module,
    pub line: usize,
    pub to: Module,
}

impl fmt::Display for Import {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}: imports {}", shown(&self.from), self.line, shown(&self.to))
    }
}

pub fn shown(module: &[String]) -> String {
    if module.is_empty() { "the crate's root".to_owned() } else { module.join("::") }
}

impl Crate {
    /// Reads the sources below a folder of the repository.
    pub fn read(folder: &str) -> Self {
        let mut sources = Vec::new();
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut Vec::new(), &mut sources);
        assert!(!sources.is_empty(), "{folder} has sources");
        Self::of(sources)
    }

    /// Makes a crate of modules and their sources.
    pub fn of(sources: impl IntoIterator<Item = (Module, String)>) -> Self {
        let parsed = sources.into_iter().map(|(module, source)| {
            let tokens: TokenStream =
                source.parse().unwrap_or_else(|error| panic!("{} is Rust: {error}", shown(&module)));
            let mut file = File::default();
            file.scan(tokens, &module);
            (module, file)
        });
        Self { files: parsed.collect() }
    }

    /// Returns the names of the modules directly below the root.
    pub fn top_level(&self) -> BTreeSet<&str> {
        self.files.keys().filter_map(|module| module.first()).map(String::as_str).collect()
    }

    /// Returns every place where a file names another one.
    pub fn imports(&self) -> BTreeSet<Import> {
        let of_file = |(from, file): (&Module, &File)| {
            let targets = file.paths.iter().filter_map(|written| {
                let to = self.target(&self.absolute(written)?, 0);
                (to != *from).then(|| Import { from: from.clone(), line: written.line, to })
            });
            targets.collect::<Vec<_>>()
        };
        self.files.iter().flat_map(of_file).collect()
    }

    /// Returns every path in the sources, to this crate or another, with its module and line.
    pub fn paths(&self) -> impl Iterator<Item = (&Module, usize, String)> {
        self.files.iter().flat_map(|(module, file)| {
            file.paths.iter().map(move |written| (module, written.line, written.segments.join("::")))
        })
    }

    /// Returns every identifier and literal, with its module and line.
    pub fn words(&self) -> impl Iterator<Item = (&Module, usize, &str)> {
        self.files
            .iter()
            .flat_map(|(module, file)| file.words.iter().map(move |(line, word)| (module, *line, &**word)))
    }

    /// Returns the path from the crate's root; `None` if it leads to another crate.
    fn absolute(&self, written: &Written) -> Option<Module> {
        let mut at = written.within.clone();
        let mut segments = written.segments.iter().peekable();
        match segments.peek().map(|first| first.as_str())? {
            "crate" => {
                at.clear();
                segments.next();
            }
            "self" => {
                segments.next();
            }
            "super" => {
                while segments.next_if(|segment| *segment == "super").is_some() {
                    at.pop()?;
                }
            }
            child => {
                let is_child = self.files.contains_key(&[&at[..], &[child.to_owned()]].concat());
                is_child.then_some(())?;
            }
        }
        at.extend(segments.cloned());
        Some(at)
    }

    /// Returns the file that a path from the root leads to. A name that a file exports from another file leads to the
    /// other.
    fn target(&self, path: &[String], depth: usize) -> Module {
        assert!(depth < 10, "exports lead in a circle: {}", path.join("::"));
        let mut at = Module::new();
        for (index, segment) in path.iter().enumerate() {
            let exported = self.files.get(&at).and_then(|file| file.exports.get(segment));
            at.push(segment.clone());
            if self.files.contains_key(&at) {
                continue;
            }
            at.pop();
            return match exported.and_then(|written| self.absolute(written)) {
                Some(export) => self.target(&[&export[..], &path[index + 1..]].concat(), depth + 1),
                None => at,
            };
        }
        at
    }
}

/// Reads the files of a folder and those below.
fn collect(folder: &Path, module: &mut Module, sources: &mut Vec<(Module, String)>) {
    for entry in fs::read_dir(folder).expect("a folder of sources can be read") {
        let path = entry.expect("a folder of sources can be read").path();
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a file has a name").to_owned();
        if path.is_dir() {
            module.push(name);
            collect(&path, module, sources);
            module.pop();
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let is_root = module.is_empty() && ["lib", "main"].contains(&&*name);
            let own = if is_root || name == "mod" { module.clone() } else { [&module[..], &[name]].concat() };
            sources.push((own, fs::read_to_string(path).expect("a source can be read")));
        }
    }
}

impl File {
    /// Collects the paths and words of a stream of tokens. Comments are no tokens, and documentation is left out.
    fn scan(&mut self, tokens: TokenStream, module: &Module) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut index = 0;
        while let Some(token) = tokens.get(index) {
            let line = token.span().start().line;
            let rest = &tokens[index + 1..];
            index += 1;
            match token {
                // `use<'a>` belongs to a type.
                TokenTree::Ident(word)
                    if word == "use" && !rest.first().is_some_and(|next| is_punct(next, '<')) =>
                {
                    let end = rest.iter().position(|token| is_punct(token, ';')).unwrap_or(rest.len());
                    let is_public = tokens[..index - 1].last().is_some_and(ends_visibility);
                    Uses { within: module, is_public }.read(&rest[..end], &[], self);
                    index += end;
                }
                TokenTree::Ident(word) if word == "mod" => {
                    if let [TokenTree::Ident(name), TokenTree::Group(body), ..] = rest {
                        self.scan(body.stream(), &[&module[..], &[name.to_string()]].concat());
                        index += 2;
                    }
                }
                TokenTree::Ident(first) => {
                    let mut segments = vec![first.to_string()];
                    while let [one, other, TokenTree::Ident(segment), ..] = &tokens[index..]
                        && is_punct(one, ':')
                        && is_punct(other, ':')
                    {
                        segments.push(segment.to_string());
                        index += 3;
                    }
                    self.note(Written { line, within: module.clone(), segments });
                }
                TokenTree::Literal(literal) => self.words.push((line, literal.to_string())),
                TokenTree::Group(group) if !is_left_out(group) => self.scan(group.stream(), module),
                TokenTree::Group(_) | TokenTree::Punct(_) => {}
            }
        }
    }

    fn note(&mut self, written: Written) {
        self.words.extend(written.segments.iter().map(|segment| (written.line, segment.clone())));
        // A single name leads to no other file. It may be the `crate` of `pub(crate)`.
        if written.segments.len() > 1 {
            self.paths.push(written);
        }
    }
}

/// Returns whether a group contains no import: it is documentation, or a visibility such as `pub(in crate::a)`.
fn is_left_out(group: &Group) -> bool {
    let first = group.stream().into_iter().next().map(|token| token.to_string());
    match group.delimiter() {
        Delimiter::Bracket => first.as_deref() == Some("doc"),
        Delimiter::Parenthesis => first.as_deref() == Some("in"),
        Delimiter::Brace | Delimiter::None => false,
    }
}

/// The `use` whose paths are collected.
struct Uses<'m> {
    within: &'m Module,
    is_public: bool,
}

impl Uses<'_> {
    fn read(&self, tokens: &[TokenTree], prefix: &[String], file: &mut File) {
        for tree in tokens.split(|token| is_punct(token, ',')) {
            let Some(first) = tree.first() else { continue };
            // `::http::Method` leads to another crate.
            if prefix.is_empty() && is_punct(first, ':') {
                continue;
            }
            let mut path = prefix.to_vec();
            let mut name = None;
            let mut tokens = tree.iter();
            while let Some(token) = tokens.next() {
                match token {
                    TokenTree::Ident(word) if word == "as" => name = tokens.next().map(ToString::to_string),
                    TokenTree::Ident(word) => path.push(word.to_string()),
                    _ => {}
                }
            }
            if let Some(TokenTree::Group(group)) = tree.last()
                && group.delimiter() == Delimiter::Brace
            {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                self.read(&inner, &path, file);
                continue;
            }
            if path.len() > 1 && path.ends_with(&["self".to_owned()]) {
                path.pop();
            }
            let name = name.or_else(|| path.last().cloned());
            let line = first.span().start().line;
            let written = Written { line, within: self.within.clone(), segments: path };
            if let Some(name) = name.filter(|_| self.is_public) {
                file.exports.insert(name, written.clone());
            }
            file.note(written);
        }
    }
}

fn is_punct(token: &TokenTree, wanted: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted)
}

/// Returns whether a token can end a visibility: `pub`, or the parentheses of `pub(crate)`.
fn ends_visibility(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(word) => word == "pub",
        TokenTree::Group(group) => group.delimiter() == Delimiter::Parenthesis,
        _ => false,
    }
}
