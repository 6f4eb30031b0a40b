#include "ceremony/session/session_parts.h"

#include "ceremony/reason.h"
#include "ceremony/session/thing.h"
#include "vault/bag.h"
#include "vault/sitting.h"
#include <stdio.h>
#include <string.h>

#define TEXT_BYTES_MAX 4000 /* 1,000 characters of UTF-8 */

void qrt_session_draft_exception_of(struct qrt_session *session, const char *step,
                                    const char *expected, const char *happened, const char *decided,
                                    const char *person)
{
    struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_EXCEPTION);
    qrt_draft_text(draft, "step", step);
    qrt_draft_text(draft, "expected", expected);
    qrt_draft_text(draft, "happened", happened);
    qrt_draft_text(draft, "decided", decided);
    qrt_draft_text(draft, "person", person);
}

void qrt_session_draft_exception(struct qrt_session *session, const char *step,
                                 const char *expected, const char *happened, const char *decided)
{
    qrt_session_draft_exception_of(session, step, expected, happened, decided, NULL);
}

/* Who and what is outside is asked for only where somebody or something is. */
enum part_kind { PART_TEXT, PART_PERSON, PART_SETTLED_PERSON, PART_SETTLED_THING };

static const struct {
    const char *name; /* among the answers */
    const char *key;  /* in the log */
    const char *words;
    enum part_kind kind;
    bool optional;
} parts[] = {
    {"step", "step", "At which step did it happen? Enter alone when all is told", PART_TEXT, true},
    {"expected", "expected", "What was expected", PART_TEXT, false},
    {"happened", "happened", "What happened instead", PART_TEXT, false},
    {"decided", "decided", "What was decided", PART_TEXT, false},
    {"person", "person", "Whom it is about: an id. Enter alone if nobody", PART_PERSON, true},
    {"settles_person", "settles-person",
     "Who of those outside will not come back: an id. Enter alone if nobody", PART_SETTLED_PERSON,
     true},
    {"settles_thing", "settles-thing",
     "What of that outside will not come back: its name. Enter alone if nothing",
     PART_SETTLED_THING, true}};
#define PARTS (sizeof parts / sizeof parts[0])

static bool settles(size_t part)
{
    return parts[part].kind == PART_SETTLED_PERSON || parts[part].kind == PART_SETTLED_THING;
}

/* Outside by the log; whoever goes out in this very commit is judged by its rules. */
static bool is_outside(const struct qrt_session *session, const char *kind, const char *name)
{
    const struct qrt_presence *presence = qrt_state_presence(&session->vault->state, kind, name);
    bool outside = presence != NULL && qrt_presence_is(presence, QRT_OUTSIDE);
    for (size_t i = 0; i < session->drafts_len && !outside; i++) {
        enum qrt_event_id event = session->drafts[i].event->id;
        outside = event == QRT_EV_PERSON_OUT || event == QRT_EV_THING_OUT;
    }
    return outside;
}

/* `where` is its place among the answers. */
static enum qrt_code check_part(const struct qrt_session *session, size_t part, const char *where,
                                const char *text, struct qrt_err *err)
{
    if (parts[part].kind == PART_PERSON && qrt_policy_person(session->policy, text) == NULL) {
        return qrt_fail(err, QRT_E_USAGE, "%s: the policy names nobody of that id", where);
    }
    const char *kind = parts[part].kind == PART_SETTLED_THING ? QRT_THING : QRT_PERSON;
    if (settles(part) && !is_outside(session, kind, text)) {
        return qrt_fail(err, QRT_E_USAGE, "%s: that is not the name of a %s outside", where, kind);
    }
    return parts[part].kind == PART_TEXT ? qrt_public_text_check(text, where, TEXT_BYTES_MAX, err)
                                         : QRT_OK;
}

/* What was typed becomes the name that the log has. */
static void take_name(struct qrt_buf *text, const struct qrt_state *state)
{
    QRT_BUF typed = {0};
    qrt_buf_text(&typed, qrt_buf_str(text));
    qrt_buf_free(text);
    qrt_thing_name(text, state, qrt_buf_str(&typed));
}

/* A bag that does not come back is no more where it is recorded: its card is suspect. */
static void draft_lost_bag(struct qrt_session *session, const char *thing)
{
    const struct qrt_state *state = &session->vault->state;
    const struct qrt_bag *bag = qrt_state_bag_of_thing(state, thing);
    if (bag != NULL && qrt_state_bag_is_last(state, bag) && !qrt_state_bag_is_done(state, bag)) {
        struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_SEAL_CHECKED);
        qrt_draft_text(draft, "bag", bag->bag);
        qrt_draft_text(draft, "result", qrt_seal_result_word(QRT_SEAL_MISSING));
    }
}

static enum qrt_code ask_part(struct qrt_buf *text, const struct qrt_session *session, size_t i,
                              size_t part, struct qrt_err *err)
{
    const struct qrt_ui *ui = session->ui;
    char key[48];
    snprintf(key, sizeof key, "exceptions.%zu.%s", i, parts[part].name);
    struct qrt_question question = {
        .key = key, .words = parts[part].words, .optional = parts[part].optional};
    for (;;) {
        qrt_buf_free(text);
        enum qrt_code code = ui->ask_line(ui->ctx, text, &question, err);
        if (code == QRT_OK && parts[part].kind == PART_SETTLED_THING) {
            take_name(text, &session->vault->state);
        }
        if (code == QRT_OK) {
            code = check_part(session, part, ui->person ? parts[part].name : key, qrt_buf_str(text),
                              err);
        }
        if (code == QRT_OK || !qrt_ui_again(ui, code, err)) {
            return code;
        }
    }
}

/* In order; without the first there is none. */
static enum qrt_code ask_parts(struct qrt_buf texts[static PARTS],
                               const struct qrt_session *session, size_t i, struct qrt_err *err)
{
    size_t at = 0;
    bool outside = qrt_state_next_presence(&session->vault->state, &at, QRT_OUTSIDE) != NULL;
    for (size_t p = 0; p < PARTS; p++) {
        if (settles(p) && session->ui->person && !outside) {
            continue;
        }
        enum qrt_code code = ask_part(&texts[p], session, i, p, err);
        if (code != QRT_OK && (code != QRT_E_NOT_FOUND || p == 0)) {
            return code;
        }
    }
    return QRT_OK;
}

static enum qrt_code ask_exception(struct qrt_session *session, size_t i, struct qrt_err *err)
{
    struct qrt_buf texts[PARTS] = {0};
    enum qrt_code code = ask_parts(texts, session, i, err);
    struct qrt_draft *draft = code == QRT_OK ? qrt_session_draft(session, QRT_EV_EXCEPTION) : NULL;
    for (size_t p = 0; p < PARTS && draft != NULL; p++) {
        qrt_draft_text(draft, parts[p].key, qrt_buf_str(&texts[p]));
    }
    for (size_t p = 0; p < PARTS; p++) {
        if (draft != NULL && parts[p].kind == PART_SETTLED_THING) {
            draft_lost_bag(session, qrt_buf_str(&texts[p]));
        }
        qrt_buf_free(&texts[p]);
    }
    return code;
}

enum qrt_code qrt_session_ask_exceptions(struct qrt_session *session, struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    for (size_t i = 0; code == QRT_OK; i++) {
        code = ask_exception(session, i, err);
    }
    return code == QRT_E_NOT_FOUND ? QRT_OK : code;
}
