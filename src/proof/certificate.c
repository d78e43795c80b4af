#include "proof/certificate.h"

#include "base/text.h"

char *ko_certificate_name(const X509 *certificate)
{
    const X509_NAME *subject = X509_get_subject_name(certificate);
    const int place = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    unsigned char *utf8 = NULL;
    if (place >= 0)
        (void)ASN1_STRING_to_UTF8(&utf8,
                                  X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, place)));
    char *all = utf8 ? NULL : X509_NAME_oneline(subject, NULL, 0);
    const char *name = utf8 ? (const char *)utf8 : all;
    char *clean = name ? ko_text_clean_dup(name) : NULL;
    OPENSSL_free(utf8);
    OPENSSL_free(all);
    return clean;
}
