/* An account's credentials on their way into custody: asked, made, and set at
 * AWS, at a founding and later. */
#ifndef QRT_CEREMONY_FOUND_CREDENTIALS_H
#define QRT_CEREMONY_FOUND_CREDENTIALS_H

#include "ceremony/session/session.h"
#include "crypto/totp.h"
#include "vault/item_text.h"

/* What `how` of a `credential-confirmed` says. */
#define QRT_CONFIRMED_AT_AWS   "accepted at AWS"
#define QRT_CONFIRMED_BY_CODES "two consecutive codes"

/* An account and its credentials (secret). */
struct qrt_credentials {
    const char *account; /* its id, name and address; borrowed */
    const char *name;
    const char *email;
    struct qrt_secret password; /* empty: none in custody */
    bool password_generated;
    bool password_confirmed; /* AWS took it */
    struct qrt_totp totp;    /* seed empty: none in custody */
    bool totp_confirmed;
    struct qrt_secret texts[QRT_ITEM_TEXTS]; /* in the order of qrt_item_texts; empty: none */
};

void qrt_credentials_wipe(struct qrt_credentials *credentials); /* leaves it zeroed */
#define QRT_CREDENTIALS __attribute__((cleanup(qrt_credentials_wipe))) struct qrt_credentials

/* Takes the password of `accounts.ID.password`: null is generated, none is no
 * password. A person chooses, and types one twice; with may_be_none the choice
 * of none is theirs. QRT_E_USAGE, QRT_E_FORMAT, QRT_E_RANGE. */
enum qrt_code qrt_credentials_ask_password(struct qrt_credentials *credentials,
                                           const struct qrt_session *session, bool may_be_none,
                                           struct qrt_err *err) QRT_MUST_USE;

/* Takes the MFA seed of `accounts.ID.totp`, an otpauth URI, Base32 or a
 * picture; none is no seed. The two codes in a row of a script's `totp_codes`
 * confirm it. QRT_E_USAGE, QRT_E_FORMAT, QRT_E_RANGE, QRT_E_REFUSED. */
enum qrt_code qrt_credentials_ask_seed(struct qrt_credentials *credentials,
                                       const struct qrt_session *session,
                                       struct qrt_err *err) QRT_MUST_USE;

/* Takes the text of that kind: of `accounts.ID.KIND`, none if it is absent; or
 * from a person line by line, each hidden and typed twice. QRT_E_USAGE,
 * QRT_E_FORMAT, QRT_E_RANGE. */
enum qrt_code qrt_credentials_ask_text(struct qrt_credentials *credentials,
                                       const struct qrt_session *session, const char *kind,
                                       struct qrt_err *err) QRT_MUST_USE;
const struct qrt_secret *qrt_credentials_text(const struct qrt_credentials *credentials,
                                              const char *kind);

/* Of a person: shows what was made, and asks whether AWS took it. */
enum qrt_code qrt_credentials_set_password(struct qrt_credentials *credentials,
                                           const struct qrt_session *session,
                                           struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_credentials_set_totp(struct qrt_credentials *credentials,
                                       const struct qrt_session *session,
                                       struct qrt_err *err) QRT_MUST_USE;

/* The generated password as what is handed out; it borrows from *credentials. */
struct qrt_handout qrt_credentials_new_password(const struct qrt_credentials *credentials);

/* Drafts that an item is known to be in use. */
void qrt_credentials_draft_confirmed(struct qrt_session *session, const char *account,
                                     const char *kind, uint64_t serial, const char *how);

#endif
