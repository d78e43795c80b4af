/* ARC, which came before WARC: https://archive.org/web/researcher/ArcFileFormat.php. Each record
 * is a line and as many bytes of an answer as the line's last field says:
 *   URL IP-address date content-type length                                           (version 1)
 *   URL IP-address date content-type status checksum location offset filename length  (version 2)
 * The first one names the file and the version. URLs may have blanks in them. */
#include "capture/reader.h"
#include "capture/stream.h"

#include "base/limits.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS_1 4 /* behind the URL */
#define FIELDS_2 9
#define FIELD_DATE 1

/* The line above a record, cut into its fields. */
typedef struct arc_line {
    char *url;
    char *field[FIELDS_2]; /* those behind it, in order */
    size_t size;           /* of the record */
} arc_line;

static bool read_size(const char *text, size_t *out_size)
{
    char *end = NULL;
    errno = 0;
    const unsigned long long size = strtoull(text, &end, 10);
    if (!isdigit((unsigned char)text[0]) || *end || errno || size > SIZE_MAX)
        return false;
    *out_size = (size_t)size;
    return true;
}

/* A date has 14 digits; some writers add more. */
static bool is_date(const char *text)
{
    return strlen(text) >= 14 && strspn(text, "0123456789") == strlen(text);
}

/* Cuts the line at its last blanks. False when it is no such line. */
static bool cut(char *line, size_t fields, arc_line *out)
{
    *out = (arc_line){.url = line};
    for (size_t i = fields; i-- > 0;) {
        char *blank = strrchr(line, ' ');
        if (!blank)
            return false;
        *blank = '\0';
        out->field[i] = blank + 1;
    }
    return strstr(line, "://") && is_date(out->field[FIELD_DATE]);
}

static ko_status read_record(ko_capture_reader *reader, ko_stream *in, const arc_line *line)
{
    ko_buf block = KO_BUF(KO_MAX_CAPTURE_BODY);
    uint64_t taken = 0;
    const bool fits = line->size <= KO_MAX_CAPTURE_BODY;
    ko_status st = ko_stream_take(in, line->size, fits ? &block : NULL, &taken);
    if (st != KO_OK)
        return ko_fail(reader->err, st, "reading captures");
    if (fits && taken < line->size)
        ko_capture_mended(reader, "it ends after %zu of %zu bytes; what is there is taken",
                          (size_t)taken, line->size);
    if (!fits)
        ko_capture_damaged(reader, "%zu bytes, limit %zu", line->size, KO_MAX_CAPTURE_BODY);
    else
        st = ko_capture_emit_http(reader, line->url, ko_capture_moment(line->field[FIELD_DATE]),
                                  block.data, block.size);
    ko_buf_free(&block);
    return st;
}

/* The record that names the file has three lines; the second begins with the version. */
static ko_status read_first(ko_capture_reader *reader, ko_stream *in, size_t *out_fields)
{
    ko_buf line = KO_BUF(KO_MAX_CAPTURE_HEAD);
    bool there = true;
    for (int i = 0; there && i < 3; i++) {
        ko_buf_clear(&line);
        there = ko_stream_line(in, &line);
        if (there && i == 1)
            *out_fields = line.size && line.data[0] == '2' ? FIELDS_2 : FIELDS_1;
    }
    ko_buf_free(&line);
    return there ? KO_OK : ko_fail(reader->err, KO_E_FORMAT, "its first record does not end");
}

/* Reads the record that a line announces. What is no such line is passed over, and so is what
 * names a file: files may have been joined. */
static ko_status read_line(ko_capture_reader *reader, ko_stream *in, size_t fields, char *text)
{
    arc_line line = {0};
    if (!cut(text, fields, &line) || strncmp(line.url, "filedesc:", 9) == 0)
        return KO_OK;
    ko_status st = ko_capture_next(reader);
    if (st == KO_OK && !read_size(line.field[fields - 1], &line.size))
        ko_capture_damaged(reader, "its length \"%s\" is no number", line.field[fields - 1]);
    else if (st == KO_OK)
        st = read_record(reader, in, &line);
    return st;
}

ko_status ko_capture_read_arc(ko_capture_reader *reader, const void *bytes, size_t size)
{
    ko_stream in = {0};
    ko_buf line = KO_BUF(KO_MAX_CAPTURE_HEAD);
    size_t fields = FIELDS_1;
    ko_status st = ko_stream_open(&in, bytes, size, "", reader->err);
    if (st == KO_OK && ko_stream_at_record(&in))
        st = read_first(reader, &in, &fields);
    while (st == KO_OK && ko_stream_find_record(&in)) {
        const size_t before = reader->record;
        if (ko_stream_line(&in, &line))
            st = read_line(reader, &in, fields, line.data);
        if (st == KO_OK && in.damaged && reader->record == before)
            st = ko_capture_next(reader); /* whose line cannot be read */
        if (st == KO_OK && in.damaged)
            ko_capture_damaged(reader, "its gzip data is damaged or ends early");
        ko_buf_clear(&line);
    }
    ko_buf_free(&line);
    ko_stream_close(&in);
    return st;
}
