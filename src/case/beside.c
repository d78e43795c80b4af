#include "case/beside.h"

#include "base/alloc.h"
#include "base/limits.h"

ko_status ko_beside(const char *database, const char *suffix, char **out_path, ko_error *err)
{
    ko_buf path = KO_BUF(KO_MAX_PATH_BYTES);
    const ko_status st = ko_buf_printf(&path, "%s%s", database, suffix);
    if (st != KO_OK)
        return ko_fail(err, st, "a path beside the database");
    *out_path = path.data;
    return KO_OK;
}

ko_status ko_beside_kit(const char *database, ko_kit *out_kit, ko_error *err)
{
    char *folder = NULL;
    *out_kit = (ko_kit){0};
    ko_status st = ko_beside(database, KO_BESIDE_RULES, &folder, err);
    if (st == KO_OK)
        st = ko_kit_open(folder, out_kit, err);
    ko_free(folder);
    return st;
}
