/* A file of rules becomes a document: the JSON, and the structs that borrow its texts. Later
 * documents go before earlier ones, so looking something up begins with the last. */
#include "notice/rules.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "notice/data.h"
#include "notice/facts.h"
#include "notice/shape.h"

#include <assert.h>
#include <string.h>

/* --- the shape of the file --- */

#define MANY(type, member)                                                                         \
    .many = true, .at = offsetof(type, member), .count_at = offsetof(type, n_##member)
#define AT(type, member) .at = offsetof(type, member)
#define SOURCE(type, member) .kind = KO_SHAPE_NAME, .what = "source", AT(type, member)

static const char *const list_of_words[] = {"urls", "items", NULL};
static const char *const list_join_words[] = {"lines", "commas", NULL};
static const char *const list_per_words[] = {"work", "work-and-host", "work-and-seller", NULL};
static const char *const from_words[] = {"papers", "filed", "countered", "refused", "told", NULL};
static const char *const who_words[] = {"platform", "seller", "holder", NULL};
static const char *const days_words[] = {"working", "calendar", NULL};
static const char *const report_words[] = {"none", "ebay-vero", NULL};

static const ko_shape source_shape = {
    sizeof(ko_rule_source),
    (const ko_shape_field[]){
        {.name = "id", .kind = KO_SHAPE_TEXT, AT(ko_rule_source, id)},
        {.name = "text", .kind = KO_SHAPE_TEXT, AT(ko_rule_source, text)},
        {.name = "checked_on", .kind = KO_SHAPE_DAY, AT(ko_rule_source, checked_on)},
        {0},
    }};

static const ko_shape list_shape = {
    sizeof(ko_channel_list),
    (const ko_shape_field[]){
        {.name = "most",
         .kind = KO_SHAPE_NUMBER,
         .least = 1,
         .most = KO_MAX_NOTICE_LISTINGS,
         .optional = true,
         AT(ko_channel_list, most)},
        {.name = "of", .kind = KO_SHAPE_WORD, .words = list_of_words, AT(ko_channel_list, of)},
        {.name = "join",
         .kind = KO_SHAPE_WORD,
         .words = list_join_words,
         AT(ko_channel_list, join)},
        {.name = "per", .kind = KO_SHAPE_WORD, .words = list_per_words, AT(ko_channel_list, per)},
        {.name = "source", SOURCE(ko_channel_list, source)},
        {0},
    }};

static const ko_shape reason_shape = {
    sizeof(ko_reason),
    (const ko_shape_field[]){
        {.name = "id", .kind = KO_SHAPE_TEXT, AT(ko_reason, id)},
        {.name = "code", .kind = KO_SHAPE_TEXT, .optional = true, AT(ko_reason, code)},
        {.name = "name", .kind = KO_SHAPE_TEXT, AT(ko_reason, name)},
        {.name = "text", .kind = KO_SHAPE_TEXT, AT(ko_reason, text)},
        {.name = "source", SOURCE(ko_reason, source)},
        {0},
    }};

static const ko_shape step_shape = {
    sizeof(ko_step),
    (const ko_shape_field[]){
        {.name = "id", .kind = KO_SHAPE_TEXT, AT(ko_step, id)},
        {.name = "text", .kind = KO_SHAPE_TEXT, AT(ko_step, text)},
        {.name = "from", .kind = KO_SHAPE_WORD, .words = from_words, AT(ko_step, from)},
        {.name = "who", .kind = KO_SHAPE_WORD, .words = who_words, AT(ko_step, who)},
        {.name = "least",
         .kind = KO_SHAPE_NUMBER,
         .most = KO_MAX_NOTICE_DAYS,
         .optional = true,
         AT(ko_step, least)},
        {.name = "most",
         .kind = KO_SHAPE_NUMBER,
         .least = 1,
         .most = KO_MAX_NOTICE_DAYS,
         AT(ko_step, most)},
        {.name = "days", .kind = KO_SHAPE_WORD, .words = days_words, AT(ko_step, days)},
        {.name = "country", .kind = KO_SHAPE_TEXT, AT(ko_step, country)},
        {.name = "source", SOURCE(ko_step, source)},
        {0},
    }};

static const ko_shape note_shape = {
    sizeof(ko_channel_note), (const ko_shape_field[]){
                                 {.name = "text", .kind = KO_SHAPE_TEXT, AT(ko_channel_note, text)},
                                 {.name = "source", SOURCE(ko_channel_note, source)},
                                 {0},
                             }};

static const ko_shape standing_shape = {
    sizeof(ko_standing_rule),
    (const ko_shape_field[]){
        {.name = "success_least_percent",
         .kind = KO_SHAPE_NUMBER,
         .most = 100,
         AT(ko_standing_rule, success_least_percent)},
        {.name = "counter_most_percent",
         .kind = KO_SHAPE_NUMBER,
         .most = 100,
         AT(ko_standing_rule, counter_most_percent)},
        {.name = "months",
         .kind = KO_SHAPE_NUMBER,
         .least = 1,
         .most = 120,
         AT(ko_standing_rule, months)},
        {.name = "out_months",
         .kind = KO_SHAPE_NUMBER,
         .most = 120,
         AT(ko_standing_rule, out_months)},
        {.name = "per_reason", .kind = KO_SHAPE_FLAG, AT(ko_standing_rule, per_reason)},
        {.name = "source", SOURCE(ko_standing_rule, source)},
        {0},
    }};

static const ko_shape channel_shape = {
    sizeof(ko_channel),
    (const ko_shape_field[]){
        {.name = "id", .kind = KO_SHAPE_TEXT, AT(ko_channel, id)},
        {.name = "name", .kind = KO_SHAPE_TEXT, AT(ko_channel, name)},
        {.name = "filed_at", .kind = KO_SHAPE_TEXT, AT(ko_channel, filed_at)},
        {.name = "filed_at_source", SOURCE(ko_channel, filed_at_source)},
        {.name = "platforms", .kind = KO_SHAPE_TEXT, MANY(ko_channel, platforms)},
        {.name = "platforms_source", SOURCE(ko_channel, platforms_source)},
        {.name = "list", .kind = KO_SHAPE_OBJECT, .of = &list_shape, AT(ko_channel, list)},
        {.name = "facts", .kind = KO_SHAPE_NAME, .what = "fact", MANY(ko_channel, facts)},
        {.name = "papers", .kind = KO_SHAPE_TEXT, MANY(ko_channel, papers)},
        {.name = "proof", .kind = KO_SHAPE_FLAG, .optional = true, AT(ko_channel, proof)},
        {.name = "needs_source", SOURCE(ko_channel, needs_source)},
        {.name = "recipient", .kind = KO_SHAPE_TEXT, .optional = true, AT(ko_channel, recipient)},
        {.name = "letter", .kind = KO_SHAPE_TEXT, AT(ko_channel, letter)},
        {.name = "pdf", .kind = KO_SHAPE_FLAG, .optional = true, AT(ko_channel, pdf)},
        {.name = "attach",
         .kind = KO_SHAPE_FLAG,
         .optional = true,
         .otherwise = true,
         AT(ko_channel, attach)},
        {.name = "report",
         .kind = KO_SHAPE_WORD,
         .words = report_words,
         .optional = true,
         AT(ko_channel, report)},
        {.name = "usual",
         .kind = KO_SHAPE_FLAG,
         .optional = true,
         .otherwise = true,
         AT(ko_channel, usual)},
        {.name = "reasons",
         .kind = KO_SHAPE_OBJECT,
         .of = &reason_shape,
         MANY(ko_channel, reasons)},
        {.name = "steps", .kind = KO_SHAPE_OBJECT, .of = &step_shape, MANY(ko_channel, steps)},
        {.name = "notes",
         .kind = KO_SHAPE_OBJECT,
         .of = &note_shape,
         .optional = true,
         MANY(ko_channel, notes)},
        {.name = "standing",
         .kind = KO_SHAPE_OBJECT,
         .of = &standing_shape,
         .optional = true,
         AT(ko_channel, standing)},
        {0},
    }};

#define COUNT(member, lowest)                                                                      \
    .kind = KO_SHAPE_NUMBER, .least = (lowest), .most = KO_MAX_NOTICE_DAYS, AT(ko_penalty, member)

static const ko_shape penalty_shape = {
    sizeof(ko_penalty), (const ko_shape_field[]){
                            {.name = "platform", .kind = KO_SHAPE_TEXT, AT(ko_penalty, platform)},
                            {.name = "points_each", COUNT(points_each, 1)},
                            {.name = "points_a_day", COUNT(points_a_day, 1)},
                            {.name = "life_days", COUNT(life_days, 1)},
                            {.name = "closes_at", COUNT(closes_at, 1)},
                            {.name = "serious_window_days", COUNT(serious_window_days, 1)},
                            {.name = "serious_close_at", COUNT(serious_close_at, 1)},
                            {.name = "note", .kind = KO_SHAPE_TEXT, AT(ko_penalty, note)},
                            {.name = "source", SOURCE(ko_penalty, source)},
                            {0},
                        }};

typedef struct document {
    json_t *json;
    ko_rule_source *sources;
    size_t n_sources;
    ko_channel *channels;
    size_t n_channels;
    ko_penalty *penalties;
    size_t n_penalties;
} document;

/* Sources first: what follows names them. */
static const ko_shape document_shape = {sizeof(document), (const ko_shape_field[]){
                                                              {.name = "sources",
                                                               .kind = KO_SHAPE_OBJECT,
                                                               .of = &source_shape,
                                                               .optional = true,
                                                               MANY(document, sources)},
                                                              {.name = "channels",
                                                               .kind = KO_SHAPE_OBJECT,
                                                               .of = &channel_shape,
                                                               .optional = true,
                                                               MANY(document, channels)},
                                                              {.name = "penalties",
                                                               .kind = KO_SHAPE_OBJECT,
                                                               .of = &penalty_shape,
                                                               .optional = true,
                                                               MANY(document, penalties)},
                                                              {0},
                                                          }};

/* --- documents, one over the other --- */

struct ko_rules {
    document **documents;
    size_t n, capacity;
    const ko_channel **channels; /* each once */
    size_t n_channels, channels_capacity;
};

static void free_document(document *doc)
{
    if (!doc)
        return;
    json_t *json = doc->json;
    ko_shape_free(&document_shape, doc);
    json_decref(json);
    ko_free(doc);
}

static const ko_rule_source *source_in(const document *doc, const char *id)
{
    for (size_t i = 0; i < doc->n_sources; i++)
        if (doc->sources[i].id && strcmp(doc->sources[i].id, id) == 0)
            return &doc->sources[i];
    return NULL;
}

/* What a document that is being read may name: facts, and sources of its own and of those below
 * it. */
typedef struct known_things {
    const ko_rules *rules;
    const document *doc;
} known_things;

static bool is_known(const void *context, const char *what, const char *name)
{
    const known_things *things = context;
    if (strcmp(what, "fact") == 0)
        return ko_fact_exists(name, strlen(name));
    return source_in(things->doc, name) || ko_rules_source(things->rules, name);
}

/* What a shape cannot say. */
static ko_status check_steps(const document *doc, ko_error *err)
{
    for (size_t i = 0; i < doc->n_channels; i++) {
        const ko_channel *channel = &doc->channels[i];
        for (size_t k = 0; k < channel->n_steps; k++)
            if (channel->steps[k].least > channel->steps[k].most)
                return ko_fail(err, KO_E_FORMAT,
                               "channels[%zu].steps[%zu].least: expected no more than most, "
                               "which is %d",
                               i, k, channel->steps[k].most);
    }
    return KO_OK;
}

static ko_status read_document(const ko_rules *rules, const char *text, size_t size, document *doc,
                               ko_error *err)
{
    const known_things things = {rules, doc};
    ko_status st = ko_shape_parse(text, size, &doc->json, err);
    if (st == KO_OK)
        st = ko_shape_read(&document_shape, doc->json, is_known, &things, doc, err);
    return st == KO_OK ? check_steps(doc, err) : st;
}

/* Room for the channels of doc, as if all were new. */
static bool make_room(ko_rules *rules, const document *doc)
{
    document **documents =
        ko_grown(rules->documents, rules->n, &rules->capacity, sizeof(document *));
    if (!documents)
        return false;
    rules->documents = documents;
    assert(rules->n < rules->capacity);
    const size_t need = rules->n_channels + doc->n_channels;
    if (need <= rules->channels_capacity)
        return true;
    const ko_channel **channels =
        ko_realloc((void *)rules->channels, rules->n_channels * sizeof(ko_channel *),
                   need * sizeof(ko_channel *));
    if (!channels)
        return false;
    rules->channels = channels;
    rules->channels_capacity = need;
    return true;
}

static void lay_over(ko_rules *rules, document *doc)
{
    rules->documents[rules->n++] = doc;
    for (size_t i = 0; i < doc->n_channels; i++) {
        size_t at = 0;
        while (at < rules->n_channels && strcmp(rules->channels[at]->id, doc->channels[i].id) != 0)
            at++;
        assert(at < rules->channels_capacity);
        rules->channels[at] = &doc->channels[i];
        if (at == rules->n_channels)
            rules->n_channels++;
    }
}

ko_status ko_rules_add(ko_rules *rules, const char *text, size_t size, ko_error *err)
{
    if (size > KO_MAX_NOTICE_DATA_BYTES)
        return ko_fail(err, KO_E_LIMIT, "%zu bytes, rules have at most %zu", size,
                       KO_MAX_NOTICE_DATA_BYTES);
    document *doc = ko_alloc_zero(1, sizeof *doc);
    if (!doc)
        return ko_fail(err, KO_E_NOMEM, "no memory for rules");
    ko_status st = read_document(rules, text, size, doc, err);
    if (st == KO_OK && !make_room(rules, doc))
        st = ko_fail(err, KO_E_NOMEM, "no memory for rules");
    if (st != KO_OK)
        goto done;
    lay_over(rules, doc);
    doc = NULL; /* the rules' now */
done:
    free_document(doc);
    return st;
}

ko_status ko_rules_open(ko_rules **out_rules, ko_error *err)
{
    const ko_embedded *file = ko_embedded_find(ko_notice_files, "rules.json");
    assert(file);
    ko_rules *rules = ko_alloc_zero(1, sizeof *rules);
    if (!rules)
        return ko_fail(err, KO_E_NOMEM, "no memory for rules");
    const ko_status st = ko_rules_add(rules, (const char *)file->bytes, file->size, err);
    if (st != KO_OK)
        goto done;
    *out_rules = rules;
    rules = NULL;
done:
    ko_rules_free(rules);
    return st;
}

void ko_rules_free(ko_rules *rules)
{
    if (!rules)
        return;
    for (size_t i = 0; i < rules->n; i++)
        free_document(rules->documents[i]);
    ko_free(rules->documents);
    ko_free((void *)rules->channels);
    ko_free(rules);
}

/* --- looking up --- */

size_t ko_rules_count(const ko_rules *rules)
{
    return rules->n_channels;
}

const ko_channel *ko_rules_at(const ko_rules *rules, size_t index)
{
    assert(index < rules->n_channels);
    return rules->channels[index];
}

static bool takes_any(const ko_channel *channel)
{
    for (size_t i = 0; i < channel->n_platforms; i++)
        if (strcmp(channel->platforms[i], "*") == 0)
            return true;
    return false;
}

size_t ko_rules_usual(const ko_rules *rules, const ko_channel **out_channels)
{
    size_t n = 0;
    for (int any = 0; any <= 1; any++)
        for (size_t i = 0; i < rules->n_channels; i++)
            if (rules->channels[i]->usual && takes_any(rules->channels[i]) == any)
                out_channels[n++] = rules->channels[i];
    return n;
}

const ko_channel *ko_rules_channel(const ko_rules *rules, const char *id)
{
    for (size_t i = 0; i < rules->n_channels; i++)
        if (strcmp(rules->channels[i]->id, id) == 0)
            return rules->channels[i];
    return NULL;
}

const ko_rule_source *ko_rules_source(const ko_rules *rules, const char *id)
{
    for (size_t i = rules->n; i-- > 0;) {
        const ko_rule_source *source = source_in(rules->documents[i], id);
        if (source)
            return source;
    }
    return NULL;
}

const ko_penalty *ko_rules_penalty(const ko_rules *rules, const char *platform)
{
    for (size_t i = rules->n; i-- > 0;) {
        const document *doc = rules->documents[i];
        for (size_t k = 0; k < doc->n_penalties; k++)
            if (strcmp(doc->penalties[k].platform, platform) == 0)
                return &doc->penalties[k];
    }
    return NULL;
}

/* --- going through all --- */

static bool has_channel(const document *doc, const char *id)
{
    for (size_t i = 0; i < doc->n_channels; i++)
        if (strcmp(doc->channels[i].id, id) == 0)
            return true;
    return false;
}

static bool has_source(const document *doc, const char *id)
{
    return source_in(doc, id) != NULL;
}

static bool has_penalty(const document *doc, const char *platform)
{
    for (size_t i = 0; i < doc->n_penalties; i++)
        if (strcmp(doc->penalties[i].platform, platform) == 0)
            return true;
    return false;
}

/* Is there one of this id in a document below the index-th? */
static bool is_below(const ko_rules *rules, size_t index, const char *id,
                     bool (*has)(const document *doc, const char *id))
{
    for (size_t i = 0; i < index; i++)
        if (has(rules->documents[i], id))
            return true;
    return false;
}

const ko_rule_source *ko_rules_source_at(const ko_rules *rules, size_t index)
{
    for (size_t i = 0; i < rules->n; i++) {
        const document *doc = rules->documents[i];
        for (size_t k = 0; k < doc->n_sources; k++)
            if (!is_below(rules, i, doc->sources[k].id, has_source) && index-- == 0)
                return ko_rules_source(rules, doc->sources[k].id);
    }
    return NULL;
}

const ko_penalty *ko_rules_penalty_at(const ko_rules *rules, size_t index)
{
    for (size_t i = 0; i < rules->n; i++) {
        const document *doc = rules->documents[i];
        for (size_t k = 0; k < doc->n_penalties; k++)
            if (!is_below(rules, i, doc->penalties[k].platform, has_penalty) && index-- == 0)
                return ko_rules_penalty(rules, doc->penalties[k].platform);
    }
    return NULL;
}

/* The first document is the program's. */
static ko_rule_origin origin_of(const ko_rules *rules, const char *id,
                                bool (*has)(const document *doc, const char *id))
{
    if (!has(rules->documents[0], id))
        return KO_RULE_ADDED;
    for (size_t i = 1; i < rules->n; i++)
        if (has(rules->documents[i], id))
            return KO_RULE_REPLACED;
    return KO_RULE_OF_PROGRAM;
}

ko_rule_origin ko_rules_channel_origin(const ko_rules *rules, const char *id)
{
    return origin_of(rules, id, has_channel);
}

ko_rule_origin ko_rules_source_origin(const ko_rules *rules, const char *id)
{
    return origin_of(rules, id, has_source);
}

ko_rule_origin ko_rules_penalty_origin(const ko_rules *rules, const char *platform)
{
    return origin_of(rules, platform, has_penalty);
}

/* --- of one channel --- */

bool ko_channel_takes(const ko_channel *channel, const char *platform)
{
    for (size_t i = 0; i < channel->n_platforms; i++)
        if (strcmp(channel->platforms[i], platform) == 0)
            return true;
    return takes_any(channel);
}

const ko_step *ko_channel_step(const ko_channel *channel, const char *id)
{
    for (size_t i = 0; i < channel->n_steps; i++)
        if (strcmp(channel->steps[i].id, id) == 0)
            return &channel->steps[i];
    return NULL;
}

const ko_reason *ko_channel_reason(const ko_channel *channel, const char *id)
{
    for (size_t i = 0; i < channel->n_reasons; i++)
        if (strcmp(channel->reasons[i].id, id) == 0)
            return &channel->reasons[i];
    return NULL;
}
