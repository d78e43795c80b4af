/* cli/kit.h - the rules and folders that lie beside the database of a command. */
#ifndef KO_CLI_KIT_H
#define KO_CLI_KIT_H

#include "case/beside.h"
#include "cli/cli.h"

/* As ko_beside_kit. */
KO_NODISCARD ko_status ko_open_kit(const ko_common *common, ko_kit *out_kit, ko_error *err);

/* As ko_beside. */
KO_NODISCARD ko_status ko_beside_database(const ko_common *common, const char *suffix,
                                          char **out_path, ko_error *err);

#endif
