/* What each event changes in the views, and the right that it needs
 * (docs/formats/log.md, rights). */
#ifndef QRT_VAULT_APPLY_H
#define QRT_VAULT_APPLY_H

#include "vault/state.h"

/* Takes one entry; broken rules go to faults. QRT_E_NOMEM. */
enum qrt_code qrt_state_apply(struct qrt_state *state, const struct qrt_entry *entry,
                              struct qrt_faults *faults, struct qrt_err *err) QRT_MUST_USE;

/* Ends an epoch; with a note, checks who had to cosign it, at once or (later
 * is not NULL) leaving the arithmetic for that list. */
void qrt_state_seal(struct qrt_state *state, uint64_t epoch, const struct qrt_note *note,
                    struct qrt_signatures *later, struct qrt_faults *faults);

/* Its part of that: what a policy of this epoch promised. */
void qrt_policy_seal(const struct qrt_state *state, uint64_t epoch, struct qrt_faults *faults);

/* What a log leaves to its successor: cards that wait for the outcome of a
 * re-issue never count, and the policy that came with them goes. Those of a
 * pending re-key wait on. */
void qrt_state_end_of_log(struct qrt_state *state);

/* Appends a zeroed row; NULL without memory. */
void *qrt_state_add_row(struct qrt_rows *rows, size_t row_bytes);
/* Enters the account added last into the index; false without memory. */
bool qrt_state_index_account(struct qrt_state *state);
/* qrt_state_account and qrt_state_walk, to be changed. */
struct qrt_account *qrt_state_account_row(const struct qrt_state *state, const char *id);
struct qrt_walk *qrt_state_walk_row(const struct qrt_state *state, const char *runbook,
                                    const char *account);

#endif
