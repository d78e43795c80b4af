/* Keys come from a file that nobody else can read, and from the environment. */
#include "crawl/api_talk.h"

#include "base/limits.h"

#include <sys/stat.h>
#include <unistd.h>

static char path[] = "/tmp/knockoff-keys-XXXXXX";

static void write_keys(const void *bytes, size_t n, mode_t mode)
{
    assert_int_equal(ko_file_write(path, bytes, n, NULL), KO_OK);
    assert_int_equal(chmod(path, mode), 0);
}

static ko_status read_text(const char *text, ko_api_keys **out_keys, ko_error *err)
{
    write_keys(text, strlen(text), 0600);
    return ko_api_keys_read(path, out_keys, err);
}

static int clear_environment(void **state)
{
    (void)state;
    for (int k = 0; k < KO_KEYS; k++)
        (void)unsetenv(ko_api_key_name((ko_api_key)k));
    return 0;
}

static void a_file_gives_keys_and_the_environment_goes_before(void **state)
{
    (void)state;
    ko_api_keys *keys = NULL;
    assert_int_equal(setenv("KNOCKOFF_ETSY_SECRET", "of-the-environment", 1), 0);
    assert_int_equal(read_text("# mine\n\n  KNOCKOFF_EBAY_ID = abc=def==\r\n"
                               "KNOCKOFF_ETSY_KEY=\"in quotes\"\n",
                               &keys, NULL),
                     KO_E_USAGE); /* a blank */
    assert_int_equal(read_text("# mine\n\n  KNOCKOFF_EBAY_ID = abc=def==\r\n"
                               "KNOCKOFF_ETSY_KEY=\"quoted\"\nKNOCKOFF_ETSY_SECRET=of-the-file\n"
                               "KNOCKOFF_EBAY_SECRET=",
                               &keys, NULL),
                     KO_OK);
    assert_string_equal(ko_api_key_value(keys, KO_KEY_EBAY_ID), "abc=def==");
    assert_string_equal(ko_api_key_value(keys, KO_KEY_ETSY_KEY), "quoted");
    assert_string_equal(ko_api_key_value(keys, KO_KEY_ETSY_SECRET), "of-the-environment");
    assert_null(ko_api_key_value(keys, KO_KEY_EBAY_SECRET));
    assert_null(ko_api_key_value(keys, KO_KEY_ALIEXPRESS_KEY));
    ko_api_keys_free(keys);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(ko_api_keys_read(path, &keys, NULL), KO_OK); /* no file, no complaint */
    assert_string_equal(ko_api_key_value(keys, KO_KEY_ETSY_SECRET), "of-the-environment");
    ko_api_keys_free(keys);
}

static void a_file_that_others_may_read_is_refused(void **state)
{
    (void)state;
    static const char text[] = "KNOCKOFF_EBAY_ID=topsecretvalue\n";
    static const mode_t open_modes[] = {0644, 0640, 0604, 0620, 0601};
    ko_api_keys *keys = NULL;
    for (size_t m = 0; m < sizeof open_modes / sizeof *open_modes; m++) {
        ko_error err = {0};
        write_keys(text, sizeof text - 1, open_modes[m]);
        assert_int_equal(ko_api_keys_read(path, &keys, &err), KO_E_USAGE);
        char mode[16];
        (void)snprintf(mode, sizeof mode, "mode %04o", (unsigned)open_modes[m]);
        assert_non_null(strstr(err.text, mode));
        assert_null(strstr(err.text, "topsecretvalue"));
    }
    ko_error err = {0};
    assert_int_equal(ko_api_keys_read("/tmp", &keys, &err), KO_E_USAGE);
    assert_string_equal(err.text, "/tmp: not a file");
}

/* A line that is none may be a key that was pasted without its name. */
static void mistakes_are_told_by_line_and_never_repeat_a_value(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "topsecretvalue",
        "topsecretvalue==",
        "KNOCKOFF_EBAY_KEY=topsecretvalue",
        "knockoff_ebay_id=topsecretvalue",
        "KNOCKOFF_EBAY_ID=topsecretvalue and more",
        "KNOCKOFF_EBAY_ID=topsecretvalue\x01",
        "KNOCKOFF_EBAY_ID=topsecretvalue\xc3\xa9",
    };
    ko_api_keys *keys = NULL;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char text[200];
        ko_error err = {0};
        (void)snprintf(text, sizeof text, "# a remark\n%s\n", lines[i]);
        assert_int_equal(read_text(text, &keys, &err), KO_E_USAGE);
        assert_non_null(strstr(err.text, ": line 2: "));
        assert_null(strstr(err.text, "topsecretvalue"));
    }
    ko_error err = {0};
    assert_int_equal(unlink(path), 0);
    assert_int_equal(setenv("KNOCKOFF_EBAY_ID", "topsecretvalue\nX-Other: header", 1), 0);
    assert_int_equal(ko_api_keys_read(path, &keys, &err), KO_E_USAGE);
    assert_non_null(strstr(err.text, "KNOCKOFF_EBAY_ID"));
    assert_null(strstr(err.text, "topsecretvalue"));
}

static void sizes_are_limited(void **state)
{
    (void)state;
    static char text[KO_MAX_KEY_FILE_BYTES + 2];
    ko_api_keys *keys = NULL;
    memset(text, '#', KO_MAX_KEY_FILE_BYTES + 1);
    assert_int_equal(read_text(text, &keys, NULL), KO_E_LIMIT);
    text[KO_MAX_KEY_FILE_BYTES] = '\0';
    assert_int_equal(read_text(text, &keys, NULL), KO_OK);
    ko_api_keys_free(keys);
    (void)snprintf(text, sizeof text, "KNOCKOFF_EBAY_ID=%0*d", (int)KO_MAX_KEY_BYTES + 1, 7);
    assert_int_equal(read_text(text, &keys, NULL), KO_E_USAGE);
}

static void a_password_is_what_people_make_of_it(void **state)
{
    (void)state;
    ko_api_keys *keys = NULL;
    ko_error err = {0};
    assert_int_equal(
        read_text("KNOCKOFF_MAIL_PASSWORD = \" vier W\xc3\xb6rter = gut \"\n", &keys, NULL), KO_OK);
    assert_string_equal(ko_api_key_value(keys, KO_KEY_MAIL_PASSWORD), " vier W\xc3\xb6rter = gut ");
    ko_api_keys_free(keys);
    assert_int_equal(read_text("KNOCKOFF_MAIL_PASSWORD=topsecret\tvalue\n", &keys, &err),
                     KO_E_USAGE);
    assert_null(strstr(err.text, "topsecret"));
    assert_int_equal(read_text("KNOCKOFF_WEBHOOK_SECRET=top secret\n", &keys, NULL), KO_E_USAGE);
}

static void a_zero_ends_a_file_of_keys(void **state)
{
    (void)state;
    static const char text[] = "KNOCKOFF_EBAY_ID=abc\n\0KNOCKOFF_EBAY_SECRET=def\n";
    ko_api_keys *keys = NULL;
    write_keys(text, sizeof text - 1, 0600);
    assert_int_equal(ko_api_keys_read(path, &keys, NULL), KO_OK);
    assert_string_equal(ko_api_key_value(keys, KO_KEY_EBAY_ID), "abc");
    ko_api_keys_free(keys);
}

int main(void)
{
    const int fd = mkstemp(path);
    if (fd < 0)
        return 1;
    (void)close(fd);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_file_gives_keys_and_the_environment_goes_before,
                               clear_environment),
        cmocka_unit_test_setup(a_file_that_others_may_read_is_refused, clear_environment),
        cmocka_unit_test_setup(mistakes_are_told_by_line_and_never_repeat_a_value,
                               clear_environment),
        cmocka_unit_test_setup(sizes_are_limited, clear_environment),
        cmocka_unit_test_setup(a_password_is_what_people_make_of_it, clear_environment),
        cmocka_unit_test_setup(a_zero_ends_a_file_of_keys, clear_environment),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    (void)unlink(path);
    return failed;
}
