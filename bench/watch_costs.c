#include "watch_costs.h"

#include "base/alloc.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

#define MB 1e6
#define DAY_S 86400.0
/* Of a process that lives so long, beyond what its first rounds took. */
#define LIFE_DAYS 5
#define MEMORY_MORE_BYTES 4e6
/* Bytes a day that are no new content, more in the last third of the time than in the one before.
 */
#define ROOM_MORE_BYTES 1e6

/* --- notes --- */

void ko_watch_costs_wait(ko_watch_costs *c, int64_t at, pid_t pid, int64_t resident_bytes,
                         int64_t took_ms)
{
    ko_watch_wait *grown = ko_grown(c->waits, c->n_waits, &c->waits_capacity, sizeof *grown);
    if (!grown)
        return;
    c->waits = grown;
    grown[c->n_waits++] = (ko_watch_wait){at, resident_bytes, took_ms, pid};
}

static int64_t size_of(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 ? (int64_t)s.st_size : 0;
}

static int64_t size_of_folder(const char *folder)
{
    int64_t sum = 0;
    DIR *d = opendir(folder);
    for (struct dirent *entry; d && (entry = readdir(d));) {
        char path[4096];
        (void)snprintf(path, sizeof path, "%.2000s/%.2000s", folder, entry->d_name);
        sum += entry->d_name[0] == '.' ? 0 : size_of(path);
    }
    if (d)
        (void)closedir(d);
    return sum;
}

void ko_watch_costs_day(ko_watch_costs *c, int64_t at, const char *database, int64_t new_bytes)
{
    char wal[4096], archive[4096];
    ko_watch_day *grown = ko_grown(c->days, c->n_days, &c->days_capacity, sizeof *grown);
    if (!grown)
        return;
    (void)snprintf(wal, sizeof wal, "%.4000s-wal", database);
    (void)snprintf(archive, sizeof archive, "%.4000s-archive", database);
    c->days = grown;
    grown[c->n_days++] =
        (ko_watch_day){at, size_of(database), size_of(wal), size_of_folder(archive), new_bytes};
}

void ko_watch_costs_write(const ko_watch_costs *c, const char *path)
{
    FILE *f = fopen(path, "w");
    if (!f)
        return;
    (void)fprintf(f, "at,pid,resident bytes,took ms\n");
    for (size_t i = 0; i < c->n_waits; i++) {
        const ko_watch_wait *w = &c->waits[i];
        (void)fprintf(f, "%lld,%d,%lld,%lld\n", (long long)w->at, (int)w->pid,
                      (long long)w->resident_bytes, (long long)w->took_ms);
    }
    (void)fclose(f);
}

void ko_watch_costs_free(ko_watch_costs *c)
{
    ko_free(c->waits);
    ko_free(c->days);
    *c = (ko_watch_costs){0};
}

/* --- memory --- */

typedef struct life { /* of one process: its waits */
    size_t first, n;
} life;

static life longest_life(const ko_watch_costs *c)
{
    life longest = {0};
    for (size_t i = 0, n; i < c->n_waits; i += n) {
        for (n = 1; i + n < c->n_waits && c->waits[i + n].pid == c->waits[i].pid; n++)
            ;
        if (n > longest.n)
            longest = (life){i, n};
    }
    return longest;
}

static int64_t most_memory(const ko_watch_wait *waits, size_t n)
{
    int64_t most = 0;
    for (size_t i = 0; i < n; i++)
        if (waits[i].resident_bytes > most)
            most = waits[i].resident_bytes;
    return most;
}

/* In the longest life the most in its second quarter, when it is warm, against that in its last. */
static void judge_memory(const ko_watch_costs *c, ko_verdicts *verdicts)
{
    const life l = longest_life(c);
    const size_t quarter = l.n / 4;
    if (quarter == 0)
        return;
    const ko_watch_wait *waits = c->waits + l.first;
    const int64_t early = most_memory(waits + quarter, quarter);
    const int64_t late = most_memory(waits + l.n - quarter, quarter);
    const double days = (double)(waits[l.n - 1].at - waits[0].at) / DAY_S;
    const bool grows = days >= LIFE_DAYS && (double)late > (double)early + MEMORY_MORE_BYTES;
    ko_verdict_add(verdicts, "memory", grows,
                   "%.1f MB at most; in the longest life, %zu looks in %.1f days, %.1f MB early"
                   " and %.1f MB late",
                   (double)most_memory(c->waits, c->n_waits) / MB, l.n, days, (double)early / MB,
                   (double)late / MB);
}

/* --- room --- */

typedef struct growth { /* bytes a day */
    double database, archive, fresh;
} growth;

static growth growth_between(const ko_watch_day *from, const ko_watch_day *to)
{
    const double days = (double)(to->at - from->at) / DAY_S;
    return (growth){(double)(to->database_bytes - from->database_bytes) / days,
                    (double)(to->archive_bytes - from->archive_bytes) / days,
                    (double)(to->new_bytes - from->new_bytes) / days};
}

static void judge_room(const ko_watch_costs *c, ko_verdicts *verdicts)
{
    if (c->n_days < 4)
        return;
    const size_t third = c->n_days / 3;
    const ko_watch_day *last = &c->days[c->n_days - 1];
    const growth middle = growth_between(&c->days[third], &c->days[2 * third]);
    const growth late = growth_between(&c->days[2 * third], last);
    const double before = middle.database + middle.archive - middle.fresh;
    const double after = late.database + late.archive - late.fresh;
    int64_t wal = 0;
    for (size_t i = 0; i < c->n_days; i++)
        wal = c->days[i].wal_bytes > wal ? c->days[i].wal_bytes : wal;
    ko_verdict_add(verdicts, "room", after > before * 1.5 + ROOM_MORE_BYTES,
                   "database %.1f MB, archive %.1f MB, WAL %.1f MB at most; a day, middle and last"
                   " third: database %.2f %.2f MB, archive %.2f %.2f MB, new content %.2f %.2f MB",
                   (double)last->database_bytes / MB, (double)last->archive_bytes / MB,
                   (double)wal / MB, middle.database / MB, late.database / MB, middle.archive / MB,
                   late.archive / MB, middle.fresh / MB, late.fresh / MB);
}

static void judge_rounds(const ko_watch_costs *c, ko_verdicts *verdicts)
{
    int64_t sum = 0, most = 0;
    for (size_t i = 0; i < c->n_waits; i++) {
        sum += c->waits[i].took_ms;
        most = c->waits[i].took_ms > most ? c->waits[i].took_ms : most;
    }
    ko_verdict_add(verdicts, "rounds", 0, "%zu hours and events, %.1f s in all, the longest %.1f s",
                   c->n_waits, (double)sum / 1000, (double)most / 1000);
}

void ko_watch_costs_judge(const ko_watch_costs *c, ko_verdicts *verdicts)
{
    judge_memory(c, verdicts);
    judge_room(c, verdicts);
    judge_rounds(c, verdicts);
}
