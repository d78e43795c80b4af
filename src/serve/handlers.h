/* serve/handlers.h - what answers each route (ko_handler); serve/routes.c says which. */
#ifndef KO_SERVE_HANDLERS_H
#define KO_SERVE_HANDLERS_H

#include "case/decide.h"
#include "serve/desk.h"

/* --- the page itself --- */

/* GET /start?token=: exchanges the token for the session's cookie, and leads to the page. */
ko_handler ko_serve_start;
/* GET / and /assets/{name}: the files of serve/data. */
ko_handler ko_serve_page, ko_serve_asset;
/* GET /api/session: {"version", "languages": [of the words that there are], "news": {...}}. */
ko_handler ko_serve_session;
/* GET /api/events: a stream (text/event-stream) of events "news", the first at once: {"version",
 * "works", "listings", "notices_open", "candidates": {state: number}, "task": as ko_tasks_json
 * has it, not whole}. */
ko_handler ko_serve_events;

/* --- candidates --- */

/* GET /api/candidates?state=&work=&seller=&after=&limit=: {"candidates": [...], "total",
 * "next": the number to go on after, or null}. A page may be shorter than asked for: candidates
 * that were decided while it was read are left out. Or ?ids=3,1,2: those that are in the list, in
 * that order, whatever their state. */
ko_handler ko_serve_candidates;
/* GET /api/inbox?state=&work=&seller=&title=&returned=1: the whole list in short, all states unless
 * one is named: {"total", "works": [[id, serial, title]], "sellers": [[platform, host, seller_id,
 * seller]], "groups": [number of the work, of the seller, how many candidates, and so on], "ids":
 * those of candidates, group by group, "leaders": for each of them the candidate whose picture it
 * shows, 0 for none but its own, "state_names", "states": a digit for each candidate, "returned":
 * another, 1 when it goes on with an earlier case, "candidates": {state: number} of all that there
 * are, "signature": who decides, or ""}. Of more than KO_MAX_SERVE_INBOX candidates there are the
 * first; total counts all. title is some text in those of listings; with returned there are only
 * those that go on with an earlier case. */
ko_handler ko_serve_inbox;
/* GET /api/candidates/{id}/picture?side=listing|work|shape|patch|exhibit&width=. */
ko_handler ko_serve_picture;
/* GET /api/candidates/{id}: why it is one: {"candidate": as in the list but for its group, "work":
 * {"id", "work", "title"}, "view": {"path", "width", "height", "kind", "views": how many the work
 * has}, "photos": those of the listing that were read, in its order, "notices": those that hold the
 * listing, {"notice", "channel", "work", "state", "on"}, "log": what was decided about it, as
 * ko_act_json, and what ko_candidate_told adds}. */
ko_handler ko_serve_why;
/* GET /api/candidates/{id}/lines: points that agree, {"lines": [[x, y in the work, x, y in the
 * photo]], "work", "photo": {"width", "height"} of both as displayed, in which these are pixels,
 * "quad": where in the photo the work lies, "whole": all of it shows the work}. */
ko_handler ko_serve_lines;
/* GET /api/candidates/{id}/sightings: other listings that show the photo, or one that looks like
 * it: {"photos": how many those are, "listings": [{"image", "same": the same bytes, "distance": in
 * bits, and "orientation" of the candidate's photo against it, "listing", "candidates":
 * [{"candidate", "state", "work", "title", "score"}]}], "more": there are more than are listed}. */
ko_handler ko_serve_sightings;
/* POST /api/decisions {"verb", "candidates": [{"candidate", "seen"}], "good_faith", "always",
 * "shop"}: {"act", "changed", "same", "candidates": [{"candidate", "state", "changed"}],
 * "problems": [lines], "doubts"}. seen is what the list had: what is decided about is what was
 * looked at. doubts are the listings of notices that are not filed yet whose candidate is not
 * accepted any more (case/doubt.h), {"listings": how many, "notice": the first}, or null. */
ko_handler ko_serve_decide;
/* POST /api/undo {"act"}: takes back the last act, which must be the one named, if one is:
 * {"undone": its number, "verb", "candidates": how many, "doubts"}. */
ko_handler ko_serve_undo;

/* --- works and pictures --- */

/* GET /api/works/{id}/picture?width=&view=: the first view of the work with this number, or that
 * one of it, and
 * GET /api/photos/{id}/picture?width=: a listing's photo. */
ko_handler ko_serve_work_picture, ko_serve_photo_picture;
/* GET /api/works: {"works": [...], "threshold": of the collection}. Each work as ko_work_json has
 * it with "work": its serial, "open": candidates that wait, "n_views", "robustness": of the best
 * view, "hard": it is poor, "scanned", and "missing": how many things that usual channels ask for
 * are not known of it. */
ko_handler ko_serve_works;
/* GET /api/works/{id}: the same of one without "missing", with what ko_work_files_json adds and
 * "asked": [as ko_work_check_json has it] by the usual channels. */
ko_handler ko_serve_work;
/* POST /api/works?name=&work=: registers the picture that is sent, as a new work or as a view of
 * the one with this number: {"id", "work", "title", "known": these bytes were here already,
 * "plain", "quality", "robustness", "hard"}. */
ko_handler ko_serve_work_add;
/* POST /api/works/{id}: sets those fields of ko_work_fields that are sent; "threshold" null goes
 * back to the collection's. Answers as ko_serve_work. POST /api/works/{id}/remove {}: {}. */
ko_handler ko_serve_work_set, ko_serve_work_remove;
/* POST /api/works/{id}/proof {}: makes the marked picture and a statement to be signed by hand, in
 * place of those that are there: {}. GET /api/works/{id}/proof/picture and .../statement: the file.
 */
ko_handler ko_serve_work_proof_make, ko_serve_work_proof;
/* GET /api/works/{id}/threshold?score= and, of all works without a threshold of their own,
 * GET /api/threshold?score=: {"in_force", "score", "now" and "then": how many undecided candidates
 * each of them shows, "above" and "below": those nearest to score on either side, as
 * ko_candidate_json has them, best first, "known_down_to": under which a new scan is needed; null
 * before the first}. */
ko_handler ko_serve_threshold;
/* POST /api/threshold {"threshold"}: sets the collection's, and says it again. */
ko_handler ko_serve_threshold_set;
/* GET /api/works/{id}/sightings?from=: the listings that show the work, first seen last first, a
 * page of KO_MAX_SERVE_PAGE that begins behind so many: {"total", "states": {state: number},
 * "weeks": [{"week": its Monday, "n": first seen in it}], the first one first, "sightings":
 * [{"candidate", "state", "score", "photo", "listing": as ko_seen_json has it}], "next": where the
 * next page begins, or null}. Open ones count that reach the threshold in force. */
ko_handler ko_serve_work_sightings;

/* --- looking for a picture --- */

/* POST /api/search?name=, a picture: {"image": the name, "preview": as a JPEG of at most
 * KO_SERVE_PREVIEW_PX, in base64, "n_seen": how many photos look like it, and what ko_lookup_json
 * has, of the nearest KO_MAX_SERVE_SEEN of them}. Nothing is kept. */
ko_handler ko_serve_search;
/* POST /api/search/url {"url"}: the same of the picture there, or of a page {"page": the URL,
 * "pictures": [URLs], "left_out": how many more it shows}. The address is asked as a crawl would.
 */
ko_handler ko_serve_search_url;

/* --- listings and scans --- */

/* POST /api/scan {}: {"task": number}. Its result is as ko_searched_json has it. KO_E_BUSY. */
ko_handler ko_serve_scan;
/* GET /api/task: as ko_tasks_json has it, whole. */
ko_handler ko_serve_task;
/* POST /api/task/stop {"task"}: {}. KO_E_NOT_FOUND: it does not run. */
ko_handler ko_serve_task_stop;
/* POST /api/listings?name=&url= (a file of any kind that ingest takes; url: where a single page was
 * saved, or what a picture shows is offered): as ko_ingest_json and ko_past_json have it, and
 * "problems": [lines], "n_problems", "notes": [lines]. */
ko_handler ko_serve_listings;

/* --- watching --- */

/* GET /api/watch: as ko_status_json has it. */
ko_handler ko_serve_watch;
/* GET /api/news: where news go: {"settings": [as ko_notify_setting_json has them], "channels": [as
 * ko_notify_channel_json has them]}. */
ko_handler ko_serve_news;
/* POST /api/news/test {"channel"}: sends a sample there: {"channel", "sent", "reason": what was
 * said}. KO_E_USAGE: it is not set up. */
ko_handler ko_serve_news_test;
/* GET /api/sources: {"sources": [as ko_source_json has them]}. */
ko_handler ko_serve_sources;
/* POST /api/sources/{id} {"paused"}: whether it rests; the source as it is then. */
ko_handler ko_serve_source_pause;

/* --- notices, sellers and what came of them --- */

/* POST /api/fetch {}: {"task": number}: fetches the pictures that are known by their addresses
 * alone. Its result: {"fetched", "gone", "forbidden", "failed", "to_fetch": still to come}. */
ko_handler ko_serve_fetch;
/* GET /api/report?weeks=: as ko_overview_json has it. */
ko_handler ko_serve_report;
/* POST /api/report/estimate {"per_listing": "25 EUR", "rates": "EUR USD=0.92"}: {}. What is not
 * said stays as it is, "" is forgotten. */
ko_handler ko_serve_estimate;
/* GET /api/notices?which=open|closed&before=&limit=: the last of them, numbered below before:
 * {"today", "open", "closed": how many there are, "next": the number to go on before, or null,
 * "notices": [as ko_notice_record has them, with "channel_name" and "duties"]}. */
ko_handler ko_serve_notices;
/* GET /api/notices/{id}: as ko_notice_record_whole has it, with "today", "channel_name",
 * "filed_at": where it is filed, "duties", "may": {state: [those that a listing in it may come to
 * be in]}, "files" of its packet and "answers" to counter-notices: [{"folder", "files"}], the last
 * one first. Files are {"name", "bytes"}. */
ko_handler ko_serve_notice;
/* GET /api/notices/{id}/files/{name}?folder=: a file of its packet, or of one of its answers. */
ko_handler ko_serve_notice_file;
/* POST /api/notices/{id}/events {"state", "on", "ref", "note", "items": [numbers]}: as ko_told_json
 * has it. Without a day today is meant, without items what ko_notice_tell means. */
ko_handler ko_serve_notice_event;
/* POST /api/notices/{id}/undo {"event"}: takes back its last event, which must be the one named, if
 * one is: as ko_told_undo_json has it. */
ko_handler ko_serve_notice_undo;
/* POST /api/notices/{id}/answer {}: prepares the answer to its counter-notices: as ko_answer_json
 * has it, with "problems": [lines]. */
ko_handler ko_serve_notice_answer;
/* GET /api/notices/plan?work=&platform=&again=1: what would be built: {"notices": [as
 * ko_planned_json has them, with "work_id" and "channel_name"], "listings", "left_out": how many
 * candidates, "kinds": [{"why", "words", "fault", "candidates": number, "n_causes", "causes":
 * [{"words", "fact": name or null, "candidates": number, "first": [some numbers], "n_works",
 * "works":
 * [{"id", "work"}], some}], some}], "risks": [{"channel_name", "reason", "listings", "can_hold",
 * "bears_refused", "bears_lost", "success_least_percent", "counter_most_percent"}], "doubts":
 * [{"notice", "candidate"}] that would be taken out of notices, "waiting": notices that wait for
 * their packet, "who": signs, "seen": stands for the notices}. */
ko_handler ko_serve_notice_plan;
/* POST /api/notices/build {"seen", "authority", "work", "platform", "again"}: builds what that plan
 * had: {"task": number}. Its result is {"notices": [as ko_built_json has them], "unsigned": how
 * many lack a signature}. */
ko_handler ko_serve_notice_build;
/* GET /api/due?all=1: {"today", "due": [as ko_duty_json has the first of some that are one thing to
 * do, with "channel_name", "days_left" (null without a day), "notices": [numbers] and
 * "all_listings"], "others": those of others, not asked for}. */
ko_handler ko_serve_due;
/* GET /api/due.ics: as iCalendar. */
ko_handler ko_serve_due_calendar;
/* GET /api/standing: {"on": day, "rates": [as ko_rate_json has them, with "channel_name"]}. */
ko_handler ko_serve_standing;
/* GET /api/sellers?find=&place=&all=1&sort=&after=&limit=: {"sellers": [as ko_seller_json has
 * them], "total", "next": how many to go on after, or null, "others": those without candidates and
 * notices, "untold": listings without seller, "places": [names], "as_of": moment}. */
ko_handler ko_serve_sellers;
/* GET /api/seller?place=&name=: as ko_seller_json has it, with "offers": [as ko_offer_json has
 * them, some] and "n_offers". */
ko_handler ko_serve_seller;

/* --- who the user is, and settings --- */

/* GET and POST /api/profile: as ko_profile_json has it; sets the fields that are sent. */
ko_handler ko_serve_profile, ko_serve_profile_set;
/* GET /api/countries: {"countries": ["AD", ...]}, that fields may hold. */
ko_handler ko_serve_countries;
/* GET /api/settings: {"threshold", "allowed": [as ko_allow_json], "never": [as ko_negative_json]}.
 */
ko_handler ko_serve_settings;
/* POST /api/allowed {"seller", "on"}, where no seller means the shop at that host as a whole, POST
 * /api/allowed/{id}/remove {} and POST /api/never/{id}/remove {}: {"act"}. */
ko_handler ko_serve_allow, ko_serve_allow_remove, ko_serve_negative_remove;

/* --- what is set aside by itself --- */

/* GET /api/quarantine?all=1: {"holds": [as ko_hold_json has them]}; all: also those released. */
ko_handler ko_serve_quarantine;
/* POST /api/quarantine/{id} {"verb": "release" or "block"}: {"hold", "back": how many}. */
ko_handler ko_serve_hold_decide;
/* GET /api/rules: {"rules": [as ko_rule_json has them]}. */
ko_handler ko_serve_rules;
/* GET /api/rules/{id}?after=: {"rule", "asides": [as ko_aside_json has them, some], "next": to go
 * on after, or null}. */
ko_handler ko_serve_rule;
/* POST /api/rules {"work", "price_below": "0.50 USD", "price_above", "score_below": number,
 * "country", "seller", "on", "try"}: {"rule", "is_new": else it was there already, "aside": how
 * many candidates it has set aside now}. try: only {"words", "candidates": how many it would,
 * "first": [some, as ko_candidate_brief_json has them, with "why"]}. */
ko_handler ko_serve_rule_add;
/* POST /api/rules/{id}/remove {} and POST /api/candidates/{id}/unrule {}: {"back": how many}. */
ko_handler ko_serve_rule_remove, ko_serve_rule_undo;

/* --- the clipping helper --- */

/* GET /api/pairings: as ko_pairings_json has it. */
ko_handler ko_serve_pairings;
/* POST /api/pairings {"name"}: {"pairing", "code": for the helper, told this once}. */
ko_handler ko_serve_pair;
/* POST /api/pairings/{id}/revoke {}: {}. */
ko_handler ko_serve_unpair;
/* What follows is for the helper alone. GET /api/clip: {"name": of the pairing, "version"}. */
ko_handler ko_serve_clip_hello;
/* POST /api/clip?as=listing, a body of lines: the address of a page; those of the pictures that it
 * shows, at most KO_MAX_CLIP_ADDRESSES; an empty one; the document, in UTF-8. as: what nothing
 * calls a listing is one all the same. {"blocked": by what or null, "note": why it is no listing,
 * or null, "listings": [{"listing": id, "url", "title", "seller", "price", "currency",
 * "wanted": [{"n", "url", "shown": its address on the page or null, "here"}]}], "left_out":
 * pictures beyond KO_MAX_CLIP_PICTURES}. */
ko_handler ko_serve_clip;
/* POST /api/clip/{listing}/picture?n=&as=screen: its bytes, or nothing of one that is here. as: it
 * was cut out of what the screen showed. {"works": as ko_lookup_json, and "odds", "plain", "kept",
 * "seen": photos like it}. */
ko_handler ko_serve_clip_picture;
/* POST /api/clip/end {}: {"scan": whether one began; else something else is under way}. */
ko_handler ko_serve_clip_end;
/* GET /api/clip/{listing}: {"candidates": [{"candidate", "work", "title", "state"}]}. */
ko_handler ko_serve_clip_candidates;

/* --- what handlers share --- */

/* Starts the scan as a task. KO_E_BUSY: another task is under way. */
KO_NODISCARD ko_status ko_serve_scan_start(ko_desk *desk, int64_t *out_task, ko_error *err);
/* Reads "threshold" of what was sent; *out_score keeps its value when it is not said, and must be a
 * score then, too. */
KO_NODISCARD ko_status ko_serve_read_score(const json_t *sent, double *out_score, ko_error *err);
/* The states that ?state= names, as bits; otherwise when it is not there. KO_E_USAGE. */
KO_NODISCARD ko_status ko_serve_read_states(const ko_target *target, const char *otherwise,
                                            unsigned *out_states, ko_error *err);
/* {state: number}, new; NULL when there is no memory. */
json_t *ko_serve_states_json(const size_t n_in[KO_CANDIDATE_STATES]);
/* Waits until few enough others make pictures. Who waits has no store lent, which they may need. */
void ko_serve_begin_drawing(ko_desk *desk);
void ko_serve_end_drawing(ko_desk *desk);
/* What events tell, new; NULL when there is no memory. */
json_t *ko_serve_news_json(ko_desk *desk, const ko_live_counts *counts);
/* The evidence of a candidate as the page hands it back, word for word. */
#define KO_SERVE_SEEN_SIZE 64
void ko_serve_write_seen(const ko_chosen *chosen, char out_seen[KO_SERVE_SEEN_SIZE]);
/* Sets all but the id; false when the text is none. */
bool ko_serve_read_seen(const char *seen, ko_chosen *out_chosen);
/* A candidate as the page knows it, new; NULL when there is no memory. */
json_t *ko_serve_candidate_json(const ko_candidate *candidate);
/* Answers with what is seen in a picture in memory, as ko_serve_search does. */
KO_NODISCARD ko_status ko_serve_look(ko_desk *desk, const char *name, const void *bytes,
                                     size_t size, ko_serve_answer *answer, ko_error *err);

#endif
