/* Names are sorted, so that equal ones are neighbours, and the mentions of neighbours are joined
 * in a forest of sets: each mention points towards the first one of its set. */
#include "case/identity.h"

#include "base/alloc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* --- adding --- */

static ko_status add_name(ko_identities *ids, const char *place, const ko_name *name, size_t weight,
                          ko_error *err)
{
    ko_identity *names = ko_grown(ids->names, ids->n, &ids->capacity, sizeof *names);
    if (names) {
        ids->names = names;
        ko_identity *added = &names[ids->n++];
        *added = (ko_identity){.kind = name->kind, .weight = weight, .mention = ids->n_mentions};
        added->place = ko_strdup(place);
        added->text = ko_strdup(name->text);
        if (added->place && added->text)
            return KO_OK;
    }
    return ko_fail(err, KO_E_NOMEM, "no memory for %zu names of sellers", ids->n);
}

ko_status ko_identities_add(ko_identities *ids, const char *place, const ko_name *names, size_t n,
                            size_t weight, ko_error *err)
{
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < n; i++)
        if (names[i].text[0])
            st = add_name(ids, place, &names[i], weight, err);
    ids->n_mentions++;
    return st;
}

size_t ko_seller_names(const ko_seller *seller, ko_name out[KO_SELLER_NAMES])
{
    size_t n = 0;
    out[n++] = (ko_name){KO_ALIAS_STORE, seller->id};
    out[n++] = (ko_name){KO_ALIAS_NAME, seller->name};
    if (seller->is_host)
        out[n++] = (ko_name){KO_ALIAS_NAME, seller->place};
    return n;
}

typedef struct renaming {
    ko_identities *ids;
    const ko_seller *then;
    ko_error *err;
} renaming;

/* What a listing said when it was complained about, and what it says now, is of one seller. */
static ko_status on_renamed(void *context, const ko_seller *now)
{
    const renaming *r = context;
    ko_name names[2 * KO_SELLER_NAMES];
    if (strcmp(r->then->place, now->place) != 0)
        return KO_OK;
    size_t n = ko_seller_names(r->then, names);
    n += ko_seller_names(now, names + n);
    return ko_identities_add(r->ids, now->place, names, n, 0, r->err);
}

ko_status ko_identities_add_item(ko_identities *ids, ko_store *store, const ko_notice_item *item,
                                 const ko_seller *told, ko_error *err)
{
    ko_name names[KO_SELLER_NAMES];
    const ko_status st =
        ko_identities_add(ids, told->place, names, ko_seller_names(told, names), 0, err);
    renaming r = {ids, told, err};
    return st == KO_OK && item->listing_id
               ? ko_seller_of(store, item->listing_id, on_renamed, &r, err)
               : st;
}

ko_status ko_identities_add_alias(ko_identities *ids, const ko_alias *alias, ko_error *err)
{
    const ko_name names[] = {{alias->kind[0], alias->text[0]}, {alias->kind[1], alias->text[1]}};
    return ko_identities_add(ids, alias->platform, names, 2, 0, err);
}

/* --- all that there is --- */

typedef struct reading {
    ko_identities *ids;
    ko_store *store;
    ko_error *err;
} reading;

static ko_status on_listings(void *context, const ko_seller *seller)
{
    const reading *r = context;
    ko_name names[KO_SELLER_NAMES];
    return seller->place[0]
               ? ko_identities_add(r->ids, seller->place, names, ko_seller_names(seller, names),
                                   seller->n_listings, r->err)
               : KO_OK;
}

static ko_status on_item(void *context, const ko_notice_item *item)
{
    const reading *r = context;
    const ko_seller told = ko_seller_told(item->platform, item->url, item->seller_id, item->seller);
    return told.place[0] ? ko_identities_add_item(r->ids, r->store, item, &told, r->err) : KO_OK;
}

static ko_status on_alias(void *context, const ko_alias *alias)
{
    const reading *r = context;
    return ko_identities_add_alias(r->ids, alias, r->err);
}

ko_status ko_identities_read(ko_identities *ids, ko_store *store, ko_error *err)
{
    reading r = {ids, store, err};
    ko_status st = ko_seller_each(store, on_listings, &r, err);
    if (st == KO_OK)
        st = ko_notice_item_each(store, 0, 0, on_item, &r, err);
    if (st == KO_OK)
        st = ko_alias_each(store, on_alias, &r, err);
    return st == KO_OK ? ko_identities_settle(ids, err) : st;
}

/* --- who is who --- */

static int compare_keys(const char *place, ko_alias_kind kind, const char *text,
                        const ko_identity *other)
{
    const int places = strcmp(place, other->place);
    if (places != 0)
        return places;
    if (kind != other->kind)
        return kind < other->kind ? -1 : 1;
    return strcmp(text, other->text);
}

static int compare_names(const void *a, const void *b)
{
    const ko_identity *x = a, *y = b;
    return compare_keys(x->place, x->kind, x->text, y);
}

static size_t first_of(size_t *towards, size_t mention)
{
    while (towards[mention] != mention)
        mention = towards[mention] = towards[towards[mention]];
    return mention;
}

static void join(size_t *towards, size_t a, size_t b)
{
    a = first_of(towards, a);
    b = first_of(towards, b);
    towards[a < b ? b : a] = a < b ? a : b;
}

static void drop_name(ko_identity *name)
{
    ko_free(name->place);
    ko_free(name->text);
}

/* Leaves each name once. */
static void join_equals(ko_identities *ids, size_t *towards)
{
    size_t kept = 0;
    for (size_t i = 0; i < ids->n; i++) {
        ko_identity *name = &ids->names[i];
        if (kept > 0 && compare_names(&ids->names[kept - 1], name) == 0) {
            join(towards, ids->names[kept - 1].mention, name->mention);
            ids->names[kept - 1].weight += name->weight;
            drop_name(name);
        } else {
            ids->names[kept++] = *name;
        }
    }
    ids->n = kept;
}

/* The first mention of a set comes before its others, so it has its number by then. */
static void number_sellers(ko_identities *ids, size_t *towards)
{
    for (size_t i = 0; i < ids->n_mentions; i++) {
        const size_t first = first_of(towards, i);
        ids->seller_of[i] = first == i ? ids->n_sellers++ : ids->seller_of[first];
    }
    for (size_t i = 0; i < ids->n; i++)
        ids->names[i].seller = ids->seller_of[ids->names[i].mention];
}

ko_status ko_identities_settle(ko_identities *ids, ko_error *err)
{
    assert(!ids->seller_of);
    size_t *towards = ko_alloc_array(ids->n_mentions, sizeof *towards);
    ids->seller_of = ko_alloc_array(ids->n_mentions, sizeof *ids->seller_of);
    if (!towards || !ids->seller_of) {
        ko_free(towards);
        return ko_fail(err, KO_E_NOMEM, "no memory for %zu mentions of sellers", ids->n_mentions);
    }
    for (size_t i = 0; i < ids->n_mentions; i++)
        towards[i] = i;
    if (ids->n > 0)
        qsort(ids->names, ids->n, sizeof *ids->names, compare_names);
    join_equals(ids, towards);
    number_sellers(ids, towards);
    ko_free(towards);
    return KO_OK;
}

size_t ko_identities_find(const ko_identities *ids, const char *place, ko_alias_kind kind,
                          const char *text)
{
    size_t low = 0, high = ids->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = compare_keys(place, kind, text, &ids->names[middle]);
        if (order == 0)
            return ids->names[middle].seller;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return SIZE_MAX;
}

size_t ko_identities_seller(const ko_identities *ids, const ko_seller *told)
{
    ko_name names[KO_SELLER_NAMES];
    const size_t n = ko_seller_names(told, names);
    size_t found = SIZE_MAX;
    for (size_t i = 0; i < n && found == SIZE_MAX; i++)
        if (names[i].text[0])
            found = ko_identities_find(ids, told->place, names[i].kind, names[i].text);
    return found;
}

void ko_identities_free(ko_identities *ids)
{
    for (size_t i = 0; i < ids->n; i++)
        drop_name(&ids->names[i]);
    ko_free(ids->names);
    ko_free(ids->seller_of);
    *ids = (ko_identities){0};
}
