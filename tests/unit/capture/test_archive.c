/* The archive: what is written can be read again, by anyone who knows WARC. */
#include "capture/archive.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "gather.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

static char folder[] = "/tmp/knockoff-archive-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int drop_folder(void **state)
{
    (void)state;
    ko_paths files = {0};
    if (ko_paths_walk(&files, folder, NULL, NULL) == KO_OK)
        for (size_t i = 0; i < files.count; i++) {
            char *parent = ko_path_folder(files.path[i]);
            (void)unlink(files.path[i]);
            (void)rmdir(parent);
            ko_free(parent);
        }
    ko_paths_free(&files);
    return rmdir(folder);
}

static ko_archive *open_archive(const char *name)
{
    char *path = ko_path_join(folder, name);
    ko_archive *archive = NULL;
    assert_int_equal(ko_archive_open(path, "Knockoff/1.0 (+owner\r\nx: y)", &archive, NULL), KO_OK);
    assert_false(ko_is_folder(path)); /* nothing was written yet */
    ko_free(path);
    return archive;
}

static const ko_reply page = {
    .url = "https://a.example/short",
    .final_url = "https://a.example/item/7?q=a b",
    .status = 200,
    .content_type = "text/html",
    .headers = "HTTP/2 200\r\ncontent-encoding: br\r\n"
               "Transfer-Encoding: chunked\r\nContent-Length: 3\r\nETag: \"x\"\r\n",
    .body = "<p>\0WARC/1.1\r\n</p>",
    .size = 18,
    .at = 1795313602,
};
static const ko_reply picture = {
    .url = "https://a.example/b.png",
    .final_url = "https://a.example/b.png",
    .status = 200,
    .content_type = "image/png",
    .headers = "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 8\r\n",
    .body = "\x89PNG\r\n\x1a\n",
    .size = 8,
};
static const ko_reply inside = {
    .url = "urn:sha256:00",
    .final_url = "urn:sha256:00",
    .content_type = "image/png",
    .headers = "",
    .body = "\x89PNG\r\n\x1a\n",
    .size = 8,
};

static void read_back(const char *path, gathered *all)
{
    ko_buf file = KO_BUF(KO_MAX_CAPTURE_BYTES);
    assert_int_equal(ko_file_read(path, &file, NULL), KO_OK);
    assert_int_equal(gather(all, file.data, file.size), KO_OK);
    assert_int_equal(all->n_problems, 0);
    ko_buf_free(&file);
}

static void pages_come_back_as_they_were(void **state)
{
    (void)state;
    ko_archive *archive = open_archive("pages");
    ko_archived first;
    ko_archived second;
    assert_int_equal(ko_archive_page(archive, &page, &first, NULL), KO_OK);
    assert_int_equal(ko_archive_page(archive, &inside, &second, NULL), KO_OK);
    assert_int_equal(ko_archive_sync(archive, NULL), KO_OK);
    assert_string_equal(first.path, second.path);
    assert_true(first.record > 0 && second.record > first.record);
    assert_int_equal(first.bytes, 18);
    gathered all;
    read_back(first.path, &all);
    assert_int_equal(all.n_replies, 2);
    assert_string_equal(all.reply[0].url, "https://a.example/item/7?q=a%20b");
    assert_int_equal(all.reply[0].at, 1795313602);
    assert_int_equal(all.reply[0].body.size, 18);
    assert_memory_equal(all.reply[0].body.data, page.body, 18);
    assert_string_equal(all.reply[0].head, "HTTP/1.1 200\r\n"
                                           "X-Archive-Orig-content-encoding: br\r\n"
                                           "X-Archive-Orig-Transfer-Encoding: chunked\r\n"
                                           "X-Archive-Orig-Content-Length: 3\r\nETag: \"x\"\r\n"
                                           "Content-Type: text/html\r\nContent-Length: 18\r\n");
    assert_string_equal(all.reply[1].type, "image/png");
    assert_string_equal(all.reply[1].head, "");
    ungather(&all);
    ko_archive_close(archive);
}

static void a_picture_is_a_range_of_its_file(void **state)
{
    (void)state;
    ko_archive *archive = open_archive("pictures");
    ko_archived where[2];
    assert_int_equal(ko_archive_picture(archive, &picture, &where[0], NULL), KO_OK);
    assert_int_equal(ko_archive_picture(archive, &inside, &where[1], NULL), KO_OK);
    for (int i = 0; i < 2; i++) {
        char bytes[8];
        const int fd = open(where[i].path, O_RDONLY | O_CLOEXEC);
        assert_true(fd >= 0);
        assert_int_equal(where[i].bytes, 8);
        assert_int_equal(pread(fd, bytes, 8, (off_t)where[i].offset), 8);
        assert_memory_equal(bytes, "\x89PNG\r\n\x1a\n", 8);
        char hex[65];
        ko_text_hex(where[i].sha256, 32, hex);
        assert_string_equal(hex,
                            "4c4b6a3be1314ab86138bef4314dde022e600960d8689a2c8f8631802d20dab6");
        (void)close(fd);
    }
    gathered all;
    read_back(where[0].path, &all);
    assert_int_equal(all.n_replies, 2);
    assert_string_equal(all.reply[0].head, picture.headers);
    ungather(&all);
    ko_archive_close(archive);
}

static void the_first_record_tells_who_wrote(void **state)
{
    (void)state;
    ko_archive *archive = open_archive("info");
    ko_archived where;
    assert_int_equal(ko_archive_picture(archive, &inside, &where, NULL), KO_OK);
    ko_buf file = KO_BUF(1 << 16);
    assert_int_equal(ko_file_read(where.path, &file, NULL), KO_OK);
    static const char begin[] = "WARC/1.1\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: <urn:uuid:";
    assert_memory_equal(file.data, begin, sizeof begin - 1);
    assert_non_null(strstr(file.data, "\r\n\r\nsoftware: Knockoff/1.0 (+owner  x: y)\r\n"));
    assert_int_equal(where.record, strstr(file.data + 1, "WARC/1.1") - file.data);
    ko_buf_free(&file);
    ko_archive_close(archive);
}

/* The disk is full in the middle of a record: what was written before stays whole, and writing
 * goes on when there is room again. */
static void a_full_disk_leaves_whole_records(void **state)
{
    (void)state;
    ko_archive *archive = open_archive("full");
    ko_archived where;
    ko_error err = {0};
    assert_int_equal(ko_archive_picture(archive, &picture, &where, NULL), KO_OK);
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    (void)signal(SIGXFSZ, SIG_IGN);
    const struct rlimit tight = {.rlim_cur = (rlim_t)where.offset + 100,
                                 .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    ko_archived none;
    assert_int_equal(ko_archive_picture(archive, &picture, &none, &err), KO_E_IO);
    assert_non_null(strstr(err.text, where.path));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(ko_archive_picture(archive, &inside, &where, NULL), KO_OK);
    gathered all;
    read_back(where.path, &all);
    assert_int_equal(all.n_replies, 2);
    ungather(&all);
    ko_archive_close(archive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_come_back_as_they_were),
        cmocka_unit_test(a_picture_is_a_range_of_its_file),
        cmocka_unit_test(the_first_record_tells_who_wrote),
        cmocka_unit_test(a_full_disk_leaves_whole_records),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
