/* What the files of a walk share. */
#ifndef QRT_CEREMONY_REVIEW_WALK_PARTS_H
#define QRT_CEREMONY_REVIEW_WALK_PARTS_H

#include "ceremony/review/walk.h"
#include "ceremony/session/session.h"

/* What is to be recorded of one step. */
struct qrt_walk_step {
    struct qrt_buf person;
    struct qrt_buf values; /* NAME=TEXT, an LF behind each */
    struct qrt_buf case_id;
    bool excepted; /* it was not done as it is written: */
    struct qrt_buf expected;
    struct qrt_buf happened;
    struct qrt_buf decided;
};

void qrt_walk_step_free(struct qrt_walk_step *step);
#define QRT_WALK_STEP __attribute__((cleanup(qrt_walk_step_free))) struct qrt_walk_step

/* Is it a case of AWS Support? `where` names its place. QRT_E_USAGE. */
enum qrt_code qrt_walk_check_case(const char *case_id, const char *where,
                                  struct qrt_err *err) QRT_MUST_USE;
/* May the text be recorded? `where` names its place. QRT_E_USAGE. */
enum qrt_code qrt_walk_check_text(const char *text, const char *where,
                                  struct qrt_err *err) QRT_MUST_USE;

/* Asks a person at the table what is to be recorded of that step. */
enum qrt_code qrt_walk_ask(struct qrt_walk_step *step, struct qrt_session *session,
                           const struct qrt_runbook_step *written, bool excepted,
                           const char *case_id, struct qrt_err *err) QRT_MUST_USE;
/* Reads the step at that place of the answers; QRT_E_NOT_FOUND if there is none. */
enum qrt_code qrt_walk_read(struct qrt_walk_step *step, const struct qrt_vault *vault,
                            const struct qrt_ui *ui, size_t at, struct qrt_err *err) QRT_MUST_USE;

#endif
