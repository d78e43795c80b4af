#include "serve/handlers.h"

#include "base/limits.h"

/* What the page reads, changes by a text, and changes by a file; and what its browser shows, for
 * which no page can send a header. */
/* clang-format off */
#define READ(path, handler) \
    {KO_HTTP_GET, KO_SENT_JSON, path, KO_ASKER_PAGE, 0, handler}
#define CHANGE(path, handler) \
    {KO_HTTP_POST, KO_SENT_JSON, path, KO_ASKER_PAGE, KO_MAX_SERVE_JSON, handler}
#define TAKE(path, handler) \
    {KO_HTTP_POST, KO_SENT_BYTES, path, KO_ASKER_PAGE, KO_MAX_SERVE_FILE, handler}
#define SHOW(path, handler) \
    {KO_HTTP_GET, KO_SENT_JSON, path, KO_ASKER_SESSION | KO_ASKER_PAGE, 0, handler}
/* clang-format on */

const ko_serve_route ko_serve_routes[] = {
    {KO_HTTP_GET, KO_SENT_JSON, "/start?token", KO_ASKER_STRANGER, 0, ko_serve_start},
    SHOW("/", ko_serve_page),
    SHOW("/assets/{name}", ko_serve_asset),
    READ("/api/session", ko_serve_session),
    SHOW("/api/events", ko_serve_events),

    READ("/api/inbox?state&work&seller&title&returned", ko_serve_inbox),
    READ("/api/candidates?state&work&seller&after&limit&ids", ko_serve_candidates),
    READ("/api/candidates/{id}", ko_serve_why),
    READ("/api/candidates/{id}/lines", ko_serve_lines),
    READ("/api/candidates/{id}/sightings", ko_serve_sightings),
    SHOW("/api/candidates/{id}/picture?side&width", ko_serve_picture),
    CHANGE("/api/decisions", ko_serve_decide),
    CHANGE("/api/undo", ko_serve_undo),

    SHOW("/api/works/{id}/picture?width&view", ko_serve_work_picture),
    READ("/api/works", ko_serve_works),
    READ("/api/works/{id}", ko_serve_work),
    TAKE("/api/works?name&work", ko_serve_work_add),
    CHANGE("/api/works/{id}", ko_serve_work_set),
    CHANGE("/api/works/{id}/remove", ko_serve_work_remove),
    CHANGE("/api/works/{id}/proof", ko_serve_work_proof_make),
    READ("/api/works/{id}/proof/{name}", ko_serve_work_proof),
    READ("/api/works/{id}/threshold?score", ko_serve_threshold),
    READ("/api/works/{id}/sightings?from", ko_serve_work_sightings),
    SHOW("/api/photos/{id}/picture?width", ko_serve_photo_picture),
    READ("/api/threshold?score", ko_serve_threshold),
    CHANGE("/api/threshold", ko_serve_threshold_set),

    TAKE("/api/search?name", ko_serve_search),
    CHANGE("/api/search/url", ko_serve_search_url),

    CHANGE("/api/scan", ko_serve_scan),
    READ("/api/task", ko_serve_task),
    CHANGE("/api/task/stop", ko_serve_task_stop),
    TAKE("/api/listings?name&url", ko_serve_listings),
    CHANGE("/api/fetch", ko_serve_fetch),

    READ("/api/watch", ko_serve_watch),
    READ("/api/news", ko_serve_news),
    CHANGE("/api/news/test", ko_serve_news_test),
    READ("/api/sources", ko_serve_sources),
    CHANGE("/api/sources/{id}", ko_serve_source_pause),

    READ("/api/notices?which&before&limit", ko_serve_notices),
    READ("/api/notices/plan?work&platform&again", ko_serve_notice_plan),
    CHANGE("/api/notices/build", ko_serve_notice_build),
    READ("/api/notices/{id}", ko_serve_notice),
    READ("/api/notices/{id}/files/{name}?folder", ko_serve_notice_file),
    CHANGE("/api/notices/{id}/events", ko_serve_notice_event),
    CHANGE("/api/notices/{id}/undo", ko_serve_notice_undo),
    CHANGE("/api/notices/{id}/answer", ko_serve_notice_answer),
    READ("/api/due?all", ko_serve_due),
    READ("/api/due.ics", ko_serve_due_calendar),
    READ("/api/standing", ko_serve_standing),
    READ("/api/sellers?find&place&all&sort&after&limit", ko_serve_sellers),
    READ("/api/seller?place&name", ko_serve_seller),
    READ("/api/report?weeks", ko_serve_report),
    CHANGE("/api/report/estimate", ko_serve_estimate),

    READ("/api/profile", ko_serve_profile),
    CHANGE("/api/profile", ko_serve_profile_set),
    READ("/api/countries", ko_serve_countries),
    READ("/api/settings", ko_serve_settings),
    CHANGE("/api/allowed", ko_serve_allow),
    CHANGE("/api/allowed/{id}/remove", ko_serve_allow_remove),
    CHANGE("/api/never/{id}/remove", ko_serve_negative_remove),

    READ("/api/quarantine?all", ko_serve_quarantine),
    CHANGE("/api/quarantine/{id}", ko_serve_hold_decide),
    READ("/api/rules", ko_serve_rules),
    READ("/api/rules/{id}?after", ko_serve_rule),
    CHANGE("/api/rules", ko_serve_rule_add),
    CHANGE("/api/rules/{id}/remove", ko_serve_rule_remove),
    CHANGE("/api/candidates/{id}/unrule", ko_serve_rule_undo),

    READ("/api/pairings", ko_serve_pairings),
    CHANGE("/api/pairings", ko_serve_pair),
    CHANGE("/api/pairings/{id}/revoke", ko_serve_unpair),
    {KO_HTTP_GET, KO_SENT_JSON, "/api/clip", KO_ASKER_HELPER, 0, ko_serve_clip_hello},
    {KO_HTTP_POST, KO_SENT_BYTES, "/api/clip?as", KO_ASKER_HELPER, KO_MAX_CLIP_BODY, ko_serve_clip},
    {KO_HTTP_GET, KO_SENT_JSON, "/api/clip/{id}", KO_ASKER_HELPER, 0, ko_serve_clip_candidates},
    {KO_HTTP_POST, KO_SENT_BYTES, "/api/clip/{id}/picture?n&as", KO_ASKER_HELPER,
     KO_MAX_WEB_PICTURE_BYTES, ko_serve_clip_picture},
    {KO_HTTP_POST, KO_SENT_JSON, "/api/clip/end", KO_ASKER_HELPER, 2, ko_serve_clip_end},
    {0},
};
