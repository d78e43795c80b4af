/* serve/asset.h - the files of the page (serve/data), which are part of the program. */
#ifndef KO_SERVE_ASSET_H
#define KO_SERVE_ASSET_H

#include "serve/answer.h"

/* Answers with the file of this name, or that the client has it. KO_E_NOT_FOUND. */
KO_NODISCARD ko_status ko_asset_answer(const char *name, const char *if_none_match,
                                       ko_serve_answer *answer, ko_error *err);

#endif
