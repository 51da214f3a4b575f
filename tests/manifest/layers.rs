//! Every import points down: a module may name the modules below it, and none above.
//!
//! These lists state the layers of each crate, the lowest first. Within a layer, a module may name only those listed
//! before it. A folder counts as one module; [`no_files_import_each_other_in_a_circle`] checks the files within it.

use std::collections::BTreeSet;

use crate::sources::{Crate, Import, Module, shown};

/// The layers of a crate, the lowest first, with the modules of each in order.
type Layers<'l> = &'l [(&'l str, &'l [&'l str])];

const USHER_CORE: Layers<'_> = &[
    ("values", &["request", "policy", "budget", "cause", "parsed_body", "digest", "trace"]),
    ("what consumers rely on", &["event"]),
    ("whether it is genuine", &["secret", "signature"]),
    ("what is kept", &["ledger"]),
    ("what is sent", &["queue"]),
    ("who sends", &["provider", "providers"]),
    ("from a reading to a message, from a result to an answer", &["normalize", "outcome"]),
    ("the two ways through", &["receive", "relay"]),
    ("tests", &["memory", "contract"]),
];

const USHER_AWS: Layers<'_> = &[
    ("values, input and output", &["config", "timings", "error_code", "http", "log", "agent", "signer"]),
    ("AWS clients, time budget, log line", &["clients", "deadline", "metrics"]),
    ("the traits of usher-core on AWS", &["dynamodb", "sqs", "secrets"]),
    ("work before the first event", &["start", "rehearsal"]),
    ("the functions", &["run", "relay"]),
];

const USHER_CONSUMER: Layers<'_> = &[
    ("the promises of a store, the reasons for which a message comes again", &["seen", "failure"]),
    ("a batch", &["batch"]),
    ("stores, Lambda, tests", &["memory", "dynamodb", "lambda", "contract"]),
];

const USHER: Layers<'_> = &[
    ("what is printed, why it failed", &["terminal", "aws_error"]),
    (
        "the account, the stack in it, deliveries to it",
        &["aws", "stack", "deployed", "ledger", "sender", "cloudevent"],
    ),
    ("commands for senders", &["event", "send", "doctor", "rotate", "connect", "disconnect"]),
    (
        "commands for operators",
        &["pending", "inspect", "tail", "replay", "redrive", "forget", "listen", "console"],
    ),
];

#[test]
fn every_import_of_the_core_points_down() {
    assert_none(&faults(&Crate::read("shared/usher-core/src"), USHER_CORE));
}

#[test]
fn every_import_of_the_edge_points_down() {
    assert_none(&faults(&Crate::read("shared/usher-aws/src"), USHER_AWS));
}

#[test]
fn every_import_of_the_consumers_side_points_down() {
    assert_none(&faults(&Crate::read("shared/usher-consumer/src"), USHER_CONSUMER));
}

#[test]
fn every_import_of_the_operators_tool_points_down() {
    assert_none(&faults(&Crate::read("usher/src"), USHER));
}

/// A parent and its own child may name each other.
#[test]
fn no_files_import_each_other_in_a_circle() {
    for folder in [
        "shared/usher-core/src",
        "shared/usher-aws/src",
        "shared/usher-consumer/src",
        "shared/mention/src",
        "usher/src",
        "events/src",
        "bench/src",
        "tests/fakes/src",
    ] {
        let circle = circle(&Crate::read(folder));
        assert!(circle.is_empty(), "{folder}\n{}", lines(&circle));
    }
}

/// Code that two providers share stands beside them. Otherwise a change for one provider could change another unseen.
#[test]
fn no_provider_s_module_imports_another_s() {
    let is_provider = |module: &Module| {
        let [folder, name, ..] = &module[..] else { return None };
        (folder == "provider" && crate::manifest::providers().contains(name)).then(|| name.clone())
    };
    let imports = Crate::read("shared/usher-core/src").imports().into_iter();
    let between = imports.filter(|import| match (is_provider(&import.from), is_provider(&import.to)) {
        (Some(from), Some(to)) => from != to,
        _ => false,
    });
    assert_none(&between.map(|import| import.to_string()).collect::<Vec<_>>());
}

fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

fn lines(imports: &[Import]) -> String {
    imports.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Returns the faults: imports that don't point down, modules in no layer, and layers whose module does not exist.
fn faults(sources: &Crate, layers: Layers<'_>) -> Vec<String> {
    let listed: Vec<(&str, &str)> =
        layers.iter().flat_map(|(layer, modules)| modules.iter().map(|module| (*module, *layer))).collect();
    let height = |module: &str| listed.iter().position(|(listed, _)| *listed == module);
    let existing = sources.top_level();
    let missing = listed.iter().filter(|(module, _)| !existing.contains(module));
    let missing = missing.map(|(module, layer)| format!("{module} of the layer \"{layer}\" does not exist"));
    let unlisted = existing.iter().filter(|module| height(module).is_none());
    let unlisted =
        unlisted.map(|module| format!("{module} is in no layer: list it in tests/manifest/layers.rs"));
    let upward = sources.imports().into_iter().filter(|import| {
        let Some(from) = import.from.first() else { return false };
        match import.to.first() {
            None => true,
            Some(to) => to != from && height(to) >= height(from),
        }
    });
    let upward = upward.map(|import| format!("{import}, which is not below it"));
    missing.chain(unlisted).chain(upward).collect()
}

/// Returns the imports that are part of a circle between files or between folders.
fn circle(sources: &Crate) -> Vec<Import> {
    let imports = sources.imports();
    let between_files = imports.iter().filter(|import| !import.to.starts_with(&import.from));
    let between_files =
        remainder(between_files.map(|import| (import.from.clone(), import.to.clone(), import)));
    let top = |module: &Module| module.first().cloned();
    let between_folders = imports.iter().filter_map(|import| {
        let (from, to) = (top(&import.from)?, top(&import.to)?);
        (from != to).then(|| (vec![from], vec![to], import))
    });
    let between_folders = remainder(between_folders);
    between_files.into_iter().chain(between_folders).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Removes all edges that no edge leads to or that lead to none, until none is left or only circles and what connects
/// them.
fn remainder<'i>(edges: impl Iterator<Item = (Module, Module, &'i Import)>) -> Vec<Import> {
    let mut edges: Vec<_> = edges.collect();
    loop {
        let before = edges.len();
        let [from, to]: [BTreeSet<Module>; 2] = [
            edges.iter().map(|edge| edge.0.clone()).collect(),
            edges.iter().map(|edge| edge.1.clone()).collect(),
        ];
        edges.retain(|edge| to.contains(&edge.0) && from.contains(&edge.1));
        if edges.len() == before {
            return edges.into_iter().map(|edge| edge.2.clone()).collect();
        }
    }
}

mod checker {
    use super::*;

    /// Makes a crate of these files, each given by its module's path.
    fn made_up(sources: &[(&str, &str)]) -> Crate {
        let module =
            |path: &str| path.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect();
        Crate::of(sources.iter().map(|(path, source)| (module(path), (*source).to_owned())))
    }

    /// Returns the imports of the file `high` among other files, as pairs of line and module.
    fn imports_of(source: &str) -> Vec<(usize, String)> {
        let sources = made_up(&[
            ("", ""),
            ("high", source),
            ("high::child", ""),
            ("low", "pub use deep::Inner; pub(crate) use deep::bottom as ground;"),
            ("low::deep", ""),
            ("low::deep::bottom", ""),
        ]);
        let imports = sources.imports().into_iter().filter(|import| import.from == ["high"]);
        imports.map(|import| (import.line, shown(&import.to))).collect()
    }

    fn imports(expected: &[(usize, &str)]) -> Vec<(usize, String)> {
        expected.iter().map(|(line, module)| (*line, (*module).to_owned())).collect()
    }

    #[test]
    fn imports_are_found_in_uses_nested_uses_expressions_and_attributes() {
        assert_eq!(imports_of("use crate::low::Thing;"), imports(&[(1, "low")]));
        let nested = "use crate::{\n    low::{self, deep::{Deep, bottom}},\n    high::child,\n};";
        assert_eq!(
            imports_of(nested),
            imports(&[(2, "low"), (2, "low::deep"), (2, "low::deep::bottom"), (3, "high::child")])
        );
        assert_eq!(imports_of("fn f() {\n    vec![crate::low::deep::g(1)]\n}"), imports(&[(2, "low::deep")]));
        assert_eq!(
            imports_of("#[schemars(transform = crate::low::open)]\nstruct S;"),
            imports(&[(1, "low")])
        );
        assert_eq!(imports_of("macro_rules! m { () => { $crate::low::x() } }"), imports(&[(1, "low")]));
        assert_eq!(imports_of("use super::low as other;"), imports(&[(1, "low")]));
        assert_eq!(imports_of("use self::child::Child; mod child;"), imports(&[(1, "high::child")]));
        assert_eq!(imports_of("use child::Child;"), imports(&[(1, "high::child")]));
    }

    #[test]
    fn what_a_module_exports_of_another_file_counts_as_the_other_s() {
        assert_eq!(imports_of("use crate::low::Inner;"), imports(&[(1, "low::deep")]));
        assert_eq!(imports_of("fn f() -> crate::low::ground::T {}"), imports(&[(1, "low::deep::bottom")]));
    }

    #[test]
    fn a_module_in_braces_is_part_of_its_file() {
        assert_eq!(
            imports_of("mod tests { use super::*; use super::super::low::T; }"),
            imports(&[(1, "low")])
        );
    }

    #[test]
    fn comments_strings_documentation_visibility_and_other_crates_import_nothing() {
        let source = r##"
            //! See [`crate::low`].
            // use crate::low;
            /* use crate::low; /* nested */ crate::low::x */
            /// As `crate::low::T`.
            pub(crate) struct S { text: &'static str }
            pub(in crate::low) fn f() { let _ = ("use crate::low;", r#"crate::low::x()"#, 'c', b"crate::low"); }
            use std::fmt; use http::Method; use ::low::Other;
            fn captured<'a>(it: &'a str) -> impl Sized + use<'a> { it }
            fn g(&self) { self.low(); low::x(); }
        "##;
        assert_eq!(imports_of(source), imports(&[]));
    }

    const LAYERS: Layers<'_> = &[("below", &["a", "b"]), ("above", &["c"])];

    #[test]
    fn an_import_that_points_up_is_reported_and_one_that_points_down_is_not() {
        let root = ("", "use c::C; mod a; mod b; mod c;");
        let down = [
            root,
            ("a", ""),
            ("b", "use crate::a::A;"),
            ("b::x", "use crate::a::A; use super::B;"),
            ("c", "use crate::b::x::X;"),
        ];
        assert_eq!(faults(&made_up(&down), LAYERS), Vec::<String>::new());
        for (module, source) in [
            ("a", "use crate::c::C;"),
            ("a", "fn f() { crate::b::g() }"),
            ("b::x", "use super::super::c::{C, D};"),
            ("b", "use crate::thing_of_the_root;"),
        ] {
            let up = down.map(|file| if file.0 == module { (module, source) } else { file });
            let faults = faults(&made_up(&up), LAYERS);
            assert!(matches!(&faults[..], [fault, ..] if fault.starts_with(module)), "{source}: {faults:?}");
        }
    }

    #[test]
    fn a_module_without_a_layer_and_a_layer_without_its_module_are_reported() {
        let all = [("", ""), ("a", ""), ("b", ""), ("c", "")];
        assert_eq!(faults(&made_up(&all), LAYERS).len(), 0);
        assert_eq!(faults(&made_up(&all[..3]), LAYERS).len(), 1);
        assert_eq!(faults(&made_up(&[&all[..], &[("d::e", "")]].concat()), LAYERS).len(), 1);
    }

    #[test]
    fn circles_are_reported_between_files_and_between_folders() {
        let of = |sources: &[(&str, &str)]| circle(&made_up(sources)).len();
        assert_eq!(
            of(&[("", "use a::A;"), ("a", "use crate::b::B;"), ("b", "use crate::c::C;"), ("c", "")]),
            0
        );
        assert_eq!(of(&[("a", "use crate::b::B;"), ("b", "use crate::c::C;"), ("c", "use crate::a::A;")]), 3);
        assert_eq!(of(&[("a", "use x::X;"), ("a::x", "use super::A;")]), 0, "a parent and its child");
        let through_parent =
            [("a", "pub use x::X; pub use y::Y;"), ("a::x", "use super::Y;"), ("a::y", "use super::X;")];
        assert_eq!(of(&through_parent), 2, "two children by what their parent exports");
        let folders = [("a", ""), ("a::x", "use crate::b::B;"), ("b", ""), ("b::y", "use crate::a::A;")];
        assert_eq!(of(&folders), 2, "two folders, by different files");
    }
}
