#!/bin/sh
# Build .venv from a lock, or see that it is up to date already.
#
#   scripts/venv.sh runtime    what the program needs
#   scripts/venv.sh dev        the program, its tests and its checks
#   scripts/venv.sh bench      the program, its benchmarks and the peers they measure beside it
#
# PYTHON names the interpreter to use; otherwise the newest suitable one is found.
set -eu
cd "$(dirname "$0")/.."

venv=.venv
suitable='import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))'

die() {
    echo "epicevents: $*" >&2
    exit 1
}

runs_suitable_python() {
    "$1" -c "$suitable" >/dev/null 2>&1
}

can_make_environments() {
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1
}

why_no_environments() {
    version=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    die "$1 cannot make virtual environments. Install its venv module (Debian, Ubuntu: apt install python$version-venv)."
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        runs_suitable_python "$PYTHON" || die "PYTHON=$PYTHON is no Python 3.11 to 3.14."
        can_make_environments "$PYTHON" || why_no_environments "$PYTHON"
        echo "$PYTHON"
        return
    fi
    incomplete=
    for candidate in python3.14 python3.13 python3.12 python3.11 python3 python; do
        runs_suitable_python "$candidate" || continue
        if can_make_environments "$candidate"; then
            echo "$candidate"
            return
        fi
        incomplete=${incomplete:-$candidate}
    done
    [ -z "$incomplete" ] || why_no_environments "$incomplete"
    die "needs Python 3.11 to 3.14. Install one, or name it: make PYTHON=/path/to/python."
}

identity() {
    "$1" -c 'import sys; print(sys.base_prefix, sys.version)'
}

# An environment holds absolute paths: one that was moved, or that stands on another Python than
# the one asked for, cannot be repaired by installing into it.
is_sound() {
    runs_suitable_python "$venv/bin/python" || return 1
    "$venv/bin/python" -c 'import pip' >/dev/null 2>&1 || return 1
    [ ! -f "$venv/.place" ] || [ "$(cat "$venv/.place")" = "$(pwd -P)" ] || return 1
    [ -z "${PYTHON:-}" ] || [ "$(identity "$PYTHON")" = "$(identity "$venv/bin/python")" ]
}

create() {
    python=$(find_python)
    echo "Preparing $venv with $python (once) ..." >&2
    rm -rf "$venv"
    "$python" -m venv "$venv"
}

# -qq: errors alone are shown.
pip_install() {
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-input "$@"
}

install() {
    echo "Installing the locked packages of $1 ..." >&2
    # pip compiles on one core, which takes half of its time. Modules that do not compile are templates of packages.
    pip_install --no-compile --require-hashes --only-binary :all: --requirement "$1"
    "$venv/bin/python" -m compileall -q -j 0 "$venv"/lib*/python3*/site-packages >/dev/null 2>&1 || true
    # hatchling comes from the lock as well, so that nothing is fetched here.
    pip_install --no-index --no-deps --no-build-isolation --editable .
}

case "${1:-}" in
    runtime) lock=requirements.lock ;;
    dev) lock=requirements-dev.lock ;;
    bench) lock=requirements-bench.lock ;;
    *) die "usage: scripts/venv.sh runtime|dev|bench" ;;
esac

wanted=$(cksum pyproject.toml "$lock")
stamp=$venv/.installed-$1
if [ -z "${PYTHON:-}" ] && [ -x "$venv/bin/python" ] && [ "$(cat "$venv/.place" 2>/dev/null)" = "$(pwd -P)" ] &&
    [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi
is_sound || create
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    install "$lock"
    echo "$wanted" >"$stamp"
    # The other locks hold everything of this one.
    [ "$1" = runtime ] || cksum pyproject.toml requirements.lock >"$venv/.installed-runtime"
fi
pwd -P >"$venv/.place"
