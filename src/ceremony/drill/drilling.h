/* What the files of the drill share. */
#ifndef QRT_CEREMONY_DRILL_DRILLING_H
#define QRT_CEREMONY_DRILL_DRILLING_H

#include "ceremony/bags/seals.h"
#include "ceremony/drill/action.h"
#include "ceremony/drill/drill.h"

#define QRT_DRILL_PEOPLE_MAX 64

/* A person, and how they did. */
struct qrt_new_grade {
    char person[QRT_ID_CHARS + 1];
    char grade[QRT_WORD_BYTES];
};

struct qrt_drilling {
    struct qrt_drilled *drilled;
    const struct qrt_drill_request *request;
    struct qrt_session session;
    size_t logged;                 /* of the cards presented */
    bool proved;                   /* the quorum came, and what it makes was checked */
    const struct qrt_seals *seals; /* of a drill of seals, or NULL */
    struct qrt_new_grade grades[QRT_DRILL_PEOPLE_MAX];
    size_t grades_len;
    struct qrt_new_actions actions;
};

void qrt_drilling_free(struct qrt_drilling *drilling);
#define QRT_DRILLING __attribute__((cleanup(qrt_drilling_free))) struct qrt_drilling

/* Commits what begins the drill, with the session's opening. */
enum qrt_code qrt_drill_commit_intent(struct qrt_drilling *drilling,
                                      struct qrt_err *err) QRT_MUST_USE;

/* `reason` may be NULL. */
void qrt_drill_draft_outcome(struct qrt_drilling *drilling, const char *result, const char *reason);

/* Something broke after the intent: the log gets its outcome behind what is
 * drafted, if it still can, and the caller the cause back. */
enum qrt_code qrt_drill_fail(struct qrt_drilling *drilling, enum qrt_code cause) QRT_MUST_USE;

void qrt_drill_page_session(const struct qrt_vault *vault, const struct qrt_ui *ui);
void qrt_drill_page_cards(const struct qrt_drilling *drilling);
/* What is asked on it is qrt_seals_ask's, which also turns it. */
void qrt_drill_page_seals(struct qrt_page *page, const struct qrt_vault *vault);
void qrt_drill_page_people(const struct qrt_drilling *drilling);
void qrt_drill_page_actions(const struct qrt_drilling *drilling);
void qrt_drill_page_close(const struct qrt_drilling *drilling);

/* What a script says of people and actions, all of it before anything is
 * written: each who is present has a grade, and who is not was `absent`. */
enum qrt_code qrt_drill_read_script(struct qrt_drilling *drilling,
                                    struct qrt_err *err) QRT_MUST_USE;

/* The same from a person, when the cards are done. */
enum qrt_code qrt_drill_ask_person(struct qrt_drilling *drilling, struct qrt_err *err) QRT_MUST_USE;

/* Drafts what was said: a grade for each card that came, or whose bag was looked
 * at, and each person, and the actions. */
void qrt_drill_draft_said(struct qrt_drilling *drilling);

#endif
