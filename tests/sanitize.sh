#!/bin/sh
# Builds everything once more with a preset that has sanitizers, and runs its tests.
#
# usage: sh sanitize.sh PRESET BUILD-FOLDER [options of ctest...]
set -eu
preset=$1 folder=$2
shift 2
cd "$(dirname "$0")/.."
cmake --preset "$preset" -B "$folder" -DKO_TESTS=ON -DKO_BENCH=OFF
cmake --build "$folder"
ctest --test-dir "$folder" --parallel "$(nproc)" --output-on-failure "$@"
