#include "ceremony/review/review.h"

#include "base/text.h"
#include "ceremony/session/attendance.h"
#include "ceremony/session/session.h"
#include "vault/register.h"
#include "vault/review.h"
#include <stdio.h>
#include <string.h>

#define ROW_TOLD_BYTES 180 /* of a row of the register, and the value that crosses it */

static void page(const struct qrt_vault *vault, const struct qrt_ui *ui, unsigned step,
                 const char *title, const char *who, const char *what)
{
    qrt_session_page(
        vault, ui,
        (struct qrt_page){
            .ceremony = "The review",
            .step = step,
            .title = title,
            .who = who,
            .what = what,
            .wrong = step == 2 ? "Who is not here, or is not sure, leaves it open: it stays "
                                 "due. A no is no fault of yours; it must be known."
                               : NULL,
            .stop = step == 2 ? "Ctrl-C, then the word stop. What was said so far is not logged."
                              : NULL});
}

/* Looks for a channel of a person. */
struct looking {
    const char *person;
    const char *channel;
    bool found;
};

static bool look(void *ctx, const struct qrt_review_channel *channel)
{
    struct looking *looking = ctx;
    looking->found = strcmp(channel->person, looking->person) == 0 &&
                     strcmp(channel->channel, looking->channel) == 0;
    return !looking->found;
}

static enum qrt_code take(struct qrt_reviewed *reviewed, const char *person, const char *channel,
                          const char *result, struct qrt_err *err)
{
    if (reviewed->len == QRT_REVIEW_SIGNED_MAX) {
        return qrt_fail(err, QRT_E_RANGE, "review: more than %d in one session",
                        QRT_REVIEW_SIGNED_MAX);
    }
    size_t i = reviewed->len++;
    snprintf(reviewed->list[i].person, sizeof reviewed->list[i].person, "%s", person);
    snprintf(reviewed->list[i].channel, sizeof reviewed->list[i].channel, "%s", channel);
    snprintf(reviewed->list[i].result, sizeof reviewed->list[i].result, "%s", result);
    return QRT_OK;
}

/* All of it, before anything is written. */
static enum qrt_code read_person(struct qrt_reviewed *reviewed, const struct qrt_vault *vault,
                                 const struct qrt_ui *ui, const char *person, struct qrt_err *err)
{
    char of_person[64];
    snprintf(of_person, sizeof of_person, "review.%s", person);
    for (size_t i = 0;; i++) {
        QRT_BUF channel = {0};
        QRT_BUF result = {0};
        char key[192];
        enum qrt_code code = ui->member(ui->ctx, &channel, of_person, i, err);
        if (code != QRT_OK) {
            return code == QRT_E_NOT_FOUND ? QRT_OK : code;
        }
        struct looking looking = {.person = person, .channel = qrt_buf_str(&channel)};
        qrt_review_each(&vault->state, look, &looking);
        if (!looking.found) {
            return qrt_fail(err, QRT_E_USAGE, "%s: member %zu is no channel of theirs", of_person,
                            i + 1);
        }
        snprintf(key, sizeof key, "%s.%s", of_person, qrt_buf_str(&channel));
        struct qrt_question question = {.key = key, .words = "yes, no or changed"};
        if ((code = ui->ask_line(ui->ctx, &result, &question, err)) != QRT_OK) {
            return code;
        }
        if (!qrt_review_is_result(qrt_buf_str(&result))) {
            return qrt_fail(err, QRT_E_USAGE, "%s: not yes, no or changed", key);
        }
        code = take(reviewed, person, qrt_buf_str(&channel), qrt_buf_str(&result), err);
        if (code != QRT_OK) {
            return code;
        }
    }
}

static enum qrt_code read_script(struct qrt_reviewed *reviewed, const struct qrt_vault *vault,
                                 const struct qrt_ui *ui, struct qrt_err *err)
{
    for (size_t i = 0;; i++) {
        QRT_BUF person = {0};
        enum qrt_code code = ui->member(ui->ctx, &person, "review", i, err);
        if (code == QRT_E_NOT_FOUND) {
            return reviewed->len > 0 ? QRT_OK
                                     : qrt_fail(err, QRT_E_USAGE, "review: not in the answers");
        }
        if (code == QRT_OK && !qrt_text_is_id(qrt_buf_str(&person))) {
            code = qrt_fail(err, QRT_E_USAGE, "review: member %zu is no id", i + 1);
        }
        if (code == QRT_OK) {
            code = read_person(reviewed, vault, ui, qrt_buf_str(&person), err);
        }
        if (code != QRT_OK) {
            return code;
        }
    }
}

/* A card as the log has it: its bag, if it was not opened since. */
static void tell_card(struct qrt_buf *out, const struct qrt_state *state,
                      const struct qrt_card_row *card)
{
    const struct qrt_bag *bag = qrt_state_bag_of_card(state, card->serial);
    qrt_buf_printf(out, "%scard %lld, ", out->len_bytes > 0 ? "; " : "", (long long)card->serial);
    if (bag != NULL && bag->opened == QRT_NEVER) {
        qrt_buf_printf(out, "in bag %s at %s/%s", bag->bag, bag->site, bag->safe);
    } else {
        qrt_buf_text(out, "in no closed bag");
    }
}

/* A row of the register, its values named by their keys; a long one is cut. */
static void tell_row(struct qrt_buf *out, const struct qrt_register_row *row)
{
    const char *before = "";
    size_t before_len = 0;
    for (const char *at = row->value; *at != '\0'; at = strchr(at, '\n') + 1) {
        size_t key_len = strcspn(at, "=");
        size_t len = strcspn(at, "\n");
        bool same = key_len == before_len && strncmp(at, before, key_len) == 0;
        if (out->len_bytes > ROW_TOLD_BYTES) {
            qrt_buf_text(out, "; and more: quorate register list");
            return;
        }
        qrt_buf_text(out, same ? ", " : out->len_bytes > 0 ? "; " : "");
        if (!same) {
            qrt_buf_printf(out, "%.*s ", (int)key_len, at);
        }
        qrt_text_escape(out, at + key_len + 1, len - key_len - 1);
        before = at;
        before_len = key_len;
    }
}

/* What the log has of a channel. */
static void tell_channel(struct qrt_buf *out, const struct qrt_state *state,
                         const struct qrt_review_channel *channel)
{
    const char *name = strchr(channel->channel, ':');
    if (name == NULL) {
        for (size_t i = 0; i < state->cards.len; i++) {
            const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
            size_t len = strlen(card->group_name);
            if (qrt_state_card_is_live(state, card) &&
                strcmp(card->custodian, channel->person) == 0 &&
                strncmp(channel->channel, card->group_name, len) == 0 &&
                channel->channel[len] == '-') {
                tell_card(out, state, card);
            }
        }
        return;
    }
    char reg[QRT_WORD_BYTES];
    snprintf(reg, sizeof reg, "%.*s", (int)(name - channel->channel), channel->channel);
    const struct qrt_register_row *row = qrt_register_row(state, reg, name + 1);
    if (row != NULL) {
        tell_row(out, row);
    }
}

/* A person at the table, channel by channel. */
struct asking {
    const struct qrt_state *state;
    struct qrt_reviewed *reviewed;
    const struct qrt_ui *ui;
    const char *person;
    size_t asked;
    enum qrt_code code;
    struct qrt_err *err;
};

static bool ask_channel(void *ctx, const struct qrt_review_channel *channel)
{
    static const char *const options[] = {
        "yes: I have it or reach it, and have let nobody else", "no: I do not, or not any more",
        "changed: something about it is different now", "later: it stays open"};
    static const char *const results[] = {"yes", "no", "changed"};
    struct asking *asking = ctx;
    QRT_BUF has = {0};
    QRT_BUF words = {0};
    size_t choice = 0;
    if (strcmp(channel->person, asking->person) != 0) {
        return true;
    }
    tell_channel(&has, asking->state, channel);
    qrt_buf_printf(&words, "The log has: %s.\n%s: is %s yours, as the log has it? A number",
                   qrt_buf_str(&has), asking->person, channel->channel);
    asking->asked++;
    asking->code =
        asking->ui->choose(asking->ui->ctx, &choice, qrt_buf_str(&words), options, 4, asking->err);
    if (asking->code == QRT_OK && choice < 3) {
        asking->code =
            take(asking->reviewed, asking->person, channel->channel, results[choice], asking->err);
    }
    return asking->code == QRT_OK;
}

/* *none: nobody more. */
static enum qrt_code ask_person(struct qrt_reviewed *reviewed, struct qrt_session *session,
                                bool *none, struct qrt_err *err)
{
    const struct qrt_ui *ui = session->ui;
    QRT_BUF id = {0};
    struct qrt_question question = {
        .key = "review",
        .words = "Who attests now: an id. Enter alone when all who are here have.",
        .optional = true};
    enum qrt_code code = ui->ask_line(ui->ctx, &id, &question, err);
    *none = code == QRT_E_NOT_FOUND;
    if (code != QRT_OK) {
        return *none ? QRT_OK : code;
    }
    const char *person = qrt_buf_str(&id);
    if (!qrt_text_is_id(person) || qrt_state_badge(&session->vault->state, person) == NULL) {
        return qrt_fail(err, QRT_E_USAGE, "nobody of that id has a badge");
    }
    if (!qrt_attendance_signs(session, person) &&
        (code = qrt_session_ask_badge_or_back(session, person, err)) != QRT_OK) {
        return code == QRT_E_NOT_FOUND ? QRT_OK : code;
    }
    struct asking asking = {.state = &session->vault->state,
                            .reviewed = reviewed,
                            .ui = ui,
                            .person = person,
                            .err = err};
    size_t before = reviewed->len;
    for (size_t i = 0; i < before; i++) {
        if (strcmp(reviewed->list[i].person, person) == 0) {
            return qrt_fail(err, QRT_E_USAGE, "%s has attested already", person);
        }
    }
    qrt_review_each(&session->vault->state, ask_channel, &asking);
    if (asking.asked == 0) {
        ui->tell(ui->ctx, "Nothing that the log has is theirs.");
    }
    return asking.code;
}

static enum qrt_code ask_people(struct qrt_reviewed *reviewed, struct qrt_session *session,
                                struct qrt_err *err)
{
    for (bool none = false; !none;) {
        enum qrt_code code = ask_person(reviewed, session, &none, err);
        if (code != QRT_OK && !qrt_ui_again(session->ui, code, err)) {
            return code;
        }
    }
    return QRT_OK;
}

static enum qrt_code ask_badges(const struct qrt_reviewed *reviewed, struct qrt_session *session,
                                struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    for (size_t i = 0; code == QRT_OK && i < reviewed->len; i++) {
        if (!qrt_attendance_signs(session, reviewed->list[i].person)) {
            code = qrt_session_ask_badge(session, reviewed->list[i].person, err);
        }
    }
    return code;
}

/* The log does not grow before the commit that these are of. */
static void draft(struct qrt_session *session, const struct qrt_reviewed *reviewed, size_t i)
{
    const struct qrt_log *log = &session->vault->log;
    char message[QRT_REVIEW_MESSAGE_BYTES];
    uint8_t signature[QRT_SIGNATURE_BYTES] = {0};
    const char *person = reviewed->list[i].person;
    qrt_review_message(message, log->origin, log->head.size, person, reviewed->list[i].channel,
                       reviewed->list[i].result);
    for (size_t b = 0; b < session->badges_len; b++) {
        if (strcmp(session->badges[b].person, person) == 0) {
            qrt_sign(signature, message, strlen(message), session->badges[b].key.data);
        }
    }
    struct qrt_draft *entry = qrt_session_draft(session, QRT_EV_REVIEW_SIGNED);
    qrt_draft_text(entry, "person", person);
    qrt_draft_text(entry, "channel", reviewed->list[i].channel);
    qrt_draft_text(entry, "result", reviewed->list[i].result);
    qrt_draft_base64(entry, "signature", signature, sizeof signature);
}

enum qrt_code qrt_review(struct qrt_reviewed *reviewed, struct qrt_vault *vault,
                         const struct qrt_ui *ui, struct qrt_err *err)
{
    QRT_SESSION session = {0};
    enum qrt_code code = QRT_OK;
    reviewed->len = 0;
    if (!ui->person && (code = read_script(reviewed, vault, ui, err)) != QRT_OK) {
        return code;
    }
    page(vault, ui, 1, "the session", "The operator.",
         "The operator's badge opens the log, and everyone in the room is named.");
    code = qrt_session_begin(&session, vault, ui, err);
    if (code == QRT_OK) {
        page(vault, ui, 2, "what is whose", "Each in turn, with the own badge.",
             "Each person says of every card, mailbox, phone, device and safe that the log has as "
             "theirs, whether it is so. Their badge signs each answer.");
        code =
            ui->person ? ask_people(reviewed, &session, err) : ask_badges(reviewed, &session, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    for (size_t i = 0; i < reviewed->len; i++) {
        draft(&session, reviewed, i);
    }
    page(vault, ui, 3, "the close", "The operator.", "Whoever has a badge may sign the log.");
    return qrt_session_close(&session, "review", "done", err);
}
