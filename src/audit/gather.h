/* The facts of a vault, out of its log and its policy. */
#ifndef QRT_AUDIT_GATHER_H
#define QRT_AUDIT_GATHER_H

#include "audit/facts.h"
#include "vault/policy.h"
#include "vault/state.h"

/* Owns what `facts` points to. Zeroed is empty. */
struct qrt_gathered {
    struct qrt_facts facts;
    struct qrt_fact_person *people;
    struct qrt_fact_card *cards;
    struct qrt_fact_safe *safes;
    struct qrt_fact_channel *channels;
    const char **sites;
    char (*places)[QRT_ID_CHARS * 2 + 2]; /* the safes' names */
    size_t safes_room;
};

void qrt_gathered_free(struct qrt_gathered *gathered);
#define QRT_GATHERED __attribute__((cleanup(qrt_gathered_free))) struct qrt_gathered

/* Gathers people who have not left, or who left and are named by a row or a live
 * card still; live cards, where their bags lie, safes, mailboxes, phones, devices
 * and the roster. The state and the policy must outlive *gathered. QRT_E_NOMEM;
 * QRT_E_RANGE for more than QRT_MEMBERS_MAX people or sites. */
enum qrt_code qrt_facts_gather(struct qrt_gathered *gathered, const struct qrt_state *state,
                               const struct qrt_policy *policy, struct qrt_err *err) QRT_MUST_USE;

#endif
