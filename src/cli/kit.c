#include "cli/kit.h"

#include "base/alloc.h"
#include "base/limits.h"

ko_status ko_beside_database(const ko_common *common, const char *suffix, char **out_path,
                             ko_error *err)
{
    ko_buf beside = KO_BUF(KO_MAX_PATH_BYTES);
    char *path = ko_database_path(common, err);
    if (!path)
        return err->code;
    const ko_status st = ko_buf_printf(&beside, "%s%s", path, suffix);
    ko_free(path);
    if (st != KO_OK)
        return ko_fail(err, st, "a path beside the database");
    *out_path = beside.data;
    return KO_OK;
}

ko_status ko_open_kit(const ko_common *common, ko_kit *out_kit, ko_error *err)
{
    char *folder = NULL;
    *out_kit = (ko_kit){0};
    ko_status st = ko_beside_database(common, "-rules", &folder, err);
    if (st == KO_OK)
        st = ko_kit_open(folder, out_kit, err);
    ko_free(folder);
    return st;
}
