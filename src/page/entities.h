/* page/entities.h - text that was escaped for HTML once too often. */
#ifndef KO_PAGE_ENTITIES_H
#define KO_PAGE_ENTITIES_H

/* Replaces character references ("&amp;", "&#39;", "&#x27;") by their characters, in place; what
 * is none, or stands for a control character, stays. */
void ko_entities_decode(char *text);

#endif
