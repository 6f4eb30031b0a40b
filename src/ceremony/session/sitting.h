/* A session that lasts over several commands: opened, people and things going
 * out and coming back, notes, exceptions, closed. The steps are those of
 * docs/ceremonies/session.md. What is to be done is judged before a badge is
 * asked for, save while a commit waits for one, and again behind it. */
#ifndef QRT_CEREMONY_SESSION_SITTING_H
#define QRT_CEREMONY_SESSION_SITTING_H

#include "ceremony/session/session.h"

/* Opens one. QRT_E_REFUSED: one is open, the clock is behind the log, or a
 * person says that the programs are not those of the paper; otherwise as
 * qrt_session_begin. */
enum qrt_code qrt_sitting_open(struct qrt_vault *vault, const struct qrt_ui *ui,
                               struct qrt_err *err) QRT_MUST_USE;

/* Writes a text into the minutes; it is asked for ("note") if it is NULL.
 * QRT_E_USAGE for one that is no line of plain text; QRT_E_REFUSED if no session
 * is open. */
enum qrt_code qrt_sitting_note(struct qrt_vault *vault, const struct qrt_ui *ui, const char *text,
                               struct qrt_err *err) QRT_MUST_USE;

/* Who or what goes where. */
struct qrt_move {
    enum qrt_event_id event; /* person-out, person-back, thing-out or thing-back */
    const char *thing;       /* NULL of a person */
    const char *person;      /* who goes, or carries it; foreign */
};

/* Writes it down. QRT_E_USAGE: nobody of that id, or no name of a thing;
 * QRT_E_REFUSED: they are where they are said to go, or no session is open. */
enum qrt_code qrt_sitting_move(struct qrt_vault *vault, const struct qrt_ui *ui,
                               const struct qrt_move *move, struct qrt_err *err) QRT_MUST_USE;

/* Asks for exceptions ("exceptions"), at least one, which may settle who or
 * what is outside and will not come back. */
enum qrt_code qrt_sitting_except(struct qrt_vault *vault, const struct qrt_ui *ui,
                                 struct qrt_err *err) QRT_MUST_USE;

/* Ends it with its minutes. QRT_E_REFUSED, which names them: somebody or
 * something is outside. */
enum qrt_code qrt_sitting_close(struct qrt_vault *vault, const struct qrt_ui *ui,
                                struct qrt_err *err) QRT_MUST_USE;

#endif
