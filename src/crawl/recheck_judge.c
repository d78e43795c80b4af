#include "crawl/recheck_judge.h"

#include "base/limits.h"
#include "crawl/state.h"
#include "page/record.h"
#include "platform/canonical.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void find(ko_finding *f, ko_look_outcome outcome, const char *fmt, ...) KO_PRINTF(3, 4);
static void find(ko_finding *f, ko_look_outcome outcome, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(f->reason, sizeof f->reason, fmt, args);
    va_end(args);
    f->outcome = outcome;
}

/* --- addresses --- */

static bool has_key(const char *address, const char *key)
{
    ko_url url;
    ko_canonical canonical;
    return ko_url_parse(address, strlen(address), NULL, &url, NULL) == KO_OK &&
           ko_canonical_listing(&url, &canonical, NULL) == KO_OK &&
           strcmp(ko_canonical_key(&canonical), key) == 0;
}

static ko_slice site_of(const ko_url *url)
{
    ko_slice host = ko_url_host(url);
    if (host.n > 4 && memcmp(host.at, "www.", 4) == 0) {
        host.at += 4;
        host.n -= 4;
    }
    return host;
}

/* "shop.example" and "www.shop.example" and "de.shop.example" */
static bool same_site(const ko_url *a, const ko_url *b)
{
    const ko_slice x = site_of(a), y = site_of(b);
    const ko_slice inner = x.n < y.n ? x : y, outer = x.n < y.n ? y : x;
    const size_t before = outer.n - inner.n;
    return memcmp(outer.at + before, inner.at, inner.n) == 0 &&
           (before == 0 || outer.at[before - 1] == '.');
}

/* True when to stands above from: the front page, a category. */
static bool is_above(const ko_url *to, const ko_url *from)
{
    const ko_slice high = ko_url_path(to), low = ko_url_path(from);
    const bool ends = high.n > 0 && high.at[high.n - 1] == '/';
    return high.n < low.n && memcmp(high.at, low.at, high.n) == 0 &&
           (ends || low.at[high.n] == '/');
}

/* --- pages --- */

/* The offer that is the listing: by its own address, or as the only one of a page that has the
 * listing's. */
static ko_page_offer *own_offer(const char *key, const ko_net_answer *answer, const ko_page *page)
{
    for (size_t i = 0; i < page->offers.count; i++)
        if (has_key(ko_offer_get(&page->offers.offer[i], KO_OFFER_URL), key))
            return &page->offers.offer[i];
    return page->offers.count == 1 && has_key(answer->reply.final_url, key) ? &page->offers.offer[0]
                                                                            : NULL;
}

/* A page that answers instead of the listing's. Elsewhere on the same site, and where that shows
 * what else there is, the listing is gone; any other page may be a notice, a login, a new owner. */
static void judge_redirect(const ko_net_answer *answer, ko_page *page, ko_finding *f)
{
    const ko_reply *reply = &answer->reply;
    ko_url from, to;
    if (ko_url_parse(reply->url, strlen(reply->url), NULL, &from, NULL) != KO_OK ||
        ko_url_parse(reply->final_url, strlen(reply->final_url), NULL, &to, NULL) != KO_OK ||
        !same_site(&from, &to)) {
        find(f, KO_LOOK_UNREACHABLE, "leads to another site: %.300s", reply->final_url);
        return;
    }
    const bool shows = page->offers.count > 0 || page->n_links > 0;
    if (!shows && !is_above(&to, &from)) {
        find(f, KO_LOOK_UNREACHABLE, "leads to a page that tells nothing: %.300s",
             reply->final_url);
        return;
    }
    find(f, KO_LOOK_GONE, "leads to %.300s", reply->final_url);
    f->moved = page->offers.count == 1;
    f->offer = f->moved ? &page->offers.offer[0] : NULL;
}

static void judge_page(const char *key, const ko_net_answer *answer, ko_page *page, ko_finding *f)
{
    f->offer = own_offer(key, answer, page);
    if (f->offer)
        find(f, KO_LOOK_ALIVE, "%s", "");
    else if (page->ended)
        find(f, KO_LOOK_GONE, "the page says \"%s\"", page->ended);
    else if (!has_key(answer->reply.final_url, key))
        judge_redirect(answer, page, f);
    else
        find(f, KO_LOOK_UNREACHABLE, "%s",
             page->note ? page->note : "the page does not tell of the listing");
}

void ko_finding_judge(const char *key, const ko_net_answer *answer, ko_page *page, const char *why,
                      ko_finding *out)
{
    const int status = answer->reply.status;
    *out = (ko_finding){0};
    if (answer->outcome == KO_NET_GONE) {
        find(out, KO_LOOK_GONE, "HTTP %d", status);
        out->by_status = true;
    } else if (page && page->blocked) {
        find(out, KO_LOOK_BLOCKED, "%s", page->blocked);
    } else if (answer->outcome == KO_NET_DATA && page) {
        judge_page(key, answer, page, out);
    } else if (answer->outcome == KO_NET_DATA) {
        find(out, KO_LOOK_UNREACHABLE, "%s", why);
    } else if (answer->outcome == KO_NET_DENIED || status == 429) {
        find(out, KO_LOOK_BLOCKED, "HTTP %d", status);
    } else if (answer->outcome == KO_NET_ROBOTS || answer->outcome == KO_NET_LEFT) {
        find(out, KO_LOOK_BLOCKED, "%s", answer->text);
    } else if (answer->outcome != KO_NET_BUDGET && answer->outcome != KO_NET_STOPPED &&
               (answer->outcome != KO_NET_LATER || ko_crawl_was_asked(answer))) {
        find(out, KO_LOOK_UNREACHABLE, "%s", answer->text);
    }
}
