# Shared by the scripts: finding tools, saying what is missing. Sourced, never run.

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

# Makes sure that Rust and a C compiler are there, or says exactly what to install.
need_rust() {
    if ! command -v cargo >/dev/null 2>&1 && [ -x "$HOME/.cargo/bin/cargo" ]; then
        PATH="$HOME/.cargo/bin:$PATH"
    fi
    command -v cargo >/dev/null 2>&1 || fail "Barrow needs Rust 1.95 or newer. Install it from https://rustup.rs, then run this again."
    local have want=1.95.0
    have=$(cargo --version | awk '{print $2}' | cut -d- -f1)
    [ "$(printf '%s\n%s\n' "$want" "$have" | sort -V | head -n1)" = "$want" ] ||
        fail "Barrow needs Rust $want or newer; here is $have. Run: rustup update stable"
    command -v cc >/dev/null 2>&1 || install_package "a C compiler (SQLite is built with it)" build-essential
}

# install_package WHAT DEBIAN-PACKAGE: installs it where that is possible without asking, else says how.
install_package() {
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "Installing $2 ..."
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2"; } >/dev/null 2>&1 || true
    fi
    command -v cc >/dev/null 2>&1 || fail "Missing: $1. On Debian or Ubuntu run: sudo apt-get install $2"
}

# Returns the folder that cargo builds into.
target_dir() {
    printf '%s' "${CARGO_TARGET_DIR:-$ROOT/target}"
}
