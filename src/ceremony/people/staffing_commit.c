#include "ceremony/people/policy_draft.h"
#include "ceremony/people/staffing_parts.h"
#include "ceremony/session/session_parts.h"
#include "ceremony/session/wraps.h"
#include <string.h>

const struct qrt_staff_change *qrt_staffing_change_of(const struct qrt_staffing *staffing,
                                                      const char *id)
{
    for (size_t i = 0; i < staffing->len; i++) {
        if (strcmp(staffing->list[i].id, id) == 0) {
            return &staffing->list[i];
        }
    }
    return NULL;
}

bool qrt_staffing_loses_badge(const struct qrt_staff_change *change)
{
    return change != NULL && (change->kind == QRT_STAFF_LEAVES || change->voids);
}

bool qrt_staffing_is_operator_after(const struct qrt_staffing *staffing, const char *id)
{
    const struct qrt_staff_change *change = qrt_staffing_change_of(staffing, id);
    return change == NULL ? qrt_state_has_role(&staffing->vault->state, id, "operator")
                          : change->kind != QRT_STAFF_LEAVES &&
                                (change->person.roles & QRT_ROLE_OPERATOR) != 0;
}

static void draft_roles(struct qrt_draft *draft, unsigned roles)
{
    for (unsigned bit = 0; bit < QRT_ROLES; bit++) {
        if ((roles & 1U << bit) != 0) {
            qrt_draft_text(draft, "role", qrt_role_name(1U << bit));
        }
    }
}

static enum qrt_code draft_policy(struct qrt_staffing *staffing, struct qrt_err *err)
{
    struct qrt_session *session = &staffing->session;
    const struct qrt_policy *policy = staffing->policy;
    uint8_t digest[QRT_HASH_BYTES];
    if (policy == NULL) {
        return QRT_OK;
    }
    enum qrt_code code = qrt_policy_draft_document(digest, session, staffing->policy_bytes, err);
    if (code != QRT_OK) {
        return code;
    }
    for (size_t i = 0; i < staffing->len; i++) {
        const struct qrt_staff_change *change = &staffing->list[i];
        if (change->kind == QRT_STAFF_JOINS || change->kind == QRT_STAFF_CHANGES) {
            struct qrt_draft *draft =
                qrt_session_draft(session, change->kind == QRT_STAFF_JOINS ? QRT_EV_PERSON_ADDED
                                                                           : QRT_EV_PERSON_CHANGED);
            qrt_draft_text(draft, "person", change->id);
            draft_roles(draft, change->person.roles);
            qrt_draft_hex(draft, "policy", digest, sizeof digest);
        }
    }
    qrt_policy_draft_changed(session, policy, digest);
    return QRT_OK;
}

static enum qrt_code draft_people(struct qrt_staffing *staffing, struct qrt_err *err)
{
    struct qrt_session *session = &staffing->session;
    const struct qrt_state *state = &staffing->vault->state;
    enum qrt_code code = QRT_OK;
    for (size_t i = 0; code == QRT_OK && i < staffing->len; i++) {
        struct qrt_staff_change *change = &staffing->list[i];
        if (change->kind == QRT_STAFF_LEAVES) {
            struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_PERSON_LEFT);
            qrt_draft_text(draft, "person", change->id);
            qrt_draft_text(draft, "reason", change->reason);
        } else if (change->voids) {
            struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_BADGE_VOIDED);
            qrt_draft_text(draft, "person", change->id);
            qrt_draft_text(draft, "vkey", qrt_state_badge(state, change->id)->vkey);
            qrt_draft_text(draft, "reason", change->reason);
        }
        if (change->gets_badge) {
            code = qrt_new_badge_draft(session, &change->badge, staffing->vault->log.origin, err);
        }
    }
    return code;
}

static enum qrt_code wrap(struct qrt_staffing *staffing, const char *id, struct qrt_err *err)
{
    const struct qrt_staff_change *change = qrt_staffing_change_of(staffing, id);
    const struct qrt_badge_row *badge =
        qrt_staffing_loses_badge(change) ? NULL : qrt_state_badge(&staffing->vault->state, id);
    const uint8_t *key = change != NULL && change->gets_badge
                             ? qrt_sign_public(change->badge.badge.key.data)
                         : badge != NULL ? badge->key.key
                                         : NULL;
    return key == NULL || !qrt_staffing_is_operator_after(staffing, id)
               ? QRT_OK
               : qrt_wraps_add_badge(&staffing->vault->log.key, id, key, err);
}

/* Whoever could open log.key and is no operator any more cannot, from this
 * commit on. */
static enum qrt_code rewrap(struct qrt_staffing *staffing, struct qrt_err *err)
{
    struct qrt_vault *vault = staffing->vault;
    const struct qrt_state *state = &vault->state;
    bool any = false;
    for (size_t i = 0; i < staffing->len; i++) {
        const char *id = staffing->list[i].id;
        any = any || qrt_staffing_is_operator_after(staffing, id) ||
              qrt_state_has_role(state, id, "operator");
    }
    if (!any) {
        return QRT_OK;
    }
    enum qrt_code code = QRT_OK;
    qrt_keystate_rotate(&vault->log.key);
    for (size_t i = 0; code == QRT_OK && i < state->people.len; i++) {
        code = wrap(staffing, QRT_ROW(state, people, qrt_person, i)->id, err);
    }
    for (size_t i = 0; code == QRT_OK && i < staffing->len; i++) {
        if (staffing->list[i].kind == QRT_STAFF_JOINS) {
            code = wrap(staffing, staffing->list[i].id, err);
        }
    }
    return code == QRT_OK ? qrt_wraps_add_quorums(vault, err) : code;
}

enum qrt_code qrt_staffing_commit(struct qrt_staffing *staffing, struct qrt_err *err)
{
    enum qrt_code code;
    if ((code = draft_policy(staffing, err)) != QRT_OK ||
        (code = draft_people(staffing, err)) != QRT_OK ||
        (code = rewrap(staffing, err)) != QRT_OK) {
        return code;
    }
    return qrt_session_commit(&staffing->session, err);
}
