/* knockoff help [COMMAND] - what the commands do. */
#include "cli/commands.h"

#include <string.h>

static const ko_option options[] = {{0}};

static ko_exit help_on(const char *topic)
{
    if (strcmp(topic, "exit") == 0) {
        (void)fputs("exit statuses:\n"
                    "  0    done\n"
                    "  1    done, but some inputs were refused; each has its line on stderr\n"
                    "  2    a word of the command line does not fit\n"
                    "  3    a work, candidate, file or database that does not exist\n"
                    "  4    the database is newer, damaged, another program's, or held by one\n"
                    "  5    disk full, no permission, no memory\n"
                    "  130  stopped by Ctrl-C; what was done is kept\n",
                    stdout);
        return KO_EXIT_OK;
    }
    const ko_command *command = ko_command_find(topic);
    if (!command) {
        ko_say("no command '%s' (knockoff help)", topic);
        return KO_EXIT_USAGE;
    }
    ko_command_help(command);
    return KO_EXIT_OK;
}

static ko_exit run(char **words, size_t n)
{
    ko_common o = {0};
    ko_exit code = KO_EXIT_OK;
    if (ko_begin(&ko_cmd_help, words, n, &o, &code)) {
        if (o.operands.count == 0)
            ko_commands_print(stdout);
        for (size_t i = 0; i < o.operands.count && code == KO_EXIT_OK; i++)
            code = help_on(o.operands.word[i]);
    }
    ko_options_free(options, &o);
    return code;
}

const ko_command ko_cmd_help = {
    .name = "help",
    .summary = "say what a command does",
    .usage = "[COMMAND | exit]",
    .description = "help exit lists the exit statuses.",
    .options = options,
    .run = run,
};
