#include "case/work_given.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/text.h"
#include "store/profile.h"

#include <string.h>

static ko_status check_text(const char *name, const char *text, ko_error *err)
{
    const size_t n = text ? strlen(text) : 0;
    if (n == 0)
        return KO_OK;
    if (n > KO_MAX_WORK_TEXT)
        return ko_fail(err, KO_E_USAGE, "%s: %zu bytes, limit %zu", name, n, KO_MAX_WORK_TEXT);
    char *clean = ko_text_clean_dup(text);
    if (!clean)
        return ko_fail(err, KO_E_NOMEM, "%s", name);
    const bool same = strcmp(clean, text) == 0;
    ko_free(clean);
    return same ? KO_OK
                : ko_fail(err, KO_E_USAGE, "%s: one line of plain text, without control characters",
                          name);
}

static ko_status check_texts(const ko_work_fields *said, ko_error *err)
{
    const struct {
        const char *name, *text;
    } each[] = {{"title", said->title},
                {"registration", said->registration},
                {"holder", said->holder},
                {"author", said->author},
                {"kind", said->kind},
                {"description", said->description},
                {"published-url", said->published_url}};
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < sizeof each / sizeof *each; i++)
        st = check_text(each[i].name, each[i].text, err);
    return st;
}

static ko_status check_country(const char *name, const char *text, ko_error *err)
{
    if (!text || !text[0] || ko_profile_is_country(text))
        return KO_OK;
    return ko_fail(err, KO_E_USAGE, "%s takes two letters of ISO 3166 such as DE, not '%.80s'",
                   name, text);
}

static ko_status read_date(const char *name, const char *text, char out[KO_SHEET_DATE_SIZE],
                           const char **out_field, ko_error *err)
{
    ko_error why = {0};
    if (!text || !text[0])
        return KO_OK;
    *out_field = out;
    const ko_status st = ko_sheet_date(text, out, &why);
    return st == KO_OK ? KO_OK : ko_fail(err, KO_E_USAGE, "%s: %s", name, why.text);
}

static ko_status read_url(const char *text, ko_work_given *out, ko_error *err)
{
    ko_error why = {0};
    if (!text || !text[0])
        return KO_OK;
    const ko_status st = ko_sheet_url("published-url", text, &out->published_url, &why);
    out->fields.published_url = out->published_url;
    if (st == KO_OK)
        return KO_OK;
    return ko_fail(err, st == KO_E_NOMEM ? st : KO_E_USAGE, "%s", why.text);
}

ko_status ko_work_given_read(const ko_work_fields *said, ko_work_given *out_given, ko_error *err)
{
    ko_work_given *g = out_given;
    *g = (ko_work_given){.fields = *said};
    ko_status st = check_texts(said, err);
    if (st == KO_OK)
        st = read_date("completed-on", said->completed_on, g->completed_on, &g->fields.completed_on,
                       err);
    if (st == KO_OK)
        st = read_date("published-on", said->published_on, g->published_on, &g->fields.published_on,
                       err);
    if (st == KO_OK)
        st = check_country("published-in", said->published_in, err);
    if (st == KO_OK)
        st = check_country("registered-in", said->registered_in, err);
    return st == KO_OK ? read_url(said->published_url, g, err) : st;
}

void ko_work_given_free(ko_work_given *given)
{
    ko_free(given->published_url);
    given->published_url = NULL;
}
