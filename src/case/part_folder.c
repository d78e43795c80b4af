#include "case/part_folder.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

ko_status ko_part_folder_remove(const char *path, ko_error *err)
{
    DIR *folder = opendir(path);
    if (!folder)
        return errno == ENOENT ? KO_OK : ko_fail(err, KO_E_IO, "%s: %s", path, strerror(errno));
    for (const struct dirent *entry; (entry = readdir(folder));)
        (void)unlinkat(dirfd(folder), entry->d_name, 0); /* what stays is told by rmdir */
    (void)closedir(folder);
    return rmdir(path) == 0 ? KO_OK : ko_fail(err, KO_E_IO, "%s: %s", path, strerror(errno));
}

ko_status ko_part_folder_begin(const char *path, ko_part_folder *out_folder, ko_error *err)
{
    ko_buf part = KO_BUF(KO_MAX_PATH_BYTES);
    *out_folder = (ko_part_folder){.path = ko_strdup(path)};
    ko_status st = ko_buf_printf(&part, "%s.part", path);
    if (st != KO_OK || !out_folder->path) {
        ko_buf_free(&part);
        return ko_fail(err, KO_E_NOMEM, "path of %s", path);
    }
    out_folder->part = part.data;
    st = ko_part_folder_remove(part.data, err);
    return st == KO_OK ? ko_folder_make(part.data, err) : st;
}

ko_status ko_part_folder_put(const ko_part_folder *folder, const char *name, const ko_buf *bytes,
                             ko_error *err)
{
    char *path = ko_path_join(folder->part, name);
    if (!path)
        return ko_fail(err, KO_E_NOMEM, "path of %s", name);
    const ko_status st = ko_file_write(path, bytes->data ? bytes->data : "", bytes->size, err);
    ko_free(path);
    return st;
}

ko_status ko_part_folder_finish(ko_part_folder *folder, ko_error *err)
{
    if (access(folder->path, F_OK) == 0)
        return ko_fail(err, KO_E_EXISTS, "%s: is there already", folder->path);
    if (rename(folder->part, folder->path) != 0)
        return ko_fail(err, KO_E_IO, "%s: %s", folder->path, strerror(errno));
    ko_free(folder->part);
    folder->part = NULL;
    return KO_OK;
}

void ko_part_folder_free(ko_part_folder *folder)
{
    if (folder->part)
        (void)ko_part_folder_remove(folder->part, NULL); /* what made it fail is said already */
    ko_free(folder->path);
    ko_free(folder->part);
    *folder = (ko_part_folder){0};
}
