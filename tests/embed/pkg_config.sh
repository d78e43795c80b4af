#!/bin/sh
# usage: sh pkg_config.sh PREFIX CC PICTURE PICTURE
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
PKG_CONFIG_PATH=$(dirname "$(find "$1" -name knockoff.pc)")
export PKG_CONFIG_PATH
# shellcheck disable=SC2046 # options, one a word
"$2" -std=c11 -o "$folder/near" "$here/near/near.c" $(pkg-config --cflags --libs knockoff)
LD_LIBRARY_PATH=$(pkg-config --variable=libdir knockoff)
export LD_LIBRARY_PATH
found=$("$folder/near" "$3" "$4")
echo "$found"
case $found in *" bits, mirror") ;; *) exit 1 ;; esac
