#include "case/work_names.h"

#include "base/alloc.h"
#include "base/text.h"

#include <string.h>

typedef struct reading {
    ko_work_names *names;
    ko_error *err;
} reading;

static ko_status on_work(void *context, const ko_work *work)
{
    const reading *r = context;
    ko_work_names *names = r->names;
    ko_work_name *all = ko_grown(names->work, names->n, &names->capacity, sizeof *all);
    if (!all)
        return ko_fail(r->err, KO_E_NOMEM, "names of works");
    names->work = all;
    ko_work_name *name = &all[names->n++];
    *name = (ko_work_name){.id = work->id,
                           .title = ko_strdup(work->fields.title),
                           .registration = ko_strdup(work->fields.registration),
                           .published_on = ko_strdup(work->fields.published_on),
                           .published_url = ko_strdup(work->fields.published_url)};
    ko_work_serial(work->id, name->serial);
    return name->title && name->registration && name->published_on && name->published_url
               ? KO_OK
               : ko_fail(r->err, KO_E_NOMEM, "names of works");
}

ko_status ko_work_names_read(ko_store *store, ko_work_names *out_names, ko_error *err)
{
    *out_names = (ko_work_names){0};
    reading r = {.names = out_names, .err = err};
    return ko_work_each(store, 0, on_work, &r, err);
}

void ko_work_names_free(ko_work_names *names)
{
    for (size_t i = 0; i < names->n; i++) {
        ko_free(names->work[i].title);
        ko_free(names->work[i].registration);
        ko_free(names->work[i].published_on);
        ko_free(names->work[i].published_url);
    }
    ko_free(names->work);
    *names = (ko_work_names){0};
}

static const ko_work_name *by_number(const ko_work_names *names, const char *number)
{
    if (!number[0] || !names->work)
        return NULL;
    for (size_t i = 0; i < names->n; i++)
        if (ko_text_same(names->work[i].serial, number) ||
            ko_text_same(names->work[i].registration, number))
            return &names->work[i];
    return NULL;
}

static const ko_work_name *by_title(const ko_work_names *names, const char *title)
{
    const ko_work_name *found = NULL;
    if (!title[0] || !names->work)
        return NULL;
    for (size_t i = 0; i < names->n; i++) {
        if (!ko_text_same(names->work[i].title, title))
            continue;
        if (found)
            return NULL;
        found = &names->work[i];
    }
    return found;
}

/* Several works may have the title of the one with the number. */
static bool is_called(const ko_work_name *work, const char *name)
{
    return !name[0] || ko_text_same(work->title, name);
}

const ko_work_name *ko_work_names_find(const ko_work_names *names, const char *name,
                                       const char *number, bool *out_two)
{
    const ko_work_name *numbered = by_number(names, number);
    *out_two = false;
    if (numbered && is_called(numbered, name))
        return numbered;
    const ko_work_name *named = by_number(names, name);
    if (!named)
        named = by_title(names, name);
    *out_two = numbered && named && numbered != named;
    if (*out_two)
        return NULL;
    return numbered ? numbered : named;
}

const ko_work_name *ko_work_names_by_id(const ko_work_names *names, int64_t id)
{
    for (size_t i = 0; i < names->n; i++)
        if (names->work[i].id == id)
            return &names->work[i];
    return NULL;
}

const char *ko_work_name_number(const ko_work_name *work)
{
    return work->registration[0] ? work->registration : work->serial;
}
