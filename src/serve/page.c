/* How the page is entered, and what it is made of. */
#include "serve/asset.h"
#include "serve/handlers.h"

ko_status ko_serve_start(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                         ko_error *err)
{
    (void)err;
    const char *token = ko_target_query(request->target, "token");
    if (request->method != KO_HTTP_GET || !token ||
        !ko_gate_enter(&desk->gate, token, answer->cookie, answer->location)) {
        ko_serve_answer_refuse(
            answer, 401,
            "this address is not, or no longer, good: open the one that knockoff "
            "serve printed");
        return KO_OK;
    }
    answer->status = 303;
    return KO_OK;
}

ko_status ko_serve_page(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                        ko_error *err)
{
    (void)desk;
    return ko_asset_answer("index.html", request->if_none_match, answer, err);
}

ko_status ko_serve_asset(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                         ko_error *err)
{
    (void)desk;
    return ko_asset_answer(request->name, request->if_none_match, answer, err);
}
