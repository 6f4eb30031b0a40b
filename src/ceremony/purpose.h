/* The purposes for which an opening is asked. */
#ifndef QRT_CEREMONY_PURPOSE_H
#define QRT_CEREMONY_PURPOSE_H

#include "base/bytes.h"
#include "vault/policy.h"

/* Appends the words of a task's id: the policy's own, or else one of
 * root-only-tasks.tsv. What is no task's id is a purpose stated in words and
 * appended as it is. */
void qrt_purpose_words(struct qrt_buf *out, const struct qrt_policy *policy, const char *purpose);

#endif
