/* platform/shops.h - what is known of the URLs of marketplaces, as data.
 *
 * Shapes are POSIX extended regular expressions over path and query. Sites move: the rows
 * were all looked at on ko_shops_checked_on. */
#ifndef KO_PLATFORM_SHOPS_H
#define KO_PLATFORM_SHOPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KO_SHOP_GROUPS 10 /* of a shape, the whole as number 0 */

typedef struct ko_shop_shape {
    const char *expression;
    size_t id_group; /* the group that is the item's id */
} ko_shop_shape;

/* One marketplace, or with name NULL a kind of shop software that may run on any host. */
typedef struct ko_shop {
    const char *platform;
    const char *name;            /* its hosts are name.ending and everything below: */
    const char *endings;         /* "com co.uk" */
    const ko_shop_shape *shapes; /* of its listings; the first that fits; ends in {0} */
    const char *canonical;       /* {id}, {ending}, {site}: scheme and host, {head}: the path
                                    before the id */
    const char *key;             /* what ids are unique in: {ending} and {id} are filled in;
                                    NULL: only the URL is unique */
    uint64_t id_offset;          /* ids up to twice this stand for the id so much below */
} ko_shop;

/* How to get from a picture in the size that a page wants to the largest there is. All rows
 * for the host are applied in the order of the table. */
typedef struct ko_image_rule {
    const char *host;    /* it and everything below; NULL: any */
    const char *shape;   /* what fits is replaced; letters in either case */
    const char *replace; /* \1 to \9 are the groups */
} ko_image_rule;

extern const char ko_shops_checked_on[];
extern const ko_shop ko_shops[];                 /* ends in {0} */
extern const char *const ko_shops_short_hosts[]; /* of links that must be followed; NULL ends */
extern const char *const ko_shops_trackers[];    /* parameters; "utm_*" is a beginning */
extern const ko_image_rule ko_image_rules[];     /* ends in {0} */

#endif
