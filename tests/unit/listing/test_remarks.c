/* What artists' own sheets say of listings besides what listings say. */
#include "sheet_log.h"

#include "listing/columns.h"

/* One line a row: its URL, then NAME=TEXT for each remark. */
static ko_status log_remarks(void *context, const ko_listing *l)
{
    sheet_log *log = context;
    assert_int_equal(ko_buf_printf(&log->text, "%s", l->url), KO_OK);
    for (size_t i = 0; i < l->n_remarks; i++)
        assert_int_equal(
            ko_buf_printf(&log->text, " | %s=%s", l->remarks[i].name, l->remarks[i].text), KO_OK);
    assert_int_equal(ko_buf_text(&log->text, "\n"), KO_OK);
    return KO_OK;
}

static void assert_remarks(const char *sheet, const char *expected)
{
    sheet_log log = {.text = KO_BUF((size_t)1 << 20)};
    const ko_sheet_sink sink = {
        .context = &log, .on_listing = log_remarks, .on_problem = log_problem, .on_note = log_note};
    assert_int_equal(ko_sheet_read("s.csv", sheet, strlen(sheet), &sink, NULL, &log.err), KO_OK);
    assert_string_equal(log.text.data, expected);
    ko_buf_free(&log.text);
}

static void each_kind_goes_by_its_name(void **state)
{
    (void)state;
    for (ko_remark_kind kind = 0; kind < KO_REMARK_KINDS; kind++) {
        unsigned rank = 0;
        const char *name = ko_remark_name(kind);
        assert_int_equal(ko_sheet_name_field(ko_sheet_listing_names, name, &rank),
                         KO_FIELD_REMARK + (int)kind);
        assert_int_equal(ko_remark_find(name), kind);
    }
    assert_int_equal(ko_remark_find("check"), KO_REMARK_KINDS);
}

static void columns_go_by_many_names(void **state)
{
    (void)state;
    assert_remarks(
        "Work/Design,Listing URL,Store #,Seller Code,Date Found,Reported on,Case No.,"
        "STATUS:,Counter-notice,Taken down,Reappeared?,Est. loss (USD),Comments\n"
        "Owl,https://a.com/1,55,cn77,3 May,5/14/2026,C-1,gone,,x,,20,mean\n",
        "https://a.com/1 | work=Owl | store no.=55 | second code=cn77 | date found=3 May "
        "| date reported=5/14/2026 | notice no.=C-1 | status=gone | date removed=x "
        "| est. loss=20 | notes=mean\n");
    assert_remarks("Motiv;Link;Copyright;Registrierungsnummer;Gefunden am;Gemeldet am;Fallnr.;"
                   "Gegendarstellung;Frist;Gel\xC3\xB6scht am;Stunden;Bemerkungen\n"
                   "Eule;https://a.com/1;;VAu 1;1.5.;3.5.2026;17;;;9.5.2026;2;x\n",
                   "https://a.com/1 | work=Eule | registration no.=VAu 1 | date found=1.5. | date "
                   "reported=3.5.2026 | notice no.=17 | date removed=9.5.2026 | hours=2 | notes=x\n"
                   "* kept as they are: Copyright\n");
    assert_remarks("\xC5\x92uvre;Lien;Signal\xC3\xA9 le;Statut;Retir\xC3\xA9 le;Remarques\n"
                   "Hibou;https://a.com/1;3 mai 2026;retir\xC3\xA9;;x\n",
                   "https://a.com/1 | work=Hibou | date reported=3 mai 2026 | status=retir\xC3\xA9 "
                   "| notes=x\n");
    assert_remarks("Obra;Enlace;Denunciado el;Estado;Eliminado;Observaciones\n"
                   "B\xC3\xBAho;https://a.com/1;3/5/2026;eliminado;;x\n",
                   "https://a.com/1 | work=B\xC3\xBAho | date reported=3/5/2026 | "
                   "status=eliminado | notes=x\n");
}

static void a_column_of_the_users_own_is_kept(void **state)
{
    (void)state;
    assert_remarks("url,work,My colour,My colour,comments,notes,MY COLOUR\n"
                   "https://a.com/1,Owl,red,blue,a,b,c\n"
                   "https://a.com/2,Owl,,green,,,\n",
                   "https://a.com/1 | work=Owl | My colour=red | My colour (2)=blue | notes=a | "
                   "notes (2)=b | MY COLOUR=c\n"
                   "https://a.com/2 | work=Owl | My colour (2)=green\n"
                   "* kept as they are: My colour, My colour (2), notes (2), MY COLOUR\n");
}

static void tables_of_programs_are_not_kept(void **state)
{
    (void)state;
    assert_remarks("url,sku,status,vendor id,type\nhttps://a.com/1,7,active,9,tee\n",
                   "https://a.com/1\n"
                   "* ignored columns: sku, status, vendor id, type\n");
    assert_remarks("candidate,work,url,score,first_seen\n3,KO-000001,https://a.com/1,9.5,2026\n",
                   "https://a.com/1\n"
                   "* ignored columns: candidate, work, score, first_seen\n");
}

static void json_too(void **state)
{
    (void)state;
    assert_remarks("{\"colour\": \"red\", \"url\": \"https://a.com/1\", \"work\": \"Owl\", "
                   "\" \": \"x\", \"tags\": [\"a\", \"b\"], \"by\": {\"me\": 1}, \"hours\": 2.5}\n"
                   "{\"url\": \"https://a.com/2\", \"colour\": \"blue\"}\n",
                   "https://a.com/1 | colour=red | work=Owl | hours=2.5\n"
                   "https://a.com/2 | colour=blue\n"
                   "* ignored columns:  , tags, by me\n"
                   "* kept as they are: colour\n");
    assert_remarks("{\"url\": \"https://a.com/1\", \"colour\": \"red\"}\n",
                   "https://a.com/1\n* ignored columns: colour\n");
}

static void apostrophes_before_formulas_are_undone(void **state)
{
    (void)state;
    assert_remarks("url,notes,'=SUM(A1)\n"
                   "https://a.com/1,'=1+1,'-\n"
                   "https://a.com/2,'tis,'-5\n"
                   "https://a.com/3,''=1,\"' @x\"\n",
                   "https://a.com/1 | notes==1+1 | =SUM(A1)=-\n"
                   "https://a.com/2 | notes='tis | =SUM(A1)='-5\n"
                   "https://a.com/3 | notes=''=1 | =SUM(A1)= @x\n"
                   "* kept as they are: =SUM(A1)\n");
}

static void hostile_text_is_cleaned(void **state)
{
    (void)state;
    assert_remarks(
        "url,notes,\x1b[31mmine\nhttps://a.com/1,a\x1b]0;w\xE2\x80\xAEl,x\n",
        "https://a.com/1 | notes=a\xEF\xBF\xBD]0;w\xEF\xBF\xBDl | \xEF\xBF\xBD[31mmine=x\n"
        "* kept as they are: \xEF\xBF\xBD[31mmine\n");
}

static void exported_pictures_are_one_each(void **state)
{
    (void)state;
    static const char *const expected =
        "2: https://a.com/1 | Owl |  |  |  | /p/a.jpghttps://c.com/a.jpg https://c.com/b.jpg\n"
        "3: https://a.com/2 | Cat |  |  |  | /p/c.jpg\n"
        "* ignored columns: first_seen\n";
    static const char sheet[] =
        "url,title,first_seen,images,image_urls\n"
        "https://a.com/1,Owl,2026,/p/a.jpg|https://c.com/b.jpg,https://c.com/a.jpg|https://c.com/"
        "b.jpg\n"
        "https://a.com/2,Cat,2026,/p/c.jpg,\n";
    assert_log("s.csv", sheet, sizeof sheet - 1, false, expected);
    assert_listings("url,images,image_urls\nhttps://a.com/1,/p/a.jpg,https://c.com/b.jpg\n",
                    "2: https://a.com/1 |  |  |  |  | /p/a.jpg https://c.com/b.jpg\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_goes_by_its_name),
        cmocka_unit_test(columns_go_by_many_names),
        cmocka_unit_test(a_column_of_the_users_own_is_kept),
        cmocka_unit_test(tables_of_programs_are_not_kept),
        cmocka_unit_test(json_too),
        cmocka_unit_test(apostrophes_before_formulas_are_undone),
        cmocka_unit_test(hostile_text_is_cleaned),
        cmocka_unit_test(exported_pictures_are_one_each),
    };
    return cmocka_run_group_tests_name("listing.remarks", tests, NULL, NULL);
}
