/* cli/cmd_inspect_file.h - the same for files: pages, feeds, sheets, captures of browsers. */
#ifndef KO_CLI_CMD_INSPECT_FILE_H
#define KO_CLI_CMD_INSPECT_FILE_H

#include "cli/cmd_inspect_page.h"

typedef struct ko_inspect_file {
    const char *path; /* "-" for standard input */
    const char *url;  /* where it comes from; NULL when that is not known */
    bool insist;      /* page/page.h */
} ko_inspect_file;

/* Shows what a file holds, told by its content. Errors name the path. KO_E_NOT_FOUND, KO_E_IO,
 * and as ko_inspect_page. */
KO_NODISCARD ko_status ko_inspect_file_show(const ko_inspect *how, const ko_inspect_file *file,
                                            ko_error *err);

#endif
