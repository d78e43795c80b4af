#include "notify/atom.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "notify/uid.h"

#include <errno.h>
#include <fcntl.h>
#include <libxml/xmlwriter.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FEED_ID "notify.atom.id" /* a setting */
#define NAMESPACE "http://www.w3.org/2005/Atom"

/* --- the feed --- */

/* The feed's own id, made when it is first written. */
static ko_status feed_id(ko_store *store, char **out_id, ko_error *err)
{
    char uid[KO_UID_SIZE];
    ko_status st = ko_store_setting(store, FEED_ID, out_id, err);
    if (st != KO_OK || (*out_id)[0])
        return st;
    ko_free(*out_id);
    *out_id = NULL;
    st = ko_uid_make(uid, err);
    if (st == KO_OK)
        st = ko_store_set_setting(store, FEED_ID, uid, err);
    if (st == KO_OK)
        st = ko_store_setting(store, FEED_ID, out_id, err);
    return st;
}

typedef struct feed {
    xmlTextWriter *writer;
    size_t n; /* entries so far */
} feed;

static bool element(xmlTextWriter *w, const char *name, const char *text)
{
    return xmlTextWriterWriteElement(w, BAD_CAST name, BAD_CAST text) >= 0;
}

static bool element_uid(xmlTextWriter *w, const char *uid)
{
    return xmlTextWriterWriteFormatElement(w, BAD_CAST "id", "urn:uuid:%s", uid) >= 0;
}

static bool updated(xmlTextWriter *w, int64_t at)
{
    char moment[KO_TIME_SIZE];
    ko_clock_text(at, moment);
    return element(w, "updated", moment);
}

static bool write_entry(xmlTextWriter *w, const ko_digest *digest)
{
    return xmlTextWriterStartElement(w, BAD_CAST "entry") >= 0 && element_uid(w, digest->uid) &&
           element(w, "title", digest->subject) && updated(w, digest->made_at) &&
           xmlTextWriterStartElement(w, BAD_CAST "content") >= 0 &&
           xmlTextWriterWriteAttribute(w, BAD_CAST "type", BAD_CAST "text") >= 0 &&
           xmlTextWriterWriteString(w, BAD_CAST digest->body) >= 0 &&
           xmlTextWriterEndElement(w) >= 0 && xmlTextWriterEndElement(w) >= 0;
}

/* The first one is the newest: the feed was updated with it. */
static ko_status on_digest(void *context, const ko_digest *digest)
{
    feed *f = context;
    if (f->n++ == 0 && !updated(f->writer, digest->made_at))
        return KO_E_NOMEM;
    return write_entry(f->writer, digest) ? KO_OK : KO_E_NOMEM;
}

static bool write_head(xmlTextWriter *w, const char *id)
{
    return xmlTextWriterSetIndent(w, 1) >= 0 &&
           xmlTextWriterStartDocument(w, NULL, "UTF-8", NULL) >= 0 &&
           xmlTextWriterStartElementNS(w, NULL, BAD_CAST "feed", BAD_CAST NAMESPACE) >= 0 &&
           element_uid(w, id) && element(w, "title", "Knockoff: news") &&
           xmlTextWriterStartElement(w, BAD_CAST "author") >= 0 && element(w, "name", "Knockoff") &&
           xmlTextWriterEndElement(w) >= 0;
}

static ko_status write_feed(xmlTextWriter *w, ko_store *store, const char *id, ko_error *err)
{
    feed f = {.writer = w};
    if (!write_head(w, id))
        return KO_E_NOMEM;
    ko_status st = ko_digest_each(store, KO_MAX_ATOM_DIGESTS, on_digest, &f, err);
    if (st == KO_OK && f.n == 0 && !updated(w, ko_clock_now()))
        st = KO_E_NOMEM;
    return st == KO_OK && xmlTextWriterEndDocument(w) < 0 ? KO_E_NOMEM : st;
}

ko_status ko_atom_write(ko_store *store, ko_buf *out, ko_error *err)
{
    char *id = NULL;
    ko_status st = feed_id(store, &id, err);
    xmlBuffer *text = xmlBufferCreate();
    xmlTextWriter *w = text ? xmlNewTextWriterMemory(text, 0) : NULL;
    if (st == KO_OK)
        st = w ? write_feed(w, store, id, err) : KO_E_NOMEM;
    xmlFreeTextWriter(w); /* what is left in it comes to text */
    if (st == KO_OK)
        st = ko_buf_append(out, xmlBufferContent(text), (size_t)xmlBufferLength(text));
    xmlBufferFree(text);
    ko_free(id);
    return st == KO_E_NOMEM ? ko_fail(err, st, "no memory for a feed") : st;
}

/* --- the file --- */

/* Makes an empty file with the mode of the one that it is to replace. */
static bool make_file(const char *path, const char *like)
{
    struct stat info;
    const mode_t mode = stat(like, &info) == 0 ? info.st_mode & 0777 : 0600;
    (void)unlink(path);
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const bool made = fd >= 0 && fchmod(fd, mode) == 0;
    if (fd >= 0)
        (void)close(fd);
    return made;
}

static ko_status put_file(const char *path, const ko_buf *text, ko_error *err)
{
    ko_buf next = KO_BUF(KO_MAX_PATH_BYTES);
    ko_status st = ko_buf_printf(&next, "%s.new", path);
    if (st == KO_OK && !make_file(next.data, path))
        st = ko_fail(err, KO_E_IO, "%.100s: %s", next.data, strerror(errno));
    if (st == KO_OK)
        st = ko_file_write(next.data, text->data, text->size, err);
    if (st == KO_OK && rename(next.data, path) != 0)
        st = ko_fail(err, KO_E_IO, "%.100s: %s", path, strerror(errno));
    ko_buf_free(&next);
    return st;
}

ko_status ko_atom_send(const ko_sending *sending, const ko_digest *digest, ko_sent *out_sent,
                       ko_error *err)
{
    const char *path = sending->setup->text[KO_NOTIFY_ATOM];
    ko_buf text = KO_BUF(KO_MAX_ATOM_BYTES);
    (void)digest; /* it is kept, and so among the last */
    ko_error why = {0};
    *out_sent = (ko_sent){0};
    const ko_status st = ko_atom_write(sending->store, &text, err);
    if (st == KO_OK && put_file(path, &text, &why) == KO_OK)
        ko_sent_say(out_sent, KO_SENT, "written to %.100s", path);
    else if (st == KO_OK)
        ko_sent_say(out_sent, KO_SENT_LATER, "%s", why.text);
    ko_buf_free(&text);
    return st;
}
