#!/usr/bin/env bash
# Brings a Debian machine with nothing prepared to where `hall up` (or the tests) can run:
#   deploy/local/bootstrap.sh [tests|pictures|fresh]
# Installs only what is missing. The second time it does nothing and takes a moment.
set -euo pipefail

cd "$(dirname "$0")/../.."
wanted=${1:-hall}
oldest_postgres=15
export DEBIAN_FRONTEND=noninteractive
# Where packages are had through a proxy, apt has to know of it as root, too.
kept_by_sudo=DEBIAN_FRONTEND,http_proxy,https_proxy,no_proxy

say() { printf '==> %s\n' "$*"; }
fail() {
    printf '\n*** %s\n' "$@" >&2
    exit 1
}

python_is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

python_makes_environments() {
    python_is_new_enough "$1" && "$1" -c 'import ensurepip, venv' 2>/dev/null
}

# Version managers build without optimisation, which costs 8 to 25 % more CPU; a distribution's own is built with it.
python_is_optimised() {
    python_makes_environments "$1" && "$1" -c 'import sys, sysconfig
sys.exit(sys.base_prefix != "/usr" and "--enable-optimizations" not in sysconfig.get_config_var("CONFIG_ARGS"))' 2>/dev/null
}

find_python() {
    local name fits
    for fits in python_is_optimised python_makes_environments python_is_new_enough; do
        for name in python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
            if command -v "$name" >/dev/null && "$fits" "$name"; then
                command -v "$name"
                return
            fi
        done
    done
}

has_postgres() {
    local folder version
    [ -z "${DATABASE_URL:-}" ] || return 0
    for folder in /usr/lib/postgresql/*/bin; do
        version=$(basename "$(dirname "$folder")")
        [ -x "$folder/initdb" ] && [ "$version" -ge "$oldest_postgres" ] 2>/dev/null && return 0
    done
    return 1
}

has_rabbitmq() { [ -n "${AMQP_URI:-}" ] || [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ]; }

has_font() { [ -n "$(find /usr/share/fonts -iname '*NotoSansCJK*' -print -quit 2>/dev/null)" ]; }

has_libatomic() { [ -n "$(find /usr/lib -name 'libatomic.so.1' -print -quit 2>/dev/null)" ]; }

missing_packages() {
    local python
    python=$(find_python)
    if [ -z "$python" ]; then
        echo python3 python3-venv
    elif [ ! -x .venv/bin/python ] && ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        echo python3-venv
    fi
    has_postgres || echo postgresql
    has_rabbitmq || echo rabbitmq-server
    # Reports draw their charts with it.
    has_font || echo fonts-noto-cjk
    packages_of_programs
    # Playwright brings a node that needs it.
    [ "$wanted" != tests ] || has_libatomic || echo libatomic1
    [ "$wanted" != pictures ] || fc-list 2>/dev/null | grep -qi liberation || echo fonts-liberation
}

# The table says too what a bare Debian has and, for `hall`, what comes with the packages above; `make lint` compares it
# with what is called.
packages_of_programs() {
    local program package purpose
    [ "$wanted" != hall ] || return 0
    while IFS=, read -r program package purpose; do
        # A user's PATH may lack the administrator's programs.
        [ "$purpose" != "$wanted" ] || PATH=$PATH:/usr/sbin:/sbin command -v "$program" >/dev/null || echo "$package"
    done <deploy/local/programs.csv
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo --preserve-env="$kept_by_sudo" "$@"; fi
}

# Debian starts a server as soon as its package is installed. Ours are private ones, so a system server that was not
# there before is neither started now nor at the next boot; those there before are not touched.
policy=/usr/sbin/policy-rc.d
forbid_starts() {
    [ ! -e "$policy" ] || return 0
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
    trap 'as_root rm -f "$policy"' EXIT
}

keep_disabled() {
    local service
    [ -d /run/systemd/system ] || return 0
    for service in "$@"; do
        as_root systemctl disable --quiet "$service" || true
    done
}

install_packages() {
    local packages=("$@") package refused=() services=()
    command -v apt-get >/dev/null ||
        fail "missing: ${packages[*]}" "This machine has no apt-get. Install PostgreSQL $oldest_postgres+, RabbitMQ 3.10+ and" \
            "Python 3.11+ yourself, or name servers with DATABASE_URL and AMQP_URI."
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
        fail "missing: ${packages[*]}" "Neither root nor sudo. Have an administrator run:" "    apt-get install ${packages[*]}"
    say "installing ${packages[*]} (apt-get)"
    as_root apt-get update -qq -o DPkg::Lock::Timeout=120 || say "apt-get update failed; trying with the lists as they are"
    forbid_starts
    if ! as_root apt-get install -y -qq -o DPkg::Lock::Timeout=120 --no-install-recommends "${packages[@]}" >/dev/null; then
        for package in "${packages[@]}"; do
            as_root apt-get install -y -qq --no-install-recommends "$package" >/dev/null || refused+=("$package")
        done
    fi
    [ ${#refused[@]} = 0 ] ||
        fail "apt-get could not install: ${refused[*]}" "Its message is above. Mend it, or install these yourself, then run the same again:" \
            "    apt-get update && apt-get install ${refused[*]}"
    for package in "${packages[@]}"; do
        case $package in postgresql | rabbitmq-server) services+=("$package") ;; esac
    done
    [ ${#services[@]} = 0 ] || keep_disabled "${services[@]}"
}

install_python_packages() {
    local lock=$1 stamp=.venv/.installed-$2 sum
    sum=$(cat requirements.lock "$lock" | sha256sum)
    [ "$(cat "$stamp" 2>/dev/null)" != "$sum" ] || return 0
    say "installing the Python packages of $lock into .venv"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$lock" ||
        fail "pip could not install $lock." "Its message is above: it names the package. Is the package index within reach (PIP_INDEX_URL, HTTPS_PROXY)?" \
            "Then run the same again."
    printf '%s\n' "$sum" >"$stamp"
}

make_environment() {
    local python
    if [ -e .venv ] && ! python_is_new_enough .venv/bin/python; then
        say "the Python of .venv is gone or too old: making it anew"
        rm -rf .venv
    fi
    if [ ! -x .venv/bin/pip ]; then
        python=$(find_python)
        say "making .venv with $python"
        "$python" -m venv .venv || fail "$python cannot make a virtual environment: apt-get install python3-venv"
    fi
    install_python_packages requirements.lock hall
    [ "$wanted" != tests ] || install_python_packages requirements-dev.lock tests
    grep -qsF "\"$PWD\"" .venv/bin/hall || write_command
}

write_command() {
    cat >.venv/bin/hall <<COMMAND
#!$PWD/.venv/bin/python
import sys

sys.path.insert(0, "$PWD")

from deploy.local.hall import main

main()
COMMAND
    chmod 755 .venv/bin/hall
}

mapfile -t missing < <(missing_packages | tr ' ' '\n' | sort -u)
[ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"
has_postgres || fail "PostgreSQL $oldest_postgres or newer is needed; this Debian has an older one: Debian 12 or newer, or DATABASE_URL."
[ -n "$(find_python)" ] || fail "Python 3.11 or newer is needed; this Debian has an older one: Debian 12 or newer."
make_environment
