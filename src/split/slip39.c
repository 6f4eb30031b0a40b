#include <quorate/slip39.h>

#include "crypto/sign.h"
#include "split/shamir.h"
#include "split/share.h"
#include <sodium.h>
#include <string.h>

_Static_assert(QRT_SHAMIR_VALUE_MAX == QRT_SLIP39_VALUE_MAX_BYTES, "one longest value");

/* All polynomials of the largest plan: the groups', and one in each group. */
#define RANDOM_MAX_BYTES                                                                           \
    ((QRT_SLIP39_GROUPS_MAX + 1) * (QRT_SLIP39_MEMBERS_MAX - 1) * QRT_SLIP39_VALUE_MAX_BYTES)

size_t qrt_slip39_plan_shares(const struct qrt_slip39_plan *plan)
{
    size_t count = 0;
    for (size_t g = 0; g < plan->group_count && g < QRT_SLIP39_GROUPS_MAX; g++) {
        count += plan->groups[g].member_count;
    }
    return count;
}

static enum qrt_code plan_check(const struct qrt_slip39_plan *plan, size_t len_bytes,
                                struct qrt_err *err)
{
    if (len_bytes < QRT_SLIP39_VALUE_MIN_BYTES || len_bytes > QRT_SLIP39_VALUE_MAX_BYTES ||
        len_bytes % 2 != 0) {
        return qrt_fail(err, QRT_E_RANGE, "a secret of %zu bytes: even, %d to %d bytes are needed",
                        len_bytes, QRT_SLIP39_VALUE_MIN_BYTES, QRT_SLIP39_VALUE_MAX_BYTES);
    }
    if (plan->identifier > 0x7fff || plan->iteration_exponent > 15) {
        return qrt_fail(err, QRT_E_RANGE, "identifier or iteration exponent out of range");
    }
    if (plan->group_count < 1 || plan->group_count > QRT_SLIP39_GROUPS_MAX) {
        return qrt_fail(err, QRT_E_RANGE, "%u groups: 1 to %d are possible", plan->group_count,
                        QRT_SLIP39_GROUPS_MAX);
    }
    if (plan->group_threshold < 1 || plan->group_threshold > plan->group_count) {
        return qrt_fail(err, QRT_E_RANGE, "group threshold %u of %u groups", plan->group_threshold,
                        plan->group_count);
    }
    for (unsigned g = 0; g < plan->group_count; g++) {
        unsigned threshold = plan->groups[g].member_threshold;
        unsigned count = plan->groups[g].member_count;
        if (threshold < 1 || threshold > count || count > QRT_SLIP39_MEMBERS_MAX) {
            return qrt_fail(err, QRT_E_RANGE, "group %u: threshold %u of %u members", g + 1,
                            threshold, count);
        }
        /* SLIP-0039: copies of one share would pass for several. */
        if (threshold == 1 && count > 1) {
            return qrt_fail(err, QRT_E_RANGE, "group %u: threshold 1 of %u members: use 1 of 1",
                            g + 1, count);
        }
    }
    return QRT_OK;
}

/* Splits one group share, taking what it needs from the front of `random`. */
static const uint8_t *group_split(struct qrt_slip39_share *shares,
                                  const struct qrt_slip39_plan *plan, unsigned group_index,
                                  const uint8_t *group_share, size_t len_bytes,
                                  const uint8_t *random)
{
    size_t threshold = plan->groups[group_index].member_threshold;
    size_t count = plan->groups[group_index].member_count;
    uint8_t *values[QRT_SLIP39_MEMBERS_MAX];
    for (size_t i = 0; i < count; i++) {
        shares[i].identifier = plan->identifier;
        shares[i].extendable = plan->extendable;
        shares[i].iteration_exponent = plan->iteration_exponent;
        shares[i].group_index = (uint8_t)group_index;
        shares[i].group_threshold = plan->group_threshold;
        shares[i].group_count = plan->group_count;
        shares[i].member_index = (uint8_t)i;
        shares[i].member_threshold = (uint8_t)threshold;
        shares[i].value_len_bytes = (uint8_t)len_bytes;
        values[i] = shares[i].value;
    }
    qrt_shamir_split(values, count, threshold, group_share, len_bytes, random);
    return random + qrt_shamir_random_bytes(threshold, len_bytes);
}

enum qrt_code qrt_slip39_split_encrypted(struct qrt_slip39_share *shares, uint8_t *group_shares,
                                         const struct qrt_slip39_plan *plan,
                                         const uint8_t *encrypted, size_t encrypted_len_bytes,
                                         struct qrt_err *err)
{
    enum qrt_code code = plan_check(plan, encrypted_len_bytes, err);
    if (code != QRT_OK) {
        return code;
    }
    size_t len_bytes = encrypted_len_bytes;
    size_t random_bytes = qrt_shamir_random_bytes(plan->group_threshold, len_bytes);
    uint8_t *values[QRT_SLIP39_GROUPS_MAX];
    for (size_t g = 0; g < plan->group_count; g++) {
        random_bytes += qrt_shamir_random_bytes(plan->groups[g].member_threshold, len_bytes);
        values[g] = group_shares + g * len_bytes;
    }
    /* Only what is used is written and wiped. */
    __attribute__((uninitialized)) uint8_t random[RANDOM_MAX_BYTES];
    qrt_random(random, random_bytes);
    qrt_shamir_split(values, plan->group_count, plan->group_threshold, encrypted, len_bytes,
                     random);
    const uint8_t *unused = random + qrt_shamir_random_bytes(plan->group_threshold, len_bytes);
    for (unsigned g = 0; g < plan->group_count; g++) {
        unused = group_split(shares, plan, g, values[g], len_bytes, unused);
        shares += plan->groups[g].member_count;
    }
    sodium_memzero(random, random_bytes);
    return QRT_OK;
}

enum qrt_code qrt_slip39_split(struct qrt_slip39_share *shares, uint8_t *group_shares,
                               const struct qrt_slip39_plan *plan, const uint8_t *secret,
                               size_t secret_len_bytes, const uint8_t *passphrase,
                               size_t passphrase_len_bytes, struct qrt_err *err)
{
    uint8_t encrypted[QRT_SLIP39_VALUE_MAX_BYTES];
    enum qrt_code code = plan_check(plan, secret_len_bytes, err);
    if (code == QRT_OK) {
        code = qrt_slip39_encrypt(encrypted, secret, secret_len_bytes, plan->identifier,
                                  plan->extendable, plan->iteration_exponent, passphrase,
                                  passphrase_len_bytes, err);
    }
    if (code == QRT_OK) {
        code = qrt_slip39_split_encrypted(shares, group_shares, plan, encrypted, secret_len_bytes,
                                          err);
    }
    sodium_memzero(encrypted, sizeof encrypted);
    return code;
}

enum qrt_code qrt_slip39_group_split(struct qrt_slip39_share *shares,
                                     const struct qrt_slip39_plan *plan, unsigned group_index,
                                     const uint8_t *group_share, size_t group_share_len_bytes,
                                     struct qrt_err *err)
{
    enum qrt_code code = plan_check(plan, group_share_len_bytes, err);
    if (code != QRT_OK) {
        return code;
    }
    if (group_index >= plan->group_count) {
        return qrt_fail(err, QRT_E_RANGE, "group %u of %u", group_index + 1, plan->group_count);
    }
    uint8_t random[(QRT_SLIP39_MEMBERS_MAX - 1) * QRT_SLIP39_VALUE_MAX_BYTES];
    qrt_random(random, qrt_shamir_random_bytes(plan->groups[group_index].member_threshold,
                                               group_share_len_bytes));
    group_split(shares, plan, group_index, group_share, group_share_len_bytes, random);
    sodium_memzero(random, sizeof random);
    return QRT_OK;
}
