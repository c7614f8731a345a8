#!/usr/bin/env bash
# Writes requirements.lock and requirements-dev.lock from what a clean environment gets today: wheels alone, so that
# nobody needs a compiler. The lock carries the same options, for whoever installs it: this machine, the image.
set -euo pipefail

cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
# Everything has a wheel. What has none and is pure Python is named here, with its reason: `--no-binary NAME`.
options=('--only-binary :all:')
printf '%s\n' "${options[@]}" >"$folder/options"

"$folder/venv/bin/pip" install --quiet -r "$folder/options" -r requirements.in
"$folder/venv/bin/pip" freeze >"$folder/runtime"
"$folder/venv/bin/pip" install --quiet -r "$folder/options" -r requirements-dev.in
"$folder/venv/bin/pip" freeze >"$folder/all"
if ! diff <(grep -xFf "$folder/runtime" "$folder/all") "$folder/runtime"; then
    echo "the tools change the version of something the services run on (above): pin it in requirements.in" >&2
    exit 1
fi
{
    echo '# Made by `make lock` from requirements.in; do not edit.'
    cat "$folder/options" "$folder/runtime"
} >requirements.lock
{
    echo '# Made by `make lock` from requirements-dev.in; do not edit.'
    echo '-r requirements.lock'
    grep -vxFf "$folder/runtime" "$folder/all"
} >requirements-dev.lock
