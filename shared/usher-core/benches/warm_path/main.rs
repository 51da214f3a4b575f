//! How long the warm path takes for a body of 4 KB, and how often it allocates: `cargo bench -p usher-core`.

mod body;
mod step;
#[path = "../../tests/support/mod.rs"]
mod support;

use divan::{AllocProfiler, Bencher};
use step::Path;
use support::signing::Signs;
use usher_core::parsed_body::ParsedBody;
use usher_core::providers::{Allfly, Luma, Lunacal};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

#[divan::bench(types = [Luma, Lunacal, Allfly])]
fn a_verify<P: Signs>(bencher: Bencher<'_, '_>) {
    let path = Path::<P>::new();
    bencher.bench(|| path.verify());
}

#[divan::bench(types = [Luma, Lunacal, Allfly])]
fn b_parse<P: Signs>(bencher: Bencher<'_, '_>) {
    let verified = Path::<P>::new().verify();
    bencher.bench(|| ParsedBody::parse(verified.body()));
}

#[divan::bench(types = [Luma, Lunacal, Allfly])]
fn c_read<P: Signs>(bencher: Bencher<'_, '_>) {
    let verified = Path::<P>::new().verify();
    let document = ParsedBody::parse(verified.body());
    bencher.bench(|| Path::<P>::read(&document));
}

#[divan::bench(types = [Luma, Lunacal, Allfly])]
fn d_key<P: Signs>(bencher: Bencher<'_, '_>) {
    let path = Path::<P>::new();
    let verified = path.verify();
    let document = ParsedBody::parse(verified.body());
    bencher.bench(|| path.key(&verified, &document));
}

#[divan::bench(types = [Luma, Lunacal, Allfly])]
fn e_pack<P: Signs>(bencher: Bencher<'_, '_>) {
    let path = Path::<P>::new();
    let verified = path.verify();
    let delivery = path.key(&verified, &ParsedBody::parse(verified.body()));
    bencher.bench(|| Path::<P>::pack(&delivery));
}

#[divan::bench(types = [Luma, Lunacal, Allfly])]
fn f_message<P: Signs>(bencher: Bencher<'_, '_>) {
    let path = Path::<P>::new();
    let verified = path.verify();
    let document = ParsedBody::parse(verified.body());
    let delivery = path.key(&verified, &document);
    let reading = Path::<P>::read(&document);
    bencher
        .with_inputs(|| reading.clone())
        .bench_values(|reading| Path::<P>::message(&delivery, &document, reading));
}

/// Verify and normalize: all but what the ledger's claim adds by packing the body.
#[divan::bench(types = [Luma, Lunacal, Allfly])]
fn g_verify_to_message<P: Signs>(bencher: Bencher<'_, '_>) {
    let path = Path::<P>::new();
    bencher.bench(|| path.whole());
}
