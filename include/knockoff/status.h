/* knockoff/status.h - how every call of the library says what became of it.
 *
 * A call that can fail returns a ko_status and takes, last, a ko_error that the
 * caller owns and that may be NULL. The first failure writes its one line there;
 * later ones leave it alone. The library never prints and never exits.
 * On any status but KO_OK the outputs keep their old value. */
#ifndef KNOCKOFF_STATUS_H
#define KNOCKOFF_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define KO_API __attribute__((visibility("default")))
#define KO_NODISCARD __attribute__((warn_unused_result))
#define KO_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define KO_API
#define KO_NODISCARD
#define KO_PRINTF(fmt, args)
#endif

typedef enum ko_status {
    KO_OK = 0,
    KO_E_NOMEM,       /* memory, or the cap of a buffer */
    KO_E_LIMIT,       /* the input is well formed but beyond a limit (base/limits.h) */
    KO_E_FORMAT,      /* the bytes are not what they claim to be, or are damaged */
    KO_E_UNSUPPORTED, /* a kind of input we know and do not read */
    KO_E_IO,          /* file system or disk */
    KO_E_NOT_FOUND,   /* the thing asked for does not exist */
    KO_E_EXISTS,      /* the thing to be made is there already */
    KO_E_VERSION,     /* written by a newer program */
    KO_E_DAMAGED,     /* a database that is damaged or another program's */
    KO_E_BUSY,        /* another process holds it */
    KO_E_STOPPED,     /* the user asked to stop */
    KO_E_USAGE        /* the words of a command do not fit */
} ko_status;

#define KO_ERROR_TEXT_SIZE 512

/* One line of text about the first failure; text[0] == '\0' means none yet. */
typedef struct ko_error {
    ko_status code;
    char text[KO_ERROR_TEXT_SIZE];
} ko_error;

/* A short English name such as "over a limit"; never NULL. */
KO_API const char *ko_status_name(ko_status status);

#ifdef __cplusplus
}
#endif
#endif
