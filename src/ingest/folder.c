#include "ingest/taking.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/text.h"
#include "capture/capture.h"
#include "capture/coding.h"
#include "ingest/files.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD_BYTES 8192 /* to tell by whether a file is read */

/* A folder while it is taken in. */
typedef struct walk {
    const ko_taking *taking;
    ko_ingest_files found;
    ko_paths companions; /* folders that browsers saved along with a page, each with "/" */
    size_t left_out;
} walk;

/* --- what browsers save along with a page --- */

static bool is_called_page(const char *path)
{
    const char *dot = strrchr(ko_path_name(path), '.');
    return dot &&
           (ko_text_same(dot, ".html") || ko_text_same(dot, ".htm") || ko_text_same(dot, ".xhtml"));
}

/* Whether a page names a file in a folder of this name. */
static bool names_folder(const ko_buf *page, const char *name, size_t n)
{
    const char *const end = page->data + page->size;
    const char *at = page->data;
    while (at < end && (at = memchr(at, '/', (size_t)(end - at)))) {
        if ((size_t)(at - page->data) >= n && memcmp(at - n, name, n) == 0)
            return true;
        at++;
    }
    return false;
}

/* Adds the folder in which path lies if it is called as the page is up to stem ("Owl" of
 * "Owl.html" and "Owl_files"), and the page names files in it. In which language a browser
 * says "files" does not matter so. */
static ko_status add_companion(walk *w, const char *path, const char *stem, size_t n,
                               const ko_buf *page)
{
    const char *slash = strncmp(path, stem, n) == 0 ? strchr(path + n, '/') : NULL;
    if (!slash || !strchr("_-.", path[n]))
        return KO_OK;
    const size_t size = (size_t)(slash - path) + 1;
    const ko_paths *known = &w->companions;
    const char *last = known->count ? known->path[known->count - 1] : "";
    if (strncmp(last, path, size) == 0)
        return KO_OK; /* files of one folder follow one another */
    char *folder = ko_strndup(path, size);
    if (!folder)
        return ko_fail(w->taking->err, KO_E_NOMEM, "%s", path);
    const char *name = folder + size - 1;
    while (name > folder && name[-1] != '/')
        name--;
    ko_status st = KO_OK;
    if (names_folder(page, name, strlen(name) - 1))
        st = ko_paths_add(&w->companions, folder, w->taking->err);
    ko_free(folder);
    return st;
}

static ko_status add_companions_of(walk *w, const char *page_path)
{
    const size_t stem = (size_t)(strrchr(page_path, '.') - page_path);
    const ko_paths *lists[] = {&w->found.pictures, &w->found.others};
    ko_buf page = KO_BUF(KO_MAX_PAGE_BYTES);
    ko_buf plain = KO_BUF(KO_MAX_PAGE_BYTES);
    ko_status st = KO_OK;
    if (ko_file_read(page_path, &page, NULL) == KO_OK && page.data)
        st = ko_capture_unpercent(page.data, page.size, &plain, w->taking->err);
    for (size_t l = 0; st == KO_OK && plain.data && l < 2; l++)
        for (size_t i = 0; st == KO_OK && i < lists[l]->count; i++)
            st = add_companion(w, lists[l]->path[i], page_path, stem, &plain);
    ko_buf_free(&page);
    ko_buf_free(&plain);
    return st;
}

static ko_status find_companions(walk *w)
{
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < w->found.others.count; i++)
        if (is_called_page(w->found.others.path[i]))
            st = add_companions_of(w, w->found.others.path[i]);
    return st;
}

static bool is_companion(const walk *w, const char *path)
{
    for (size_t i = 0; i < w->companions.count; i++)
        if (strncmp(path, w->companions.path[i], strlen(w->companions.path[i])) == 0)
            return true;
    return false;
}

/* --- what is left --- */

/* Whether it is worth reading the file at all, which may be a film or a database: captures, and
 * what is text or gzip and no longer than a page. */
static bool may_be_taken(const char *path)
{
    char head[HEAD_BYTES];
    struct stat info;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    const ssize_t n = fd < 0 ? -1 : read(fd, head, sizeof head);
    const bool sized = fd >= 0 && fstat(fd, &info) == 0;
    if (fd >= 0)
        (void)close(fd);
    if (n < 0 || !sized)
        return true; /* let the reader say why it cannot be read */
    const size_t size = (size_t)n;
    if (ko_capture_sniff(head, size) != KO_CAPTURE_NONE)
        return true;
    const bool wide = size >= 2 && (memcmp(head, "\xff\xfe", 2) == 0 ||
                                    memcmp(head, "\xfe\xff", 2) == 0); /* UTF-16 */
    const bool text = wide || ko_capture_is_gzip(head, size) || !memchr(head, '\0', size);
    return text && info.st_size <= (off_t)KO_MAX_PAGE_BYTES;
}

/* Takes in a file that is no picture, if it is anything that a folder is asked for. */
static ko_status take_other(walk *w, const char *path)
{
    if (!may_be_taken(path)) {
        w->left_out++;
        return KO_OK;
    }
    ko_error own = {0};
    const ko_taking file = {.ingest = w->taking->ingest,
                            .path = path,
                            .options = w->taking->options,
                            .in_folder = true,
                            .err = &own};
    ko_buf bytes = KO_BUF(KO_MAX_CAPTURE_BYTES);
    ko_status st = ko_file_read(path, &bytes, &own);
    if (st == KO_OK)
        st = ko_taking_bytes(&file, &bytes);
    ko_buf_free(&bytes);
    if (st == KO_E_UNSUPPORTED || st == KO_E_FORMAT)
        w->left_out++;
    else if (ko_taking_is_of_input(st))
        ko_problem(ko_ingest_problems(file.ingest), "%s", own.text);
    else if (st != KO_OK)
        return ko_fail(w->taking->err, st, "%s", own.text);
    return KO_OK;
}

static ko_status take_files(walk *w)
{
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < w->found.pictures.count; i++)
        if (!is_companion(w, w->found.pictures.path[i]))
            st = ko_ingest_picture(w->taking->ingest, w->found.pictures.path[i], w->taking->err);
    for (size_t i = 0; st == KO_OK && i < w->found.others.count; i++)
        if (!is_companion(w, w->found.others.path[i]))
            st = take_other(w, w->found.others.path[i]);
    return st;
}

ko_status ko_taking_folder(const ko_taking *taking)
{
    walk w = {.taking = taking};
    ko_status st = ko_ingest_files_find((char *const *)&taking->path, 1,
                                        ko_ingest_problems(taking->ingest), &w.found, taking->err);
    if (st == KO_OK)
        st = find_companions(&w);
    if (st == KO_OK)
        st = take_files(&w);
    if (w.left_out)
        ko_taking_say(taking,
                      "%s: %zu file%s no picture and no page, left out; a sheet is ingested when "
                      "it is named",
                      taking->path, w.left_out, w.left_out == 1 ? " is" : "s are");
    ko_ingest_files_free(&w.found);
    ko_paths_free(&w.companions);
    return st;
}
