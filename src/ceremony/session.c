#include "ceremony/session.h"

#include "base/clock.h"
#include "base/harden.h"
#include "base/text.h"
#include "ceremony/attendance.h"
#include "ceremony/machine.h"
#include "ceremony/receipt.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLOCK_OFFSET_MAX_S 86400

static void forget_commit(struct qrt_session *session)
{
    for (size_t i = 0; i < session->drafts_len; i++) {
        qrt_draft_free(&session->drafts[i]);
    }
    for (size_t i = 0; i < session->bytes_len; i++) {
        qrt_buf_free(&session->bytes[i]);
    }
    session->drafts_len = session->documents_len = session->bytes_len = 0;
}

void qrt_session_free(struct qrt_session *session)
{
    forget_commit(session);
    qrt_draft_free(&session->spare);
    qrt_buf_free(&session->receipts);
    qrt_buf_free(&session->present);
    free(session->drafts);
    free(session->documents);
    free(session->bytes);
    for (size_t i = 0; i < QRT_SESSION_BADGES_MAX; i++) {
        qrt_badge_wipe(&session->badges[i]);
    }
    *session = (struct qrt_session){0};
}

struct qrt_draft *qrt_session_draft(struct qrt_session *session, enum qrt_event_id event)
{
    if (session->drafts_len == session->drafts_capacity) {
        size_t capacity = session->drafts_capacity == 0 ? 16 : 2 * session->drafts_capacity;
        struct qrt_draft *drafts = reallocarray(session->drafts, capacity, sizeof *drafts);
        if (drafts == NULL) {
            session->failed = true;
            qrt_draft_free(&session->spare);
            return &session->spare;
        }
        session->drafts = drafts;
        session->drafts_capacity = capacity;
    }
    struct qrt_draft *draft = &session->drafts[session->drafts_len++];
    *draft = (struct qrt_draft){0};
    qrt_draft_start(draft, event, session->badges[0].person);
    return draft;
}

enum qrt_code qrt_session_document(struct qrt_session *session, const char *kind,
                                   struct qrt_buf *bytes, uint8_t digest[static QRT_HASH_BYTES],
                                   struct qrt_err *err)
{
    if (session->documents_len == session->documents_capacity) {
        size_t capacity = session->documents_capacity == 0 ? 16 : 2 * session->documents_capacity;
        struct qrt_document *documents =
            reallocarray(session->documents, capacity, sizeof *documents);
        if (documents != NULL) {
            session->documents = documents;
        }
        struct qrt_buf *owned = reallocarray(session->bytes, capacity, sizeof *owned);
        if (owned != NULL) {
            session->bytes = owned;
        }
        if (documents == NULL || owned == NULL) {
            return qrt_fail(err, QRT_E_NOMEM, "a document");
        }
        session->documents_capacity = capacity;
    }
    enum qrt_code code = qrt_buf_check(bytes, err);
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_document *document = &session->documents[session->documents_len++];
    *document = (struct qrt_document){.data = bytes->data, .len_bytes = bytes->len_bytes};
    snprintf(document->kind, sizeof document->kind, "%s", kind);
    qrt_sha256(digest, bytes->data, bytes->len_bytes);
    session->bytes[session->bytes_len++] = *bytes;
    *bytes = (struct qrt_buf){0};
    return QRT_OK;
}

enum qrt_code qrt_session_commit(struct qrt_session *session, struct qrt_err *err)
{
    struct qrt_cosigner cosigners[QRT_SESSION_BADGES_MAX];
    if (session->failed) {
        return qrt_fail(err, QRT_E_NOMEM, "a commit's entries");
    }
    for (size_t i = 0; i < session->badges_len; i++) {
        cosigners[i] =
            (struct qrt_cosigner){session->badges[i].person, session->badges[i].key.data};
    }
    enum qrt_code code = qrt_log_commit(&session->vault->log, session->drafts, session->drafts_len,
                                        session->documents, session->documents_len, cosigners,
                                        session->badges_len, err);
    forget_commit(session);
    return code;
}

int64_t qrt_session_now(const struct qrt_session *session)
{
    return qrt_clock_unix_s() + session->clock_offset_s;
}

static enum qrt_code take_badge(struct qrt_session *session, const char *person, const char *key,
                                struct qrt_err *err)
{
    QRT_SECRET given = {0};
    char words[128];
    snprintf(words, sizeof words, "%s: the passphrase, or the wallet card's code (not shown)",
             person);
    struct qrt_question question = {.key = key, .words = words};
    enum qrt_code code = session->ui->ask_secret(session->ui->ctx, &given, &question, err);
    if (code == QRT_OK) {
        code = qrt_vault_badge(&session->badges[session->badges_len], session->vault, person,
                               &given, err);
        qrt_harden_wipe_traces();
        if (code != QRT_OK) {
            return qrt_err_prefix(err, "%s", key);
        }
        session->badges_len++;
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

enum qrt_code qrt_session_ask_badge(struct qrt_session *session, const char *person,
                                    struct qrt_err *err)
{
    const struct qrt_ui *ui = session->ui;
    char key[64];
    snprintf(key, sizeof key, "badges.%s", person);
    if (session->badges_len == QRT_SESSION_BADGES_MAX) {
        return qrt_fail(err, QRT_E_RANGE, "%s: too many badges", key);
    }
    for (;;) {
        enum qrt_code code = take_badge(session, person, key, err);
        bool wrong = code == QRT_E_REFUSED && qrt_state_badge(&session->vault->state, person);
        if (!wrong || !qrt_ui_again(ui, code, err)) {
            return code;
        }
        if ((code = try_keyboard(ui, err)) != QRT_OK) {
            return code;
        }
    }
}

static enum qrt_code ask_person(struct qrt_session *session, struct qrt_buf *id, const char *key,
                                const char *words, struct qrt_err *err)
{
    struct qrt_question question = {.key = key, .words = words};
    enum qrt_code code;
    do {
        qrt_buf_free(id);
        code = session->ui->ask_line(session->ui->ctx, id, &question, err);
        if (code == QRT_OK && !qrt_text_is_id(qrt_buf_str(id))) {
            code = qrt_fail(err, QRT_E_USAGE, "%s: not a person's id", key);
        } else if (code == QRT_OK && session->ui->person &&
                   qrt_state_badge(&session->vault->state, qrt_buf_str(id)) == NULL) {
            code = qrt_fail(err, QRT_E_USAGE, "%s: %s has no badge here", key, qrt_buf_str(id));
        }
    } while (code != QRT_OK && qrt_ui_again(session->ui, code, err));
    return code;
}

static enum qrt_code ask_second(struct qrt_session *session, struct qrt_err *err)
{
    const struct qrt_state *state = &session->vault->state;
    QRT_BUF id = {0};
    if (!state->second_person || state->practice) {
        return QRT_OK;
    }
    enum qrt_code code = ask_person(session, &id, "second", "Who is the second person: an id", err);
    if (code != QRT_OK) {
        return code;
    }
    if (strcmp(qrt_buf_str(&id), session->badges[0].person) == 0) {
        return qrt_fail(err, QRT_E_REFUSED, "second: %s is the operator already", qrt_buf_str(&id));
    }
    return qrt_session_ask_badge(session, qrt_buf_str(&id), err);
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

static void draft_exception(struct qrt_session *session, const char *step, const char *expected,
                            const char *happened, const char *decided)
{
    struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_EXCEPTION);
    qrt_draft_text(draft, "step", step);
    qrt_draft_text(draft, "expected", expected);
    qrt_draft_text(draft, "happened", happened);
    qrt_draft_text(draft, "decided", decided);
}

/* What opening the vault found is named in the log, once. */
static void draft_findings(struct qrt_session *session)
{
    struct qrt_vault *vault = session->vault;
    if ((vault->log.key.marks & QRT_MARK_RESTORED) != 0) {
        draft_exception(session, "open-vault", "the database holds every commit",
                        "its last commit was lost", "put back from log.key");
    }
    for (size_t i = 0; i < vault->unnamed.len; i++) {
        const char *folder = (const char *)vault->unnamed.data + i * QRT_EVIDENCE_ROW_BYTES;
        struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_EVIDENCE_ATTACHED);
        qrt_draft_text(draft, "evidence", folder + strlen(QRT_EVIDENCE_PREFIX));
        qrt_draft_text(draft, "kind", "vault files before recovery");
    }
    vault->unnamed.len = 0;
}

static const struct {
    const char *name;
    const char *words;
    bool optional;
} exception_parts[] = {{"step", "At which step", true},
                       {"expected", "What was expected", false},
                       {"happened", "What happened instead", false},
                       {"decided", "What was decided", false},
                       {"person", "Whom it is about: an id. Enter alone if nobody", true}};
#define EXCEPTION_PARTS (sizeof exception_parts / sizeof exception_parts[0])

/* In order; without the first there is none. */
static enum qrt_code ask_parts(struct qrt_buf texts[static EXCEPTION_PARTS],
                               const struct qrt_ui *ui, size_t i, struct qrt_err *err)
{
    for (size_t p = 0; p < EXCEPTION_PARTS; p++) {
        char key[48];
        snprintf(key, sizeof key, "exceptions.%zu.%s", i, exception_parts[p].name);
        struct qrt_question question = {
            .key = key, .words = exception_parts[p].words, .optional = exception_parts[p].optional};
        enum qrt_code code = ui->ask_line(ui->ctx, &texts[p], &question, err);
        if (code == QRT_E_NOT_FOUND && p > 0) {
            return QRT_OK;
        }
        if (code != QRT_OK) {
            return code;
        }
    }
    return QRT_OK;
}

static enum qrt_code ask_exception(struct qrt_session *session, size_t i, struct qrt_err *err)
{
    struct qrt_buf texts[EXCEPTION_PARTS] = {0};
    enum qrt_code code = ask_parts(texts, session->ui, i, err);
    struct qrt_draft *draft = code == QRT_OK ? qrt_session_draft(session, QRT_EV_EXCEPTION) : NULL;
    for (size_t p = 0; p < EXCEPTION_PARTS; p++) {
        if (draft != NULL) {
            qrt_draft_text(draft, exception_parts[p].name, qrt_buf_str(&texts[p]));
        }
        qrt_buf_free(&texts[p]);
    }
    return code;
}

/* A script has them with its answers; a person is asked before the close. */
static enum qrt_code ask_exceptions(struct qrt_session *session, struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    for (size_t i = 0; code == QRT_OK; i++) {
        code = ask_exception(session, i, err);
    }
    return code == QRT_E_NOT_FOUND ? QRT_OK : code;
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

/* Who brought a badge is there; the others say so. */
static enum qrt_code ask_present(struct qrt_session *session, struct qrt_err *err)
{
    for (size_t i = 0; i < session->badges_len; i++) {
        qrt_buf_printf(&session->present, "%s\n", session->badges[i].person);
    }
    return qrt_attendance_ask(&session->present, session, "present", "Who else is in the room",
                              err);
}

enum qrt_code qrt_session_prepare(struct qrt_session *session, struct qrt_err *err)
{
    enum qrt_code code = ask_present(session, err);
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_SESSION_OPENED);
    if (session->badges_len > 1) {
        qrt_draft_text(draft, "second", session->badges[1].person);
    }
    qrt_attendance_draft(draft, "present", &session->present);
    qrt_draft_i64(draft, "clock-offset-s", session->clock_offset_s);
    if ((code = qrt_machine_describe(draft, err)) != QRT_OK) {
        return code;
    }
    for (size_t i = 0; i < session->taken.len; i++) {
        const struct qrt_check *check = &session->taken.checks[i];
        draft_exception(session, "machine", check->fit, check->words,
                        "the policy's machine_exceptions take it");
    }
    /* A vault that is being founded has issued no receipt that could be shown. */
    if (session->vault->log.head.epochs > 0) {
        draft_receipts(session, draft);
        if (session->receipts.len_bytes == 0) {
            draft_exception(session, "open-session", "at least one receipt is shown",
                            "none was given", "the session goes on");
        }
        draft_findings(session);
    }
    return session->ui->person ? QRT_OK : ask_exceptions(session, err);
}

/* A ceremony that an interruption cut short gets its outcome before any other
 * begins. A founding whose cards were not all handed over is abandoned: the
 * vault key is gone, and no card was proved to exist on paper. */
static enum qrt_code settle_unfinished(struct qrt_session *session, struct qrt_err *err)
{
    const struct qrt_state *state = &session->vault->state;
    const struct qrt_ceremony *ceremony = qrt_state_unfinished(state);
    if (ceremony == NULL) {
        return QRT_OK;
    }
    /* The commit that comes first names what opening found: it ends the mark. */
    draft_findings(session);
    bool founding = strcmp(ceremony->name, "found") == 0;
    bool delivered = state->cards.len > 0;
    for (size_t i = 0; i < state->cards.len; i++) {
        delivered = delivered && QRT_ROW(state, cards, qrt_card_row, i)->issued != QRT_NEVER;
    }
    struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_OUTCOME);
    qrt_draft_u64(draft, "intent", (uint64_t)ceremony->intent);
    qrt_draft_text(draft, "result", !founding ? "failed" : delivered ? "done" : "abandoned");
    qrt_draft_text(draft, "reason", "interrupted");
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
    return qrt_session_commit(session, err);
}

enum qrt_code qrt_session_begin(struct qrt_session *session, struct qrt_vault *vault,
                                const struct qrt_ui *ui, struct qrt_err *err)
{
    *session = (struct qrt_session){.vault = vault, .ui = ui, .policy = &vault->policy};
    QRT_BUF operator_id = {0};
    /* Of a genesis in flight the policy is known only once the badge opened it. */
    bool known = vault->log.head.epochs > 0;
    enum qrt_code code =
        known ? qrt_fitness_admit(&session->taken, &vault->policy, ui, err) : QRT_OK;
    if (code != QRT_OK ||
        (code = ask_person(session, &operator_id, "operator", "Who is the operator: an id", err)) !=
            QRT_OK ||
        (code = qrt_session_ask_badge(session, qrt_buf_str(&operator_id), err)) != QRT_OK ||
        (code = qrt_vault_unlock(vault, &session->badges[0], err)) != QRT_OK ||
        (!known &&
         (code = qrt_fitness_admit(&session->taken, &vault->policy, ui, err)) != QRT_OK) ||
        (code = ask_second(session, err)) != QRT_OK ||
        (code = qrt_session_ask_clock(session, err)) != QRT_OK ||
        (code = qrt_receipts_check(session, err)) != QRT_OK ||
        (code = settle_unfinished(session, err)) != QRT_OK) {
        return code;
    }
    return qrt_session_prepare(session, err);
}

/* A missing badge is an exception, never a close that is blocked. */
static void draft_missing_cosignatures(struct qrt_session *session)
{
    unsigned wanted = session->vault->state.cosignatures;
    if (session->badges_len < wanted) {
        char expected[48];
        char happened[48];
        snprintf(expected, sizeof expected, "%u cosignatures", wanted);
        snprintf(happened, sizeof happened, "%zu badges were there", session->badges_len);
        draft_exception(session, "close-session", expected, happened, "the session is closed");
    }
}

/* What happened beside the script, and who cosigns besides the operator. */
static enum qrt_code ask_closing(struct qrt_session *session, struct qrt_err *err)
{
    const struct qrt_ui *ui = session->ui;
    bool any = false;
    enum qrt_code code = QRT_OK;
    if (ui->person) {
        code = ui->confirm(ui->ctx, &any, "Did anything happen that was not planned?", err);
    }
    if (code == QRT_OK && any) {
        code = ask_exceptions(session, err);
    }
    return code == QRT_OK ? qrt_attendance_ask_cosigners(session, err) : code;
}

enum qrt_code qrt_session_close(struct qrt_session *session, const char *ceremony,
                                const char *result, struct qrt_err *err)
{
    /* Whoever stops here has stopped the asking: the session is closed. */
    struct qrt_err why = {0};
    enum qrt_code asked = ask_closing(session, &why);
    if (asked != QRT_OK && err != NULL) {
        *err = why;
    }
    QRT_BUF minutes = {0};
    char now[QRT_TIME_CHARS + 1];
    uint8_t digest[QRT_HASH_BYTES];
    qrt_clock_format(now, qrt_session_now(session));
    qrt_buf_printf(&minutes,
                   "{\"format\":\"quorate/minutes/v1\",\"vault\":\"%s\",\"ceremony\":\"%s\","
                   "\"result\":\"%s\",\"closed\":\"%s\",\"present\":[",
                   session->vault->log.origin, ceremony, result, now);
    const char *comma = "";
    for (const char *line = qrt_buf_str(&session->present); *line != '\0'; comma = ",") {
        int len = (int)strcspn(line, "\n");
        qrt_buf_printf(&minutes, "%s\"%.*s\"", comma, len, line);
        line += len + 1;
    }
    qrt_buf_text(&minutes, "]}\n");
    enum qrt_code code =
        qrt_session_document(session, "minutes", &minutes, digest, asked == QRT_OK ? err : NULL);
    if (code != QRT_OK) {
        return asked == QRT_OK ? code : asked;
    }
    draft_missing_cosignatures(session);
    struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_SESSION_CLOSED);
    qrt_draft_hex(draft, "minutes", digest, sizeof digest);
    qrt_attendance_draft(draft, "present", &session->present);
    code = qrt_session_commit(session, asked == QRT_OK ? err : NULL);
    return asked == QRT_OK ? code : asked;
}
