#include "ceremony/found/founding.h"

#include "base/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The badge of a person named in answers, for the session. */
static enum qrt_code take_seat(struct qrt_founding *founding, const char *key, const char *words,
                               unsigned role, struct qrt_err *err)
{
    QRT_BUF id = {0};
    struct qrt_question question = {.key = key, .words = words};
    struct qrt_session *session = &founding->session;
    enum qrt_code code = founding->ui->ask_line(founding->ui->ctx, &id, &question, err);
    if (code != QRT_OK) {
        return code;
    }
    for (size_t i = 0; i < founding->policy.people_count; i++) {
        const struct qrt_new_badge *new = &founding->badges[i];
        if (strcmp(new->person->id, qrt_buf_str(&id)) != 0 ||
            (role != 0 && (new->person->roles &role) == 0) ||
            (session->badges_len > 0 && strcmp(session->badges[0].person, new->person->id) == 0)) {
            continue;
        }
        return qrt_session_seat(session, &new->badge, err);
    }
    return qrt_fail(err, QRT_E_USAGE, "%s: not a person of the policy who may be that", key);
}

static enum qrt_code seat(struct qrt_founding *founding, const char *key, const char *words,
                          unsigned role, struct qrt_err *err)
{
    enum qrt_code code;
    do {
        code = take_seat(founding, key, words, role, err);
    } while (code != QRT_OK && qrt_ui_again(founding->ui, code, err));
    return code;
}

static bool is_person(const struct qrt_policy *policy, const char *id)
{
    for (size_t i = 0; i < policy->people_count; i++) {
        if (strcmp(policy->people[i].id, id) == 0) {
            return true;
        }
    }
    return false;
}

enum qrt_code qrt_founding_refuse_strangers(const struct qrt_founding *founding, const char *list,
                                            bool (*is_known)(const struct qrt_policy *,
                                                             const char *),
                                            struct qrt_err *err)
{
    const struct qrt_ui *ui = founding->ui;
    for (size_t i = 0;; i++) {
        QRT_BUF id = {0};
        enum qrt_code code = ui->member(ui->ctx, &id, list, i, err);
        if (code == QRT_E_NOT_FOUND) {
            return QRT_OK;
        }
        if (code != QRT_OK) {
            return code;
        }
        if (!is_known(&founding->policy, qrt_buf_str(&id))) {
            bool shown = qrt_text_is_id(qrt_buf_str(&id));
            return qrt_fail(err, QRT_E_USAGE, "%s.%s: the policy names none of that id", list,
                            shown ? qrt_buf_str(&id) : "?");
        }
    }
}

static void page_seats(const struct qrt_founding *founding)
{
    qrt_ui_page(founding->ui,
                &(struct qrt_page){
                    .ceremony = "Founding",
                    .practice = founding->policy.practice,
                    .step = 2,
                    .of = QRT_FOUNDING_STEPS,
                    .title = "who is here",
                    .who = "The operator.",
                    .what = "Everyone has a badge now. The operator signs every entry of the log; "
                            "all others in the room are named once. With the last Enter the log "
                            "begins.",
                    .wrong = "Somebody who comes later, or leaves, is written down at the close.",
                    .stop = "Ctrl-C, then the word stop. Nothing is written yet.",
                });
}

enum qrt_code qrt_founding_collect_people(struct qrt_founding *founding, struct qrt_err *err)
{
    const struct qrt_policy *policy = &founding->policy;
    enum qrt_code code = qrt_founding_refuse_strangers(founding, "badges", is_person, err);
    if (code != QRT_OK) {
        return code;
    }
    founding->badges = calloc(policy->people_count, sizeof *founding->badges);
    if (founding->badges == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "badges of %zu people", policy->people_count);
    }
    struct qrt_new_badge_asking asking = {.ui = founding->ui,
                                          .ceremony = "Founding",
                                          .step = 2,
                                          .of = QRT_FOUNDING_STEPS,
                                          .practice = policy->practice};
    for (size_t i = 0; i < policy->people_count; i++) {
        founding->badges[i].person = &policy->people[i];
        if ((code = qrt_new_badge_collect(&founding->badges[i], &asking, err)) != QRT_OK) {
            return code;
        }
    }
    page_seats(founding);
    code = seat(founding, "operator", "Who is the operator today: an id", QRT_ROLE_OPERATOR, err);
    if (code == QRT_OK && policy->second_person && !policy->practice) {
        code = seat(founding, "second", "Who is the second person: an id", 0, err);
    }
    return code;
}
