#include "ceremony/founding.h"
#include "ceremony/item_draft.h"

#include "base/harden.h"
#include "base/text.h"
#include "vault/item.h"
#include "vault/keys.h"
#include "vault/otpauth.h"
#include <sodium.h>
#include <string.h>

#define GENERATION 1
#define EDITION    1

/* All that is secret of a split, in one guarded block. */
struct splitting {
    uint8_t key[QRT_VAULT_KEY_BYTES];
    uint8_t again[QRT_VAULT_KEY_BYTES];
    uint8_t halves[QRT_GROUPS][32];
    uint8_t seed[QRT_SEED_BYTES];
    uint8_t issuing_key[QRT_SIGN_KEY_BYTES];
    struct qrt_slip39_share shares[QRT_GROUPS * QRT_GROUP_MEMBERS_MAX];
};

static struct qrt_slip39_plan plan_of(const struct qrt_policy *policy)
{
    struct qrt_slip39_plan plan = {
        .extendable = true, .group_threshold = QRT_GROUPS, .group_count = QRT_GROUPS};
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        const struct qrt_policy_group *rule = &policy->groups[group];
        plan.groups[group].member_threshold = (uint8_t)rule->threshold;
        /* Of a threshold of one there is one share, and everyone gets a copy. */
        plan.groups[group].member_count = (uint8_t)(rule->threshold == 1 ? 1 : rule->count);
    }
    return plan;
}

/* Every subset that must open does, before anything is written. */
static enum qrt_code prove_split(struct splitting *s, const struct qrt_slip39_plan *plan,
                                 struct qrt_err *err)
{
    static const uint8_t indices[QRT_GROUPS] = {QRT_GROUP_PASSWORD, QRT_GROUP_MFA};
    const struct qrt_slip39_share *shares = s->shares;
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        size_t count = plan->groups[group].member_count;
        enum qrt_code code = qrt_slip39_group_prove(shares, count, s->halves[group], err);
        if (code != QRT_OK) {
            return code;
        }
        shares += count;
    }
    enum qrt_code code =
        qrt_slip39_groups_combine(s->again, s->halves[0], indices, QRT_GROUPS, 32, QRT_GROUPS, err);
    if (code == QRT_OK) {
        code = qrt_slip39_decrypt(s->again, s->again, 32, plan->identifier, true, 0, NULL, 0, err);
    }
    if (code == QRT_OK && sodium_memcmp(s->again, s->key, sizeof s->key) != 0) {
        code = qrt_fail(err, QRT_E_FAILED, "the split does not give the key back");
    }
    return code;
}

static enum qrt_code draft_key(struct qrt_founding *founding, struct splitting *s,
                               const struct qrt_slip39_plan *plan, struct qrt_err *err)
{
    struct qrt_log *log = &founding->vault->log;
    struct qrt_key_public key;
    enum qrt_code code = qrt_keys_public(&key, log->vault_id, GENERATION, s->key, err);
    if (code != QRT_OK) {
        return code;
    }
    uint8_t checks[QRT_GROUPS][QRT_HASH_BYTES];
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        qrt_keys_group_check(checks[group], log->vault_id, GENERATION, group, s->halves[group]);
    }
    struct qrt_draft *draft = qrt_session_draft(&founding->session, QRT_EV_KEY_CREATED);
    qrt_draft_u64(draft, "generation", GENERATION);
    qrt_draft_u64(draft, "identifier", plan->identifier);
    qrt_draft_hex(draft, "key-check", key.key_check, sizeof key.key_check);
    qrt_draft_hex(draft, "group-check-password", checks[0], sizeof checks[0]);
    qrt_draft_hex(draft, "group-check-mfa", checks[1], sizeof checks[1]);
    qrt_draft_hex(draft, "deposit-key", key.deposit_key, sizeof key.deposit_key);
    qrt_draft_hex(draft, "recovery-key", key.recovery_key, sizeof key.recovery_key);
    qrt_draft_hex(draft, "authority-key", key.authority_key, sizeof key.authority_key);
    /* From here a quorum can open the log's keys when no operator is left. */
    return qrt_keystate_wrap(&log->key, "", key.recovery_key, err);
}

static enum qrt_code draft_card(struct qrt_founding *founding, struct splitting *s,
                                const struct qrt_slip39_share *share, const char *custodian,
                                struct qrt_err *err)
{
    struct qrt_card *card = (struct qrt_card *)(void *)founding->cards.data + founding->cards_len;
    uint8_t commitment[QRT_CARD_COMMIT_BYTES];
    memcpy(card->vault_id, founding->vault->log.vault_id, sizeof card->vault_id);
    card->generation = GENERATION;
    card->edition = EDITION;
    card->serial = (uint32_t)++founding->cards_len;
    enum qrt_code code;
    if ((code = qrt_card_put_share(card, share, err)) != QRT_OK ||
        (code = qrt_card_sign(card, s->issuing_key, err)) != QRT_OK ||
        (code = qrt_card_commit(commitment, card, err)) != QRT_OK) {
        return code;
    }
    struct qrt_draft *draft = qrt_session_draft(&founding->session, QRT_EV_CARD_CREATED);
    qrt_draft_u64(draft, "generation", GENERATION);
    qrt_draft_text(draft, "group", qrt_group_name(share->group_index));
    qrt_draft_u64(draft, "edition", EDITION);
    qrt_draft_u64(draft, "serial", card->serial);
    qrt_draft_u64(draft, "member-index", share->member_index);
    qrt_draft_text(draft, "custodian", custodian);
    qrt_draft_hex(draft, "commitment", commitment, sizeof commitment);
    return QRT_OK;
}

static enum qrt_code draft_group(struct qrt_founding *founding, struct splitting *s,
                                 enum qrt_group group, const struct qrt_slip39_share *shares,
                                 struct qrt_err *err)
{
    const struct qrt_policy_group *rule = &founding->policy.groups[group];
    qrt_random(s->seed, sizeof s->seed);
    qrt_sign_key(s->issuing_key, s->seed);
    struct qrt_draft *draft = qrt_session_draft(&founding->session, QRT_EV_EDITION_CREATED);
    qrt_draft_u64(draft, "generation", GENERATION);
    qrt_draft_text(draft, "group", qrt_group_name(group));
    qrt_draft_u64(draft, "edition", EDITION);
    qrt_draft_u64(draft, "threshold", rule->threshold);
    qrt_draft_hex(draft, "issuing-key", qrt_sign_public(s->issuing_key), QRT_PUBLIC_BYTES);
    enum qrt_code code = QRT_OK;
    for (unsigned i = 0; code == QRT_OK && i < rule->count; i++) {
        code = draft_card(founding, s, &shares[rule->threshold == 1 ? 0 : i], rule->custodians[i],
                          err);
    }
    sodium_memzero(s->seed, sizeof s->seed);
    sodium_memzero(s->issuing_key, sizeof s->issuing_key);
    return code;
}

static enum qrt_code draft_item(struct qrt_founding *founding, uint64_t *serial,
                                const struct qrt_secret *item_key, const char *account,
                                const char *kind, const struct qrt_secret *plaintext,
                                const char *confirmed, struct qrt_err *err)
{
    struct qrt_item_place place = {founding->vault->log.vault_id, GENERATION, account, kind,
                                   ++*serial};
    enum qrt_code code =
        qrt_item_draft_sealed(&founding->session, &place, plaintext, item_key, NULL, NULL, err);
    if (code == QRT_OK && confirmed != NULL) {
        qrt_credentials_draft_confirmed(&founding->session, account, kind, *serial, confirmed);
    }
    return code;
}

static enum qrt_code draft_items(struct qrt_founding *founding, const struct splitting *s,
                                 struct qrt_err *err)
{
    QRT_SECRET item_key = {0};
    uint64_t serial = 0;
    enum qrt_code code = qrt_keys_item(&item_key, s->key, err);
    for (size_t i = 0; code == QRT_OK && i < founding->policy.accounts_count; i++) {
        const struct qrt_credentials *new = &founding->accounts[i];
        if (new->password.len_bytes > 0) {
            code =
                draft_item(founding, &serial, &item_key, new->account, "password", &new->password,
                           new->password_confirmed ? QRT_CONFIRMED_AT_AWS : NULL, err);
        }
        if (code == QRT_OK && new->totp.seed.len_bytes > 0) {
            QRT_SECRET encoded = {0};
            code = qrt_totp_encode(&encoded, &new->totp, err);
            if (code == QRT_OK) {
                code = draft_item(founding, &serial, &item_key, new->account, "totp", &encoded,
                                  new->totp_confirmed ? QRT_CONFIRMED_BY_CODES : NULL, err);
            }
        }
    }
    return code;
}

enum qrt_code qrt_founding_create_key(struct qrt_founding *founding, struct qrt_err *err)
{
    QRT_SECRET block = {0};
    enum qrt_code code = qrt_secret_init(&block, sizeof(struct splitting), err);
    if (code == QRT_OK) {
        code = qrt_secret_init(&founding->cards,
                               QRT_GROUPS * QRT_GROUP_MEMBERS_MAX * sizeof(struct qrt_card), err);
    }
    if (code != QRT_OK) {
        return code;
    }
    struct splitting *s = (struct splitting *)(void *)block.data;
    struct qrt_slip39_plan plan = plan_of(&founding->policy);
    qrt_random(s->key, sizeof s->key);
    qrt_random(&plan.identifier, sizeof plan.identifier);
    plan.identifier &= 0x7fff;
    if ((code = qrt_slip39_split(s->shares, s->halves[0], &plan, s->key, sizeof s->key, NULL, 0,
                                 err)) != QRT_OK ||
        (code = prove_split(s, &plan, err)) != QRT_OK ||
        (code = draft_key(founding, s, &plan, err)) != QRT_OK ||
        (code = draft_group(founding, s, QRT_GROUP_PASSWORD, s->shares, err)) != QRT_OK ||
        (code = draft_group(founding, s, QRT_GROUP_MFA, s->shares + plan.groups[0].member_count,
                            err)) != QRT_OK ||
        (code = draft_items(founding, s, err)) != QRT_OK) {
        return code;
    }
    qrt_harden_wipe_traces();
    return qrt_session_commit(&founding->session, err);
}
