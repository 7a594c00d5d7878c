# Two commands matter: `make run` and `make test`. Both install what is missing on a fresh Debian 12 with Rust and Node
# (as root, or with sudo), and say what they are doing.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.PHONY: run demo test bench ladder check web-check rust-check rust-test e2e crash types soak clean help

CONFIG ?= config/hub.toml
web_sources := $(shell find web-client/src web-client/public web-client/index.html web-client/vite.config.ts -type f 2>/dev/null)
say = @printf '\n\033[1m▸ %s\033[0m\n'

help:
	@grep -E '^## ' Makefile | sed 's/^## //'

## make run     builds the hub with the web client inside, and starts it with the sample council under ./data
run: target/release/hub
	$(say) "Điểm Cầu"
	@exec target/release/hub run --config $(CONFIG)

## make demo    the same, with a hall, three ward rooms and twelve delegates played by bots
demo: target/release/hub target/release/crowd
	$(say) "Điểm Cầu, with a lively sitting to chair"
	@exec deploy/demo $(CONFIG)

## make test    everything that can be proven on this machine
test:
	@exec tests/all

## make bench   CPU per forwarded packet, beside a bare receive-encrypt-send loop in the same run
bench:
	@tests/prepare build
	cargo build --release --locked -p load
	target/release/bench

## make ladder  how many receivers one core holds, beside the bare loop, and how the cost grows (draws server/media/cost-*.svg)
ladder:
	@tests/prepare build
	cargo build --release --locked -p load
	taskset -c 1 target/release/ladder

## make soak    the long forms: every case of a bad network, with both makes of browser
soak: target/release/hub
	@tests/prepare test
	cargo build --release --locked -p network
	npm --prefix tests/e2e ci --no-audit --no-fund --silent
	HUB_BIN=$(CURDIR)/target/release/hub npm --prefix tests/network run soak

target/release/hub: web-client/dist/index.html $(shell find server -path '*/tests' -prune -o \( -name '*.rs' -o -name Cargo.toml -o -name '*.sql' \) -print 2>/dev/null) Cargo.lock config/hub.toml
	@tests/prepare build
	$(say) "building the hub (the first time takes some minutes)"
	cargo build --release --locked -p hub
	@touch $@

target/release/crowd: $(shell find tests/crowd -name '*.rs' 2>/dev/null) Cargo.lock
	$(say) "building the bots"
	cargo build --release --locked -p crowd
	@touch $@

web-client/node_modules/.stamp: web-client/package-lock.json
	@tests/prepare build
	$(say) "installing the web client's packages"
	cd web-client && npm ci --no-audit --no-fund
	@touch $@

web-client/dist/index.html: web-client/node_modules/.stamp $(web_sources)
	$(say) "building the web client"
	cd web-client && npm run build

## make types   writes the browser's types from server/protocol
types:
	cargo run -q --locked -p protocol --example types -- web-client/src/protocol

## make clean   removes what was built; ./data stays
clean:
	rm -rf target web-client/dist web-client/node_modules tests/e2e/node_modules tests/e2e/out tests/network/out
