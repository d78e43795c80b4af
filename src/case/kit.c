#include "case/kit.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "notice/letter.h"

#include <unistd.h>

/* Appends the user's file of this name; *out_there is false, and nothing wrong, without one. */
static ko_status read_own(const ko_kit *kit, const char *name, ko_buf *out, bool *out_there,
                          ko_error *err)
{
    ko_error why = {0};
    char *path = ko_path_join(kit->folder, name);
    if (!path)
        return ko_fail(err, KO_E_NOMEM, "path of %s", name);
    const ko_status st = ko_file_read(path, out, &why);
    ko_free(path);
    *out_there = st == KO_OK;
    return st == KO_OK || st == KO_E_NOT_FOUND ? KO_OK : ko_fail(err, st, "%s", why.text);
}

/* Lays the user's file over what the program has. */
static ko_status lay(ko_kit *kit, const char *name, ko_error *err)
{
    ko_buf text = KO_BUF(KO_MAX_NOTICE_DATA_BYTES);
    bool there = false;
    ko_status st = read_own(kit, name, &text, &there, err);
    if (st == KO_OK && there) {
        const char *bytes = text.data ? text.data : "";
        st = name[0] == 'r' ? ko_rules_add(kit->rules, bytes, text.size, err)
                            : ko_holidays_add(kit->holidays, bytes, text.size, err);
        ko_error_prefix(err, name);
        ko_error_prefix(err, kit->folder);
    }
    ko_buf_free(&text);
    return st;
}

ko_status ko_kit_open(const char *folder, ko_kit *out_kit, ko_error *err)
{
    *out_kit = (ko_kit){.folder = ko_strdup(folder)};
    if (!out_kit->folder)
        return ko_fail(err, KO_E_NOMEM, "path of the rules");
    ko_status st = ko_rules_open(&out_kit->rules, err);
    if (st == KO_OK)
        st = ko_holidays_open(&out_kit->holidays, err);
    if (st == KO_OK)
        st = lay(out_kit, "rules.json", err);
    return st == KO_OK ? lay(out_kit, "holidays.json", err) : st;
}

void ko_kit_close(ko_kit *kit)
{
    ko_rules_free(kit->rules);
    ko_holidays_free(kit->holidays);
    ko_free(kit->folder);
    *kit = (ko_kit){0};
}

bool ko_kit_has_own(const ko_kit *kit, const char *name)
{
    char *path = ko_path_join(kit->folder, name);
    const bool has = path && access(path, F_OK) == 0;
    ko_free(path);
    return has;
}

ko_status ko_kit_letter(const ko_kit *kit, const char *name, ko_buf *out, ko_error *err)
{
    bool own = false;
    ko_status st = read_own(kit, name, out, &own, err);
    if (st != KO_OK || own)
        return st;
    const char *text = ko_letter_template(name);
    if (!text)
        return ko_fail(err, KO_E_NOT_FOUND, "no letter %s", name);
    st = ko_buf_text(out, text);
    return st == KO_OK ? st : ko_fail(err, st, "letter %s", name);
}
