#include "cli/work_fields.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "report/digest.h"
#include "store/paper.h"
#include "store/profile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static ko_status read_date(const char *label, const char *text, char out[KO_SHEET_DATE_SIZE],
                           const char **out_field, ko_error *err)
{
    ko_error why = {0};
    *out_field = text;
    if (!text || !text[0])
        return KO_OK;
    const ko_status st = ko_sheet_date(text, out, &why);
    *out_field = out;
    return st == KO_OK ? KO_OK : ko_fail(err, KO_E_USAGE, "--%s: %s", label, why.text);
}

static ko_status read_country(const char *label, const char *text, ko_error *err)
{
    if (!text || !text[0] || ko_profile_is_country(text))
        return KO_OK;
    return ko_fail(err, KO_E_USAGE, "--%s takes two letters of ISO 3166 such as DE, not '%.80s'",
                   label, text);
}

static ko_status read_url(const ko_work_options *o, ko_work_given *out, ko_error *err)
{
    ko_error why = {0};
    out->fields.published_url = o->published_url;
    if (!o->published_url || !o->published_url[0])
        return KO_OK;
    const ko_status st =
        ko_sheet_url("--published-url", o->published_url, &out->published_url, &why);
    out->fields.published_url = out->published_url;
    if (st == KO_OK)
        return KO_OK;
    return ko_fail(err, st == KO_E_NOMEM ? st : KO_E_USAGE, "%s", why.text);
}

ko_status ko_work_given_read(const ko_work_options *o, ko_work_given *out_given, ko_error *err)
{
    *out_given = (ko_work_given){.fields = {.title = o->title,
                                            .registration = o->registration,
                                            .registered_in = o->registered_in,
                                            .holder = o->holder,
                                            .author = o->author,
                                            .kind = o->kind,
                                            .description = o->description,
                                            .published_in = o->published_in}};
    ko_work_fields *fields = &out_given->fields;
    fields->threshold = o->threshold.given ? &o->threshold.value : NULL;
    ko_status st = read_date("completed-on", o->completed_on, out_given->completed_on,
                             &fields->completed_on, err);
    if (st == KO_OK)
        st = read_date("published-on", o->published_on, out_given->published_on,
                       &fields->published_on, err);
    if (st == KO_OK)
        st = read_country("published-in", o->published_in, err);
    if (st == KO_OK)
        st = read_country("registered-in", o->registered_in, err);
    return st == KO_OK ? read_url(o, out_given, err) : st;
}

void ko_work_given_free(ko_work_given *given)
{
    ko_free(given->published_url);
    given->published_url = NULL;
}

/* --- papers --- */

static ko_status add_paper(ko_store *store, int64_t work_id, ko_paper_role role, const char *path,
                           ko_error *err)
{
    ko_paper paper = {.role = role};
    char *resolved = realpath(path, NULL);
    if (!resolved)
        return ko_fail(err, errno == ENOENT ? KO_E_NOT_FOUND : KO_E_IO, "%s: %s", path,
                       strerror(errno));
    paper.path = resolved;
    ko_status st = ko_file_digest(path, KO_MAX_PAPER_BYTES, paper.sha256, &paper.bytes, err);
    if (st == KO_OK)
        st = ko_paper_add(store, work_id, &paper, err);
    free(resolved); /* realpath's memory, not ours */
    return st;
}

ko_status ko_work_papers_add(ko_store *store, int64_t work_id, const ko_work_options *o,
                             ko_error *err)
{
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < o->certificates.count; i++)
        st = add_paper(store, work_id, KO_PAPER_CERTIFICATE, o->certificates.word[i], err);
    for (size_t i = 0; st == KO_OK && i < o->evidence.count; i++)
        st = add_paper(store, work_id, KO_PAPER_EVIDENCE, o->evidence.word[i], err);
    return st;
}
