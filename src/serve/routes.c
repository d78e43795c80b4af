#include "serve/handlers.h"

#include "base/limits.h"

/* What the user's browser reads, changes by a text, and changes by a file. */
#define READ(path, handler) {KO_HTTP_GET, path, KO_ASKER_SESSION, 0, handler, KO_SENT_JSON}
#define CHANGE(path, handler)                                                                      \
    {KO_HTTP_POST, path, KO_ASKER_SESSION, KO_MAX_SERVE_JSON, handler, KO_SENT_JSON}

const ko_serve_route ko_serve_routes[] = {
    {KO_HTTP_GET, "/start", KO_ASKER_STRANGER | KO_ASKER_SESSION, 0, ko_serve_start, KO_SENT_JSON},
    READ("/", ko_serve_page),
    READ("/assets/{name}", ko_serve_asset),
    READ("/api/session", ko_serve_session),
    READ("/api/events", ko_serve_events),

    READ("/api/candidates", ko_serve_candidates),
    READ("/api/candidates/{id}/picture", ko_serve_picture),
    CHANGE("/api/decisions", ko_serve_decide),
    CHANGE("/api/undo", ko_serve_undo),
    {0},
};
