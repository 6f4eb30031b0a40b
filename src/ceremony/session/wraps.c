#include "ceremony/session/wraps.h"

#include "crypto/seal.h"

enum qrt_code qrt_wraps_add_badge(struct qrt_keystate *state, const char *person,
                                  const uint8_t sign_public[static QRT_PUBLIC_BYTES],
                                  struct qrt_err *err)
{
    uint8_t box_public[QRT_BOX_PUBLIC_BYTES];
    return qrt_box_public_from_sign(box_public, sign_public)
               ? qrt_keystate_wrap(state, person, box_public, err)
               : qrt_fail(err, QRT_E_REFUSED, "the badge of %s has an unusable key", person);
}

enum qrt_code qrt_wraps_add_quorums(struct qrt_vault *vault, struct qrt_err *err)
{
    const struct qrt_key_row *const keys[] = {qrt_state_key(&vault->state),
                                              qrt_state_pending_key(&vault->state)};
    enum qrt_code code = QRT_OK;
    for (size_t i = 0; code == QRT_OK && i < sizeof keys / sizeof keys[0]; i++) {
        if (keys[i] != NULL) {
            code = qrt_keystate_wrap(&vault->log.key, "", keys[i]->recovery_key, err);
        }
    }
    return code;
}

enum qrt_code qrt_wraps_add_operators(struct qrt_vault *vault, struct qrt_err *err)
{
    const struct qrt_state *state = &vault->state;
    enum qrt_code code = QRT_OK;
    for (size_t i = 0; code == QRT_OK && i < state->people.len; i++) {
        const char *id = QRT_ROW(state, people, qrt_person, i)->id;
        const struct qrt_badge_row *badge = qrt_state_badge(state, id);
        if (badge != NULL && qrt_state_has_role(state, id, "operator")) {
            code = qrt_wraps_add_badge(&vault->log.key, id, badge->key.key, err);
        }
    }
    return code;
}

enum qrt_code qrt_wraps_renew(struct qrt_vault *vault, const struct qrt_key_row *key,
                              struct qrt_err *err)
{
    qrt_keystate_rotate(&vault->log.key);
    enum qrt_code code = qrt_wraps_add_operators(vault, err);
    return code == QRT_OK ? qrt_keystate_wrap(&vault->log.key, "", key->recovery_key, err) : code;
}
