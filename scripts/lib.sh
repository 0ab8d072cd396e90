# Shared by the scripts beside this file: where things lie, and small helpers. Sourced, never run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Everything that is large or slow to make lies in one folder of the user's, so that a clean clone finds it again.
home=${MAP_PALETTE_HOME:-$HOME/.cache/map-palette}
tools=$home/tools
downloads=$home/downloads
export MAP_PALETTE_HOME=$home
export CARGO_TARGET_DIR=$home/target
export PATH="$root/scripts/bin:$tools/bin:$PATH"
# Trunk takes the tools that setup made from PATH, and need not look for a newer version of itself.
export TRUNK_SKIP_VERSION_CHECK=true

wasm=wasm32-unknown-unknown

# Where crates and compiler lie on this machine stays out of the compiled page, so that a commit gives the same bytes everywhere.
# Cargo adds these flags to those of .cargo/config.toml. Only scripts/build uses them: what they change is compiled anew.
same_paths() {
  local folder flags=()
  for folder in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/; do
    [ -d "$folder" ] && flags+=("--remap-path-prefix=${folder%/}=crates.io")
  done
  flags+=("--remap-path-prefix=$(rustc_quiet --print sysroot)/lib/rustlib/src/rust=rust")
  printf '%s ' "${flags[@]}"
}

# When the first of the scripts began, so that each step can say how long it has been.
export MAP_PALETTE_BEGAN=${MAP_PALETTE_BEGAN:-$(date +%s)}

clock() { printf '%d:%02d' $(($1 / 60)) $(($1 % 60)); }
since_start() { clock $(($(date +%s) - MAP_PALETTE_BEGAN)); }
say() { printf '%s\n' "$*"; }
step() { printf '• %5s  %s\n' "$(since_start)" "$*"; }
fail() {
  printf 'Failed: %s\n' "$*" >&2
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif have sudo; then
    sudo "$@"
  else
    fail "this needs an administrator (there is no sudo): $*"
  fi
}

# apt_install WHY PACKAGE...: installs what is missing, on Debian and its kin.
apt_install() {
  local why=$1 missing=() package
  shift
  for package; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  have apt-get || fail "$why needs ${missing[*]}. Install them with your system's package manager and run this again."
  step "Installing ${missing[*]} ($why)"
  as_root apt-get update -qq || say "  The list of packages could not be refreshed; going on with the one that is there."
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    fail "apt-get could not install ${missing[*]}. Look at its message above."
}

# Whether the toolchain $1 (empty: the default one) has a standard library for wasm.
has_wasm_std() {
  local lib
  lib=$(RUSTUP_TOOLCHAIN=${1:-${RUSTUP_TOOLCHAIN:-}} rustc_quiet --print target-libdir --target "$wasm") || return 1
  compgen -G "$lib/libstd-*.rlib" >/dev/null
}

# An empty RUSTUP_TOOLCHAIN is not the same as none.
rustc_quiet() {
  [ -n "${RUSTUP_TOOLCHAIN:-}" ] || unset RUSTUP_TOOLCHAIN
  rustc "$@" 2>/dev/null
}

# Prints the name of the toolchain that builds wasm; an empty line means the default one. Fails where there is none.
wasm_toolchain() {
  if [ -n "${MAP_PALETTE_WASM_TOOLCHAIN:-}" ]; then
    has_wasm_std "$MAP_PALETTE_WASM_TOOLCHAIN" && say "$MAP_PALETTE_WASM_TOOLCHAIN"
  elif has_wasm_std ""; then
    say ""
  elif has_wasm_std debian; then
    say debian
  else
    return 1
  fi
}

# with_wasm COMMAND...: runs it with the toolchain that builds wasm.
with_wasm() {
  local toolchain
  toolchain=$(wasm_toolchain) || fail "no toolchain here builds $wasm. Run scripts/setup."
  if [ -n "$toolchain" ]; then RUSTUP_TOOLCHAIN=$toolchain "$@"; else "$@"; fi
}

locked_version() { # of a crate in Cargo.lock
  awk -v name="\"$1\"" '$1 == "name" { hit = ($3 == name) } hit && $1 == "version" { gsub(/"/, "", $3); print $3; exit }' "$root/Cargo.lock"
}

# Cargo tells what is fresh by times alone. Where clones share the compiled parts, what another clone compiled since would pass for this
# one's: its sources count as new whenever another clone was here last.
sources_of_this_clone() {
  local mark=$CARGO_TARGET_DIR/.clone
  [ "$(cat "$mark" 2>/dev/null)" != "$root" ] || return 0
  (cd "$root" && find crates src benches tests -name '*.rs' -exec touch {} +)
  mkdir -p "$CARGO_TARGET_DIR"
  printf '%s\n' "$root" >"$mark"
}

# The folder of converted weights: one for each version of what makes them, so that clones of different age do not meet.
weights_folder() {
  if [ -n "${MAP_PALETTE_WEIGHTS:-}" ]; then
    say "$MAP_PALETTE_WEIGHTS"
  else
    local made_by
    made_by=$(cd "$root" && cat scripts/weights.txt crates/weights/src/*.rs crates/gguf/src/*.rs | sha256sum)
    say "$home/weights/${made_by:0:12}"
  fi
}
