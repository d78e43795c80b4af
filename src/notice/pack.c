/* Each row becomes an entry: its canonical URL, and which group it falls into (channel, work
 * and, where that matters, host and seller). Entries with the same key are the same listing; sorted
 * by group they lie as the notices want them. */
#include "notice/pack.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "platform/canonical.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

typedef struct entry {
    size_t row;
    char *key; /* what the listing is known by (platform/canonical.h) */
    char *url, *item, *host;
    size_t channel; /* its index */
    bool left_out;
    ko_pack_left left;
} entry;

/* A listing of an earlier notice. */
typedef struct past {
    char *key;
    const ko_pack_known *known;
} past;

typedef struct packing {
    const ko_pack_request *request;
    entry *entries; /* one a row */
    past *pasts;    /* by key, of one key first the one that counts */
    size_t n_pasts;
} packing;

static void leave(entry *e, ko_left_reason reason, size_t other)
{
    if (!e->left_out)
        e->left = (ko_pack_left){e->row, reason, other};
    e->left_out = true;
}

/* --- what a row is --- */

/* Bad input is no error here: *out_ok is false then. */
static ko_status canonical_of(const char *text, ko_canonical *out, bool *out_ok, ko_error *err)
{
    ko_url url;
    ko_error why = {0};
    ko_status st = ko_url_parse(text, strlen(text), NULL, &url, &why);
    if (st == KO_E_NOMEM)
        return ko_fail(err, st, "%s", why.text);
    *out_ok = st == KO_OK;
    return st == KO_OK ? ko_canonical_listing(&url, out, err) : KO_OK;
}

static ko_status no_memory(ko_error *err)
{
    return ko_fail(err, KO_E_NOMEM, "no memory to pack notices");
}

static size_t channel_for(const ko_pack_request *request, const char *platform)
{
    size_t i = 0;
    while (i < request->n_channels && !ko_channel_takes(request->channels[i], platform))
        i++;
    return i;
}

/* Platforms whose listings have numbers have pages that are none. */
static bool is_listing(const ko_canonical *canonical)
{
    return !*canonical->platform || *canonical->item;
}

/* What its channel wants apart. */
static ko_list_per apart(const packing *job, const entry *e)
{
    return e->channel < job->request->n_channels
               ? (ko_list_per)job->request->channels[e->channel]->list.per
               : KO_LIST_PER_WORK;
}

static ko_status read_row(const packing *job, entry *e, ko_error *err)
{
    const ko_pack_row *row = &job->request->rows[e->row];
    ko_canonical canonical;
    bool ok = false;
    if (!row->url || !*row->url) {
        leave(e, KO_LEFT_NO_URL, 0);
        return KO_OK;
    }
    const ko_status st = canonical_of(row->url, &canonical, &ok, err);
    if (st != KO_OK)
        return st;
    if (!ok) {
        leave(e, KO_LEFT_BAD_URL, 0);
        return KO_OK;
    }
    e->channel = channel_for(job->request, canonical.platform);
    if (canonical.short_link)
        leave(e, KO_LEFT_SHORT_LINK, 0);
    else if (!is_listing(&canonical))
        leave(e, KO_LEFT_NO_ITEM, 0);
    else if (e->channel == job->request->n_channels)
        leave(e, KO_LEFT_NO_CHANNEL, 0);
    const ko_slice host = ko_url_host(&canonical.url);
    const bool by_host = apart(job, e) != KO_LIST_PER_WORK;
    e->key = ko_strdup(ko_canonical_key(&canonical));
    e->url = ko_strdup(canonical.url.text);
    e->item = ko_strdup(canonical.item);
    e->host = ko_strndup(host.at, by_host ? host.n : 0);
    return e->key && e->url && e->item && e->host ? KO_OK : no_memory(err);
}

/* --- those in earlier notices, and those that are there twice --- */

static int compare_pasts(const void *a, const void *b)
{
    const past *x = a;
    const past *y = b;
    const int by_key = strcmp(x->key, y->key);
    const bool x_active = x->known->past == KO_PAST_ACTIVE;
    const bool y_active = y->known->past == KO_PAST_ACTIVE;
    if (by_key || x_active != y_active)
        return by_key ? by_key : y_active - x_active;
    if (x->known->notice != y->known->notice)
        return x->known->notice < y->known->notice ? 1 : -1;
    return (x->known > y->known) - (x->known < y->known);
}

static ko_status read_known(packing *job, ko_error *err)
{
    const ko_pack_request *request = job->request;
    job->pasts = ko_alloc_array(request->n_known, sizeof *job->pasts);
    if (!job->pasts)
        return no_memory(err);
    for (size_t i = 0; i < request->n_known; i++) {
        ko_canonical canonical;
        bool ok = false;
        const ko_status st = canonical_of(request->known[i].url, &canonical, &ok, err);
        if (st != KO_OK)
            return st;
        if (!ok)
            continue;
        char *key = ko_strdup(ko_canonical_key(&canonical));
        if (!key)
            return no_memory(err);
        job->pasts[job->n_pasts++] = (past){key, &request->known[i]};
    }
    qsort(job->pasts, job->n_pasts, sizeof *job->pasts, compare_pasts);
    return KO_OK;
}

/* The earlier notice about the listing that counts; NULL when there is none. */
static const ko_pack_known *past_of(const packing *job, const char *key)
{
    size_t from = 0, to = job->n_pasts;
    while (from < to) {
        const size_t middle = from + (to - from) / 2;
        if (strcmp(job->pasts[middle].key, key) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    const bool found = from < job->n_pasts && strcmp(job->pasts[from].key, key) == 0;
    return found ? job->pasts[from].known : NULL;
}

static int compare_keys(const void *a, const void *b)
{
    const entry *x = *(entry *const *)a;
    const entry *y = *(entry *const *)b;
    const int by_key = strcmp(x->key, y->key);
    return by_key ? by_key : (x->row > y->row) - (x->row < y->row);
}

/* Leaves out what was complained about before, and what is there twice. sorted has room for all
 * rows. */
static void leave_doubles(const packing *job, entry **sorted)
{
    size_t n = 0;
    for (size_t i = 0; i < job->request->n_rows; i++)
        if (!job->entries[i].left_out)
            sorted[n++] = &job->entries[i];
    qsort(sorted, n, sizeof(entry *), compare_keys);
    for (size_t i = 0, first = 0; i < n; i++) {
        if (strcmp(sorted[i]->key, sorted[first]->key) != 0)
            first = i;
        const ko_pack_known *known = past_of(job, sorted[i]->key);
        if (known && known->past != KO_PAST_FREE)
            leave(sorted[i], known->past == KO_PAST_ACTIVE ? KO_LEFT_ACTIVE : KO_LEFT_CLOSED,
                  (size_t)(known - job->request->known));
        else if (i != first)
            leave(sorted[i], KO_LEFT_TWICE, sorted[first]->row);
    }
}

/* --- groups --- */

static const char *work_of(const packing *job, const entry *e)
{
    return job->request->rows[e->row].work;
}

static const char *seller_of(const packing *job, const entry *e)
{
    const char *seller = job->request->rows[e->row].seller;
    return seller ? seller : "";
}

/* Rows of one group lie side by side, the earliest first; groups are told by their contents. */
static int compare_contents(const packing *job, const entry *x, const entry *y)
{
    if (x->channel != y->channel)
        return x->channel < y->channel ? -1 : 1;
    const int by_work = strcmp(work_of(job, x), work_of(job, y));
    const int by_host = by_work ? by_work : strcmp(x->host, y->host);
    return by_host || apart(job, x) != KO_LIST_PER_WORK_AND_SELLER
               ? by_host
               : strcmp(seller_of(job, x), seller_of(job, y));
}

/* qsort has no room for a context, so entries that are compared carry what is needed. */
typedef struct placed {
    const packing *job;
    entry *entry;
} placed;

static int compare_placed(const void *a, const void *b)
{
    const placed *x = a;
    const placed *y = b;
    const int by_contents = compare_contents(x->job, x->entry, y->entry);
    return by_contents ? by_contents
                       : (x->entry->row > y->entry->row) - (x->entry->row < y->entry->row);
}

/* --- notices --- */

static size_t most_of(const packing *job, const entry *e)
{
    const int most = job->request->channels[e->channel]->list.most;
    return most > 0 ? (size_t)most : SIZE_MAX;
}

/* Cuts one group of n items into notices. */
static ko_status cut(const packing *job, const placed *group, size_t n, const ko_pack_item *items,
                     ko_pack *out, ko_error *err)
{
    const entry *e = group->entry;
    const size_t most = most_of(job, e);
    assert(n > 0 && most > 0);
    const size_t parts = n / most + (n % most != 0);
    for (size_t part = 0; part < parts; part++) {
        const size_t from = part * most;
        char *host = ko_strdup(e->host);
        if (!host)
            return no_memory(err);
        out->notices[out->n_notices++] =
            (ko_pack_notice){.channel = job->request->channels[e->channel],
                             .work = work_of(job, e),
                             .host = host,
                             .part = part + 1,
                             .parts = parts,
                             .items = items + from,
                             .n_items = n - from < most ? n - from : most};
    }
    return KO_OK;
}

static ko_status cut_all(const packing *job, const placed *all, size_t n, ko_pack *out,
                         ko_error *err)
{
    for (size_t i = 0; i < n; i++) {
        entry *e = all[i].entry;
        out->items[out->n_items++] = (ko_pack_item){e->row, e->url, e->item};
        e->url = e->item = NULL; /* the pack's now */
    }
    ko_status st = KO_OK;
    for (size_t from = 0, to; from < n && st == KO_OK; from = to) {
        for (to = from + 1; to < n && compare_contents(job, all[to].entry, all[from].entry) == 0;
             to++)
            ;
        st = cut(job, all + from, to - from, out->items + from, out, err);
    }
    return st;
}

/* sorted has room for all rows. */
static ko_status collect(const packing *job, placed *sorted, ko_pack *out, ko_error *err)
{
    const size_t n_rows = job->request->n_rows;
    size_t n = 0;
    for (size_t i = 0; i < n_rows; i++)
        if (job->entries[i].left_out)
            out->left[out->n_left++] = job->entries[i].left;
        else
            sorted[n++] = (placed){job, &job->entries[i]};
    qsort(sorted, n, sizeof *sorted, compare_placed);
    return cut_all(job, sorted, n, out, err);
}

static void free_packing(packing *job)
{
    for (size_t i = 0; job->entries && i < job->request->n_rows; i++) {
        ko_free(job->entries[i].key);
        ko_free(job->entries[i].url);
        ko_free(job->entries[i].item);
        ko_free(job->entries[i].host);
    }
    for (size_t i = 0; i < job->n_pasts; i++)
        ko_free(job->pasts[i].key);
    ko_free(job->entries);
    ko_free(job->pasts);
}

static ko_status read_rows(packing *job, ko_error *err)
{
    ko_status st = KO_OK;
    for (size_t i = 0; i < job->request->n_rows && st == KO_OK; i++) {
        job->entries[i].row = i;
        st = read_row(job, &job->entries[i], err);
    }
    return st;
}

ko_status ko_pack_make(const ko_pack_request *request, ko_pack *out_pack, ko_error *err)
{
    const size_t n = request->n_rows;
    packing job = {.request = request, .entries = ko_alloc_zero(n, sizeof(entry))};
    entry **by_key = ko_alloc_array(n, sizeof(entry *));
    placed *sorted = ko_alloc_array(n, sizeof(placed));
    ko_pack pack = {.notices = ko_alloc_array(n, sizeof(ko_pack_notice)), /* a row each at worst */
                    .items = ko_alloc_array(n, sizeof(ko_pack_item)),
                    .left = ko_alloc_array(n, sizeof(ko_pack_left))};
    ko_status st = KO_OK;
    if (!job.entries || !by_key || !sorted || !pack.notices || !pack.items || !pack.left) {
        st = no_memory(err);
        goto done;
    }
    st = read_rows(&job, err);
    if (st == KO_OK)
        st = read_known(&job, err);
    if (st != KO_OK)
        goto done;
    leave_doubles(&job, by_key);
    st = collect(&job, sorted, &pack, err);
    if (st != KO_OK)
        goto done;
    assert(pack.n_items + pack.n_left == n);
    *out_pack = pack;
    pack = (ko_pack){0};
done:
    free_packing(&job);
    ko_free(by_key);
    ko_free(sorted);
    ko_pack_free(&pack);
    return st;
}

void ko_pack_free(ko_pack *pack)
{
    for (size_t i = 0; i < pack->n_items; i++) {
        ko_free((void *)pack->items[i].url);
        ko_free((void *)pack->items[i].item);
    }
    for (size_t i = 0; i < pack->n_notices; i++)
        ko_free((void *)pack->notices[i].host);
    ko_free(pack->notices);
    ko_free(pack->items);
    ko_free(pack->left);
    *pack = (ko_pack){0};
}

/* --- words and lists --- */

const char *ko_left_words(ko_left_reason reason)
{
    static const char *const words[] = {
        [KO_LEFT_NO_URL] = "has no URL",
        [KO_LEFT_BAD_URL] = "its URL is none",
        [KO_LEFT_SHORT_LINK] = "is a short link: open it and take the URL it leads to",
        [KO_LEFT_NO_ITEM] = "is a page of the platform, but no listing",
        [KO_LEFT_NO_CHANNEL] = "is on a platform that the channel does not take",
        [KO_LEFT_ACTIVE] = "is already in an active notice",
        [KO_LEFT_CLOSED] = "was in a notice that is closed",
        [KO_LEFT_TWICE] = "is the same listing as an earlier row",
    };
    assert(reason < sizeof words / sizeof *words && words[reason]);
    return words[reason];
}

ko_status ko_pack_list(const ko_pack_notice *notice, ko_buf *out)
{
    const ko_channel_list *list = &notice->channel->list;
    ko_status st = KO_OK;
    for (size_t i = 0; i < notice->n_items && st == KO_OK; i++) {
        const ko_pack_item *item = &notice->items[i];
        if (i > 0 && list->join == KO_LIST_COMMAS)
            st = ko_buf_text(out, ", ");
        if (st == KO_OK)
            st =
                ko_buf_text(out, list->of == KO_LIST_ITEMS && *item->item ? item->item : item->url);
        if (st == KO_OK && (list->join == KO_LIST_LINES || i + 1 == notice->n_items))
            st = ko_buf_text(out, "\n");
    }
    return st;
}
