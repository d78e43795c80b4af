/* net/address.h - which addresses may be connected to.
 *
 * Asked with the very address a socket is opened for, after DNS, so neither a host name, an
 * odd way to write an address nor a record that changes leads into the user's own network. */
#ifndef KO_NET_ADDRESS_H
#define KO_NET_ADDRESS_H

#include <sys/socket.h>

/* NULL when it is an address of the public internet, else what it is: "a loopback address".
 * Refused are all of the IANA special-purpose registries of IPv4 and IPv6 that are not
 * globally reachable, multicast, IPv6 addresses outside of 2000::/3, and mapped, compatible,
 * NAT64, 6to4 and Teredo addresses when the IPv4 address inside is refused. Static text. */
const char *ko_address_refused(const struct sockaddr *address);

#endif
