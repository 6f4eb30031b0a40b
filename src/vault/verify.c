#include <quorate/log.h>

#include "log/export.h"
#include "log/inspect.h"
#include "log/people.h"
#include "vault/state.h"
#include "vault/vouch.h"
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
                                          .offset = faults->list[i].offset,
                                          .text = faults->list[i].text};
        finding.file = faults->list[i].file[0] == '\0' ? NULL : faults->list[i].file;
        to->found(to->ctx, &finding);
    }
}

static void summarize(struct qrt_log_summary *summary, const struct qrt_log *log,
                      const struct qrt_state *state, const struct qrt_faults *faults,
                      const struct finding_to *to)
{
    memcpy(summary->origin, log->origin, sizeof summary->origin);
    memcpy(summary->vault_id, log->vault_id, sizeof summary->vault_id);
    memcpy(summary->fingerprint, log->fingerprint, sizeof summary->fingerprint);
    memcpy(summary->root, log->head.root, sizeof summary->root);
    summary->entries = log->head.size;
    summary->epochs = log->head.epochs;
    summary->faults = faults->len;
    summary->more = faults->more;
    summary->pending = log->pending;
    pass_on(&log->notices, false, to);
    pass_on(&state->notices, false, to);
    pass_on(faults, true, to);
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
        summarize(summary, &log, &state, &faults, &to);
        qrt_log_close(&log);
    }
    qrt_state_free(&state);
    return code;
}

/* The last checkpoint under the keys from paper, of people who have the names of this log. */
static void count_last(struct qrt_log_summary *summary, struct qrt_log *log,
                       const struct qrt_people *people, uint64_t index, uint64_t epoch)
{
    struct qrt_note note;
    if (qrt_note_parse(&note, qrt_buf_str(&log->note), log->note.len_bytes, NULL) == QRT_OK) {
        summary->cosigners = qrt_people_count(people, &note, &log->notices, index, epoch);
    }
}

/* The newest checkpoint that has the policy's number vouches for all before it. What comes
 * behind is told: it may be a session that lasts, or whatever one badge could write. */
static enum qrt_code check_people(struct qrt_log_summary *summary, struct qrt_log *log,
                                  struct qrt_vouching *vouching, struct qrt_faults *faults,
                                  struct qrt_err *err)
{
    QRT_PEOPLE named = {0};
    const struct qrt_vouched *best = &vouching->best;
    uint64_t index = log->head.size == 0 ? 0 : log->head.size - 1;
    uint64_t epoch = log->head.epochs == 0 ? 0 : log->head.epochs - 1;
    enum qrt_code code = qrt_people_check_origin(vouching->people, log->origin, err);
    if (code != QRT_OK || (code = qrt_vouching_end(vouching, err)) != QRT_OK ||
        (code = qrt_people_rename(&named, vouching->people, log->origin, err)) != QRT_OK) {
        return code;
    }
    bool ours = best->checkpoint.size > 0 && strcmp(best->checkpoint.origin, log->origin) == 0;
    uint64_t vouched = ours ? best->checkpoint.size : 0;
    summary->cosigners_wanted = vouching->state->cosignatures;
    if (ours && vouched < log->head.size) {
        (void)qrt_people_count(&named, &best->note, &log->notices, vouched - 1, best->epoch);
    }
    count_last(summary, log, &named, index, epoch);
    if (best->checkpoint.size == 0) {
        qrt_faults_add(faults, index, epoch,
                       "no checkpoint is cosigned by as many of the people given as the policy "
                       "asks for: %u cosigned the last checkpoint, of %u",
                       summary->cosigners, summary->cosigners_wanted);
    } else if (vouched < log->head.size) {
        qrt_faults_add(&log->notices, vouched, ours ? best->epoch + 1 : 0,
                       "from here on %llu entries are not vouched for: %u of the people given "
                       "cosigned the last checkpoint, and the policy asks for %u",
                       (unsigned long long)(log->head.size - vouched), summary->cosigners,
                       summary->cosigners_wanted);
    }
    /* Of entries that are not those that were signed, nobody's signature tells anything. */
    summary->vouched = faults->len == 0 ? vouched : 0;
    return QRT_OK;
}

enum qrt_code qrt_export_verify(struct qrt_log_summary *summary, const char *path,
                                const char *people_text, size_t people_bytes,
                                void (*found)(void *ctx, const struct qrt_log_finding *finding),
                                void (*progress)(void *ctx, uint64_t done, uint64_t all), void *ctx,
                                struct qrt_err *err)
{
    QRT_FAULTS faults = {0};
    QRT_PEOPLE people = {0};
    struct qrt_state state = {0};
    QRT_VOUCHING vouching = {0};
    struct qrt_views views = people_text == NULL ? qrt_state_views(&state)
                                                 : qrt_vouching_views(&vouching, &state, &people);
    struct qrt_log log = {0};
    struct qrt_progress told = {progress, ctx, 0};
    *summary = (struct qrt_log_summary){0};
    enum qrt_code code =
        people_text == NULL ? QRT_OK : qrt_people_parse(&people, people_text, people_bytes, err);
    if (code == QRT_OK) {
        code = qrt_export_read(&log, path, &views, progress == NULL ? NULL : &told, &faults, err);
    }
    if (code == QRT_OK) {
        struct finding_to to = {found, ctx};
        if (people_text != NULL) {
            code = check_people(summary, &log, &vouching, &faults, err);
        }
        if (code == QRT_OK) {
            summarize(summary, &log, &state, &faults, &to);
        }
        qrt_log_close(&log);
    }
    qrt_state_free(&state);
    if (code != QRT_OK) {
        *summary = (struct qrt_log_summary){0};
    }
    return code;
}
