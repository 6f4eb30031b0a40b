#include "ceremony/session/session_parts.h"

#include "base/clock.h"
#include "base/harden.h"
#include "base/text.h"
#include "ceremony/session/attendance.h"
#include <stdio.h>
#include <string.h>

#define CLOCK_OFFSET_MAX_S 86400

static bool has_wallet(const struct qrt_session *session, const char *person)
{
    static const uint8_t none[QRT_HASH_BYTES];
    const struct qrt_badge_row *badge = qrt_state_badge(&session->vault->state, person);
    return badge != NULL && memcmp(badge->stored, none, sizeof none) == 0;
}

static enum qrt_code take_badge(struct qrt_session *session, const char *person, const char *key,
                                bool optional, struct qrt_err *err)
{
    QRT_SECRET given = {0};
    char words[128];
    snprintf(words, sizeof words, "%s: the passphrase, or the wallet card's code (not shown)%s",
             person, optional ? ". Enter alone goes back." : "");
    struct qrt_question question = {
        .key = key, .words = words, .optional = optional, .picture = has_wallet(session, person)};
    enum qrt_code code = session->ui->ask_secret(session->ui->ctx, &given, &question, err);
    if (code == QRT_OK) {
        code = qrt_vault_badge(&session->badges[session->badges_len], session->vault, person,
                               &given, err);
        qrt_harden_wipe_traces();
        if (code != QRT_OK) {
            return qrt_err_prefix(err, "%s", key);
        }
        session->badges_len++;
        if (!session->joined && !qrt_attendance_has(&session->present, person)) {
            qrt_buf_printf(&session->present, "%s\n", person);
        }
    }
    return code;
}

enum qrt_code qrt_session_seat(struct qrt_session *session, const struct qrt_badge *badge,
                               struct qrt_err *err)
{
    if (session->badges_len == QRT_SESSION_BADGES_MAX) {
        return qrt_fail(err, QRT_E_RANGE, "badges.%s: too many badges", badge->person);
    }
    struct qrt_badge *seat = &session->badges[session->badges_len];
    enum qrt_code code = qrt_secret_init(&seat->key, QRT_SIGN_KEY_BYTES, err);
    if (code == QRT_OK) {
        code = qrt_secret_append(&seat->key, badge->key.data, QRT_SIGN_KEY_BYTES, err);
    }
    if (code == QRT_OK) {
        memcpy(seat->person, badge->person, sizeof seat->person);
        session->badges_len++;
        /* In a session that lasts the commit says that they came in. */
        if (!session->joined && !qrt_attendance_has(&session->present, badge->person)) {
            qrt_buf_printf(&session->present, "%s\n", badge->person);
        }
    }
    return code;
}

/* A wrong layout is seen where nothing is secret. */
static enum qrt_code try_keyboard(const struct qrt_ui *ui, struct qrt_err *err)
{
    QRT_BUF seen = {0};
    struct qrt_question question = {
        .key = "keyboard",
        .words = "To see what this keyboard writes, type some of the signs you use; not the "
                 "passphrase. Enter alone goes on.",
        .optional = true};
    enum qrt_code code = ui->ask_line(ui->ctx, &seen, &question, err);
    return code == QRT_E_NOT_FOUND ? QRT_OK : code;
}

static enum qrt_code ask_badge(struct qrt_session *session, const char *person, bool optional,
                               struct qrt_err *err)
{
    const struct qrt_ui *ui = session->ui;
    char key[64];
    snprintf(key, sizeof key, "badges.%s", person);
    if (session->badges_len == QRT_SESSION_BADGES_MAX) {
        return qrt_fail(err, QRT_E_RANGE, "%s: too many badges", key);
    }
    for (;;) {
        enum qrt_code code = take_badge(session, person, key, optional, err);
        bool wrong = code == QRT_E_REFUSED && qrt_state_badge(&session->vault->state, person);
        if (!wrong || !qrt_ui_again(ui, code, err)) {
            return code;
        }
        if (!has_wallet(session, person) && (code = try_keyboard(ui, err)) != QRT_OK) {
            return code;
        }
    }
}

enum qrt_code qrt_session_ask_badge(struct qrt_session *session, const char *person,
                                    struct qrt_err *err)
{
    return ask_badge(session, person, false, err);
}

enum qrt_code qrt_session_ask_badge_or_back(struct qrt_session *session, const char *person,
                                            struct qrt_err *err)
{
    return ask_badge(session, person, session->ui->person, err);
}

/* Of a script the badge itself judges the rest; and of a person too while a
 * commit waits that may have given them one. */
static enum qrt_code check_person(const struct qrt_session *session, const char *id,
                                  const char *key, struct qrt_err *err)
{
    const struct qrt_state *state = &session->vault->state;
    bool second = strcmp(key, "second") == 0;
    if (!qrt_text_is_id(id)) {
        return qrt_fail(err, QRT_E_USAGE, "%s: not a person's id", key);
    }
    if (second && qrt_attendance_signs(session, id)) {
        return qrt_fail(err, QRT_E_REFUSED, "second: %s is the operator already", id);
    }
    if (!session->ui->person || session->vault->log.pending) {
        return QRT_OK;
    }
    if (qrt_state_badge(state, id) == NULL) {
        return qrt_fail(err, QRT_E_USAGE, "%s: %s has no badge here", key, id);
    }
    if (!second && !qrt_state_has_role(state, id, "operator")) {
        return qrt_fail(err, QRT_E_USAGE, "%s: %s is no operator", key, id);
    }
    return QRT_OK;
}

enum qrt_code qrt_session_ask_person(struct qrt_session *session, struct qrt_buf *id,
                                     const char *key, const char *words, struct qrt_err *err)
{
    struct qrt_question question = {.key = key, .words = words};
    enum qrt_code code;
    do {
        qrt_buf_free(id);
        code = session->ui->ask_line(session->ui->ctx, id, &question, err);
        if (code == QRT_OK) {
            code = check_person(session, qrt_buf_str(id), key, err);
        }
    } while (code != QRT_OK && qrt_ui_again(session->ui, code, err));
    return code;
}

enum qrt_code qrt_session_ask_second(struct qrt_session *session, struct qrt_err *err)
{
    const struct qrt_state *state = &session->vault->state;
    QRT_BUF id = {0};
    if (!state->second_person || state->practice) {
        return QRT_OK;
    }
    enum qrt_code code =
        qrt_session_ask_person(session, &id, "second", "Who is the second person: an id", err);
    return code == QRT_OK ? qrt_session_ask_badge(session, qrt_buf_str(&id), err) : code;
}

/* A person compares with a wall clock; whole minutes agree if nothing is typed. */
static enum qrt_code ask_wall_clock(struct qrt_session *session, struct qrt_err *err)
{
    const struct qrt_ui *ui = session->ui;
    for (;;) {
        QRT_BUF text = {0};
        QRT_BUF words = {0};
        char now[QRT_TIME_CHARS + 1];
        int64_t now_s = qrt_clock_unix_s();
        int64_t wall_s;
        qrt_clock_format(now, now_s);
        qrt_buf_printf(&words,
                       "This computer's clock says %.10s %.8s, in UTC. Enter if a wall clock says "
                       "the same; else type what it says, in that form.",
                       now, now + 11);
        struct qrt_question question = {
            .key = "clock_offset_s", .words = qrt_buf_str(&words), .optional = true};
        enum qrt_code code = ui->ask_line(ui->ctx, &text, &question, err);
        if (code == QRT_E_NOT_FOUND) {
            return QRT_OK;
        }
        now_s = qrt_clock_unix_s();
        if (code == QRT_OK) {
            QRT_BUF form = {0};
            const char *typed = qrt_buf_str(&text);
            qrt_buf_printf(&form, "%.10sT%sZ", typed, text.len_bytes > 11 ? typed + 11 : "");
            session->clock_offset_s = 0;
            if (!qrt_clock_parse(qrt_buf_str(&form), form.len_bytes, &wall_s) || typed[10] != ' ') {
                code = qrt_fail(err, QRT_E_USAGE, "the time: not of the form %.10s %.8s", now,
                                now + 11);
            } else if (wall_s - now_s > CLOCK_OFFSET_MAX_S || now_s - wall_s > CLOCK_OFFSET_MAX_S) {
                code = qrt_fail(err, QRT_E_USAGE,
                                "the time: more than a day away; stop, and set the clock");
            } else {
                session->clock_offset_s = wall_s - now_s;
                return QRT_OK;
            }
        }
        if (!qrt_ui_again(ui, code, err)) {
            return code;
        }
    }
}

enum qrt_code qrt_session_ask_clock(struct qrt_session *session, struct qrt_err *err)
{
    QRT_BUF text = {0};
    struct qrt_question question = {
        .key = "clock_offset_s", .words = "wall clock minus this clock", .optional = true};
    if (session->ui->person) {
        return ask_wall_clock(session, err);
    }
    enum qrt_code code = session->ui->ask_line(session->ui->ctx, &text, &question, err);
    if (code != QRT_OK) {
        return code == QRT_E_NOT_FOUND ? QRT_OK : code;
    }
    const char *digits = qrt_buf_str(&text);
    bool minus = digits[0] == '-';
    uint64_t value;
    if (!qrt_text_u64(digits + (minus ? 1 : 0), strlen(digits) - (minus ? 1 : 0),
                      CLOCK_OFFSET_MAX_S, &value)) {
        return qrt_fail(err, QRT_E_USAGE, "clock_offset_s: not a number of seconds within a day");
    }
    session->clock_offset_s = minus ? -(int64_t)value : (int64_t)value;
    return QRT_OK;
}
