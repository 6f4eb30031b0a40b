/* What the files of the drill share. */
#ifndef QRT_CEREMONY_DRILLING_H
#define QRT_CEREMONY_DRILLING_H

#include "ceremony/action.h"
#include "ceremony/drill.h"
#include "ceremony/session.h"

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
    size_t logged; /* of the cards presented */
    bool proved;   /* the quorum came, and what it makes was checked */
    struct qrt_new_grade grades[QRT_DRILL_PEOPLE_MAX];
    size_t grades_len;
    struct qrt_new_actions actions;
};

void qrt_drill_page_session(const struct qrt_vault *vault, const struct qrt_ui *ui);
void qrt_drill_page_cards(const struct qrt_drilling *drilling);
void qrt_drill_page_people(const struct qrt_drilling *drilling);
void qrt_drill_page_actions(const struct qrt_drilling *drilling);
void qrt_drill_page_close(const struct qrt_drilling *drilling);

/* What a script says of people and actions, all of it before anything is
 * written: each who is present has a grade, and who is not was `absent`. */
enum qrt_code qrt_drill_read_script(struct qrt_drilling *drilling,
                                    struct qrt_err *err) QRT_MUST_USE;

/* The same from a person, when the cards are done. */
enum qrt_code qrt_drill_ask_person(struct qrt_drilling *drilling, struct qrt_err *err) QRT_MUST_USE;

/* Drafts what was said: a grade for each card that came and each person, and
 * the actions. */
void qrt_drill_draft_said(struct qrt_drilling *drilling);

#endif
