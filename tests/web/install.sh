#!/bin/sh
# Installs what the tests in a browser need beside node and Chromium: the packages of
# package-lock.json, with no script of theirs run, into a folder of the build.
#
# usage: sh install.sh FOLDER
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"
cmp -s "$here/package-lock.json" installed.json && exit
for command in node npm; do
    command -v "$command" >/dev/null || {
        echo "$command is missing, which tests in a browser need: see tests/packages.sh" >&2
        exit 1
    }
done
rm -f installed.json
cp "$here/package.json" "$here/package-lock.json" .
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >npm.log 2>&1 || {
    echo "npm could not install playwright-core and axe-core:" \
        "$(grep -m 1 . npm.log || echo 'it says nothing') (all of it: $PWD/npm.log)" >&2
    exit 1
}
cp package-lock.json installed.json
