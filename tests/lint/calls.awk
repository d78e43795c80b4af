# Calls that the sources do without: those that cannot know the size of what they write or
# whether what they read was a number; the heap, but through base/alloc.h; and, in a
# library, printing and exiting. Memory of a third-party library is freed as the library
# says, in a line whose comment has the words "not ours".
#
# usage: awk -f calls.awk FILE...
BEGIN {
    unsafe = "strcpy|strcat|stpcpy|sprintf|vsprintf|gets|strtok|atoi|atol|atoll|atof|alloca"
    heap = "malloc|calloc|realloc|reallocarray|aligned_alloc|posix_memalign|free|strdup|strndup"
    program = "printf|vprintf|puts|putchar|perror|exit|_exit|abort"
}

FNR == 1 { in_comment = 0 }

{
    code = without_comments_and_strings($0)
    if (calls(code, unsafe))
        complain("of a banned function")
    if (FILENAME !~ /\/base\/alloc\.c$/ && $0 !~ /not ours/ && calls(code, heap))
        complain("past base/alloc.h")
    if (FILENAME ~ /\/src\// && FILENAME !~ /\/src\/cli\// && calls(code, program))
        complain("that only the program may make")
}

function calls(code, names) {
    return match(code, "(^|[^A-Za-z0-9_.>])(" names ")[ \t]*\\(")
}

# The call found last stands at RSTART.
function complain(what) {
    print FILENAME ":" FNR ": call " what ": " substr(code, RSTART, RLENGTH) ")"
    bad = 1
}

function without_comments_and_strings(line,   out, i, c, two) {
    out = ""
    for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        two = substr(line, i, 2)
        if (in_comment) {
            if (two == "*/") {
                in_comment = 0
                i++
            }
        } else if (two == "/*") {
            in_comment = 1
            i++
        } else if (two == "//") {
            break
        } else if (c == "\"" || c == "'") {
            for (i++; i <= length(line) && substr(line, i, 1) != c; i++)
                if (substr(line, i, 1) == "\\")
                    i++
            out = out c c
        } else {
            out = out c
        }
    }
    return out
}

END { exit bad }
