/* knockoff restore - back to what a backup holds. */
#include "cli/commands.h"

#include "base/alloc.h"
#include "watch/restore.h"

typedef struct restore_options {
    ko_common common;
    const char *to;
} restore_options;

static const ko_option options[] = {
    {"to", 0, KO_OPT_TEXT, offsetof(restore_options, to), "DATABASE",
     "where to put it (default: the database of the other commands)"},
    {0},
};

static void tell(const restore_options *o, const char *database, const ko_restored *done)
{
    const ko_backup_facts *facts = &done->facts;
    if (o->common.json) {
        ko_json_line(stdout,
                     json_pack("{s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "database",
                               ko_json_string(database), "aside",
                               done->aside[0] ? ko_json_string(done->aside) : json_null(), "works",
                               (json_int_t)facts->works, "listings", (json_int_t)facts->listings,
                               "photos", (json_int_t)facts->photos, "candidates",
                               (json_int_t)facts->candidates, "notices", (json_int_t)facts->notices,
                               "files", (json_int_t)done->files, "originals",
                               (json_int_t)done->works));
        return;
    }
    ko_print("%s: %lld works, %lld listings, %lld photos, %lld candidates, %lld notices\n",
             database, (long long)facts->works, (long long)facts->listings,
             (long long)facts->photos, (long long)facts->candidates, (long long)facts->notices);
    if (done->files)
        ko_print("with %zu file%s beside it\n", done->files, ko_plural(done->files));
    if (done->works)
        ko_print("%zu original%s that were missing lie beside it\n", done->works,
                 ko_plural(done->works));
    if (done->aside[0])
        ko_print("what was there before: %s\n", done->aside);
}

static ko_status restore(const restore_options *o, ko_error *err)
{
    const ko_words *words = &o->common.operands;
    ko_restored done = {0};
    if (words->count != 1)
        return ko_fail(err, KO_E_USAGE, "restore takes one FILE or FOLDER (knockoff help restore)");
    char *database = o->to ? ko_strdup(o->to) : ko_database_path(&o->common, err);
    if (!database)
        return ko_fail(err, KO_E_NOMEM, "the path of the database");
    const ko_status st = ko_restore(words->word[0], database, &done, err);
    if (st == KO_OK)
        tell(o, database, &done);
    ko_restored_free(&done);
    ko_free(database);
    return st;
}

static ko_exit run(char **words, size_t n)
{
    restore_options o = {0};
    ko_error err = {0};
    ko_exit code = KO_EXIT_OK;
    if (ko_begin(&ko_cmd_restore, words, n, &o, &code) && restore(&o, &err) != KO_OK)
        code = ko_give_up(&err);
    ko_options_free(options, &o);
    return code;
}

const ko_command ko_cmd_restore = {
    .name = "restore",
    .summary = "go back to what a backup holds",
    .usage = "[options] FILE|FOLDER",
    .description =
        "Looks through a backup first, and refuses it when a byte is not what it was. Then puts a\n"
        "copy of it in place. What was there before is not lost: it is called\n"
        "NAME.before-restore-TIME afterwards. No other Knockoff may have the database open.",
    .options = options,
    .run = run,
};
