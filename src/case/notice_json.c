/* notice.json: all that a notice says and rests on, for programs. */
#include "case/packet_parts.h"

#include "base/clock.h"
#include "base/text.h"
#include "report/json.h"
#include "store/candidate.h"

#include <assert.h>
#include <string.h>

/* Adds a value to an object, whose reference is dropped when there is no memory: then all that
 * follows adds to NULL, and only the end has to look. */
static json_t *with(json_t *object, const char *name, json_t *value)
{
    if (json_object_set_new(object, name, value) == 0)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *with_text(json_t *object, const char *name, const char *text)
{
    return with(object, name, ko_json_string(text ? text : ""));
}

static json_t *with_moment(json_t *object, const char *name, int64_t at)
{
    char text[KO_TIME_SIZE];
    ko_clock_text(at, text);
    return with(object, name, at ? json_string(text) : json_null());
}

static json_t *with_digest(json_t *object, const char *name, const uint8_t sha256[KO_SHA256_SIZE])
{
    char hex[2 * KO_SHA256_SIZE + 1];
    ko_text_hex(sha256, KO_SHA256_SIZE, hex);
    return with(object, name, json_string(hex));
}

/* --- who, what, to whom --- */

static json_t *complainant(const ko_profile *profile)
{
    json_t *object = with_text(json_object(), "name", profile->name);
    object = with_text(object, "company", profile->company);
    object = with_text(object, "role", profile->role);
    object = with_text(object, "address", profile->address);
    object = with_text(object, "country", profile->country);
    object = with_text(object, "phone", profile->phone);
    object = with_text(object, "mail", profile->mail);
    return with_text(object, "signature", profile->signature);
}

static json_t *work_of(const ko_packet *packet)
{
    const ko_notice_work *work = &packet->facts->work;
    json_t *object = with_text(json_object(), "serial", packet->the->notice->serial);
    object = with_text(object, "number", work->serial);
    object = with_text(object, "title", work->title);
    object = with_text(object, "kind", work->kind);
    object = with_text(object, "description", work->description);
    object = with_text(object, "author", work->author);
    object = with_text(object, "holder", work->holder);
    object = with_text(object, "completed_on", work->completed_on);
    object = with_text(object, "published_on", work->published_on);
    object = with_text(object, "published_in", work->published_in);
    object = with_text(object, "published_url", work->published_url);
    object = with_text(object, "registration", work->registration);
    return with_text(object, "registered_in", work->registered_in);
}

static json_t *channel_of(const ko_packet *packet)
{
    const ko_channel *channel = packet->the->channel;
    json_t *object = with_text(json_object(), "id", channel->id);
    object = with_text(object, "name", channel->name);
    object = with_text(object, "filed_at", channel->filed_at);
    return with_text(object, "recipient", packet->facts->recipient);
}

static json_t *reason_of(const ko_packet *packet)
{
    const ko_reason *reason = ko_channel_reason(packet->the->channel, packet->the->notice->reason);
    if (!reason)
        return json_null();
    json_t *object = with_text(json_object(), "id", reason->id);
    object = with(object, "code", reason->code ? json_string(reason->code) : json_null());
    object = with_text(object, "name", reason->name);
    return with_text(object, "text", reason->text);
}

static json_t *affirmed_of(const ko_packet *packet)
{
    const ko_notice *notice = packet->the->notice;
    json_t *object = with_text(json_object(), "who", notice->who);
    object = with_moment(object, "good_faith_at", notice->good_faith_at);
    return with_moment(object, "authority_at", notice->authority ? notice->built_at : 0);
}

/* --- listings --- */

typedef struct when_seen {
    int64_t first, last;
} when_seen;

static ko_status on_candidate(void *context, const ko_candidate *candidate)
{
    *(when_seen *)context =
        (when_seen){candidate->listing->first_seen, candidate->listing->last_seen};
    return KO_OK;
}

static ko_status add_item(json_t *items, const ko_packet *packet, size_t i, ko_error *err)
{
    const ko_notice_item *item = &packet->the->items[i];
    when_seen seen = {0};
    const ko_candidate_filter one = {.id = item->candidate_id};
    if (item->candidate_id) {
        const ko_status st = ko_candidate_each(packet->store, &one, on_candidate, &seen, err);
        if (st != KO_OK)
            return st;
    }
    json_t *object = with_text(json_object(), "url", item->url);
    object = with_text(object, "item", item->item);
    object = with_text(object, "platform", item->platform);
    object = with_text(object, "title", item->title);
    object = with_text(object, "seller", item->seller);
    object = with_text(object, "seller_id", item->seller_id);
    object = with(object, "candidate",
                  item->candidate_id ? json_integer(item->candidate_id) : json_null());
    object = with(object, "score", item->has_evidence ? json_real(item->score) : json_null());
    if (item->has_evidence) {
        object = with_digest(object, "photo_sha256", item->photo_sha256);
        object = with_digest(object, "work_sha256", item->view_sha256);
    }
    object = with(object, "repeat", ko_repeat_json(&packet->the->repeats[i]));
    object = with_moment(object, "first_seen", seen.first);
    object = with_moment(object, "last_seen", seen.last);
    return json_array_append_new(items, object) == 0
               ? KO_OK
               : ko_fail(err, KO_E_NOMEM, "no memory for " KO_PACKET_JSON);
}

/* --- files and sources --- */

static json_t *files_of(const ko_packet *packet)
{
    json_t *files = json_array();
    for (size_t i = 0; i < packet->n_files; i++) {
        const ko_packet_file *file = &packet->files[i];
        json_t *object = with_text(json_object(), "name", file->name);
        object = with(object, "bytes", json_integer(file->bytes));
        object = with_digest(object, "sha256", file->sha256);
        if (json_array_append_new(files, object) != 0) {
            json_decref(files);
            return NULL;
        }
    }
    return files;
}

/* Each source by its id, once. */
static json_t *with_source(json_t *sources, const ko_packet *packet, const char *id)
{
    const ko_rule_source *source = id ? ko_rules_source(packet->options->kit->rules, id) : NULL;
    char day[KO_DAY_TEXT_SIZE];
    if (!source || json_object_get(sources, id))
        return sources;
    ko_day_text(source->checked_on, day);
    json_t *object = with_text(json_object(), "text", source->text);
    return with(sources, id, with_text(object, "checked_on", day));
}

static json_t *sources_of(const ko_packet *packet)
{
    const ko_channel *channel = packet->the->channel;
    json_t *sources = with_source(json_object(), packet, channel->filed_at_source);
    sources = with_source(sources, packet, channel->platforms_source);
    sources = with_source(sources, packet, channel->list.source);
    sources = with_source(sources, packet, channel->needs_source);
    sources = with_source(sources, packet, channel->standing.source);
    for (size_t i = 0; i < channel->n_reasons; i++)
        sources = with_source(sources, packet, channel->reasons[i].source);
    for (size_t i = 0; i < channel->n_steps; i++)
        sources = with_source(sources, packet, channel->steps[i].source);
    for (size_t i = 0; i < channel->n_notes; i++)
        sources = with_source(sources, packet, channel->notes[i].source);
    return sources;
}

/* --- all of it --- */

static json_t *whole(const ko_packet *packet, json_t *items)
{
    const ko_notice *notice = packet->the->notice;
    json_t *object = with(json_object(), "notice", json_integer(notice->id));
    object = with_moment(object, "built_at", notice->built_at);
    object = with_text(object, "made_by", packet->options->software);
    object = with(object, "part", json_integer(notice->part));
    object = with(object, "parts", json_integer(notice->parts));
    object = with_text(object, "host", notice->host);
    object = with(object, "channel", channel_of(packet));
    object = with(object, "reason", reason_of(packet));
    object = with(object, "complainant", complainant(&packet->facts->profile));
    object = with(object, "affirmed", affirmed_of(packet));
    object = with(object, "work", work_of(packet));
    object = with(object, "items", json_incref(items));
    object = with(object, "files", files_of(packet));
    return with(object, "sources", sources_of(packet));
}

static int append(const char *bytes, size_t n, void *out)
{
    return ko_buf_append(out, bytes, n) == KO_OK ? 0 : -1;
}

ko_status ko_notice_json_write(const ko_packet *packet, ko_buf *out, ko_error *err)
{
    ko_status st = KO_OK;
    json_t *object = NULL;
    json_t *items = json_array();
    for (size_t i = 0; i < packet->the->notice->n_items && st == KO_OK; i++)
        st = add_item(items, packet, i, err);
    if (st == KO_OK)
        object = whole(packet, items);
    if (st == KO_OK &&
        (!object ||
         json_dump_callback(object, append, out, JSON_INDENT(2) | JSON_REAL_PRECISION(10)) != 0 ||
         ko_buf_text(out, "\n") != KO_OK))
        st = ko_fail(err, KO_E_NOMEM, "no room for " KO_PACKET_JSON);
    json_decref(object);
    json_decref(items);
    return st;
}
