
#include "base/alloc.h"
#include "base/clock.h"
#include "base/stop.h"
#include "crawl/state.h"

#include <stdlib.h>
#include <string.h>

#define LOOK_AHEAD 1000 /* rows read at a time */
#define LATER_S 3600    /* until a host is tried again that was silent or left alone */

/* --- hosts --- */

static ko_picture_host *find_host(ko_pictures *pictures, const char *url)
{
    const char *name = strstr(url, "://");
    const size_t n = name ? (size_t)(name - url) + 3 + strcspn(name + 3, "/?") : strlen(url);
    ko_picture_host *host = pictures->hosts;
    while (host && (host->n != n || memcmp(host->origin, url, n) != 0))
        host = host->next;
    if (host)
        return host;
    host = ko_alloc_zero(1, sizeof *host + n);
    if (!host)
        return NULL;
    memcpy(host->origin, url, n);
    host->n = n;
    host->next = pictures->hosts;
    pictures->hosts = host;
    return host;
}

void ko_pictures_init(ko_pictures *pictures)
{
    *pictures = (ko_pictures){0};
    ko_crawl_ring_init(&pictures->asked);
}

void ko_pictures_free(ko_pictures *pictures)
{
    ko_crawl_ring_free(&pictures->asked);
    for (ko_picture_host *host = pictures->hosts, *next; host; host = next) {
        next = host->next;
        ko_free(host);
    }
}

/* --- asking --- */

static ko_status hand_over(ko_crawl *crawl, ko_crawl_asked *asked)
{
    const ko_net_request request = {.url = asked->picture.url,
                                    .max_bytes = KO_MAX_WEB_PICTURE_BYTES,
                                    .owner = asked,
                                    .id = asked->picture.id};
    return ko_net_add(crawl->options->net, &request, crawl->err);
}

typedef struct looking {
    ko_crawl *crawl;
    size_t rows;
} looking;

static ko_status on_new(void *context, const ko_web_picture *picture)
{
    looking *l = context;
    ko_pictures *p = &l->crawl->pictures;
    l->rows++;
    p->after = picture->id;
    ko_picture_host *host = find_host(p, picture->url);
    if (!host)
        return ko_fail(l->crawl->err, KO_E_NOMEM, "asking for pictures");
    if (picture->id <= host->last_id)
        return KO_OK;
    if (host->passed || host->asking >= KO_MAX_CRAWL_HOST_PICTURES) {
        host->passed = true; /* and what comes later waits its turn */
        return KO_OK;
    }
    ko_crawl_asked *asked = ko_crawl_asked_picture(p, picture);
    if (!asked)
        return ko_fail(l->crawl->err, KO_E_NOMEM, "asking for pictures");
    asked->host = host;
    host->last_id = picture->id;
    host->asking++;
    p->asking++;
    return hand_over(l->crawl, asked);
}

ko_status ko_pictures_ask(ko_crawl *crawl)
{
    ko_pictures *p = &crawl->pictures;
    looking l = {.crawl = crawl};
    ko_status st = KO_OK;
    size_t limit;
    do {
        const size_t room = KO_MAX_CRAWL_PICTURES - p->asking;
        limit = room < LOOK_AHEAD ? room : LOOK_AHEAD;
        l.rows = 0;
        if (limit && !ko_stop_asked())
            st = ko_web_picture_each_new(crawl->options->store, p->after, ko_clock_now(), limit,
                                         on_new, &l, crawl->err);
    } while (st == KO_OK && l.rows && l.rows == limit);
    return st;
}

/* A host that has little left to do, though some of its pictures were passed over, is where
 * looking begins again. */
static void look_back(ko_pictures *pictures, ko_picture_host *host)
{
    if (!host->passed || host->asking > KO_MAX_CRAWL_HOST_PICTURES / 2)
        return;
    host->passed = false;
    if (host->last_id < pictures->after)
        pictures->after = host->last_id;
}

/* --- answers --- */

static ko_status give_up(ko_crawl *crawl, ko_web_picture *picture, const char *reason)
{
    picture->state = KO_WEB_PICTURE_FAILED;
    picture->reason = reason;
    return ko_web_picture_update(crawl->options->store, picture, crawl->err);
}

/* Nothing was learnt of the picture itself: it is asked for again in a later run. */
static ko_status put_off(ko_crawl *crawl, ko_web_picture *picture, const ko_net_answer *answer)
{
    if (picture->tries >= KO_MAX_CRAWL_TRIES) {
        crawl->counts->failed++;
        return give_up(crawl, picture, answer->text);
    }
    picture->reason = answer->text;
    picture->not_before = ko_crawl_ask_again_at(answer, LATER_S);
    return ko_web_picture_update(crawl->options->store, picture, crawl->err);
}

static ko_status arrived(ko_crawl *crawl, ko_web_picture *picture, const ko_net_answer *answer)
{
    const ko_crawl_options *o = crawl->options;
    ko_ingest *ingest = NULL;
    ko_ingest_counts ignored = {0};
    ko_error own = {0};
    bool taken = false;
    ko_status st =
        ko_ingest_begin(o->store, o->archive, picture->url, o->problems, &ingest, crawl->err);
    if (st != KO_OK)
        return st;
    st = ko_ingest_picture_reply(ingest, &answer->reply, &taken, &own);
    if (st != KO_OK && !ko_crawl_is_of_input(st)) {
        ko_ingest_abandon(ingest);
        return ko_fail(crawl->err, st, "%s", own.text);
    }
    const ko_status end = ko_ingest_end(ingest, &ignored, crawl->err);
    if (end != KO_OK)
        return end;
    crawl->counts->pictures += taken;
    if (st == KO_OK)
        return KO_OK;
    crawl->counts->failed++;
    ko_crawl_say(crawl, picture->url, own.text);
    return give_up(crawl, picture, own.text);
}

static ko_status refused(ko_crawl *crawl, ko_web_picture *picture, const ko_net_answer *answer)
{
    if (answer->outcome == KO_NET_GONE) {
        crawl->counts->gone++;
    } else if (answer->outcome == KO_NET_ROBOTS) {
        crawl->counts->forbidden++;
    } else {
        crawl->counts->failed++;
        ko_crawl_say(crawl, picture->url, answer->text);
    }
    return give_up(crawl, picture, answer->text);
}

static ko_status take(ko_crawl *crawl, ko_web_picture *picture, const ko_net_answer *answer)
{
    ko_status st = ko_crawl_write(crawl);
    if (st != KO_OK)
        return st;
    picture->tries += ko_crawl_was_asked(answer);
    switch (answer->outcome) {
    case KO_NET_DATA:
        return arrived(crawl, picture, answer);
    case KO_NET_LATER:
    case KO_NET_UNREACHABLE:
    case KO_NET_BUDGET:
    case KO_NET_LEFT:
        return put_off(crawl, picture, answer);
    default:
        return refused(crawl, picture, answer);
    }
}

ko_status ko_pictures_answer(ko_crawl *crawl, ko_crawl_asked *asked, const ko_net_answer *answer)
{
    ko_pictures *p = &crawl->pictures;
    p->asking--;
    asked->host->asking--;
    ko_status st = KO_OK;
    if (answer->outcome != KO_NET_STOPPED) {
        look_back(p, asked->host);
        st = take(crawl, &asked->picture, answer);
        ko_crawl_count_refusal(crawl, answer, &asked->host->refusals);
        crawl->in_batch++;
    }
    ko_crawl_asked_free(asked);
    return st;
}
