/* base/stop.h - the user's wish to stop, seen by every loop that takes long. */
#ifndef KO_BASE_STOP_H
#define KO_BASE_STOP_H

#include <stdbool.h>

/* Makes SIGINT and SIGTERM ask instead of kill; a second one kills. For main(). */
void ko_stop_install(void);

/* True once the user has asked. Any thread may call. */
bool ko_stop_asked(void);

#endif
