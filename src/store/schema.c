/* A migration is never edited once a release has carried it: the next one is added. The
 * number of migrations done stands in the file's user_version, whose file it is in its
 * application_id. Only AUTOINCREMENT keeps a removed number from being given again. */
#include "store/schema.h"

#include "store/settle_kept.h"

#include <assert.h>
#include <stdio.h>

#define APPLICATION_ID 0x4B6E6F66 /* "Knof" */
#define RETRY_MS 5

static const char *const migrations[] = {
    /* 1 */
    "CREATE TABLE setting ("
    "  key TEXT PRIMARY KEY,"
    "  value ANY NOT NULL"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE work ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT," /* the number in the serial */
    "  title TEXT NOT NULL,"
    "  registration TEXT NOT NULL,"
    "  holder TEXT NOT NULL,"
    "  published_on TEXT NOT NULL,"
    "  published_url TEXT NOT NULL,"
    "  threshold REAL," /* NULL: the collection's */
    "  added_at INTEGER NOT NULL,"
    "  compared_to INTEGER NOT NULL DEFAULT 0," /* a photo's number; 0: none yet */
    "  compared_score REAL NOT NULL DEFAULT 0"
    ") STRICT;"

    "CREATE TABLE view ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  work_id INTEGER NOT NULL REFERENCES work ON DELETE CASCADE,"
    "  path TEXT NOT NULL,"
    "  sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),"
    "  bytes INTEGER NOT NULL,"
    "  width INTEGER NOT NULL,"
    "  height INTEGER NOT NULL,"
    "  kind TEXT NOT NULL,"
    "  has_alpha INTEGER NOT NULL CHECK (has_alpha IN (0, 1)),"
    "  quality INTEGER NOT NULL,"
    "  added_at INTEGER NOT NULL,"
    "  n_variants INTEGER NOT NULL,"
    /* Last, so that reading the rest of a row leaves its overflow pages alone. */
    "  variants BLOB NOT NULL CHECK (length(variants) = 36 * n_variants)"
    ") STRICT;"
    "CREATE INDEX view_work ON view (work_id);"

    "CREATE TABLE listing ("
    "  id INTEGER PRIMARY KEY,"
    "  key TEXT NOT NULL UNIQUE," /* the URL, else the path of the first photo */
    "  url TEXT NOT NULL,"
    "  title TEXT NOT NULL,"
    "  seller TEXT NOT NULL,"
    "  price TEXT NOT NULL,"
    "  currency TEXT NOT NULL,"
    "  source TEXT NOT NULL,"
    "  first_seen INTEGER NOT NULL,"
    "  last_seen INTEGER NOT NULL"
    ") STRICT;"

    "CREATE TABLE photo ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  path TEXT NOT NULL,"
    "  bytes INTEGER NOT NULL,"
    "  modified_at INTEGER NOT NULL,"
    "  state INTEGER NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2)),"
    "  reason TEXT NOT NULL DEFAULT '',"
    "  sha256 BLOB CHECK (length(sha256) = 32)," /* NULL until the photo is read */
    "  width INTEGER NOT NULL DEFAULT 0,"
    "  height INTEGER NOT NULL DEFAULT 0,"
    "  quality INTEGER NOT NULL DEFAULT 0,"
    "  fp BLOB CHECK (length(fp) = 32)," /* NULL until the photo is read */
    "  seen_at INTEGER NOT NULL,"
    "  UNIQUE (path, bytes, modified_at)"
    ") STRICT;"
    /* Counts the photos of each state, and finds the first new one. */
    "CREATE INDEX photo_state ON photo (state);"

    "CREATE TABLE listing_photo ("
    "  listing_id INTEGER NOT NULL REFERENCES listing ON DELETE CASCADE,"
    "  photo_id INTEGER NOT NULL REFERENCES photo ON DELETE CASCADE,"
    "  position INTEGER NOT NULL," /* in the gallery, from 0 */
    "  PRIMARY KEY (listing_id, photo_id)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX listing_photo_photo ON listing_photo (photo_id);"

    "CREATE TABLE evidence (" /* a ko_match; MATCH is a word of SQL */
    "  work_id INTEGER NOT NULL REFERENCES work ON DELETE CASCADE,"
    "  photo_id INTEGER NOT NULL REFERENCES photo ON DELETE CASCADE,"
    "  view_id INTEGER NOT NULL REFERENCES view ON DELETE CASCADE,"
    "  method TEXT NOT NULL,"
    "  score REAL NOT NULL,"
    "  distance INTEGER NOT NULL,"
    "  orientation INTEGER NOT NULL,"
    "  ground INTEGER," /* NULL: the work is opaque */
    "  cropped INTEGER NOT NULL CHECK (cropped IN (0, 1)),"
    "  n_fingerprints INTEGER NOT NULL,"
    "  found_at INTEGER NOT NULL,"
    "  PRIMARY KEY (work_id, photo_id)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX evidence_view ON evidence (view_id);" /* for the cascade */

    "CREATE TABLE candidate ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  work_id INTEGER NOT NULL REFERENCES work ON DELETE CASCADE,"
    "  listing_id INTEGER NOT NULL REFERENCES listing ON DELETE CASCADE,"
    "  decision INTEGER NOT NULL DEFAULT 0,"
    "  found_at INTEGER NOT NULL,"
    "  UNIQUE (work_id, listing_id)"
    ") STRICT;",

    /* 2: works are found inside pictures, so all pictures are to be looked at again */
    "CREATE TABLE view_part (" /* a packed ko_part_view; without a row it is made again */
    "  view_id INTEGER PRIMARY KEY REFERENCES view ON DELETE CASCADE,"
    "  robustness INTEGER NOT NULL,"
    "  packed BLOB NOT NULL"
    ") STRICT;"

    "CREATE TABLE evidence_2 ("
    "  work_id INTEGER NOT NULL REFERENCES work ON DELETE CASCADE,"
    "  photo_id INTEGER NOT NULL REFERENCES photo ON DELETE CASCADE,"
    "  view_id INTEGER NOT NULL REFERENCES view ON DELETE CASCADE,"
    "  method TEXT NOT NULL CHECK (method IN ('whole', 'part')),"
    "  score REAL NOT NULL,"
    /* found as a whole, else NULL */
    "  distance INTEGER,"
    "  orientation INTEGER,"
    "  ground INTEGER," /* NULL also when the work is opaque */
    "  cropped INTEGER CHECK (cropped IN (0, 1)),"
    /* found as a part, else NULL: the work's corners in pixels of the photo */
    "  x1 REAL, y1 REAL, x2 REAL, y2 REAL, x3 REAL, y3 REAL, x4 REAL, y4 REAL,"
    "  mirrored INTEGER CHECK (mirrored IN (0, 1)),"
    "  inverted INTEGER CHECK (inverted IN (0, 1)),"
    "  turn REAL,"
    "  share REAL,"
    "  inliers INTEGER,"
    /* of the collection then; works were not counted before */
    "  n_fingerprints INTEGER NOT NULL,"
    "  n_works INTEGER NOT NULL DEFAULT 0,"
    "  found_at INTEGER NOT NULL,"
    "  PRIMARY KEY (work_id, photo_id),"
    "  CHECK ((method = 'whole' AND distance IS NOT NULL) OR (method = 'part' AND x1 IS NOT NULL))"
    ") STRICT, WITHOUT ROWID;"
    "INSERT INTO evidence_2 (work_id, photo_id, view_id, method, score, distance, orientation,"
    " ground, cropped, n_fingerprints, found_at) SELECT work_id, photo_id, view_id, method, score,"
    " distance, orientation, ground, cropped, n_fingerprints, found_at FROM evidence;"
    "DROP TABLE evidence;"
    "ALTER TABLE evidence_2 RENAME TO evidence;"
    "CREATE INDEX evidence_view ON evidence (view_id);"
    "UPDATE work SET compared_to = 0;",

    /* 3: listings come from the web, too */
    "ALTER TABLE listing ADD COLUMN platform TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE listing ADD COLUMN item_id TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE listing ADD COLUMN seller_id TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE listing ADD COLUMN seller_url TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE listing ADD COLUMN price_max TEXT NOT NULL DEFAULT '';"
    /* what the price means; NULL when that is not known */
    "ALTER TABLE listing ADD COLUMN price_minor INTEGER;"
    "ALTER TABLE listing ADD COLUMN price_max_minor INTEGER;"
    "ALTER TABLE listing ADD COLUMN minor_digits INTEGER;"
    "ALTER TABLE listing ADD COLUMN ask INTEGER CHECK (ask IN (0, 1));"

    "CREATE TABLE photo_3 (" /* photo, and with it ranges of archives */
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  path TEXT NOT NULL,"
    "  offset INTEGER NOT NULL DEFAULT 0,"
    "  bytes INTEGER NOT NULL,"
    "  modified_at INTEGER NOT NULL,"
    "  archived INTEGER NOT NULL DEFAULT 0 CHECK (archived IN (0, 1)),"
    "  state INTEGER NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2)),"
    "  reason TEXT NOT NULL DEFAULT '',"
    "  sha256 BLOB CHECK (length(sha256) = 32)," /* NULL until it is read or archived */
    "  width INTEGER NOT NULL DEFAULT 0,"
    "  height INTEGER NOT NULL DEFAULT 0,"
    "  quality INTEGER NOT NULL DEFAULT 0,"
    "  fp BLOB CHECK (length(fp) = 32)," /* NULL until it is read */
    "  seen_at INTEGER NOT NULL,"
    "  UNIQUE (path, offset, bytes, modified_at),"
    "  CHECK (NOT archived OR sha256 IS NOT NULL)"
    ") STRICT;"
    "INSERT INTO photo_3 (id, path, bytes, modified_at, state, reason, sha256, width, height,"
    " quality, fp, seen_at) SELECT id, path, bytes, modified_at, state, reason, sha256, width,"
    " height, quality, fp, seen_at FROM photo;"
    "DROP TABLE photo;"
    "ALTER TABLE photo_3 RENAME TO photo;"
    "CREATE INDEX photo_state ON photo (state);"
    "CREATE INDEX photo_sha256 ON photo (sha256) WHERE sha256 IS NOT NULL;"

    "CREATE TABLE source ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  name TEXT NOT NULL UNIQUE,"
    "  url TEXT NOT NULL UNIQUE,"
    "  kind TEXT NOT NULL,"
    "  every_s INTEGER NOT NULL,"
    "  paused INTEGER NOT NULL CHECK (paused IN (0, 1)),"
    "  added_at INTEGER NOT NULL,"
    "  last_run INTEGER NOT NULL DEFAULT 0,"
    "  last_result TEXT NOT NULL DEFAULT '',"
    "  running INTEGER NOT NULL DEFAULT 0 CHECK (running IN (0, 1)),"
    "  listings INTEGER NOT NULL DEFAULT 0"
    ") STRICT;"

    "CREATE TABLE request ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  source_id INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,"
    "  url TEXT NOT NULL,"
    "  role INTEGER NOT NULL CHECK (role IN (0, 1)),"
    "  state INTEGER NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2, 3)),"
    "  reason TEXT NOT NULL DEFAULT '',"
    "  tries INTEGER NOT NULL DEFAULT 0,"
    "  not_before INTEGER NOT NULL DEFAULT 0,"
    "  etag TEXT NOT NULL DEFAULT '',"
    "  last_modified TEXT NOT NULL DEFAULT '',"
    "  fetched_at INTEGER NOT NULL DEFAULT 0,"
    "  UNIQUE (source_id, url)"
    ") STRICT;"
    "CREATE INDEX request_open ON request (source_id, state, role, id);"

    "CREATE TABLE web_picture ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  url TEXT NOT NULL UNIQUE," /* canonical */
    "  state INTEGER NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2)),"
    "  reason TEXT NOT NULL DEFAULT '',"
    "  tries INTEGER NOT NULL DEFAULT 0,"
    "  not_before INTEGER NOT NULL DEFAULT 0,"
    "  photo_id INTEGER REFERENCES photo," /* NULL until it is here */
    "  CHECK ((state = 1) = (photo_id IS NOT NULL))"
    ") STRICT;"
    "CREATE INDEX web_picture_state ON web_picture (state);"
    "CREATE INDEX web_picture_photo ON web_picture (photo_id) WHERE photo_id IS NOT NULL;"

    "CREATE TABLE listing_picture ("
    "  listing_id INTEGER NOT NULL REFERENCES listing ON DELETE CASCADE,"
    "  picture_id INTEGER NOT NULL REFERENCES web_picture ON DELETE CASCADE,"
    "  position INTEGER NOT NULL," /* in the gallery, as listing_photo has it */
    "  PRIMARY KEY (listing_id, picture_id)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX listing_picture_picture ON listing_picture (picture_id);"

    "CREATE TABLE web_answer ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  url TEXT NOT NULL,"
    "  final_url TEXT NOT NULL,"
    "  status INTEGER NOT NULL,"
    "  content_type TEXT NOT NULL,"
    "  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),"
    "  at INTEGER NOT NULL,"
    "  warc TEXT NOT NULL,"
    "  record INTEGER NOT NULL,"
    /* the answer of the same final_url whose record holds the body; NULL: its own does */
    "  body_id INTEGER REFERENCES web_answer"
    ") STRICT;"
    "CREATE INDEX web_answer_sha256 ON web_answer (sha256);"

    "CREATE TABLE listing_answer ("
    "  listing_id INTEGER NOT NULL REFERENCES listing ON DELETE CASCADE,"
    "  answer_id INTEGER NOT NULL REFERENCES web_answer ON DELETE CASCADE,"
    "  PRIMARY KEY (listing_id, answer_id)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX listing_answer_answer ON listing_answer (answer_id);" /* for the cascade */

    "CREATE TABLE web_host ("
    "  id INTEGER PRIMARY KEY,"
    "  origin TEXT NOT NULL UNIQUE,"
    "  robots_status INTEGER NOT NULL,"
    "  robots_at INTEGER NOT NULL,"
    "  not_before INTEGER NOT NULL,"
    "  robots BLOB NOT NULL"
    ") STRICT;"

    "CREATE TABLE web_quota ("
    "  interface TEXT NOT NULL,"
    "  day INTEGER NOT NULL," /* since 1970 */
    "  used INTEGER NOT NULL,"
    "  PRIMARY KEY (interface, day)"
    ") STRICT, WITHOUT ROWID;",

    /* 4: what a person decides. Rows of act and decision are only ever added. */
    "CREATE TABLE act (" /* one command of a person */
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  verb TEXT NOT NULL,"
    "  subject TEXT NOT NULL," /* what it was about besides candidates, in words */
    "  who TEXT NOT NULL,"
    "  at INTEGER NOT NULL,"
    "  good_faith INTEGER NOT NULL CHECK (good_faith IN (0, 1)),"
    "  undoes INTEGER UNIQUE REFERENCES act" /* NULL unless it takes another one back */
    ") STRICT;"

    "CREATE TABLE decision ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  act_id INTEGER NOT NULL REFERENCES act,"
    "  candidate_id INTEGER NOT NULL,"   /* refers to nothing: it outlives a removed work */
    "  was INTEGER REFERENCES decision," /* in force before; NULL: none */
    "  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 4),"
    /* the evidence it rests on, as it was then */
    "  serial TEXT NOT NULL,"
    "  url TEXT NOT NULL,"
    "  seller TEXT NOT NULL,"
    "  by_method TEXT NOT NULL,"
    "  by_score REAL NOT NULL,"
    "  photo_id INTEGER NOT NULL,"
    "  photo_sha256 BLOB NOT NULL CHECK (length(photo_sha256) = 32),"
    "  view_sha256 BLOB NOT NULL CHECK (length(view_sha256) = 32)"
    ") STRICT;"
    "CREATE INDEX decision_act ON decision (act_id);"
    "CREATE INDEX decision_candidate ON decision (candidate_id);"
    "ALTER TABLE candidate ADD COLUMN decided INTEGER REFERENCES decision;" /* in force */
    "ALTER TABLE candidate DROP COLUMN decision;"

    "CREATE TABLE allow (" /* a listing is allowed when it has all that is stated: not '' */
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  platform TEXT NOT NULL,"
    "  host TEXT NOT NULL,"
    "  seller_id TEXT NOT NULL,"
    "  seller TEXT NOT NULL,"
    "  added_by INTEGER NOT NULL REFERENCES act,"
    "  removed_by INTEGER REFERENCES act," /* NULL: in force */
    "  CHECK (host <> '' OR (platform <> '' AND (seller_id <> '' OR seller <> '')))"
    ") STRICT;"

    "CREATE TABLE negative (" /* a picture that never counts */
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  photo_id INTEGER NOT NULL REFERENCES photo,"
    "  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),"
    "  quality INTEGER NOT NULL,"
    "  fp BLOB NOT NULL CHECK (length(fp) = 32),"
    "  added_by INTEGER NOT NULL REFERENCES act,"
    "  removed_by INTEGER REFERENCES act" /* NULL: in force */
    ") STRICT;"
    "CREATE INDEX negative_photo ON negative (photo_id);"

    "CREATE TABLE photo_negative (" /* which photos are such a picture, in force or not */
    "  photo_id INTEGER NOT NULL REFERENCES photo ON DELETE CASCADE,"
    "  negative_id INTEGER NOT NULL REFERENCES negative,"
    "  PRIMARY KEY (photo_id, negative_id)"
    ") STRICT, WITHOUT ROWID;"

    "ALTER TABLE work ADD COLUMN author TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE work ADD COLUMN kind TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE work ADD COLUMN completed_on TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE work ADD COLUMN published_in TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE work ADD COLUMN registered_in TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE work ADD COLUMN description TEXT NOT NULL DEFAULT '';"
    "CREATE TABLE work_paper (" /* what proves the right */
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  work_id INTEGER NOT NULL REFERENCES work ON DELETE CASCADE,"
    "  role TEXT NOT NULL CHECK (role IN ('certificate', 'evidence')),"
    "  path TEXT NOT NULL,"
    "  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),"
    "  bytes INTEGER NOT NULL,"
    "  added_at INTEGER NOT NULL,"
    "  UNIQUE (work_id, role, sha256)"
    ") STRICT;",

    /* 5: what is complained about. Notices refer to nothing that can be removed, and rows of
     * notice_event and notice_told are only ever added. */
    "CREATE TABLE notice ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  channel TEXT NOT NULL,"
    "  work_id INTEGER NOT NULL,"
    "  serial TEXT NOT NULL,"
    "  work_title TEXT NOT NULL,"
    "  host TEXT NOT NULL,"
    "  reason TEXT NOT NULL,"
    "  part INTEGER NOT NULL,"
    "  parts INTEGER NOT NULL,"
    "  who TEXT NOT NULL,"
    "  good_faith_at INTEGER NOT NULL,"
    "  authority INTEGER NOT NULL CHECK (authority IN (0, 1)),"
    "  built_at INTEGER NOT NULL,"
    "  folder TEXT NOT NULL DEFAULT ''" /* '' while the packet is to be written */
    ") STRICT;"

    "CREATE TABLE notice_item ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  notice_id INTEGER NOT NULL REFERENCES notice,"
    "  candidate_id INTEGER NOT NULL,"
    "  listing_id INTEGER NOT NULL,"
    "  url TEXT NOT NULL,"
    "  item TEXT NOT NULL,"
    "  platform TEXT NOT NULL,"
    "  seller TEXT NOT NULL,"
    "  seller_id TEXT NOT NULL,"
    "  title TEXT NOT NULL,"
    "  score REAL NOT NULL,"
    "  photo_sha256 BLOB CHECK (length(photo_sha256) = 32)," /* NULL: from a sheet */
    "  view_sha256 BLOB CHECK (length(view_sha256) = 32),"
    "  told INTEGER REFERENCES notice_told" /* in force; NULL: only built */
    ") STRICT;"
    "CREATE INDEX notice_item_notice ON notice_item (notice_id);"

    "CREATE TABLE notice_event ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  notice_id INTEGER NOT NULL REFERENCES notice,"
    "  state INTEGER NOT NULL,"
    "  on_day INTEGER NOT NULL," /* since 1970 */
    "  ref TEXT NOT NULL,"
    "  note TEXT NOT NULL,"
    "  who TEXT NOT NULL,"
    "  at INTEGER NOT NULL,"
    "  undone INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1))"
    ") STRICT;"
    "CREATE INDEX notice_event_notice ON notice_event (notice_id);"

    "CREATE TABLE notice_told (" /* an event about an item */
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  event_id INTEGER NOT NULL REFERENCES notice_event,"
    "  item_id INTEGER NOT NULL REFERENCES notice_item,"
    "  was INTEGER REFERENCES notice_told" /* in force before; NULL: none */
    ") STRICT;"
    "CREATE INDEX notice_told_event ON notice_told (event_id);"

    "CREATE TABLE alias (" /* two names of one seller */
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  platform TEXT NOT NULL,"
    "  kind_1 INTEGER NOT NULL,"
    "  text_1 TEXT NOT NULL,"
    "  kind_2 INTEGER NOT NULL,"
    "  text_2 TEXT NOT NULL,"
    "  who TEXT NOT NULL,"
    "  at INTEGER NOT NULL,"
    "  UNIQUE (platform, kind_1, text_1, kind_2, text_2)"
    ") STRICT;"

    "CREATE TABLE remark (" /* a cell of the user's own sheet */
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  listing_id INTEGER NOT NULL REFERENCES listing ON DELETE CASCADE,"
    "  work TEXT NOT NULL,"
    "  name TEXT NOT NULL,"
    "  text TEXT NOT NULL,"
    "  UNIQUE (listing_id, work, name)"
    ") STRICT;",

    /* 6: what is watched, when nobody looks */
    "CREATE TABLE look (" /* what was last found where a listing stands; store/look.h */
    "  listing_id INTEGER PRIMARY KEY REFERENCES listing ON DELETE CASCADE,"
    "  outcome INTEGER NOT NULL CHECK (outcome BETWEEN 0 AND 5),"
    "  sure INTEGER NOT NULL CHECK (sure IN (0, 1))," /* that it is gone, until it is seen */
    "  reason TEXT NOT NULL,"
    "  since INTEGER NOT NULL," /* the first of the looks in a row with this outcome */
    "  at INTEGER NOT NULL,"    /* the last one; 0: none yet */
    "  times INTEGER NOT NULL," /* of these */
    /* the first look that found it gone, since it was last seen; 0 and '': none did */
    "  gone_since INTEGER NOT NULL,"
    "  gone_reason TEXT NOT NULL,"
    "  next_at INTEGER NOT NULL,"
    "  taken INTEGER NOT NULL CHECK (taken IN (0, 1))," /* cases were told */
    "  answer_id INTEGER REFERENCES web_answer ON DELETE SET NULL"
    ") STRICT;"
    "CREATE INDEX look_next ON look (next_at);"
    "CREATE INDEX look_untaken ON look (listing_id) WHERE taken = 0;"
    "CREATE INDEX look_answer ON look (answer_id) WHERE answer_id IS NOT NULL;" /* for SET NULL */
    "CREATE TABLE look_change (" /* a listing came to have another outcome; only added */
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  listing_id INTEGER NOT NULL," /* refers to nothing: it outlives the listing */
    "  outcome INTEGER NOT NULL,"
    "  sure INTEGER NOT NULL,"
    "  reason TEXT NOT NULL,"
    "  at INTEGER NOT NULL,"
    "  answer_id INTEGER REFERENCES web_answer ON DELETE SET NULL"
    ") STRICT;"
    "CREATE INDEX look_change_listing ON look_change (listing_id);"
    "CREATE INDEX look_change_answer ON look_change (answer_id) WHERE answer_id IS NOT NULL;"
    "CREATE TABLE look_picture (" /* that a listing shows instead; store/look_shown.h */
    "  listing_id INTEGER NOT NULL REFERENCES listing ON DELETE CASCADE,"
    "  picture_id INTEGER NOT NULL REFERENCES web_picture ON DELETE CASCADE,"
    "  PRIMARY KEY (listing_id, picture_id)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX look_picture_picture ON look_picture (picture_id);" /* for the cascade */
    "CREATE TABLE look_mark (" /* one row: of what was decided and told, looks know up to here */
    "  decision_id INTEGER NOT NULL,"
    "  item_id INTEGER NOT NULL,"
    "  event_id INTEGER NOT NULL"
    ") STRICT;"
    "INSERT INTO look_mark VALUES (0, 0, 0);"
    "CREATE INDEX notice_item_listing ON notice_item (listing_id);"

    /* When the listing came to show it; 0: long ago */
    "ALTER TABLE listing_picture ADD COLUMN added_at INTEGER NOT NULL DEFAULT 0;"

    /* The candidate of the same work whose picture this one shows, itself when it was the first;
     * NULL until it is sorted (case/sort.h). */
    "ALTER TABLE candidate ADD COLUMN leader INTEGER;"
    "ALTER TABLE candidate ADD COLUMN sorted_photo INTEGER;" /* that told it; 0: none */
    "CREATE INDEX candidate_unsorted ON candidate (id) WHERE leader IS NULL;"
    "CREATE INDEX candidate_leader ON candidate (leader) WHERE leader IS NOT NULL;"
    "CREATE TABLE tie (" /* a candidate goes on with an earlier case; store/tie.h */
    "  candidate_id INTEGER NOT NULL REFERENCES candidate ON DELETE CASCADE,"
    "  item_id INTEGER NOT NULL REFERENCES notice_item,"
    "  kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 3),"
    "  at INTEGER NOT NULL,"
    "  PRIMARY KEY (candidate_id, item_id)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX tie_item ON tie (item_id);"

    "CREATE TABLE rule (" /* what the user wants set aside; store/rule.h */
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  work_id INTEGER NOT NULL," /* what is not stated is 0 or '' */
    "  score_below REAL NOT NULL,"
    "  country TEXT NOT NULL,"
    "  platform TEXT NOT NULL,"
    "  host TEXT NOT NULL,"
    "  seller_id TEXT NOT NULL,"
    "  seller TEXT NOT NULL,"
    "  currency TEXT NOT NULL,"
    "  price_below INTEGER NOT NULL,"
    "  price_above INTEGER NOT NULL,"
    "  who TEXT NOT NULL,"
    "  added_at INTEGER NOT NULL,"
    "  removed_at INTEGER" /* NULL: in force */
    ") STRICT;"
    "CREATE TABLE hold (" /* what yielded far more than expected; store/hold.h */
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  subject INTEGER NOT NULL CHECK (subject BETWEEN 0 AND 2),"
    "  subject_id INTEGER NOT NULL,"
    "  name TEXT NOT NULL," /* of the subject then */
    "  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),"
    "  expected REAL NOT NULL,"
    "  found INTEGER NOT NULL,"
    "  note TEXT NOT NULL,"
    "  at INTEGER NOT NULL,"
    "  decided_at INTEGER NOT NULL DEFAULT 0,"
    "  decided_by TEXT NOT NULL DEFAULT '',"
    "  negative_id INTEGER REFERENCES negative" /* since it was blocked */
    ") STRICT;"
    "CREATE INDEX hold_subject ON hold (subject, subject_id);"
    /* How far the guard has looked. It expects nothing of what was found before there was one. */
    "INSERT INTO setting (key, value) SELECT 'flood_looked_to', max(id) FROM candidate"
    " HAVING max(id) IS NOT NULL;"
    "CREATE INDEX candidate_found ON candidate (found_at);"
    "CREATE INDEX listing_source ON listing (source, first_seen);"
    "CREATE TABLE aside (" /* a candidate that one of them set aside; rows only end; store/aside.h
                            */
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  candidate_id INTEGER NOT NULL REFERENCES candidate ON DELETE CASCADE,"
    "  rule_id INTEGER REFERENCES rule,"
    "  hold_id INTEGER REFERENCES hold,"
    "  why TEXT NOT NULL,"
    "  at INTEGER NOT NULL,"
    "  ended_at INTEGER," /* NULL: in force */
    "  ended_why TEXT NOT NULL DEFAULT '',"
    "  CHECK ((rule_id IS NULL) <> (hold_id IS NULL))"
    ") STRICT;"
    "CREATE INDEX aside_candidate ON aside (candidate_id);"
    /* each sets a candidate aside once */
    "CREATE UNIQUE INDEX aside_rule ON aside (rule_id, candidate_id) WHERE rule_id IS NOT NULL;"
    "CREATE UNIQUE INDEX aside_hold ON aside (hold_id, candidate_id) WHERE hold_id IS NOT NULL;"

    "CREATE TABLE job (" /* a kind of work that is done again and again; store/job.h */
    "  name TEXT PRIMARY KEY,"
    "  every_s INTEGER NOT NULL,"
    "  next_at INTEGER NOT NULL,"
    "  failures INTEGER NOT NULL DEFAULT 0," /* in a row */
    /* ever since: rows of run are kept for a while only */
    "  runs INTEGER NOT NULL DEFAULT 0,"
    "  failed INTEGER NOT NULL DEFAULT 0,"
    "  succeeded_at INTEGER NOT NULL DEFAULT 0,"
    "  succeeded_s INTEGER NOT NULL DEFAULT 0"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE run (" /* one time that it was done */
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  job TEXT NOT NULL,"
    "  began_at INTEGER NOT NULL,"
    "  ended_at INTEGER," /* NULL: it goes on, or was killed */
    "  failed INTEGER NOT NULL DEFAULT 0 CHECK (failed IN (0, 1)),"
    "  result TEXT NOT NULL DEFAULT ''"
    ") STRICT;"
    "CREATE INDEX run_job ON run (job, id);"
    "CREATE INDEX run_open ON run (job) WHERE ended_at IS NULL;"

    "CREATE TABLE digest (" /* news that were put together to be told; store/outbox.h */
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  uid TEXT NOT NULL UNIQUE," /* a UUID: numbers come again with an older backup */
    "  made_at INTEGER NOT NULL,"
    "  subject TEXT NOT NULL,"
    "  body TEXT NOT NULL," /* plain text */
    "  json TEXT NOT NULL"
    ") STRICT;"
    "CREATE TABLE told (" /* what was told last of a thing, so that it is told once */
    "  key TEXT PRIMARY KEY,"
    "  value TEXT NOT NULL,"
    "  at INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE told_candidate ("
    "  candidate_id INTEGER PRIMARY KEY REFERENCES candidate ON DELETE CASCADE,"
    "  digest_id INTEGER NOT NULL"
    ") STRICT;"
    "CREATE TABLE delivery ("
    "  digest_id INTEGER NOT NULL REFERENCES digest ON DELETE CASCADE,"
    "  channel TEXT NOT NULL,"
    "  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2)," /* waits, sent, given up */
    "  tries INTEGER NOT NULL DEFAULT 0,"
    "  next_at INTEGER NOT NULL DEFAULT 0,"
    "  reason TEXT NOT NULL DEFAULT '',"
    "  sent_at INTEGER NOT NULL DEFAULT 0,"
    "  PRIMARY KEY (digest_id, channel)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX delivery_waits ON delivery (next_at) WHERE state = 0;"

    /* What is kept no longer is taken away row by row (store/retention.h): each row that refers to
     * it is found by an index. */
    "CREATE INDEX candidate_listing ON candidate (listing_id);"
    "CREATE INDEX evidence_photo ON evidence (photo_id);"
    "CREATE INDEX web_answer_body ON web_answer (body_id) WHERE body_id IS NOT NULL;"
    "CREATE INDEX web_answer_warc ON web_answer (warc, record);"
    /* of the record, in bytes of its file; 0: not known */
    "ALTER TABLE web_answer ADD COLUMN length INTEGER NOT NULL DEFAULT 0;",
};

#define VERSION ((int64_t)(sizeof migrations / sizeof migrations[0]))

/* What of a migration cannot be said in SQL: done after its text, by the same index. */
typedef ko_status migration_step(ko_store *store, ko_error *err);
static migration_step *const steps[VERSION] = {[2] = ko_settle_kept};

static_assert(KO_VARIANT_BYTES == 36, "the schema checks the size of variants");

ko_status ko_schema_read(ko_store *store, int64_t *out_version, ko_error *err)
{
    ko_query q = ko_query_start(store, "SELECT application_id, user_version,"
                                       " (SELECT count(*) FROM sqlite_schema)"
                                       " FROM pragma_application_id, pragma_user_version");
    int64_t application = 0, version = 0, tables = 0;
    if (ko_query_row(&q)) {
        application = ko_query_int(&q);
        version = ko_query_int(&q);
        tables = ko_query_int(&q);
    }
    const ko_status st = ko_query_end(&q, err);
    if (st != KO_OK)
        return st;
    const bool empty = application == 0 && version == 0 && tables == 0;
    if (!empty && (application != APPLICATION_ID || version < 1))
        return ko_fail(err, KO_E_DAMAGED, "%s: a database of another program", store->path);
    if (version > VERSION)
        return ko_fail(err, KO_E_VERSION,
                       "%s: has schema %lld, of a newer Knockoff; this one knows up to %lld",
                       store->path, (long long)version, (long long)VERSION);
    *out_version = version;
    return KO_OK;
}

static ko_status execute(ko_store *store, const char *sql, ko_error *err)
{
    const int rc = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? KO_OK : ko_store_fail(store, rc, err);
}

/* Foreign keys rest meanwhile, which they only can outside of a transaction: a table that is
 * made anew would else take along what refers to it. An error leaves the transaction open: the
 * store is closed then, which takes it back. */
static ko_status migrate(ko_store *store, ko_error *err)
{
    int64_t version = 0;
    ko_status st = execute(store, "PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE", err);
    if (st == KO_OK)
        st = ko_schema_read(store, &version, err); /* another process may have been faster */
    for (; st == KO_OK && version < VERSION; version++) {
        st = execute(store, migrations[version], err);
        if (st == KO_OK && steps[version])
            st = steps[version](store, err);
    }
    char finish[128];
    (void)snprintf(finish, sizeof finish,
                   "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT;"
                   " PRAGMA foreign_keys = ON",
                   APPLICATION_ID, (int)VERSION);
    return st == KO_OK ? execute(store, finish, err) : st;
}

/* The one change for which SQLite does not wait while others read, as two processes that
 * make the same database at once do. In a file that is WAL already it takes no lock. */
static ko_status enter_wal(ko_store *store, ko_error *err)
{
    int rc;
    for (int waited_ms = 0;; waited_ms += RETRY_MS) {
        rc = sqlite3_exec(store->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
        if ((rc & 0xff) != SQLITE_BUSY || waited_ms >= KO_STORE_WAIT_MS)
            break;
        (void)sqlite3_sleep(RETRY_MS);
    }
    return rc == SQLITE_OK ? KO_OK : ko_store_fail(store, rc, err);
}

ko_status ko_schema_update(ko_store *store, ko_error *err)
{
    int64_t version = 0;
    ko_status st = ko_schema_read(store, &version, err);
    if (st == KO_OK)
        st = enter_wal(store, err);
    if (st == KO_OK && version < VERSION)
        st = migrate(store, err);
    return st;
}
