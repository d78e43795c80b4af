#include "proof/sign_line.h"

#include "base/limits.h"

#include <stdio.h>

#define WIDTH 260. /* of the line of the signature */
#define HEIGHT 46.
#define GAP 20.
#define TEXT_SIZE 10.
#define SMALL_SIZE 8.
#define LINES 3 /* that have room on it */

/* What is written on a ruled line and what stands below that. */
static ko_status put_on_line(const ko_document *d, const char *text, const char *below, double x,
                             double width)
{
    ko_document_block block;
    ko_document_text t = {
        .what = below, .text = text, .x = x, .width = width, .size = TEXT_SIZE, .lines = LINES};
    ko_status st = ko_document_set(d, &t, &block);
    if (st != KO_OK)
        return st;
    ko_document_show(d, &block, d->y + HEIGHT - 3 - block.height);
    ko_document_rule(d, x, d->y + HEIGHT, width);
    t.text = below;
    t.size = SMALL_SIZE;
    t.grey = KO_DOCUMENT_GREY;
    st = ko_document_set(d, &t, &block);
    if (st == KO_OK)
        ko_document_show(d, &block, d->y + HEIGHT + 2);
    return st;
}

ko_status ko_sign_line(ko_document *d, const char *place, const char *date, const char *signer,
                       ko_statement_box *out_box)
{
    char where[KO_MAX_STATEMENT_TEXT + 32], by[KO_MAX_STATEMENT_TEXT + 32] = "";
    const double x = KO_DOCUMENT_WIDTH - KO_DOCUMENT_MARGIN - WIDTH;
    const bool placed = place && *place;
    (void)snprintf(where, sizeof where, "%s%s%s", placed ? place : "", placed ? ", " : "", date);
    if (signer && *signer)
        (void)snprintf(by, sizeof by, "Digitally signed by %s", signer);
    ko_status st = ko_document_need(d, 2 * HEIGHT);
    if (st == KO_OK)
        st = put_on_line(d, where, "place and date", KO_DOCUMENT_MARGIN,
                         x - KO_DOCUMENT_MARGIN - GAP);
    if (st == KO_OK)
        st = put_on_line(d, by, "signature", x, WIDTH);
    *out_box = (ko_statement_box){x, KO_DOCUMENT_HEIGHT - d->y - HEIGHT, WIDTH, HEIGHT};
    return st;
}
