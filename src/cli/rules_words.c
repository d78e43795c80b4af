#include "cli/rules_words.h"

#include "notice/facts.h"
#include "notice/letter.h"

#include <string.h>

const char *ko_origin_words(ko_rule_origin origin)
{
    static const char *const words[] = {[KO_RULE_OF_PROGRAM] = "",
                                        [KO_RULE_REPLACED] = " (yours, in place of the program's)",
                                        [KO_RULE_ADDED] = " (yours)"};
    return words[origin];
}

/* Ends a line that states a rule. */
static void print_source(const ko_kit *kit, const char *id)
{
    const ko_rule_source *source = ko_rules_source(kit->rules, id);
    char day[KO_DAY_TEXT_SIZE];
    ko_day_text(source->checked_on, day);
    ko_print("  [%s, %s]\n", id, day);
}

static void print_text(const ko_kit *kit, const char *name, const char *text, const char *source)
{
    ko_print("  %-10s  %s", name, text);
    print_source(kit, source);
}

/* --- what a notice may hold --- */

static void print_list(const ko_kit *kit, const ko_channel *channel)
{
    static const char *const of[] = {[KO_LIST_URLS] = "URLs", [KO_LIST_ITEMS] = "item numbers"};
    static const char *const join[] = {
        [KO_LIST_LINES] = "one a line", [KO_LIST_COMMAS] = "between commas"};
    static const char *const per[] = {[KO_LIST_PER_WORK] = "one work",
                                      [KO_LIST_PER_WORK_AND_HOST] = "one work and host",
                                      [KO_LIST_PER_WORK_AND_SELLER] = "one work and seller"};
    const ko_channel_list *list = &channel->list;
    if (list->most)
        ko_print("  %-10s  at most %d %s", "a notice", list->most, of[list->of]);
    else
        ko_print("  %-10s  any number of %s", "a notice", of[list->of]);
    ko_print(", %s, of %s", join[list->join], per[list->per]);
    print_source(kit, list->source);
}

/* --- times --- */

static void print_step(const ko_kit *kit, const ko_step *step)
{
    static const char *const who[] = {
        [KO_WHO_PLATFORM] = "platform", [KO_WHO_SELLER] = "seller", [KO_WHO_HOLDER] = "you"};
    static const char *const from[] = {[KO_FROM_PAPERS] = "after papers are handed in",
                                       [KO_FROM_FILED] = "after filing",
                                       [KO_FROM_COUNTERED] = "after a counter-notice",
                                       [KO_FROM_REFUSED] = "after a counter-notice is refused",
                                       [KO_FROM_TOLD] = "after the last that was told"};
    ko_print("  %-10s  ", who[step->who]);
    if (step->least && step->least < step->most)
        ko_print("%d to ", step->least);
    ko_print("%d %sday%s", step->most, step->days == KO_DAYS_WORKING ? "working " : "",
             ko_plural((size_t)step->most));
    if (step->days == KO_DAYS_WORKING)
        ko_print(" (%s)", step->country);
    ko_print(" %s: %s", from[step->from], step->text);
    print_source(kit, step->source);
}

static void print_steps(const ko_kit *kit, const ko_channel *channel)
{
    for (size_t i = 0; i < channel->n_steps; i++)
        print_step(kit, &channel->steps[i]);
}

static void print_title(const ko_kit *kit, const ko_channel *channel)
{
    ko_print("%s  %s%s\n", channel->id, channel->name,
             ko_origin_words(ko_rules_channel_origin(kit->rules, channel->id)));
}

void ko_channel_print(const ko_kit *kit, const ko_channel *channel)
{
    print_title(kit, channel);
    print_list(kit, channel);
    print_steps(kit, channel);
}

/* --- the rest of a channel --- */

static void print_platforms(const ko_kit *kit, const ko_channel *channel)
{
    ko_print("  %-10s  listings of ", "takes");
    for (size_t i = 0; i < channel->n_platforms; i++) {
        const char *platform = channel->platforms[i];
        ko_print("%s%s", i ? ", " : "", strcmp(platform, "*") == 0 ? "any site" : platform);
    }
    print_source(kit, channel->platforms_source);
    if (!channel->usual)
        ko_print("  %-10s  only when it is asked for: --channel %s\n", "", channel->id);
}

static void print_letter(const ko_kit *kit, const char *name)
{
    ko_print("  %-10s  %s", "letter", name);
    if (ko_kit_has_own(kit, name))
        ko_print(" (yours)\n");
    else if (ko_letter_template(name))
        ko_print("\n");
    else
        ko_print(": write it into %s\n", kit->folder);
}

static void print_needs(const ko_kit *kit, const ko_channel *channel)
{
    ko_print("  %-10s  %s", "asks for", channel->n_facts ? "" : "what its letter says");
    for (size_t i = 0; i < channel->n_facts; i++) {
        const char *fact = channel->facts[i];
        ko_print("%s%s", i ? ", " : "", ko_fact_words(fact, strlen(fact)));
    }
    print_source(kit, channel->needs_source);
    for (size_t i = 0; i < channel->n_papers; i++)
        print_text(kit, i ? "" : "papers", channel->papers[i], channel->needs_source);
    print_letter(kit, channel->letter);
}

static void print_reasons(const ko_kit *kit, const ko_channel *channel)
{
    for (size_t i = 0; i < channel->n_reasons; i++) {
        const ko_reason *reason = &channel->reasons[i];
        ko_print("  %-10s  %s: %s", i ? "" : "reasons", reason->id, reason->name);
        if (reason->code)
            ko_print(" (code %s)", reason->code);
        print_source(kit, reason->source);
        ko_print("  %-10s  \"%s\"\n", "", reason->text);
    }
}

static void print_standing(const ko_kit *kit, const ko_standing_rule *rule)
{
    if (!rule->source)
        return;
    ko_print("  %-10s  %d %% of notices succeed and at most %d %% are lost to counter-notices, "
             "over %d months%s; who misses it is out for %d",
             "standing", rule->success_least_percent, rule->counter_most_percent, rule->months,
             rule->per_reason ? ", for each reason, too" : "", rule->out_months);
    print_source(kit, rule->source);
}

void ko_penalty_print(const ko_kit *kit, const ko_penalty *penalty)
{
    ko_print("points on %s%s\n", penalty->platform,
             ko_origin_words(ko_rules_penalty_origin(kit->rules, penalty->platform)));
    ko_print("  %-10s  %d a complaint, at most %d a day, for %d days; %d close the account",
             "general", penalty->points_each, penalty->points_a_day, penalty->life_days,
             penalty->closes_at);
    print_source(kit, penalty->source);
    ko_print("  %-10s  those within %d days count as one; %d close the account", "serious",
             penalty->serious_window_days, penalty->serious_close_at);
    print_source(kit, penalty->source);
    print_text(kit, "", penalty->note, penalty->source);
}

/* --- what the sources of a channel are --- */

static bool is_named(const ko_channel *c, const char *id)
{
    const char *const own[] = {c->filed_at_source, c->platforms_source, c->list.source,
                               c->needs_source, c->standing.source};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (own[i] && strcmp(own[i], id) == 0)
            return true;
    for (size_t i = 0; i < c->n_reasons; i++)
        if (strcmp(c->reasons[i].source, id) == 0)
            return true;
    for (size_t i = 0; i < c->n_steps; i++)
        if (strcmp(c->steps[i].source, id) == 0)
            return true;
    for (size_t i = 0; i < c->n_notes; i++)
        if (strcmp(c->notes[i].source, id) == 0)
            return true;
    return false;
}

static void print_sources(const ko_kit *kit, const ko_channel *channel)
{
    const ko_rule_source *source;
    ko_print("sources\n");
    for (size_t i = 0; (source = ko_rules_source_at(kit->rules, i)) != NULL; i++) {
        char day[KO_DAY_TEXT_SIZE];
        if (!is_named(channel, source->id))
            continue;
        ko_day_text(source->checked_on, day);
        ko_print("  %s, read %s: %s\n", source->id, day, source->text);
    }
}

void ko_channel_print_all(const ko_kit *kit, const ko_channel *channel)
{
    print_title(kit, channel);
    print_text(kit, "file at", channel->filed_at, channel->filed_at_source);
    print_platforms(kit, channel);
    print_list(kit, channel);
    print_needs(kit, channel);
    print_reasons(kit, channel);
    print_steps(kit, channel);
    for (size_t i = 0; i < channel->n_notes; i++)
        print_text(kit, i ? "" : "notes", channel->notes[i].text, channel->notes[i].source);
    print_standing(kit, &channel->standing);
    for (size_t i = 0; i < channel->n_platforms; i++) {
        const ko_penalty *penalty = ko_rules_penalty(kit->rules, channel->platforms[i]);
        if (penalty)
            ko_penalty_print(kit, penalty);
    }
    print_sources(kit, channel);
}
