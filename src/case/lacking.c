#include "case/lacking.h"

#include "base/limits.h"
#include "case/subject.h"
#include "notice/letter.h"

#include <assert.h>
#include <string.h>

static void note(void *context, const char *fact)
{
    ko_lacking *lacking = context;
    for (size_t i = 0; i < lacking->n; i++)
        if (strcmp(lacking->facts[i], fact) == 0)
            return;
    assert(lacking->n < KO_FACTS);
    lacking->facts[lacking->n++] = fact;
}

/* All that is said when a notice is built is there. */
static const ko_notice_listing listing = {.url = "-", .item = "-", .title = "-", .seller = "-"};

static ko_facts facts_of(const ko_work *work, const ko_user *user)
{
    return (ko_facts){.profile = ko_subject_profile(user),
                      .work = ko_subject_work(work, user),
                      .affirmed = {.good_faith = "-", .authority = "-"},
                      .recipient = "-",
                      .reason = "-",
                      .date = "-",
                      .listings = &listing,
                      .n_listings = 1};
}

ko_status ko_lacking_find(const ko_kit *kit, const ko_channel *channel, const ko_work *work,
                          const ko_user *user, ko_lacking *out_lacking, ko_error *err)
{
    const ko_facts facts = facts_of(work, user);
    ko_buf letter = KO_BUF(KO_MAX_NOTICE_DATA_BYTES);
    *out_lacking = (ko_lacking){0};
    for (size_t i = 0; i < channel->n_facts; i++) {
        const char *name = channel->facts[i];
        const size_t n = strlen(name);
        if (!ko_fact_text(&facts, &listing, name, n)[0])
            note(out_lacking, ko_fact_name(name, n));
    }
    ko_status st = ko_kit_letter(kit, channel->letter, &letter, err);
    if (st != KO_OK)
        return st;
    st = ko_letter_missing(letter.data ? letter.data : "", &facts, note, out_lacking, err);
    if (st != KO_OK) { /* the program's own are right */
        ko_error_prefix(err, channel->letter);
        ko_error_prefix(err, kit->folder);
    }
    ko_buf_free(&letter);
    return st;
}
