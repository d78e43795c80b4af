/* What is found where listings stand, by real answers of a site. */
#include "site.h"

#include "base/clock.h"
#include "base/limits.h"
#include "crawl/recheck.h"
#include "store/decision.h"
#include "store/look.h"
#include "store/look_shown.h"
#include "store/work.h"

#define HTML "Content-Type: text/html; charset=utf-8\r\n"
#define PRODUCT(name, picture)                                                                     \
    "<html><head><title>" name "</title><script type='application/ld+json'>"                       \
    "{\"@context\":\"https://schema.org\",\"@type\":\"Product\",\"name\":\"" name "\","            \
    "\"image\":[\"/p/" picture ".gif\"],"                                                          \
    "\"offers\":{\"@type\":\"Offer\",\"price\":\"12.50\",\"priceCurrency\":\"EUR\"}}"              \
    "</script></head><body><h1>" name "</h1></body></html>"
#define FRONT                                                                                      \
    "<html><head><title>Shop</title></head><body><p>Welcome</p>"                                   \
    "<a href='/item/owl'>Owl</a></body></html>"
#define CARD(name)                                                                                 \
    "{\"@type\":\"Product\",\"name\":\"" name "\",\"url\":\"/item/" name "\",\"image\":\"/p/" name \
    ".gif\",\"offers\":{\"@type\":\"Offer\",\"price\":\"9\",\"priceCurrency\":\"EUR\"}}"
#define LIST                                                                                       \
    "<html><head><title>All</title><script type='application/ld+json'>[" CARD("owl") "," CARD(     \
        "elk") "]</script></head><body></body></html>"
#define WALL "<title>Just a moment...</title><h1>Checking your browser</h1>"

#define HOUR 3600
#define DAY (24 * HOUR)

static int64_t now_is;
static int64_t now(void)
{
    return now_is;
}

static int begin(void **state)
{
    now_is = 1795000000; /* 2026-11-18 */
    ko_clock_use(now);
    return set_up(state);
}

static int end(void **state)
{
    ko_clock_use(NULL);
    return tear_down(state);
}

/* --- listings that were accepted --- */

static ko_status accept(void *context, const ko_candidate *candidate)
{
    bench *b = context;
    int64_t act = 0;
    bool changed = false;
    assert_int_equal(
        ko_act_add(b->store, &(ko_act){.verb = "accept", .subject = "", .who = ""}, &act, NULL),
        KO_OK);
    return ko_decision_add(b->store, act, candidate, KO_CANDIDATE_ACCEPTED, &changed, NULL);
}

/* The one work of these tests. */
static int64_t make_work(bench *b, int64_t *out_view)
{
    static const ko_fp_variant variant = {.fp = {{1, 2, 3, 4}}};
    char serial[KO_SERIAL_SIZE];
    int64_t work = 0;
    ko_view view = {.path = "/art/fox.png",
                    .sha256 = {1},
                    .bytes = 1000,
                    .width = 640,
                    .height = 480,
                    .kind = "PNG",
                    .quality = 90,
                    .variants = &variant,
                    .n_variants = 1};
    assert_int_equal(ko_work_add(b->store, &(ko_work_fields){.title = "Fox"}, &work, serial, NULL),
                     KO_OK);
    view.work_id = work;
    assert_int_equal(ko_view_add(b->store, &view, out_view, NULL), KO_OK);
    return work;
}

/* A scan finds the work in a photo. */
static void match(bench *b, int64_t work, int64_t view, int64_t photo)
{
    size_t fresh = 0;
    const ko_match shown = {.work_id = work,
                            .view_id = view,
                            .photo_id = photo,
                            .evidence = {.score = 9,
                                         .method = KO_METHOD_WHOLE,
                                         .has_whole = true,
                                         .whole = {.distance = 12, .ground = -1}},
                            .n_fingerprints = 8,
                            .n_works = 1,
                            .found_at = now_is};
    assert_int_equal(ko_match_add(b->store, &shown, &fresh, NULL), KO_OK);
}

/* Crawls the pages, finds the work in each of their pictures, and has all accepted. */
static void accept_all(bench *b, const char *const *paths, size_t n)
{
    int64_t view = 0;
    for (size_t i = 0; i < n; i++)
        run(b, add_source(b, paths[i]));
    const int64_t work = make_work(b, &view), photos = number(b, "SELECT max(id) FROM photo");
    assert_int_equal(sqlite3_exec(b->store->db,
                                  "UPDATE photo SET state = 1, quality = 90,"
                                  " fp = cast(substr(hex(sha256), 1, 32) AS BLOB)",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(ko_store_begin(b->store, NULL), KO_OK);
    for (int64_t photo = 1; photo <= photos; photo++)
        match(b, work, view, photo);
    assert_int_equal(
        ko_candidate_each(b->store, &(ko_candidate_filter){.all = true}, accept, b, NULL), KO_OK);
    assert_int_equal(ko_store_commit(b->store, NULL), KO_OK);
}

static void accept_cat(bench *b)
{
    static const char *const path = "/item/cat";
    accept_all(b, &path, 1);
}

/* --- looking --- */

static ko_recheck_counts counts;

/* In a net of its own, as a new process would have it. */
static ko_status try_recheck(bench *b, const int64_t *listings, size_t n, ko_error *err)
{
    static const char *const allowed[] = {"127.0.0.1"};
    ko_net_options net;
    ko_problems problems = {.say = on_problem, .context = b};
    ko_crawl_options options = {.store = b->store, .problems = &problems};
    b->problems[0] = '\0';
    ko_net_options_init(&net);
    net.user_agent = "Knockoff/1.0 (+mailto:me@example.com)";
    net.rate = 500;
    net.tries = 1;
    net.idle_ms = 200;
    net.allow_hosts = allowed;
    net.n_allow_hosts = 1;
    ko_hosts_in_store(&net, b->store);
    assert_int_equal(ko_net_open(&net, &options.net, err), KO_OK);
    assert_int_equal(ko_archive_open(b->archive, "Knockoff/1.0", &options.archive, err), KO_OK);
    const ko_status st = ko_recheck_run(&options, listings, n, &counts, err);
    ko_archive_close(options.archive);
    ko_net_close(options.net);
    return st;
}

static void recheck(bench *b, const int64_t *listings, size_t n)
{
    ko_error err = {0};
    const ko_status st = try_recheck(b, listings, n, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(st, KO_OK);
}

static void recheck_one(bench *b, int64_t listing)
{
    recheck(b, &listing, 1);
    assert_int_equal(counts.looked, 1);
}

typedef struct seen {
    ko_look look;
    char reason[400];
} seen;

static ko_status on_look(void *context, const ko_look *look)
{
    seen *s = context;
    s->look = *look;
    (void)snprintf(s->reason, sizeof s->reason, "%s", look->reason);
    return KO_OK;
}

static seen look_of(bench *b, int64_t listing)
{
    seen s = {0};
    assert_int_equal(ko_look_one(b->store, listing, on_look, &s, NULL), KO_OK);
    return s;
}

/* A site whose answer for the one listing, and for its front page, tests change. */
static page shop[] = {
    {"/robots.txt", "", "User-agent: *\nDisallow: /secret\n", 0},
    {"/item/cat", HTML, PRODUCT("cat", "cat"), 0},
    {"/", HTML, FRONT, 0},
    {"/item/owl", HTML, PRODUCT("owl", "owl"), 0},
    {"/item/moved", HTML, PRODUCT("cat", "cat"), 0},
    {"/account/login", HTML,
     "<title>Sign in</title><form><input name=u><input type=password></form>", 0},
    {"/list", HTML, LIST, 0},
    {"/p/*", "", NULL, 0},
};
static page *const cat = &shop[1], *const front = &shop[2];
static const page cat_sold = {"/item/cat", HTML, PRODUCT("cat", "cat"), 0};
static const page front_open = {"/", HTML, FRONT, 0};

static void open_shop(bench *b)
{
    *cat = cat_sold;
    *front = front_open;
    SERVE(b, shop, false);
    accept_cat(b);
}

/* --- tests --- */

static void one_answer_closes_no_case(void **state)
{
    bench *b = *state;
    open_shop(b);
    recheck(b, NULL, 0);
    assert_int_equal(counts.looked, 0); /* it was seen just now */
    assert_in_range(counts.next_at - now_is, 3 * DAY, 4 * DAY);
    now_is = counts.next_at;
    recheck(b, NULL, 0);
    assert_int_equal(counts.alive, 1);
    assert_int_equal(counts.changes, 0);
    assert_true(counts.next_at > now_is);
    recheck(b, NULL, 0);
    assert_int_equal(counts.looked, 0); /* not due */

    *cat = (page){"/item/cat", HTML, "<h1>Nothing here</h1>", 404};
    recheck_one(b, 1);
    seen s = look_of(b, 1);
    assert_int_equal(s.look.outcome, KO_LOOK_GONE);
    assert_string_equal(s.reason, "HTTP 404");
    assert_false(s.look.sure);
    const int64_t first = now_is;
    now_is += HOUR;
    recheck_one(b, 1); /* asked for by hand: too early to tell */
    assert_false(look_of(b, 1).look.sure);
    assert_true(counts.next_at >= first + KO_LOOK_SURE_S);
    now_is = counts.next_at;
    recheck(b, NULL, 0);
    s = look_of(b, 1);
    assert_true(s.look.sure);
    assert_int_equal(s.look.times, 3);
    assert_int_equal(s.look.gone_since, first);
    assert_int_equal(number(b, "SELECT count(*) FROM look_change"), 2); /* gone, and for sure */
}

static void what_was_seen_is_kept(void **state)
{
    bench *b = *state;
    open_shop(b);
    *cat = (page){"/item/cat", HTML, "<h1>Nothing here</h1>", 404};
    recheck_one(b, 1);
    assert_int_equal(number(b, "SELECT status FROM web_answer WHERE id ="
                               " (SELECT answer_id FROM look)"),
                     404);
    /* SHA-256 of what it said, not of nothing */
    assert_int_equal(number(b, "SELECT count(*) FROM web_answer WHERE status = 404"
                               " AND hex(sha256) LIKE 'E3B0C442%'"),
                     0);
    const int64_t kept = number(b, "SELECT count(*) FROM web_answer");
    now_is += 7 * HOUR;
    recheck_one(b, 1);
    assert_int_equal(number(b, "SELECT count(*) FROM web_answer"), kept + 1);
    assert_int_equal(number(b, "SELECT answer_id = (SELECT max(id) FROM web_answer) FROM look"), 1);
}

static void each_answer_means_one_thing(void **state)
{
    static const struct {
        page answer;
        ko_look_outcome outcome;
        const char *reason; /* begins so */
    } cases[] = {
        {{"/item/cat", "", "-", 404}, KO_LOOK_GONE, "HTTP 404"},
        {{"/item/cat", "", "-", 410}, KO_LOOK_GONE, "HTTP 410"},
        {{"/item/cat", HTML, "<title>Shop</title><h1>This item is no longer available</h1>", 200},
         KO_LOOK_GONE,
         "the page says \"no longer available\""},
        {{"/item/cat", "Location: /\r\n", "-", 302}, KO_LOOK_GONE, "leads to http://127.0.0.1"},
        {{"/item/cat", "Location: /list\r\n", "-", 301}, KO_LOOK_GONE, "leads to http://127.0.0.1"},
        {{"/item/cat", "Location: /item/owl\r\n", "-", 301},
         KO_LOOK_GONE,
         "leads to http://127.0.0.1"},
        {{"/item/cat", "Location: /item/moved\r\n", "-", 301}, KO_LOOK_ALIVE, ""},
        {{"/item/cat", HTML, PRODUCT("cat", "cat"), 200}, KO_LOOK_ALIVE, ""},
        {{"/item/cat", "Location: /account/login\r\n", "-", 302}, KO_LOOK_BLOCKED, "a login page"},
        {{"/item/cat", HTML, WALL, 403}, KO_LOOK_BLOCKED, "a bot wall"},
        {{"/item/cat", HTML, WALL, 200}, KO_LOOK_BLOCKED, "a bot wall"},
        {{"/item/cat", HTML, WALL, 503}, KO_LOOK_BLOCKED, "a bot wall"},
        {{"/item/cat", "", "No.", 403}, KO_LOOK_BLOCKED, "HTTP 403"},
        {{"/item/cat", "", "-", 451}, KO_LOOK_BLOCKED, "HTTP 451"},
        {{"/item/cat", "", "-", 429}, KO_LOOK_BLOCKED, "HTTP 429"},
        {{"/item/cat", "", "-", 503}, KO_LOOK_UNREACHABLE, "status 503"},
        {{"/item/cat", "", "-", 500}, KO_LOOK_UNREACHABLE, "status 500"},
        {{"/item/cat", HTML, " ", 200}, KO_LOOK_UNREACHABLE, "an empty page"},
        {{"/item/cat", HTML, "<p>Parked</p>", 200}, KO_LOOK_UNREACHABLE, "nothing on the page"},
        {{"/item/cat", "Location: http://no-such-name.invalid/\r\n", "-", 302},
         KO_LOOK_UNREACHABLE,
         ""},
        {{"/item/cat", "Location: /secret/cat\r\n", "-", 302}, KO_LOOK_BLOCKED, "robots.txt"},
    };
    bench *b = *state;
    open_shop(b);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        *cat = cases[i].answer;
        now_is += 10 * DAY;
        recheck_one(b, 1);
        const seen s = look_of(b, 1);
        if (s.look.outcome != cases[i].outcome ||
            strncmp(s.reason, cases[i].reason, strlen(cases[i].reason)) != 0)
            fail_msg("case %zu: %s, %s", i, ko_look_outcome_name(s.look.outcome), s.reason);
    }
    test_server_stop(b->site.server);
    b->site.server = NULL;
    recheck_one(b, 1);
    assert_int_equal(look_of(b, 1).look.outcome, KO_LOOK_UNREACHABLE);
}

/* However often; and what was to be confirmed waits meanwhile. */
static void blocked_and_silent_are_never_gone(void **state)
{
    static const page wall = {"/item/cat", HTML, WALL, 403}, down = {"/item/cat", "", "-", 503},
                      none = {"/item/cat", "", "-", 404};
    bench *b = *state;
    open_shop(b);
    *cat = none;
    recheck_one(b, 1);
    int64_t last = 0;
    for (int i = 0; i < 4; i++) {
        *cat = i % 2 ? down : wall;
        now_is += DAY;
        recheck_one(b, 1);
        const seen s = look_of(b, 1);
        assert_false(s.look.sure);
        assert_int_equal(s.look.outcome, i % 2 ? KO_LOOK_UNREACHABLE : KO_LOOK_BLOCKED);
    }
    *cat = wall;
    for (int i = 0; i < 6; i++) {
        now_is += DAY;
        recheck_one(b, 1);
        const int64_t wait = look_of(b, 1).look.next_at - now_is;
        assert_true(wait > last || wait >= 14 * DAY);
        last = wait;
    }
    *cat = none;
    recheck_one(b, 1);
    assert_true(look_of(b, 1).look.sure);
}

static void being_seen_refutes(void **state)
{
    bench *b = *state;
    open_shop(b);
    *cat = (page){"/item/cat", "", "-", 404};
    recheck_one(b, 1);
    now_is += 3 * HOUR;
    *cat = cat_sold;
    recheck_one(b, 1);
    now_is += 4 * HOUR;
    *cat = (page){"/item/cat", "", "-", 404};
    recheck_one(b, 1);
    assert_false(look_of(b, 1).look.sure);
    assert_int_equal(look_of(b, 1).look.gone_since, now_is);
}

static void a_whole_site_that_is_gone_takes_a_week(void **state)
{
    bench *b = *state;
    open_shop(b);
    *cat = (page){"/item/cat", "", "-", 404};
    *front = (page){"/", "", "-", 404};
    recheck_one(b, 1);
    assert_int_equal(look_of(b, 1).look.outcome, KO_LOOK_GONE);
    now_is += 2 * DAY;
    recheck_one(b, 1);
    assert_false(look_of(b, 1).look.sure);
    now_is += 6 * DAY;
    recheck_one(b, 1);
    assert_true(look_of(b, 1).look.sure);
}

static void a_site_in_trouble_is_asked_for_its_front_page(void **state)
{
    bench *b = *state;
    open_shop(b);
    *cat = (page){"/item/cat", "", "-", 404};
    *front = (page){"/", "", "-", 502};
    recheck_one(b, 1);
    assert_int_equal(look_of(b, 1).look.outcome, KO_LOOK_UNREACHABLE);
    assert_string_equal(look_of(b, 1).reason, "HTTP 404; the front page of the site: status 502");
    *front = (page){"/", HTML, WALL, 403};
    recheck_one(b, 1);
    assert_int_equal(look_of(b, 1).look.outcome, KO_LOOK_BLOCKED);
}

static void a_listing_beside_it_shows_that_a_site_works(void **state)
{
    static const char *const paths[] = {"/item/cat", "/item/owl"};
    bench *b = *state;
    *cat = cat_sold;
    *front = (page){"/", "", "-", 404};
    SERVE(b, shop, false);
    accept_all(b, paths, 2);
    *cat = (page){"/item/cat", "", "-", 404};
    const int64_t both[] = {2, 1}, fronts = (int64_t)asked(&b->site, "/");
    recheck(b, both, 2);
    now_is += 7 * HOUR;
    recheck(b, both, 2);
    assert_int_equal(counts.alive, 1);
    assert_int_equal(counts.gone, 1);
    assert_true(look_of(b, 1).look.sure);
    assert_int_equal(asked(&b->site, "/"), fronts);
}

/* What a scan of the new picture finds is told by SQL: sql. */
static void swap_picture(bench *b, const char *sql)
{
    *cat = (page){"/item/cat", HTML, PRODUCT("cat", "dog"), 0};
    recheck_one(b, 1);
    assert_int_equal(look_of(b, 1).look.outcome, KO_LOOK_ALIVE); /* until it is scanned */
    assert_int_equal(asked(&b->site, "/p/dog.gif"), 1);
    assert_int_equal(sqlite3_exec(b->store->db, sql, NULL, NULL, NULL), SQLITE_OK);
    size_t changed = 0;
    assert_int_equal(ko_store_begin(b->store, NULL), KO_OK);
    assert_int_equal(ko_looks_settle(b->store, &changed, NULL), KO_OK);
    assert_int_equal(ko_store_commit(b->store, NULL), KO_OK);
    assert_int_equal(number(b, "SELECT count(*) FROM look_picture"), 0);
    assert_int_equal(changed, look_of(b, 1).look.outcome == KO_LOOK_CHANGED);
}

static void a_swapped_bait_is_a_change(void **state)
{
    bench *b = *state;
    open_shop(b);
    swap_picture(b, "UPDATE photo SET state = 1, quality = 90,"
                    " fp = cast('0123456789abcdef0123456789abcdef' AS BLOB) WHERE state = 0");
    seen s = look_of(b, 1);
    assert_int_equal(s.look.outcome, KO_LOOK_CHANGED);
    assert_string_equal(s.reason, "shows other pictures");
    assert_true(s.look.answer_id > 0);
    /* The same once more is no news, and the bait put back is. */
    now_is += DAY;
    recheck_one(b, 1);
    assert_int_equal(counts.changed, 1);
    assert_int_equal(counts.changes, 0);
    *cat = cat_sold;
    recheck_one(b, 1);
    assert_int_equal(look_of(b, 1).look.outcome, KO_LOOK_ALIVE);
    assert_int_equal(number(b, "SELECT count(*) FROM look_change"), 2);
}

/* The source that the listing came from is read again before the listing is looked at. */
static void a_crawl_that_saw_the_swap_hides_nothing(void **state)
{
    bench *b = *state;
    open_shop(b);
    *cat = (page){"/item/cat", HTML, PRODUCT("cat", "dog"), 0};
    now_is += DAY;
    run(b, 1);
    assert_int_equal(sqlite3_exec(b->store->db,
                                  "UPDATE photo SET state = 1, quality = 90,"
                                  " fp = cast('0123456789abcdef0123456789abcdef' AS BLOB)"
                                  " WHERE state = 0",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(number(b, "SELECT count(*) FROM listing_picture"), 2);
    recheck_one(b, 1);
    assert_int_equal(look_of(b, 1).look.outcome, KO_LOOK_CHANGED);
}

static void another_picture_of_the_work_is_none(void **state)
{
    bench *b = *state;
    open_shop(b);
    swap_picture(b, "UPDATE photo SET state = 1, quality = 90,"
                    " fp = cast('0123456789abcdef0123456789abcdef' AS BLOB) WHERE state = 0;"
                    "INSERT INTO evidence SELECT work_id, (SELECT max(id) FROM photo), view_id,"
                    " method, score, distance, orientation, ground, cropped, x1, y1, x2, y2, x3,"
                    " y3, x4, y4, mirrored, inverted, turn, share, inliers, n_fingerprints,"
                    " n_works, found_at FROM evidence");
    assert_int_equal(look_of(b, 1).look.outcome, KO_LOOK_ALIVE);
}

static void nearly_the_same_picture_is_none(void **state)
{
    bench *b = *state;
    open_shop(b);
    swap_picture(b, "UPDATE photo SET state = 1, quality = 90,"
                    " fp = (SELECT fp FROM photo WHERE id = 1) WHERE state = 0");
    assert_int_equal(look_of(b, 1).look.outcome, KO_LOOK_ALIVE);
}

/* The list that a listing was found by named all its pictures, its page names the first. */
static void a_page_that_names_fewer_pictures_is_no_swap(void **state)
{
    static const char *const path = "/item/cat";
    bench *b = *state;
    *cat = (page){"/item/cat", HTML, PRODUCT("cat", "cat.gif\",\"/p/dog"), 0};
    *front = front_open;
    SERVE(b, shop, false);
    accept_all(b, &path, 1);
    assert_int_equal(number(b, "SELECT count(*) FROM listing_picture"), 2);
    assert_int_equal(sqlite3_exec(b->store->db,
                                  "DELETE FROM evidence WHERE photo_id = 1;"
                                  "UPDATE decision SET photo_sha256 ="
                                  " (SELECT sha256 FROM photo WHERE id = 2)",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    *cat = cat_sold;
    recheck_one(b, 1);
    assert_int_equal(look_of(b, 1).look.outcome, KO_LOOK_ALIVE);
    assert_int_equal(number(b, "SELECT count(*) FROM look WHERE taken"), 1); /* nothing follows */
}

static void a_picture_that_cannot_be_had_tells_nothing(void **state)
{
    bench *b = *state;
    open_shop(b);
    *cat = (page){"/item/cat", HTML, PRODUCT("cat", "../q/none"), 0};
    recheck_one(b, 1);
    assert_int_equal(look_of(b, 1).look.outcome, KO_LOOK_ALIVE);
    now_is += DAY;
    recheck_one(b, 1);
    assert_int_equal(look_of(b, 1).look.outcome, KO_LOOK_ALIVE);
}

static void a_host_with_a_wall_is_left_alone(void **state)
{
    static const char *const paths[] = {"/item/cat", "/item/owl", "/item/moved"};
    bench *b = *state;
    *cat = cat_sold;
    SERVE(b, shop, false);
    accept_all(b, paths, 3);
    *cat = (page){"/item/cat", HTML, WALL, 403};
    const int64_t all[] = {1, 2, 3};
    const size_t before = b->site.n_seen;
    recheck(b, all, 3);
    assert_int_equal(counts.blocked, 3);
    assert_int_equal(b->site.n_seen, before + 1);
    assert_true(look_of(b, 3).look.next_at > now_is + DAY - 1);
}

/* What would be due an hour later is not asked for either: the wall stands for all of the site. */
static void a_wall_puts_off_what_is_not_due_yet(void **state)
{
    static const char *const paths[] = {"/item/cat", "/item/owl"};
    bench *b = *state;
    *cat = cat_sold;
    SERVE(b, shop, false);
    accept_all(b, paths, 2);
    const int64_t both[] = {1, 2};
    recheck(b, both, 2);
    const int64_t before = look_of(b, 2).look.next_at;
    now_is = before - 3600;
    *cat = (page){"/item/cat", HTML, WALL, 403};
    recheck_one(b, 1);
    assert_int_equal(look_of(b, 1).look.outcome, KO_LOOK_BLOCKED);
    assert_int_equal(look_of(b, 2).look.outcome, KO_LOOK_ALIVE);
    assert_int_equal(look_of(b, 2).look.next_at, now_is + KO_LOOK_WALL_S);
    recheck_one(b, 2); /* who names it, means it */
}

/* --- kills --- */

#define N_MANY 40
static char names[N_MANY][32];
static page all_items[] = {{"/item/*", HTML, PRODUCT("fox", "fox"), 0}, {"/p/*", "", NULL, 0}};

static void stock(bench *b)
{
    static const char *paths[N_MANY];
    for (int i = 0; i < N_MANY; i++) {
        (void)snprintf(names[i], sizeof names[i], "/item/%03d", i);
        paths[i] = names[i];
    }
    SERVE(b, all_items, false);
    accept_all(b, paths, N_MANY);
    recheck(b, NULL, 0); /* which are settled to be looked at */
    now_is += 10 * DAY;
    b->site.n_seen = 0;
}

/* Looks in a process of its own, to which the site sends a signal; returns how it ended. */
static int recheck_until(bench *b, int signal, size_t strike_at)
{
    ko_store_close(b->store);
    b->store = NULL;
    (void)pthread_mutex_lock(&b->site.lock); /* until it is known whom to strike */
    const pid_t child = fork();
    if (child == 0) {
        ko_error err = {0};
        ko_stop_install();
        open_store(b);
        const ko_status st = try_recheck(b, NULL, 0, &err);
        ko_store_close(b->store);
        _exit((int)st);
    }
    assert_true(child > 0);
    b->site.victim = child;
    b->site.signal = signal;
    b->site.strike_at = strike_at;
    (void)pthread_mutex_unlock(&b->site.lock);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    b->site.victim = 0;
    open_store(b);
    return status;
}

static void a_kill_costs_no_more_than_asking_again(void **state)
{
    bench *b = *state;
    stock(b);
    assert_true(WIFSIGNALED(recheck_until(b, SIGKILL, 25)));
    const int64_t kept = number(b, "SELECT count(*) FROM look WHERE outcome = 1");
    recheck(b, NULL, 0);
    assert_int_equal((int64_t)counts.looked, N_MANY - kept);
    assert_int_equal(number(b, "SELECT count(*) FROM look WHERE outcome = 1 AND times = 1"),
                     N_MANY);
    for (int i = 0; i < N_MANY; i++)
        assert_in_range(asked(&b->site, names[i]), 1, 2);
}

static void a_host_in_trouble_is_not_asked_for_all(void **state)
{
    bench *b = *state;
    stock(b);
    all_items[0].status = 503;
    recheck(b, NULL, 0);
    all_items[0].status = 0;
    assert_int_equal(counts.unreachable, N_MANY);
    assert_in_range(b->site.n_seen, 10, 12);
}

static void a_wish_to_stop_keeps_what_came(void **state)
{
    bench *b = *state;
    stock(b);
    const int status = recheck_until(b, SIGTERM, 25);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), KO_E_STOPPED);
    const int64_t kept = number(b, "SELECT count(*) FROM look WHERE outcome = 1");
    assert_in_range(kept, 20, N_MANY - 1);
    recheck(b, NULL, 0);
    assert_int_equal((int64_t)counts.looked, N_MANY - kept);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_answer_closes_no_case),
        TEST(what_was_seen_is_kept),
        TEST(each_answer_means_one_thing),
        TEST(blocked_and_silent_are_never_gone),
        TEST(being_seen_refutes),
        TEST(a_whole_site_that_is_gone_takes_a_week),
        TEST(a_site_in_trouble_is_asked_for_its_front_page),
        TEST(a_listing_beside_it_shows_that_a_site_works),
        TEST(a_swapped_bait_is_a_change),
        TEST(a_crawl_that_saw_the_swap_hides_nothing),
        TEST(another_picture_of_the_work_is_none),
        TEST(nearly_the_same_picture_is_none),
        TEST(a_page_that_names_fewer_pictures_is_no_swap),
        TEST(a_picture_that_cannot_be_had_tells_nothing),
        TEST(a_host_with_a_wall_is_left_alone),
        TEST(a_wall_puts_off_what_is_not_due_yet),
        TEST(a_kill_costs_no_more_than_asking_again),
        TEST(a_host_in_trouble_is_not_asked_for_all),
        TEST(a_wish_to_stop_keeps_what_came),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
