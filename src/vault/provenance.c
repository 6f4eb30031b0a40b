#include "vault/provenance.h"

#include "log/db.h"
#include "log/predecessor.h"

enum qrt_code qrt_vault_provenance(struct qrt_provenance *out, struct qrt_vault *vault,
                                   int64_t index, struct qrt_err *err)
{
    struct qrt_entry entry;
    QRT_STATEMENT *find = NULL;
    const struct qrt_log *log = &vault->log;
    int64_t first;
    while (index < (first = (int64_t)qrt_predecessor_entries(log)) && log->predecessor != NULL) {
        log = log->predecessor;
    }
    enum qrt_code code =
        qrt_db_prepare(&find, log->db, "SELECT body FROM log_entry WHERE idx = ?1", err);
    if (code != QRT_OK) {
        return code;
    }
    sqlite3_bind_int64(find, 1, index - first);
    int rc = sqlite3_step(find);
    if (rc != SQLITE_ROW) {
        return rc == SQLITE_DONE ? qrt_fail(err, QRT_E_NOT_FOUND, "entry %lld", (long long)index)
                                 : qrt_db_fail(log->db, "reading an entry", err);
    }
    code = qrt_entry_parse(&entry, sqlite3_column_blob(find, 0),
                           (size_t)sqlite3_column_bytes(find, 0), err);
    if (code == QRT_OK) {
        (void)qrt_span_copy(out->actor, sizeof out->actor, entry.actor);
        out->time_unix_s = entry.time_unix_s;
    }
    return code;
}
