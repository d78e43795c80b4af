#include "cli/confirm.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool ko_can_ask(void)
{
    return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

bool ko_type_yes(void)
{
    char line[16] = "";
    (void)fputs("Type yes to confirm: ", stderr);
    (void)fflush(stderr);
    if (!fgets(line, sizeof line, stdin))
        return false;
    line[strcspn(line, "\r\n")] = '\0';
    return strcmp(line, "yes") == 0;
}
