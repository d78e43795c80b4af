#include "serve/pairing.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/text.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h> /* free */
#include <string.h>

#define SETTING "pairings"
#define MINUTE_MS 60000

/* What the setting says. */
typedef struct book {
    ko_pairing pairing[KO_MAX_PAIRINGS];
    size_t n;
    int64_t last_id; /* ever given out */
} book;

struct ko_pairings {
    pthread_mutex_t lock; /* of all */
    book book;
    int64_t minute_began_ms;
    unsigned wrong_in_minute;
    int64_t wrong;
};

/* --- the setting --- */

static bool read_digest(const char *digits, uint8_t out[KO_SHA256_SIZE])
{
    static const char hex[] = "0123456789abcdef";
    const size_t n = (size_t)2 * KO_SHA256_SIZE;
    if (!digits || strlen(digits) != n)
        return false;
    for (size_t i = 0; i < n; i++) {
        const char *digit = strchr(hex, digits[i]);
        if (!digit)
            return false;
        const unsigned value = (unsigned)(digit - hex);
        out[i / 2] = (uint8_t)(i % 2 ? out[i / 2] | value : value << 4);
    }
    return true;
}

static bool read_pairing(const json_t *object, ko_pairing *out)
{
    const char *name = json_string_value(json_object_get(object, "name"));
    *out = (ko_pairing){
        .id = json_integer_value(json_object_get(object, "pairing")),
        .made_at = json_integer_value(json_object_get(object, "made_at")),
        .used_at = json_integer_value(json_object_get(object, "used_at")),
    };
    if (!name || strlen(name) > KO_MAX_PAIRING_NAME || out->id < 1)
        return false;
    memcpy(out->name, name, strlen(name) + 1);
    return read_digest(json_string_value(json_object_get(object, "sha256")), out->sha256);
}

static bool parse(const char *text, book *out)
{
    *out = (book){0};
    if (!text[0])
        return true;
    json_t *object = json_loads(text, 0, NULL);
    const json_t *list = json_object_get(object, "pairings");
    out->last_id = json_integer_value(json_object_get(object, "last"));
    bool fits = json_is_array(list) && json_array_size(list) <= KO_MAX_PAIRINGS;
    for (; fits && out->n < json_array_size(list); out->n++)
        fits = read_pairing(json_array_get(list, out->n), &out->pairing[out->n]);
    json_decref(object);
    return fits;
}

static ko_status load(ko_store *store, book *out, ko_error *err)
{
    char *text = NULL;
    ko_status st = ko_store_setting(store, SETTING, &text, err);
    if (st == KO_OK && !parse(text, out))
        st = ko_fail(err, KO_E_DAMAGED, "the setting %s is damaged", SETTING);
    ko_free(text);
    return st;
}

static ko_status save(ko_store *store, const book *kept, ko_error *err)
{
    json_t *list = json_array();
    for (size_t i = 0; i < kept->n; i++) {
        const ko_pairing *p = &kept->pairing[i];
        char digits[2 * KO_SHA256_SIZE + 1];
        ko_text_hex(p->sha256, sizeof p->sha256, digits);
        (void)json_array_append_new(list, json_pack("{s:I, s:s, s:s, s:I, s:I}", "pairing",
                                                    (json_int_t)p->id, "name", p->name, "sha256",
                                                    digits, "made_at", (json_int_t)p->made_at,
                                                    "used_at", (json_int_t)p->used_at));
    }
    const bool whole = json_array_size(list) == kept->n;
    json_t *object = json_pack("{s:I, s:o}", "last", (json_int_t)kept->last_id, "pairings", list);
    char *text = object && whole ? json_dumps(object, JSON_COMPACT) : NULL;
    const ko_status st = text ? ko_store_set_setting(store, SETTING, text, err)
                              : ko_fail(err, KO_E_NOMEM, "the setting %s", SETTING);
    free(text); /* jansson's: not ours */
    json_decref(object);
    return st;
}

/* --- changes --- */

/* What a change does to the book. */
typedef ko_status change(book *kept, void *context, ko_error *err);

/* Changes the setting as it is now, whoever wrote it, and what is known of it here. */
static ko_status apply(ko_pairings *pairings, ko_store *store, change *fn, void *context,
                       ko_error *err)
{
    book kept;
    const bool own = !ko_store_is_writing(store);
    ko_status st = own ? ko_store_begin(store, err) : KO_OK;
    if (st != KO_OK)
        return st;
    st = load(store, &kept, err);
    const ko_status done = st == KO_OK ? fn(&kept, context, err) : st;
    if (done == KO_OK)
        st = save(store, &kept, err);
    if (own && st == KO_OK && done == KO_OK)
        st = ko_store_commit(store, err);
    else if (own)
        ko_store_rollback(store);
    if (st != KO_OK)
        return st;
    (void)pthread_mutex_lock(&pairings->lock);
    pairings->book = kept;
    (void)pthread_mutex_unlock(&pairings->lock);
    return done;
}

static ko_pairing *find(book *kept, int64_t id, ko_error *err)
{
    for (size_t i = 0; i < kept->n; i++)
        if (kept->pairing[i].id == id)
            return &kept->pairing[i];
    (void)ko_fail(err, KO_E_NOT_FOUND, "no browser is paired as %lld", (long long)id);
    return NULL;
}

static bool digest(const char *token, uint8_t out[KO_SHA256_SIZE])
{
    return EVP_Digest(token, strlen(token), out, NULL, EVP_sha256(), NULL) == 1;
}

static ko_status add(book *kept, void *context, ko_error *err)
{
    ko_pairing *made = context;
    if (kept->n == KO_MAX_PAIRINGS)
        return ko_fail(err, KO_E_LIMIT, "%u browsers are paired: remove one first",
                       KO_MAX_PAIRINGS);
    made->id = ++kept->last_id;
    made->made_at = ko_clock_now();
    kept->pairing[kept->n++] = *made;
    return KO_OK;
}

static ko_status take_name(const char *name, ko_pairing *out, ko_error *err)
{
    const size_t n = strlen(name);
    char *clean = ko_text_clean_dup(name);
    if (!clean)
        return ko_fail(err, KO_E_NOMEM, "pairing");
    const bool fits =
        n > 0 && n <= KO_MAX_PAIRING_NAME && strcmp(clean, name) == 0 && strspn(name, " ") < n;
    ko_free(clean);
    if (!fits)
        return ko_fail(err, KO_E_FORMAT, "name is one line of 1 to %u bytes", KO_MAX_PAIRING_NAME);
    memcpy(out->name, name, n + 1);
    return KO_OK;
}

ko_status ko_pairings_add(ko_pairings *pairings, ko_store *store, const char *name,
                          ko_pairing *out_pairing, char out_token[KO_SECRET_SIZE], ko_error *err)
{
    ko_pairing made = {0};
    char token[KO_SECRET_SIZE];
    ko_status st = take_name(name, &made, err);
    if (st == KO_OK && (!ko_gate_make_secret(token) || !digest(token, made.sha256)))
        st = ko_fail(err, KO_E_IO, "the system has no random numbers");
    if (st == KO_OK)
        st = apply(pairings, store, add, &made, err);
    if (st != KO_OK)
        return st;
    *out_pairing = made;
    memcpy(out_token, token, sizeof token);
    OPENSSL_cleanse(token, sizeof token);
    return KO_OK;
}

static ko_status revoke(book *kept, void *context, ko_error *err)
{
    ko_pairing *gone = find(kept, *(const int64_t *)context, err);
    if (!gone)
        return KO_E_NOT_FOUND;
    const ko_pairing *end = kept->pairing + --kept->n;
    memmove(gone, gone + 1, (size_t)(end - gone) * sizeof *gone);
    return KO_OK;
}

ko_status ko_pairings_revoke(ko_pairings *pairings, ko_store *store, int64_t id, ko_error *err)
{
    return apply(pairings, store, revoke, &id, err);
}

static ko_status use(book *kept, void *context, ko_error *err)
{
    ko_pairing *wanted = context;
    ko_pairing *used = find(kept, wanted->id, err);
    if (!used)
        return KO_E_NOT_FOUND;
    used->used_at = ko_clock_now();
    *wanted = *used;
    return KO_OK;
}

ko_status ko_pairings_use(ko_pairings *pairings, ko_store *store, int64_t id,
                          ko_pairing *out_pairing, ko_error *err)
{
    ko_pairing wanted = {.id = id};
    const ko_status st = apply(pairings, store, use, &wanted, err);
    if (st == KO_OK)
        *out_pairing = wanted;
    return st;
}

/* --- tokens --- */

/* With the lock. */
static ko_paired count_wrong(ko_pairings *pairings, int64_t now_ms)
{
    if (now_ms - pairings->minute_began_ms >= MINUTE_MS) {
        pairings->minute_began_ms = now_ms;
        pairings->wrong_in_minute = 0;
    }
    pairings->wrong++;
    if (pairings->wrong_in_minute == KO_MAX_PAIRING_FAILURES)
        return KO_PAIRED_TOO_OFTEN;
    pairings->wrong_in_minute++;
    return KO_PAIRED_NOT;
}

ko_paired ko_pairings_check(ko_pairings *pairings, const char *token, int64_t now_ms,
                            int64_t *out_id)
{
    uint8_t sha256[KO_SHA256_SIZE];
    int64_t id = 0;
    const bool hashed = digest(token, sha256);
    (void)pthread_mutex_lock(&pairings->lock);
    for (size_t i = 0; hashed && i < pairings->book.n; i++) {
        const ko_pairing *p = &pairings->book.pairing[i];
        if (CRYPTO_memcmp(p->sha256, sha256, sizeof sha256) == 0)
            id = p->id; /* and the rest is looked at, too */
    }
    const ko_paired paired = id ? KO_PAIRED : count_wrong(pairings, now_ms);
    (void)pthread_mutex_unlock(&pairings->lock);
    if (id)
        *out_id = id;
    return paired;
}

/* --- what is told --- */

static json_t *pairing_json(const ko_pairing *p)
{
    return json_pack("{s:I, s:s, s:I, s:o}", "pairing", (json_int_t)p->id, "name", p->name,
                     "made_at", (json_int_t)p->made_at, "used_at",
                     p->used_at ? json_integer((json_int_t)p->used_at) : json_null());
}

json_t *ko_pairings_json(ko_pairings *pairings)
{
    json_t *list = json_array();
    (void)pthread_mutex_lock(&pairings->lock);
    for (size_t i = 0; i < pairings->book.n; i++)
        (void)json_array_append_new(list, pairing_json(&pairings->book.pairing[i]));
    const bool whole = json_array_size(list) == pairings->book.n;
    const int64_t wrong = pairings->wrong;
    (void)pthread_mutex_unlock(&pairings->lock);
    if (!whole) {
        json_decref(list);
        return NULL;
    }
    return json_pack("{s:o, s:I}", "pairings", list, "wrong", (json_int_t)wrong);
}

/* --- opening --- */

ko_status ko_pairings_open(ko_store *store, ko_pairings **out_pairings, ko_error *err)
{
    ko_pairings *pairings = ko_alloc_zero(1, sizeof *pairings);
    if (!pairings)
        return ko_fail(err, KO_E_NOMEM, "pairings");
    (void)pthread_mutex_init(&pairings->lock, NULL);
    const ko_status st = load(store, &pairings->book, err);
    if (st == KO_OK)
        *out_pairings = pairings;
    else
        ko_pairings_close(pairings);
    return st;
}

void ko_pairings_close(ko_pairings *pairings)
{
    if (!pairings)
        return;
    (void)pthread_mutex_destroy(&pairings->lock);
    ko_free(pairings);
}
