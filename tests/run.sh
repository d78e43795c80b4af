#!/bin/sh
# Builds Knockoff and runs its tests, on a machine that may have nothing but a shell: what
# is missing comes from Debian's packages. Ends with the summary of ctest.
#
# usage: sh tests/run.sh [--long]     --long: also the tests that take minutes
set -eu

case ${1-} in
'') not=long ;;
--long) not= ;;
*)
    echo "usage: sh tests/run.sh [--long]" >&2
    exit 2
    ;;
esac

cd "$(dirname "$0")/.."
. tests/packages.sh
# shellcheck disable=SC2086 # one word a package
install_missing $build_packages $test_packages

cmake --preset release -DKO_TESTS=ON -DKO_BENCH=ON
cmake --build --preset release
exec ctest --test-dir build/release --parallel "$(nproc)" --output-on-failure ${not:+-LE $not}
