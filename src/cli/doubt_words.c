#include "cli/doubt_words.h"

#include "case/doubt.h"
#include "cli/cli.h"

ko_status ko_say_doubts(ko_store *store, ko_error *err)
{
    ko_doubts others;
    const ko_status st = ko_doubts_find(store, 0, 1U << KO_NOTICE_BUILT, &others, err);
    if (st == KO_OK && others.n)
        ko_say("%zu listing%s of notices that are not filed %s not accepted any more, notice %lld "
               "first: knockoff notice build takes %s out",
               others.n, ko_plural(others.n), others.n == 1 ? "is" : "are",
               (long long)others.doubts[0].notice_id, others.n == 1 ? "it" : "them");
    ko_doubts_free(&others);
    return st;
}
