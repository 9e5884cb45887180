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

# Tells what the window still needs before it can be built; nothing when all is there.
window_lacks() {
    local major
    if ! command -v javac >/dev/null 2>&1; then
        say "a JDK, 17 or newer (on Debian or Ubuntu: sudo apt-get install openjdk-17-jdk)"
    else
        major=$(javac -version 2>&1 | sed 's/[^0-9]*\([0-9]*\).*/\1/')
        [ "$major" -ge 17 ] || say "a JDK, 17 or newer; here is $major"
    fi
    command -v mvn >/dev/null 2>&1 || say "Maven (on Debian or Ubuntu: sudo apt-get install maven)"
}

# Runs Maven on the Kotlin side. BARROW_MAVEN_EXTRA names a further repository where the usual one lacks androidx.
maven() {
    (cd "$ROOT/android" && mvn -q ${BARROW_MAVEN_EXTRA:+-Dbarrow.maven.extra="$BARROW_MAVEN_EXTRA"} "$@") && return
    say "Maven could not build the Kotlin side; the lines above tell why. If it found no androidx, name a repository"
    say "that has it (Google's Maven repository does) in BARROW_MAVEN_EXTRA."
    return 1
}

# The window as it is built: its jars, and the core as the library that they load.
WINDOW=$ROOT/android/desktop/target/app

# build_window [MODULE]: builds the window, or a module that needs it. It takes the library of the folder that
# BARROW_WINDOW_FFI names, where that is at hand.
build_window() {
    local ffi=${BARROW_WINDOW_FFI:-}
    [ -n "$ffi" ] || ffi=$(scripts/bindings --release | tail -n 1) || return
    maven -Dbarrow.ffi="$ffi" -Dmaven.test.skip=true -pl "${1:-desktop}" -am package || return
    cp "$ffi"/*barrow_ffi.* "$WINDOW/"
    # What was kept of an older build's classes holds no longer.
    [ -z "$(find "$WINDOW" -name '*.jar' -newer "$WINDOW/classes.jsa" 2>&1)" ] || rm -f "$WINDOW/classes.jsa"
}

# window_java JAVA: sets WINDOW_JAVA to the words that start the window's Java; the class path is the last. The classes
# that the first run loads are kept for quicker starts.
window_java() {
    local classes=$WINDOW/classes.jsa keep
    if [ -e "$classes" ]; then keep=-XX:SharedArchiveFile=$classes; else keep=-XX:ArchiveClassesAtExit=$classes; fi
    WINDOW_JAVA=("$1" "$keep" -Xlog:disable -Xlog:all=error:stderr -XX:TieredStopAtLevel=1 "-Djna.library.path=$WINDOW"
        -cp "$(printf '%s\n' "$WINDOW"/*.jar | LC_ALL=C sort | paste -sd:)")
}

# Becomes the window: window_run JAVA WORD...
window_run() {
    window_java "$1"
    shift
    exec "${WINDOW_JAVA[@]}" app.barrow.desktop.MainKt "$@"
}

# Tells whether there is a screen to draw on.
has_display() { [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname -s)" = Darwin ]; }

# Starts a screen in memory that ends with the script, and names it in DISPLAY; false where there is none to start.
memory_display() {
    command -v Xvfb >/dev/null 2>&1 || return 1
    local number
    number=$(mktemp)
    Xvfb -displayfd 3 -screen 0 1400x900x24 -nolisten tcp 3>"$number" >/dev/null 2>&1 &
    # shellcheck disable=SC2064 # the number of now.
    trap "kill $! 2>/dev/null; rm -f '$number'" EXIT
    for _ in $(seq 50); do
        [ -s "$number" ] && break
        sleep 0.1
    done
    export DISPLAY=:$(cat "$number") SKIKO_RENDER_API=SOFTWARE
    [ "$DISPLAY" != : ]
}
