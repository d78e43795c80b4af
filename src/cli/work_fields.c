#include "cli/work_fields.h"

#include "base/limits.h"
#include "report/digest.h"
#include "store/paper.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

ko_status ko_work_options_read(const ko_work_options *o, ko_work_given *out_given, ko_error *err)
{
    const ko_work_fields said = {.title = o->title,
                                 .registration = o->registration,
                                 .registered_in = o->registered_in,
                                 .holder = o->holder,
                                 .author = o->author,
                                 .kind = o->kind,
                                 .description = o->description,
                                 .completed_on = o->completed_on,
                                 .published_on = o->published_on,
                                 .published_in = o->published_in,
                                 .published_url = o->published_url,
                                 .threshold = o->threshold.given ? &o->threshold.value : NULL};
    ko_error why = {0};
    const ko_status st = ko_work_given_read(&said, out_given, &why);
    return st == KO_OK ? KO_OK : ko_fail(err, st, "--%s", why.text);
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
