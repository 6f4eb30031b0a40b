#include "ceremony/cards/gather.h"

#include "vault/keys.h"
#include <sodium.h>
#include <string.h>

/* A group of threshold 1 has one share, and everyone a copy of it. */
static unsigned distinct_shares(const struct qrt_gather *gather, enum qrt_group group)
{
    return qrt_gather_threshold(gather, group) == 1 && gather->count[group] > 1
               ? 1
               : gather->count[group];
}

enum qrt_code qrt_gather_half(uint8_t half[static 32], const struct qrt_gather *gather,
                              enum qrt_group group, struct qrt_err *err)
{
    const struct qrt_key_row *key = qrt_state_key_of(&gather->vault->state, gather->generation);
    uint8_t check[QRT_HASH_BYTES];
    if (qrt_gather_missing(gather, group) > 0) {
        return qrt_fail(err, QRT_E_QUORUM, "the %s group lacks %u cards", qrt_group_words(group),
                        qrt_gather_missing(gather, group));
    }
    enum qrt_code code = qrt_slip39_group_combine(half, qrt_gather_shares(gather, group),
                                                  distinct_shares(gather, group), err);
    if (code != QRT_OK) {
        return code;
    }
    qrt_keys_group_check(check, gather->vault->log.vault_id, (unsigned)key->generation, group,
                         half);
    if (memcmp(check, key->group_check[group], sizeof check) != 0) {
        sodium_memzero(half, 32);
        return qrt_fail(err, QRT_E_TAMPERED, "the %s group's half is not the one of the log",
                        qrt_group_words(group));
    }
    return QRT_OK;
}

enum qrt_code qrt_gather_key(struct qrt_secret *key, const struct qrt_gather *gather,
                             struct qrt_err *err)
{
    const struct qrt_key_row *row = qrt_state_key_of(&gather->vault->state, gather->generation);
    static const uint8_t indices[QRT_GROUPS] = {QRT_GROUP_PASSWORD, QRT_GROUP_MFA};
    QRT_SECRET halves = {0};
    enum qrt_code code = qrt_secret_init(&halves, QRT_GROUPS * 32, err);
    if (code == QRT_OK) {
        code = qrt_secret_init(key, QRT_VAULT_KEY_BYTES, err);
    }
    for (unsigned group = 0; code == QRT_OK && group < QRT_GROUPS; group++) {
        code = qrt_gather_half(halves.data + 32 * group, gather, group, err);
    }
    if (code == QRT_OK) {
        code = qrt_slip39_groups_combine(key->data, halves.data, indices, QRT_GROUPS, 32,
                                         QRT_GROUPS, err);
    }
    if (code == QRT_OK) {
        code = qrt_slip39_decrypt(key->data, key->data, 32, (uint16_t)row->identifier, true, 0,
                                  NULL, 0, err);
    }
    struct qrt_key_public have;
    if (code == QRT_OK) {
        key->len_bytes = QRT_VAULT_KEY_BYTES;
        code = qrt_keys_public(&have, gather->vault->log.vault_id, (unsigned)row->generation,
                               key->data, err);
    }
    if (code == QRT_OK && memcmp(have.key_check, row->key_check, sizeof have.key_check) != 0) {
        code = qrt_fail(err, QRT_E_TAMPERED, "the key is not the one of the log");
    }
    if (code != QRT_OK) {
        qrt_secret_wipe(key);
    }
    return code;
}
