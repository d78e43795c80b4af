/* knockoff ingest - listings in: whatever files say what is offered, and what shows it. */
#include "cli/commands.h"

#include "base/clock.h"
#include "base/progress.h"
#include "cli/past.h"
#include "cli/web.h"
#include "crawl/crawl.h"
#include "ingest/source.h"
#include "report/counts.h"
#include "store/web.h"

#include <inttypes.h>
#include <stddef.h>

typedef struct ingest_options {
    ko_common common;
    const char *as, *url;
    bool fetch;
    ko_online_options online;
} ingest_options;

static const ko_option options[] = {
    {"as", 0, KO_OPT_TEXT, offsetof(ingest_options, as), "KIND",
     "what the files are, if that is not seen: html, har, warc, mhtml, shopify, woocommerce, feed, "
     "ebay, etsy, aliexpress, sitemap, urls, csv, json"},
    {"url", 0, KO_OPT_TEXT, offsetof(ingest_options, url), "URL",
     "where a single page was saved from"},
    {"fetch", 0, KO_OPT_FLAG, offsetof(ingest_options, fetch), NULL,
     "fetch the pictures that listings name and that are not here, as crawl does"},
    KO_ONLINE_OPTIONS(offsetof(ingest_options, online)),
    {0},
};

/* What stays the same for all that is ingested. */
typedef struct ingesting {
    ko_store *store;
    ko_archive *archive;
    ko_problems *problems;
    ko_ingest_source_options how;
} ingesting;

static void say(void *context, const char *line)
{
    (void)context;
    ko_say("%s", line);
}

/* --- pictures that are only named --- */

static void on_progress(void *context, const ko_crawl_counts *counts, size_t waiting)
{
    ko_progress *progress = context;
    progress->total = counts->pictures + waiting;
    ko_progress_show(progress, counts->pictures);
}

/* Those that were given up are asked for once more: the user wants them now. */
static ko_status fetch_pictures(const ingest_options *o, const ingesting *in,
                                ko_crawl_counts *counts, ko_error *err)
{
    ko_online online = {0};
    ko_progress progress;
    ko_status st = ko_web_pictures_renew(in->store, err);
    if (st == KO_OK)
        st = ko_online_open(&o->common, &o->online, in->store, &online, err);
    if (st == KO_OK)
        st = ko_online_lock(&o->common, &online, err);
    const ko_crawl_options how = {.store = in->store,
                                  .archive = in->archive,
                                  .net = online.net,
                                  .problems = in->problems,
                                  .on_progress = on_progress,
                                  .context = &progress};
    ko_progress_start(&progress, "pictures", 0);
    if (st == KO_OK)
        st = ko_crawl_pictures(&how, counts, err);
    ko_progress_end(&progress);
    ko_online_close(&online);
    return st;
}

/* --- what is said --- */

static void print_json(const ko_ingest_counts *c, const ko_crawl_counts *fetched, int64_t to_fetch,
                       const ko_past_news *past)
{
    json_t *object = ko_ingest_json(c, to_fetch);
    if (fetched)
        (void)json_object_set_new(object, "fetched", json_integer((json_int_t)fetched->pictures));
    ko_json_line(stdout, ko_past_json(object, past));
}

static void print_fetched(const ko_crawl_counts *c)
{
    ko_print("%zu picture%s fetched", c->pictures, ko_plural(c->pictures));
    if (c->gone)
        ko_print(", %zu gone", c->gone);
    if (c->forbidden)
        ko_print(", %zu forbidden by robots.txt", c->forbidden);
    if (c->failed)
        ko_print(", %zu failed", c->failed);
    ko_print("\n");
}

/* fetched is NULL when nothing was to be fetched. */
static void print(const ko_common *o, const ko_ingest_counts *c, const ko_crawl_counts *fetched,
                  int64_t to_fetch, const ko_past_news *past)
{
    if (o->json) {
        print_json(c, fetched, to_fetch, past);
        return;
    }
    ko_print("%zu listing%s (%zu new) with %zu photo%s (%zu new)", c->listings,
             ko_plural(c->listings), c->new_listings, c->photos, ko_plural(c->photos),
             c->new_photos);
    if (c->missing)
        ko_print(", %zu photos missing", c->missing);
    if (to_fetch && !fetched)
        ko_print("; %" PRId64 " picture%s to be fetched: knockoff ingest --fetch or knockoff crawl",
                 to_fetch, ko_plural((size_t)to_fetch));
    ko_print("\n");
    if (fetched)
        print_fetched(fetched);
    ko_print_past(past);
    ko_print("next: knockoff scan\n");
}

/* Whether the words fit together; else says which do not. */
static bool fits(const ingest_options *o)
{
    const ko_words *operands = &o->common.operands;
    if (operands->count == 0 && !o->fetch)
        ko_say("ingest needs folders, pictures, pages or sheets (knockoff help ingest)");
    else if (o->as && !ko_ingest_is_kind(o->as))
        ko_say("--as %s: not one of %s", o->as, ko_ingest_kinds());
    else if (o->url && operands->count > 1)
        ko_say("--url says where one page is from, and %zu are named", operands->count);
    else if (o->url && !ko_is_web_url(o->url))
        ko_say("--url %s: not an address of the web", o->url);
    else
        return true;
    return false;
}

static ko_status ingest_all(const ingest_options *o, ingesting *in, ko_error *err)
{
    ko_web_picture_counts pictures = {0};
    ko_ingest_counts counts = {0};
    ko_crawl_counts fetched = {0};
    ko_past_news past = {0};
    const int64_t begun = ko_clock_now();
    in->how = (ko_ingest_source_options){.as = o->as, .url = o->url, .say = say};
    ko_status st = ko_open_database(&o->common, KO_STORE_OPEN, &in->store, err);
    if (st == KO_OK)
        st = ko_open_archive(&o->common, "Knockoff/" KO_VERSION, &in->archive, err);
    for (size_t i = 0; st == KO_OK && i < o->common.operands.count; i++)
        st = ko_ingest_whole(in->store, in->archive, o->common.operands.word[i], &in->how,
                             in->problems, &counts, err);
    if (st == KO_OK)
        st = ko_take_past(&o->common, in->store, counts.remarks > 0, begun, in->problems, &past,
                          err);
    if (st == KO_OK && o->fetch)
        st = fetch_pictures(o, in, &fetched, err);
    if (st == KO_OK)
        st = ko_web_picture_count(in->store, &pictures, err);
    if (st == KO_OK)
        print(&o->common, &counts, o->fetch ? &fetched : NULL, pictures.fresh, &past);
    return st;
}

static ko_exit run(char **words, size_t n)
{
    ingest_options o = {0};
    ko_problems problems = ko_problems_said();
    ingesting in = {.problems = &problems};
    ko_error err = {0};
    ko_exit code = KO_EXIT_OK;
    if (!ko_begin(&ko_cmd_ingest, words, n, &o, &code))
        goto done;
    if (!fits(&o)) {
        code = KO_EXIT_USAGE;
        goto done;
    }
    if (ingest_all(&o, &in, &err) != KO_OK)
        code = ko_give_up(&err);
    else
        code = problems.count ? KO_EXIT_REFUSED : KO_EXIT_OK;
done:
    ko_archive_close(in.archive);
    ko_store_close(in.store);
    ko_options_free(options, &o);
    return code;
}

const ko_command ko_cmd_ingest = {
    .name = "ingest",
    .summary = "take in listings: pictures, sheets, saved pages, captures, feeds",
    .usage = "[options] PATH...",
    .description =
        "What a file is shows in its content; - is standard input. Nothing is fetched\n"
        "without --fetch, which also stands alone.\n"
        "A picture is a listing of its own. A page that a browser saved (complete, as one file,\n"
        "as .mht) gives what it sells, with the pictures saved along; so does each page in a HAR\n"
        "or WARC, and each product in a feed or in the reply of a shop's interface.\n"
        "Of a folder all these are taken.\n"
        "A sheet (CSV with any of , ; tab |, or JSON Lines): a row is a listing. Columns are\n"
        "known by many names: url (link, listing), title (name, product), seller (shop, store),\n"
        "price, currency, image (picture, photo: local paths or URLs, several divided by |).\n"
        "A sheet kept by hand also says what was done: work (design), registration no., date "
        "found,\n"
        "date reported, notice no., status, date removed, notes and more, in English, German,\n"
        "French or Spanish. All of it is kept, other columns too, and what was reported becomes\n"
        "notices; knockoff export --for spreadsheet writes it again. Of other tables, columns "
        "that\n"
        "mean nothing here are named and left out. A text of URLs: each is a listing.\n"
        "Sheets and texts of URLs are ingested when they are named, not out of folders.\n"
        "Rows and pages with the same URL are one listing. Ingesting the same again changes\n"
        "nothing but the day it was last seen.",
    .options = options,
    .run = run,
};
