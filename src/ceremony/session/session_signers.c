#include "ceremony/session/session_parts.h"

#include "ceremony/session/receipt.h"
#include <stdio.h>
#include <string.h>

#define STEP "own-receipt"

/* The operator acts; the second person's badge is one of the rights that what
 * is drafted needs. Of everyone else the close can do without. */
static bool is_needed(const struct qrt_session *session, size_t i)
{
    if (i == 0) {
        return true;
    }
    const struct qrt_state *state = &session->vault->state;
    for (size_t d = 0; d < session->drafts_len; d++) {
        const struct qrt_event *event = session->drafts[d].event;
        if (i == 1 && state->second_person && !state->practice &&
            (event->id == QRT_EV_SESSION_OPENED || event->id == QRT_EV_KEY_CREATED)) {
            return true;
        }
    }
    return false;
}

static void remove_badge(struct qrt_session *session, size_t i)
{
    qrt_badge_wipe(&session->badges[i]);
    session->badges_len--;
    memmove(&session->badges[i], &session->badges[i + 1],
            (session->badges_len - i) * sizeof session->badges[0]);
    session->badges[session->badges_len] = (struct qrt_badge){0};
}

/* A receipt that the log contradicts: told, logged, and its evidence named. */
static void draft_contradiction(struct qrt_session *session, const char *person,
                                const struct qrt_held_receipt *held, bool needed)
{
    const struct qrt_receipt_judgement *judgement = &held->judgement;
    QRT_BUF happened = {0};
    QRT_BUF line = {0};
    qrt_buf_printf(&happened, "%s: %s", qrt_receipt_result_name(judgement->result), judgement->why);
    qrt_session_draft_exception_of(session, STEP, "the log continues it", qrt_buf_str(&happened),
                                   needed ? "the session needs their badge: they sign all the same"
                                          : "they do not sign the close",
                                   person);
    if (held->evidence[0] != '\0') {
        struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_EVIDENCE_ATTACHED);
        qrt_draft_text(draft, "evidence", held->evidence + strlen(QRT_EVIDENCE_PREFIX));
        qrt_draft_text(draft, "kind", "a receipt that contradicts the log");
    }
    qrt_buf_printf(&line, "The receipt of %s contradicts the log: %s. %s", person,
                   qrt_buf_str(&happened),
                   needed ? "The close goes on, and says so." : "The close goes on without them.");
    session->ui->tell(session->ui->ctx, qrt_buf_str(&line));
}

static const char *none_because(enum qrt_code code, const struct qrt_held_receipts *held)
{
    if (code == QRT_E_REFUSED) {
        return held->list[held->len - 1].judgement.why;
    }
    return code == QRT_E_NOT_FOUND ? "they have none" : "the asking was stopped";
}

enum qrt_code qrt_session_ask_signers(struct qrt_session *session, struct qrt_err *err)
{
    QRT_HELD_RECEIPTS held = {0};
    enum qrt_code result = QRT_OK;
    bool stopped = false;
    for (size_t i = 0; session->vault->state.session_closed && i < session->badges_len; i++) {
        char person[sizeof session->badges[i].person];
        struct qrt_err why = {0};
        memcpy(person, session->badges[i].person, sizeof person);
        enum qrt_code code =
            stopped ? QRT_E_INTERRUPTED
                    : qrt_receipt_of_signer(&held, session->vault, session->ui, person, &why);
        bool contradicted = code == QRT_E_TAMPERED;
        if (contradicted) {
            bool needed = is_needed(session, i);
            draft_contradiction(session, person, &held.list[held.len - 1], needed);
            if (!needed) {
                remove_badge(session, i--);
            }
        } else if (code != QRT_OK) {
            qrt_session_draft_exception_of(session, STEP, "their own last receipt is shown",
                                           none_because(code, &held), "they sign all the same",
                                           person);
        }
        bool failed = code != QRT_OK && code != QRT_E_NOT_FOUND && code != QRT_E_REFUSED;
        if (failed && !stopped && result != QRT_E_TAMPERED) {
            result = code;
            *err = why;
        }
        stopped = stopped || (failed && !contradicted);
    }
    return result;
}
