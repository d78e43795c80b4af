# No function is longer than 80 lines, from its opening brace to its closing one. Both
# stand alone in the first column (.clang-format), and no other braces do. A longer one
# that is better left whole is named in WAIVERS with its reason.
#
# usage: awk -f functions.awk WAIVERS FILE...     WAIVERS has lines "function reason..."
FNR == NR {
    if ($0 !~ /^#/)
        waived[$1]
    next
}

FNR == 1 { start = 0 }

# The line that a declaration begins with names what is declared.
/^[A-Za-z_].*\(/ && !start {
    name = $0
    sub(/[ \t]*\(.*/, "", name)
    sub(/.*[ \t*]/, "", name)
}

/^\{$/ { start = FNR }

/^\}$/ && start {
    lines = FNR - start + 1
    if (lines > 80 && !(name in waived)) {
        print FILENAME ":" start ": " name " has " lines " lines, the limit is 80"
        bad = 1
    }
    start = 0
}

END { exit bad }
