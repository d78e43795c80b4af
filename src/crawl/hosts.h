/* crawl/hosts.h - what the net remembers of hosts, kept in the database. */
#ifndef KO_CRAWL_HOSTS_H
#define KO_CRAWL_HOSTS_H

#include "net/net.h"
#include "store/web.h"

/* Sets the memory of options to the store, which must outlive the ko_net. What cannot be read
 * or written there counts as not known: the host is asked for its robots.txt again. */
void ko_hosts_in_store(ko_net_options *options, ko_store *store);

/* Calls fn with each sitemap that the robots.txt known of the host of url names (sitemaps.org,
 * "Specifying the Sitemap location in your robots.txt file"), or with /sitemap.xml. */
typedef ko_status ko_hosts_sitemap_fn(void *context, const char *url);
KO_NODISCARD ko_status ko_hosts_sitemaps(ko_store *store, const char *url, ko_hosts_sitemap_fn *fn,
                                         void *context, ko_error *err);

#endif
