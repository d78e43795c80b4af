/* store/profile.h - who the user is, for letters and forms.
 *
 * What is called public is seen by sellers: platforms hand notices on. What is private goes only
 * where a form asks for it, and nothing but `profile show` prints it. */
#ifndef KO_STORE_PROFILE_H
#define KO_STORE_PROFILE_H

#include "store/store.h"

typedef enum ko_profile_field {
    KO_PROFILE_LEGAL_NAME = 0,
    KO_PROFILE_COMPANY,
    KO_PROFILE_HOLDER, /* who owns the right, when that is not the user */
    KO_PROFILE_ROLE,   /* "owner" or "agent" */
    KO_PROFILE_SIGNATURE,
    KO_PROFILE_COUNTRY,  /* ISO 3166-1 alpha-2 */
    KO_PROFILE_LANGUAGE, /* BCP 47, of texts that the user is to read */
    KO_PROFILE_PUBLIC_NAME,
    KO_PROFILE_PUBLIC_MAIL,
    KO_PROFILE_PUBLIC_PHONE,
    KO_PROFILE_PUBLIC_ADDRESS,
    KO_PROFILE_PRIVATE_PHONE,
    KO_PROFILE_PRIVATE_ADDRESS,
    KO_PROFILE_FIELDS
} ko_profile_field;

/* Owns its texts; "" is not stated. */
typedef struct ko_user {
    char *text[KO_PROFILE_FIELDS];
} ko_user;

/* "legal_name", ... */
const char *ko_profile_name(ko_profile_field field);
bool ko_profile_is_private(ko_profile_field field);
/* "DE": two letters of ISO 3166-1. */
bool ko_profile_is_country(const char *text);
/* All of these, with a blank between two. Static. */
const char *ko_profile_countries(void);
/* By name; KO_E_USAGE names those that there are. */
KO_NODISCARD ko_status ko_profile_find(const char *name, ko_profile_field *out_field,
                                       ko_error *err);

/* Keeps a field; "" forgets it. KO_E_USAGE when the text cannot be what the field is. */
KO_NODISCARD ko_status ko_profile_set(ko_store *store, ko_profile_field field, const char *text,
                                      ko_error *err);

/* Free *out_profile with ko_profile_free, also after an error. */
KO_NODISCARD ko_status ko_profile_read(ko_store *store, ko_user *out_profile, ko_error *err);
void ko_profile_free(ko_user *profile);

/* By what the user signs: the signature, else the legal name; borrowed, "" when both are. */
const char *ko_profile_signature(const ko_user *profile);

#endif
