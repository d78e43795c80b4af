/* knockoff standing - how the user's own complaints fare. */
#include "cli/commands.h"

#include "case/rates_json.h"
#include "cli/kit.h"
#include "cli/standing_words.h"
#include "cli/today.h"

#include <string.h>

typedef struct standing_options {
    ko_common common;
    const char *on;
} standing_options;

static const ko_option options[] = {
    {"on", 0, KO_OPT_TEXT, offsetof(standing_options, on), "DATE",
     "as of this day, YYYY-MM-DD (default: today)"},
    {0},
};

/* --- for people --- */

/* The channel, and what is asked for there. */
static void print_heading(const ko_rate *rate, const ko_kit *kit, ko_day day)
{
    const ko_standing_rule *rule = rate->channel ? &rate->channel->standing : NULL;
    const ko_rule_source *source =
        rule && rule->source ? ko_rules_source(kit->rules, rule->source) : NULL;
    char from[KO_DAY_TEXT_SIZE], to[KO_DAY_TEXT_SIZE], checked[KO_DAY_TEXT_SIZE];
    ko_day_text(ko_day_months_later(day, -rate->months) + 1, from);
    ko_day_text(day, to);
    ko_print("%s, %s to %s\n", rate->channel ? rate->channel->name : rate->channel_id, from, to);
    if (!source)
        return;
    ko_day_text(source->checked_on, checked);
    ko_print("  asked for: %d %% removed or more, %d %% lost or less; else out for %d months\n",
             rule->success_least_percent, rule->counter_most_percent, rule->out_months);
    ko_print("  (%s; checked %s)\n", source->text, checked);
}

static const char *level_words(ko_rate_level level)
{
    switch (level) {
    case KO_RATE_NEAR:
        return "  CLOSE TO THE LIMIT";
    case KO_RATE_MISSED:
        return "  MISSED";
    case KO_RATE_FREE:
    case KO_RATE_FINE:
        break;
    }
    return "";
}

static void print_rate(const ko_rate *rate)
{
    const ko_standing *s = &rate->standing;
    const char *name = rate->platform ? rate->platform : rate->reason ? rate->reason : "all";
    ko_print("  %-7s%-12s", rate->reason ? "reason" : "", name);
    if (s->decided)
        ko_print("%5zu decided, %5.1f %% removed, %4.1f %% lost", s->decided,
                 ko_standing_success_percent(s), ko_standing_counter_percent(s));
    else
        ko_print("nothing decided");
    ko_print(", %zu unable, %zu open, %zu not filed%s\n", s->unable, rate->n_open, rate->n_built,
             level_words(rate->level));
}

/* What the notices would risk that are built and not filed. */
static void print_risk(const ko_rates *rates, const ko_rate *rate)
{
    if (rate->level != KO_RATE_FREE && rate->reason)
        ko_risk_print(rates, rate->channel, rate->reason, rate->n_built);
}

/* Is it of all listings of the channel that have a platform, or a reason? Then it says nothing
 * new. */
static bool is_all(const ko_rates *rates, const ko_rate *rate)
{
    size_t n = 0;
    for (size_t i = 0; i < rates->n; i++) {
        const ko_rate *other = &rates->rates[i];
        n += other->channel_id == rate->channel_id && !other->platform == !rate->platform &&
             !other->reason == !rate->reason;
    }
    return (rate->platform || rate->reason) && n == 1;
}

static void print(const ko_rates *rates, const ko_kit *kit, ko_day day)
{
    for (size_t i = 0; i < rates->n; i++) {
        const ko_rate *rate = &rates->rates[i];
        if (!rate->platform && !rate->reason)
            print_heading(rate, kit, day);
        if (!is_all(rates, rate))
            print_rate(rate);
        print_risk(rates, rate);
    }
    if (rates->n == 0)
        ko_print("no notice was built yet: knockoff notice build\n");
}

/* --- the command --- */

static ko_status fits(const void *read, ko_error *err)
{
    const standing_options *o = read;
    return ko_takes_no_operands(&ko_cmd_standing, &o->common, err);
}

static ko_status standing(const ko_job *job, ko_error *err)
{
    const standing_options *o = job->options;
    ko_kit kit = {0};
    ko_rates rates = {0};
    ko_day day = 0;
    ko_status st = ko_day_option("on", o->on, &day, err);
    if (st == KO_OK)
        st = ko_open_kit(&o->common, &kit, err);
    if (st == KO_OK)
        st = ko_rates_read(job->store, &kit, day, &rates, err);
    if (st == KO_OK && o->common.json)
        for (size_t i = 0; i < rates.n; i++)
            ko_json_line(stdout, ko_rate_json(&rates, i, &kit));
    else if (st == KO_OK)
        print(&rates, &kit, day);
    ko_rates_free(&rates);
    ko_kit_close(&kit);
    return st;
}

static ko_exit run(char **words, size_t n)
{
    standing_options o = {0};
    return ko_run_job(&ko_cmd_standing, words, n, &o, fits, standing);
}

const ko_command ko_cmd_standing = {
    .name = "standing",
    .summary = "how your complaints fare, and what filing more would risk",
    .usage = "[--on DATE]",
    .description =
        "Platforms drop those whose complaints fail. Counted are listings whose case is closed:\n"
        "removed, refused, or lost to a counter-notice. \"Unable to process\" is shown and not\n"
        "counted, for whether platforms count it is not known; nor is how many complaints it "
        "takes\n"
        "before the rates matter. They are of what is known here: tell all with notice update.",
    .options = options,
    .run = run,
};
