# Needs git, make, a C compiler, Rust and Python 3.11 or newer. Everything else is installed in .usher/, pinned.

PYTHON ?= python3
# How `make test` builds what it deploys: release, as it is deployed for real, or dev, which is quicker.
PROFILE ?= release

# How `sam build` has cargo-lambda compile for Lambda's processors.
CPU := $(if $(filter x86_64,$(shell uname -m)),haswell,neoverse-n1)
AS_CARGO_LAMBDA := --config 'build.rustflags=["-C", "target-cpu=$(CPU)"]'

TARGET := $(or $(CARGO_TARGET_DIR),target)
WITH_TOOLS := .usher/sam/bin/python tests/emulator
CONSOLE_TESTS := PYTHONPATH=tests/emulator:tests/consumers .usher/sam/bin/python tests/console/console_tests.py

.PHONY: help local invoke stop test smoke pictures bench check set-up

help:
	@echo "make local   deploy Usher to an AWS emulator on this machine and send samples through it"
	@echo "make invoke  run one function in a container, with Docker (SAMPLE=luma/guest.registered)"
	@echo "make stop    stop what make local started"
	@echo "make test    run every test, those of the deployed system included (quicker: PROFILE=dev)"
	@echo "make smoke STACK=usher   check a stack in your AWS account (AWS_PROFILE, AWS_REGION), for less than a cent"
	@echo "make bench   measure Usher beside ordinary receivers (a look: USHER_BENCH_RUNS=5)"
	@echo "make pictures test the console in a browser and renew its pictures in docs/"
	@echo "make check   check format, dependencies, lints, documentation and template"
	@echo
	@echo "Ports: USHER_PORT=4566 for make local, invoke and stop, USHER_TEST_PORT=4576 for make test."
	@echo "cargo test alone runs the fast tests, without an emulator."

local: set-up
	@$(WITH_TOOLS)/local.py

invoke: set-up
	@$(WITH_TOOLS)/invoke.py '$(SAMPLE)'

stop:
	@$(PYTHON) tests/emulator/stop.py

test: set-up
	@# The full backlog; by itself cargo test takes a smaller one, to stay quick.
	USHER_BACKLOG=100000 cargo test --workspace
	@$(CONSOLE_TESTS)
	@$(WITH_TOOLS)/system_tests.py $(PROFILE)

smoke: set-up
	@.usher/sam/bin/python tests/smoke "$(STACK)"

# The console's page in Chromium, and the pictures of it in docs/. To be looked at after a change of the page.
pictures: set-up
	cargo build -p usher
	@$(CONSOLE_TESTS) --pictures

bench:
	@$(PYTHON) bench/baseline/python/set_up.py
	cargo build --release $(AS_CARGO_LAMBDA) --package functions --bin luma
	cargo build --release $(AS_CARGO_LAMBDA) --manifest-path bench/baseline/rust/Cargo.toml --target-dir $(TARGET)/baseline
	cargo run --profile harness --package bench -- --usher $(TARGET)/release/luma \
		--rust $(TARGET)/baseline/release/baseline --python .usher/bench/bin/python --results bench

check: set-up
	cargo fmt --all --check
	@$(PYTHON) tests/checks/deny.py
	cargo clippy --workspace --all-targets --all-features -- -D warnings
	RUSTDOCFLAGS=-Dwarnings cargo doc --workspace --all-features --no-deps
	@$(WITH_TOOLS)/validate.py

set-up:
	@$(PYTHON) tests/emulator/set_up.py
