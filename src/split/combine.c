/* From shares back to the secret. */
#include <quorate/slip39.h>

#include "split/ctime.h"
#include "split/shamir.h"
#include "split/share.h"
#include "split/subset.h"
#include <sodium.h>
#include <string.h>

/* One group's shares among those that were given. */
struct group {
    size_t count;
    const struct qrt_slip39_share *shares[QRT_SLIP39_MEMBERS_MAX];
    size_t places[QRT_SLIP39_MEMBERS_MAX]; /* from 1, in what was given */
};

/* Adds a share whose fields are in range. */
static enum qrt_code group_add(struct group *group, const struct qrt_slip39_share *share,
                               size_t place, struct qrt_err *err)
{
    for (size_t i = 0; i < group->count; i++) {
        if (group->shares[i]->member_threshold != share->member_threshold) {
            return qrt_fail(err, QRT_E_REFUSED,
                            "share %zu: a member threshold other than share %zu's", place,
                            group->places[i]);
        }
        if (group->shares[i]->member_index == share->member_index) {
            return qrt_fail(err, QRT_E_REFUSED, "share %zu: the same member index as share %zu",
                            place, group->places[i]);
        }
    }
    /* Sixteen indices at most, and none twice: there is room. */
    group->shares[group->count] = share;
    group->places[group->count] = place;
    group->count++;
    return QRT_OK;
}

static enum qrt_code share_compare(const struct qrt_slip39_share *share,
                                   const struct qrt_slip39_share *first, size_t place,
                                   struct qrt_err *err)
{
    const char *other = NULL;
    if (share->value_len_bytes != first->value_len_bytes) {
        other = "length";
    } else if (share->identifier != first->identifier) {
        other = "identifier";
    } else if (share->extendable != first->extendable) {
        other = "extendable flag";
    } else if (share->iteration_exponent != first->iteration_exponent) {
        other = "iteration exponent";
    } else if (share->group_threshold != first->group_threshold) {
        other = "group threshold";
    } else if (share->group_count != first->group_count) {
        other = "group count";
    }
    return other == NULL
               ? QRT_OK
               : qrt_fail(err, QRT_E_REFUSED, "share %zu: another %s than share 1", place, other);
}

/* Sorts shares into groups[group_index]; all faults that need no secret. */
static enum qrt_code groups_sort(struct group groups[static QRT_SLIP39_GROUPS_MAX],
                                 const struct qrt_slip39_share *shares, size_t shares_count,
                                 struct qrt_err *err)
{
    if (shares_count == 0) {
        return qrt_fail(err, QRT_E_QUORUM, "no share was given");
    }
    for (size_t i = 0; i < shares_count; i++) {
        if (qrt_share_check(&shares[i], NULL) != QRT_OK) {
            return qrt_fail(err, QRT_E_REFUSED, "share %zu: a field is out of its range", i + 1);
        }
        enum qrt_code code = share_compare(&shares[i], &shares[0], i + 1, err);
        if (code == QRT_OK) {
            code = group_add(&groups[shares[i].group_index], &shares[i], i + 1, err);
        }
        if (code != QRT_OK) {
            return code;
        }
    }
    return QRT_OK;
}

/* NOLINTBEGIN(clang-analyzer-core.NullDereference): a group here has its threshold of shares. */
static size_t group_threshold(const struct group *group)
{
    return group->shares[0]->member_threshold;
}

/* The polynomial's first points: as many as its threshold. */
static struct qrt_shamir_points group_points(const struct group *group)
{
    struct qrt_shamir_points points = {
        .count = group_threshold(group),
        .len_bytes = group->shares[0]->value_len_bytes,
    };
    for (size_t i = 0; i < points.count; i++) {
        points.x[i] = group->shares[i]->member_index;
        points.y[i] = group->shares[i]->value;
    }
    return points;
}
/* NOLINTEND(clang-analyzer-core.NullDereference) */

/* Whether a value lies on the polynomial through the points. */
static bool lies_on(const struct qrt_shamir_points *points, uint8_t x, const uint8_t *value)
{
    uint8_t expected[QRT_SLIP39_VALUE_MAX_BYTES];
    qrt_shamir_evaluate((uint8_t *[1]){expected}, &x, 1, points);
    int differs = sodium_memcmp(expected, value, points->len_bytes);
    QRT_PUBLIC(differs);
    sodium_memzero(expected, points->len_bytes);
    return differs == 0;
}

/* A whole group's share. On failure group_share is zeroed. */
static enum qrt_code group_combine(uint8_t *group_share, const struct group *group,
                                   struct qrt_err *err)
{
    struct qrt_shamir_points points = group_points(group);
    if (!qrt_shamir_combine(group_share, &points)) {
        return qrt_fail(err, QRT_E_REFUSED, "group %u: the digest does not hold",
                        group->shares[0]->group_index + 1u);
    }
    for (size_t i = points.count; i < group->count; i++) {
        if (!lies_on(&points, group->shares[i]->member_index, group->shares[i]->value)) {
            sodium_memzero(group_share, points.len_bytes);
            return qrt_fail(err, QRT_E_REFUSED, "share %zu does not belong to the others",
                            group->places[i]);
        }
    }
    return QRT_OK;
}

/* Shares of one group only, at least its threshold. */
static enum qrt_code one_group(struct group *group, const struct qrt_slip39_share *shares,
                               size_t shares_count, struct qrt_err *err)
{
    struct group groups[QRT_SLIP39_GROUPS_MAX] = {0};
    enum qrt_code code = groups_sort(groups, shares, shares_count, err);
    if (code != QRT_OK) {
        return code;
    }
    *group = groups[shares[0].group_index];
    if (group->count != shares_count) {
        return qrt_fail(err, QRT_E_REFUSED, "shares of several groups");
    }
    if (group->count < group_threshold(group)) {
        return qrt_fail(err, QRT_E_QUORUM, "%zu of %zu shares of group %u", group->count,
                        group_threshold(group), shares[0].group_index + 1u);
    }
    return QRT_OK;
}

enum qrt_code qrt_slip39_group_combine(uint8_t *group_share, const struct qrt_slip39_share *shares,
                                       size_t shares_count, struct qrt_err *err)
{
    struct group group;
    enum qrt_code code = one_group(&group, shares, shares_count, err);
    return code == QRT_OK ? group_combine(group_share, &group, err) : code;
}

enum qrt_code qrt_slip39_groups_combine(uint8_t *encrypted, const uint8_t *group_shares,
                                        const uint8_t *group_indices, size_t shares_count,
                                        size_t len_bytes, unsigned threshold, struct qrt_err *err)
{
    if (len_bytes < QRT_SLIP39_VALUE_MIN_BYTES || len_bytes > QRT_SLIP39_VALUE_MAX_BYTES ||
        len_bytes % 2 != 0 || threshold < 1 || threshold > QRT_SLIP39_GROUPS_MAX ||
        shares_count > QRT_SLIP39_GROUPS_MAX) {
        return qrt_fail(err, QRT_E_REFUSED, "group shares out of range");
    }
    sodium_memzero(encrypted, len_bytes);
    if (shares_count < threshold) {
        return qrt_fail(err, QRT_E_QUORUM, "%zu of %u groups", shares_count, threshold);
    }
    struct qrt_shamir_points points = {.count = threshold, .len_bytes = len_bytes};
    for (size_t i = 0; i < shares_count; i++) {
        if (group_indices[i] >= QRT_SLIP39_GROUPS_MAX) {
            return qrt_fail(err, QRT_E_REFUSED, "group share %zu: index out of range", i + 1);
        }
        for (size_t j = 0; j < i; j++) {
            if (group_indices[j] == group_indices[i]) {
                return qrt_fail(err, QRT_E_REFUSED, "group %u twice", group_indices[i] + 1u);
            }
        }
        if (i < threshold) {
            points.x[i] = group_indices[i];
            points.y[i] = group_shares + i * len_bytes;
        }
    }
    if (!qrt_shamir_combine(encrypted, &points)) {
        return qrt_fail(err, QRT_E_REFUSED, "the groups' digest does not hold");
    }
    for (size_t i = threshold; i < shares_count; i++) {
        if (!lies_on(&points, group_indices[i], group_shares + i * len_bytes)) {
            sodium_memzero(encrypted, len_bytes);
            return qrt_fail(err, QRT_E_REFUSED, "group %u does not belong to the others",
                            group_indices[i] + 1u);
        }
    }
    return QRT_OK;
}

/* Names what is missing. */
static enum qrt_code quorum_check(const struct group groups[static QRT_SLIP39_GROUPS_MAX],
                                  unsigned threshold, struct qrt_err *err)
{
    unsigned whole = 0;
    unsigned partial = 0;
    for (unsigned g = 0; g < QRT_SLIP39_GROUPS_MAX; g++) {
        if (groups[g].count > 0) {
            if (groups[g].count >= group_threshold(&groups[g])) {
                whole++;
            } else if (partial == 0) {
                partial = g + 1;
            }
        }
    }
    if (whole >= threshold) {
        return QRT_OK;
    }
    if (partial == 0) {
        return qrt_fail(err, QRT_E_QUORUM, "%u of %u groups are there", whole, threshold);
    }
    return qrt_fail(err, QRT_E_QUORUM, "%u of %u groups are whole; group %u has %zu of %zu shares",
                    whole, threshold, partial, groups[partial - 1].count,
                    group_threshold(&groups[partial - 1]));
}

static enum qrt_code combine_sorted(uint8_t *encrypted, const struct group *groups,
                                    const struct qrt_slip39_share *first, struct qrt_err *err)
{
    /* Only what is used is written and wiped. */
    __attribute__((uninitialized))
    uint8_t group_shares[QRT_SLIP39_GROUPS_MAX * QRT_SLIP39_VALUE_MAX_BYTES];
    uint8_t indices[QRT_SLIP39_GROUPS_MAX];
    size_t len_bytes = first->value_len_bytes;
    size_t count = 0;
    enum qrt_code code = QRT_OK;
    for (unsigned g = 0; g < QRT_SLIP39_GROUPS_MAX && code == QRT_OK; g++) {
        if (groups[g].count > 0 && groups[g].count >= group_threshold(&groups[g])) {
            indices[count] = (uint8_t)g;
            code = group_combine(group_shares + count * len_bytes, &groups[g], err);
            count++;
        }
    }
    if (code == QRT_OK) {
        code = qrt_slip39_groups_combine(encrypted, group_shares, indices, count, len_bytes,
                                         first->group_threshold, err);
    }
    sodium_memzero(group_shares, count * len_bytes);
    return code;
}

enum qrt_code qrt_slip39_combine_encrypted(uint8_t *encrypted, size_t encrypted_size_bytes,
                                           size_t *encrypted_len_bytes,
                                           const struct qrt_slip39_share *shares,
                                           size_t shares_count, struct qrt_err *err)
{
    struct group groups[QRT_SLIP39_GROUPS_MAX] = {0};
    *encrypted_len_bytes = 0;
    sodium_memzero(encrypted, encrypted_size_bytes);
    enum qrt_code code = groups_sort(groups, shares, shares_count, err);
    if (code == QRT_OK && shares[0].value_len_bytes > encrypted_size_bytes) {
        code = qrt_fail(err, QRT_E_RANGE, "%u bytes do not fit in %zu", shares[0].value_len_bytes,
                        encrypted_size_bytes);
    }
    if (code == QRT_OK) {
        code = quorum_check(groups, shares[0].group_threshold, err);
    }
    if (code == QRT_OK) {
        code = combine_sorted(encrypted, groups, &shares[0], err);
    }
    if (code == QRT_OK) {
        *encrypted_len_bytes = shares[0].value_len_bytes;
    }
    return code;
}

enum qrt_code qrt_slip39_combine(uint8_t *secret, size_t secret_size_bytes,
                                 size_t *secret_len_bytes, const struct qrt_slip39_share *shares,
                                 size_t shares_count, const uint8_t *passphrase,
                                 size_t passphrase_len_bytes, struct qrt_err *err)
{
    enum qrt_code code = qrt_slip39_combine_encrypted(secret, secret_size_bytes, secret_len_bytes,
                                                      shares, shares_count, err);
    if (code != QRT_OK) {
        return code;
    }
    code = qrt_slip39_decrypt(secret, secret, *secret_len_bytes, shares[0].identifier,
                              shares[0].extendable, shares[0].iteration_exponent, passphrase,
                              passphrase_len_bytes, err);
    if (code != QRT_OK) {
        sodium_memzero(secret, secret_size_bytes);
        *secret_len_bytes = 0;
    }
    return code;
}

enum qrt_code qrt_slip39_share_rebuild(struct qrt_slip39_share *share, unsigned member_index,
                                       const struct qrt_slip39_share *shares, size_t shares_count,
                                       struct qrt_err *err)
{
    sodium_memzero(share, sizeof *share);
    if (member_index >= QRT_SLIP39_MEMBERS_MAX) {
        return qrt_fail(err, QRT_E_RANGE, "member index %u", member_index);
    }
    struct group group;
    uint8_t group_share[QRT_SLIP39_VALUE_MAX_BYTES];
    enum qrt_code code = one_group(&group, shares, shares_count, err);
    if (code == QRT_OK) {
        code = group_combine(group_share, &group, err);
    }
    sodium_memzero(group_share, sizeof group_share);
    if (code != QRT_OK) {
        return code;
    }
    *share = shares[0];
    share->member_index = (uint8_t)member_index;
    struct qrt_shamir_points points = group_points(&group);
    uint8_t x = share->member_index;
    qrt_shamir_evaluate((uint8_t *[1]){share->value}, &x, 1, &points);
    return QRT_OK;
}

enum qrt_code qrt_slip39_group_prove(const struct qrt_slip39_share *shares, size_t shares_count,
                                     const uint8_t *group_share, struct qrt_err *err)
{
    struct group all;
    enum qrt_code code = one_group(&all, shares, shares_count, err);
    if (code != QRT_OK) {
        return code;
    }
    size_t members[QRT_SLIP39_MEMBERS_MAX];
    struct group subset = {.count = group_threshold(&all)};
    uint8_t found[QRT_SLIP39_VALUE_MAX_BYTES];
    size_t number = 0;
    for (size_t i = 0; i < subset.count; i++) {
        members[i] = i;
    }
    do {
        number++;
        for (size_t i = 0; i < subset.count; i++) {
            subset.shares[i] = all.shares[members[i]];
        }
        code = group_combine(found, &subset, err);
        if (code == QRT_OK) {
            int differs = sodium_memcmp(found, group_share, shares[0].value_len_bytes);
            QRT_PUBLIC(differs);
            if (differs != 0) {
                code = qrt_fail(err, QRT_E_REFUSED, "another group share");
            }
        }
    } while (code == QRT_OK && qrt_subset_next(members, subset.count, all.count));
    sodium_memzero(found, sizeof found);
    return code == QRT_OK || err == NULL ? code : qrt_err_prefix(err, "subset %zu", number);
}
