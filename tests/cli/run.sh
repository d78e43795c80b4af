#!/bin/sh
# Runs one case of the command line and compares what came with what is written beside it.
#
# usage: sh run.sh [--accept] CASE-FOLDER PROGRAM
#
# CASE-FOLDER holds
#   cmd            a sh script, run in an empty folder with words.sh read before it
#   stdout.exact, stderr.exact
#                  what must come, to the byte; no file: nothing must come
#   stdout.glob, stderr.glob
#                  the same, but each line is a pattern of sh: * ? [...] and \ before a
#                  character that is meant as it stands
#   exit           its exit status; no file: 0
# The folder that the case runs in is written HERE in these, the fixtures FIXTURES.
# --accept writes what came into the .exact files (and leaves .glob files alone).
set -u
accept=
[ "$1" != --accept ] || {
    accept=yes
    shift
}
expected=$(cd "$1" && pwd) || exit 2
words=$(cd "$(dirname "$0")" && pwd)/words.sh
programs=$(cd "$(dirname "$2")" && pwd)
PATH=$programs:$programs/../tests/server:$PATH
FIXTURES=$(cd "$(dirname "$0")/../../fixtures" && pwd)

here=$(cd "$(mktemp -d)" && pwd -P) || exit 2
trap 'chmod -R u+w "$here"; rm -rf "$here"' EXIT
mkdir "$here/work" "$here/home" && cd "$here/work" || exit 2
HOME=$here/home
KNOCKOFF_DB=$here/work/knockoff.db
LC_ALL=C.UTF-8
TZ=UTC
export PATH FIXTURES HOME KNOCKOFF_DB LC_ALL TZ
unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME

sh -uc '. "$1"; . "$2"' sh "$words" "$expected/cmd" </dev/null >"$here/out" 2>"$here/err"
status=$?
for stream in out err; do
    sed "s|$here/work|HERE|g; s|$FIXTURES|FIXTURES|g" "$here/$stream" >"$here/std$stream"
done

# Each line of the file $1 fits the pattern in the same line of the file $2.
fits() {
    exec 3<"$1" 4<"$2"
    while IFS= read -r pattern <&4; do
        IFS= read -r line <&3 || return 1
        # shellcheck disable=SC2254 # a pattern is what it is
        case $line in
        $pattern) ;;
        *)
            printf 'line:    %s\npattern: %s\n' "$line" "$pattern"
            return 1
            ;;
        esac
    done
    ! IFS= read -r line <&3
}

bad=0
for stream in stdout stderr; do
    if [ -f "$expected/$stream.glob" ]; then
        fits "$here/$stream" "$expected/$stream.glob" || {
            echo "--- $stream does not fit $stream.glob:"
            cat "$here/$stream"
            bad=1
        }
    elif [ -n "$accept" ]; then
        rm -f "$expected/$stream.exact"
        [ ! -s "$here/$stream" ] || cp "$here/$stream" "$expected/$stream.exact"
    else
        wanted=$expected/$stream.exact
        [ -f "$wanted" ] || wanted=/dev/null
        diff -u "$wanted" "$here/$stream" || bad=1
    fi
done
if [ -n "$accept" ]; then
    rm -f "$expected/exit"
    [ $status -eq 0 ] || echo $status >"$expected/exit"
    exit $bad
fi
wanted=0
[ ! -f "$expected/exit" ] || wanted=$(cat "$expected/exit")
[ "$status" -eq "$wanted" ] || {
    echo "--- exit status $status, not $wanted"
    bad=1
}
exit $bad
