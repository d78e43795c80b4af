/* How much of what pages say of their listings is read right.
 *
 * A folder has pages and manifest.csv: file, kind, and what a reader must get: title, price,
 * currency, seller, image_urls, canonical_url; an empty cell states nothing and counts neither
 * way. Several listings of one file are separated by "||" or "|", pictures by "|". */
#include "bench.h"
#include "suites.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "page/charset.h"
#include "page/page.h"
#include "page/record.h"
#include "platform/canonical.h"

#include <csv.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: bench_pages FOLDER [--json] [--wrong]\n"
    "  FOLDER   holds manifest.csv, the pages that it names, and the suites of suites.h\n"
    "  --wrong  tell on standard error each field and case that came out wrong\n";

enum { TITLE, PRICE, CURRENCY, SELLER, URL, IMAGES, FIELDS };
static const char *const field_names[FIELDS] = {"title",  "price", "currency",
                                                "seller", "url",   "images"};

/* Columns of the manifest; those of fields come first, in their order. */
enum { FILE_NAME = FIELDS, KIND, NOTES, COLUMNS };
static const char *const column_names[COLUMNS] = {
    "title", "price", "currency", "seller", "canonical_url", "image_urls", "file", "kind", "notes"};

/* What pages of a kind are there to show. */
typedef enum page_task { LISTINGS, NOTHING, BLOCKED, ENCODING } page_task;

static const struct kind_row {
    const char *name;
    page_task task;
} kinds[] = {
    {"product-benchmark", LISTINGS}, {"marketplace-html", LISTINGS}, {"scrapex-live", LISTINGS},
    {"shopify-json", LISTINGS},      {"ebay-json", LISTINGS},        {"etsy-json", LISTINGS},
    {"aliexpress-json", LISTINGS},   {"merchant-feeds", LISTINGS},   {"sitemaps", LISTINGS},
    {"negative-html", NOTHING},      {"challenge-pages", BLOCKED},   {"encodings", ENCODING},
};
#define KINDS (sizeof kinds / sizeof *kinds)

typedef struct result {
    ko_share field[FIELDS];
    ko_share told; /* of other tasks: pages that came out right */
    size_t pages, listings, links, price_claims;
    int64_t took_ns;
} result;

typedef struct pages_bench {
    const char *folder;
    bool json, wrong;
    result result[KINDS];
    json_t *suites;

    /* The row that is being read. */
    char *cell[COLUMNS];
    size_t column, column_of[64]; /* COLUMNS: none that is needed */
    bool header_done;
} pages_bench;

/* --- one page --- */

/* A page read, and the records of its first listings. */
#define MAX_RECORDS 4
typedef struct reading {
    ko_page page;
    ko_listing record[MAX_RECORDS];
    size_t n_records;
} reading;

static bool read_page(const pages_bench *bench, const char *name, reading *out, int64_t *out_ns)
{
    char path[KO_MAX_PATH_BYTES];
    ko_buf bytes = KO_BUF(KO_MAX_PAGE_BYTES);
    ko_error err = {0};
    (void)snprintf(path, sizeof path, "%s/%s", bench->folder, name);
    ko_status st = ko_file_read(path, &bytes, &err);
    const ko_page_source source = {.bytes = bytes.data, .size = bytes.size};
    const int64_t start_ns = ko_bench_now_ns();
    if (st == KO_OK)
        st = ko_page_read(&source, &out->page, &err);
    for (size_t i = 0; st == KO_OK && i < out->page.offers.count && i < MAX_RECORDS; i++)
        if (ko_offer_record(&out->page.offers.offer[i], &out->record[i], &err) == KO_OK)
            out->n_records++;
    *out_ns = ko_bench_now_ns() - start_ns;
    ko_buf_free(&bytes);
    return st == KO_OK;
}

static void reading_free(reading *read)
{
    for (size_t i = 0; i < read->n_records; i++)
        ko_listing_free(&read->record[i]);
    ko_page_free(&read->page);
}

/* --- is a field right? --- */

/* Copies the next value of a cell that holds several, separated by "||", or by "|" when bars
 * separate; false behind the last. */
static bool next_value(const char **at, bool bars, char *out, size_t size)
{
    if (!*at)
        return false;
    const char *end = strstr(*at, bars ? "|" : "||");
    const char *from = *at + strspn(*at, " |");
    size_t n = end && end >= from ? (size_t)(end - from) : strlen(from);
    while (n > 0 && from[n - 1] == ' ')
        n--;
    (void)snprintf(out, size, "%.*s", (int)n, from);
    *at = end ? end + (bars ? 1 : 2) : NULL;
    return true;
}

/* Blanks do not count; what is cut with "..." is a beginning. */
static bool same_text(const char *expected, const char *found)
{
    while (*expected) {
        if (strncmp(expected, " ...", 4) == 0 || strncmp(expected, "...", 3) == 0)
            return true;
        if (*expected == ' ' || *found == ' ') {
            expected += *expected == ' ';
            found += *found == ' ';
            continue;
        }
        if (*expected++ != *found++)
            return false;
    }
    return found[strspn(found, " ")] == '\0';
}

static bool same_price(const char *expected, const ko_listing *record)
{
    ko_price price;
    if (ko_price_read(expected, record->currency, &price) != KO_OK || !record->has_price)
        return false;
    const double wanted = (double)price.low_minor / pow(10, price.minor_digits);
    const double found = (double)record->amount.low_minor / pow(10, record->amount.minor_digits);
    const bool range = price.high_minor > price.low_minor;
    return fabs(wanted - found) < 0.005 &&
           (!range || record->amount.high_minor == price.high_minor);
}

/* A seller without a name is given as "shop_id N". */
static bool same_seller(const char *expected, const ko_listing *record)
{
    if (strncmp(expected, "shop_id ", 8) == 0)
        return strncmp(expected + 8, record->seller_id, strcspn(expected + 8, " ")) == 0;
    return same_text(expected, record->seller) || same_text(expected, record->seller_id);
}

/* What remains of a URL when scheme and last slash do not count. */
static const char *bare(char *url)
{
    char *host = strstr(url, "//");
    const size_t n = strlen(url);
    if (n > 0 && url[n - 1] == '/')
        url[n - 1] = '\0';
    return host ? host + 2 : url;
}

static bool same_url(const char *expected, const ko_listing *record)
{
    ko_url url;
    ko_canonical canonical;
    char wanted[KO_MAX_URL_BYTES + 1] = "", found[KO_MAX_URL_BYTES + 1];
    if (ko_url_parse(expected, strlen(expected), NULL, &url, NULL) == KO_OK &&
        ko_canonical_listing(&url, &canonical, NULL) == KO_OK)
        (void)snprintf(wanted, sizeof wanted, "%s", ko_canonical_key(&canonical));
    (void)snprintf(found, sizeof found, "%s", record->key);
    return strcmp(bare(wanted), bare(found)) == 0;
}

/* All pictures stated are there; in any size and scheme. */
static bool same_images(const char *cell, const ko_listing *record)
{
    char text[KO_MAX_URL_BYTES + 1];
    bool all = true;
    for (const char *at = cell; all && next_value(&at, true, text, sizeof text);) {
        ko_url url;
        if (ko_url_parse(text, strlen(text), NULL, &url, NULL) != KO_OK ||
            ko_canonical_image(&url, &url, NULL) != KO_OK)
            continue;
        bool found = false;
        for (size_t i = 0; i < record->n_pictures && !found; i++) {
            char other[KO_MAX_URL_BYTES + 1];
            (void)snprintf(other, sizeof other, "%s", record->pictures[i].url);
            found = strcmp(bare(other), url.text + url.host) == 0;
        }
        all = found;
    }
    return all;
}

static bool same_value(int field, const char *expected, const ko_listing *record)
{
    switch (field) {
    case TITLE:
        return same_text(expected, record->title);
    case PRICE:
        return same_price(expected, record);
    case CURRENCY:
        return ko_suites_same_currency(expected, record->currency);
    case SELLER:
        return same_seller(expected, record);
    case URL:
        return same_url(expected, record);
    default:
        return strncmp(expected, "http", 4) != 0 || same_images(expected, record);
    }
}

/* Several values are of several listings in order; a benchmark page has one listing, of which any
 * of several prices is right. */
static bool is_right(int field, const char *cell, const reading *read, bool one)
{
    const bool bars = (field == PRICE || field == SELLER) && !strstr(cell, " - ");
    char value[8 * KO_MAX_URL_BYTES];
    bool all = true, any = false;
    size_t i = 0;
    for (const char *at = cell; next_value(&at, bars, value, sizeof value); i++) {
        const size_t of = one ? 0 : i;
        const bool right = of < read->n_records && same_value(field, value, &read->record[of]);
        all = all && right;
        any = any || right;
    }
    return one ? any : all;
}

/* --- one row --- */

static void tell(const pages_bench *bench, const char *what, const char *expected,
                 const ko_listing *record)
{
    if (!bench->wrong)
        return;
    (void)fprintf(stderr, "%s: %s: expected \"%.100s\"", bench->cell[FILE_NAME], what, expected);
    if (record)
        (void)fprintf(stderr, ", got \"%.60s\" \"%s%s%s\" \"%s\" \"%s\" %s, %zu pictures",
                      record->title, record->price, record->price_max[0] ? " to " : "",
                      record->price_max, record->currency, record->seller, record->key,
                      record->n_pictures);
    (void)fprintf(stderr, "\n");
}

static void count_listings(const pages_bench *bench, const reading *read, result *out)
{
    const bool one = strcmp(bench->cell[KIND], "product-benchmark") == 0;
    for (int f = 0; f < FIELDS; f++) {
        const char *cell = bench->cell[f];
        if (!cell || !*cell)
            continue;
        const bool right = is_right(f, cell, read, one);
        out->field[f].all++;
        out->field[f].right += right;
        if (!right)
            tell(bench, field_names[f], cell, read->n_records ? &read->record[0] : NULL);
    }
    out->price_claims += read->n_records > 0 && read->record[0].has_price;
}

/* By the names of the encodings' families: browsers read the older ones as their supersets. */
static bool same_encoding(const char *expected, const char *found)
{
    static const char *const families[][2] = {
        {"Big5", "BIG5-HKSCS"},           {"GB2312", "GB18030"},  {"EUC-KR", "CP949"},
        {"SHIFT_JIS", "CP932"},           {"UTF-16", "UTF-16BE"}, {"utf-8-sig", "UTF-8"},
        {"windows-1251", "WINDOWS-1251"},
    };
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (strncmp(expected, families[i][0], strlen(families[i][0])) == 0)
            return strcmp(found, families[i][1]) == 0;
    return strcmp(expected, found) == 0;
}

/* Decodes a file without being told what it is in. */
static bool encoding_is_told(const pages_bench *bench)
{
    char path[KO_MAX_PATH_BYTES];
    ko_buf bytes = KO_BUF(KO_MAX_PAGE_BYTES), converted = KO_BUF(3 * KO_MAX_PAGE_BYTES);
    ko_page_text text = {.encoding = ""};
    const char *expected = strstr(bench->cell[NOTES] ? bench->cell[NOTES] : "", "= ");
    (void)snprintf(path, sizeof path, "%s/%s", bench->folder, bench->cell[FILE_NAME]);
    if (ko_file_read(path, &bytes, NULL) == KO_OK && bytes.size > 0 &&
        ko_page_decode(bytes.data, bytes.size, NULL, &converted, &text, NULL) != KO_OK)
        text.encoding = "";
    ko_buf_free(&bytes);
    ko_buf_free(&converted);
    return expected && same_encoding(expected + 2, text.encoding);
}

static void count_page(pages_bench *bench, size_t kind)
{
    result *out = &bench->result[kind];
    reading read = {0};
    int64_t took_ns = 0;
    const page_task task = kinds[kind].task;
    const bool is_page =
        task != ENCODING && read_page(bench, bench->cell[FILE_NAME], &read, &took_ns);
    out->pages++;
    out->took_ns += took_ns;
    out->listings += read.page.offers.count;
    out->links += read.page.n_links;
    if (task == LISTINGS) {
        count_listings(bench, &read, out);
    } else {
        const bool right = task == NOTHING   ? is_page && read.page.offers.count == 0
                           : task == BLOCKED ? is_page && read.page.blocked
                                             : encoding_is_told(bench);
        out->told.all++;
        out->told.right += right;
        if (!right)
            tell(bench, kinds[kind].name, bench->cell[NOTES] ? bench->cell[NOTES] : "", NULL);
    }
    reading_free(&read);
}

/* --- the manifest --- */

static void on_cell(void *bytes, size_t n, void *context)
{
    pages_bench *bench = context;
    const size_t column = bench->column++;
    if (column >= sizeof bench->column_of / sizeof *bench->column_of)
        return;
    if (!bench->header_done) {
        size_t c = 0;
        while (c < COLUMNS &&
               (strlen(column_names[c]) != n || memcmp(column_names[c], bytes, n) != 0))
            c++;
        bench->column_of[column] = c;
    } else if (bench->column_of[column] < COLUMNS) {
        bench->cell[bench->column_of[column]] = ko_strndup(bytes, n);
    }
}

static void on_row(int end, void *context)
{
    pages_bench *bench = context;
    (void)end;
    for (size_t k = 0; bench->cell[KIND] && bench->cell[FILE_NAME] && k < KINDS; k++)
        if (strcmp(bench->cell[KIND], kinds[k].name) == 0)
            count_page(bench, k);
    for (size_t c = 0; c < COLUMNS; c++) {
        ko_free(bench->cell[c]);
        bench->cell[c] = NULL;
    }
    bench->column = 0;
    bench->header_done = true;
}

static bool read_manifest(pages_bench *bench)
{
    char path[KO_MAX_PATH_BYTES];
    struct csv_parser parser;
    ko_buf bytes = KO_BUF(KO_MAX_SHEET_BYTES);
    ko_error err = {0};
    (void)snprintf(path, sizeof path, "%s/manifest.csv", bench->folder);
    for (size_t i = 0; i < sizeof bench->column_of / sizeof *bench->column_of; i++)
        bench->column_of[i] = COLUMNS;
    if (ko_file_read(path, &bytes, &err) != KO_OK) {
        (void)fprintf(stderr, "bench_pages: %s\n", err.text);
        return false;
    }
    (void)csv_init(&parser, 0);
    (void)csv_parse(&parser, bytes.data, bytes.size, on_cell, on_row, bench);
    (void)csv_fini(&parser, on_cell, on_row, bench);
    csv_free(&parser);
    ko_buf_free(&bytes);
    return true;
}

/* --- the report --- */

/* Of the pages with a price, how many gave it, and of the prices given, how many were right: the
 * harmonic mean of both, as the publishers of the benchmark count. */
static double price_f1(const result *r)
{
    const double right = (double)r->field[PRICE].right;
    const double sum = (double)(r->price_claims + r->field[PRICE].all);
    return sum > 0 ? 2 * right / sum : 0;
}

static void print_share(ko_share share)
{
    if (share.all > 0)
        (void)printf(" %6zu/%-4zu", share.right, share.all);
    else
        (void)printf(" %11s", "-");
}

static void print_kinds(const pages_bench *bench)
{
    (void)printf("bench_pages on %s\n", ko_bench_cpu_name());
    (void)printf("%-18s %5s %8s %6s", "kind", "pages", "listings", "links");
    for (int f = 0; f < FIELDS; f++)
        (void)printf(" %11s", field_names[f]);
    (void)printf(" %9s\n", "ms a page");
    for (size_t k = 0; k < KINDS; k++) {
        const result *r = &bench->result[k];
        if (r->pages == 0 || kinds[k].task != LISTINGS)
            continue;
        (void)printf("%-18s %5zu %8zu %6zu", kinds[k].name, r->pages, r->listings, r->links);
        for (int f = 0; f < FIELDS; f++)
            print_share(r->field[f]);
        (void)printf(" %9.2f\n", (double)r->took_ns / 1e6 / (double)r->pages);
    }
    if (bench->result[0].pages > 0)
        (void)printf("price F1 of %s %.3f (published: best commercial 0.918, structured data "
                     "alone 0.685)\n",
                     kinds[0].name, price_f1(&bench->result[0]));
    (void)printf("\n%-24s %11s %8s\n", "suite", "right", "share");
    for (size_t k = 0; k < KINDS; k++)
        if (bench->result[k].told.all > 0)
            (void)printf("%-24s %6zu/%-4zu %7.1f%%\n", kinds[k].name, bench->result[k].told.right,
                         bench->result[k].told.all,
                         100.0 * (double)bench->result[k].told.right /
                             (double)bench->result[k].told.all);
}

static void on_suite(void *context, const char *name, ko_share share)
{
    pages_bench *bench = context;
    if (bench->json)
        (void)json_array_append_new(bench->suites, json_pack("{s:s, s:I, s:I}", "suite", name,
                                                             "right", (json_int_t)share.right,
                                                             "all", (json_int_t)share.all));
    else
        (void)printf("%-24s %6zu/%-4zu %7.1f%%\n", name, share.right, share.all,
                     share.all ? 100.0 * (double)share.right / (double)share.all : 0);
}

static void on_wrong(void *context, const char *suite, const char *text)
{
    (void)context;
    (void)fprintf(stderr, "%s: %.160s\n", suite, text);
}

static json_t *kind_json(size_t k, const result *r)
{
    json_t *object =
        json_pack("{s:s, s:I, s:I, s:I, s:f}", "kind", kinds[k].name, "pages", (json_int_t)r->pages,
                  "listings", (json_int_t)r->listings, "links", (json_int_t)r->links, "ms_a_page",
                  (double)r->took_ns / 1e6 / (double)(r->pages ? r->pages : 1));
    for (int f = 0; f < FIELDS && kinds[k].task == LISTINGS; f++)
        if (r->field[f].all > 0)
            (void)json_object_set_new(object, field_names[f],
                                      json_pack("{s:I, s:I}", "right",
                                                (json_int_t)r->field[f].right, "all",
                                                (json_int_t)r->field[f].all));
    if (k == 0)
        (void)json_object_set_new(object, "price_f1", json_real(price_f1(r)));
    return object;
}

static void print_json(const pages_bench *bench)
{
    json_t *all = json_array();
    for (size_t k = 0; k < KINDS; k++) {
        const result *r = &bench->result[k];
        if (r->told.all > 0)
            on_suite((void *)bench, kinds[k].name, r->told);
        else if (r->pages > 0)
            (void)json_array_append_new(all, kind_json(k, r));
    }
    json_t *document = json_pack("{s:s, s:s, s:o, s:O}", "program", "bench_pages", "cpu",
                                 ko_bench_cpu_name(), "kinds", all, "suites", bench->suites);
    if (document && json_dumpf(document, stdout, JSON_INDENT(2)) == 0)
        (void)putchar('\n');
    json_decref(document);
}

int main(int argc, char **argv)
{
    pages_bench bench = {.suites = json_array()};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            bench.json = true;
        else if (strcmp(argv[i], "--wrong") == 0)
            bench.wrong = true;
        else if (argv[i][0] == '-' || bench.folder)
            return ko_bench_usage(usage, argc, argv);
        else
            bench.folder = argv[i];
    }
    if (!bench.folder)
        return ko_bench_usage(usage, argc, argv);
    if (!read_manifest(&bench)) {
        json_decref(bench.suites);
        return 3;
    }
    const ko_suites suites = {
        .context = &bench, .on_suite = on_suite, .on_wrong = bench.wrong ? on_wrong : NULL};
    if (!bench.json)
        print_kinds(&bench);
    ko_suites_run(&suites, bench.folder);
    if (bench.json)
        print_json(&bench);
    json_decref(bench.suites);
    return 0;
}
