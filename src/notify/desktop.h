/* notify/desktop.h - the subject of a digest as a note on the user's screen. */
#ifndef KO_NOTIFY_DESKTOP_H
#define KO_NOTIFY_DESKTOP_H

#include "notify/sending.h"

/* Has a program show it, without a shell and with our own words alone. Where there is no session,
 * no such program, or it fails, nobody sees it, and that is all: the other ways are for sure. */
ko_send_fn ko_desktop_send;

#endif
