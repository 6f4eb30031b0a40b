#include "vault/tables.h"

#include "log/db.h"
#include <string.h>

/* Does a badge of theirs count over the log when it was of that size? */
static bool had_badge(const struct qrt_state *state, const char *person, uint64_t size)
{
    for (size_t i = state->former_badges; i < state->badges.len; i++) {
        const struct qrt_badge_row *badge = QRT_ROW(state, badges, qrt_badge_row, i);
        if (strcmp(badge->person, person) == 0 &&
            qrt_badge_in_force(badge, state->former_entries + size)) {
            return true;
        }
    }
    return false;
}

/* Is the row at hand one of which the replay made a line? It verified that then. */
static bool makes_line(const struct qrt_state *state, sqlite3_stmt *row, uint64_t size)
{
    const char *person = (const char *)sqlite3_column_text(row, 1);
    return sqlite3_column_type(row, 0) == SQLITE_INTEGER &&
           sqlite3_column_type(row, 1) == SQLITE_TEXT && person != NULL &&
           strlen(person) == (size_t)sqlite3_column_bytes(row, 1) &&
           sqlite3_column_type(row, 2) == SQLITE_BLOB &&
           sqlite3_column_bytes(row, 2) == QRT_COSIGNATURE_BYTES && had_badge(state, person, size);
}

enum qrt_code qrt_tables_compare_cosignatures(const struct qrt_state *state, sqlite3 *db,
                                              struct qrt_faults *faults, struct qrt_err *err)
{
    QRT_STATEMENT *rows = NULL;
    enum qrt_code code =
        qrt_db_prepare(&rows, db,
                       "SELECT c.epoch, c.person, c.signature, p.size FROM log_cosignature c LEFT "
                       "JOIN log_checkpoint p ON p.epoch = c.epoch ORDER BY c.epoch, c.person",
                       err);
    int rc = SQLITE_DONE;
    while (code == QRT_OK && (rc = sqlite3_step(rows)) == SQLITE_ROW) {
        uint64_t epoch = (uint64_t)sqlite3_column_int64(rows, 0);
        uint64_t size = (uint64_t)sqlite3_column_int64(rows, 3);
        if (size == 0 || !makes_line(state, rows, size)) {
            qrt_faults_add(faults, size > 0 ? size - 1 : state->epoch.last_index, epoch,
                           "table log_cosignature: a row that is no cosignature of its checkpoint");
        }
    }
    return code != QRT_OK || rc == SQLITE_DONE ? code
                                               : qrt_db_fail(db, "reading its cosignatures", err);
}
