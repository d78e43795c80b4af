/* knockoff report - how it goes, in numbers. */
#include "cli/commands.h"

#include "base/clock.h"
#include "base/limits.h"
#include "case/overview.h"
#include "cli/kit.h"

#include <string.h>

#define WEEKS_DEFAULT 12

typedef struct report_options {
    ko_common common;
    unsigned weeks;
    const char *per_listing, *rates;
} report_options;

static const ko_option options[] = {
    {"weeks", 'w', KO_OPT_COUNT, offsetof(report_options, weeks), "N",
     "so many weeks, up to this one (default: 12)"},
    {"per-listing", 0, KO_OPT_TEXT, offsetof(report_options, per_listing), "AMOUNT",
     "what a listing counts as of which sales are not known, \"25 EUR\"; none: nothing. Kept"},
    {"rates", 0, KO_OPT_TEXT, offsetof(report_options, rates), "TEXT",
     "add currencies up, \"EUR USD=0.92\": all in EUR, one USD is 0.92; none: do not. Kept"},
    {0},
};

/* --- for people --- */

static void print_weeks(const ko_overview *o)
{
    ko_print("week      from        found  filed  removed\n");
    for (size_t i = 0; i < o->n_weeks; i++) {
        const ko_overview_week *w = &o->weeks[i];
        char name[KO_WEEK_TEXT_SIZE], from[KO_DAY_TEXT_SIZE];
        ko_week_text(w->from, name);
        ko_day_text(w->from, from);
        ko_print("%s  %s  %5zu  %5zu  %7zu\n", name, from, w->found, w->filed, w->removed);
    }
}

static void print_totals(const ko_overview *o)
{
    const ko_overview_counts *c = &o->all;
    ko_print(
        "\nsince the beginning: %zu found, %zu filed (%zu open), %zu removed, %zu reappeared\n",
        c->found, c->filed, c->open, c->removed, o->reappeared);
    if (c->n_days)
        ko_print("days from filing to removal: %g in the middle of %zu\n", c->median_days,
                 c->n_days);
    ko_print("sellers: %zu, %zu of them with two finds or more\n", o->n_sellers, o->n_repeat);
    for (size_t i = 0; i < o->n_named; i++) {
        const ko_ledger_seller *s = o->sellers[i].seller;
        ko_print("  %s on %s: %zu found, %zu removed, %zu reappeared\n", s->names[0].text, s->place,
                 o->sellers[i].found, s->removed, s->reappeared);
    }
    if (o->n_named < o->n_repeat)
        ko_print("  and %zu more: knockoff sellers\n", o->n_repeat - o->n_named);
}

static void print_platforms(const ko_overview *o)
{
    if (o->n_platforms)
        ko_print("\nplatform      found  filed   open  removed  days\n");
    for (size_t i = 0; i < o->n_platforms; i++) {
        const ko_overview_platform *p = &o->platforms[i];
        ko_print("%-12s  %5zu  %5zu  %5zu  %7zu", p->name[0] ? p->name : "others", p->counts.found,
                 p->counts.filed, p->counts.open, p->counts.removed);
        if (p->counts.n_days)
            ko_print("  %4g", p->counts.median_days);
        ko_print("\n");
    }
}

static void print_sum(const ko_estimate *e, const ko_estimate_sum *s)
{
    ko_print("  %.2f %s:", s->amount, s->currency);
    if (s->by_sold)
        ko_print(" price times sold of %zu listing%s", s->by_sold, ko_plural(s->by_sold));
    if (s->by_each)
        ko_print("%s %zu listing%s at %.2f as you state", s->by_sold ? "," : "", s->by_each,
                 ko_plural(s->by_each), e->wish.each);
    ko_print("\n");
}

static void print_money(const ko_estimate *e)
{
    if (e->listings == 0)
        return;
    ko_print("\nestimate of what was sold in %zu listing%s\n", e->listings, ko_plural(e->listings));
    for (size_t i = 0; i < e->n_sums; i++)
        print_sum(e, &e->sums[i]);
    if (e->wish.into[0])
        ko_print("  together %.2f %s by your rates\n", e->total, e->wish.into);
    if (e->n_left_out)
        ko_print("  without %zu currenc%s of which you state no rate\n", e->n_left_out,
                 e->n_left_out == 1 ? "y" : "ies");
    if (e->not_counted)
        ko_print("  %zu not counted, as price or number sold is not known: --per-listing states an "
                 "amount\n",
                 e->not_counted);
}

static void print(const ko_overview *o)
{
    print_weeks(o);
    print_totals(o);
    print_platforms(o);
    print_money(&o->estimate);
}

/* --- the command --- */

static const char *stated(const char *word)
{
    return strcmp(word, "none") == 0 ? "" : word;
}

static ko_status state(const report_options *o, ko_store *store, ko_error *err)
{
    ko_status st = KO_OK;
    if (o->per_listing)
        st = ko_estimate_set_each(store, stated(o->per_listing), err);
    if (st == KO_OK && o->rates)
        st = ko_estimate_set_rates(store, stated(o->rates), err);
    return st;
}

static ko_status report(const ko_job *job, ko_error *err)
{
    const report_options *o = job->options;
    ko_kit kit = {0};
    ko_overview overview = {0};
    ko_status st = state(o, job->store, err);
    if (st == KO_OK)
        st = ko_open_kit(&o->common, &kit, err);
    if (st == KO_OK)
        st = ko_overview_read(job->store, &kit, ko_today(), o->weeks, &overview, err);
    if (st == KO_OK && o->common.json)
        ko_json_line(stdout, ko_overview_json(&overview));
    else if (st == KO_OK)
        print(&overview);
    ko_overview_free(&overview);
    ko_kit_close(&kit);
    return st;
}

static ko_status fits(const void *read, ko_error *err)
{
    const report_options *o = read;
    if (o->weeks > KO_MAX_OVERVIEW_WEEKS)
        return ko_fail(err, KO_E_USAGE, "report: --weeks %u, limit %u", o->weeks,
                       KO_MAX_OVERVIEW_WEEKS);
    return ko_takes_no_operands(&ko_cmd_report, &o->common, err);
}

static ko_exit run(char **words, size_t n)
{
    report_options o = {.weeks = WEEKS_DEFAULT};
    return ko_run_job(&ko_cmd_report, words, n, &o, fits, report);
}

const ko_command ko_cmd_report = {
    .name = "report",
    .summary = "how it goes: found, filed and removed by week, and an estimate in money",
    .usage = "[--weeks N] [--per-listing AMOUNT] [--rates TEXT]",
    .description =
        "A find is a listing that shows one of your works: you accepted it, or complained about\n"
        "it. It is found on the day on which a scan queued it, or on which you filed it if that\n"
        "was first. Filed counts a listing each time that you told it was filed; open are those\n"
        "not decided yet. Removed counts each time that you told it was taken down, but for those\n"
        "that a counter-notice brought back. Reappeared counts what is offered again after its\n"
        "removal, under the same address, or by the same seller anew. The day in the middle is\n"
        "that by which half of all removals had come. Weeks run from Monday to Sunday, and days\n"
        "are yours.\n"
        "The estimate is what sellers asked for times what your sheet says was sold (column "
        "\"sold\n"
        "count\"), or what you state for other listings. It is what they may have taken in, not\n"
        "what you lost. Currencies stay apart unless you state rates.",
    .options = options,
    .run = run,
};
