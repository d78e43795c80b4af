# What every source file has in common: at most 700 lines, no tabs, no blanks at the end of
# a line, and nothing put off till later.
#
# usage: awk -f text.awk FILE...
FNR == 701 { complain("more than 700 lines") }
/\t/ { complain("tab") }
/[ \t\r]$/ { complain("blank at the end of the line") }
/TO[D]O|FIX[M]E/ { complain("unfinished") }

function complain(text) {
    print FILENAME ":" FNR ": " text
    bad = 1
}

END { exit bad }
