#include "vault/policy.h"

#include "base/json.h"
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    enum qrt_role role;
} roles[QRT_ROLES] = {{"operator", QRT_ROLE_OPERATOR},
                      {"custodian", QRT_ROLE_CUSTODIAN},
                      {"witness", QRT_ROLE_WITNESS},
                      {"auditor", QRT_ROLE_AUDITOR}};

const char *qrt_role_name(enum qrt_role role)
{
    for (size_t i = 0; i < QRT_ROLES; i++) {
        if (roles[i].role == role) {
            return roles[i].name;
        }
    }
    return NULL;
}

bool qrt_role_parse(enum qrt_role *role, const char *name)
{
    for (size_t i = 0; i < QRT_ROLES; i++) {
        if (strcmp(roles[i].name, name) == 0) {
            *role = roles[i].role;
            return true;
        }
    }
    return false;
}

void qrt_policy_free(struct qrt_policy *policy)
{
    free(policy->people);
    free(policy->accounts);
    free(policy->purposes);
    free(policy->sites);
    qrt_json_free(&policy->json);
    *policy = (struct qrt_policy){0};
}

/* The first `count` rows are searched: while a list is being read, those read. */
#define FIND(rows, count, wanted)                                                                  \
    do {                                                                                           \
        for (size_t i = 0; i < (count); i++) {                                                     \
            if (strcmp((rows)[i].id, (wanted)) == 0) {                                             \
                return &(rows)[i];                                                                 \
            }                                                                                      \
        }                                                                                          \
        return NULL;                                                                               \
    } while (0)

const struct qrt_policy_person *qrt_policy_person(const struct qrt_policy *policy, const char *id)
{
    FIND(policy->people, policy->people_count, id);
}

const struct qrt_policy_account *qrt_policy_account(const struct qrt_policy *policy, const char *id)
{
    FIND(policy->accounts, policy->accounts_count, id);
}

const struct qrt_policy_purpose *qrt_policy_purpose(const struct qrt_policy *policy, const char *id)
{
    FIND(policy->purposes, policy->purposes_count, id);
}

const struct qrt_policy_site *qrt_policy_site(const struct qrt_policy *policy, const char *id)
{
    FIND(policy->sites, policy->sites_count, id);
}

bool qrt_policy_group_of(const struct qrt_policy *policy, enum qrt_group *group, const char *id)
{
    for (unsigned g = 0; g < QRT_GROUPS; g++) {
        for (unsigned i = 0; i < policy->groups[g].count; i++) {
            if (strcmp(policy->groups[g].custodians[i], id) == 0) {
                *group = g;
                return true;
            }
        }
    }
    return false;
}

bool qrt_policy_excepts(const struct qrt_policy *policy, const char *finding)
{
    for (size_t i = 0; i < policy->machine_exceptions_count; i++) {
        if (strcmp(policy->machine_exceptions[i], finding) == 0) {
            return true;
        }
    }
    return false;
}

void qrt_policy_warn(struct qrt_buf *lines, const struct qrt_policy *policy)
{
    for (unsigned g = 0; g < QRT_GROUPS; g++) {
        const struct qrt_policy_group *group = &policy->groups[g];
        if (group->threshold == 1) {
            qrt_buf_printf(lines,
                           "groups.%s: one holder stands for the whole group, and re-issue is "
                           "refused; a loss or a leaver means re-key\n",
                           qrt_group_name(g));
        }
        if (group->threshold == group->count) {
            qrt_buf_printf(lines, "groups.%s: all %u are needed; one absence locks the vault\n",
                           qrt_group_name(g), group->count);
        }
    }
    size_t operators = 0;
    for (size_t i = 0; i < policy->people_count; i++) {
        operators += (policy->people[i].roles & QRT_ROLE_OPERATOR) != 0;
    }
    if (operators == 1) {
        qrt_buf_text(lines, "people: one operator alone; without that badge only both quorums "
                            "open the log\n");
    }
    if (!policy->practice && policy->machine_exceptions_count > 0) {
        qrt_buf_text(lines, "machine_exceptions: a real vault on a machine that is not fit\n");
    }
}
