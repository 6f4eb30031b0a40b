#include "vault/export.h"

#include "log/inspect.h"
#include "vault/state.h"

enum qrt_code qrt_vault_export(struct qrt_export_result *result, bool *pending, const char *path,
                               const char *dir, unsigned flags, struct qrt_err *err)
{
    QRT_FAULTS faults = {0};
    struct qrt_state state = {0};
    struct qrt_views views = qrt_state_views(&state);
    struct qrt_log log;
    *result = (struct qrt_export_result){0};
    *pending = false;
    enum qrt_code code = qrt_log_inspect(&log, path, &views, NULL, &faults, err);
    if (code == QRT_OK) {
        *pending = log.pending;
        code =
            faults.len > 0
                ? qrt_fail(err, QRT_E_TAMPERED,
                           "the log: it has %zu fault%s, so nothing is exported; `quorate log "
                           "verify` names %s",
                           faults.len, faults.len == 1 ? "" : "s", faults.len == 1 ? "it" : "them")
                : qrt_export_write(result, &log, dir, flags, err);
        qrt_log_close(&log);
    }
    qrt_state_free(&state);
    return code;
}
