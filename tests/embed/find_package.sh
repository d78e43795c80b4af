#!/bin/sh
# usage: sh find_package.sh PREFIX CC PICTURE PICTURE
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cmake -S "$here/near" -B "$folder" -G Ninja -DCMAKE_C_COMPILER="$2" -DCMAKE_PREFIX_PATH="$1"
cmake --build "$folder"
found=$("$folder/near" "$3" "$4")
echo "$found"
case $found in *" bits, mirror") ;; *) exit 1 ;; esac
