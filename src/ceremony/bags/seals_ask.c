#include "ceremony/bags/seals.h"

#include "base/text.h"
#include "card/code.h"
#include <string.h>

static enum qrt_code ask(struct qrt_buf *line, const struct qrt_ui *ui, const char *words,
                         bool optional, struct qrt_err *err)
{
    struct qrt_question question = {.key = "seals", .words = words, .optional = optional};
    qrt_buf_free(line);
    return ui->ask_line(ui->ctx, line, &question, err);
}

/* A label, or a serial where the vault has that card; else an account. */
static void name(struct qrt_seal_sight *sight, const struct qrt_vault *vault, const char *text)
{
    const struct qrt_state *state = &vault->state;
    uint64_t serial = 0;
    bool card =
        qrt_code_is(text, strlen(text)) || (qrt_text_u64(text, strlen(text), UINT32_MAX, &serial) &&
                                            qrt_state_card(state, serial) != NULL);
    if (!card && qrt_state_account(state, text) != NULL) {
        sight->account = text;
    } else {
        sight->card = text;
    }
}

/* The number, twice if it is not the recorded one: a slip would make a card
 * suspect for good. The recorded one is not shown: it is read off the bag. */
static enum qrt_code ask_number(struct qrt_buf *number, const struct qrt_vault *vault,
                                const struct qrt_ui *ui, const struct qrt_seal_sight *sight,
                                struct qrt_err *err)
{
    enum qrt_code code = ask(
        number, ui, "The number that is printed on the bag, read aloud off the bag", false, err);
    for (;;) {
        QRT_BUF again = {0};
        QRT_SEALS trial = {0};
        struct qrt_seal_sight seen = *sight;
        if (code != QRT_OK) {
            return code;
        }
        seen.bag = qrt_buf_str(number);
        code = qrt_seals_add(&trial, vault, &seen, err);
        if (code != QRT_OK || trial.list[0].result == QRT_SEAL_WHOLE) {
            return code;
        }
        code = ask(&again, ui,
                   "That is not the number recorded last. The number on the bag once more, read by "
                   "somebody else",
                   false, err);
        if (code == QRT_OK && qrt_bag_number_same(qrt_buf_str(number), qrt_buf_str(&again))) {
            return QRT_OK;
        }
        qrt_buf_free(number);
        qrt_buf_text(number, qrt_buf_str(&again));
    }
}

static void tell(const struct qrt_ui *ui, const struct qrt_vault *vault,
                 const struct qrt_seal_check *check)
{
    const struct qrt_bag *bag = qrt_state_bag(&vault->state, check->bag);
    QRT_BUF line = {0};
    qrt_buf_printf(&line, "Bag %s, ", check->bag);
    if (bag->account[0] != '\0') {
        qrt_buf_printf(&line, "the device of account %s: %s.", bag->account,
                       qrt_seal_result_word(check->result));
    } else {
        qrt_buf_printf(
            &line, "card %lld: %s.%s", (long long)bag->serial, qrt_seal_result_word(check->result),
            check->result == QRT_SEAL_WHOLE ? "" : " This card is suspect from this session on.");
    }
    ui->tell(ui->ctx, qrt_buf_str(&line));
}

/* Is there such a card or device, and a bag of it that is not checked yet? Asked
 * before more is. */
static enum qrt_code try(const struct qrt_seals *seals, const struct qrt_vault *vault,
                         const struct qrt_seal_sight *sight, struct qrt_err *err)
{
    QRT_SEALS trial = {0};
    struct qrt_seal_sight gone = *sight;
    gone.found = "missing";
    enum qrt_code code = qrt_seals_add(&trial, vault, &gone, err);
    for (size_t i = 0; code == QRT_OK && i < seals->len; i++) {
        if (strcmp(seals->list[i].bag, trial.list[0].bag) == 0) {
            code = qrt_fail(err, QRT_E_USAGE, "it was checked just now");
        }
    }
    return code;
}

/* A slip would make a card suspect for good. */
static enum qrt_code confirm(bool *right, const struct qrt_vault *vault, const struct qrt_ui *ui,
                             const struct qrt_seal_check *check, struct qrt_err *err)
{
    const struct qrt_bag *bag = qrt_state_bag(&vault->state, check->bag);
    const char *seen = check->result == QRT_SEAL_MISSING  ? "no bag lies there"
                       : check->result == QRT_SEAL_BROKEN ? "its bag is torn, cut, or closed anew"
                                                          : "the bag that lies there has another "
                                                            "number";
    QRT_BUF words = {0};
    *right = check->result == QRT_SEAL_WHOLE;
    if (*right) {
        return QRT_OK;
    }
    if (bag->account[0] != '\0') {
        qrt_buf_printf(&words, "The device of account %s: %s. Is that right?", bag->account, seen);
    } else {
        qrt_buf_printf(&words,
                       "Card %lld: %s, and the card is suspect from then on, for good. Is that "
                       "right?",
                       (long long)bag->serial, seen);
    }
    return ui->confirm(ui->ctx, right, qrt_buf_str(&words), err);
}

/* What lies in its place. QRT_E_NOT_FOUND: another bag was meant. */
static enum qrt_code look(struct qrt_seals *seals, const struct qrt_vault *vault,
                          const struct qrt_ui *ui, struct qrt_seal_sight *sight,
                          struct qrt_err *err)
{
    static const char *const kinds[] = {"a bag lies there, and its seal is whole",
                                        "a bag lies there, and it is torn, cut, or closed anew",
                                        "no bag lies there"};
    static const char *const results[] = {"whole", "broken", "missing"};
    QRT_BUF number = {0};
    size_t choice = 0;
    enum qrt_code code = ui->choose_or_back(
        ui->ctx, &choice, "What lies in its place: a number. Enter alone goes back.", kinds, 3,
        err);
    if (code == QRT_OK && choice < 2) {
        code = ask_number(&number, vault, ui, sight, err);
        sight->bag = qrt_buf_str(&number);
    }
    sight->found = results[choice];
    if (code == QRT_OK) {
        code = qrt_seals_add(seals, vault, sight, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    bool right = false;
    code = confirm(&right, vault, ui, &seals->list[seals->len - 1], err);
    if (code != QRT_OK || !right) {
        seals->len--;
    }
    return code != QRT_OK || right ? code : QRT_E_NOT_FOUND;
}

/* *none: nothing more is checked. */
static enum qrt_code ask_bag(struct qrt_seals *seals, bool *none, const struct qrt_vault *vault,
                             const struct qrt_ui *ui, const char *person, struct qrt_err *err)
{
    QRT_BUF what = {0};
    struct qrt_seal_sight sight = {.person = person};
    enum qrt_code code = ask(&what, ui,
                             "Scan the label of the bag, or type the card's serial that stands on "
                             "it; for a device its account. Enter alone when all are checked",
                             true, err);
    *none = code == QRT_E_NOT_FOUND;
    if (code != QRT_OK) {
        return *none ? QRT_OK : code;
    }
    name(&sight, vault, qrt_buf_str(&what));
    if ((code = try(seals, vault, &sight, err)) != QRT_OK) {
        return code;
    }
    code = look(seals, vault, ui, &sight, err);
    if (code == QRT_OK) {
        tell(ui, vault, &seals->list[seals->len - 1]);
    }
    return code == QRT_E_NOT_FOUND ? QRT_OK : code;
}

/* Once, for all of them; NULL where nobody is named. */
static enum qrt_code ask_person(struct qrt_buf *person, const struct qrt_vault *vault,
                                const struct qrt_ui *ui, struct qrt_err *err)
{
    for (;;) {
        enum qrt_code code = ask(
            person, ui, "Who looks at the seals: an id. Enter alone: nobody is named", true, err);
        if (code == QRT_E_NOT_FOUND) {
            return QRT_OK;
        }
        if (code == QRT_OK) {
            const struct qrt_person *row = qrt_state_person(&vault->state, qrt_buf_str(person));
            code = row != NULL && row->gone == QRT_NEVER
                       ? QRT_OK
                       : qrt_fail(err, QRT_E_USAGE, "nobody of this vault has that id");
        }
        if (code == QRT_OK || !qrt_ui_again(ui, code, err)) {
            return code;
        }
    }
}

enum qrt_code qrt_seals_ask(struct qrt_seals *seals, const struct qrt_vault *vault,
                            const struct qrt_ui *ui, const struct qrt_page *page,
                            struct qrt_err *err)
{
    QRT_BUF person = {0};
    struct qrt_page turned = *page;
    turned.title = "at the safe";
    qrt_ui_page(ui, &turned);
    enum qrt_code code = ask_person(&person, vault, ui, err);
    for (bool none = false; code == QRT_OK && !none;) {
        code = ask_bag(seals, &none, vault, ui, person.len_bytes > 0 ? qrt_buf_str(&person) : NULL,
                       err);
        if (code != QRT_OK && qrt_ui_again(ui, code, err)) {
            code = QRT_OK;
        }
    }
    return code;
}
