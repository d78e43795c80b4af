/* knockoff notice - what is complained about where, and what becomes of it. */
#include "cli/commands.h"

#include "cli/kit.h"
#include "cli/notice_verbs.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    ko_notice_verb_fn *run;
} verbs[] = {
    {"build", ko_notice_verb_build},   {"list", ko_notice_verb_list},
    {"show", ko_notice_verb_show},     {"filed", ko_notice_verb_filed},
    {"update", ko_notice_verb_update}, {"answer", ko_notice_verb_answer},
    {"undo", ko_notice_verb_undo},     {0},
};

static const ko_option options[] = {
    {"platform", 0, KO_OPT_TEXT, offsetof(ko_notice_options, platform), "NAME",
     "build: only listings of this platform"},
    {"work", 'w', KO_OPT_TEXT, offsetof(ko_notice_options, work), "SERIAL",
     "build, list: only this work"},
    {"channel", 0, KO_OPT_EACH, offsetof(ko_notice_options, channels), "NAME",
     "build: file there (default: the usual channel of each platform)"},
    {"reason", 0, KO_OPT_TEXT, offsetof(ko_notice_options, reason), "NAME",
     "build: a reason of the channel (default: its first)"},
    {"again", 0, KO_OPT_FLAG, offsetof(ko_notice_options, again), NULL,
     "build: also listings about which an earlier notice failed"},
    {"confirm-authority", 0, KO_OPT_FLAG, offsetof(ko_notice_options, authority), NULL,
     "build: you state that the notices are accurate and that you may act"},
    {"dry-run", 'n', KO_OPT_FLAG, offsetof(ko_notice_options, dry_run), NULL,
     "build: only say what would be built"},
    {"no-evidence", 0, KO_OPT_FLAG, offsetof(ko_notice_options, without_evidence), NULL,
     "build, update, answer: without the sheet of pictures"},
    {"sign", 's', KO_OPT_TEXT, offsetof(ko_notice_options, sign), "KEY.p12",
     "build: sign statements that are made with the key in this PKCS #12 file"},
    {"passphrase-file", 0, KO_OPT_TEXT, offsetof(ko_notice_options, passphrase_file), "FILE",
     "its first line opens the key (default: you are asked)"},
    {"out", 'o', KO_OPT_TEXT, offsetof(ko_notice_options, out), "FOLDER",
     "build, answer: where to (default: beside the database)"},
    {"ref", 'r', KO_OPT_TEXT, offsetof(ko_notice_options, ref), "NUMBER",
     "filed, update: the platform's number of the notice"},
    {"from", 0, KO_OPT_TEXT, offsetof(ko_notice_options, from), "FILE",
     "filed: a sheet with the columns notice, ref and on (CSV), - for standard input"},
    {"on", 0, KO_OPT_TEXT, offsetof(ko_notice_options, on), "DATE",
     "filed, update: when, YYYY-MM-DD (default: today)"},
    {"note", 0, KO_OPT_TEXT, offsetof(ko_notice_options, note), "TEXT",
     "filed, update: anything to remember"},
    {"url", 'u', KO_OPT_EACH, offsetof(ko_notice_options, urls), "URL",
     "update: only this listing of the notice"},
    {"open", 0, KO_OPT_FLAG, offsetof(ko_notice_options, open), NULL,
     "list: only those that are not closed"},
    {0},
};

ko_status ko_notice_number(const char *word, int64_t *out_id, ko_error *err)
{
    char *end = NULL;
    const long long number = word[0] >= '0' && word[0] <= '9' ? strtoll(word, &end, 10) : 0;
    if (number <= 0 || *end != '\0')
        return ko_fail(err, KO_E_USAGE, "'%s' is not the number of a notice", word);
    *out_id = number;
    return KO_OK;
}

static ko_status unknown(const char *verb, ko_error *err)
{
    ko_buf known = KO_BUF(512);
    ko_status st = ko_buf_text(&known, "");
    for (size_t i = 0; verbs[i].name && st == KO_OK; i++)
        st = ko_buf_printf(&known, "%s%s", i ? ", " : "", verbs[i].name);
    st = ko_fail(err, KO_E_USAGE, "notice: '%s' is none of %s", verb, known.data ? known.data : "");
    ko_buf_free(&known);
    return st;
}

static ko_status act(const ko_notice_run *run, ko_error *err)
{
    for (size_t i = 0; verbs[i].name; i++)
        if (strcmp(verbs[i].name, run->verb) == 0)
            return verbs[i].run(run, err);
    return unknown(run->verb, err);
}

static ko_status notice(const ko_job *job, ko_error *err)
{
    const ko_notice_options *o = job->options;
    const ko_words *words = &o->common.operands;
    const size_t n_verbs = words->count > 0;
    ko_user user = {0};
    ko_kit kit = {0};
    const ko_notice_run run = {.store = job->store,
                               .options = o,
                               .user = &user,
                               .kit = &kit,
                               .verb = n_verbs ? words->word[0] : "list",
                               .words = words->word + n_verbs,
                               .n_words = words->count - n_verbs,
                               .problems = job->problems};
    ko_status st = ko_open_kit(&o->common, &kit, err);
    if (st == KO_OK)
        st = ko_profile_read(job->store, &user, err);
    if (st == KO_OK)
        st = act(&run, err);
    ko_profile_free(&user);
    ko_kit_close(&kit);
    return st;
}

static ko_exit run(char **words, size_t n)
{
    ko_notice_options o = {0};
    return ko_run_job(&ko_cmd_notice, words, n, &o, NULL, notice);
}

const ko_command ko_cmd_notice = {
    .name = "notice",
    .summary = "build notices from accepted candidates, and follow them",
    .usage = "build | list | show N | filed N --ref X | update N STATE | answer N | undo N",
    .description =
        "build groups accepted candidates by platform and work and writes a folder for each "
        "notice\n"
        "with all that its form wants; what was left out is listed with its reason. Nothing is "
        "filed\n"
        "by itself: file it, then say so with filed. update says what became of it: in-progress,\n"
        "countered, answered, upheld, removed, unable, refused, restored, withdrawn, reappeared.\n"
        "Rules of platforms are data: files of the same shape in the folder DATABASE-rules go "
        "before\n"
        "those of the program.",
    .options = options,
    .run = run,
};
