#include "ceremony/people/policy_draft.h"

enum qrt_code qrt_policy_draft_document(uint8_t digest[static QRT_HASH_BYTES],
                                        struct qrt_session *session, const struct qrt_buf *bytes,
                                        struct qrt_err *err)
{
    QRT_BUF copy = {0};
    qrt_buf_add(&copy, bytes->data, bytes->len_bytes);
    return qrt_session_document(session, "policy", &copy, digest, err);
}

static void draft_groups(struct qrt_draft *draft, const struct qrt_policy *policy)
{
    for (unsigned g = 0; g < QRT_GROUPS; g++) {
        const struct qrt_policy_group *group = &policy->groups[g];
        QRT_BUF line = {0};
        qrt_buf_printf(&line, "%s %u ", qrt_group_name(g), group->threshold);
        for (unsigned i = 0; i < group->count; i++) {
            qrt_buf_printf(&line, "%s%s", i > 0 ? "," : "", group->custodians[i]);
        }
        qrt_draft_text(draft, "group", qrt_buf_str(&line));
    }
}

void qrt_policy_draft_changed(struct qrt_session *session, const struct qrt_policy *policy,
                              const uint8_t digest[static QRT_HASH_BYTES])
{
    struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_POLICY_CHANGED);
    qrt_draft_hex(draft, "policy", digest, QRT_HASH_BYTES);
    draft_groups(draft, policy);
    qrt_draft_u64(draft, "cosignatures", policy->cosignatures);
    if (policy->second_person) {
        qrt_draft_text(draft, "second", "yes");
    }
}
