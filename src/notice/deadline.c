#include "notice/deadline.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "notice/data.h"
#include "notice/shape.h"

#include <assert.h>
#include <string.h>

/* --- the shape of the file --- */

typedef struct year {
    int year;
    bool announced; /* else only the days that are off by law */
    const char *source;
    ko_day checked_on;
    ko_day *off, *worked; /* the worked ones are weekends */
    size_t n_off, n_worked;
} year;

typedef struct country {
    const char *id, *name;
    int minutes_ahead; /* of UTC; the least of several zones, where a day ends last */
    year *years;
    size_t n_years;
} country;

typedef struct document {
    json_t *json;
    country *countries;
    size_t n_countries;
} document;

static const ko_shape year_shape = {
    sizeof(year),
    (const ko_shape_field[]){
        {.name = "year",
         .kind = KO_SHAPE_NUMBER,
         .least = 1900,
         .most = 9999,
         .at = offsetof(year, year)},
        {.name = "announced", .kind = KO_SHAPE_FLAG, .at = offsetof(year, announced)},
        {.name = "source", .kind = KO_SHAPE_TEXT, .at = offsetof(year, source)},
        {.name = "checked_on", .kind = KO_SHAPE_DAY, .at = offsetof(year, checked_on)},
        {.name = "off",
         .kind = KO_SHAPE_DAY,
         .many = true,
         .at = offsetof(year, off),
         .count_at = offsetof(year, n_off)},
        {.name = "worked",
         .kind = KO_SHAPE_DAY,
         .many = true,
         .at = offsetof(year, worked),
         .count_at = offsetof(year, n_worked)},
        {0},
    }};

static const ko_shape country_shape = {
    sizeof(country), (const ko_shape_field[]){
                         {.name = "id", .kind = KO_SHAPE_TEXT, .at = offsetof(country, id)},
                         {.name = "name", .kind = KO_SHAPE_TEXT, .at = offsetof(country, name)},
                         {.name = "minutes_ahead",
                          .kind = KO_SHAPE_NUMBER,
                          .least = -12 * 60,
                          .most = 14 * 60,
                          .at = offsetof(country, minutes_ahead)},
                         {.name = "years",
                          .kind = KO_SHAPE_OBJECT,
                          .of = &year_shape,
                          .many = true,
                          .at = offsetof(country, years),
                          .count_at = offsetof(country, n_years)},
                         {0},
                     }};

static const ko_shape document_shape = {sizeof(document),
                                        (const ko_shape_field[]){
                                            {.name = "countries",
                                             .kind = KO_SHAPE_OBJECT,
                                             .of = &country_shape,
                                             .many = true,
                                             .at = offsetof(document, countries),
                                             .count_at = offsetof(document, n_countries)},
                                            {0},
                                        }};

/* --- documents, one over the other --- */

struct ko_holidays {
    document *documents;
    size_t n, capacity;
};

static void free_document(document *doc)
{
    json_t *json = doc->json;
    ko_shape_free(&document_shape, doc);
    json_decref(json);
}

ko_status ko_holidays_add(ko_holidays *holidays, const char *text, size_t size, ko_error *err)
{
    if (size > KO_MAX_NOTICE_DATA_BYTES)
        return ko_fail(err, KO_E_LIMIT, "%zu bytes, holidays have at most %zu", size,
                       KO_MAX_NOTICE_DATA_BYTES);
    document *documents =
        ko_grown(holidays->documents, holidays->n, &holidays->capacity, sizeof(document));
    if (!documents)
        return ko_fail(err, KO_E_NOMEM, "no memory for holidays");
    holidays->documents = documents;
    document doc = {0};
    ko_status st = ko_shape_parse(text, size, &doc.json, err);
    if (st == KO_OK)
        st = ko_shape_read(&document_shape, doc.json, NULL, NULL, &doc, err);
    if (st != KO_OK)
        goto done;
    holidays->documents[holidays->n++] = doc;
    doc = (document){0};
done:
    free_document(&doc);
    return st;
}

ko_status ko_holidays_open(ko_holidays **out_holidays, ko_error *err)
{
    const ko_embedded *file = ko_embedded_find(ko_notice_files, "holidays.json");
    assert(file);
    ko_holidays *holidays = ko_alloc_zero(1, sizeof *holidays);
    if (!holidays)
        return ko_fail(err, KO_E_NOMEM, "no memory for holidays");
    const ko_status st = ko_holidays_add(holidays, (const char *)file->bytes, file->size, err);
    if (st != KO_OK)
        goto done;
    *out_holidays = holidays;
    holidays = NULL;
done:
    ko_holidays_free(holidays);
    return st;
}

void ko_holidays_free(ko_holidays *holidays)
{
    if (!holidays)
        return;
    for (size_t i = 0; i < holidays->n; i++)
        free_document(&holidays->documents[i]);
    ko_free(holidays->documents);
    ko_free(holidays);
}

/* --- looking up --- */

/* The country in the last document that has it, or that has this year of it unless that is 0. */
static const country *find_country(const ko_holidays *holidays, const char *id, int number,
                                   const year **out_year)
{
    for (size_t i = holidays->n; i-- > 0;) {
        const document *doc = &holidays->documents[i];
        for (size_t k = 0; k < doc->n_countries; k++) {
            const country *found = &doc->countries[k];
            if (strcmp(found->id, id) != 0)
                continue;
            if (number == 0)
                return found;
            for (size_t y = 0; y < found->n_years; y++) {
                if (found->years[y].year == number) {
                    *out_year = &found->years[y];
                    return found;
                }
            }
        }
    }
    return NULL;
}

static bool is_among(const ko_day *days, size_t n, ko_day day)
{
    for (size_t i = 0; i < n; i++)
        if (days[i] == day)
            return true;
    return false;
}

bool ko_holidays_year_at(const ko_holidays *holidays, size_t index, ko_holiday_year *out)
{
    for (size_t i = 0; i < holidays->n; i++) {
        const document *doc = &holidays->documents[i];
        for (size_t k = 0; k < doc->n_countries; k++) {
            const country *in = &doc->countries[k];
            for (size_t y = 0; y < in->n_years; y++) {
                const year *found = &in->years[y], *last = NULL;
                (void)find_country(holidays, in->id, found->year, &last);
                if (last != found || index-- > 0)
                    continue;
                *out = (ko_holiday_year){.country = in->id,
                                         .year = found->year,
                                         .announced = found->announced,
                                         .source = found->source,
                                         .checked_on = found->checked_on,
                                         .own = i > 0};
                return true;
            }
        }
    }
    return false;
}

bool ko_holidays_worked(const ko_holidays *holidays, const char *country_id, ko_day day,
                        bool *out_sure)
{
    const year *of = NULL;
    (void)find_country(holidays, country_id, ko_day_year(day), &of);
    *out_sure = of && of->announced;
    if (of && is_among(of->off, of->n_off, day))
        return false;
    if (of && is_among(of->worked, of->n_worked, day))
        return true;
    const int weekday = ko_day_weekday(day);
    return weekday != 0 && weekday != 6;
}

ko_day ko_holidays_day_at(const ko_holidays *holidays, const char *country_id, int64_t seconds)
{
    const country *found = find_country(holidays, country_id, 0, NULL);
    return ko_day_at(seconds, found ? found->minutes_ahead : 0);
}

/* The n-th working day after a day; n 0 is the day itself. */
static ko_day working_days_later(const ko_holidays *holidays, const char *country_id, ko_day day,
                                 int n, bool *sure)
{
    assert(n >= 0);
    while (n > 0) {
        bool sure_of_day = false;
        day++;
        n -= ko_holidays_worked(holidays, country_id, day, &sure_of_day);
        *sure = *sure && sure_of_day;
    }
    return day;
}

ko_deadline ko_deadline_of(const ko_holidays *holidays, const ko_step *step, ko_day from)
{
    assert(step->least <= step->most);
    if (step->days == KO_DAYS_CALENDAR)
        return (ko_deadline){from + step->least, from + step->most, true};
    ko_deadline due = {.sure = true};
    due.first = working_days_later(holidays, step->country, from, step->least, &due.sure);
    due.last = working_days_later(holidays, step->country, from, step->most, &due.sure);
    return due;
}
