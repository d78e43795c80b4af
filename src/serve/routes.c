#include "serve/handlers.h"

#include "base/limits.h"

const ko_serve_route ko_serve_routes[] = {
    {KO_HTTP_GET, "/start", KO_ASKER_STRANGER | KO_ASKER_SESSION, 0, ko_serve_start},
    {KO_HTTP_GET, "/", KO_ASKER_SESSION, 0, ko_serve_page},
    {KO_HTTP_GET, "/assets/{name}", KO_ASKER_SESSION, 0, ko_serve_asset},
    {KO_HTTP_GET, "/api/session", KO_ASKER_SESSION, 0, ko_serve_session},
    {KO_HTTP_GET, "/api/events", KO_ASKER_SESSION, 0, ko_serve_events},
    {KO_HTTP_GET, "/api/candidates", KO_ASKER_SESSION, 0, ko_serve_candidates},
    {KO_HTTP_GET, "/api/candidates/{id}/picture", KO_ASKER_SESSION, 0, ko_serve_picture},
    {KO_HTTP_POST, "/api/decisions", KO_ASKER_SESSION, KO_MAX_SERVE_JSON, ko_serve_decide},
    {KO_HTTP_POST, "/api/undo", KO_ASKER_SESSION, KO_MAX_SERVE_JSON, ko_serve_undo},
    {0},
};
