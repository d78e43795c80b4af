/* knockoff clipper FOLDER - the clipping helper, as browsers load it from a folder. */
#include "cli/commands.h"

#include "base/alloc.h"
#include "base/file.h"
#include "serve/data.h"

typedef struct clipper_options {
    ko_common common;
} clipper_options;

static const ko_option options[] = {{0}};

/* Over what an older program wrote there. */
static ko_status write_files(const char *folder, ko_error *err)
{
    ko_status st = ko_folder_make(folder, err);
    for (const ko_embedded *file = ko_clipper_files; st == KO_OK && file->name; file++) {
        char *path = ko_path_join(folder, file->name);
        st = path ? ko_file_write(path, file->bytes, file->size, err)
                  : ko_fail(err, KO_E_NOMEM, "%s", folder);
        ko_free(path);
    }
    return st;
}

static ko_exit run(char **words, size_t n)
{
    clipper_options o = {0};
    ko_error err = {0};
    ko_exit code = KO_EXIT_OK;
    if (ko_begin(&ko_cmd_clipper, words, n, &o, &code)) {
        const ko_words *operands = &o.common.operands;
        const char *folder = operands->count == 1 ? operands->word[0] : NULL;
        const ko_status st =
            folder ? write_files(folder, &err)
                   : ko_fail(&err, KO_E_USAGE, "clipper needs one folder (knockoff help clipper)");
        if (st != KO_OK)
            code = ko_give_up(&err);
        else if (o.common.json)
            ko_json_line(stdout, json_pack("{s:o}", "folder", ko_json_string(folder)));
        else
            ko_print("%s: load it in your browser, as knockoff help clipper says\n", folder);
    }
    ko_options_free(options, &o);
    return code;
}

const ko_command ko_cmd_clipper = {
    .name = "clipper",
    .summary = "write the clipping helper to a folder, for your browser to load",
    .usage = "FOLDER",
    .description =
        "The helper is a small extension of your browser. At the press of its button it shows the\n"
        "listing that you are looking at to knockoff serve on this machine, which tells whether\n"
        "your work is on it and keeps the listing as evidence. It sends nothing anywhere else, "
        "and\n"
        "nothing until you press.\n"
        "Chromium, Chrome, Edge: open chrome://extensions, switch \"Developer mode\" on, press "
        "\"Load\n"
        "unpacked\" and choose the folder. Firefox: open about:debugging#/runtime/this-firefox,\n"
        "press \"Load Temporary Add-on\" and choose manifest.json in the folder; it stays until\n"
        "Firefox is closed. Then pair it on the page, under Settings. Files of an older version "
        "in\n"
        "the folder are replaced.",
    .options = options,
    .run = run,
};
