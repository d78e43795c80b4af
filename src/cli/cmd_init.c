/* knockoff init - make the database. */
#include "base/alloc.h"
#include "cli/commands.h"
#include "cli/web.h"

typedef struct init_options {
    ko_common common;
    const char *contact;
} init_options;

static const ko_option options[] = {
    {"contact", 0, KO_OPT_TEXT, offsetof(init_options, contact), "URL",
     "how sites that are crawled can reach you: a mail address or a URL; \"\" for none"},
    {0},
};

static ko_status set_contact(ko_store *store, const char *text, ko_error *err)
{
    char *contact = NULL;
    ko_status st = *text ? ko_contact_read(text, &contact, err) : KO_OK;
    if (st == KO_OK)
        st = ko_store_set_setting(store, KO_CONTACT_SETTING, contact ? contact : "", err);
    ko_free(contact);
    return st;
}

static ko_exit run(char **words, size_t n)
{
    init_options o = {0};
    ko_exit code = KO_EXIT_OK;
    ko_error err = {0};
    ko_store *store = NULL;
    char *path = NULL;
    if (!ko_begin(&ko_cmd_init, words, n, &o, &code))
        goto done;
    path = ko_database_path(&o.common, &err);
    if (!path || ko_open_database(&o.common, KO_STORE_CREATE, &store, &err) != KO_OK ||
        (o.contact && set_contact(store, o.contact, &err) != KO_OK)) {
        code = ko_give_up(&err);
        goto done;
    }
    if (o.common.json) {
        ko_json_line(stdout, json_pack("{s:o}", "database", ko_json_string(path)));
    } else {
        ko_print("database %s\n", path);
        ko_print("next: knockoff add FOLDER-OF-YOUR-ART\n");
    }
done:
    ko_store_close(store);
    ko_free(path);
    ko_options_free(options, &o);
    return code;
}

const ko_command ko_cmd_init = {
    .name = "init",
    .summary = "make the database",
    .usage = "[--db FILE] [--contact URL]",
    .description = "Makes the database, readable by you alone, or brings an older one up to date.\n"
                   "It lies at --db, else at $KNOCKOFF_DB, else at\n"
                   "$XDG_DATA_HOME/knockoff/knockoff.db (~/.local/share/knockoff/knockoff.db).",
    .options = options,
    .run = run,
};
