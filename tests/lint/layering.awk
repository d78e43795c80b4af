# Each file of src/X may include only headers of src/X and of the folders that X USES.
# A public header <knockoff/Y.h> counts as folder Y; raster.h and status.h are everyone's.
#
# usage: awk -f layering.awk GRAPH FILE...     GRAPH has a line "X: uses..." a folder
FNR == NR {
    folder = $1
    sub(/:$/, "", folder)
    known[folder]
    for (i = 2; i <= NF; i++)
        uses[folder, $i]
    next
}

FNR == 1 {
    n = split(FILENAME, part, "/")
    folder = part[n - 1]
    if (!(folder in known))
        complain("src/" folder " is not declared in src/CMakeLists.txt")
}

/^#[ \t]*include "/ {
    split($0, quoted, "\"")
    target = quoted[2]
    if (target !~ /\//)
        complain("\"" target "\" is included without its folder")
    sub(/\/.*/, "", target)
    check(target)
}

/^#[ \t]*include <knockoff\// {
    target = $0
    sub(/.*<knockoff\//, "", target)
    sub(/\.h>.*/, "", target)
    if (target != "raster" && target != "status")
        check(target)
}

function check(target) {
    if (target ~ /^[a-z]+$/ && target != folder && !((folder, target) in uses))
        complain("src/" folder " does not use src/" target)
}

function complain(text) {
    print FILENAME ":" FNR ": " text
    bad = 1
}

END { exit bad }
