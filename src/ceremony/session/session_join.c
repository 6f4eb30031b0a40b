#include "ceremony/session/session_parts.h"

#include "base/clock.h"
#include "ceremony/session/attendance.h"
#include "log/inspect.h"
#include "vault/sitting.h"
#include <stdio.h>
#include <string.h>

#define MACHINE_STEP "machine"

/* Which of the machine's exceptions this session's log has. */
struct told {
    const struct qrt_fitness *taken;
    uint64_t from;
    bool has[QRT_CHECKS_MAX];
};

static bool find_told(void *ctx, const struct qrt_entry *entry)
{
    struct told *told = ctx;
    struct qrt_span step;
    QRT_BUF happened = {0};
    if (entry->index < told->from || entry->event->id != QRT_EV_EXCEPTION ||
        !qrt_entry_get(entry, "step", &step) || !qrt_span_is(step, MACHINE_STEP) ||
        !qrt_entry_text(entry, "happened", &happened)) {
        return true;
    }
    for (size_t i = 0; i < told->taken->len; i++) {
        told->has[i] =
            told->has[i] || strcmp(told->taken->checks[i].words, qrt_buf_str(&happened)) == 0;
    }
    return true;
}

enum qrt_code qrt_session_draft_machine(struct qrt_session *session, struct qrt_err *err)
{
    struct told told = {.taken = &session->taken};
    const struct qrt_sitting *sitting = qrt_state_sitting(&session->vault->state);
    if (session->joined && session->taken.len > 0) {
        told.from = (uint64_t)sitting->opened - session->vault->state.former_entries;
        enum qrt_code code = qrt_log_each_entry(&session->vault->log, find_told, &told, err);
        if (code != QRT_OK) {
            return code;
        }
    }
    for (size_t i = 0; i < session->taken.len; i++) {
        const struct qrt_check *check = &session->taken.checks[i];
        if (!told.has[i]) {
            qrt_session_draft_exception(session, MACHINE_STEP, check->fit, check->words,
                                        "the policy's machine_exceptions take it");
        }
    }
    return QRT_OK;
}

void qrt_session_draft_arrivals(struct qrt_session *session)
{
    for (size_t i = 0; session->joined && i < session->badges_len; i++) {
        const char *person = session->badges[i].person;
        if (!qrt_attendance_has(&session->present, person)) {
            qrt_buf_printf(&session->present, "%s\n", person);
            qrt_draft_text(qrt_session_draft(session, QRT_EV_PERSON_BACK), "person", person);
        }
    }
}

void qrt_session_draft_ended(struct qrt_session *session)
{
    const struct qrt_state *state = &session->vault->state;
    const struct qrt_sitting *sitting = qrt_state_sitting(state);
    if (sitting == NULL) {
        return;
    }
    QRT_BUF happened = {0};
    QRT_BUF outside = {0};
    char since[QRT_TIME_CHARS + 1];
    qrt_clock_format(since, sitting->time_unix_s);
    size_t count = qrt_state_tell_outside(&outside, state);
    qrt_buf_printf(&happened, "one has lasted since %s; outside: %s", since,
                   count == 0 ? "nobody" : qrt_buf_str(&outside));
    qrt_session_draft_exception(session, "open-session", "no other session lasts",
                                qrt_buf_str(&happened), "it has ended");
    session->ui->tell(session->ui->ctx, qrt_buf_str(&happened));
}

/* The offset that was attested counts, unless the clock may have been set since. */
static enum qrt_code ask_clock_again(struct qrt_session *session, const struct qrt_sitting *sitting,
                                     struct qrt_err *err)
{
    const struct qrt_ui *ui = session->ui;
    int64_t last_s = session->vault->log.last_time_unix_s;
    bool stale =
        qrt_sitting_is_stale(sitting, qrt_clock_unix_s(), last_s) || qrt_clock_unix_s() < last_s;
    session->clock_offset_s = ui->person && stale ? 0 : sitting->clock_offset_s;
    enum qrt_code code = stale || !ui->person ? qrt_session_ask_clock(session, err) : QRT_OK;
    if (code == QRT_OK && session->clock_offset_s != sitting->clock_offset_s) {
        char expected[64];
        char happened[64];
        snprintf(expected, sizeof expected, "%lld s off, as at the opening",
                 (long long)sitting->clock_offset_s);
        snprintf(happened, sizeof happened, "%lld s off", (long long)session->clock_offset_s);
        qrt_session_draft_exception(session, "clock", expected, happened,
                                    "codes are made by the latter");
    }
    return code;
}

enum qrt_code qrt_session_join(struct qrt_session *session, struct qrt_err *err)
{
    const struct qrt_state *state = &session->vault->state;
    const struct qrt_presence *presence;
    qrt_buf_free(&session->present);
    for (size_t at = 0; (presence = qrt_state_next_presence(state, &at, QRT_HERE)) != NULL;) {
        if (strcmp(presence->kind, QRT_PERSON) == 0) {
            qrt_buf_printf(&session->present, "%s\n", presence->name);
        }
    }
    qrt_session_draft_arrivals(session);
    qrt_session_draft_findings(session);
    enum qrt_code code = ask_clock_again(session, qrt_state_sitting(state), err);
    if (code == QRT_OK) {
        code = qrt_session_draft_machine(session, err);
    }
    return code == QRT_OK && !session->ui->person ? qrt_session_ask_exceptions(session, err) : code;
}
