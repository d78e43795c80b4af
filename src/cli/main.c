/* The program: finds the command, runs it, and makes sure that what it printed arrived. */
#include "base/stop.h"
#include "cli/cli.h"
#include "cli/commands.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

/* clang-format off */
const ko_command *const ko_commands[] = {
    &ko_cmd_init,
    &ko_cmd_add,
    &ko_cmd_works,
    &ko_cmd_ingest,
    &ko_cmd_source,
    &ko_cmd_crawl,
    &ko_cmd_scan,
    &ko_cmd_candidates,
    &ko_cmd_review,
    &ko_cmd_allow,
    &ko_cmd_negative,
    &ko_cmd_rule,
    &ko_cmd_quarantine,
    &ko_cmd_profile,
    &ko_cmd_lookup,
    &ko_cmd_match,
    &ko_cmd_hash,
    &ko_cmd_inspect,
    &ko_cmd_export,
    &ko_cmd_proof,
    &ko_cmd_timestamp,
    &ko_cmd_notice,
    &ko_cmd_due,
    &ko_cmd_recheck,
    &ko_cmd_standing,
    &ko_cmd_sellers,
    &ko_cmd_report,
    &ko_cmd_rules,
    &ko_cmd_notify,
    &ko_cmd_serve,
    &ko_cmd_clipper,
    &ko_cmd_watch,
    &ko_cmd_status,
    &ko_cmd_schedule,
    &ko_cmd_purge,
    &ko_cmd_backup,
    &ko_cmd_restore,
    &ko_cmd_bench,
    &ko_cmd_help,
    &ko_cmd_version,
    NULL,
};
/* clang-format on */

/* "knockoff --db FILE scan" means "knockoff scan --db FILE": leading options that every
 * command knows are moved behind the command's name. False when there is no name. */
static bool bring_command_forward(char **words, size_t n)
{
    size_t place = 0;
    while (place < n) {
        if (strcmp(words[place], "--json") == 0 || strncmp(words[place], "--db=", 5) == 0)
            place++;
        else if (strcmp(words[place], "--db") == 0)
            place += 2;
        else
            break;
    }
    if (place >= n)
        return false;
    char *name = words[place];
    memmove(words + 1, words, place * sizeof *words);
    words[0] = name;
    return true;
}

/* A full disk shows only when the last bytes are written: nothing may pass for done. */
static ko_exit finish_output(ko_exit status)
{
    if ((fflush(stdout) == 0 && !ferror(stdout)) || status == KO_EXIT_SYSTEM)
        return status; /* all arrived, or the disk was spoken of already */
    ko_say("standard output: %s", strerror(errno));
    return KO_EXIT_SYSTEM;
}

int main(int argc, char **argv)
{
    (void)setlocale(LC_CTYPE, "");
    ko_stop_install();
    char **words = argv + 1;
    const size_t n = argc > 1 ? (size_t)argc - 1 : 0;
    if (!bring_command_forward(words, n)) {
        ko_commands_print(stderr);
        return KO_EXIT_USAGE;
    }
    const ko_command *command = ko_command_find(words[0]);
    if (!command) {
        ko_say("unknown command '%s' (knockoff help)", words[0]);
        return KO_EXIT_USAGE;
    }
    return (int)finish_output(command->run(words + 1, n - 1));
}
