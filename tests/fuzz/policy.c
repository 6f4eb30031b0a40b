/* The policy's parser: whatever it takes keeps the promises of its struct. */
#include "fuzz.h"

#include "base/json.h"
#include "vault/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len_bytes)
{
    qrt_json_init();
    QRT_POLICY policy = {0};
    struct qrt_err err;
    if (qrt_policy_parse(&policy, data, len_bytes, &err) != QRT_OK) {
        FUZZ_HOLDS(policy.json == NULL);
        return 0;
    }
    FUZZ_HOLDS(policy.cosignatures >= 1 && policy.cosignatures <= policy.people_count);
    for (unsigned g = 0; g < QRT_GROUPS; g++) {
        const struct qrt_policy_group *group = &policy.groups[g];
        FUZZ_HOLDS(group->threshold >= 1 && group->threshold <= group->count);
        FUZZ_HOLDS(group->count <= QRT_GROUP_MEMBERS_MAX);
        FUZZ_HOLDS(group->threshold > 1 || group->accept_single_holder);
        for (unsigned i = 0; i < group->count; i++) {
            enum qrt_group of;
            FUZZ_HOLDS(qrt_policy_person(&policy, group->custodians[i]) != NULL);
            FUZZ_HOLDS(qrt_policy_group_of(&policy, &of, group->custodians[i]) && of == g);
        }
    }
    QRT_BUF lines = {0};
    qrt_policy_warn(&lines, &policy);
    return 0;
}
