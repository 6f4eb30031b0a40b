#include "ceremony/session/session_parts.h"

#include "base/clock.h"
#include "ceremony/machine/machine.h"
#include "ceremony/session/attendance.h"
#include "ceremony/session/receipt.h"
#include "ceremony/session/rekey_pending.h"
#include "vault/sitting.h"
#include <stdio.h>
#include <string.h>

#define CLOCK_BEHIND_MAX_S 86400

/* What opening the vault found is named in the log, once. */
void qrt_session_draft_findings(struct qrt_session *session)
{
    struct qrt_vault *vault = session->vault;
    if ((vault->log.key.marks & QRT_MARK_RESTORED) != 0 && !session->restored_named) {
        qrt_session_draft_exception(session, "open-vault", "the database holds every commit",
                                    "its last commit was lost", "put back from log.key");
        session->restored_named = true;
    }
    struct qrt_record record = {0};
    bool kept = vault->log.key.record.len_bytes > 0 &&
                qrt_record_decode(&record, vault->log.key.record.data,
                                  vault->log.key.record.len_bytes, NULL) == QRT_OK;
    for (size_t i = 0; kept && i < record.later_len; i++) {
        if (!record.later[i].shown) {
            qrt_session_draft_exception_of(
                session, "own-receipt", "their own last receipt is shown",
                "they signed the close of the last session later, and had none",
                "the cosignature stands", record.later[i].person);
        }
    }
    qrt_record_free(&record);
    for (size_t i = 0; i < vault->unnamed.len; i++) {
        const char *folder = (const char *)vault->unnamed.data + i * QRT_EVIDENCE_ROW_BYTES;
        struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_EVIDENCE_ATTACHED);
        qrt_draft_text(draft, "evidence", folder + strlen(QRT_EVIDENCE_PREFIX));
        qrt_draft_text(draft, "kind",
                       qrt_receipt_is_evidence(vault, folder) ? "a receipt that contradicts the log"
                                                              : "vault files before recovery");
    }
    vault->unnamed.len = 0;
}

static void draft_receipts(const struct qrt_session *session, struct qrt_draft *draft)
{
    const char *line = qrt_buf_str(&session->receipts);
    while (*line != '\0') {
        char text[80];
        size_t len = strcspn(line, "\n");
        snprintf(text, sizeof text, "%.*s", (int)len, line);
        qrt_draft_text(draft, "receipt", text);
        line += len + 1;
    }
}

/* The receipts that are missing, or were refused. */
static void draft_let_go(struct qrt_session *session)
{
    for (const char *line = qrt_buf_str(&session->let_go); *line != '\0';) {
        QRT_BUF happened = {0};
        size_t len = strcspn(line, "\n");
        qrt_buf_printf(&happened, "one was refused: %.*s", (int)len, line);
        qrt_session_draft_exception(session, "open-session", "the receipts shown are of this log",
                                    qrt_buf_str(&happened), "the session goes on");
        line += len + 1;
    }
    /* Before a first session was closed nobody was given a receipt to show. */
    if (session->receipts.len_bytes == 0 && session->let_go.len_bytes == 0 &&
        session->vault->state.session_closed) {
        qrt_session_draft_exception(session, "open-session", "at least one receipt is shown",
                                    "none was given", "the session goes on");
    }
}

static enum qrt_code fail_lasting(const struct qrt_session *session, struct qrt_err *err)
{
    char since[QRT_TIME_CHARS + 1];
    qrt_clock_format(since, qrt_state_sitting(&session->vault->state)->time_unix_s);
    return qrt_fail(err, QRT_E_REFUSED,
                    "the session: one is open since %s; quorate session close ends it", since);
}

/* A clock that lost its battery would date the whole sitting wrongly. */
static enum qrt_code check_clock(const struct qrt_session *session, struct qrt_err *err)
{
    char says[QRT_TIME_CHARS + 1];
    char last[QRT_TIME_CHARS + 1];
    int64_t last_s = session->vault->log.last_time_unix_s;
    if (!session->lasts || last_s - qrt_session_now(session) < CLOCK_BEHIND_MAX_S) {
        return QRT_OK;
    }
    qrt_clock_format(says, qrt_session_now(session));
    qrt_clock_format(last, last_s);
    return qrt_fail(err, QRT_E_REFUSED,
                    "the clock: it says %s, and the log's last entry is of %s; set the clock", says,
                    last);
}

enum qrt_code qrt_session_prepare(struct qrt_session *session, struct qrt_err *err)
{
    enum qrt_code code =
        qrt_attendance_ask(&session->present, session, "present", "Who else is in the room", err);
    if (code != QRT_OK) {
        return code;
    }
    qrt_session_draft_ended(session);
    struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_SESSION_OPENED);
    qrt_draft_text(draft, "lasts", session->lasts ? "yes" : NULL);
    if (session->badges_len > 1) {
        qrt_draft_text(draft, "second", session->badges[1].person);
    }
    qrt_attendance_draft(draft, "present", &session->present);
    qrt_draft_i64(draft, "clock-offset-s", session->clock_offset_s);
    draft_receipts(session, draft);
    if ((code = qrt_machine_describe(draft, err)) != QRT_OK) {
        return code;
    }
    if ((code = qrt_session_draft_machine(session, err)) != QRT_OK) {
        return code;
    }
    draft_let_go(session);
    qrt_session_draft_findings(session);
    return session->ui->person ? QRT_OK : qrt_session_ask_exceptions(session, err);
}

/* A founding whose cards were not all handed over is abandoned: the vault key
 * is gone, and no card was proved to exist on paper. */
bool qrt_session_draft_unfinished(struct qrt_session *session)
{
    const struct qrt_state *state = &session->vault->state;
    const struct qrt_ceremony *ceremony = qrt_state_unfinished(state);
    if (ceremony == NULL) {
        return false;
    }
    bool founding = strcmp(ceremony->name, "found") == 0;
    bool rekey = qrt_rekey_is_cut_short(state);
    bool delivered = state->cards.len > 0;
    for (size_t i = 0; i < state->cards.len; i++) {
        delivered = delivered && QRT_ROW(state, cards, qrt_card_row, i)->issued != QRT_NEVER;
    }
    bool made = state->made_edition != 0 || state->made_card != 0;
    struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_OUTCOME);
    qrt_draft_u64(draft, "intent", (uint64_t)ceremony->intent - state->former_entries);
    qrt_draft_text(draft, "result",
                   founding && delivered       ? "done"
                   : founding || rekey || made ? "abandoned"
                                               : "failed");
    qrt_draft_text(draft, "reason", "interrupted");
    if (rekey) {
        qrt_rekey_draft_given_up(session, "the re-key was cut short");
        session->ui->tell(session->ui->ctx,
                          "A re-key was cut short before every new card was handed over. It is "
                          "given up: the new cards are void, and the old ones count as before. "
                          "Destroy what was printed.");
    }
    if (made) {
        session->ui->tell(
            session->ui->ctx,
            "New cards were being made when it was interrupted. All of them are void, "
            "and the old ones count as before: destroy what was printed.");
    }
    if (founding && delivered) {
        qrt_session_draft_exception(session, "found", "every sheet is delivered",
                                    "it was interrupted after the last card",
                                    "wallet cards and sealed sheets may be missing");
    }
    if (founding && !delivered) {
        for (size_t i = 0; i < state->cards.len; i++) {
            const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
            if (card->voided == QRT_NEVER) {
                draft = qrt_session_draft(session, QRT_EV_CARD_VOIDED);
                qrt_draft_u64(draft, "serial", (uint64_t)card->serial);
                qrt_draft_text(draft, "reason", "the founding was abandoned");
            }
        }
        session->ui->tell(session->ui->ctx,
                          "The founding of this vault was interrupted before every card was "
                          "handed over. It is abandoned: its cards are void. Passwords that were "
                          "set at AWS meanwhile are lost; reset them, and found a new vault.");
    }
    return true;
}

/* A ceremony that an interruption cut short gets its outcome before any other
 * begins. The commit that comes first names what opening found: it ends the mark. */
static enum qrt_code settle_unfinished(struct qrt_session *session, struct qrt_err *err)
{
    if (qrt_state_unfinished(&session->vault->state) == NULL) {
        return QRT_OK;
    }
    qrt_session_draft_findings(session);
    (void)qrt_session_draft_unfinished(session);
    return qrt_session_commit(session, err);
}

/* What is asked of a session of its own, once the log's keys are open. */
static enum qrt_code begin_anew(struct qrt_session *session, struct qrt_err *err)
{
    enum qrt_code code;
    if ((code = qrt_session_ask_second(session, err)) != QRT_OK ||
        (code = qrt_session_ask_clock(session, err)) != QRT_OK ||
        (code = check_clock(session, err)) != QRT_OK ||
        (code = qrt_receipts_check(session, err)) != QRT_OK ||
        (code = settle_unfinished(session, err)) != QRT_OK) {
        return code;
    }
    return qrt_session_prepare(session, err);
}

static enum qrt_code begin_joined(struct qrt_session *session, struct qrt_err *err)
{
    if (session->lasts) {
        return fail_lasting(session, err);
    }
    enum qrt_code code = qrt_session_join(session, err);
    return code == QRT_OK ? settle_unfinished(session, err) : code;
}

static enum qrt_code begin(struct qrt_session *session, struct qrt_err *err)
{
    struct qrt_vault *vault = session->vault;
    const struct qrt_ui *ui = session->ui;
    QRT_BUF operator_id = {0};
    /* Of a genesis in flight the policy is known only once the badge opened it. */
    bool known = vault->state.logs > 0;
    enum qrt_code code =
        known ? qrt_fitness_admit(&session->taken, &vault->policy, ui, err) : QRT_OK;
    if (code != QRT_OK ||
        (code = qrt_session_ask_person(session, &operator_id, "operator",
                                       "Who is the operator: an id", err)) != QRT_OK ||
        (code = qrt_session_ask_badge(session, qrt_buf_str(&operator_id), err)) != QRT_OK ||
        (code = qrt_vault_unlock(vault, &session->badges[0], err)) != QRT_OK ||
        (!known &&
         (code = qrt_fitness_admit(&session->taken, &vault->policy, ui, err)) != QRT_OK)) {
        return code;
    }
    /* A commit that waited for the badge may have opened or closed one. */
    session->joined = qrt_state_sitting(&vault->state) != NULL;
    return session->joined ? begin_joined(session, err) : begin_anew(session, err);
}

enum qrt_code qrt_session_begin(struct qrt_session *session, struct qrt_vault *vault,
                                const struct qrt_ui *ui, struct qrt_err *err)
{
    *session = (struct qrt_session){.vault = vault, .ui = ui, .policy = &vault->policy};
    return begin(session, err);
}

enum qrt_code qrt_session_begin_lasting(struct qrt_session *session, struct qrt_vault *vault,
                                        const struct qrt_ui *ui, struct qrt_err *err)
{
    *session =
        (struct qrt_session){.vault = vault, .ui = ui, .policy = &vault->policy, .lasts = true};
    return qrt_state_sitting(&vault->state) == NULL ? begin(session, err)
                                                    : fail_lasting(session, err);
}
