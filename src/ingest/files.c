#include "ingest/files.h"

#include "base/text.h"
#include "capture/coding.h"

#include <knockoff/image.h>

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define HEAD_BYTES 512 /* enough for ko_image_sniff to know every kind */

static bool begins_as_picture(const char *path)
{
    unsigned char head[HEAD_BYTES];
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return true; /* let the reader say why it cannot be opened */
    const ssize_t n = read(fd, head, sizeof head);
    (void)close(fd);
    if (n < 0)
        return true;
    /* A drawing may be in gzip, but so may a page. */
    return !ko_capture_is_gzip(head, (size_t)n) &&
           ko_image_sniff(head, (size_t)n) != KO_IMAGE_UNKNOWN;
}

static bool called_a_picture(const char *path)
{
    static const char *const suffixes[] = {".jpg",  ".jpeg", ".jpe",  ".png",  ".webp",
                                           ".gif",  ".tif",  ".tiff", ".avif", ".heic",
                                           ".heif", ".svg",  ".svgz", ".psd",  ".psb"};
    const char *dot = strrchr(ko_path_name(path), '.');
    for (size_t i = 0; dot && i < sizeof suffixes / sizeof *suffixes; i++)
        if (ko_text_same(dot, suffixes[i]))
            return true;
    return false;
}

static ko_status find_in_folder(const char *root, ko_problems *problems, ko_ingest_files *found,
                                ko_error *err)
{
    ko_paths files = {0};
    size_t unread = 0;
    ko_status st = ko_paths_walk(&files, root, &unread, err);
    for (size_t i = 0; st == KO_OK && i < files.count; i++) {
        const char *path = files.path[i];
        const bool picture = begins_as_picture(path) || called_a_picture(path);
        st = ko_paths_add(picture ? &found->pictures : &found->others, path, err);
    }
    if (unread)
        ko_problem(problems, "%s: %zu folder%s below could not be read", root, unread,
                   unread == 1 ? "" : "s");
    ko_paths_free(&files);
    return st;
}

ko_status ko_ingest_files_find(char *const *roots, size_t n_roots, ko_problems *problems,
                               ko_ingest_files *out_files, ko_error *err)
{
    ko_ingest_files found = {0};
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < n_roots; i++)
        st = ko_is_folder(roots[i]) ? find_in_folder(roots[i], problems, &found, err)
                                    : ko_paths_add(&found.pictures, roots[i], err);
    if (st == KO_OK)
        *out_files = found;
    else
        ko_ingest_files_free(&found);
    return st;
}

void ko_ingest_files_free(ko_ingest_files *found)
{
    ko_paths_free(&found->pictures);
    ko_paths_free(&found->others);
    *found = (ko_ingest_files){0};
}
