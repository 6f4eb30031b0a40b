#include "ceremony/open/adopt.h"

#include "base/clock.h"
#include "base/text.h"
#include "ceremony/open/open_ask.h"
#include "ceremony/session/two_badges.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void qrt_adoptions_free(struct qrt_adoptions *adoptions)
{
    free(adoptions->list);
    *adoptions = (struct qrt_adoptions){0};
}

bool qrt_adoptions_any(const struct qrt_adoptions *adoptions)
{
    for (size_t i = 0; i < adoptions->len; i++) {
        if (adoptions->list[i].fate != QRT_ADOPTION_WAITS) {
            return true;
        }
    }
    return false;
}

static enum qrt_code list_waiting(struct qrt_adoptions *adoptions, struct qrt_vault *vault,
                                  struct qrt_err *err)
{
    const struct qrt_state *state = &vault->state;
    const struct qrt_item_row *items = state->items.data;
    const struct qrt_item_row *row;
    enum qrt_code code = QRT_OK;
    adoptions->list = calloc(state->items.len + 1, sizeof *adoptions->list);
    if (adoptions->list == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "the deposits");
    }
    for (size_t at = 0; code == QRT_OK && (row = qrt_state_waiting(state, at)) != NULL;) {
        struct qrt_adoption *adoption = &adoptions->list[adoptions->len++];
        adoption->row = (size_t)(row - items);
        at = adoption->row + 1;
        code = qrt_vault_provenance(&adoption->by, vault, row->deposited, err);
    }
    return code;
}

/* Who deposited what, and when. */
static void describe(struct qrt_buf *out, const struct qrt_vault *vault,
                     const struct qrt_adoption *adoption)
{
    const struct qrt_item_row *row = QRT_ROW(&vault->state, items, qrt_item_row, adoption->row);
    const struct qrt_account *account = qrt_state_account(&vault->state, row->account);
    char time[QRT_TIME_CHARS + 1];
    qrt_clock_format(time, adoption->by.time_unix_s);
    qrt_buf_printf(out, "%s of account %s (", row->kind, row->account);
    qrt_text_escape(out, account->name, strlen(account->name));
    qrt_buf_printf(out, "), item %lld, deposited by %s on %.10s at %.8s UTC",
                   (long long)row->serial, adoption->by.actor, time, time + 11);
}

static enum qrt_code take_word(enum qrt_adoption_fate *fate, const char *word, const char *key,
                               struct qrt_err *err)
{
    static const char *const words[] = {"wait", "adopt", "refuse"};
    for (size_t i = 0; i < 3; i++) {
        if (strcmp(word, words[i]) == 0) {
            *fate = (enum qrt_adoption_fate)i;
            return QRT_OK;
        }
    }
    return qrt_fail(err, QRT_E_USAGE, "%s: not adopt, refuse or wait", key);
}

static bool waits(const struct qrt_state *state, const char *serial)
{
    const struct qrt_item_row *items = state->items.data;
    const struct qrt_item_row *row;
    for (size_t at = 0; (row = qrt_state_waiting(state, at)) != NULL;
         at = (size_t)(row - items) + 1) {
        char text[24];
        snprintf(text, sizeof text, "%lld", (long long)row->serial);
        if (strcmp(text, serial) == 0) {
            return true;
        }
    }
    return false;
}

enum qrt_code qrt_adoptions_check(const struct qrt_vault *vault, const struct qrt_ui *ui,
                                  struct qrt_err *err)
{
    for (size_t i = 0;; i++) {
        QRT_BUF serial = {0};
        QRT_BUF word = {0};
        char key[48];
        enum qrt_adoption_fate ignored;
        enum qrt_code code = ui->member(ui->ctx, &serial, "deposits", i, err);
        if (code != QRT_OK) {
            return code == QRT_E_NOT_FOUND ? QRT_OK : code;
        }
        snprintf(key, sizeof key, "deposits.%s", qrt_buf_str(&serial));
        if (strcmp(qrt_buf_str(&serial), "all") != 0 &&
            !waits(&vault->state, qrt_buf_str(&serial))) {
            return qrt_fail(err, QRT_E_USAGE, "%s: no deposit of that serial waits", key);
        }
        struct qrt_question question = {.key = key, .words = "adopt, refuse or wait"};
        if ((code = ui->ask_line(ui->ctx, &word, &question, err)) != QRT_OK ||
            (code = take_word(&ignored, qrt_buf_str(&word), key, err)) != QRT_OK) {
            return code;
        }
    }
}

/* Of a script: of this one, or else of all. */
static enum qrt_code decide_by_answers(struct qrt_adoption *adoption, const struct qrt_session *s,
                                       long long serial, struct qrt_err *err)
{
    char own[48];
    snprintf(own, sizeof own, "deposits.%lld", serial);
    const char *keys[] = {own, "deposits.all"};
    for (size_t i = 0; i < 2; i++) {
        QRT_BUF word = {0};
        struct qrt_question question = {
            .key = keys[i], .words = "adopt, refuse or wait", .optional = true};
        enum qrt_code code = s->ui->ask_line(s->ui->ctx, &word, &question, err);
        if (code != QRT_E_NOT_FOUND) {
            return code == QRT_OK ? take_word(&adoption->fate, qrt_buf_str(&word), keys[i], err)
                                  : code;
        }
    }
    return QRT_OK;
}

static enum qrt_code decide_by_person(struct qrt_adoption *adoption, const struct qrt_session *s,
                                      size_t left, bool *all, struct qrt_err *err)
{
    static const char *const options[] = {"adopt it: the people in the room know of it",
                                          "refuse it: it is deleted", "let it wait",
                                          "adopt this one and all that follow"};
    const struct qrt_vault *vault = s->vault;
    const struct qrt_item_row *row = QRT_ROW(&vault->state, items, qrt_item_row, adoption->row);
    const struct qrt_item_row *former = qrt_state_item(&vault->state, row->account, row->kind);
    QRT_BUF what = {0};
    size_t choice = 0;
    describe(&what, vault, adoption);
    qrt_buf_text(&what, former == NULL ? ". There is none yet of this kind." : "");
    if (former != NULL) {
        qrt_buf_printf(&what, ". It follows item %lld, which %s", (long long)former->serial,
                       former->serial < row->serial
                           ? "is kept until the new one is confirmed."
                           : "was deposited later, and is kept: which of them is in use?");
    }
    qrt_buf_text(&what, row->confirmed != QRT_NEVER ? " AWS has taken it already." : "");
    qrt_open_page_deposit(vault, s->ui, qrt_buf_str(&what));
    enum qrt_code code = s->ui->choose(s->ui->ctx, &choice, "What becomes of it: a number", options,
                                       left > 1 ? 4 : 3, err);
    *all = choice == 3;
    adoption->fate = choice == 1   ? QRT_ADOPTION_REFUSED
                     : choice == 2 ? QRT_ADOPTION_WAITS
                                   : QRT_ADOPTION_ADOPTED;
    return code;
}

static enum qrt_code decide(struct qrt_adoptions *adoptions, const struct qrt_session *session,
                            struct qrt_err *err)
{
    bool all = false;
    enum qrt_code code = QRT_OK;
    for (size_t i = 0; code == QRT_OK && i < adoptions->len; i++) {
        struct qrt_adoption *adoption = &adoptions->list[i];
        const struct qrt_item_row *row =
            QRT_ROW(&session->vault->state, items, qrt_item_row, adoption->row);
        if (all) {
            adoption->fate = QRT_ADOPTION_ADOPTED;
        } else if (session->ui->person) {
            code = decide_by_person(adoption, session, adoptions->len - i, &all, err);
        } else {
            code = decide_by_answers(adoption, session, row->serial, err);
        }
        if (adoption->fate == QRT_ADOPTION_REFUSED) {
            snprintf(adoption->why, sizeof adoption->why, "nobody wanted it");
        }
    }
    return code;
}

static void let_all_wait(struct qrt_adoptions *adoptions, const struct qrt_session *session)
{
    for (size_t i = 0; i < adoptions->len; i++) {
        adoptions->list[i].fate = QRT_ADOPTION_WAITS;
        adoptions->list[i].why[0] = '\0';
    }
    session->ui->tell(session->ui->ctx,
                      "There is no second badge: every deposit waits for another opening.");
}

enum qrt_code qrt_adoptions_ask(struct qrt_adoptions *adoptions, struct qrt_session *session,
                                struct qrt_err *err)
{
    enum qrt_code code = list_waiting(adoptions, session->vault, err);
    for (size_t i = 0; code == QRT_OK && !session->ui->person && i < adoptions->len; i++) {
        QRT_BUF line = {0};
        describe(&line, session->vault, &adoptions->list[i]);
        session->ui->tell(session->ui->ctx, qrt_buf_str(&line));
    }
    if (code == QRT_OK) {
        code = decide(adoptions, session, err);
    }
    if (code != QRT_OK || !qrt_adoptions_any(adoptions)) {
        return code;
    }
    bool none;
    code = qrt_two_badges_ask(
        &none, session,
        "Two people agree to that. Whose is the second badge: an id. Enter alone: it waits", err);
    if (code == QRT_OK && none) {
        let_all_wait(adoptions, session);
    }
    return code;
}
