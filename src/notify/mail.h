/* notify/mail.h - a digest as mail, given to the user's own server (SMTP, RFC 5321).
 *
 * TLS is required, from the first byte (smtps, RFC 8314) or by STARTTLS (smtp, RFC 3207), with a
 * certificate that is trusted. Only before a server on this machine, named localhost or by its
 * address, no network lies: there it is used when it is offered, and any certificate is taken
 * unless authorities are named. */
#ifndef KO_NOTIFY_MAIL_H
#define KO_NOTIFY_MAIL_H

#include "notify/sending.h"

/* The Message-ID is the digest's, so a mail that was sent twice is one for those who look at it. An
 * answer of 4xx, and silence, mean later; one of 5xx is for good. */
ko_send_fn ko_mail_send;

#endif
