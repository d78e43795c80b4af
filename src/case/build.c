#include "case/build.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/progress.h"
#include "base/stop.h"

/* --- what is not stood by any more --- */

static ko_status take_out(ko_store *store, const ko_notice_event *event, const ko_doubt *doubt,
                          ko_error *err)
{
    ko_notice_event own = *event;
    size_t changed;
    own.notice_id = doubt->notice_id;
    own.state = KO_NOTICE_WITHDRAWN;
    own.note = "its candidate is not accepted any more";
    const ko_status st = ko_packet_remove(store, doubt->notice_id, err);
    return st == KO_OK ? ko_notice_tell(store, &own, &doubt->item_id, 1, &changed, err) : st;
}

ko_status ko_build_take_out(ko_store *store, const ko_notice_event *event, bool dry,
                            ko_doubt_fn *fn, void *context, ko_error *err)
{
    ko_doubts doubts;
    ko_status st = ko_doubts_find(store, 0, 1U << KO_NOTICE_BUILT, &doubts, err);
    for (size_t i = 0; st == KO_OK && i < doubts.n; i++) {
        if (!dry)
            st = take_out(store, event, &doubts.doubts[i], err);
        if (st == KO_OK)
            st = fn(context, &doubts.doubts[i]);
    }
    ko_doubts_free(&doubts);
    return st;
}

/* --- packets --- */

static ko_status on_notice(void *context, const ko_notice *notice)
{
    ko_waiting *w = context;
    if (!notice->n_in[KO_NOTICE_BUILT] || ko_is_folder(notice->folder))
        return KO_OK;
    int64_t *grown = ko_grown(w->ids, w->n, &w->capacity, sizeof *grown);
    if (!grown)
        return KO_E_NOMEM;
    w->ids = grown;
    w->ids[w->n++] = notice->id;
    return KO_OK;
}

ko_status ko_waiting_find(ko_store *store, ko_waiting *out_waiting, ko_error *err)
{
    *out_waiting = (ko_waiting){0};
    const ko_status st =
        ko_notice_each(store, &(ko_notice_filter){.open = true}, on_notice, out_waiting, err);
    return st == KO_E_NOMEM ? ko_fail(err, st, "no memory for packets") : st;
}

void ko_waiting_free(ko_waiting *waiting)
{
    ko_free(waiting->ids);
    *waiting = (ko_waiting){0};
}

typedef struct writing {
    ko_store *store;
    const char *root;
    const ko_packet_options *options;
    ko_notice_fn *fn;
    void *context;
    ko_built *built;
    ko_progress progress;
} writing;

/* Would it happen to the next one, too? */
static bool ends_all(ko_status status)
{
    switch (status) {
    case KO_E_NOMEM:
    case KO_E_IO:
    case KO_E_VERSION:
    case KO_E_DAMAGED:
    case KO_E_BUSY:
    case KO_E_STOPPED:
        return true;
    case KO_OK:
    case KO_E_USAGE:
    case KO_E_NOT_FOUND:
    case KO_E_EXISTS:
    case KO_E_FORMAT:
    case KO_E_LIMIT:
    case KO_E_UNSUPPORTED:
        break;
    }
    return false;
}

static ko_status write_one(writing *w, int64_t id, ko_error *err)
{
    ko_error why = {0};
    bool is_unsigned = false;
    const ko_status st = ko_packet_write(w->store, id, w->root, w->options, &is_unsigned, &why);
    if (ends_all(st))
        return ko_fail(err, st, "notice %lld: %s", (long long)id, why.text);
    if (st != KO_OK) {
        ko_problem(w->options->problems, "notice %lld: %s", (long long)id, why.text);
        return KO_OK;
    }
    w->built->written++;
    w->built->n_unsigned += is_unsigned;
    ko_progress_end(&w->progress); /* what fn may print stands alone */
    return ko_notice_each(w->store, &(ko_notice_filter){.id = id}, w->fn, w->context, err);
}

static ko_status stopped(size_t left, ko_error *err)
{
    return ko_fail(err, KO_E_STOPPED,
                   "stopped; %zu packet%s to be written by the next notice build", left,
                   left == 1 ? " is" : "s are");
}

ko_status ko_waiting_write(ko_store *store, const ko_waiting *waiting, const char *root,
                           const ko_packet_options *options, ko_notice_fn *fn, void *context,
                           ko_built *out_built, ko_error *err)
{
    writing w = {.store = store,
                 .root = root,
                 .options = options,
                 .fn = fn,
                 .context = context,
                 .built = out_built};
    ko_status st = KO_OK;
    *out_built = (ko_built){0};
    ko_progress_start(&w.progress, "packets", waiting->n);
    for (size_t i = 0; i < waiting->n && st == KO_OK; i++) {
        ko_error why = {0};
        ko_progress_show(&w.progress, i);
        st = ko_stop_asked() ? KO_E_STOPPED : write_one(&w, waiting->ids[i], &why);
        if (st == KO_E_STOPPED)
            st = stopped(waiting->n - i, err);
        else if (st != KO_OK)
            st = ko_fail(err, st, "%s", why.text);
    }
    ko_progress_end(&w.progress);
    return st;
}
