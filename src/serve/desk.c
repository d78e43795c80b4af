#include "serve/desk.h"

ko_status ko_desk_open(const char *path, const char *version, ko_desk *out_desk, ko_error *err)
{
    *out_desk = (ko_desk){.path = path, .version = version};
    (void)pthread_mutex_init(&out_desk->drawing, NULL);
    (void)pthread_cond_init(&out_desk->drawn, NULL);
    ko_status st = ko_pool_open(path, &out_desk->pool, err);
    if (st == KO_OK)
        st = ko_live_open(path, &out_desk->live, err);
    if (st == KO_OK)
        st = ko_tasks_open(path, out_desk->live, &out_desk->tasks, err);
    if (st == KO_OK)
        st = ko_eye_open(path, out_desk->live, &out_desk->eye, err);
    return st;
}

void ko_desk_close(ko_desk *desk)
{
    ko_eye_close(desk->eye);
    ko_tasks_close(desk->tasks);
    ko_live_close(desk->live);
    ko_pool_close(desk->pool);
    (void)pthread_cond_destroy(&desk->drawn);
    (void)pthread_mutex_destroy(&desk->drawing);
}
