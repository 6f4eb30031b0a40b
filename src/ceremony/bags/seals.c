#include "ceremony/bags/seals.h"

#include "base/text.h"
#include "card/code.h"
#include "ceremony/session/thing.h"
#include <quorate/card.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void qrt_seals_free(struct qrt_seals *seals)
{
    free(seals->list);
    *seals = (struct qrt_seals){0};
}

/* A label says which card lies in its bag, and the log says whether it may. */
static enum qrt_code card_of_label(const struct qrt_card_row **card, const struct qrt_vault *vault,
                                   const char *text, struct qrt_err *err)
{
    struct qrt_label label;
    enum qrt_card_reason reason;
    enum qrt_code code = qrt_label_read(&label, &reason, text, strlen(text), err);
    if (code != QRT_OK) {
        return qrt_err_prefix(err, "the label");
    }
    *card = qrt_state_card(&vault->state, label.serial);
    if (memcmp(label.vault_id, vault->log.vault_id, sizeof label.vault_id) != 0) {
        return qrt_fail(err, QRT_E_REFUSED, "the label: of another vault");
    }
    if (*card == NULL || label.generation != (*card)->generation ||
        label.edition != (*card)->edition ||
        memcmp(label.commitment, (*card)->commitment, sizeof label.commitment) != 0) {
        return qrt_fail(err, QRT_E_REFUSED, "the label: not that of card %u as the log has it",
                        label.serial);
    }
    return QRT_OK;
}

static enum qrt_code bag_of_card(const struct qrt_bag **bag, const struct qrt_vault *vault,
                                 const char *text, struct qrt_err *err)
{
    const struct qrt_card_row *card = NULL;
    uint64_t serial = 0;
    if (qrt_code_is(text, strlen(text))) {
        enum qrt_code code = card_of_label(&card, vault, text, err);
        if (code != QRT_OK) {
            return code;
        }
    } else if (qrt_text_u64(text, strlen(text), UINT32_MAX, &serial)) {
        card = qrt_state_card(&vault->state, serial);
    }
    if (card == NULL) {
        return qrt_fail(err, QRT_E_USAGE, "card: not the serial of one of this vault, nor a label");
    }
    *bag = qrt_state_bag_of_card(&vault->state, card->serial);
    return *bag != NULL ? QRT_OK
                        : qrt_fail(err, QRT_E_USAGE,
                                   "card %lld: no bag of it is on record; quorate bag seal",
                                   (long long)card->serial);
}

/* Which bag should be there? */
static enum qrt_code expected(const struct qrt_bag **bag, const struct qrt_vault *vault,
                              const struct qrt_seal_sight *sight, struct qrt_err *err)
{
    const struct qrt_state *state = &vault->state;
    if (sight->card != NULL && sight->account != NULL) {
        return qrt_fail(err, QRT_E_USAGE, "seal: a card or an account, and not both");
    }
    if (sight->card != NULL) {
        return bag_of_card(bag, vault, sight->card, err);
    }
    if (sight->account != NULL) {
        *bag = sight->account[0] != '\0' ? qrt_state_bag_of_device(state, sight->account) : NULL;
        return *bag != NULL
                   ? QRT_OK
                   : qrt_fail(err, QRT_E_USAGE,
                              "account: no bag with the device of that account is on record");
    }
    *bag = sight->bag != NULL && qrt_bag_number_is(sight->bag) ? qrt_state_bag(state, sight->bag)
                                                               : NULL;
    return *bag != NULL && qrt_state_bag_is_last(state, *bag)
               ? QRT_OK
               : qrt_fail(err, QRT_E_USAGE,
                          "bag: nothing lies in one of that number; name the card or the account");
}

/* What is destroyed is out of nobody's hand, however its bag is found. */
static enum qrt_code need_content(const struct qrt_state *state, const struct qrt_bag *bag,
                                  struct qrt_err *err)
{
    return qrt_state_bag_is_done(state, bag)
               ? qrt_fail(err, QRT_E_USAGE, "bag %s: card %lld, which was in it, is destroyed",
                          bag->bag, (long long)bag->serial)
               : QRT_OK;
}

/* Of what was seen, what it means. */
static enum qrt_code conclude(struct qrt_seal_check *check, const struct qrt_bag *bag,
                              const struct qrt_seal_sight *sight, struct qrt_err *err)
{
    const char *found = sight->found == NULL ? "whole" : sight->found;
    if (!qrt_seal_result_parse(&check->result, found) || check->result == QRT_SEAL_WRONG_NUMBER) {
        return qrt_fail(err, QRT_E_USAGE, "result: not whole, broken or missing");
    }
    if (sight->bag != NULL && !qrt_bag_number_is(sight->bag)) {
        return qrt_fail(err, QRT_E_USAGE, "bag: not a number that a bag can have");
    }
    bool seen = sight->bag != NULL && (sight->card != NULL || sight->account != NULL);
    if ((sight->bag == NULL && check->result == QRT_SEAL_WHOLE) ||
        (seen && check->result == QRT_SEAL_MISSING)) {
        return qrt_fail(err, QRT_E_USAGE, "bag: %s",
                        sight->bag == NULL ? "the number on it is needed"
                                           : "one that is missing has no number");
    }
    if (sight->bag != NULL && !qrt_bag_number_same(sight->bag, bag->bag)) {
        check->result = QRT_SEAL_WRONG_NUMBER;
        snprintf(check->seen, sizeof check->seen, "%s", sight->bag);
    }
    return QRT_OK;
}

enum qrt_code qrt_seals_add(struct qrt_seals *seals, const struct qrt_vault *vault,
                            const struct qrt_seal_sight *sight, struct qrt_err *err)
{
    const struct qrt_bag *bag = NULL;
    struct qrt_seal_check check = {0};
    enum qrt_code code = expected(&bag, vault, sight, err);
    if (code == QRT_OK) {
        code = need_content(&vault->state, bag, err);
    }
    if (code == QRT_OK) {
        code = qrt_thing_bag_is_in(&vault->state, bag, err);
    }
    if (code == QRT_OK) {
        code = conclude(&check, bag, sight, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    const struct qrt_person *person = NULL;
    if (sight->person != NULL) {
        person =
            qrt_text_is_id(sight->person) ? qrt_state_person(&vault->state, sight->person) : NULL;
        if (person == NULL || person->gone != QRT_NEVER) {
            return qrt_fail(err, QRT_E_USAGE, "person: nobody of this vault");
        }
    }
    for (size_t i = 0; i < seals->len; i++) {
        if (strcmp(seals->list[i].bag, bag->bag) == 0) {
            return qrt_fail(err, QRT_E_USAGE, "bag %s: it was checked just now", bag->bag);
        }
    }
    if (seals->list == NULL) {
        seals->list = calloc(QRT_SEALS_MAX, sizeof *seals->list);
    }
    if (seals->list == NULL || seals->len == QRT_SEALS_MAX) {
        return qrt_fail(err, seals->list == NULL ? QRT_E_NOMEM : QRT_E_RANGE, "seals: too many");
    }
    memcpy(check.bag, bag->bag, sizeof check.bag);
    snprintf(check.person, sizeof check.person, "%s", person == NULL ? "" : person->id);
    seals->list[seals->len++] = check;
    return QRT_OK;
}

/* One text of one sight; *text is NULL where the script has none. */
static enum qrt_code read_part(const char **text, struct qrt_buf *bytes, const struct qrt_ui *ui,
                               size_t at, const char *part, struct qrt_err *err)
{
    char key[40];
    snprintf(key, sizeof key, "seals.%zu.%s", at, part);
    struct qrt_question question = {.key = key, .words = "what was seen", .optional = true};
    enum qrt_code code = ui->ask_line(ui->ctx, bytes, &question, err);
    *text = code == QRT_OK ? qrt_buf_str(bytes) : NULL;
    return code == QRT_E_NOT_FOUND ? QRT_OK : code;
}

/* *none: the list ends before it. */
static enum qrt_code read_sight(struct qrt_seals *seals, bool *none, const struct qrt_vault *vault,
                                const struct qrt_ui *ui, size_t at, struct qrt_err *err)
{
    QRT_BUF card = {0};
    QRT_BUF account = {0};
    QRT_BUF bag = {0};
    QRT_BUF result = {0};
    QRT_BUF person = {0};
    struct qrt_seal_sight sight;
    enum qrt_code code;
    if ((code = read_part(&sight.card, &card, ui, at, "card", err)) != QRT_OK ||
        (code = read_part(&sight.account, &account, ui, at, "account", err)) != QRT_OK ||
        (code = read_part(&sight.bag, &bag, ui, at, "bag", err)) != QRT_OK ||
        (code = read_part(&sight.found, &result, ui, at, "result", err)) != QRT_OK ||
        (code = read_part(&sight.person, &person, ui, at, "person", err)) != QRT_OK) {
        return code;
    }
    *none = sight.card == NULL && sight.account == NULL && sight.bag == NULL;
    if (*none) {
        return QRT_OK;
    }
    code = qrt_seals_add(seals, vault, &sight, err);
    return code == QRT_OK ? QRT_OK : qrt_err_prefix(err, "seals.%zu", at);
}

enum qrt_code qrt_seals_read(struct qrt_seals *seals, const struct qrt_vault *vault,
                             const struct qrt_ui *ui, struct qrt_err *err)
{
    bool none = false;
    for (size_t i = 0; !none; i++) {
        enum qrt_code code = read_sight(seals, &none, vault, ui, i, err);
        if (code != QRT_OK) {
            return code;
        }
    }
    return seals->len > 0 ? QRT_OK : qrt_fail(err, QRT_E_USAGE, "seals: not in the answers");
}

void qrt_seals_draft(struct qrt_session *session, const struct qrt_seals *seals)
{
    for (size_t i = 0; i < seals->len; i++) {
        const struct qrt_seal_check *check = &seals->list[i];
        struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_SEAL_CHECKED);
        qrt_draft_text(draft, "bag", check->bag);
        qrt_draft_text(draft, "result", qrt_seal_result_word(check->result));
        qrt_draft_text(draft, "seen", check->seen);
        qrt_draft_text(draft, "person", check->person);
    }
}

static void turn(const struct qrt_vault *vault, const struct qrt_ui *ui, unsigned step,
                 const char *title, const char *what)
{
    qrt_session_page(vault, ui,
                     (struct qrt_page){.ceremony = "The seals",
                                       .step = step,
                                       .title = title,
                                       .what = what,
                                       .stop = "Ctrl-C, then the word stop."});
}

enum qrt_code qrt_seals_verdict(const struct qrt_seals *seals, struct qrt_err *err)
{
    size_t wrong = 0;
    for (size_t i = 0; i < seals->len; i++) {
        wrong += seals->list[i].result != QRT_SEAL_WHOLE ? 1 : 0;
    }
    return wrong == 0 ? QRT_OK
                      : qrt_fail(err, QRT_E_REFUSED, "seals: %zu of %zu not as recorded", wrong,
                                 seals->len);
}

enum qrt_code qrt_seals_check(struct qrt_seals *seals, struct qrt_vault *vault,
                              const struct qrt_ui *ui, struct qrt_err *err)
{
    QRT_SESSION session = {0};
    enum qrt_code code = QRT_OK;
    bool given = seals->len > 0;
    struct qrt_page page = {
        .ceremony = "The seals",
        .practice = vault->state.practice,
        .step = 2,
        .of = 3,
        .who = "Whoever stands at the safe reads aloud; the operator types.",
        .what = "No bag is opened. Look at the label, the number on the bag, and the seal: is it "
                "closed as it was, with no cut, no tear, no word VOID, no second tape?",
        .wrong = "A bag that is gone, torn or another one: say so. Its card is suspect from then "
                 "on, for good; its group is split anew, or the card is void.",
        .stop = "Ctrl-C, then the word stop. What was seen so far is not logged.",
    };
    if (!given && !ui->person && (code = qrt_seals_read(seals, vault, ui, err)) != QRT_OK) {
        return code;
    }
    turn(vault, ui, 1, "the session",
         "The operator's badge opens the log, and everyone in the room is named.");
    code = qrt_session_begin(&session, vault, ui, err);
    if (code == QRT_OK && !given && ui->person) {
        code = qrt_seals_ask(seals, vault, ui, &page, err);
    }
    if (code == QRT_OK && seals->len == 0) {
        code = qrt_fail(err, QRT_E_FAILED, "seals: nothing was checked");
    }
    if (code != QRT_OK) {
        return code;
    }
    turn(vault, ui, 3, "the close", "Whoever has a badge may sign the log.");
    qrt_seals_draft(&session, seals);
    code = qrt_session_close(&session, "seals", "done", err);
    seals->logged = code == QRT_OK;
    return code == QRT_OK ? qrt_seals_verdict(seals, err) : code;
}
