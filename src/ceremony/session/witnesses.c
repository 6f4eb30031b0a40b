#include "ceremony/session/witnesses.h"

#include "base/text.h"
#include "ceremony/session/attendance.h"
#include "vault/sitting.h"
#include <string.h>

/* By the log of a session that lasts; while a commit waits it is judged behind the badge. */
static bool is_outside(const struct qrt_vault *vault, const char *person)
{
    const struct qrt_presence *presence = qrt_state_presence(&vault->state, QRT_PERSON, person);
    return qrt_state_sitting(&vault->state) != NULL && !vault->log.pending &&
           (presence == NULL || !qrt_presence_is(presence, QRT_HERE));
}

static enum qrt_code fail_outside(struct qrt_err *err, const char *person)
{
    return qrt_fail(err, QRT_E_REFUSED,
                    "--witness: %s is not in the room; quorate session return %s first", person,
                    person);
}

enum qrt_code qrt_witnesses_check(const struct qrt_vault *vault, const char *const *witnesses,
                                  size_t witnesses_len, struct qrt_err *err)
{
    if (witnesses_len > QRT_WITNESSES_MAX) {
        return qrt_fail(err, QRT_E_USAGE, "--witness: more than %d", QRT_WITNESSES_MAX);
    }
    for (size_t i = 0; i < witnesses_len; i++) {
        const struct qrt_person *person =
            qrt_text_is_id(witnesses[i]) ? qrt_state_person(&vault->state, witnesses[i]) : NULL;
        if (person == NULL || person->gone != QRT_NEVER) {
            return qrt_fail(err, QRT_E_USAGE, "--witness: number %zu is nobody of this vault",
                            i + 1);
        }
        for (size_t k = 0; k < i; k++) {
            if (strcmp(witnesses[i], witnesses[k]) == 0) {
                return qrt_fail(err, QRT_E_USAGE, "--witness: %s is named twice", witnesses[i]);
            }
        }
        if (is_outside(vault, witnesses[i])) {
            return fail_outside(err, witnesses[i]);
        }
    }
    return QRT_OK;
}

enum qrt_code qrt_witnesses_draft(struct qrt_draft *draft, const struct qrt_session *session,
                                  const char *const *witnesses, size_t witnesses_len,
                                  struct qrt_err *err)
{
    enum qrt_code code = qrt_witnesses_check(session->vault, witnesses, witnesses_len, err);
    for (size_t i = 0; code == QRT_OK && i < witnesses_len; i++) {
        if (strcmp(witnesses[i], session->badges[0].person) == 0) {
            code = qrt_fail(err, QRT_E_USAGE, "--witness: %s is the operator, and no witness",
                            witnesses[i]);
        } else if (session->joined && !qrt_attendance_has(&session->present, witnesses[i])) {
            code = fail_outside(err, witnesses[i]);
        }
    }
    for (size_t i = 0; code == QRT_OK && i < witnesses_len; i++) {
        qrt_draft_text(draft, "witness", witnesses[i]);
    }
    return code;
}
