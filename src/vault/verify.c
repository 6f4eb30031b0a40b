#include <quorate/log.h>

#include "log/inspect.h"
#include "vault/state.h"
#include <string.h>

struct finding_to {
    void (*found)(void *ctx, const struct qrt_log_finding *finding);
    void *ctx;
};

static void pass_on(const struct qrt_faults *faults, bool fault, const struct finding_to *to)
{
    for (size_t i = 0; to->found != NULL && i < faults->len; i++) {
        struct qrt_log_finding finding = {.fault = fault,
                                          .index = faults->list[i].index,
                                          .epoch = faults->list[i].epoch,
                                          .text = faults->list[i].text};
        to->found(to->ctx, &finding);
    }
}

enum qrt_code qrt_vault_verify(struct qrt_log_summary *summary, const char *path,
                               void (*found)(void *ctx, const struct qrt_log_finding *finding),
                               void (*progress)(void *ctx, uint64_t done, uint64_t all), void *ctx,
                               struct qrt_err *err)
{
    QRT_FAULTS faults = {0};
    struct qrt_state state = {0};
    struct qrt_views views = qrt_state_views(&state);
    struct qrt_log log;
    struct qrt_progress told = {progress, ctx, 0};
    *summary = (struct qrt_log_summary){0};
    enum qrt_code code =
        qrt_log_inspect(&log, path, &views, progress == NULL ? NULL : &told, &faults, err);
    if (code == QRT_OK) {
        struct finding_to to = {found, ctx};
        memcpy(summary->origin, log.origin, sizeof summary->origin);
        memcpy(summary->vault_id, log.vault_id, sizeof summary->vault_id);
        memcpy(summary->root, log.head.root, sizeof summary->root);
        summary->entries = log.head.size;
        summary->epochs = log.head.epochs;
        summary->faults = faults.len;
        summary->pending = log.pending;
        pass_on(&log.notices, false, &to);
        pass_on(&state.notices, false, &to);
        pass_on(&faults, true, &to);
        qrt_log_close(&log);
    }
    qrt_state_free(&state);
    return code;
}
