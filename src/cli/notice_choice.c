#include "cli/notice_choice.h"

#include "base/alloc.h"
#include "listing/values.h"
#include "platform/canonical.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void ko_ids_free(ko_ids *ids)
{
    ko_free(ids->ids);
    *ids = (ko_ids){0};
}

ko_status ko_ids_add(ko_ids *ids, int64_t id)
{
    int64_t *grown = ko_grown(ids->ids, ids->n, &ids->capacity, sizeof *grown);
    if (!grown)
        return KO_E_NOMEM;
    ids->ids = grown;
    ids->ids[ids->n++] = id;
    return KO_OK;
}

static ko_status add_once(ko_ids *ids, int64_t id)
{
    for (size_t i = 0; i < ids->n; i++)
        if (ids->ids[i] == id)
            return KO_OK;
    return ko_ids_add(ids, id);
}

/* --- notices --- */

typedef struct choosing {
    ko_notice_state state;
    int64_t first, last;
    size_t n_met;
    ko_ids *out;
} choosing;

static ko_status on_notice(void *context, const ko_notice *notice)
{
    choosing *c = context;
    bool may = false;
    if (notice->id < c->first || notice->id > c->last)
        return KO_OK;
    for (ko_notice_state from = 0; from < KO_NOTICE_STATES; from++)
        may = may || (ko_notice_is_open(from) && notice->n_in[from] &&
                      ko_notice_may_become(from, c->state));
    c->n_met += may;
    return may ? add_once(c->out, notice->id) : KO_OK;
}

/* Reads the digits at *at and goes behind them; 0 when there are none. */
static int64_t read_number(const char **at)
{
    char *end = NULL;
    errno = 0;
    const int64_t value = **at >= '0' && **at <= '9' ? strtoll(*at, &end, 10) : 0;
    if (!end || errno)
        return 0;
    *at = end;
    return value;
}

static ko_status choose(ko_store *store, const char *word, choosing *c, ko_error *err)
{
    const char *at = word;
    c->first = c->last = read_number(&at);
    const bool is_range = *at == '-';
    if (is_range) {
        at++;
        c->last = read_number(&at);
    }
    if (*at || c->first <= 0 || c->last < c->first)
        return ko_fail(err, KO_E_USAGE, "notices have numbers, 5 or 3-9, not '%s'", word);
    if (!is_range)
        return add_once(c->out, c->first);
    c->n_met = 0;
    const ko_status st = ko_notice_each(store, &(ko_notice_filter){0}, on_notice, c, err);
    if (st == KO_OK && c->n_met == 0)
        return ko_fail(err, KO_E_NOT_FOUND, "no notice of %s may come to be %s", word,
                       ko_notice_state_name(c->state));
    return st;
}

ko_status ko_notice_choose(ko_store *store, char *const *words, size_t n, ko_notice_state state,
                           ko_ids *out_notices, ko_error *err)
{
    *out_notices = (ko_ids){0};
    choosing c = {.state = state, .out = out_notices};
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < n; i++)
        st = choose(store, words[i], &c, err);
    return st == KO_E_NOMEM ? ko_fail(err, st, "notices to choose from") : st;
}

/* --- their listings --- */

typedef struct matching {
    const char *number; /* of the platform, or NULL */
    ko_canonical wanted;
    size_t n_met;
    ko_ids *out;
} matching;

static ko_status canonical_of(const char *url, ko_canonical *out, ko_error *err)
{
    ko_url parsed;
    const ko_status st = ko_url_parse(url, strlen(url), NULL, &parsed, err);
    return st == KO_OK ? ko_canonical_listing(&parsed, out, err) : st;
}

static ko_status on_item(void *context, const ko_notice_item *item)
{
    matching *m = context;
    ko_canonical has;
    bool same = false;
    if (m->number)
        same = strcmp(item->item, m->number) == 0;
    else if (canonical_of(item->url, &has, NULL) == KO_OK)
        same = strcmp(ko_canonical_key(&has), ko_canonical_key(&m->wanted)) == 0;
    m->n_met += same;
    return same ? add_once(m->out, item->id) : KO_OK;
}

/* Numbers have neither dots nor slashes, which every address has. */
static ko_status read_word(const char *word, matching *m, ko_error *err)
{
    char *url = NULL;
    m->number = strpbrk(word, "./:") ? NULL : word;
    if (m->number)
        return KO_OK;
    ko_status st = ko_sheet_url("--url", word, &url, err);
    if (st == KO_OK)
        st = canonical_of(url, &m->wanted, err);
    ko_free(url);
    if (st == KO_OK && m->wanted.short_link)
        return ko_fail(err, KO_E_FORMAT, "%s is a short link: name the listing that it leads to",
                       word);
    return st;
}

ko_status ko_notice_choose_items(ko_store *store, int64_t notice_id, const ko_words *words,
                                 ko_ids *out_items, ko_error *err)
{
    *out_items = (ko_ids){0};
    matching m = {.out = out_items};
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < words->count; i++) {
        m.n_met = 0;
        st = read_word(words->word[i], &m, err);
        if (st == KO_OK)
            st = ko_notice_item_each(store, notice_id, 0, on_item, &m, err);
        if (st == KO_OK && m.n_met == 0)
            st = ko_fail(err, KO_E_NOT_FOUND, "notice %lld has no listing %s", (long long)notice_id,
                         words->word[i]);
    }
    return st == KO_E_NOMEM ? ko_fail(err, st, "listings to choose from") : st;
}
