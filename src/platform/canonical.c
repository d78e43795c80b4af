#include "platform/canonical.h"

#include "base/buf.h"
#include "platform/shops.h"

#include <assert.h>
#include <pthread.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- shapes --- */

#define SHAPES_MAX 256 /* more than the tables of shops.c have */

/* A shape costs a hundred times as much to compile as to compare with, so each is compiled when
 * it is first needed and kept. NULL: no memory. */
static const regex_t *compiled(const char *shape, int flags)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static struct {
        const char *shape; /* told apart by address: all are of the tables */
        int flags;
        regex_t regex;
    } kept[SHAPES_MAX];
    static size_t n;
    (void)pthread_mutex_lock(&lock);
    size_t i = 0;
    while (i < n && (kept[i].shape != shape || kept[i].flags != flags))
        i++;
    assert(i < SHAPES_MAX);
    int rc = 0;
    if (i == n) {
        rc = regcomp(&kept[i].regex, shape, REG_EXTENDED | flags);
        assert(rc == 0 || rc == REG_ESPACE); /* shapes are ours */
        kept[i].shape = shape;
        kept[i].flags = flags;
        n += rc == 0;
    }
    (void)pthread_mutex_unlock(&lock);
    return rc == 0 ? &kept[i].regex : NULL;
}

/* KO_E_NOT_FOUND: text is of another shape. */
static ko_status fit(const char *shape, int flags, const char *text,
                     regmatch_t groups[KO_SHOP_GROUPS], ko_error *err)
{
    const regex_t *regex = compiled(shape, flags);
    const int found = regex ? regexec(regex, text, KO_SHOP_GROUPS, groups, 0) : REG_ESPACE;
    if (found == REG_ESPACE)
        return ko_fail(err, KO_E_NOMEM, "no memory for a shape of URLs");
    return found == 0 ? KO_OK : KO_E_NOT_FOUND;
}

static ko_slice group_of(const char *text, const regmatch_t *group)
{
    if (group->rm_so < 0)
        return (ko_slice){text, 0};
    return (ko_slice){text + group->rm_so, (size_t)(group->rm_eo - group->rm_so)};
}

/* Is host the one named, or below it? */
static bool is_below(ko_slice host, const char *name)
{
    const size_t n = strlen(name);
    return host.n >= n && memcmp(host.at + host.n - n, name, n) == 0 &&
           (host.n == n || host.at[host.n - n - 1] == '.');
}

/* --- listings --- */

/* Which of the shop's endings host has; the ending has no bytes when it is not the shop's. */
static ko_slice ending_of(const ko_shop *shop, ko_slice host)
{
    for (const char *ending = shop->endings; *ending;) {
        const size_t n = strcspn(ending, " ");
        char name[64];
        (void)snprintf(name, sizeof name, "%s.%.*s", shop->name, (int)n, ending);
        if (is_below(host, name))
            return (ko_slice){ending, n};
        ending += n + (ending[n] == ' ');
    }
    return (ko_slice){shop->endings, 0};
}

/* What the placeholders of a template stand for. */
typedef struct filling {
    ko_slice id, ending, site, head;
} filling;

static ko_status fill(const char *template, const filling *with, ko_buf *out)
{
    const struct {
        const char *name;
        ko_slice value;
    } places[] = {
        {"{id}", with->id},
        {"{ending}", with->ending},
        {"{site}", with->site},
        {"{head}", with->head},
    };
    ko_status st = KO_OK;
    while (st == KO_OK && *template) {
        size_t i = 0;
        const size_t n = sizeof places / sizeof *places;
        while (i < n && strncmp(template, places[i].name, strlen(places[i].name)) != 0)
            i++;
        st = i < n ? ko_buf_append(out, places[i].value.at, places[i].value.n)
                   : ko_buf_append(out, template, 1);
        template += i < n ? strlen(places[i].name) : 1;
    }
    return st;
}

static ko_status parse_built(const ko_buf *text, ko_status built, ko_url *out, ko_error *err)
{
    if (built != KO_OK)
        return ko_fail(err, built, "no room for a canonical URL");
    return ko_url_parse(text->data, text->size, NULL, out, err);
}

/* Ids that stand for another are replaced by it. */
static void settle_id(const ko_shop *shop, ko_slice id, char out[KO_CANONICAL_ITEM_SIZE])
{
    (void)snprintf(out, KO_CANONICAL_ITEM_SIZE, "%.*s", (int)id.n, id.at);
    if (!shop->id_offset || id.n > 19)
        return;
    const unsigned long long number = strtoull(out, NULL, 10);
    if (number >= shop->id_offset && number < 2 * shop->id_offset)
        (void)snprintf(out, KO_CANONICAL_ITEM_SIZE, "%llu", number - shop->id_offset);
}

static ko_status rebuild(const ko_url *url, const ko_shop *shop, ko_slice ending, ko_slice id,
                         ko_canonical *out, ko_error *err)
{
    settle_id(shop, id, out->item);
    const char *path = url->text + url->path;
    const filling with = {.id = {out->item, strlen(out->item)},
                          .ending = ending,
                          .site = {url->text, url->path},
                          .head = {path, (size_t)(id.at - path)}};
    ko_buf text = KO_BUF(KO_MAX_URL_BYTES), key = KO_BUF(KO_CANONICAL_KEY_SIZE - 1);
    ko_status st = parse_built(&text, fill(shop->canonical, &with, &text), &out->url, err);
    if (st == KO_OK && shop->key) {
        st = fill(shop->key, &with, &key);
        if (st == KO_OK)
            memcpy(out->key, key.data, key.size + 1);
        else
            st = ko_fail(err, st, "no room for an id");
    }
    ko_buf_free(&text);
    ko_buf_free(&key);
    return st;
}

/* KO_E_NOT_FOUND: not a listing of that shop. */
static ko_status try_shop(const ko_url *url, const ko_shop *shop, ko_canonical *out, ko_error *err)
{
    ko_slice ending = {"", 0};
    if (shop->name) {
        ending = ending_of(shop, ko_url_host(url));
        if (!ending.n)
            return KO_E_NOT_FOUND;
        out->platform = shop->platform;
    }
    const char *text = url->text + url->path;
    for (const ko_shop_shape *shape = shop->shapes; shape->expression; shape++) {
        regmatch_t groups[KO_SHOP_GROUPS] = {{0}};
        const ko_status st = fit(shape->expression, 0, text, groups, err);
        if (st == KO_E_NOT_FOUND)
            continue;
        if (st != KO_OK)
            return st;
        const ko_slice id = group_of(text, &groups[shape->id_group]);
        if (id.n >= KO_CANONICAL_ITEM_SIZE)
            continue;
        out->platform = shop->platform;
        return rebuild(url, shop, ending, id, out, err);
    }
    return KO_E_NOT_FOUND;
}

static bool is_tracker(ko_slice name)
{
    for (const char *const *tracker = ko_shops_trackers; *tracker; tracker++) {
        const size_t n = strcspn(*tracker, "*");
        const bool whole = (*tracker)[n] == '\0';
        if ((whole ? name.n == n : name.n >= n) && memcmp(name.at, *tracker, n) == 0)
            return true;
    }
    return false;
}

/* The URL without the parameters of trackers and without empty ones. */
static ko_status drop_trackers(const ko_url *url, ko_url *out, ko_error *err)
{
    ko_buf text = KO_BUF(KO_MAX_URL_BYTES);
    ko_slice rest = ko_url_query(url), name, whole;
    const char *mark = "?";
    ko_status st = ko_buf_append(&text, url->text, url->query);
    while (st == KO_OK && ko_url_next_parameter(&rest, &name, &whole)) {
        if (is_tracker(name))
            continue;
        st = ko_buf_text(&text, mark);
        if (st == KO_OK)
            st = ko_buf_append(&text, whole.at, whole.n);
        mark = "&";
    }
    st = st == KO_OK ? ko_url_parse(text.data, text.size, NULL, out, err)
                     : ko_fail(err, st, "no memory for a URL");
    ko_buf_free(&text);
    return st;
}

ko_status ko_canonical_listing(const ko_url *url, ko_canonical *out, ko_error *err)
{
    ko_canonical found = {.platform = ""};
    for (const char *const *host = ko_shops_short_hosts; *host; host++)
        found.short_link |= is_below(ko_url_host(url), *host);
    ko_status st = KO_E_NOT_FOUND;
    /* A marketplace that is known by its host is no shop software. */
    for (const ko_shop *shop = ko_shops;
         shop->platform && st == KO_E_NOT_FOUND && (shop->name || !*found.platform); shop++)
        st = try_shop(url, shop, &found, err);
    if (st == KO_E_NOT_FOUND)
        st = drop_trackers(url, &found.url, err);
    if (st == KO_OK)
        *out = found;
    return st;
}

const char *ko_canonical_key(const ko_canonical *canonical)
{
    return canonical->key[0] ? canonical->key : canonical->url.text;
}

/* --- pictures --- */

/* Appends text with what fits the rule's shape replaced. */
static ko_status replace(const ko_image_rule *rule, const char *text,
                         const regmatch_t groups[KO_SHOP_GROUPS], ko_buf *out)
{
    ko_status st = ko_buf_append(out, text, (size_t)groups[0].rm_so);
    for (const char *at = rule->replace; st == KO_OK && *at; at++) {
        if (*at != '\\') {
            st = ko_buf_append(out, at, 1);
            continue;
        }
        const ko_slice group = group_of(text, &groups[*++at - '0']);
        st = ko_buf_append(out, group.at, group.n);
    }
    return st == KO_OK ? ko_buf_text(out, text + groups[0].rm_eo) : st;
}

static ko_status apply(const ko_image_rule *rule, ko_url *url, ko_error *err)
{
    const char *text = url->text + url->path;
    regmatch_t groups[KO_SHOP_GROUPS] = {{0}};
    ko_status st = fit(rule->shape, REG_ICASE, text, groups, err);
    if (st != KO_OK)
        return st == KO_E_NOT_FOUND ? KO_OK : st;
    ko_buf built = KO_BUF(KO_MAX_URL_BYTES);
    st = ko_buf_append(&built, url->text, url->path);
    if (st == KO_OK)
        st = replace(rule, text, groups, &built);
    st = parse_built(&built, st, url, err);
    ko_buf_free(&built);
    return st;
}

ko_status ko_canonical_image(const ko_url *url, ko_url *out, ko_error *err)
{
    ko_url full = *url;
    ko_status st = KO_OK;
    for (const ko_image_rule *rule = ko_image_rules; st == KO_OK && rule->shape; rule++)
        if (!rule->host || is_below(ko_url_host(url), rule->host))
            st = apply(rule, &full, err);
    if (st == KO_OK)
        *out = full;
    return st;
}
