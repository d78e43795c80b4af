/* crawl/recheck_judge.h - what an answer says of the listing that was asked for; for this folder
 * alone. */
#ifndef KO_CRAWL_RECHECK_JUDGE_H
#define KO_CRAWL_RECHECK_JUDGE_H

#include "net/net.h"
#include "page/page.h"
#include "store/look.h"

#define KO_FINDING_REASON_SIZE 400

typedef struct ko_finding {
    ko_look_outcome outcome; /* NONE: it was not asked for, and is to be asked for later */
    char reason[KO_FINDING_REASON_SIZE];
    bool by_status;       /* gone, by its HTTP status alone: so may be everything there */
    ko_page_offer *offer; /* alive: of the page, that is this listing. Moved: what is there now;
                             only its pictures tell whether it is this listing */
    bool moved;           /* gone, unless the offer shows the same pictures */
} ko_finding;

/* key and url are the listing's. page is what the answer was read as; NULL when it could not be,
 * for the reason in why. */
void ko_finding_judge(const char *key, const ko_net_answer *answer, ko_page *page, const char *why,
                      ko_finding *out_finding);

#endif
