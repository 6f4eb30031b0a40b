/* What the files of the founding ceremony share. */
#ifndef QRT_CEREMONY_FOUNDING_H
#define QRT_CEREMONY_FOUNDING_H

#include "ceremony/found.h"
#include "ceremony/session.h"
#include "crypto/totp.h"
#include "vault/phrase.h"
#include <quorate/card.h>
#include <quorate/slip39.h>

/* A person's new badge. */
struct qrt_new_badge {
    const struct qrt_policy_person *person; /* borrowed */
    struct qrt_badge badge;
    struct qrt_buf stored;       /* its document; empty for a wallet card */
    struct qrt_secret generated; /* words or wallet code to hand out; empty if given */
};

/* An account's credentials. */
struct qrt_new_account {
    const struct qrt_policy_account *account; /* borrowed */
    struct qrt_secret password;               /* empty: none in custody */
    bool password_generated;
    struct qrt_totp totp; /* seed empty: none in custody */
    bool totp_confirmed;
};

struct qrt_founding {
    const struct qrt_ui *ui;
    struct qrt_policy policy;
    struct qrt_vault *vault;
    struct qrt_session session;
    struct qrt_new_badge *badges;
    struct qrt_new_account *accounts;
    uint64_t intent;
    struct qrt_secret cards; /* qrt_card [cards_len] */
    size_t cards_len;
};

/* Steps 2 and 3: asks for everything, checks it, writes nothing. */
enum qrt_code qrt_founding_collect_people(struct qrt_founding *founding,
                                          struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_founding_collect_accounts(struct qrt_founding *founding,
                                            struct qrt_err *err) QRT_MUST_USE;

/* Steps 5 and 6: key, split, proofs, cards, items; committed. */
enum qrt_code qrt_founding_create_key(struct qrt_founding *founding,
                                      struct qrt_err *err) QRT_MUST_USE;

/* Step 7: sheet by sheet. */
enum qrt_code qrt_founding_deliver(struct qrt_founding *founding, struct qrt_founded *founded,
                                   struct qrt_err *err) QRT_MUST_USE;

/* Was anything generated that must be handed out? */
bool qrt_founding_generated(const struct qrt_founding *founding);

/* Hands out what was generated. */
enum qrt_code qrt_founding_release(struct qrt_founding *founding, struct qrt_err *err) QRT_MUST_USE;

#endif
