/* knockoff backup - a copy of everything that would be missed. */
#include "cli/commands.h"

#include "base/alloc.h"
#include "base/text.h"
#include "watch/backup.h"

typedef struct backup_options {
    ko_common common;
    bool archive, works;
    unsigned keep;
} backup_options;

static const ko_option options[] = {
    {"with-archive", 0, KO_OPT_FLAG, offsetof(backup_options, archive), NULL,
     "also what lies beside the database: archive, proofs, packets, rules"},
    {"with-works", 0, KO_OPT_FLAG, offsetof(backup_options, works), NULL,
     "also that, and the originals of your works"},
    {"keep", 0, KO_OPT_COUNT, offsetof(backup_options, keep), "N",
     "in a folder: remove all but the newest N backups of this database"},
    {0},
};

static void tell(const backup_options *o, const ko_backup_made *made)
{
    char sha256[2 * KO_SHA256_SIZE + 1];
    ko_text_hex(made->sha256, sizeof made->sha256, sha256);
    if (o->common.json) {
        ko_json_line(
            stdout,
            json_pack("{s:o, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "backup",
                      ko_json_string(made->path), "sha256", sha256, "bytes",
                      (json_int_t)made->bytes, "schema", (json_int_t)made->facts.schema, "works",
                      (json_int_t)made->facts.works, "listings", (json_int_t)made->facts.listings,
                      "photos", (json_int_t)made->facts.photos, "candidates",
                      (json_int_t)made->facts.candidates, "notices",
                      (json_int_t)made->facts.notices, "files", (json_int_t)made->files,
                      "originals", (json_int_t)made->works, "removed", (json_int_t)made->removed));
        return;
    }
    ko_print("%s\n", made->path);
    ko_print("database: %.1f MB, SHA-256 %s\n", (double)made->bytes / 1e6, sha256);
    ko_print("checked: %lld works, %lld listings, %lld photos, %lld candidates, %lld notices\n",
             (long long)made->facts.works, (long long)made->facts.listings,
             (long long)made->facts.photos, (long long)made->facts.candidates,
             (long long)made->facts.notices);
    if (made->files || made->works)
        ko_print("with %zu file%s beside it and %zu original%s\n", made->files,
                 ko_plural(made->files), made->works, ko_plural(made->works));
    if (made->removed)
        ko_print("removed %zu older backup%s\n", made->removed, ko_plural(made->removed));
}

static ko_status backup(const ko_job *job, ko_error *err)
{
    const backup_options *o = job->options;
    ko_backup_made made = {0};
    char *database = ko_database_path(&o->common, err);
    if (!database)
        return err->code;
    const ko_backup_options how = {.store = job->store,
                                   .database = database,
                                   .to = o->common.operands.word[0],
                                   .archive = o->archive,
                                   .works = o->works,
                                   .keep = o->keep,
                                   .problems = job->problems};
    const ko_status st = ko_backup_make(&how, &made, err);
    if (st == KO_OK)
        tell(o, &made);
    ko_backup_made_free(&made);
    ko_free(database);
    return st;
}

static ko_status names_one(const void *read, ko_error *err)
{
    const ko_words *words = &((const ko_common *)read)->operands;
    if (words->count == 1)
        return KO_OK;
    return ko_fail(err, KO_E_USAGE, "backup takes one FILE or FOLDER (knockoff help backup)");
}

static ko_exit run(char **words, size_t n)
{
    backup_options o = {0};
    return ko_run_job(&ko_cmd_backup, words, n, &o, names_one, backup);
}

const ko_command ko_cmd_backup = {
    .name = "backup",
    .summary = "copy the database, and what lies beside it, to a safe place",
    .usage = "[options] FILE|FOLDER",
    .description =
        "Copies the database as it is at one moment, whoever uses it meanwhile, looks through the\n"
        "copy and prints its SHA-256. In a FOLDER, which is there or whose name ends in /, each\n"
        "backup gets a name with its time. With --with-archive it is a folder with all that lies\n"
        "beside the database and a list of what each file was; files of the archive take no room\n"
        "there when it is on the same disk. A backup on the same disk does not help when that\n"
        "breaks. Nobody else may read a backup (mode 0600): it has sellers' names and your own.",
    .options = options,
    .run = run,
};
