/* serve/sent.h - the JSON that a change is made with. */
#ifndef KO_SERVE_SENT_H
#define KO_SERVE_SENT_H

#include "serve/route.h"

#include <jansson.h>

/* An object without names but these, which end in NULL; when nothing was sent it is {}. Free it
 * with json_decref. KO_E_FORMAT: it is no object, or says something twice. KO_E_USAGE: another
 * name. */
KO_NODISCARD ko_status ko_sent_object(const ko_serve_request *request, const char *const *names,
                                      json_t **out_object, ko_error *err);

/* true or false, which is also what is not said. KO_E_FORMAT: anything else. */
KO_NODISCARD ko_status ko_sent_flag(const json_t *object, const char *name, bool *out_flag,
                                    ko_error *err);

/* A text of the object, borrowed; NULL: it is not said. KO_E_FORMAT: it is something else. */
KO_NODISCARD ko_status ko_sent_text(const json_t *object, const char *name, const char **out_text,
                                    ko_error *err);

/* A number; *out_number keeps its value when it is not said. KO_E_FORMAT: it is something else. */
KO_NODISCARD ko_status ko_sent_number(const json_t *object, const char *name, double *out_number,
                                      ko_error *err);

#endif
