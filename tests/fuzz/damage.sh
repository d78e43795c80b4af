#!/bin/sh
# Runs a fuzz driver over files, whole and damaged: cut off at several lengths, and with
# bytes overwritten from the header to the end. The same damage on every run.
#
# usage: sh damage.sh PROGRAM FILE...
set -eu
program=$1
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

n=0
for file in "$@"; do
    n=$((n + 1))
    size=$(wc -c <"$file")
    for tenths in 1 3 5 7 9; do
        head -c $((size * tenths / 10)) "$file" >"$folder/$n-cut-$tenths"
        cp "$file" "$folder/$n-hit-$tenths"
        printf '\377\000"\177\n\200' |
            dd of="$folder/$n-hit-$tenths" bs=1 seek=$((size * tenths / 10)) conv=notrunc 2>/dev/null
    done
    for place in 2 5 9 14 20 27 35; do
        cp "$file" "$folder/$n-head-$place"
        printf '\377' | dd of="$folder/$n-head-$place" bs=1 seek=$place conv=notrunc 2>/dev/null
    done
done
"$program" "$@" "$folder"/*
