#include "site.h"

#include "base/clock.h"
#include "base/limits.h"
#include "crawl/api.h"

#define HTML "Content-Type: text/html; charset=utf-8\r\n"
#define JSON "Content-Type: application/json\r\n"
#define XML "Content-Type: application/xml\r\n"
#define PRODUCT(name)                                                                              \
    "<html><head><title>" name "</title><script type='application/ld+json'>"                       \
    "{\"@context\":\"https://schema.org\",\"@type\":\"Product\",\"name\":\"" name "\","            \
    "\"image\":[\"/p/" name "-1.gif\",\"/p/" name "-2.gif\"],"                                     \
    "\"offers\":{\"@type\":\"Offer\",\"price\":\"12.50\",\"priceCurrency\":\"EUR\"}}"              \
    "</script></head><body><h1>" name "</h1></body></html>"
#define FRONT "<html><head><title>Shop</title></head><body><p>Welcome</p></body></html>"
#define SHOPIFY(id, name)                                                                          \
    "{\"id\":" id ",\"title\":\"" name "\",\"handle\":\"" name "\",\"vendor\":\"Fox\","            \
    "\"variants\":[{\"id\":1,\"price\":\"19.99\"}],"                                               \
    "\"images\":[{\"src\":\"ORIGIN/p/" name "-1.gif\"},{\"src\":\"ORIGIN/p/" name "-2.gif\"}]}"

/* --- what sources are --- */

static const page shopify_shop[] = {
    {"/", HTML, FRONT, 0},
    {"/products.json?limit=250", JSON,
     "{\"products\":[" SHOPIFY("1", "cat") "," SHOPIFY("2", "dog") "]}", 0},
    {"/products.json?limit=250&page=2", JSON, "{\"products\":[" SHOPIFY("3", "fox") "]}", 0},
    {"/products.json?limit=250&page=3", JSON, "{\"products\":[]}", 0},
    {"/p/*", "", NULL, 0},
};

static void a_whole_shopify_shop_comes_over_tls(void **state)
{
    bench *b = *state;
    SERVE(b, shopify_shop, true);
    const int64_t id = add_source(b, "/");
    run(b, id);
    const found source = source_of(b, id);
    assert_string_equal(source.kind, "shopify");
    assert_string_equal(source.result, "3 listings, 3 new");
    assert_false(source.running);
    assert_int_equal(source.listings, 3);
    assert_int_equal(b->counts.new_listings, 3);
    assert_int_equal(b->counts.pictures, 6);
    assert_int_equal(b->site.n_seen, 1 + 4 + 6); /* robots.txt, pages, pictures: each once */
    assert_string_equal(b->problems, "");
    /* All is here, in the order of the galleries, with the answers as evidence. */
    assert_int_equal(number(b, "SELECT count(*) FROM listing_photo"), 6);
    assert_int_equal(number(b, "SELECT count(*) FROM photo WHERE archived"), 6);
    assert_int_equal(number(b, "SELECT count(DISTINCT listing_id) FROM listing_answer"), 3);
}

static void woocommerce_pages_end_where_the_shop_says(void **state)
{
#define WOO(id, name)                                                                              \
    "[{\"id\":" id ",\"name\":\"" name "\",\"permalink\":\"ORIGIN/product/" name "/\","            \
    "\"prices\":{\"price\":\"1250\",\"currency_code\":\"EUR\",\"currency_minor_unit\":2},"         \
    "\"images\":[{\"src\":\"ORIGIN/p/" name ".gif\"}]}]"
    static const page pages[] = {
        {"/", HTML, FRONT, 0},
        {"/wp-json/wc/store/v1/products?per_page=100", JSON "X-WP-TotalPages: 2\r\n",
         WOO("1", "cat"), 0},
        {"/wp-json/wc/store/v1/products?per_page=100&page=2", JSON "X-WP-TotalPages: 2\r\n",
         WOO("2", "dog"), 0},
        {"/p/*", "", NULL, 0},
    };
    bench *b = *state;
    SERVE(b, pages, false);
    const int64_t id = add_source(b, "/");
    run(b, id);
    assert_string_equal(source_of(b, id).kind, "woocommerce");
    assert_string_equal(source_of(b, id).result, "2 listings, 2 new");
    assert_int_equal(asked(&b->site, "/products.json?limit=250"), 1);
    assert_int_equal(asked(&b->site, "/wp-json/wc/store/v1/products?per_page=100&page=3"), 0);
    assert_int_equal(b->counts.pictures, 2);
}

static const page sitemap_shop[] = {
    {"/robots.txt", "", "User-agent: *\nDisallow: /secret\nSitemap: ORIGIN/maps.xml\n", 0},
    {"/", HTML, FRONT, 0},
    {"/maps.xml", XML,
     "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
     "<sitemap><loc>ORIGIN/map-1.xml</loc></sitemap></sitemapindex>",
     0},
    {"/map-1.xml", XML,
     "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
     "<url><loc>ORIGIN/item/cat</loc></url><url><loc>ORIGIN/item/dog</loc></url>"
     "<url><loc>ORIGIN/item/gone</loc></url><url><loc>ORIGIN/secret/fox</loc></url></urlset>",
     0},
    {"/item/cat", HTML "ETag: \"c1\"\r\n", PRODUCT("cat"), 0},
    {"/item/dog", HTML "ETag: \"d1\"\r\n", PRODUCT("dog"), 0},
    {"/p/*", "", NULL, 0},
};

static void sitemaps_lead_to_the_pages_that_robots_may_see(void **state)
{
    bench *b = *state;
    SERVE(b, sitemap_shop, false);
    const int64_t id = add_source(b, "/");
    run(b, id);
    assert_string_equal(source_of(b, id).kind, "sitemap");
    assert_string_equal(source_of(b, id).result,
                        "2 listings, 2 new; 1 page gone, 1 page forbidden by robots.txt");
    assert_int_equal(asked(&b->site, "/secret/fox"), 0);
    assert_int_equal(asked(&b->site, "/sitemap.xml"), 0);
    assert_int_equal(b->counts.pictures, 4);
}

static void a_second_run_asks_only_for_what_changed(void **state)
{
    bench *b = *state;
    SERVE(b, sitemap_shop, false);
    const int64_t id = add_source(b, "/");
    run(b, id);
    run(b, id);
    assert_string_equal(
        source_of(b, id).result,
        "0 listings, 0 new; 2 pages unchanged, 1 page gone, 1 page forbidden by robots.txt");
    assert_int_equal(b->counts.unchanged, 2);
    assert_int_equal(b->counts.pictures, 0);
    assert_int_equal(number(b, "SELECT count(*) FROM listing"), 2);
    /* Neither robots.txt nor what was a guess is asked again, nor a picture that is here. */
    assert_int_equal(asked(&b->site, "/robots.txt"), 1);
    assert_int_equal(asked(&b->site, "/"), 1);
    assert_int_equal(asked(&b->site, "/products.json?limit=250"), 1);
    assert_int_equal(asked(&b->site, "/p/cat-1.gif"), 1);
    assert_int_equal(asked(&b->site, "/item/cat"), 2);
}

static int64_t in_two_months(void)
{
    return (int64_t)time(NULL) + 61 * 86400;
}

/* Else a listing that never changes would count as not seen for years. */
static void what_never_changes_is_asked_for_whole_now_and_then(void **state)
{
    bench *b = *state;
    SERVE(b, sitemap_shop, false);
    const int64_t id = add_source(b, "/");
    run(b, id);
    ko_clock_use(in_two_months);
    run(b, id);
    ko_clock_use(NULL);
    assert_int_equal(b->counts.unchanged, 0);
    assert_int_equal(b->counts.listings, 2);
    assert_int_equal(number(b, "SELECT min(last_seen) - max(first_seen) > 60 * 86400 FROM listing"),
                     1);
}

static int64_t archived_bytes(const bench *b)
{
    ko_paths files = {0};
    int64_t bytes = 0;
    assert_int_equal(ko_paths_walk(&files, b->archive, NULL, NULL), KO_OK);
    for (size_t i = 0; i < files.count; i++) {
        ko_buf file = KO_BUF(1 << 20);
        assert_int_equal(ko_file_read(files.path[i], &file, NULL), KO_OK);
        bytes += (int64_t)file.size;
        ko_buf_free(&file);
    }
    ko_paths_free(&files);
    return bytes;
}

/* This shop does not tell whether anything changed. */
static void a_second_run_archives_only_what_changed(void **state)
{
    static char noise[30000]; /* that no packer makes much shorter */
    static page pages[] = {{"/item/cat", HTML, noise, 0}, {"/p/*", "", NULL, 0}};
    const int n = snprintf(noise, sizeof noise, "%s<!--", PRODUCT("cat"));
    uint32_t chance = 1;
    for (size_t i = (size_t)n; i + 4 < sizeof noise; i++) {
        chance = chance * 1664525u + 1013904223u;
        noise[i] = (char)('a' + (chance >> 24) % 26);
    }
    (void)snprintf(noise + sizeof noise - 4, 4, "-->");
    bench *b = *state;
    SERVE(b, pages, false);
    const int64_t id = add_source(b, "/item/cat");
    run(b, id);
    const int64_t whole = archived_bytes(b);
    assert_true(whole > 15000);
    assert_int_equal(
        sqlite3_exec(b->store->db, "UPDATE web_answer SET at = at - 100", NULL, NULL, NULL),
        SQLITE_OK); /* later, and not at once */
    run(b, id);
    assert_int_equal(asked(&b->site, "/item/cat"), 2);
    assert_int_equal(number(b, "SELECT count(*) FROM listing_answer"), 2);
    assert_in_range(archived_bytes(b) - whole, 1, 2000);
    noise[n] = '.';
    run(b, id);
    assert_true(archived_bytes(b) > whole + 15000);
}

static void a_list_of_urls_is_a_page_each(void **state)
{
    static const page pages[] = {
        {"/list.txt", "Content-Type: text/plain\r\n", "ORIGIN/item/cat\nORIGIN/item/dog\n", 0},
        {"/item/cat", HTML, PRODUCT("cat"), 0},
        {"/item/dog", HTML, PRODUCT("dog"), 0},
        {"/p/*", "", NULL, 0},
    };
    bench *b = *state;
    SERVE(b, pages, false);
    const int64_t id = add_source(b, "/list.txt");
    run(b, id);
    assert_string_equal(source_of(b, id).kind, "urls");
    assert_string_equal(source_of(b, id).result, "2 listings, 2 new");
}

static void one_listing_is_a_source_too(void **state)
{
    static const page pages[] = {{"/item/cat", HTML, PRODUCT("cat"), 0}, {"/p/*", "", NULL, 0}};
    bench *b = *state;
    SERVE(b, pages, false);
    const int64_t id = add_source(b, "/item/cat");
    run(b, id);
    assert_string_equal(source_of(b, id).kind, "page");
    assert_string_equal(source_of(b, id).result, "1 listing, 1 new");
    assert_int_equal(b->site.n_seen, 1 + 1 + 2);
}

/* Writes a file beside the database and makes it a source. */
static int64_t add_file(bench *b, const char *name, const char *text)
{
    char path[160];
    char *content = filled(&b->site, text);
    (void)snprintf(path, sizeof path, "%s/%s", b->folder, name);
    assert_int_equal(ko_file_write(path, content, strlen(content), NULL), KO_OK);
    ko_free(content);
    return add_address(b, name, path);
}

static void files_are_sources_too(void **state)
{
    static const page pages[] = {{"/item/cat", HTML, PRODUCT("cat"), 0}, {"/p/*", "", NULL, 0}};
    bench *b = *state;
    SERVE(b, pages, false);
    const int64_t urls = add_file(b, "urls.txt", "ORIGIN/item/cat\nORIGIN/item/gone\n");
    const int64_t sheet = add_file(b, "sheet.csv",
                                   "url,title,image\n"
                                   "https://m.example/item/7,A dog,ORIGIN/p/dog.gif\n");
    const int64_t both[2] = {urls, sheet};
    ko_error err = {0};
    assert_int_equal(crawl(b, both, 2, &err), KO_OK);
    assert_string_equal(source_of(b, urls).result, "1 listing, 1 new; 1 page gone");
    assert_string_equal(source_of(b, sheet).result, "1 listing, 1 new");
    assert_int_equal(b->counts.pictures, 3);
    assert_string_equal(b->problems, "");
}

static void an_interface_is_searched_to_its_end(void **state)
{
#define ITEM(id, name)                                                                             \
    "{\"itemId\":\"v1|" id "|0\",\"legacyItemId\":\"" id "\",\"title\":\"" name "\","              \
    "\"price\":{\"value\":\"9.00\",\"currency\":\"USD\"},\"seller\":{\"username\":\"fox\"},"       \
    "\"image\":{\"imageUrl\":\"ORIGIN/p/" name ".gif\"},"                                          \
    "\"itemWebUrl\":\"https://www.ebay.com/itm/" id "\"}"
#define SEARCH "/buy/browse/v1/item_summary/search?q=fox%20pin&limit=200&offset="
    static const page pages[] = {
        {"/identity/v1/oauth2/token", JSON, "{\"access_token\":\"t0ken\",\"expires_in\":7200}", 0},
        {SEARCH "0", JSON,
         "{\"total\":201,\"next\":\"https://api.ebay.com/next\",\"itemSummaries\":[" ITEM(
             "110000000001", "one") "," ITEM("110000000002", "two") "]}",
         0},
        {SEARCH "200", JSON,
         "{\"total\":201,\"itemSummaries\":[" ITEM("110000000003", "three") "]}", 0},
        {"/p/*", "", NULL, 0},
    };
    bench *b = *state;
    assert_int_equal(setenv("KNOCKOFF_EBAY_ID", "lantern-id", 1), 0);
    assert_int_equal(setenv("KNOCKOFF_EBAY_SECRET", "lantern-secret", 1), 0);
    assert_int_equal(ko_api_keys_read(NULL, &b->keys, NULL), KO_OK);
    SERVE(b, pages, false);
    const int64_t id = add_address(b, "pins", "ebay:search?q=fox pin");
    run(b, id);
    assert_string_equal(source_of(b, id).kind, "api");
    assert_string_equal(source_of(b, id).result, "3 listings, 3 new");
    assert_int_equal(b->counts.pictures, 3);
    assert_int_equal(number(b, "SELECT sum(used) FROM web_quota"), 3); /* the token's too */
    /* Neither the token nor a key lies anywhere. */
    assert_int_equal(number(b, "SELECT count(*) FROM web_answer WHERE url LIKE '%token%'"), 0);
    run(b, id);
    assert_string_equal(source_of(b, id).result, "3 listings, 0 new");
    ko_api_keys_free(b->keys);
    b->keys = NULL;
}

static void a_search_without_a_key_says_which(void **state)
{
    bench *b = *state;
    SERVE(b, shopify_shop, false);
    const int64_t id = add_address(b, "pins", "etsy:search?q=fox");
    run(b, id);
    assert_non_null(strstr(source_of(b, id).result, "KNOCKOFF_ETSY_KEY"));
    assert_int_equal(b->site.n_seen, 0);
}

/* --- what sites do --- */

static void a_calendar_without_end_is_not_followed(void **state)
{
    static const page pages[] = {
        {"/days*", HTML,
         "<html><head><title>Days</title><link rel='next' href='/days/next'></head>"
         "<body><p>Nothing on this day.</p></body></html>",
         0},
    };
    bench *b = *state;
    SERVE(b, pages, false);
    const int64_t id = add_source(b, "/days");
    run(b, id);
    assert_string_equal(source_of(b, id).result, "0 listings, 0 new");
    assert_int_equal(asked(&b->site, "/days/next"), 0);
}

static void a_list_that_goes_on_with_the_same_is_left(void **state)
{
#define LIST                                                                                       \
    "<html><head><title>Shop</title><link rel='next' href='/?page=NEXT'>"                          \
    "<script "                                                                                     \
    "type='application/ld+json'>{\"@context\":\"https://schema.org\",\"@type\":\"ItemList\","      \
    "\"itemListElement\":[{\"@type\":\"ListItem\",\"position\":1,\"url\":\"ORIGIN/item/cat\"},"    \
    "{\"@type\":\"ListItem\",\"position\":2,\"url\":\"ORIGIN/item/dog\"}]}</script></head>"        \
    "<body><a href='/item/cat'>cat</a> <a href='/item/dog'>dog</a></body></html>"
    static const page pages[] = {
        {"/", HTML, LIST, 0},
        {"/?page=*", HTML, LIST, 0},
        {"/item/cat", HTML, PRODUCT("cat"), 0},
        {"/item/dog", HTML, PRODUCT("dog"), 0},
        {"/p/*", "", NULL, 0},
    };
    bench *b = *state;
    SERVE(b, pages, false);
    const int64_t id = add_source(b, "/");
    run(b, id);
    assert_string_equal(source_of(b, id).kind, "list");
    assert_string_equal(source_of(b, id).result, "2 listings, 2 new");
    size_t lists = 0;
    for (size_t i = 0; i < b->site.n_seen; i++)
        lists += strncmp(b->site.seen[i], "/?page=", 7) == 0;
    assert_in_range(lists, 2, KO_MAX_IDLE_LISTS + 1);
    /* What was read to find out what it is was not asked for again. */
    assert_int_equal(asked(&b->site, "/"), 1);
    assert_int_equal(asked(&b->site, "/robots.txt"), 1);
}

static void a_wall_ends_the_run_of_its_host(void **state)
{
    static const page pages[] = {
        {"/list.txt", "Content-Type: text/plain\r\n",
         "ORIGIN/item/1\nORIGIN/item/2\nORIGIN/item/3\nORIGIN/item/4\n", 0},
        {"/item/*", HTML,
         "<html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1>"
         "<div class='g-recaptcha'></div>"
         "<script src='/cdn-cgi/challenge-platform/h/b/orchestrate.js'></script></body></html>",
         403},
    };
    bench *b = *state;
    SERVE(b, pages, false);
    const int64_t id = add_source(b, "/list.txt");
    run(b, id);
    size_t items = 0;
    for (size_t i = 0; i < b->site.n_seen; i++)
        items += strncmp(b->site.seen[i], "/item/", 6) == 0;
    assert_int_equal(items, 1);
    assert_int_equal(b->counts.blocked, 4);
    assert_non_null(strstr(source_of(b, id).result, "blocked by "));
    assert_non_null(strstr(source_of(b, id).result, "save the page in your browser and ingest it"));
    assert_false(source_of(b, id).running);
    assert_int_equal(number(b, "SELECT count(*) FROM listing"), 0);
    run(b, id); /* the next run tries once more, and no more than that */
    items = 0;
    for (size_t i = 0; i < b->site.n_seen; i++)
        items += strncmp(b->site.seen[i], "/item/", 6) == 0;
    assert_int_equal(items, 2);
}

static void a_host_that_only_refuses_is_left_alone(void **state)
{
    static const page pages[] = {
        {"/list.txt", "Content-Type: text/plain\r\n",
         "ORIGIN/item/1\nORIGIN/item/2\nORIGIN/item/3\nORIGIN/item/4\nORIGIN/item/5\n"
         "ORIGIN/item/6\nORIGIN/item/7\nORIGIN/item/8\n",
         0},
        {"/item/*", "Content-Type: text/plain\r\n", "No.", 403},
    };
    bench *b = *state;
    SERVE(b, pages, false);
    const int64_t id = add_source(b, "/list.txt");
    run(b, id);
    assert_int_equal(b->site.n_seen, 2 + KO_MAX_CRAWL_REFUSALS); /* robots.txt and the list */
    assert_int_equal(b->counts.failed, KO_MAX_CRAWL_REFUSALS);
    assert_int_equal(b->counts.blocked, 8 - KO_MAX_CRAWL_REFUSALS);
    assert_false(source_of(b, id).running);
}

static void a_host_that_asks_for_time_gets_it(void **state)
{
    static const page pages[] = {
        {"/list.txt", "Content-Type: text/plain\r\n", "ORIGIN/item/cat\nORIGIN/item/dog\n", 0},
        {"/item/*", "Retry-After: 3600\r\n", "Too many", 429},
    };
    bench *b = *state;
    SERVE(b, pages, false);
    const int64_t id = add_source(b, "/list.txt");
    run(b, id);
    assert_true(source_of(b, id).running);
    assert_string_equal(source_of(b, id).result, "0 listings, 0 new; 2 pages to be asked later");
    const size_t seen = b->site.n_seen;
    run(b, id); /* too early */
    assert_int_equal(b->site.n_seen, seen);
    assert_true(source_of(b, id).running);
    /* An hour later. */
    static const page after[] = {{"/item/cat", HTML, PRODUCT("cat"), 0},
                                 {"/item/dog", HTML, PRODUCT("dog"), 0},
                                 {"/p/*", "", NULL, 0}};
    (void)number(
        b, "UPDATE request SET not_before = not_before - 3601 WHERE not_before > 0 RETURNING 1");
    (void)number(
        b, "UPDATE web_host SET not_before = not_before - 3601 WHERE not_before > 0 RETURNING 1");
    b->site.pages = after;
    b->site.n_pages = sizeof after / sizeof *after;
    run(b, id);
    assert_string_equal(source_of(b, id).result, "2 listings, 2 new");
    assert_false(source_of(b, id).running);
    assert_int_equal(asked(&b->site, "/list.txt"), 1);
}

static void a_page_in_place_of_a_picture_is_told(void **state)
{
    static const page pages[] = {
        {"/item/cat", HTML, PRODUCT("cat"), 0},
        {"/p/cat-1.gif", HTML, "<html><body>Please log in</body></html>", 0},
        {"/p/*", "", NULL, 0},
    };
    bench *b = *state;
    SERVE(b, pages, false);
    run(b, add_source(b, "/item/cat"));
    assert_int_equal(b->counts.pictures, 1);
    assert_int_equal(b->counts.failed, 1);
    assert_non_null(strstr(b->problems, "/p/cat-1.gif: "));
    assert_int_equal(number(b, "SELECT count(*) FROM web_picture WHERE state = 2"), 1);
}

static void an_address_of_the_own_network_is_never_asked(void **state)
{
    static const page pages[] = {
        {"/list.txt", "Content-Type: text/plain\r\n",
         "http://localhost:1/a\nhttp://[::1]:9/b\nhttp://169.254.169.254/c\n", 0},
    };
    bench *b = *state;
    SERVE(b, pages, false);
    const int64_t id = add_source(b, "/list.txt");
    run(b, id);
    assert_string_equal(source_of(b, id).result, "0 listings, 0 new; 3 pages failed");
    assert_non_null(strstr(b->problems, "169.254.169.254"));
}

/* --- ends and beginnings --- */

static char many[20000];

/* 200 pages, each with two pictures. */
static const page many_pages[] = {
    {"/list.txt", "Content-Type: text/plain\r\n", many, 0},
    {"/item/*", HTML, PRODUCT("cat"), 0},
    {"/p/*", "", NULL, 0},
};
#define N_MANY 200

static int64_t serve_many(bench *b)
{
    size_t at = 0;
    for (int i = 0; i < N_MANY; i++)
        at += (size_t)snprintf(many + at, sizeof many - at, "ORIGIN/item/%03d\n", i);
    SERVE(b, many_pages, false);
    return add_source(b, "/list.txt");
}

/* Crawls in a process of its own, to which the site sends a signal; returns how it ended. */
static int crawl_until(bench *b, int64_t source, int signal, size_t strike_at)
{
    ko_store_close(b->store);
    b->store = NULL;
    (void)pthread_mutex_lock(&b->site.lock); /* until it is known whom to strike */
    const pid_t child = fork();
    if (child == 0) {
        ko_error err = {0};
        ko_stop_install();
        open_store(b);
        const ko_status st = crawl(b, &source, 1, &err);
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

/* Writes down which pages are known to be answered. */
static size_t note_done(bench *b, bool done[N_MANY])
{
    sqlite3_stmt *stmt = NULL;
    size_t n = 0;
    assert_int_equal(sqlite3_prepare_v2(b->store->db,
                                        "SELECT substr(url, -3) FROM request WHERE state = 1"
                                        " AND url LIKE '%/item/%'",
                                        -1, &stmt, NULL),
                     SQLITE_OK);
    for (; sqlite3_step(stmt) == SQLITE_ROW; n++)
        done[sqlite3_column_int(stmt, 0)] = true;
    (void)sqlite3_finalize(stmt);
    return n;
}

static void finish_many(bench *b, int64_t id, const bool done[N_MANY])
{
    size_t before[N_MANY];
    char target[32];
    for (int i = 0; i < N_MANY; i++) {
        (void)snprintf(target, sizeof target, "/item/%03d", i);
        before[i] = asked(&b->site, target);
    }
    assert_true(source_of(b, id).running);
    run(b, id);
    assert_false(source_of(b, id).running);
    for (int i = 0; i < N_MANY; i++) {
        (void)snprintf(target, sizeof target, "/item/%03d", i);
        const size_t after = asked(&b->site, target);
        assert_int_equal(after - before[i], done[i] ? 0 : 1);
    }
    assert_int_equal(asked(&b->site, "/list.txt"), 1);
    assert_int_equal(number(b, "SELECT count(*) FROM listing"), N_MANY);
    assert_int_equal(number(b, "SELECT count(*) FROM listing_photo"), 2 * N_MANY);
    assert_int_equal(number(b, "SELECT count(*) FROM photo"), 2);
    assert_int_equal(number(b, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
}

static void a_crawl_that_is_killed_goes_on(void **state)
{
    bench *b = *state;
    bool done[N_MANY] = {false};
    const int64_t id = serve_many(b);
    /* Two batches of a hundred would be whole then. */
    const int status = crawl_until(b, id, SIGKILL, N_MANY - 10);
    assert_true(WIFSIGNALED(status));
    const size_t n = note_done(b, done);
    assert_true(n >= 90 && n < N_MANY);
    finish_many(b, id, done);
}

static void a_crawl_that_is_stopped_keeps_all_that_came(void **state)
{
    bench *b = *state;
    bool done[N_MANY] = {false};
    const int64_t id = serve_many(b);
    const int status = crawl_until(b, id, SIGINT, 50);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), KO_E_STOPPED);
    /* robots.txt, the list, two pictures, and the one that was under way. */
    assert_true(note_done(b, done) >= 50 - 5);
    finish_many(b, id, done);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_whole_shopify_shop_comes_over_tls),
        TEST(woocommerce_pages_end_where_the_shop_says),
        TEST(sitemaps_lead_to_the_pages_that_robots_may_see),
        TEST(a_second_run_asks_only_for_what_changed),
        TEST(what_never_changes_is_asked_for_whole_now_and_then),
        TEST(a_second_run_archives_only_what_changed),
        TEST(a_list_of_urls_is_a_page_each),
        TEST(one_listing_is_a_source_too),
        TEST(files_are_sources_too),
        TEST(an_interface_is_searched_to_its_end),
        TEST(a_search_without_a_key_says_which),
        TEST(a_calendar_without_end_is_not_followed),
        TEST(a_list_that_goes_on_with_the_same_is_left),
        TEST(a_wall_ends_the_run_of_its_host),
        TEST(a_host_that_only_refuses_is_left_alone),
        TEST(a_host_that_asks_for_time_gets_it),
        TEST(a_page_in_place_of_a_picture_is_told),
        TEST(an_address_of_the_own_network_is_never_asked),
        TEST(a_crawl_that_is_killed_goes_on),
        TEST(a_crawl_that_is_stopped_keeps_all_that_came),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
