/* base/file.h - files and folders of the user. */
#ifndef KO_BASE_FILE_H
#define KO_BASE_FILE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Appends the whole file at path to out, whose maximum is the limit.
 * KO_E_NOT_FOUND, KO_E_IO (a folder, no permission, a read error), KO_E_LIMIT (larger
 * than the room in out; told from its size, before reading), KO_E_NOMEM. */
KO_NODISCARD ko_status ko_file_read(const char *path, ko_buf *out, ko_error *err);

/* The same from standard input. */
KO_NODISCARD ko_status ko_stdin_read(ko_buf *out, ko_error *err);

/* Where some bytes lie. */
typedef struct ko_file_part {
    const char *path;      /* "-": standard input */
    int64_t offset, bytes; /* bytes 0: the whole file */
} ko_file_part;

/* Appends the part to out in the same way. KO_E_FORMAT when the file ends before the part
 * does. Any number of threads may read parts of one file. */
KO_NODISCARD ko_status ko_file_read_part(const ko_file_part *part, ko_buf *out, ko_error *err);

/* Writes size bytes to the file at path, in place of what it held. KO_E_IO. */
KO_NODISCARD ko_status ko_file_write(const char *path, const void *bytes, size_t size,
                                     ko_error *err);

bool ko_is_folder(const char *path);

/* A list of file paths; owns its strings. */
typedef struct ko_paths {
    char **path;
    size_t count, capacity;
} ko_paths;

KO_NODISCARD ko_status ko_paths_add(ko_paths *paths, const char *path, ko_error *err);
void ko_paths_free(ko_paths *paths);

/* Adds every regular file below root (root itself when it is a file) in the byte order of
 * their paths, as root plus what lies below it. Hidden entries (".x") and symbolic links
 * that lead to folders are left out. Folders that cannot be read are counted in
 * *out_unread (may be NULL) and the walk goes on.
 * KO_E_NOT_FOUND when root does not exist, KO_E_IO, KO_E_NOMEM. */
KO_NODISCARD ko_status ko_paths_walk(ko_paths *paths, const char *root, size_t *out_unread,
                                     ko_error *err);

/* Joins folder and name with one slash; ko_free it. NULL when there is no memory. */
char *ko_path_join(const char *folder, const char *name);
/* What follows the last slash; borrowed from path. */
const char *ko_path_name(const char *path);
/* Everything before the last slash, "." when there is none; ko_free it. */
char *ko_path_folder(const char *path);
/* Makes every missing folder of path with mode 0700. */
KO_NODISCARD ko_status ko_folder_make(const char *path, ko_error *err);

#endif
