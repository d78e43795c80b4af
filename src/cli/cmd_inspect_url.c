#include "cli/cmd_inspect_url.h"

#include "base/limits.h"
#include "crawl/visit.h"

typedef struct showing {
    const ko_inspect *how;
    const ko_inspect_url *what;
    ko_error *err;
} showing;

static ko_status on_answer(void *context, const ko_net_answer *answer)
{
    const showing *s = context;
    const ko_page_source source = {.bytes = answer->reply.body,
                                   .size = answer->reply.size,
                                   .url = answer->reply.final_url,
                                   .content_type = answer->reply.content_type,
                                   .status = answer->reply.status,
                                   .insist = s->what->insist};
    return ko_inspect_page(s->how, s->what->url, &source, s->err);
}

ko_status ko_inspect_url_show(const ko_inspect *how, ko_online *online, const ko_inspect_url *what,
                              ko_error *err)
{
    showing s = {.how = how, .what = what, .err = err};
    return ko_visit_fetch(online->net, what->url, KO_MAX_PAGE_BYTES, on_answer, &s, err);
}
