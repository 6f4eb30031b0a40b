/* What the files of the founding ceremony share. */
#ifndef QRT_CEREMONY_FOUND_FOUNDING_H
#define QRT_CEREMONY_FOUND_FOUNDING_H

#include "ceremony/found/credentials.h"
#include "ceremony/found/found.h"
#include "ceremony/people/new_badge.h"
#include "vault/phrase.h"

struct qrt_founding {
    const struct qrt_ui *ui;
    struct qrt_policy policy;
    struct qrt_vault *vault;
    struct qrt_session session;
    struct qrt_new_badge *badges;
    struct qrt_credentials *accounts;
    uint64_t intent;
    struct qrt_cards cards;
};

#define QRT_FOUNDING_STEPS 8 /* of docs/ceremonies/founding.md */

/* Step 2: everyone's badge, and who sits where. Writes nothing. */
enum qrt_code qrt_founding_collect_people(struct qrt_founding *founding,
                                          struct qrt_err *err) QRT_MUST_USE;

/* Names what a list of answers holds for nobody: most often a slip in an id,
 * which would leave its owner without what was meant for them. QRT_E_USAGE. */
enum qrt_code qrt_founding_refuse_strangers(const struct qrt_founding *founding, const char *list,
                                            bool (*is_known)(const struct qrt_policy *,
                                                             const char *),
                                            struct qrt_err *err) QRT_MUST_USE;

/* Step 4: every account's credentials. A person sets them at AWS meanwhile. */
enum qrt_code qrt_founding_collect_accounts(struct qrt_founding *founding,
                                            struct qrt_err *err) QRT_MUST_USE;

/* Steps 5 and 6: key, split, proofs, cards, items; committed. */
enum qrt_code qrt_founding_create_key(struct qrt_founding *founding,
                                      struct qrt_err *err) QRT_MUST_USE;

/* Delivers the wallet card of a person, if one was made; of everyone whose is
 * still to come if `person` is NULL. Each code is wiped when it is on its way. */
enum qrt_code qrt_founding_deliver_wallet(struct qrt_founding *founding, const char *person,
                                          struct qrt_err *err) QRT_MUST_USE;

/* Was anything generated that must be handed out? */
bool qrt_founding_generated(const struct qrt_founding *founding);

/* Hands out what was generated. */
enum qrt_code qrt_founding_release(struct qrt_founding *founding, struct qrt_err *err) QRT_MUST_USE;

#endif
