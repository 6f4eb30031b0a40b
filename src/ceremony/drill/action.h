/* Actions: what is to be improved, whose it is, and until when. */
#ifndef QRT_CEREMONY_DRILL_ACTION_H
#define QRT_CEREMONY_DRILL_ACTION_H

#include "ceremony/session/session.h"

#define QRT_NEW_ACTIONS_MAX 16 /* of one session */

struct qrt_new_action {
    char owner[QRT_ID_CHARS + 1];
    char due[11]; /* YYYY-MM-DD */
    char text[QRT_ACTION_TEXT_BYTES];
};

struct qrt_new_actions {
    struct qrt_new_action list[QRT_NEW_ACTIONS_MAX];
    size_t len;
};

/* Asks for actions until there is none more: `actions.N.text`, `.owner`, `.due`.
 * A person may give a wrong answer again, or none, which takes that action back.
 * A day that is over by this computer's clock, which the entry's time is of, is
 * not taken. QRT_E_USAGE, QRT_E_RANGE. */
enum qrt_code qrt_new_actions_ask(struct qrt_new_actions *actions, const struct qrt_vault *vault,
                                  const struct qrt_ui *ui, struct qrt_err *err) QRT_MUST_USE;

/* Drafts one `action-opened` for each, numbered on from the log's last. */
void qrt_new_actions_draft(struct qrt_session *session, const struct qrt_new_actions *actions);

/* A small session of its own, which opens one. What is NULL is asked for, of a
 * person only. QRT_E_USAGE. */
enum qrt_code qrt_action_open(uint64_t *number, struct qrt_vault *vault, const char *owner,
                              const char *due, const char *text, const struct qrt_ui *ui,
                              struct qrt_err *err) QRT_MUST_USE;

/* The same, which closes one; the text says what was done. QRT_E_USAGE. */
enum qrt_code qrt_action_close(struct qrt_vault *vault, uint64_t number, const char *text,
                               const struct qrt_ui *ui, struct qrt_err *err) QRT_MUST_USE;

#endif
