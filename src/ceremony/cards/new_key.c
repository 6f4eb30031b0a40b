#include "ceremony/cards/new_key.h"

#include <sodium.h>
#include <string.h>

struct qrt_new_key *qrt_new_key_in(const struct qrt_secret *block)
{
    return (struct qrt_new_key *)(void *)block->data;
}

const struct qrt_slip39_share *qrt_new_key_shares(const struct qrt_new_key *made,
                                                  enum qrt_group group)
{
    return made->shares + (group == QRT_GROUP_PASSWORD ? 0 : made->plan.groups[0].member_count);
}

void qrt_split_plan(struct qrt_slip39_plan *plan, const struct qrt_policy *policy,
                    uint16_t identifier)
{
    *plan = (struct qrt_slip39_plan){.identifier = identifier,
                                     .extendable = true,
                                     .group_threshold = QRT_GROUPS,
                                     .group_count = QRT_GROUPS};
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        const struct qrt_policy_group *rule = &policy->groups[group];
        plan->groups[group].member_threshold = (uint8_t)rule->threshold;
        /* Of a threshold of one there is one share, and everyone gets a copy. */
        plan->groups[group].member_count = (uint8_t)(rule->threshold == 1 ? 1 : rule->count);
    }
}

static bool is_former(const struct qrt_state *state, uint16_t identifier)
{
    for (size_t i = 0; i < state->keys.len; i++) {
        if (QRT_ROW(state, keys, qrt_key_row, i)->identifier == identifier) {
            return true;
        }
    }
    return false;
}

static uint16_t draw_identifier(const struct qrt_state *state)
{
    uint16_t identifier;
    do {
        qrt_random(&identifier, sizeof identifier);
        identifier &= 0x7fff;
    } while (is_former(state, identifier));
    return identifier;
}

/* Every subset that must open does, before anything is written. */
static enum qrt_code prove(struct qrt_new_key *made, struct qrt_err *err)
{
    static const uint8_t indices[QRT_GROUPS] = {QRT_GROUP_PASSWORD, QRT_GROUP_MFA};
    for (enum qrt_group group = 0; group < QRT_GROUPS; group++) {
        enum qrt_code code =
            qrt_slip39_group_prove(qrt_new_key_shares(made, group),
                                   made->plan.groups[group].member_count, made->halves[group], err);
        if (code != QRT_OK) {
            return code;
        }
    }
    enum qrt_code code = qrt_slip39_groups_combine(made->again, made->halves[0], indices,
                                                   QRT_GROUPS, 32, QRT_GROUPS, err);
    if (code == QRT_OK) {
        code = qrt_slip39_decrypt(made->again, made->again, 32, made->plan.identifier, true, 0,
                                  NULL, 0, err);
    }
    if (code == QRT_OK && sodium_memcmp(made->again, made->key, sizeof made->key) != 0) {
        code = qrt_fail(err, QRT_E_FAILED, "the split does not give the key back");
    }
    return code;
}

enum qrt_code qrt_new_key_draw(struct qrt_secret *block, const struct qrt_policy *policy,
                               const struct qrt_state *state, struct qrt_err *err)
{
    enum qrt_code code = qrt_secret_init(block, sizeof(struct qrt_new_key), err);
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_new_key *made = qrt_new_key_in(block);
    made->generation = (unsigned)state->keys.len + 1;
    qrt_split_plan(&made->plan, policy, draw_identifier(state));
    qrt_random(made->key, sizeof made->key);
    code = qrt_slip39_split(made->shares, made->halves[0], &made->plan, made->key, sizeof made->key,
                            NULL, 0, err);
    return code == QRT_OK ? prove(made, err) : code;
}

enum qrt_code qrt_new_key_draft(struct qrt_session *session, struct qrt_key_public *key,
                                const struct qrt_new_key *made, struct qrt_err *err)
{
    const uint8_t *vault_id = session->vault->log.vault_id;
    uint8_t checks[QRT_GROUPS][QRT_HASH_BYTES];
    enum qrt_code code = qrt_keys_public(key, vault_id, made->generation, made->key, err);
    if (code != QRT_OK) {
        return code;
    }
    for (enum qrt_group group = 0; group < QRT_GROUPS; group++) {
        qrt_keys_group_check(checks[group], vault_id, made->generation, group, made->halves[group]);
    }
    struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_KEY_CREATED);
    qrt_draft_u64(draft, "generation", made->generation);
    qrt_draft_u64(draft, "identifier", made->plan.identifier);
    qrt_draft_hex(draft, "key-check", key->key_check, sizeof key->key_check);
    qrt_draft_hex(draft, "group-check-password", checks[0], sizeof checks[0]);
    qrt_draft_hex(draft, "group-check-mfa", checks[1], sizeof checks[1]);
    qrt_draft_hex(draft, "deposit-key", key->deposit_key, sizeof key->deposit_key);
    qrt_draft_hex(draft, "recovery-key", key->recovery_key, sizeof key->recovery_key);
    qrt_draft_hex(draft, "authority-key", key->authority_key, sizeof key->authority_key);
    return QRT_OK;
}
