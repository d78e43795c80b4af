/* Sheets of listings as people's spreadsheets write them. */
#include "sheet_log.h"

#include "base/alloc.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void every_delimiter(void **state)
{
    (void)state;
    static const char expected[] = "2: https://a.com/1 | Owl | Shop | 9.90 | EUR | ./o.jpg\n"
                                   "3: https://a.com/2 | Cat | Shop | 5 | EUR | ./c.jpg\n";
    for (const char *delimiter = ",;\t|"; *delimiter; delimiter++) {
        char sheet[] = "url#title#seller#price#currency#image\n"
                       "https://a.com/1#Owl#Shop#9.90#EUR#o.jpg\n"
                       "https://a.com/2#Cat#Shop#5#EUR#c.jpg\n";
        for (char *c = sheet; *c; c++)
            if (*c == '#')
                *c = *delimiter;
        assert_log("s.csv", sheet, sizeof sheet - 1, false, expected);
    }
}

static void delimiters_inside_quotes_do_not_count(void **state)
{
    (void)state;
    assert_listings("\"url\";\"price, tax, and all\";title\n"
                    "https://a.com/1;3,50;\"Owl; blue\"\n",
                    "2: https://a.com/1 | Owl; blue |  |  |  |\n"
                    "* ignored columns: price, tax, and all\n");
}

static void a_stated_delimiter_decides(void **state)
{
    (void)state;
    assert_listings("sep=;\r\nurl;title,a,b,c\r\nhttps://a.com/1;Owl\r\n",
                    "3: https://a.com/1 |  |  |  |  |\n"
                    "* ignored columns: title,a,b,c\n");
}

static void every_line_end(void **state)
{
    (void)state;
    static const char expected[] = "2: https://a.com/1 | Owl |  |  |  |\n"
                                   "5: https://a.com/2 | Cat |  |  |  |\n";
    assert_listings("url,title\nhttps://a.com/1,Owl\n\n,\nhttps://a.com/2,Cat", expected);
    assert_listings("url,title\r\nhttps://a.com/1,Owl\r\n\r\n,\r\nhttps://a.com/2,Cat\r\n",
                    expected);
    assert_listings("url,title\rhttps://a.com/1,Owl\r\r,\rhttps://a.com/2,Cat\r", expected);
}

static void quoted_cells_hold_quotes_and_line_breaks(void **state)
{
    (void)state;
    assert_listings("url,title\n"
                    "https://a.com/1,\"The \"\"Owl\"\",\r\nin two lines\"\n"
                    "https://a.com/2,15\" print\n",
                    "2: https://a.com/1 | The \"Owl\",  in two lines |  |  |  |\n"
                    "4: https://a.com/2 | 15\" print |  |  |  |\n");
}

static void every_encoding(void **state)
{
    (void)state;
#define FOUND "2: https://a.com/1 | B\xC3\xA4r \xE2\x82\xAC |  |  |  |\n"
    assert_listings("url,title\nhttps://a.com/1,B\xC3\xA4r \xE2\x82\xAC\n", FOUND);
    assert_listings("\xEF\xBB\xBFurl,title\nhttps://a.com/1,B\xC3\xA4r \xE2\x82\xAC\n", FOUND);
    assert_listings("url,title\nhttps://a.com/1,B\xE4r \x80\n",
                    "* not UTF-8: read as Windows-1252\n" FOUND);
    static const uint16_t codes[] = u"url,title\nhttps://a.com/1,B\u00e4r \u20ac\n";
    unsigned char little[128] = {0xFF, 0xFE}, big[128] = {0xFE, 0xFF};
    const size_t n = sizeof codes / sizeof *codes - 1;
    for (size_t i = 0; i < n; i++) {
        little[2 + 2 * i] = big[3 + 2 * i] = (unsigned char)codes[i];
        little[3 + 2 * i] = big[2 + 2 * i] = (unsigned char)(codes[i] >> 8);
    }
    assert_log("s.csv", little, 2 + 2 * n, false, FOUND);
    assert_log("s.csv", big, 2 + 2 * n, false, FOUND);
#undef FOUND
}

static void bytes_without_meaning_are_replaced(void **state)
{
    (void)state;
    /* a hole in Windows-1252; a bad byte in what says it is UTF-8; in UTF-16 half of a pair
     * and half of a unit */
    assert_listings("url,title\nhttps://a.com/1,B\xE4r\x81\n",
                    "* not UTF-8: read as Windows-1252\n"
                    "2: https://a.com/1 | B\xC3\xA4r\xEF\xBF\xBD |  |  |  |\n");
    assert_listings("\xEF\xBB\xBFurl,title\nhttps://a.com/1,B\xC3\xA4r\xFF\n",
                    "2: https://a.com/1 | B\xC3\xA4r\xEF\xBF\xBD |  |  |  |\n");
    assert_listings("\xFF\xFEu\0r\0l\0,\0n\0a\0m\0e\0\n\0w\0w\0w\0.\0a\0.\0d\0e\0,\0\x01\xD8x\0y",
                    "2: https://www.a.de/ | \xEF\xBF\xBDx\xEF\xBF\xBD |  |  |  |\n");
}

static void columns_go_by_many_names(void **state)
{
    (void)state;
    assert_listings("Date found,Listing URL,LISTING TITLE:,store_name,Price (USD),Status\n"
                    "1 May,https://a.com/1,Owl,Shop,$9,filed\n",
                    "2: https://a.com/1 | Owl | Shop | $9 | USD |\n");
    assert_listings(
        "Link;Artikelname;Verk\xC3\xA4ufer;Preis \xE2\x82\xAC;W\xC3\xA4hrung;Bild-Datei\n"
        "https://a.com/1;Eule;Laden;9,90;EUR;o.png\n",
        "2: https://a.com/1 | Eule | Laden | 9,90 | EUR | ./o.png\n");
    assert_listings("Lien;Titre;Vendeur;Prix;Devise;Capture d\xE2\x80\x99\xC3\x89"
                    "cran\nhttps://a.com/1;Hibou;B;9;EUR;o.png\n",
                    "2: https://a.com/1 | Hibou | B | 9 | EUR | ./o.png\n");
    assert_listings("Enlace;Ti\xCC\x81tulo;Vendedor;Precio;Imagen\n"
                    "https://a.com/1;B\xC3\xBAho;T;9;o.png\n",
                    "2: https://a.com/1 | B\xC3\xBAho | T | 9 |  | ./o.png\n");
}

static void other_pages_are_not_taken_for_the_listing(void **state)
{
    (void)state;
    assert_listings("own url,seller url,url\nhttps://me.com,https://s.com,https://a.com/1\n",
                    "2: https://a.com/1 |  |  |  |  |\n"
                    "* ignored columns: own url, seller url\n");
}

static void the_surest_of_two_columns_counts(void **state)
{
    (void)state;
    assert_listings("description,title,url\n"
                    "long text,Owl,https://a.com/1\n"
                    "only text,,https://a.com/2\n",
                    "2: https://a.com/1 | Owl |  |  |  |\n"
                    "3: https://a.com/2 | only text |  |  |  |\n"
                    "* columns title, description all hold the title: the first that is filled "
                    "counts\n");
}

static void an_ambiguous_column_is_told_by_its_cells(void **state)
{
    (void)state;
    assert_listings("Listing,shop\nhttps://a.com/1,S\n", "2: https://a.com/1 |  | S |  |  |\n");
    assert_listings("listing,title\nphotos/1.jpg,Owl\n", "2:  | Owl |  |  |  | ./photos/1.jpg\n");
    assert_listings("Item,link\nOwl,https://a.com/1\n", "2: https://a.com/1 | Owl |  |  |  |\n");
}

static void urls_are_completed(void **state)
{
    (void)state;
    assert_listings("url\n HTTP://a.com/1 \nwww.a.com\nshop.a.com/x?y=1\n",
                    "2: http://a.com/1 |  |  |  |  |\n"
                    "3: https://www.a.com/ |  |  |  |  |\n"
                    "4: https://shop.a.com/x?y=1 |  |  |  |  |\n");
}

static void images_lie_beside_the_sheet(void **state)
{
    (void)state;
    static const char sheet[] = "image\no.jpg\n/abs/o.jpg\n../up/o.jpg\nfile:///abs/o%20w.jpg\n"
                                "file://localhost/abs/o.jpg\nShot 12:30.png\n";
    assert_log("/home/me/s.csv", sheet, sizeof sheet - 1, false,
               "2:  |  |  |  |  | /home/me/o.jpg\n"
               "3:  |  |  |  |  | /abs/o.jpg\n"
               "4:  |  |  |  |  | /home/me/../up/o.jpg\n"
               "5:  |  |  |  |  | /abs/o w.jpg\n"
               "6:  |  |  |  |  | /abs/o.jpg\n"
               "7:  |  |  |  |  | /home/me/Shot 12:30.png\n");
}

static void many_images_from_columns_and_cells(void **state)
{
    (void)state;
    assert_listings("image1;image 2;photo\n"
                    "a.jpg;b.jpg;c.jpg\n"
                    "a.jpg|b.jpg;;\"c.jpg\nd.jpg\"\n"
                    "\"a.jpg;B.PNG; c.webp\";;\"x.jpg, y.jpg\"\n"
                    "\"a;b.jpg\";;\"owl, blue.jpg\"\n",
                    "2:  |  |  |  |  | ./a.jpg ./b.jpg ./c.jpg\n"
                    "3:  |  |  |  |  | ./a.jpg ./b.jpg ./c.jpg ./d.jpg\n"
                    "5:  |  |  |  |  | ./a.jpg ./B.PNG ./c.webp ./x.jpg ./y.jpg\n"
                    "6:  |  |  |  |  | ./a;b.jpg ./owl, blue.jpg\n");
}

static void images_may_be_web_addresses(void **state)
{
    (void)state;
    assert_listings("url,image,photo\n"
                    "https://a.com/1,https://cdn.com/1.jpg,o.jpg\n"
                    ",http://cdn.com/2.jpg|http://cdn.com/3.jpg,\n"
                    ",\"https://cdn.com/a.jpg, https://cdn.com/b.jpg\",\n"
                    ",\"https://cdn.com/w_1,h_1/a?x=1, https://cdn.com/b?x=2\",\n"
                    ",https://cdn.com/a?x=1 https://cdn.com/b?x=2;https://cdn.com/c;,\n"
                    "https://a.com/2,https://cdn .com/|o.jpg,\n",
                    "2: https://a.com/1 |  |  |  |  | https://cdn.com/1.jpg ./o.jpg\n"
                    "3:  |  |  |  |  | http://cdn.com/2.jpg http://cdn.com/3.jpg\n"
                    "4:  |  |  |  |  | https://cdn.com/a.jpg https://cdn.com/b.jpg\n"
                    "5:  |  |  |  |  | https://cdn.com/w_1,h_1/a?x=1 https://cdn.com/b?x=2\n"
                    "6:  |  |  |  |  | https://cdn.com/a?x=1 https://cdn.com/b?x=2 "
                    "https://cdn.com/c\n"
                    "7: https://a.com/2 |  |  |  |  | ./o.jpg\n"
                    "7! image holds a space or a control character: https://cdn .com/\n");
}

/* A folder that holds pics/owl.jpg, and is the current one while the tests run. */
static char folder[] = "/tmp/knockoff-sheet-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder) || chdir(folder) != 0 || mkdir("pics", 0700) != 0)
        return -1;
    FILE *file = fopen("pics/owl.jpg", "w");
    return file ? fclose(file) : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    (void)unlink("pics/owl.jpg");
    (void)rmdir("pics");
    return chdir("/") == 0 ? rmdir(folder) : -1;
}

static void backslashes_are_tolerated_where_the_file_is_there(void **state)
{
    (void)state;
    assert_listings("image\npics\\owl.jpg\npics\\cat.jpg\n", "2:  |  |  |  |  | ./pics/owl.jpg\n"
                                                             "3:  |  |  |  |  | ./pics\\cat.jpg\n");
}

static void columns_without_names_are_told_by_what_is_certain(void **state)
{
    (void)state;
    assert_listings("https://a.com/1\nhttps://a.com/2\n",
                    "* no column names: column 1 is taken for the url\n"
                    "1: https://a.com/1 |  |  |  |  |\n"
                    "2: https://a.com/2 |  |  |  |  |\n");
    assert_listings("Owl,https://a.com/1,pics/owl.jpg\nCat,https://a.com/2,pics/cat.jpg,more\n",
                    "* no column names: column 2 is taken for the url\n"
                    "* no column names: column 3 is taken for the image\n"
                    "1: https://a.com/1 |  |  |  |  | ./pics/owl.jpg\n"
                    "2: https://a.com/2 |  |  |  |  | ./pics/cat.jpg\n"
                    "* ignored columns: 1\n");
    assert_refused("https://a.com/1,https://b.com/1\n", KO_E_FORMAT,
                   "line 1: no column is named url or image, and what the columns hold is not "
                   "certain");
    assert_refused("title,price\nOwl,5\n", KO_E_FORMAT,
                   "line 1: no column is named url or image, and what the columns hold is not "
                   "certain");
}

static void the_kind_is_told_by_content(void **state)
{
    (void)state;
    assert_int_equal(ko_sheet_sniff("url\nhttps://a.com", 17), KO_SHEET_CSV);
    assert_int_equal(ko_sheet_sniff("\xFF\xFEu\0r\0l\0", 8), KO_SHEET_CSV);
    assert_int_equal(ko_sheet_sniff(" \n{\"url\": 1}", 12), KO_SHEET_JSON);
    assert_int_equal(ko_sheet_sniff("\xEF\xBB\xBF[]", 5), KO_SHEET_JSON);
    assert_int_equal(ko_sheet_sniff("<svg/>", 6), KO_SHEET_NONE);
    assert_int_equal(ko_sheet_sniff("%PDF-1.4 text", 13), KO_SHEET_NONE);
    assert_int_equal(ko_sheet_sniff("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16), KO_SHEET_NONE);
    assert_int_equal(ko_sheet_sniff("GIF89a\1\0\1\0\x80\0\0", 13), KO_SHEET_NONE);
    assert_int_equal(ko_sheet_sniff("", 0), KO_SHEET_NONE);
    assert_refused("", KO_E_FORMAT, "empty");
    assert_refused("<html>", KO_E_UNSUPPORTED, "neither CSV nor JSON");
    assert_refused("PK\3\4\24\0\6\0\10\0", KO_E_UNSUPPORTED,
                   "a workbook, not a sheet: save it as CSV");
}

static ko_status stop_at_once(void *context, const ko_listing *listing)
{
    (void)listing;
    ++*(int *)context;
    return KO_E_STOPPED;
}

static void the_receiver_can_end_the_reading(void **state)
{
    (void)state;
    static const char sheet[] = "url\nhttps://a.com/1\nhttps://a.com/2\n";
    int calls = 0;
    const ko_sheet_sink sink = {.context = &calls,
                                .on_listing = stop_at_once,
                                .on_problem = log_problem,
                                .on_note = log_note};
    assert_int_equal(ko_sheet_read("s.csv", sheet, sizeof sheet - 1, &sink, NULL, NULL),
                     KO_E_STOPPED);
    assert_int_equal(calls, 1);
}

/* Counts what comes and keeps nothing, so that only the reader needs memory. */
static ko_status count_listing(void *context, const ko_listing *listing)
{
    (void)listing;
    ++*(unsigned *)context;
    return KO_OK;
}

static void ignore_problem(void *context, size_t line, const char *text)
{
    (void)context, (void)line, (void)text;
}

static void ignore_note(void *context, const char *text)
{
    (void)context, (void)text;
}

static void no_memory_is_said_and_nothing_leaks(void **state)
{
    (void)state;
    static const char csv[] =
        "url,title,image,notes of last year,more notes,and some other column\n"
        "https://a.com/1,B\xE4r,a\\b.jpg,x\nftp://,,,\n";
    static const char json[] = "{\"url\": \"https://a.com/1\", \"title\": \"B\xC3\xA4r\", "
                               "\"image\": [\"a.jpg\"], \"notes\": 1}\n{";
    static const struct {
        const char *text;
        size_t size;
    } sheets[] = {{csv, sizeof csv - 1}, {json, sizeof json - 1}};
    const long before = ko_alloc_live();
    for (size_t i = 0; i < 2; i++)
        for (unsigned nth = 1;; nth++) {
            unsigned listings = 0;
            const ko_sheet_sink sink = {.context = &listings,
                                        .on_listing = count_listing,
                                        .on_problem = ignore_problem,
                                        .on_note = ignore_note};
            ko_alloc_fault(nth, 0);
            const ko_status st =
                ko_sheet_read("d/s", sheets[i].text, sheets[i].size, &sink, NULL, NULL);
            const unsigned fired = ko_alloc_fault_hits();
            ko_alloc_fault(0, 0);
            assert_int_equal(ko_alloc_live(), before);
            if (!fired) {
                assert_int_equal(st, KO_OK);
                assert_int_equal(listings, 1);
                break;
            }
            assert_int_equal(st, KO_E_NOMEM);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_delimiter),
        cmocka_unit_test(delimiters_inside_quotes_do_not_count),
        cmocka_unit_test(a_stated_delimiter_decides),
        cmocka_unit_test(every_line_end),
        cmocka_unit_test(quoted_cells_hold_quotes_and_line_breaks),
        cmocka_unit_test(every_encoding),
        cmocka_unit_test(bytes_without_meaning_are_replaced),
        cmocka_unit_test(columns_go_by_many_names),
        cmocka_unit_test(other_pages_are_not_taken_for_the_listing),
        cmocka_unit_test(the_surest_of_two_columns_counts),
        cmocka_unit_test(an_ambiguous_column_is_told_by_its_cells),
        cmocka_unit_test(urls_are_completed),
        cmocka_unit_test(images_lie_beside_the_sheet),
        cmocka_unit_test(many_images_from_columns_and_cells),
        cmocka_unit_test(images_may_be_web_addresses),
        cmocka_unit_test(backslashes_are_tolerated_where_the_file_is_there),
        cmocka_unit_test(columns_without_names_are_told_by_what_is_certain),
        cmocka_unit_test(the_kind_is_told_by_content),
        cmocka_unit_test(the_receiver_can_end_the_reading),
        cmocka_unit_test(no_memory_is_said_and_nothing_leaks),
    };
    return cmocka_run_group_tests_name("listing.sheet", tests, make_folder, remove_folder);
}
