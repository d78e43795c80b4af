#include "case/case.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "case/subject.h"

#include <assert.h>
#include <stdio.h>

/* --- facts --- */

/* "2026-11-22 09:30 UTC"; nothing for 0. */
static void write_moment(int64_t at, char out[32])
{
    char text[KO_TIME_SIZE];
    ko_clock_text(at, text);
    out[0] = '\0';
    if (at)
        (void)snprintf(out, 32, "%.10s %.5s UTC", text, text + 11);
}

/* To whom the letter goes: the platform, or whoever offers the listings. */
static const char *recipient_of(const ko_case *c)
{
    if (c->channel->recipient)
        return c->channel->recipient;
    if (c->channel->list.per == KO_LIST_PER_WORK_AND_SELLER && c->items[0].seller[0])
        return c->items[0].seller;
    return c->notice->host[0] ? c->notice->host : c->channel->name;
}

ko_status ko_case_facts_make(const ko_case *c, ko_case_facts *out_facts, ko_error *err)
{
    const ko_notice *notice = c->notice;
    const ko_reason *reason = ko_channel_reason(c->channel, notice->reason);
    assert(notice->n_items > 0);
    ko_case_facts *f = out_facts;
    *f = (ko_case_facts){0};
    f->listings = ko_alloc_array(notice->n_items, sizeof *f->listings);
    f->repeat = ko_alloc_array(notice->n_items, sizeof *f->repeat);
    if (!f->listings || !f->repeat) {
        ko_case_facts_free(f);
        return ko_fail(err, KO_E_NOMEM, "facts of %zu listings", notice->n_items);
    }
    for (size_t i = 0; i < notice->n_items; i++) {
        const ko_notice_item *item = &c->items[i];
        ko_repeat_words(&c->repeats[i], f->repeat[i]);
        f->listings[i] =
            (ko_notice_listing){item->url, item->item, item->title, item->seller, f->repeat[i]};
    }
    ko_repeats_words(c->repeats, notice->n_items, f->repeats);
    write_moment(notice->good_faith_at, f->good_faith);
    write_moment(notice->authority ? notice->built_at : 0, f->authority);
    char built[KO_TIME_SIZE];
    ko_clock_text(notice->built_at, built);
    (void)snprintf(f->date, sizeof f->date, "%.10s", built);
    f->facts = (ko_facts){.profile = ko_subject_profile(c->user),
                          .work = ko_subject_work(c->work, c->user),
                          .affirmed = {.good_faith = f->good_faith, .authority = f->authority},
                          .recipient = recipient_of(c),
                          .reason = reason ? reason->text : "",
                          .date = f->date,
                          .repeats = f->repeats,
                          .listings = f->listings,
                          .n_listings = notice->n_items};
    return KO_OK;
}

void ko_case_facts_free(ko_case_facts *facts)
{
    ko_free(facts->listings);
    ko_free(facts->repeat);
    *facts = (ko_case_facts){0};
}

/* --- from the store --- */

static ko_status keep_notice(void *context, const ko_notice *notice)
{
    ko_case_file *file = context;
    ko_texts *texts = &file->texts;
    file->notice = *notice;
    file->notice.channel = ko_texts_keep(texts, notice->channel);
    file->notice.serial = ko_texts_keep(texts, notice->serial);
    file->notice.work_title = ko_texts_keep(texts, notice->work_title);
    file->notice.host = ko_texts_keep(texts, notice->host);
    file->notice.reason = ko_texts_keep(texts, notice->reason);
    file->notice.who = ko_texts_keep(texts, notice->who);
    file->notice.folder = ko_texts_keep(texts, notice->folder);
    file->notice.ref = ko_texts_keep(texts, notice->ref);
    file->has_notice = true;
    return KO_OK;
}

static ko_status keep_item(void *context, const ko_notice_item *item)
{
    ko_case_file *file = context;
    ko_texts *texts = &file->texts;
    ko_notice_item *grown =
        ko_grown(file->items, file->n_items, &file->items_capacity, sizeof *file->items);
    if (!grown)
        return KO_E_NOMEM;
    file->items = grown;
    ko_notice_item *kept = &file->items[file->n_items++];
    *kept = *item;
    kept->url = ko_texts_keep(texts, item->url);
    kept->item = ko_texts_keep(texts, item->item);
    kept->platform = ko_texts_keep(texts, item->platform);
    kept->seller = ko_texts_keep(texts, item->seller);
    kept->seller_id = ko_texts_keep(texts, item->seller_id);
    kept->title = ko_texts_keep(texts, item->title);
    return KO_OK;
}

static ko_status keep_work(void *context, const ko_work *work)
{
    ko_case_file *file = context;
    ko_texts *texts = &file->texts;
    const ko_work_fields *f = &work->fields;
    file->work = *work;
    file->work.serial = ko_texts_keep(texts, work->serial);
    file->work.fields = (ko_work_fields){
        .title = ko_texts_keep(texts, f->title),
        .registration = ko_texts_keep(texts, f->registration),
        .holder = ko_texts_keep(texts, f->holder),
        .published_on = ko_texts_keep(texts, f->published_on),
        .published_url = ko_texts_keep(texts, f->published_url),
        .author = ko_texts_keep(texts, f->author),
        .kind = ko_texts_keep(texts, f->kind),
        .completed_on = ko_texts_keep(texts, f->completed_on),
        .published_in = ko_texts_keep(texts, f->published_in),
        .registered_in = ko_texts_keep(texts, f->registered_in),
        .description = ko_texts_keep(texts, f->description),
    };
    file->has_work = true;
    return KO_OK;
}

static ko_status find_repeats(ko_store *store, ko_case_file *file, ko_error *err)
{
    file->repeats = ko_alloc_array(file->n_items, sizeof *file->repeats);
    ko_status st = file->repeats ? KO_OK : KO_E_NOMEM;
    for (size_t i = 0; st == KO_OK && i < file->n_items; i++)
        st = ko_repeat_find(store, &file->notice, &file->items[i], &file->texts, &file->repeats[i],
                            err);
    return st;
}

static ko_status read_rows(ko_store *store, int64_t notice_id, unsigned states, ko_case_file *file,
                           ko_error *err)
{
    ko_status st =
        ko_notice_each(store, &(ko_notice_filter){.id = notice_id}, keep_notice, file, err);
    if (st == KO_OK && !file->has_notice)
        st = ko_fail(err, KO_E_NOT_FOUND, "there is no notice %lld", (long long)notice_id);
    if (st == KO_OK)
        st = ko_notice_item_each(store, notice_id, states, keep_item, file, err);
    if (st == KO_OK)
        st = find_repeats(store, file, err);
    if (st == KO_OK)
        st = ko_work_each(store, file->notice.work_id, keep_work, file, err);
    if (st == KO_E_NOMEM || (st == KO_OK && file->texts.no_memory))
        st = ko_fail(err, KO_E_NOMEM, "no memory for notice %lld", (long long)notice_id);
    return st;
}

ko_status ko_case_file_read(ko_store *store, const ko_kit *kit, const ko_user *user,
                            int64_t notice_id, unsigned states, ko_case_file *out_file,
                            ko_error *err)
{
    ko_case_file *file = out_file;
    *file = (ko_case_file){0};
    const ko_status st = read_rows(store, notice_id, states, file, err);
    if (st != KO_OK)
        return st;
    const ko_channel *channel = ko_rules_channel(kit->rules, file->notice.channel);
    if (!file->has_work)
        return ko_fail(err, KO_E_NOT_FOUND, "notice %lld: work %s was removed",
                       (long long)notice_id, file->notice.serial);
    if (!channel)
        return ko_fail(err, KO_E_NOT_FOUND, "notice %lld: there are no rules for channel %s",
                       (long long)notice_id, file->notice.channel);
    file->notice.n_items = file->n_items;
    file->the = (ko_case){&file->notice, file->items, file->repeats, channel, &file->work, user};
    return KO_OK;
}

void ko_case_file_free(ko_case_file *file)
{
    ko_free(file->items);
    ko_free(file->repeats);
    ko_texts_free(&file->texts);
    *file = (ko_case_file){0};
}
