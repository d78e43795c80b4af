#include "serve/visitors.h"

#include "base/alloc.h"
#include "base/clock.h"

#include <assert.h>
#include <sys/socket.h>

void ko_visitors_init(ko_visitors *visitors)
{
    *visitors = (ko_visitors){0};
    (void)pthread_mutex_init(&visitors->lock, NULL);
}

void ko_visitors_end(ko_visitors *visitors)
{
    assert(!visitors->oldest);
    (void)pthread_mutex_destroy(&visitors->lock);
}

/* Its thread notices that, and leaves. The socket is open as long as the visitor is listed. */
static void turn_out(ko_visitor *visitor)
{
    (void)shutdown(visitor->socket, SHUT_RDWR);
    visitor->deadline_ms = 0;
}

static void turn_oldest_stranger_out(ko_visitors *visitors)
{
    for (ko_visitor *v = visitors->oldest; v; v = v->newer) {
        if (v->stranger) {
            turn_out(v);
            v->stranger = false; /* it counts no more */
            visitors->n_strangers--;
            return;
        }
    }
}

ko_visitor *ko_visitors_enter(ko_visitors *visitors, int socket)
{
    ko_visitor *visitor = ko_alloc_zero(1, sizeof *visitor);
    if (!visitor)
        return NULL;
    visitor->socket = socket;
    visitor->stranger = true;
    visitor->deadline_ms = ko_clock_ms() + KO_MAX_SERVE_HEAD_MS;
    (void)pthread_mutex_lock(&visitors->lock);
    if (visitors->n_strangers == KO_MAX_SERVE_STRANGERS)
        turn_oldest_stranger_out(visitors);
    visitor->older = visitors->newest;
    if (visitors->newest)
        visitors->newest->newer = visitor;
    else
        visitors->oldest = visitor;
    visitors->newest = visitor;
    visitors->n_strangers++;
    (void)pthread_mutex_unlock(&visitors->lock);
    return visitor;
}

void ko_visitors_leave(ko_visitors *visitors, ko_visitor *visitor)
{
    (void)pthread_mutex_lock(&visitors->lock);
    *(visitor->older ? &visitor->older->newer : &visitors->oldest) = visitor->newer;
    *(visitor->newer ? &visitor->newer->older : &visitors->newest) = visitor->older;
    visitors->n_strangers -= visitor->stranger;
    visitors->room -= visitor->room;
    (void)pthread_mutex_unlock(&visitors->lock);
    ko_buf_free(&visitor->body);
    ko_free(visitor);
}

void ko_visitors_know(ko_visitors *visitors, ko_visitor *visitor)
{
    (void)pthread_mutex_lock(&visitors->lock);
    visitors->n_strangers -= visitor->stranger;
    visitor->stranger = false;
    (void)pthread_mutex_unlock(&visitors->lock);
}

void ko_visitors_expect(ko_visitors *visitors, ko_visitor *visitor, int64_t deadline_ms)
{
    (void)pthread_mutex_lock(&visitors->lock);
    visitor->deadline_ms = deadline_ms;
    (void)pthread_mutex_unlock(&visitors->lock);
}

bool ko_visitors_make_room(ko_visitors *visitors, ko_visitor *visitor, uint64_t bytes)
{
    (void)pthread_mutex_lock(&visitors->lock);
    const uint64_t others = visitors->room - visitor->room;
    const bool fits = bytes <= KO_MAX_SERVE_BODIES - others;
    visitor->room = fits ? bytes : 0;
    visitors->room = others + visitor->room;
    (void)pthread_mutex_unlock(&visitors->lock);
    return fits;
}

void ko_visitors_sweep(ko_visitors *visitors, int64_t now_ms)
{
    (void)pthread_mutex_lock(&visitors->lock);
    for (ko_visitor *v = visitors->oldest; v; v = v->newer)
        if (v->deadline_ms && v->deadline_ms <= now_ms)
            turn_out(v);
    (void)pthread_mutex_unlock(&visitors->lock);
}
