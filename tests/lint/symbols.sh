#!/bin/sh
# The shared library shows what api.sym lists and nothing else, and every global symbol of
# the archive begins with ko_, so that neither can collide with what it is linked with.
#
# usage: sh symbols.sh NM SHARED-LIBRARY ARCHIVE
set -eu
nm=$1 shared=$2 archive=$3
api=$(dirname "$0")/api.sym

"$nm" -D --defined-only "$shared" | awk '{ print $3 }' | LC_ALL=C sort | diff "$api" - || {
    echo "$shared does not show what $api lists"
    exit 1
}

foreign=$("$nm" -g --defined-only "$archive" | awk 'NF == 3 && $3 !~ /^ko_/ { print $3 }')
[ -z "$foreign" ] || {
    printf 'does not begin with ko_: %s\n' "$foreign"
    exit 1
}
