/* cli/kit.h - the rules of the program with the user's own, which lie beside the database. */
#ifndef KO_CLI_KIT_H
#define KO_CLI_KIT_H

#include "case/kit.h"
#include "cli/cli.h"

/* The user's own are in the folder DATABASE-rules. As ko_kit_open. */
KO_NODISCARD ko_status ko_open_kit(const ko_common *common, ko_kit *out_kit, ko_error *err);

/* DATABASE and a suffix such as "-rules"; ko_free *out_path. */
KO_NODISCARD ko_status ko_beside_database(const ko_common *common, const char *suffix,
                                          char **out_path, ko_error *err);

#endif
