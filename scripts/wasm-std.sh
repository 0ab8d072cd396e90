#!/usr/bin/env bash
# Makes Debian's rustc able to build wasm32-unknown-unknown: builds the standard library from its source once (about a minute) and lays
# it into that compiler's sysroot. For machines where rustup can fetch nothing. Needs rustc-web, cargo-web, rust-web-src and lld-19.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/lib.sh
. "$here/lib.sh"

sysroot=$(/usr/bin/rustc --print sysroot)
host=$(/usr/bin/rustc -vV | awk '/^host:/ { print $2 }')
lib=$sysroot/lib/rustlib/$wasm/lib
if compgen -G "$lib/libstd-*.rlib" >/dev/null; then
  exit 0
fi

step "Building the standard library for $wasm from Debian's source"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir src
echo >src/lib.rs
cat >Cargo.toml <<'TOML'
[package]
name = "std-for-wasm"
version = "0.0.0"
edition = "2021"
[lib]
crate-type = ["rlib"]
[profile.release]
panic = "abort"
TOML
# Without embedded bitcode a release build with link-time optimisation finds nothing to optimise and fails.
env -u CARGO_TARGET_DIR -u RUSTUP_TOOLCHAIN RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc RUSTFLAGS="-C embed-bitcode=yes" \
  /usr/bin/cargo build --quiet --release --target "$wasm" -Zbuild-std=std,panic_abort,proc_macro,test ||
  fail "the standard library for $wasm could not be built from /usr/src. Is rust-web-src of the same version as rustc-web?"
as_root mkdir -p "$lib"
find "target/$wasm/release/deps" \( -name 'lib*.rlib' -o -name 'lib*.rmeta' \) ! -name 'libstd_for_wasm*' -exec cp -t "$work" {} +
as_root cp "$work"/lib*.rlib "$lib"/
if compgen -G "$work/lib*.rmeta" >/dev/null; then as_root cp "$work"/lib*.rmeta "$lib"/; fi
# rustc looks for a linker of this name beside its own tools.
as_root mkdir -p "$sysroot/lib/rustlib/$host/bin"
as_root ln -sf "$(command -v lld-19)" "$sysroot/lib/rustlib/$host/bin/rust-lld"
# What was compiled against an older standard library cannot be linked with this one.
rm -rf "${CARGO_TARGET_DIR:?}/$wasm"
