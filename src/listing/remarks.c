#include "listing/remarks.h"

#include <assert.h>
#include <string.h>

static const char *const names[KO_REMARK_KINDS] = {
    [KO_REMARK_WORK] = "work",
    [KO_REMARK_OWN_URL] = "own url",
    [KO_REMARK_PUBLISHED] = "first published",
    [KO_REMARK_NUMBER] = "registration no.",
    [KO_REMARK_PLATFORM] = "platform",
    [KO_REMARK_ITEM] = "listing id",
    [KO_REMARK_PRODUCT] = "product type",
    [KO_REMARK_STORE] = "store no.",
    [KO_REMARK_CODE] = "second code",
    [KO_REMARK_LICENCE] = "licence name",
    [KO_REMARK_FOUND_ON] = "date found",
    [KO_REMARK_FOUND_HOW] = "how found",
    [KO_REMARK_SOLD] = "sold count",
    [KO_REMARK_REVIEWS] = "reviews",
    [KO_REMARK_MATCH] = "match kind",
    [KO_REMARK_REPORTED_ON] = "date reported",
    [KO_REMARK_NOTICE] = "notice no.",
    [KO_REMARK_REASON] = "reason text",
    [KO_REMARK_STATUS] = "status",
    [KO_REMARK_COUNTERED_ON] = "counter-notice date",
    [KO_REMARK_DEADLINE] = "deadline",
    [KO_REMARK_ANSWER] = "answer",
    [KO_REMARK_REMOVED_ON] = "date removed",
    [KO_REMARK_RECHECKED] = "rechecked",
    [KO_REMARK_REAPPEARED] = "reappeared as",
    [KO_REMARK_POINTS] = "points estimate",
    [KO_REMARK_HOURS] = "hours",
    [KO_REMARK_LOSS] = "est. loss",
    [KO_REMARK_NOTES] = "notes",
};

const char *ko_remark_name(ko_remark_kind kind)
{
    assert(kind < KO_REMARK_KINDS);
    return names[kind];
}

ko_remark_kind ko_remark_find(const char *name)
{
    ko_remark_kind kind = KO_REMARK_WORK;
    while (kind < KO_REMARK_KINDS && strcmp(names[kind], name) != 0)
        kind++;
    return kind;
}
