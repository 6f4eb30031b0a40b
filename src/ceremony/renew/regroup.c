#include "ceremony/renew/regroup.h"

#include "ceremony/people/namesake.h"
#include "ceremony/people/policy_draft.h"
#include "vault/policy_compare.h"

void qrt_regroup_free(struct qrt_regroup *regroup)
{
    qrt_policy_free(&regroup->policy);
    qrt_buf_free(&regroup->told);
}

static enum qrt_code check_people(const struct qrt_policy_changes *changes,
                                  const struct qrt_state *state, struct qrt_err *err)
{
    if (changes->joined_len > 0) {
        return qrt_fail(err, QRT_E_REFUSED, "people: %s is new: quorate person add comes first",
                        changes->joined[0]->id);
    }
    for (size_t i = 0; i < changes->left_len; i++) {
        const char *id = changes->left[i]->id;
        const struct qrt_person *person = qrt_state_person(state, id);
        if (person != NULL && person->gone == QRT_NEVER) {
            return qrt_fail(err, QRT_E_REFUSED,
                            "people: %s is not named any more: quorate person leave comes first",
                            id);
        }
    }
    return QRT_OK;
}

static enum qrt_code check_changes(const struct qrt_policy_changes *changes,
                                   const struct qrt_state *state, unsigned groups,
                                   struct qrt_err *err)
{
    bool any = false;
    for (enum qrt_group group = 0; group < QRT_GROUPS; group++) {
        bool changed = qrt_policy_changes_group(changes, group);
        any = any || changed;
        if (changed && (groups & 1U << group) == 0) {
            return qrt_fail(err, QRT_E_REFUSED,
                            "groups.%s: it gets no new cards here: one policy for each re-issue",
                            qrt_group_name(group));
        }
    }
    enum qrt_code code = check_people(changes, state, err);
    if (code == QRT_OK && (changes->changed_len > 0 || changes->cosignatures ||
                           changes->second_person || changes->rest)) {
        code = qrt_fail(err, QRT_E_REFUSED,
                        "the policy: more than the groups is another: quorate policy change comes "
                        "first, with the groups as they are");
    }
    return code == QRT_OK && !any
               ? qrt_fail(err, QRT_E_USAGE, "the policy: its groups are those in force")
               : code;
}

enum qrt_code qrt_regroup_read(struct qrt_regroup *regroup, struct qrt_vault *vault,
                               unsigned groups, struct qrt_err *err)
{
    struct qrt_policy_changes changes;
    qrt_policy_free(&regroup->policy);
    qrt_buf_free(&regroup->told);
    enum qrt_code code =
        qrt_policy_parse(&regroup->policy, regroup->bytes->data, regroup->bytes->len_bytes, err);
    if (code == QRT_OK) {
        code = qrt_policy_compare(&changes, &vault->policy, &regroup->policy, err);
    }
    if (code == QRT_OK) {
        code = check_changes(&changes, &vault->state, groups, err);
    }
    if (code == QRT_OK) {
        code = qrt_namesake_check(vault, &regroup->policy, err);
    }
    if (code == QRT_OK) {
        qrt_policy_tell_changes(&regroup->told, &changes);
    }
    return code;
}

enum qrt_code qrt_regroup_check_members(const struct qrt_policy *policy,
                                        const struct qrt_state *state, unsigned groups,
                                        struct qrt_err *err)
{
    for (enum qrt_group group = 0; group < QRT_GROUPS; group++) {
        const struct qrt_policy_group *members = &policy->groups[group];
        for (unsigned i = 0; (groups & 1U << group) != 0 && i < members->count; i++) {
            const struct qrt_person *person = qrt_state_person(state, members->custodians[i]);
            if (person == NULL || person->gone != QRT_NEVER) {
                return qrt_fail(err, QRT_E_REFUSED,
                                "groups.%s: %s has left, and gets no new card: --policy FILE says "
                                "who is in the group from now on",
                                qrt_group_name(group), members->custodians[i]);
            }
        }
    }
    return QRT_OK;
}

enum qrt_code qrt_regroup_draft(const struct qrt_regroup *regroup, struct qrt_session *session,
                                struct qrt_err *err)
{
    uint8_t digest[QRT_HASH_BYTES];
    enum qrt_code code = regroup->bytes == NULL
                             ? QRT_OK
                             : qrt_policy_draft_document(digest, session, regroup->bytes, err);
    if (code == QRT_OK && regroup->bytes != NULL) {
        qrt_policy_draft_changed(session, &regroup->policy, digest);
    }
    return code;
}
