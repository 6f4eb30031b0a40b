/* A new vault key, split for both groups and proved: what a founding and a
 * re-key begin with. */
#ifndef QRT_CEREMONY_CARDS_NEW_KEY_H
#define QRT_CEREMONY_CARDS_NEW_KEY_H

#include "ceremony/session/session.h"
#include "vault/keys.h"
#include <quorate/slip39.h>

/* Everything but the plan and the generation is secret: it lives in one guarded
 * block. */
struct qrt_new_key {
    struct qrt_slip39_plan plan;
    unsigned generation;
    uint8_t key[QRT_VAULT_KEY_BYTES];
    uint8_t again[QRT_VAULT_KEY_BYTES];
    uint8_t halves[QRT_GROUPS][32];
    struct qrt_slip39_share shares[QRT_GROUPS * QRT_GROUP_MEMBERS_MAX];
};

/* The shape of a split by that policy. */
void qrt_split_plan(struct qrt_slip39_plan *plan, const struct qrt_policy *policy,
                    uint16_t identifier);

/* Draws a key and an identifier that no generation before had, splits it by the
 * policy, and proves every subset that must open. *block (secret) is inited
 * here and holds one struct qrt_new_key. QRT_E_NOMEM, QRT_E_LOCKED_MEMORY, and
 * QRT_E_REFUSED or QRT_E_FAILED for a split that does not give the key back. */
enum qrt_code qrt_new_key_draw(struct qrt_secret *block, const struct qrt_policy *policy,
                               const struct qrt_state *state, struct qrt_err *err) QRT_MUST_USE;

/* The key in such a block. */
struct qrt_new_key *qrt_new_key_in(const struct qrt_secret *block);

/* The shares (secret) of one group. */
const struct qrt_slip39_share *qrt_new_key_shares(const struct qrt_new_key *made,
                                                  enum qrt_group group);

/* Drafts its key-created, without an authority's signature; *key gets what it
 * publishes. QRT_E_NOMEM, QRT_E_LOCKED_MEMORY. */
enum qrt_code qrt_new_key_draft(struct qrt_session *session, struct qrt_key_public *key,
                                const struct qrt_new_key *made, struct qrt_err *err) QRT_MUST_USE;

#endif
