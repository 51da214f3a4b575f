//! How long the warm path takes for a body of 4 KB, and how often it allocates: `cargo bench -p usher-core`.

mod body;
mod step;
#[path = "../../tests/support/mod.rs"]
mod support;

use divan::{AllocProfiler, Bencher};
use step::Path;
use support::signing::Signs;
use usher_core::document::Document;
use usher_core::provider::{AllFly, Luma, Lunacal};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

#[divan::bench(types = [Luma, Lunacal, AllFly])]
fn a_verify<P: Signs>(bencher: Bencher<'_, '_>) {
    let path = Path::<P>::new();
    bencher.bench(|| path.verify());
}

#[divan::bench(types = [Luma, Lunacal, AllFly])]
fn b_parse<P: Signs>(bencher: Bencher<'_, '_>) {
    let verified = Path::<P>::new().verify();
    bencher.bench(|| Document::parse(verified.body()));
}

#[divan::bench(types = [Luma, Lunacal, AllFly])]
fn c_read<P: Signs>(bencher: Bencher<'_, '_>) {
    let verified = Path::<P>::new().verify();
    let document = Document::parse(verified.body());
    bencher.bench(|| Path::<P>::read(&document));
}

#[divan::bench(types = [Luma, Lunacal, AllFly])]
fn d_key<P: Signs>(bencher: Bencher<'_, '_>) {
    let path = Path::<P>::new();
    let verified = path.verify();
    let document = Document::parse(verified.body());
    bencher.bench(|| path.key(&verified, &document));
}

#[divan::bench(types = [Luma, Lunacal, AllFly])]
fn e_pack<P: Signs>(bencher: Bencher<'_, '_>) {
    let path = Path::<P>::new();
    let verified = path.verify();
    let delivery = path.key(&verified, &Document::parse(verified.body()));
    bencher.bench(|| Path::<P>::pack(&delivery));
}

#[divan::bench(types = [Luma, Lunacal, AllFly])]
fn f_message<P: Signs>(bencher: Bencher<'_, '_>) {
    let path = Path::<P>::new();
    let verified = path.verify();
    let document = Document::parse(verified.body());
    let delivery = path.key(&verified, &document);
    let reading = Path::<P>::read(&document);
    bencher
        .with_inputs(|| reading.clone())
        .bench_values(|reading| Path::<P>::message(&delivery, &document, reading));
}

/// Verify and normalize: all but what the ledger's claim adds by packing the body.
#[divan::bench(types = [Luma, Lunacal, AllFly])]
fn g_verify_to_message<P: Signs>(bencher: Bencher<'_, '_>) {
    let path = Path::<P>::new();
    bencher.bench(|| path.whole());
}
