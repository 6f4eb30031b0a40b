/* The governance of a vault as JSON (schemas/governance.schema.json). */
#ifndef QRT_REPORT_GOVERNANCE_H
#define QRT_REPORT_GOVERNANCE_H

#include "vault/vault.h"
#include <jansson.h>

/* Answers every question of audit/ whole: groups, separation, loss of people
 * and sites, takeover, hours without a quorum, and the status. *report is the
 * caller's; NULL on failure. QRT_E_NOMEM, QRT_E_RANGE. */
enum qrt_code qrt_governance_report(json_t **report, const struct qrt_vault *vault,
                                    int64_t now_unix_s, struct qrt_err *err) QRT_MUST_USE;

/* Appends a set of the report ([{"any","of"}]) in words: "any 2 of a, b, c; d". */
void qrt_governance_words(struct qrt_buf *out, const json_t *set);

#endif
