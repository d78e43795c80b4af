#include "serve/desk.h"

#include "capture/archive.h"

static ko_status open_pairings(ko_desk *desk, ko_error *err)
{
    ko_store *store = NULL;
    ko_status st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = ko_pairings_open(store, &desk->pairings, err);
    ko_pool_give(desk->pool, store);
    desk->gate.pairings = desk->pairings;
    return st;
}

ko_status ko_desk_open(const char *path, const char *version, ko_desk *out_desk, ko_error *err)
{
    *out_desk = (ko_desk){.path = path, .version = version};
    (void)pthread_mutex_init(&out_desk->fetching, NULL);
    (void)pthread_mutex_init(&out_desk->drawing, NULL);
    (void)pthread_cond_init(&out_desk->drawn, NULL);
    (void)pthread_mutex_init(&out_desk->archiving, NULL);
    ko_status st = ko_pool_open(path, &out_desk->pool, err);
    if (st == KO_OK)
        st = ko_live_open(path, &out_desk->live, err);
    if (st == KO_OK)
        st = ko_tasks_open(path, out_desk->live, &out_desk->tasks, err);
    if (st == KO_OK)
        st = ko_eye_open(path, out_desk->live, &out_desk->eye, err);
    if (st == KO_OK)
        st = open_pairings(out_desk, err);
    if (st == KO_OK)
        st = ko_books_open(path, &out_desk->books, err);
    return st;
}

void ko_desk_close(ko_desk *desk)
{
    ko_eye_close(desk->eye);
    ko_tasks_close(desk->tasks);
    ko_pairings_close(desk->pairings);
    ko_books_close(desk->books);
    ko_live_close(desk->live);
    ko_pool_close(desk->pool);
    ko_archive_close(desk->archive);
    (void)pthread_mutex_destroy(&desk->archiving);
    (void)pthread_cond_destroy(&desk->drawn);
    (void)pthread_mutex_destroy(&desk->fetching);
    (void)pthread_mutex_destroy(&desk->drawing);
}
