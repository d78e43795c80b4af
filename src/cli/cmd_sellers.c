/* knockoff sellers - who sells copies, under which names, and what came of complaints. */
#include "cli/commands.h"

#include "base/clock.h"
#include "base/limits.h"
#include "case/ledger_json.h"
#include "cli/kit.h"
#include "cli/seller_offers.h"
#include "cli/seller_words.h"
#include "cli/today.h"
#include "store/profile.h"
#include "store/seller.h"

#include <string.h>

typedef struct seller_options {
    ko_common common;
    const char *platform, *on;
    bool all;
} seller_options;

static const ko_option options[] = {
    {"platform", 0, KO_OPT_TEXT, offsetof(seller_options, platform), "NAME",
     "only sellers there: a marketplace (etsy), or the host of a shop"},
    {"all", 'a', KO_OPT_FLAG, offsetof(seller_options, all), NULL,
     "also those without candidates and notices"},
    {"on", 0, KO_OPT_TEXT, offsetof(seller_options, on), "DATE",
     "points as of this day, YYYY-MM-DD (default: today)"},
    {0},
};

/* What verbs are done on that read the ledger. */
typedef struct reading {
    const ko_job *job;
    const seller_options *options;
    const ko_rules *rules;
    const ko_ledger *ledger;
} reading;
typedef ko_status reading_fn(const reading *r, ko_error *err);

static ko_status read_ledger(const ko_job *job, reading_fn *fn, ko_error *err)
{
    const seller_options *o = job->options;
    ko_kit kit = {0};
    ko_ledger *ledger = NULL;
    ko_day day = 0;
    ko_status st = ko_day_option("on", o->on, &day, err);
    if (st == KO_OK)
        st = ko_open_kit(&o->common, &kit, err);
    if (st == KO_OK)
        st = ko_ledger_make(job->store, kit.rules, day, &ledger, err);
    if (st == KO_OK)
        st = fn(&(reading){job, o, kit.rules, ledger}, err);
    ko_ledger_free(ledger);
    ko_kit_close(&kit);
    return st;
}

/* --- list --- */

static bool is_there(const seller_options *o, const ko_ledger_seller *seller)
{
    return !o->platform || strcmp(seller->place, o->platform) == 0;
}

static bool is_listed(const seller_options *o, const ko_ledger_seller *seller)
{
    return is_there(o, seller) && (o->all || seller->suspects || seller->accepted || seller->filed);
}

/* Is this the first one listed whose points are counted by its rule? */
static bool begins_rule(const reading *r, size_t rank)
{
    const ko_ledger_seller *seller = ko_ledger_at(r->ledger, rank);
    if (!seller->points.any_ends || !is_listed(r->options, seller))
        return false;
    for (size_t i = 0; i < rank; i++) {
        const ko_ledger_seller *before = ko_ledger_at(r->ledger, i);
        if (before->penalty == seller->penalty && before->points.any_ends &&
            is_listed(r->options, before))
            return false;
    }
    return true;
}

static void print_end(const reading *r, size_t listed, size_t others)
{
    const size_t untold = ko_ledger_untold(r->ledger);
    for (size_t i = 0; i < ko_ledger_count(r->ledger); i++)
        if (begins_rule(r, i))
            ko_seller_print_rule(ko_ledger_at(r->ledger, i)->penalty, r->rules);
    if (listed == 0)
        ko_print("no seller of a candidate is known\n");
    if (others)
        ko_print("%zu more without candidates: knockoff sellers --all\n", others);
    if (untold)
        ko_print("%zu listing%s without seller\n", untold, ko_plural(untold));
}

static ko_status print_all(const reading *r, ko_error *err)
{
    (void)err;
    const seller_options *o = r->options;
    size_t listed = 0, others = 0;
    for (size_t i = 0; i < ko_ledger_count(r->ledger); i++) {
        const ko_ledger_seller *seller = ko_ledger_at(r->ledger, i);
        if (!is_listed(o, seller)) {
            others += is_there(o, seller);
            continue;
        }
        listed++;
        if (o->common.json) {
            ko_json_line(stdout, ko_seller_json(seller, r->rules));
        } else {
            ko_seller_print_names(seller);
            ko_seller_print_counts(seller);
        }
    }
    if (!o->common.json)
        print_end(r, listed, others);
    return KO_OK;
}

static ko_status list(const ko_job *job, ko_error *err)
{
    return read_ledger(job, print_all, err);
}

/* --- alias --- */

static void print_alias(const ko_alias *a)
{
    char at[KO_TIME_SIZE];
    ko_clock_text(a->at, at);
    ko_print("%lld  %s: %s %s, %s %s", (long long)a->id, a->platform,
             ko_alias_kind_name(a->kind[0]), a->text[0], ko_alias_kind_name(a->kind[1]),
             a->text[1]);
    ko_print("  since %s by %s\n", at, a->who[0] ? a->who : "-");
}

static json_t *alias_json(const ko_alias *a)
{
    char at[KO_TIME_SIZE];
    json_t *names = json_array();
    ko_clock_text(a->at, at);
    for (size_t i = 0; i < 2; i++)
        (void)json_array_append_new(names,
                                    json_pack("{s:s, s:o}", "kind", ko_alias_kind_name(a->kind[i]),
                                              "text", ko_json_string(a->text[i])));
    return json_pack("{s:I, s:o, s:o, s:s, s:o}", "alias", (json_int_t)a->id, "on",
                     ko_json_string(a->platform), "names", names, "added", at, "who",
                     ko_json_string(a->who));
}

typedef struct printing {
    const seller_options *options;
    const ko_ledger_seller *seller; /* NULL: aliases of all */
    int64_t id;                     /* 0: any */
    size_t n;
} printing;

static bool has_name(const ko_ledger_seller *seller, const ko_alias *alias)
{
    for (size_t i = 0; i < seller->n_names; i++)
        if (strcmp(seller->place, alias->platform) == 0 &&
            seller->names[i].kind == alias->kind[0] &&
            strcmp(seller->names[i].text, alias->text[0]) == 0)
            return true;
    return false;
}

static ko_status on_alias(void *context, const ko_alias *alias)
{
    printing *p = context;
    if ((p->id && alias->id != p->id) || (p->seller && !has_name(p->seller, alias)))
        return KO_OK;
    p->n++;
    if (p->options->common.json)
        ko_json_line(stdout, alias_json(alias));
    else
        print_alias(alias);
    return KO_OK;
}

/* A marketplace, or a host as listings have it. */
static ko_status read_place(const char *word, char out[KO_SELLER_PLACE_SIZE], ko_error *err)
{
    char host[KO_HOST_SIZE];
    if (ko_seller_is_many(word)) {
        (void)snprintf(out, KO_SELLER_PLACE_SIZE, "%s", word);
        return KO_OK;
    }
    const ko_status st = ko_host_normal(word, strlen(word), host, err);
    if (st != KO_OK)
        return st;
    if (!strchr(host, '.'))
        return ko_fail(err, KO_E_USAGE, "'%s' is neither a marketplace that is known nor a host",
                       word);
    (void)snprintf(out, KO_SELLER_PLACE_SIZE, "%s", host);
    return KO_OK;
}

/* "licence=Shenzhen Co": what stands before the first "=" is a kind. */
static ko_status read_name(const char *word, ko_alias_kind *out_kind, const char **out_text,
                           ko_error *err)
{
    char kind[16];
    const size_t n = strcspn(word, "=");
    if (word[n] != '=')
        return ko_fail(err, KO_E_USAGE, "'%.100s' is no KIND=TEXT such as licence=\"Some Co\"",
                       word);
    (void)snprintf(kind, sizeof kind, "%.*s", (int)(n < sizeof kind ? n : sizeof kind - 1), word);
    *out_text = word + n + 1;
    return ko_alias_kind_find(kind, out_kind, err);
}

static ko_status add(const ko_job *job, const ko_alias *alias, ko_error *err)
{
    printing p = {.options = job->options};
    ko_status st = ko_alias_add(job->store, alias, &p.id, err);
    if (st == KO_OK && p.id == 0)
        return ko_fail(err, KO_E_EXISTS, "%.100s and %.100s are joined already", alias->text[0],
                       alias->text[1]);
    return st == KO_OK ? ko_alias_each(job->store, on_alias, &p, err) : st;
}

static ko_status join(const ko_job *job, ko_error *err)
{
    const ko_words *words = &((const ko_common *)job->options)->operands;
    char place[KO_SELLER_PLACE_SIZE];
    ko_user user = {0};
    ko_alias alias = {.platform = place};
    if (words->count != 4)
        return ko_fail(err, KO_E_USAGE, "sellers alias takes a platform and two names, KIND=TEXT");
    ko_status st = read_place(words->word[1], place, err);
    for (size_t i = 0; st == KO_OK && i < 2; i++)
        st = read_name(words->word[2 + i], &alias.kind[i], &alias.text[i], err);
    if (st == KO_OK)
        st = ko_profile_read(job->store, &user, err);
    if (st == KO_OK) {
        alias.who = ko_profile_signature(&user);
        st = add(job, &alias, err);
    }
    ko_profile_free(&user);
    return st;
}

static ko_status alias(const ko_job *job, ko_error *err)
{
    const seller_options *o = job->options;
    printing p = {.options = o};
    if (o->common.operands.count > 1)
        return join(job, err);
    const ko_status st = ko_alias_each(job->store, on_alias, &p, err);
    if (st == KO_OK && p.n == 0 && !o->common.json)
        ko_print("no aliases: knockoff sellers alias PLATFORM KIND=TEXT KIND=TEXT adds one\n");
    return st;
}

static ko_status unalias(const ko_job *job, ko_error *err)
{
    const ko_words *words = &((const ko_common *)job->options)->operands;
    ko_status st = KO_OK;
    for (size_t i = 1; st == KO_OK && i < words->count; i++) {
        int64_t id = 0;
        st = ko_read_number("sellers unalias", words->word[i], &id, err);
        if (st == KO_OK)
            st = ko_alias_remove(job->store, id, err);
    }
    return st;
}

/* --- show --- */

/* The words behind the verb with a space between. */
static ko_status join_words(const ko_words *words, ko_buf *out, ko_error *err)
{
    ko_status st = KO_OK;
    for (size_t i = 1; st == KO_OK && i < words->count; i++)
        st = ko_buf_printf(out, "%s%s", i > 1 ? " " : "", words->word[i]);
    return st == KO_OK ? st : ko_fail(err, KO_E_USAGE, "a name of a seller is not so long");
}

static ko_status print_offer(void *context, const ko_offer *offer)
{
    (void)context;
    ko_offer_print(offer);
    return KO_OK;
}

static ko_status add_offer(void *context, const ko_offer *offer)
{
    return json_array_append_new(context, ko_offer_json(offer)) == 0 ? KO_OK : KO_E_NOMEM;
}

static ko_status show_json(const reading *r, const ko_ledger_seller *seller, ko_error *err)
{
    json_t *object = ko_seller_json(seller, r->rules), *offers = json_array();
    const ko_status st = ko_offers_each(r->job->store, r->ledger, seller, add_offer, offers, err);
    (void)json_object_set_new(object, "offers", offers);
    if (st == KO_OK)
        ko_json_line(stdout, object);
    else
        json_decref(object);
    return st;
}

static ko_status show_words(const reading *r, const ko_ledger_seller *seller, ko_error *err)
{
    printing p = {.options = r->options, .seller = seller};
    ko_seller_print_names(seller);
    ko_seller_print_counts(seller);
    if (seller->points.any_ends)
        ko_seller_print_rule(seller->penalty, r->rules);
    const ko_status st = ko_alias_each(r->job->store, on_alias, &p, err);
    return st == KO_OK ? ko_offers_each(r->job->store, r->ledger, seller, print_offer, NULL, err)
                       : st;
}

static ko_status show_named(const reading *r, ko_error *err)
{
    ko_buf name = KO_BUF(KO_MAX_SELLER_NAME);
    const ko_ledger_seller *seller = NULL;
    ko_status st = join_words(&r->options->common.operands, &name, err);
    if (st == KO_OK)
        st = ko_ledger_find(r->ledger, r->options->platform, name.data, &seller, err);
    ko_buf_free(&name);
    if (st != KO_OK)
        return st;
    return r->options->common.json ? show_json(r, seller, err) : show_words(r, seller, err);
}

static ko_status show(const ko_job *job, ko_error *err)
{
    return read_ledger(job, show_named, err);
}

/* --- the command --- */

static const ko_verb verbs[] = {
    {"list", NULL, list},
    {"show", "a name or number of a seller", show},
    {"alias", NULL, alias},
    {"unalias", "the number of an alias", unalias},
    {0},
};

static ko_status sellers(const ko_job *job, ko_error *err)
{
    return ko_run_verb(&ko_cmd_sellers, verbs, "list", job, err);
}

static ko_exit run(char **words, size_t n)
{
    seller_options o = {0};
    return ko_run_job(&ko_cmd_sellers, words, n, &o, NULL, sellers);
}

const ko_command ko_cmd_sellers = {
    .name = "sellers",
    .summary = "who sells copies, under which names, and what came of complaints",
    .usage = "[list] | show NAME | alias [PLATFORM KIND=TEXT KIND=TEXT] | unalias N...",
    .description =
        "By risk: what was confirmed in the last 180 days, how lately, of how many works, and "
        "what\n"
        "came back after its removal. Names that listings show together are one seller's;\n"
        "alias joins two that you know of, each a name, a store (its number), a code (the\n"
        "platform's second one) or a licence (name on the business licence). A name that two\n"
        "sellers of a platform share makes them one here.\n"
        "Points are an estimate by the rule of the platform, where one is known: they count what\n"
        "was removed on your notices, by days, and not what others complained about. Something\n"
        "reappears when it is offered again after its removal, under the same address or anew.",
    .options = options,
    .run = run,
};
