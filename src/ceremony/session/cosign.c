#include "ceremony/session/cosign.h"

#include "base/text.h"
#include "ceremony/session/receipt.h"
#include "ceremony/session/session_parts.h"
#include <stdio.h>
#include <string.h>

static void page(const struct qrt_vault *vault, const struct qrt_ui *ui, const char *person)
{
    QRT_BUF who = {0};
    qrt_buf_printf(&who, "The operator, and %s, with their badge and their own last receipt.",
                   person);
    qrt_ui_page(ui, &(struct qrt_page){
                        .ceremony = "Signing a close later",
                        .practice = vault->state.practice,
                        .step = 1,
                        .of = 1,
                        .title = "the badges",
                        .who = qrt_buf_str(&who),
                        .what = "The operator's badge opens the log's keys. The receipt is held "
                                "against the log before anything is signed.",
                        .wrong = "If the receipt does not agree, nothing is signed: stop, and "
                                 "compare other receipts on paper.",
                        .stop = "Ctrl-C, then the word stop. Nothing is signed then.",
                    });
}

/* How many lines the checkpoint has beside the log's own. */
static size_t count_cosigners(const struct qrt_log *log)
{
    struct qrt_note note;
    QRT_BUF text = {0};
    qrt_log_checkpoint(log, &text);
    return qrt_note_parse(&note, qrt_buf_str(&text), text.len_bytes, NULL) == QRT_OK
               ? note.signatures_len - 1
               : 0;
}

static bool has_line(const struct qrt_log *log, const char *person)
{
    struct qrt_note note;
    QRT_BUF text = {0};
    QRT_BUF name = {0};
    qrt_log_checkpoint(log, &text);
    qrt_buf_printf(&name, "%s/%s", log->origin, person);
    if (qrt_note_parse(&note, qrt_buf_str(&text), text.len_bytes, NULL) != QRT_OK) {
        return false;
    }
    for (size_t i = 0; i < note.signatures_len; i++) {
        if (strcmp(note.signatures[i].name, qrt_buf_str(&name)) == 0) {
            return true;
        }
    }
    return false;
}

/* May they sign the head? */
static enum qrt_code check(const struct qrt_vault *vault, const char *person, struct qrt_err *err)
{
    const struct qrt_state *state = &vault->state;
    if (!qrt_text_is_id(person) || qrt_state_badge(state, person) == NULL) {
        return qrt_fail(err, QRT_E_USAGE, "--person: nobody of that id has a badge here");
    }
    if (!state->session_closed || state->close_epoch + 1 != vault->log.head.epochs) {
        return qrt_fail(err, QRT_E_USAGE,
                        "the log's head is no session's close: only that can be signed later");
    }
    return has_line(&vault->log, person)
               ? qrt_fail(err, QRT_E_REFUSED, "%s has cosigned the close already", person)
               : QRT_OK;
}

/* *shown is false where they have none. */
static enum qrt_code ask_receipt(bool *shown, struct qrt_session *session, const char *person,
                                 struct qrt_err *err)
{
    QRT_HELD_RECEIPTS held = {0};
    struct qrt_err why = {0};
    enum qrt_code code = qrt_receipt_of_signer(&held, session->vault, session->ui, person, &why);
    bool let_go = code == QRT_E_REFUSED && held.len > 0 && held.list[held.len - 1].let_go;
    *shown = code == QRT_OK;
    if (code == QRT_E_NOT_FOUND || let_go) {
        QRT_BUF line = {0};
        qrt_buf_printf(&line,
                       "%s signs without a receipt of their own. The next session's log says so.",
                       person);
        session->ui->tell(session->ui->ctx, qrt_buf_str(&line));
        return QRT_OK;
    }
    if (code != QRT_OK && err != NULL) {
        *err = why;
    }
    return code;
}

enum qrt_code qrt_cosign(struct qrt_cosigned *cosigned, struct qrt_vault *vault, const char *person,
                         const struct qrt_ui *ui, struct qrt_err *err)
{
    QRT_SESSION session = {.vault = vault, .ui = ui, .policy = &vault->policy};
    QRT_BUF operator_id = {0};
    *cosigned = (struct qrt_cosigned){0};
    enum qrt_code code;
    if ((!vault->log.pending && (code = check(vault, person, err)) != QRT_OK) ||
        (code = qrt_fitness_admit(&session.taken, &vault->policy, ui, err)) != QRT_OK) {
        return code;
    }
    page(vault, ui, person);
    if ((code = qrt_session_ask_person(&session, &operator_id, "operator",
                                       "Who is the operator: an id", err)) != QRT_OK ||
        (code = qrt_session_ask_badge(&session, qrt_buf_str(&operator_id), err)) != QRT_OK ||
        (code = qrt_vault_unlock(vault, &session.badges[0], err)) != QRT_OK ||
        /* What was completed now may be another head, or this very cosignature. */
        (code = check(vault, person, err)) != QRT_OK ||
        (code = ask_receipt(&cosigned->shown, &session, person, err)) != QRT_OK) {
        return code;
    }
    size_t at = 0;
    if (strcmp(person, session.badges[0].person) != 0) {
        at = session.badges_len;
        if ((code = qrt_session_ask_badge(&session, person, err)) != QRT_OK) {
            return code;
        }
    }
    struct qrt_cosigner cosigner = {person, session.badges[at].key.data};
    if ((code = qrt_log_cosign(&vault->log, &cosigner, cosigned->shown, err)) != QRT_OK) {
        return code;
    }
    cosigned->have = count_cosigners(&vault->log);
    cosigned->wanted = vault->state.cosignatures;
    return QRT_OK;
}
