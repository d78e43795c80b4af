/* case/part_folder.h - a folder that has its name only when it is whole.
 *
 * Until then it is called NAME.part, so that what a kill left behind is never taken for a packet.
 */
#ifndef KO_CASE_PART_FOLDER_H
#define KO_CASE_PART_FOLDER_H

#include "base/buf.h"

typedef struct ko_part_folder {
    char *path; /* that it will have */
    char *part; /* that it has; NULL when it is finished */
} ko_part_folder;

/* Removes a folder that holds nothing but files; fine when there is none. KO_E_IO. */
ko_status ko_part_folder_remove(const char *path, ko_error *err);

/* Makes the folder with all above it, without what an earlier try left of it. KO_E_IO, KO_E_NOMEM.
 * Free with ko_part_folder_free, also after an error. */
KO_NODISCARD ko_status ko_part_folder_begin(const char *path, ko_part_folder *out_folder,
                                            ko_error *err);
/* Writes a file into it. KO_E_IO, KO_E_NOMEM. */
KO_NODISCARD ko_status ko_part_folder_put(const ko_part_folder *folder, const char *name,
                                          const ko_buf *bytes, ko_error *err);
/* Gives it its name. KO_E_EXISTS: there is something of that name. KO_E_IO. */
KO_NODISCARD ko_status ko_part_folder_finish(ko_part_folder *folder, ko_error *err);
/* Removes it unless it is finished. Zeroed ones are fine. */
void ko_part_folder_free(ko_part_folder *folder);

#endif
