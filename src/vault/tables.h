/* The database's tables as rows of the state: written, and compared. */
#ifndef QRT_VAULT_TABLES_H
#define QRT_VAULT_TABLES_H

#include "vault/state.h"

/* Writes every dirty row. Inside the caller's transaction. */
enum qrt_code qrt_tables_store(struct qrt_state *state, sqlite3 *db,
                               struct qrt_err *err) QRT_MUST_USE;

/* Compares every row and every document; differences are added to faults. */
enum qrt_code qrt_tables_compare(const struct qrt_state *state, sqlite3 *db,
                                 struct qrt_faults *faults, struct qrt_err *err) QRT_MUST_USE;

/* Marks every row to be written: into the tables of another log. */
void qrt_state_soil(struct qrt_state *state);

/* Marks every row as written: after a replay they stand in the tables. */
void qrt_state_clean(struct qrt_state *state);

/* Its part about cosignatures that came after a commit: each row is of a
 * checkpoint and of someone who had a badge then. Whether it is good, the replay
 * asks. */
enum qrt_code qrt_tables_compare_cosignatures(const struct qrt_state *state, sqlite3 *db,
                                              struct qrt_faults *faults,
                                              struct qrt_err *err) QRT_MUST_USE;

#endif
