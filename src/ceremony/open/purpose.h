/* The purposes for which an opening is asked. */
#ifndef QRT_CEREMONY_OPEN_PURPOSE_H
#define QRT_CEREMONY_OPEN_PURPOSE_H

#include "base/bytes.h"
#include "vault/policy.h"

/* Appends the words of a task's id: the policy's own, or else one of
 * root-only-tasks.tsv. What is no task's id is a purpose stated in words and
 * appended as it is. */
void qrt_purpose_words(struct qrt_buf *out, const struct qrt_policy *policy, const char *purpose);

/* What a person chooses from: the policy's purposes, then AWS's tasks, last
 * words of their own, whose id is NULL. */
struct qrt_purpose_list {
    const char **ids;
    const char **words; /* escaped for a screen */
    size_t len;
    struct qrt_buf texts; /* where they stand */
};

/* QRT_E_NOMEM; *list is then empty. */
enum qrt_code qrt_purpose_list(struct qrt_purpose_list *list, const struct qrt_policy *policy,
                               struct qrt_err *err) QRT_MUST_USE;
void qrt_purpose_list_free(struct qrt_purpose_list *list);

#endif
