#include "cli/kit.h"

#include "base/alloc.h"

ko_status ko_beside_database(const ko_common *common, const char *suffix, char **out_path,
                             ko_error *err)
{
    char *path = ko_database_path(common, err);
    if (!path)
        return err->code;
    const ko_status st = ko_beside(path, suffix, out_path, err);
    ko_free(path);
    return st;
}

ko_status ko_open_kit(const ko_common *common, ko_kit *out_kit, ko_error *err)
{
    char *path = ko_database_path(common, err);
    *out_kit = (ko_kit){0};
    if (!path)
        return err->code;
    const ko_status st = ko_beside_kit(path, out_kit, err);
    ko_free(path);
    return st;
}
