#!/bin/sh
# Runs one file of tests, or another module, with the program of a build folder.
#
# usage: sh run.sh BUILD-FOLDER FILE.mjs [words for it...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
file=$2
shift 2
sh "$here/install.sh" "$build/tests/web"
KNOCKOFF=$build/src/knockoff
KO_WEB=$build/tests/web
export KNOCKOFF KO_WEB
case $file in
*.test.mjs) exec node --test --test-reporter=spec "$file" ;;
*) exec node "$file" "$@" ;;
esac
