/* page/entities.h - HTML's character references in texts that are not HTML. */
#ifndef KO_PAGE_ENTITIES_H
#define KO_PAGE_ENTITIES_H

/* A copy of text in which character references that end in a semicolon ("&amp;", "&#39;",
 * "&#x2019;"; HTML Standard, 13.1.4) are the characters they stand for; whatever else looks like
 * one stays as it is. To free with ko_free; NULL when there is no memory. */
char *ko_entities_decoded(const char *text);

#endif
