#include "ceremony/succession/succession.h"

#include "base/harden.h"
#include "base/text.h"
#include "vault/keys.h"
#include <stdio.h>
#include <string.h>

void qrt_succession_free(struct qrt_succession *succession)
{
    qrt_session_free(&succession->session);
    qrt_secret_wipe(&succession->authority);
    for (size_t i = 0; i < QRT_OPERATORS_MAX; i++) {
        qrt_new_badge_wipe(&succession->badges[i]);
    }
}

void qrt_succession_page(const struct qrt_succession *succession, unsigned step, const char *title,
                         const char *who, const char *what, const char *wrong)
{
    qrt_ui_page(succession->session.ui,
                &(struct qrt_page){
                    .ceremony = succession->ceremony,
                    .practice = succession->session.policy->practice,
                    .step = step,
                    .of = succession->steps,
                    .title = title,
                    .who = who,
                    .what = what,
                    .wrong = wrong,
                    .stop = step < succession->steps
                                ? "Ctrl-C, then the word stop. The log has nothing of it."
                                : succession->stop,
                });
}

/* A founding that is not over has cards that nobody has. */
static enum qrt_code check_founded(const struct qrt_vault *vault, struct qrt_err *err)
{
    const struct qrt_ceremony *open = qrt_state_unfinished(&vault->state);
    bool over = true;
    for (size_t i = 0; open != NULL && i < vault->state.cards.len; i++) {
        over = over && (strcmp(open->name, "found") != 0 ||
                        QRT_ROW(&vault->state, cards, qrt_card_row, i)->issued != QRT_NEVER);
    }
    return over ? QRT_OK
                : qrt_fail(err, QRT_E_FAILED,
                           "the vault: its founding was not finished; found a new one");
}

enum qrt_code qrt_succession_check(const struct qrt_succession *succession, struct qrt_err *err)
{
    const struct qrt_state *state = &succession->session.vault->state;
    const struct qrt_succession_request *request = succession->request;
    enum qrt_code code = check_founded(succession->session.vault, err);
    if (code != QRT_OK) {
        return code;
    }
    for (size_t i = 0; i < request->operators_len; i++) {
        const char *id = request->operators[i];
        QRT_BUF shown = {0};
        qrt_text_escape(&shown, id, strlen(id));
        const struct qrt_person *person = qrt_state_person(state, id);
        if (person == NULL || person->gone != QRT_NEVER) {
            return qrt_fail(err, QRT_E_USAGE, "--operator %.64s: the vault knows nobody of that id",
                            qrt_buf_str(&shown));
        }
        for (size_t j = 0; j < i; j++) {
            if (strcmp(request->operators[j], id) == 0) {
                return qrt_fail(err, QRT_E_USAGE, "--operator %s: named twice", id);
            }
        }
    }
    return QRT_OK;
}

static enum qrt_code check_name(const struct qrt_succession *succession, const char *name,
                                struct qrt_err *err)
{
    return strcmp(name, succession->session.policy->origin) == 0
               ? QRT_OK
               : qrt_fail(err, QRT_E_USAGE, "confirm: not the name of this vault");
}

enum qrt_code qrt_succession_confirm(const struct qrt_succession *succession, const char *words,
                                     struct qrt_err *err)
{
    const struct qrt_ui *ui = succession->session.ui;
    struct qrt_question question = {.key = "confirm", .words = words};
    if (succession->request->confirm != NULL) {
        return check_name(succession, succession->request->confirm, err);
    }
    for (;;) {
        QRT_BUF typed = {0};
        enum qrt_code code = ui->ask_line(ui->ctx, &typed, &question, err);
        if (code == QRT_OK) {
            code = check_name(succession, qrt_buf_str(&typed), err);
        }
        if (code == QRT_OK || !qrt_ui_again(ui, code, err)) {
            return code;
        }
    }
}

enum qrt_code qrt_succession_collect(struct qrt_succession *succession, unsigned step,
                                     struct qrt_err *err)
{
    struct qrt_session *session = &succession->session;
    const struct qrt_ui *ui = session->ui;
    bool generated = false;
    struct qrt_new_badge_asking asking = {.ui = ui,
                                          .ceremony = succession->ceremony,
                                          .step = step,
                                          .of = succession->steps,
                                          .practice = session->policy->practice};
    for (size_t i = 0; i < succession->request->operators_len; i++) {
        struct qrt_new_badge *new = &succession->badges[i];
        succession->people[i] = (struct qrt_policy_person){.id = succession->request->operators[i],
                                                           .roles = QRT_ROLE_OPERATOR};
        new->person = &succession->people[i];
        enum qrt_code code;
        if ((code = qrt_new_badge_collect(new, &asking, err)) != QRT_OK ||
            (code = qrt_new_badge_check(new, &session->vault->state, err)) != QRT_OK ||
            (code = qrt_session_seat(session, &new->badge, err)) != QRT_OK) {
            return code;
        }
        generated = generated || new->generated.len_bytes > 0;
    }
    return generated && !ui->person ? ui->ready_to_release(ui->ctx, asking.practice, err) : QRT_OK;
}

enum qrt_code qrt_succession_gather(struct qrt_succession *succession, struct qrt_err *err)
{
    struct qrt_gather *gather = succession->gather;
    QRT_BUF missing = {0};
    enum qrt_code code = qrt_gather_all(gather, succession->session.ui, err);
    if (code != QRT_OK) {
        return code;
    }
    qrt_gather_tell_missing(&missing, gather);
    return qrt_gather_complete(gather)
               ? QRT_OK
               : qrt_fail(err, qrt_gather_any_refused(gather) ? QRT_E_REFUSED : QRT_E_QUORUM,
                          "no quorum: %s; nobody could write this into the log: put it on paper",
                          qrt_buf_str(&missing));
}

enum qrt_code qrt_succession_open_keys(struct qrt_succession *succession,
                                       struct qrt_secret *recovery_seed, struct qrt_err *err)
{
    QRT_SECRET key = {0};
    enum qrt_code code = qrt_gather_key(&key, succession->gather, err);
    if (code == QRT_OK) {
        code = qrt_keys_recovery(recovery_seed, key.data, err);
    }
    if (code == QRT_OK) {
        code = qrt_keys_authority(&succession->authority, key.data, err);
    }
    /* The shares of both quorums are worth as much as the key. */
    qrt_secret_wipe(&succession->gather->shares);
    qrt_secret_wipe(&key);
    qrt_harden_wipe_traces();
    return code;
}

enum qrt_code qrt_succession_sign(struct qrt_succession *succession, size_t at, struct qrt_err *err)
{
    return qrt_session_sign(&succession->session, at, succession->authority.data, err);
}

void qrt_succession_draft_intent(struct qrt_succession *succession, const char *ceremony)
{
    struct qrt_session *session = &succession->session;
    succession->intent = session->vault->log.head.size + session->drafts_len;
    qrt_draft_text(qrt_session_draft(session, QRT_EV_INTENT), "ceremony", ceremony);
    qrt_gather_draft(session, succession->gather, QRT_EV_CARD_ACCEPTED, &succession->intent);
}

enum qrt_code qrt_succession_draft_operators(struct qrt_succession *succession, struct qrt_err *err)
{
    struct qrt_session *session = &succession->session;
    const char *origin = session->vault->log.origin;
    size_t len = succession->request->operators_len;
    struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_LOG_TAKEN_OVER);
    enum qrt_code code = QRT_OK;
    for (size_t i = 0; code == QRT_OK && i < len; i++) {
        char vkey[QRT_VKEY_MAX_CHARS + 1];
        QRT_BUF line = {0};
        code = qrt_new_badge_vkey(vkey, &succession->badges[i], origin, err);
        if (code == QRT_OK) {
            qrt_buf_printf(&line, "%s %s", succession->people[i].id, vkey);
            qrt_draft_text(draft, "operator", qrt_buf_str(&line));
            code = qrt_buf_check(&line, err);
        }
    }
    if (code == QRT_OK) {
        code = qrt_succession_sign(succession, session->drafts_len - 1, err);
    }
    for (size_t i = 0; code == QRT_OK && i < len; i++) {
        code = qrt_new_badge_draft(session, &succession->badges[i], origin, err);
    }
    return code;
}

void qrt_succession_draft_done(struct qrt_succession *succession)
{
    struct qrt_draft *draft = qrt_session_draft(&succession->session, QRT_EV_OUTCOME);
    qrt_draft_u64(draft, "intent", succession->intent);
    qrt_draft_text(draft, "result", "done");
    qrt_secret_wipe(&succession->authority);
}

enum qrt_code qrt_succession_release(struct qrt_succession *succession, struct qrt_err *err)
{
    const struct qrt_ui *ui = succession->session.ui;
    struct qrt_handout list[QRT_OPERATORS_MAX];
    size_t len = 0;
    uint64_t shown_s;
    for (size_t i = 0; i < succession->request->operators_len; i++) {
        const struct qrt_new_badge *new = &succession->badges[i];
        if (new->generated.len_bytes > 0) {
            list[len++] = (struct qrt_handout){
                .kind = QRT_SECRET_PASSPHRASE, .owner = new->person->id, .secret = &new->generated};
        }
    }
    return len == 0 ? QRT_OK : ui->release(ui->ctx, &shown_s, list, len, err);
}
