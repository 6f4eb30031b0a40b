#include "ceremony/session/witnesses.h"

#include "base/text.h"
#include <string.h>

enum qrt_code qrt_witnesses_check(const struct qrt_state *state, const char *const *witnesses,
                                  size_t witnesses_len, struct qrt_err *err)
{
    if (witnesses_len > QRT_WITNESSES_MAX) {
        return qrt_fail(err, QRT_E_USAGE, "--witness: more than %d", QRT_WITNESSES_MAX);
    }
    for (size_t i = 0; i < witnesses_len; i++) {
        const struct qrt_person *person =
            qrt_text_is_id(witnesses[i]) ? qrt_state_person(state, witnesses[i]) : NULL;
        if (person == NULL || person->gone != QRT_NEVER) {
            return qrt_fail(err, QRT_E_USAGE, "--witness: number %zu is nobody of this vault",
                            i + 1);
        }
        for (size_t k = 0; k < i; k++) {
            if (strcmp(witnesses[i], witnesses[k]) == 0) {
                return qrt_fail(err, QRT_E_USAGE, "--witness: %s is named twice", witnesses[i]);
            }
        }
    }
    return QRT_OK;
}

enum qrt_code qrt_witnesses_draft(struct qrt_draft *draft, const struct qrt_session *session,
                                  const char *const *witnesses, size_t witnesses_len,
                                  struct qrt_err *err)
{
    enum qrt_code code = qrt_witnesses_check(&session->vault->state, witnesses, witnesses_len, err);
    for (size_t i = 0; code == QRT_OK && i < witnesses_len; i++) {
        if (strcmp(witnesses[i], session->badges[0].person) == 0) {
            code = qrt_fail(err, QRT_E_USAGE, "--witness: %s is the operator, and no witness",
                            witnesses[i]);
        }
    }
    for (size_t i = 0; code == QRT_OK && i < witnesses_len; i++) {
        qrt_draft_text(draft, "witness", witnesses[i]);
    }
    return code;
}
