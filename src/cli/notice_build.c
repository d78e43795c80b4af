/* knockoff notice build - from accepted candidates to folders that notices are filed from. */
#include "cli/notice_verbs.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/day.h"
#include "base/file.h"
#include "case/build.h"
#include "case/plan_json.h"
#include "cli/confirm.h"
#include "cli/kit.h"
#include "cli/notice_left.h"
#include "cli/proof_files.h"
#include "cli/standing_words.h"
#include "cli/table_file.h"

#include <string.h>

/* --- what is stated --- */

static ko_status confirm_authority(const ko_notice_run *run, const ko_plan *plan, ko_error *err)
{
    const char *name = ko_profile_signature(run->user);
    const size_t n = ko_plan_count(plan);
    if (!name[0])
        return ko_fail(err, KO_E_USAGE,
                       "a notice is a statement of yours: first say who you are "
                       "(knockoff profile set legal_name=\"Your Name\")");
    if (run->options->authority)
        return KO_OK;
    if (!ko_can_ask())
        return ko_fail(err, KO_E_USAGE,
                       "notices state that you may act: on a terminal you are asked, a script says "
                       "--confirm-authority");
    (void)fprintf(stderr,
                  "%zu notice%s to build. You, %s, state: what %s say%s is accurate, and under "
                  "penalty of perjury,\nI own the rights to these works or may act for who owns "
                  "them. ",
                  n, ko_plural(n), name, n == 1 ? "it" : "they", n == 1 ? "s" : "");
    return ko_type_yes() ? KO_OK : ko_fail(err, KO_E_USAGE, "not confirmed: nothing was built");
}

/* --- what is not stood by any more --- */

static ko_status say_out(void *context, const ko_doubt *doubt)
{
    const ko_notice_run *run = context;
    ko_say("notice %lld: candidate %lld is not accepted any more: %s", (long long)doubt->notice_id,
           (long long)doubt->candidate_id,
           run->options->dry_run ? "it would be taken out" : "taken out");
    return KO_OK;
}

static ko_status take_out(const ko_notice_run *run, ko_error *err)
{
    const ko_notice_event event = {.on = ko_today(), .who = ko_profile_signature(run->user)};
    return ko_build_take_out(run->store, &event, run->options->dry_run, say_out, (void *)run, err);
}

/* --- what is planned --- */

static ko_status make_plan(const ko_notice_run *run, ko_plan_request *request, ko_plan **out_plan,
                           ko_error *err)
{
    const ko_notice_options *o = run->options;
    *request = (ko_plan_request){.platform = o->platform,
                                 .channels = (const char *const *)o->channels.word,
                                 .n_channels = o->channels.count,
                                 .reason = o->reason,
                                 .again = o->again};
    ko_status st = o->work ? ko_work_find(run->store, o->work, &request->work_id, err) : KO_OK;
    if (st == KO_OK)
        st = ko_plan_make(run->store, run->kit, run->user, request, out_plan, err);
    return st;
}

static void print_planned(const ko_plan_notice *planned, bool json)
{
    const ko_notice *notice = &planned->notice;
    if (json)
        ko_json_line(stdout, ko_planned_json(planned));
    else
        ko_print("      %-13s %s  %4zu listing%-1s %s %s\n", notice->channel, notice->serial,
                 notice->n_items, ko_plural(notice->n_items), notice->host, notice->work_title);
}

static ko_status print_risks(const ko_notice_run *run, const ko_plan *plan, ko_error *err)
{
    ko_rates rates = {0};
    if (run->options->common.json)
        return KO_OK;
    const ko_day today = ko_day_at(ko_clock_now(), 0);
    const ko_status st = ko_rates_read(run->store, run->kit, today, &rates, err);
    for (size_t i = 0, end, listings; st == KO_OK && i < ko_plan_count(plan); i = end) {
        const ko_plan_notice *first = ko_plan_at(plan, i);
        end = ko_plan_channel_end(plan, i, &listings);
        ko_risk_print(&rates, first->channel, first->notice.reason, listings);
    }
    ko_rates_free(&rates);
    return st;
}

static ko_status print_plan(const ko_notice_run *run, const ko_plan *plan, ko_error *err)
{
    const bool json = run->options->common.json;
    const size_t n = ko_plan_count(plan);
    for (size_t i = 0; i < n; i++)
        print_planned(ko_plan_at(plan, i), json);
    if (json) {
        ko_notice_left_json(plan);
        return KO_OK;
    }
    ko_print("%zu notice%s would be built\n", n, ko_plural(n));
    const ko_status st = print_risks(run, plan, err);
    return st == KO_OK ? ko_notice_left_print(plan, err) : st;
}

/* --- packets --- */

static ko_status print_written(void *context, const ko_notice *notice)
{
    const ko_notice_run *run = context;
    const size_t n = notice->n_in[KO_NOTICE_BUILT];
    if (run->options->common.json)
        ko_json_line(stdout, ko_built_json(notice));
    else
        ko_print("%5lld %-13s %s  %4zu listing%-1s %s\n", (long long)notice->id, notice->channel,
                 notice->serial, n, ko_plural(n), notice->folder);
    return KO_OK;
}

static void print_sum(const ko_built *b, const ko_plan *plan, const ko_notice_options *o)
{
    const bool none = ko_plan_left_count(plan) == 0 && !o->platform && !o->work;
    if (b->written)
        ko_print("%zu packet%s written; when one is filed: knockoff notice filed N --ref NUMBER\n",
                 b->written, ko_plural(b->written));
    else
        ko_print("nothing to build%s\n",
                 none ? ": no candidate is accepted (knockoff review)" : "");
    if (b->n_unsigned)
        ko_print("%zu of them ask%s for a signed statement and have none: knockoff proof SERIAL... "
                 "--sign KEY.p12 makes one, or sign by hand\n",
                 b->n_unsigned, b->n_unsigned == 1 ? "s" : "");
}

/* Writes the packets that are waiting, also those of earlier builds. */
static ko_status write_packets(const ko_notice_run *run, const ko_plan *plan, const char *root,
                               ko_error *err)
{
    const ko_notice_options *o = run->options;
    ko_waiting waiting = {0};
    ko_built built = {0};
    ko_signer *signer = NULL;
    char *proof = NULL;
    ko_status st = ko_waiting_find(run->store, &waiting, err);
    if (st == KO_OK)
        st = ko_proof_folder(&o->common, &proof, err);
    if (st == KO_OK && o->sign && waiting.n)
        st = ko_open_signer(o->sign, o->passphrase_file, &signer, err);
    const ko_packet_options packet = {.kit = run->kit,
                                      .user = run->user,
                                      .proof_folder = proof,
                                      .signer = signer,
                                      .software = "Knockoff " KO_VERSION,
                                      .problems = run->problems,
                                      .without_evidence = o->without_evidence};
    if (st == KO_OK)
        st = ko_waiting_write(run->store, &waiting, root, &packet, print_written, (void *)run,
                              &built, err);
    if (st == KO_OK && !o->common.json)
        print_sum(&built, plan, o);
    ko_signer_close(signer);
    ko_free(proof);
    ko_waiting_free(&waiting);
    return st;
}

/* --- what remains to be done --- */

typedef struct filing {
    ko_csv *csv;
    const ko_kit *kit;
    size_t rows;
} filing;

static ko_status on_unfiled(void *context, const ko_notice *notice)
{
    filing *f = context;
    const ko_channel *channel = ko_rules_channel(f->kit->rules, notice->channel);
    char number[32], listings[32];
    if (!notice->n_in[KO_NOTICE_BUILT])
        return KO_OK;
    (void)snprintf(number, sizeof number, "%lld", (long long)notice->id);
    (void)snprintf(listings, sizeof listings, "%zu", notice->n_in[KO_NOTICE_BUILT]);
    const char *const cells[] = {number,
                                 notice->channel,
                                 channel ? channel->filed_at : "",
                                 notice->serial,
                                 notice->work_title,
                                 listings,
                                 notice->folder,
                                 "",
                                 ""};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        ko_csv_cell(f->csv, cells[i]);
    ko_csv_row_end(f->csv);
    f->rows++;
    return KO_OK;
}

static ko_status write_unfiled(const void *context, ko_csv *csv, size_t *out_rows, ko_error *err)
{
    const ko_notice_run *run = context;
    filing f = {.csv = csv, .kit = run->kit};
    const ko_notice_filter open = {.open = true};
    const ko_status st = ko_notice_each(run->store, &open, on_unfiled, &f, err);
    *out_rows = f.rows;
    return st;
}

/* A sheet to work down, of all that is not filed yet; notice filed reads it again. */
static ko_status tell_unfiled(const ko_notice_run *run, const char *root, ko_error *err)
{
    static const char *const columns[] = {"notice",   "channel", "filed_at", "work", "title",
                                          "listings", "folder",  "on",       "ref",  NULL};
    const ko_table_file table = {
        .name = "to-file.csv", .columns = columns, .rows = write_unfiled, .context = run};
    char *path = NULL;
    const ko_status st = ko_table_file_write(&table, root, &path, err);
    if (st == KO_OK && path && !run->options->common.json)
        ko_print("to be filed; fill in on and ref there, then: knockoff notice filed --from %s\n",
                 path);
    ko_free(path);
    return st;
}

static ko_status tell_left(const ko_notice_run *run, const ko_plan *plan, const char *root,
                           ko_error *err)
{
    char *path = NULL;
    ko_status st = ko_notice_left_write(plan, root, &path, err);
    if (st == KO_OK && run->options->common.json)
        ko_notice_left_json(plan);
    else if (st == KO_OK)
        st = ko_notice_left_print(plan, err);
    if (st == KO_OK && path && !run->options->common.json)
        ko_print("all of them: %s\n", path);
    ko_free(path);
    return st;
}

/* --- the verb --- */

static ko_status build(const ko_notice_run *run, const ko_plan *plan, const char *root,
                       ko_error *err)
{
    ko_status st = KO_OK;
    if (ko_plan_count(plan)) {
        st = confirm_authority(run, plan, err);
        if (st == KO_OK)
            st = ko_folder_make(root, err); /* before there are notices that lie nowhere */
        if (st == KO_OK)
            st = ko_plan_keep(run->store, plan, ko_profile_signature(run->user), err);
    }
    if (st == KO_OK)
        st = write_packets(run, plan, root, err);
    if (st == KO_OK)
        st = print_risks(run, plan, err);
    if (st == KO_OK)
        st = tell_left(run, plan, root, err);
    return st == KO_OK ? tell_unfiled(run, root, err) : st;
}

ko_status ko_notice_verb_build(const ko_notice_run *run, ko_error *err)
{
    const ko_notice_options *o = run->options;
    ko_plan_request request;
    ko_plan *plan = NULL;
    char *beside = NULL;
    if (run->n_words)
        return ko_fail(err, KO_E_USAGE, "notice build takes no '%s'", run->words[0]);
    if (o->passphrase_file && !o->sign)
        return ko_fail(err, KO_E_USAGE, "--passphrase-file goes with --sign");
    ko_status st = o->out ? KO_OK : ko_beside_database(&o->common, KO_BESIDE_NOTICES, &beside, err);
    if (st == KO_OK)
        st = take_out(run, err);
    if (st == KO_OK)
        st = make_plan(run, &request, &plan, err);
    if (st == KO_OK)
        st = o->dry_run ? print_plan(run, plan, err)
                        : build(run, plan, o->out ? o->out : beside, err);
    if (st == KO_OK)
        run->problems->count += ko_notice_left_faults(plan);
    ko_plan_free(plan);
    ko_free(beside);
    return st;
}
