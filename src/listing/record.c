#include "listing/record.h"

#include "base/alloc.h"
#include "base/text.h"
#include "listing/values.h"

#include <assert.h>
#include <string.h>

static ko_status add_image(ko_sheet_values *values, const char *image, const char *folder,
                           bool with_web)
{
    ko_error *problem = &values->image_problem;
    if (!with_web || !ko_sheet_is_web(image))
        return ko_sheet_path(folder, image, &values->images, problem);
    char *url = NULL;
    ko_status st = ko_sheet_url("image", image, &url, problem);
    if (st == KO_OK)
        st = ko_paths_add(&values->images, url, problem);
    ko_free(url);
    return st;
}

static ko_status add_images(ko_sheet_values *values, ko_sheet_path_list *cell, const char *folder,
                            bool with_web, ko_error *why)
{
    for (char *image; (image = ko_sheet_next_path(cell));) {
        if (values->n_named == KO_MAX_LISTING_IMAGES) {
            (void)ko_fail(&values->image_problem, KO_E_LIMIT,
                          "more than %u images, the others are left out", KO_MAX_LISTING_IMAGES);
            return KO_OK;
        }
        values->n_named++;
        if (add_image(values, image, folder, with_web) == KO_E_NOMEM)
            return ko_fail(why, KO_E_NOMEM, "no memory for an image's name");
    }
    return KO_OK;
}

/* What a column such as "listing" or "item" holds in this row. */
static ko_sheet_field offer_field(const char *text)
{
    if (ko_sheet_is_web(text))
        return KO_FIELD_URL;
    return ko_sheet_is_picture_name(text, strlen(text)) ? KO_FIELD_IMAGE : KO_FIELD_TITLE;
}

/* Tables that are exported name the file of each picture, and apart from it where the same picture
 * is on the web, in as many parts. Any other list of addresses is one of more images. */
static ko_status add_image_urls(ko_sheet_values *values, char *urls, const char *folder,
                                ko_error *why)
{
    size_t parts = 1;
    for (const char *c = urls; *c; c++)
        parts += *c == '|';
    if (parts != values->images.count) {
        ko_sheet_path_list cell = {.rest = urls};
        return add_images(values, &cell, folder, true, why);
    }
    for (size_t i = 0; i < parts; i++) {
        char *next = urls + strcspn(urls, "|");
        if (i + 1 < parts)
            *next++ = '\0';
        if (*urls && !ko_sheet_is_web(values->images.path[i]))
            values->image_url[i] = urls;
        urls = next;
    }
    return KO_OK;
}

/* Of several cells in one column, as lists in JSON are, the first is kept. */
static void add_remark(ko_sheet_values *values, const ko_sheet_column *column, const char *text)
{
    const char *name = ko_sheet_column_remark(column);
    for (size_t i = 0; i < values->n_remarks; i++)
        if (strcmp(values->remark[i].name, name) == 0)
            return;
    assert(values->n_remarks < KO_MAX_SHEET_COLUMNS);
    values->remark[values->n_remarks].name = name;
    values->remark[values->n_remarks++].text = text;
}

/* One cell of a column that listings or works have, too. */
static ko_status add_cell(ko_sheet_values *values, const ko_sheet_column *column, char *text,
                          const char *folder, bool with_web, ko_error *why)
{
    const unsigned last_rank = 1000; /* behind the columns that say what they hold */
    const bool offer = column->field == KO_FIELD_OFFER;
    const ko_sheet_field field = offer ? offer_field(text) : column->field;
    const unsigned rank = offer ? last_rank : column->rank;
    assert(field < KO_FIELD_COUNT);
    if (field == KO_FIELD_IMAGE) {
        ko_sheet_path_list cell = {.rest = text};
        return add_images(values, &cell, folder, with_web, why);
    }
    if (!*values->text[field] || rank < values->rank[field]) {
        values->text[field] = text;
        values->rank[field] = rank;
    }
    return KO_OK;
}

static bool is_image_urls(const ko_sheet_columns *columns, const ko_sheet_column *column)
{
    return columns->exported && column->field == KO_FIELD_IMAGE &&
           strncmp(column->name, "image_url", strlen("image_url")) == 0;
}

ko_status ko_sheet_values_sort(ko_sheet_values *values, const ko_sheet_columns *columns,
                               ko_sheet_row *row, const char *folder, bool with_web, ko_error *why)
{
    assert(row->n_cells <= KO_MAX_SHEET_COLUMNS && columns->count <= KO_MAX_SHEET_COLUMNS);
    *values = (ko_sheet_values){0};
    for (size_t i = 0; i < KO_FIELD_COUNT; i++)
        values->text[i] = "";
    ko_status st = KO_OK;
    char *image_urls = NULL;
    for (size_t i = 0; st == KO_OK && i < row->n_cells; i++) {
        const size_t index = row->cell[i].column;
        if (index >= columns->count)
            return ko_fail(why, KO_E_FORMAT, "cell in column %zu, but only %zu columns are named",
                           index + 1, columns->count);
        const ko_sheet_column *column = &columns->column[index];
        char *text = ko_sheet_row_text(row, i);
        if (is_image_urls(columns, column))
            image_urls = text;
        else if (!ko_sheet_is_remark(column->field))
            st = add_cell(values, column, text, folder, with_web, why);
        else if (ko_sheet_columns_keep(columns))
            add_remark(values, column, text);
    }
    return st == KO_OK && image_urls ? add_image_urls(values, image_urls, folder, why) : st;
}

void ko_sheet_values_free(ko_sheet_values *values)
{
    ko_paths_free(&values->images);
}

/* A field whose text is kept as it is, once it is clean. */
typedef struct plain_text {
    ko_sheet_field field;
    char **out;
} plain_text;

static ko_status copy_texts(const ko_sheet_values *values, const plain_text *texts, size_t n,
                            ko_error *why)
{
    for (size_t i = 0; i < n; i++) {
        *texts[i].out = ko_text_clean_dup(values->text[texts[i].field]);
        if (!*texts[i].out)
            return ko_fail(why, KO_E_NOMEM, "no memory for a row");
    }
    return KO_OK;
}

/* An URL that may be missing. */
static ko_status copy_url(const char *label, const char *text, char **out_url, ko_error *why)
{
    if (*text)
        return ko_sheet_url(label, text, out_url, why);
    *out_url = ko_strdup("");
    return *out_url ? KO_OK : ko_fail(why, KO_E_NOMEM, "no memory for a row");
}

/* A date that may be missing. */
static ko_status copy_date(const char *text, char **out_date, ko_error *why)
{
    char date[KO_SHEET_DATE_SIZE] = "";
    const ko_status st = *text ? ko_sheet_date(text, date, why) : KO_OK;
    if (st != KO_OK)
        return st;
    *out_date = ko_strdup(date);
    return *out_date ? KO_OK : ko_fail(why, KO_E_NOMEM, "no memory for a row");
}

static ko_status add_pictures(const ko_sheet_values *values, ko_listing *listing, ko_error *why)
{
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < values->images.count; i++) {
        const char *image = values->images.path[i], *url = values->image_url[i];
        const bool web = ko_sheet_is_web(image);
        st = ko_listing_add_picture(listing, web ? image : url ? url : "", web ? "" : image, why);
    }
    return st;
}

static ko_status add_remarks(const ko_sheet_values *values, ko_listing *listing, ko_error *why)
{
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < values->n_remarks; i++) {
        char *name = ko_text_clean_dup(values->remark[i].name);
        char *text = ko_text_clean_dup(values->remark[i].text);
        st = name && text ? ko_listing_add_remark(listing, name, text, why)
                          : ko_fail(why, KO_E_NOMEM, "no memory for a row");
        ko_free(name);
        ko_free(text);
    }
    return st;
}

ko_status ko_sheet_make_listing(const ko_sheet_values *values, ko_listing *out_listing,
                                ko_error *why)
{
    *out_listing = (ko_listing){0};
    const plain_text texts[] = {{KO_FIELD_TITLE, &out_listing->title},
                                {KO_FIELD_SELLER, &out_listing->seller},
                                {KO_FIELD_PRICE, &out_listing->price},
                                {KO_FIELD_CURRENCY, &out_listing->currency}};
    if (!*values->text[KO_FIELD_URL] && values->images.count == 0) {
        if (values->image_problem.text[0])
            return ko_fail(why, KO_E_FORMAT, "no url, and %s", values->image_problem.text);
        return ko_fail(why, KO_E_FORMAT, "neither url nor image");
    }
    ko_status st = copy_url("url", values->text[KO_FIELD_URL], &out_listing->url, why);
    if (st == KO_OK)
        st = copy_texts(values, texts, sizeof texts / sizeof *texts, why);
    if (st == KO_OK)
        st = add_pictures(values, out_listing, why);
    if (st == KO_OK)
        st = add_remarks(values, out_listing, why);
    return st == KO_OK ? ko_listing_settle(out_listing, why) : st;
}

ko_status ko_sheet_make_work(ko_sheet_values *values, ko_sheet_work *out_work, ko_error *why)
{
    *out_work = (ko_sheet_work){0};
    const plain_text texts[] = {{KO_FIELD_SERIAL, &out_work->serial},
                                {KO_FIELD_TITLE, &out_work->title},
                                {KO_FIELD_REGISTRATION, &out_work->registration},
                                {KO_FIELD_HOLDER, &out_work->holder},
                                {KO_FIELD_AUTHOR, &out_work->author},
                                {KO_FIELD_KIND, &out_work->kind},
                                {KO_FIELD_DESCRIPTION, &out_work->description},
                                {KO_FIELD_PUBLISHED_IN, &out_work->published_in},
                                {KO_FIELD_REGISTERED_IN, &out_work->registered_in}};
    out_work->files = values->images.path;
    out_work->n_files = values->images.count;
    values->images = (ko_paths){0};
    if (!*values->text[KO_FIELD_SERIAL] && out_work->n_files == 0) {
        if (values->image_problem.text[0])
            return ko_fail(why, KO_E_FORMAT, "no serial, and %s", values->image_problem.text);
        return ko_fail(why, KO_E_FORMAT, "neither file nor serial");
    }
    ko_status st = copy_date(values->text[KO_FIELD_PUBLISHED_ON], &out_work->published_on, why);
    if (st == KO_OK)
        st = copy_date(values->text[KO_FIELD_COMPLETED_ON], &out_work->completed_on, why);
    if (st == KO_OK && *values->text[KO_FIELD_THRESHOLD]) {
        st = ko_sheet_decimal(values->text[KO_FIELD_THRESHOLD], &out_work->threshold, why);
        out_work->has_threshold = true;
    }
    if (st == KO_OK)
        st = copy_url("published_url", values->text[KO_FIELD_PUBLISHED_URL],
                      &out_work->published_url, why);
    if (st == KO_OK)
        st = copy_texts(values, texts, sizeof texts / sizeof *texts, why);
    return st;
}

void ko_sheet_work_free(ko_sheet_work *work)
{
    ko_free(work->serial);
    ko_free(work->title);
    ko_free(work->registration);
    ko_free(work->holder);
    ko_free(work->author);
    ko_free(work->kind);
    ko_free(work->description);
    ko_free(work->completed_on);
    ko_free(work->published_in);
    ko_free(work->registered_in);
    ko_free(work->published_on);
    ko_free(work->published_url);
    for (size_t i = 0; i < work->n_files; i++)
        ko_free(work->files[i]);
    ko_free(work->files);
    *work = (ko_sheet_work){0};
}
