/* page/structured.h - what a page says of its products for machines.
 *
 * JSON-LD and microdata in the vocabulary of schema.org (Product, ProductGroup, Offer,
 * AggregateOffer), and the meta elements of Open Graph with its product extension. */
#ifndef KO_PAGE_STRUCTURED_H
#define KO_PAGE_STRUCTURED_H

#include "page/offer.h"

#include <jansson.h>
#include <libxml/tree.h>

/* Appends an offer for each product of the page's JSON-LD scripts and microdata; a product
 * that is described twice, by its name, becomes one. base resolves URLs, may be NULL.
 * KO_E_NOMEM. */
KO_NODISCARD ko_status ko_structured_products(const xmlDoc *page, const ko_web_base *base,
                                              ko_page_offers *offers);
/* The same for a JSON-LD document. */
KO_NODISCARD ko_status ko_structured_json(const json_t *root, const ko_web_base *base,
                                          ko_page_offers *offers);

/* The values of all scripts of JSON-LD as one array, to be given back with json_decref also after
 * a failure. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_structured_scripts(const xmlDoc *page, json_t **out_all);
/* True when an object's @type is one of these, ended by NULL, however its name is written. */
bool ko_structured_has_type(const json_t *object, const char *const *types);

/* The content of the first meta element whose property, name or itemprop is this, or NULL. */
const char *ko_structured_meta(const xmlDoc *page, const char *name);

/* Sets what an offer lacks from meta elements, the canonical link and the title; adds the
 * Open Graph pictures. *out_product tells whether they speak of a product. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_structured_page(const xmlDoc *page, const ko_web_base *base,
                                          ko_page_offer *offer, bool *out_product);

#endif
