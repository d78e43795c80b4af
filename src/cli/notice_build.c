/* knockoff notice build - from accepted candidates to folders that notices are filed from.
 *
 * Notices are kept first, all at once; then their packets are written, one by one. What ends the
 * program meanwhile leaves notices without a packet, and the next build writes those first. */
#include "cli/notice_verbs.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/day.h"
#include "base/file.h"
#include "base/progress.h"
#include "base/stop.h"
#include "case/doubt.h"
#include "case/packet.h"
#include "case/plan_json.h"
#include "cli/confirm.h"
#include "cli/kit.h"
#include "cli/notice_left.h"
#include "cli/proof_files.h"
#include "cli/standing_words.h"
#include "cli/table_file.h"

#include <string.h>

typedef struct building {
    const ko_notice_run *run;
    const char *root; /* of all packets */
    ko_packet_options packet;
    int64_t *ids; /* notices without a packet */
    size_t n_ids, ids_capacity;
    size_t written, n_unsigned;
    ko_progress progress;
    ko_error *err;
} building;

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

/* Takes listings out of notices that are not filed when their candidates are not accepted any
 * more, whatever changed that; only says so for a dry run. */
static ko_status take_out(const ko_notice_run *run, ko_error *err)
{
    const bool dry_run = run->options->dry_run;
    ko_doubts others;
    ko_status st = ko_doubts_find(run->store, 0, 1U << KO_NOTICE_BUILT, &others, err);
    for (size_t i = 0; st == KO_OK && i < others.n; i++) {
        const ko_doubt *one = &others.doubts[i];
        const ko_notice_event event = {.notice_id = one->notice_id,
                                       .state = KO_NOTICE_WITHDRAWN,
                                       .on = ko_today(),
                                       .note = "its candidate is not accepted any more",
                                       .who = ko_profile_signature(run->user)};
        size_t changed;
        if (!dry_run)
            st = ko_packet_remove(run->store, one->notice_id, err);
        if (st == KO_OK && !dry_run)
            st = ko_notice_tell(run->store, &event, &one->item_id, 1, &changed, err);
        if (st == KO_OK)
            ko_say("notice %lld: candidate %lld is not accepted any more: %s",
                   (long long)one->notice_id, (long long)one->candidate_id,
                   dry_run ? "it would be taken out" : "taken out");
    }
    ko_doubts_free(&others);
    return st;
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
    for (size_t i = 0, listings = 0; st == KO_OK && i < ko_plan_count(plan); i++) {
        const ko_plan_notice *one = ko_plan_at(plan, i);
        const bool last =
            i + 1 == ko_plan_count(plan) || ko_plan_at(plan, i + 1)->channel != one->channel;
        listings += one->notice.n_items;
        if (last) {
            ko_risk_print(&rates, one->channel, one->notice.reason, listings);
            listings = 0;
        }
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

/* Also a packet that was lost is written, for nothing else would. */
static ko_status on_waiting(void *context, const ko_notice *notice)
{
    building *b = context;
    if (!notice->n_in[KO_NOTICE_BUILT] || ko_is_folder(notice->folder))
        return KO_OK;
    int64_t *grown = ko_grown(b->ids, b->n_ids, &b->ids_capacity, sizeof *b->ids);
    if (!grown)
        return KO_E_NOMEM;
    b->ids = grown;
    b->ids[b->n_ids++] = notice->id;
    return KO_OK;
}

static ko_status print_written(void *context, const ko_notice *notice)
{
    building *b = context;
    const size_t n = notice->n_in[KO_NOTICE_BUILT];
    ko_progress_end(&b->progress);
    if (b->run->options->common.json)
        ko_json_line(stdout, ko_built_json(notice));
    else
        ko_print("%5lld %-13s %s  %4zu listing%-1s %s\n", (long long)notice->id, notice->channel,
                 notice->serial, n, ko_plural(n), notice->folder);
    return KO_OK;
}

/* What is wrong with one packet is said, and the next one is written; not what is wrong with all
 * of them. KO_E_STOPPED is left to the caller to tell. */
static ko_status write_one(building *b, int64_t id)
{
    ko_error why = {0};
    bool is_unsigned = false;
    const ko_status st =
        ko_packet_write(b->run->store, id, b->root, &b->packet, &is_unsigned, &why);
    const ko_exit kind = ko_exit_of(st);
    if (st == KO_E_STOPPED)
        return st;
    if (kind == KO_EXIT_SYSTEM || kind == KO_EXIT_DATABASE)
        return ko_fail(b->err, st, "notice %lld: %s", (long long)id, why.text);
    if (st != KO_OK) {
        ko_problem(b->run->problems, "notice %lld: %s", (long long)id, why.text);
        return KO_OK;
    }
    b->written++;
    b->n_unsigned += is_unsigned;
    return ko_notice_each(b->run->store, &(ko_notice_filter){.id = id}, print_written, b, b->err);
}

static ko_status write_all(building *b)
{
    ko_status st = KO_OK;
    ko_progress_start(&b->progress, "packets", b->n_ids);
    for (size_t i = 0; i < b->n_ids && st == KO_OK; i++) {
        ko_progress_show(&b->progress, i);
        st = ko_stop_asked() ? KO_E_STOPPED : write_one(b, b->ids[i]);
        if (st == KO_E_STOPPED)
            (void)ko_fail(b->err, st,
                          "stopped; %zu packet%s to be written by the next notice build",
                          b->n_ids - i, b->n_ids - i == 1 ? " is" : "s are");
    }
    ko_progress_end(&b->progress);
    return st;
}

static void print_sum(const building *b, const ko_plan *plan, const ko_notice_options *o)
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
    building b = {.run = run, .root = root, .err = err};
    ko_signer *signer = NULL;
    char *proof = NULL;
    ko_status st =
        ko_notice_each(run->store, &(ko_notice_filter){.open = true}, on_waiting, &b, err);
    if (st == KO_OK)
        st = ko_proof_folder(&o->common, &proof, err);
    if (st == KO_OK && o->sign && b.n_ids)
        st = ko_open_signer(o->sign, o->passphrase_file, &signer, err);
    b.packet = (ko_packet_options){.kit = run->kit,
                                   .user = run->user,
                                   .proof_folder = proof,
                                   .signer = signer,
                                   .software = "Knockoff " KO_VERSION,
                                   .problems = run->problems,
                                   .without_evidence = o->without_evidence};
    if (st == KO_OK)
        st = write_all(&b);
    if (st == KO_OK && !o->common.json)
        print_sum(&b, plan, o);
    ko_signer_close(signer);
    ko_free(proof);
    ko_free(b.ids);
    return st == KO_E_NOMEM ? ko_fail(err, st, "no memory for packets") : st;
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
