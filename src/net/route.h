/* net/route.h - from a URL to the site and the queue of its host. */
#ifndef KO_NET_ROUTE_H
#define KO_NET_ROUTE_H

#include "net/state.h"

/* Gives a job the URL and the site that location, relative to where it stands, leads to; the
 * first is its home. *out_routed tells whether that may be asked; if not, the job stays where it
 * stands and out_refusal says why. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_route(ko_net *net, ko_job *job, const char *location, bool *out_routed,
                                ko_verdict *out_refusal, ko_error *err);

#endif
