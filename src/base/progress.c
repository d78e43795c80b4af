#include "base/progress.h"

#include "base/clock.h"

#include <unistd.h>

#define REPAINT_MS 200

static _Thread_local struct {
    ko_progress_fn *fn;
    void *context;
} listener;

void ko_progress_listen(ko_progress_fn *fn, void *context)
{
    listener.fn = fn;
    listener.context = context;
}

void ko_progress_start(ko_progress *p, const char *what, size_t total)
{
    const int64_t now = ko_clock_ms();
    *p = (ko_progress){.what = what,
                       .total = total,
                       .started_ms = now,
                       .shown_ms = now,
                       .visible = !listener.fn && isatty(STDERR_FILENO)};
    if (listener.fn)
        listener.fn(listener.context, what, 0, total);
}

void ko_progress_show(ko_progress *p, size_t done)
{
    const int64_t now = ko_clock_ms();
    p->done = done;
    if ((!p->visible && !listener.fn) || now - p->shown_ms < REPAINT_MS)
        return;
    p->shown_ms = now;
    if (listener.fn) {
        listener.fn(listener.context, p->what, done, p->total);
        return;
    }
    const double seconds = (double)(now - p->started_ms) / 1000;
    (void)fprintf(stderr, "\r\033[K%zu", done);
    if (p->total)
        (void)fprintf(stderr, " of %zu", p->total);
    (void)fprintf(stderr, " %s, %.0f/s", p->what, (double)done / seconds);
    if (p->total && done)
        (void)fprintf(stderr, ", %.0f s left", seconds / (double)done * (double)(p->total - done));
    (void)fflush(stderr);
}

void ko_progress_end(ko_progress *p)
{
    if (listener.fn && p->what) /* it was started */
        listener.fn(listener.context, p->what, p->done, p->total);
    if (p->visible && p->shown_ms != p->started_ms)
        (void)fputs("\r\033[K", stderr);
}
