/* Pictures that listings name by their addresses alone, fetched as crawl does: slowly, through the
 * guard of addresses, as robots.txt allows, and by one process at a time. */
#include "serve/handlers.h"

#include "base/alloc.h"
#include "base/progress.h"
#include "case/beside.h"
#include "crawl/crawl.h"
#include "crawl/hosts.h"
#include "serve/sent.h"
#include "store/web.h"

#include <unistd.h>

typedef struct fetching {
    const ko_desk *desk;
    char *folder; /* of the archive */
    ko_net *net;
    ko_archive *archive;
    int lock; /* -1: none */
    ko_progress progress;
} fetching;

static void on_progress(void *context, const ko_crawl_counts *counts, size_t waiting)
{
    fetching *f = context;
    f->progress.total = counts->pictures + waiting;
    ko_progress_show(&f->progress, counts->pictures);
}

static ko_status open_all(fetching *f, ko_store *store, ko_error *err)
{
    ko_net_options net = *f->desk->net;
    ko_hosts_in_store(&net, store);
    ko_status st = ko_beside(f->desk->path, KO_BESIDE_ARCHIVE, &f->folder, err);
    if (st == KO_OK)
        st = ko_crawl_lock(f->folder, &f->lock, err);
    if (st == KO_OK)
        st = ko_archive_open(f->folder, net.user_agent, &f->archive, err);
    return st == KO_OK ? ko_net_open(&net, &f->net, err) : st;
}

static void close_all(fetching *f)
{
    ko_net_close(f->net);
    ko_archive_close(f->archive);
    if (f->lock >= 0)
        (void)close(f->lock);
    ko_free(f->folder);
}

static ko_status tell(ko_store *store, const ko_crawl_counts *counts, json_t **out_result,
                      ko_error *err)
{
    ko_web_picture_counts pictures = {0};
    const ko_status st = ko_web_picture_count(store, &pictures, err);
    if (st != KO_OK)
        return st;
    const size_t failed = counts->blocked + counts->failed;
    *out_result =
        json_pack("{s:I, s:I, s:I, s:I, s:I}", "fetched", (json_int_t)counts->pictures, "gone",
                  (json_int_t)counts->gone, "forbidden", (json_int_t)counts->forbidden, "failed",
                  (json_int_t)failed, "to_fetch", (json_int_t)pictures.fresh);
    return KO_OK;
}

/* Those that were given up are asked for once more: the user wants them now. */
static ko_status fetch(void *context, ko_store *store, ko_problems *problems, json_t **out_result,
                       ko_error *err)
{
    fetching f = {.desk = context, .lock = -1};
    ko_crawl_counts counts = {0};
    ko_status st = ko_web_pictures_renew(store, err);
    if (st == KO_OK)
        st = open_all(&f, store, err);
    const ko_crawl_options how = {.store = store,
                                  .archive = f.archive,
                                  .net = f.net,
                                  .problems = problems,
                                  .on_progress = on_progress,
                                  .context = &f};
    ko_progress_start(&f.progress, "pictures", 0);
    if (st == KO_OK)
        st = ko_crawl_pictures(&how, &counts, err);
    ko_progress_end(&f.progress);
    close_all(&f);
    if (st == KO_OK || st == KO_E_STOPPED) {
        const ko_status told = tell(store, &counts, out_result, err);
        st = told == KO_OK ? st : told;
    }
    return st;
}

ko_status ko_serve_fetch(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                         ko_error *err)
{
    static const char *const names[] = {NULL};
    const ko_task_work work = {.kind = "fetch", .run = fetch, .context = desk};
    json_t *sent = NULL;
    int64_t task = 0;
    ko_status st = ko_sent_object(request, names, &sent, err);
    json_decref(sent);
    if (st == KO_OK && !desk->net)
        st = ko_fail(err, KO_E_UNSUPPORTED, "this server asks no others");
    if (st == KO_OK)
        st = ko_tasks_start(desk->tasks, &work, &task, err);
    if (st == KO_OK)
        st = ko_serve_answer_json(answer, json_pack("{s:I}", "task", (json_int_t)task), err);
    return st;
}
