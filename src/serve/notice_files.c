/* The files of packets: which there are, and one of them, to be kept.
 *
 * What lies in a folder may have been put there by anybody, so nothing but files of the kinds that
 * packets have is shown or sent, and only when their bytes are of that kind, too. */
#include "serve/handlers.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "report/json.h"
#include "serve/notice_folder.h"
#include "store/notice.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct kind {
    const char *ending, *type, *magic;
} kinds[] = {
    {".txt", "text/plain; charset=utf-8", ""},    {".json", "application/json", "{"},
    {".jpg", "image/jpeg", "\xff\xd8\xff"},       {".pdf", "application/pdf", "%PDF-"},
    {".tsq", "application/timestamp-query", "0"}, /* a SEQUENCE of DER */
    {".tsr", "application/timestamp-reply", "0"}, {0},
};

/* NULL: no file of a packet is called so. */
static const struct kind *kind_of(const char *name)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    const char *ending = strrchr(name, '.');
    if (!ending || name[0] == '.' || name[strspn(name, plain)] != '\0' || strlen(name) > 40)
        return NULL;
    for (const struct kind *kind = kinds; kind->ending; kind++)
        if (strcmp(kind->ending, ending) == 0)
            return kind;
    return NULL;
}

/* "answer", "answer-2", ... up to four digits: the number of an answer; 0 of what is none. */
static int answer_number(const char *name)
{
    static const char start[] = "answer-";
    const char *digits = name + sizeof start - 1;
    if (strcmp(name, "answer") == 0)
        return 1;
    if (strncmp(name, start, sizeof start - 1) != 0 || digits[0] < '1' || digits[0] > '9' ||
        strlen(digits) > 4 || digits[strspn(digits, "0123456789")] != '\0')
        return 0;
    const int number = (int)strtol(digits, NULL, 10);
    return number < 2 ? 0 : number;
}

/* --- which there are --- */

static int compare_names(const void *a, const void *b)
{
    const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
    return strcmp(json_string_value(json_object_get(x, "name")),
                  json_string_value(json_object_get(y, "name")));
}

/* A new array in the order of compare; drops the references of the n objects. */
static json_t *sorted_json(json_t **objects, size_t n, int (*compare)(const void *, const void *))
{
    json_t *array = json_array();
    if (n > 1)
        qsort((void *)objects, n, sizeof(json_t *), compare);
    for (size_t i = 0; i < n; i++)
        (void)json_array_append_new(array, objects[i]);
    return array;
}

#define FILES_MOST 64u /* in a folder; packets have 11, answers two more for each timestamp */

static json_t *files_json(int folder)
{
    json_t *files[FILES_MOST];
    size_t n = 0;
    DIR *entries = folder >= 0 ? fdopendir(folder) : NULL;
    const struct dirent *entry;
    struct stat about;
    while (entries && n < FILES_MOST && (entry = readdir(entries)))
        if (kind_of(entry->d_name) &&
            fstatat(folder, entry->d_name, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(about.st_mode))
            files[n++] =
                json_pack("{s:s, s:I}", "name", entry->d_name, "bytes", (json_int_t)about.st_size);
    if (entries)
        (void)closedir(entries);
    else if (folder >= 0)
        (void)close(folder);
    return sorted_json(files, n, compare_names);
}

static int open_folder(int at, const char *path)
{
    return path[0] ? openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW) : -1;
}

json_t *ko_notice_files_json(const char *folder)
{
    return files_json(open_folder(AT_FDCWD, folder));
}

static int compare_answers(const void *a, const void *b)
{
    const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
    const int n = answer_number(json_string_value(json_object_get(x, "folder")));
    const int m = answer_number(json_string_value(json_object_get(y, "folder")));
    return (n < m) - (n > m);
}

json_t *ko_notice_answers_json(const char *folder)
{
    json_t *answers[FILES_MOST];
    size_t n = 0;
    const int packet = open_folder(AT_FDCWD, folder);
    DIR *entries = packet >= 0 ? fdopendir(packet) : NULL;
    const struct dirent *entry;
    while (entries && n < FILES_MOST && (entry = readdir(entries))) {
        const int own = answer_number(entry->d_name) ? open_folder(packet, entry->d_name) : -1;
        if (own >= 0)
            answers[n++] =
                json_pack("{s:s, s:o}", "folder", entry->d_name, "files", files_json(own));
    }
    if (entries)
        (void)closedir(entries);
    else if (packet >= 0)
        (void)close(packet);
    return sorted_json(answers, n, compare_answers);
}

/* --- one of them --- */

static ko_status on_notice(void *context, const ko_notice *notice)
{
    char **folder = context;
    *folder = ko_strdup(notice->folder);
    return *folder ? KO_OK : KO_E_NOMEM;
}

static ko_status find_folder(ko_desk *desk, int64_t notice_id, char **out_folder, ko_error *err)
{
    ko_store *store = NULL;
    ko_status st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st =
            ko_notice_each(store, &(ko_notice_filter){.id = notice_id}, on_notice, out_folder, err);
    ko_pool_give(desk->pool, store);
    if (st == KO_OK && !*out_folder)
        return ko_fail(err, KO_E_NOT_FOUND, "there is no notice %lld", (long long)notice_id);
    return st == KO_E_NOMEM ? ko_fail(err, st, "folder of a notice") : st;
}

/* -1 when there is none. */
static int open_file(const char *packet, const char *answer, const char *name)
{
    int folder = open_folder(AT_FDCWD, packet);
    if (folder >= 0 && answer) {
        const int own = open_folder(folder, answer);
        (void)close(folder);
        folder = own;
    }
    if (folder < 0)
        return -1;
    /* Who waits for a pipe to be written waits for ever. */
    const int file = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    (void)close(folder);
    return file;
}

static bool is_of_kind(int file, const struct kind *kind)
{
    char head[8] = "";
    struct stat about;
    const size_t n = strlen(kind->magic);
    return fstat(file, &about) == 0 && S_ISREG(about.st_mode) &&
           pread(file, head, sizeof head, 0) >= (ssize_t)n && memcmp(head, kind->magic, n) == 0;
}

typedef struct sending {
    int file;
} sending;

static size_t read_file(void *context, char *out, size_t room)
{
    const sending *s = context;
    ssize_t n;
    do
        n = read(s->file, out, room);
    while (n < 0 && errno == EINTR);
    return n > 0 ? (size_t)n : 0;
}

static void close_file(void *context)
{
    sending *s = context;
    (void)close(s->file);
    ko_free(s);
}

static ko_status send_file(int64_t notice_id, const char *name, const struct kind *kind, int file,
                           ko_serve_answer *answer, ko_error *err)
{
    if (!is_of_kind(file, kind)) {
        (void)close(file);
        return ko_fail(err, KO_E_FORMAT, "%s: is not what its name says", name);
    }
    sending *s = ko_alloc(sizeof *s);
    if (!s) {
        (void)close(file);
        return ko_fail(err, KO_E_NOMEM, "%s", name);
    }
    s->file = file;
    answer->type = kind->type;
    answer->stream = (ko_serve_stream){read_file, close_file, s};
    (void)snprintf(answer->save_as, sizeof answer->save_as, "%lld-%s", (long long)notice_id, name);
    return KO_OK;
}

ko_status ko_serve_notice_file(ko_desk *desk, const ko_serve_request *request,
                               ko_serve_answer *answer, ko_error *err)
{
    const char *of = ko_target_query(request->target, "folder");
    const struct kind *kind = kind_of(request->name);
    char *folder = NULL;
    if (!kind || (of && !answer_number(of)))
        return ko_fail(err, KO_E_NOT_FOUND, "no packet has such a file");
    ko_status st = find_folder(desk, request->id, &folder, err);
    if (st != KO_OK || !folder)
        return st;
    const int file = open_file(folder, of, request->name);
    ko_free(folder);
    if (file < 0)
        return ko_fail(err, KO_E_NOT_FOUND, "notice %lld has no file %s", (long long)request->id,
                       request->name);
    return send_file(request->id, request->name, kind, file, answer, err);
}
