/* page/ended_words.h - in which words marketplaces and shop software say that something is there no
 * more; for this folder alone. */
#ifndef KO_PAGE_ENDED_WORDS_H
#define KO_PAGE_ENDED_WORDS_H

/* Ended by NULL, in lower case; words of other scripts begin behind what may be a capital. */
extern const char *const ko_ended_words[];
/* Words beside these by which it is only so for a while, or for some visitors. */
extern const char *const ko_ended_not_quite[];

#endif
