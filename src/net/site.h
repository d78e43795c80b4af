/* net/site.h - an origin and what its robots.txt lets us fetch (RFC 9309). */
#ifndef KO_NET_SITE_H
#define KO_NET_SITE_H

#include "net/queue.h"
#include "net/verdict.h"
#include "platform/robots.h"
#include "platform/url.h"

typedef enum ko_site_state {
    KO_SITE_UNKNOWN, /* robots.txt is to be asked for */
    KO_SITE_ASKING,  /* it is on its way */
    KO_SITE_KNOWN
} ko_site_state;

typedef struct ko_site {
    char *origin;    /* "https://shop.example" */
    ko_queue *queue; /* borrowed */
    ko_site_state state;
    ko_robots *rules;   /* NULL: everything is allowed, if barred does not say otherwise */
    ko_verdict *barred; /* what every request gets; NULL: the rules decide */
    int64_t at;         /* when robots.txt was had, seconds since 1970 */
} ko_site;

KO_NODISCARD ko_status ko_site_make(const ko_url *url, ko_queue *queue, ko_site **out_site,
                                    ko_error *err);
void ko_site_free(ko_site *site); /* NULL is fine */

/* Writes "https://shop.example" to out. */
#define KO_ORIGIN_SIZE 280 /* of a host of 255 bytes with scheme and port */
void ko_site_origin(const ko_url *url, char out[KO_ORIGIN_SIZE]);

/* Takes over what is remembered of the site: its robots.txt, unless that is too old or could not
 * be had then, and the time until which it wants to be left alone. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_site_recall(ko_site *site, const ko_net_options *options, ko_error *err);

/* Takes the answer to the question for robots.txt, reply being as far as it came, and has it
 * remembered. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_site_settle(ko_site *site, const ko_net_options *options,
                                      const ko_verdict *verdict, const ko_reply *reply,
                                      ko_error *err);

/* Has it remembered until when the host of the site wants to be left alone. */
void ko_site_remember_wait(const ko_site *site, const ko_net_options *options);

/* Lets go of the rules, which can be recalled. */
void ko_site_forget(ko_site *site, const ko_net_options *options);

/* May the URL be asked for? Only of a site that is known. Fills out_verdict unless it may, and
 * out_delay_s with the seconds between requests that are asked for. */
bool ko_site_allows(const ko_site *site, const ko_net_options *options, const char *url,
                    ko_verdict *out_verdict, double *out_delay_s);

#endif
