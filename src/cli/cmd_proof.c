/* knockoff proof SERIAL... - what a complaint about a work is backed with. */
#include "cli/commands.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/day.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/progress.h"
#include "base/stop.h"
#include "case/work_proof.h"
#include "cli/proof_files.h"

#include <string.h>

typedef struct proof_options {
    ko_common common;
    const char *out;
    const char *author, *holder, *kind, *completed_on, *published_at, *country, *place, *date;
    const char *sign, *passphrase_file;
    bool all;
} proof_options;

static const ko_option options[] = {
    {"all", 'a', KO_OPT_FLAG, offsetof(proof_options, all), NULL, "every work"},
    {"author", 0, KO_OPT_TEXT, offsetof(proof_options, author), "NAME",
     "who made the work (default: the work's author, else you)"},
    {"holder", 0, KO_OPT_TEXT, offsetof(proof_options, holder), "NAME",
     "who owns the right (default: the work's holder, else yours, else the author)"},
    {"kind", 0, KO_OPT_TEXT, offsetof(proof_options, kind), "TEXT",
     "what it is (default: the work's kind, else artwork)"},
    {"completed-on", 0, KO_OPT_TEXT, offsetof(proof_options, completed_on), "DATE",
     "when it was finished"},
    {"published-at", 0, KO_OPT_TEXT, offsetof(proof_options, published_at), "PLACE",
     "first publication, where"},
    {"country", 0, KO_OPT_TEXT, offsetof(proof_options, country), "NAME",
     "country of first publication"},
    {"place", 0, KO_OPT_TEXT, offsetof(proof_options, place), "PLACE",
     "where the statement is made"},
    {"date", 0, KO_OPT_TEXT, offsetof(proof_options, date), "DATE",
     "of the statement, YYYY-MM-DD (default: today, UTC)"},
    {"sign", 's', KO_OPT_TEXT, offsetof(proof_options, sign), "KEY.p12",
     "sign the statement with the key in this PKCS #12 file"},
    {"passphrase-file", 0, KO_OPT_TEXT, offsetof(proof_options, passphrase_file), "FILE",
     "its first line opens the key (default: you are asked)"},
    {"out", 'o', KO_OPT_TEXT, offsetof(proof_options, out), "FOLDER",
     "where to (default: beside the database)"},
    {0},
};

/* What all works of one run share. */
typedef struct proving {
    ko_store *store;
    const proof_options *options;
    ko_problems *problems;
    ko_user user;
    const char *folder;
    ko_work_proof_request request;
    ko_progress progress;
    ko_error why; /* this work could not be done */
    ko_error *err;
} proving;

/* --- one work --- */

static void print(proving *p, const ko_work *work, const ko_work_proof *proof, const char *picture,
                  const char *statement)
{
    ko_progress_end(&p->progress);
    const char *by = p->request.signer ? ko_signer_name(p->request.signer) : NULL;
    if (p->options->common.json) {
        ko_json_line(stdout,
                     json_pack("{s:s, s:o, s:i, s:i, s:o, s:o, s:s, s:s}", "serial", work->serial,
                               "picture", ko_json_string(picture), "width", (int)proof->width,
                               "height", (int)proof->height, "statement", ko_json_string(statement),
                               "signed_by", by ? ko_json_string(by) : json_null(), "date",
                               p->request.date, "sha256", proof->sha256));
        return;
    }
    ko_print("%s  %s, %u x %u px\n", work->serial, picture, proof->width, proof->height);
    ko_print("           %s, %s%s\n", statement, by ? "signed by " : "to be signed by hand",
             by ? by : "");
}

static ko_status on_work(void *context, const ko_work *work)
{
    proving *p = context;
    ko_work_proof proof = {0};
    char *picture = NULL, *statement = NULL;
    ko_status st = ko_work_proof_make(p->store, work, &p->user, &p->request, &proof, &p->why);
    ko_error_prefix(&p->why, work->serial);
    if (st == KO_OK)
        st = ko_work_proof_put(&proof, work->serial, p->folder, &picture, &statement, &p->why);
    if (st == KO_OK)
        print(p, work, &proof, picture, statement);
    ko_free(picture);
    ko_free(statement);
    ko_work_proof_free(&proof);
    return st;
}

/* --- all of them --- */

/* The works that are meant. */
typedef struct choice {
    int64_t *ids;
    size_t n, capacity;
} choice;

static ko_status add(choice *c, int64_t id)
{
    int64_t *grown = ko_grown(c->ids, c->n, &c->capacity, sizeof *grown);
    if (!grown)
        return KO_E_NOMEM;
    c->ids = grown;
    c->ids[c->n++] = id;
    return KO_OK;
}

static ko_status add_work(void *context, const ko_work *work)
{
    return add(context, work->id);
}

/* What is wrong with one work is said, and the next one is done; not what is wrong with all. */
static ko_status pass_over(const proving *p, const ko_error *why)
{
    const bool only = !p->options->all && p->options->common.operands.count == 1;
    if (only || ko_exit_of(why->code) == KO_EXIT_SYSTEM || why->code == KO_E_STOPPED)
        return ko_fail(p->err, why->code, "%s", why->text);
    ko_problem(p->problems, "%s", why->text);
    return KO_OK;
}

static ko_status choose(const proving *p, choice *c)
{
    const ko_words *words = &p->options->common.operands;
    ko_status st = p->options->all ? ko_work_each(p->store, 0, add_work, c, p->err) : KO_OK;
    for (size_t i = 0; st == KO_OK && i < words->count; i++) {
        ko_error why = {0};
        int64_t id = 0;
        if (ko_work_find(p->store, words->word[i], &id, &why) == KO_OK)
            st = add(c, id);
        else
            st = pass_over(p, &why);
    }
    return st == KO_OK ? st : ko_fail(p->err, st, "works to be proven");
}

static ko_status each(proving *p, const choice *c)
{
    ko_status st = KO_OK;
    ko_progress_start(&p->progress, "works", c->n);
    for (size_t i = 0; st == KO_OK && i < c->n; i++) {
        p->why = (ko_error){0};
        if (ko_stop_asked())
            st = ko_fail(&p->why, KO_E_STOPPED, "stopped");
        else
            st = ko_work_each(p->store, c->ids[i], on_work, p, &p->why);
        if (st != KO_OK)
            st = pass_over(p, &p->why);
        ko_progress_show(&p->progress, i + 1);
    }
    ko_progress_end(&p->progress);
    return st;
}

static ko_status fits(const void *read, ko_error *err)
{
    const proof_options *o = read;
    ko_day day;
    if ((o->common.operands.count == 0) != o->all)
        return ko_fail(err, KO_E_USAGE, "proof needs serials such as KO-000001, or --all");
    if (o->passphrase_file && !o->sign)
        return ko_fail(err, KO_E_USAGE, "--passphrase-file goes with --sign");
    if (o->date && !ko_day_read(o->date, &day))
        return ko_fail(err, KO_E_USAGE, "--date is YYYY-MM-DD, not '%s'", o->date);
    return KO_OK;
}

static ko_status prove(const ko_job *job, ko_error *err)
{
    const proof_options *o = job->options;
    char today[KO_DAY_TEXT_SIZE], *beside = NULL;
    ko_signer *signer = NULL;
    choice works = {0};
    ko_day_text(ko_day_at(ko_clock_now(), 0), today);
    proving p = {.store = job->store,
                 .options = o,
                 .problems = job->problems,
                 .request = {.author = o->author,
                             .holder = o->holder,
                             .kind = o->kind,
                             .completed_on = o->completed_on,
                             .published_at = o->published_at,
                             .country = o->country,
                             .place = o->place,
                             .date = o->date ? o->date : today,
                             .software = "Knockoff " KO_VERSION},
                 .err = err};
    ko_status st = ko_profile_read(p.store, &p.user, err);
    if (st == KO_OK && o->sign)
        st = ko_open_signer(o->sign, o->passphrase_file, &signer, err);
    p.request.signer = signer;
    if (st == KO_OK && !o->out)
        st = ko_proof_folder(&o->common, &beside, err);
    p.folder = o->out ? o->out : beside;
    if (st == KO_OK)
        st = ko_folder_make(p.folder, err);
    if (st == KO_OK)
        st = choose(&p, &works);
    if (st == KO_OK)
        st = each(&p, &works);
    ko_free(works.ids);
    ko_signer_close(signer);
    ko_profile_free(&p.user);
    ko_free(beside);
    return st;
}

static ko_exit run(char **words, size_t n)
{
    proof_options o = {0};
    return ko_run_job(&ko_cmd_proof, words, n, &o, fits, prove);
}

const ko_command ko_cmd_proof = {
    .name = "proof",
    .summary = "make the marked picture and the signed statement that a complaint needs",
    .usage = "SERIAL...|--all [--sign KEY.p12] [--out FOLDER]",
    .description =
        "SERIAL-proof.jpg shows the work with its owner's name, its serial and the date all over\n"
        "it, so that whoever a complaint is forwarded to cannot use it. SERIAL-statement.pdf is a\n"
        "Copyright Claim Statement about the work. What is not given here comes from the work\n"
        "(knockoff works set), and who made and owns it from your profile where the work does not\n"
        "say (knockoff profile set). The same words on the same day give the same files. With\n"
        "--sign the statement holds a digital signature (PAdES) that readers of PDF check, else\n"
        "a line for a pen. Read what you sign.",
    .options = options,
    .run = run,
};
