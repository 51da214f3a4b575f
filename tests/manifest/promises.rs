//! Every test that DELIVERY.md names exists in the suite that it names.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The letters of the suites in DELIVERY.md, with the suites' folders.
const SUITES: [(&str, &str); 3] =
    [("b", "tests/binaries"), ("c", "shared/usher-core/tests"), ("d", "tests/deployed")];

#[test]
fn every_test_that_the_guarantees_name_exists_in_its_suite() {
    let document = fs::read_to_string(root().join("DELIVERY.md")).expect("DELIVERY.md is there");
    let named = named(&document);
    assert!(named.len() > 20, "the table names a test for each fault: {named:?}");
    for (letter, test) in named {
        let (_, folder) = SUITES.into_iter().find(|(suite, _)| *suite == letter).expect("it is one of these");
        assert!(
            tests(&root().join(folder)).contains(test),
            "DELIVERY.md: {letter} `{test}` is not in {folder}"
        );
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns every pair of a suite's letter and the name in backticks behind it.
fn named(document: &str) -> Vec<(&str, &str)> {
    let code: Vec<&str> = document.split('`').collect();
    let pairs = code.chunks_exact(2).filter_map(|pair| {
        let letter = pair[0].rsplit([' ', '|', '(', '\n']).find(|word| !word.is_empty())?;
        let stands_before = pair[0].ends_with(&format!("{letter} "));
        (stands_before && SUITES.iter().any(|(suite, _)| *suite == letter)).then_some((letter, pair[1]))
    });
    pairs.collect()
}

/// Returns the names of all tests below a folder.
fn tests(folder: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder).expect("a suite can be read") {
        let path = entry.expect("a suite can be read").path();
        if path.is_dir() {
            names.extend(tests(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(path).expect("a suite can be read");
            names.extend(source.split("test]\n").skip(1).filter_map(name).map(str::to_owned));
        }
    }
    names
}

/// Returns the name of the first function in a text.
fn name(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("fn ")?;
    rest.split(['(', '<']).next()
}

#[test]
fn names_are_found_behind_their_suites_letter_only() {
    let document =
        "`b` is a suite, `x` is none.\n| c `first`, d `second_one` | b `third` and `fourth` (b `fifth`) |";
    assert_eq!(named(document), [("c", "first"), ("d", "second_one"), ("b", "third"), ("b", "fifth")]);
}
