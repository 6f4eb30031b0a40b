#include "ceremony/drill/drilling.h"

#include "base/harden.h"
#include "vault/drill.h"
#include <sodium.h>
#include <string.h>

void qrt_drilled_free(struct qrt_drilled *drilled)
{
    qrt_gather_wipe(&drilled->gather);
}

void qrt_drilling_free(struct qrt_drilling *drilling)
{
    qrt_session_free(&drilling->session);
}

static uint64_t intent_of(const struct qrt_drilling *drilling)
{
    return (uint64_t)drilling->drilled->intent - drilling->session.vault->state.former_entries;
}

enum qrt_code qrt_drill_commit_intent(struct qrt_drilling *drilling, struct qrt_err *err)
{
    struct qrt_session *session = &drilling->session;
    const struct qrt_vault *vault = session->vault;
    drilling->drilled->intent =
        (int64_t)(vault->state.former_entries + vault->log.head.size + session->drafts_len);
    struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_INTENT);
    qrt_draft_text(draft, "ceremony", "drill");
    qrt_draft_text(draft, "level", drilling->request->level);
    qrt_draft_text(draft, "group", drilling->request->group);
    return qrt_session_commit(session, err);
}

static void draft_cards(struct qrt_drilling *drilling)
{
    const struct qrt_gather *gather = &drilling->drilled->gather;
    uint64_t intent = intent_of(drilling);
    qrt_gather_draft_from(&drilling->session, gather, drilling->logged, QRT_EV_CARD_ACCEPTED,
                          &intent);
    drilling->logged = gather->judged_len;
}

/* The half, or the key, lives in here only: it is compared, and used for nothing. */
static enum qrt_code check_secret(const struct qrt_gather *gather, struct qrt_err *err)
{
    QRT_SECRET key = {0};
    uint8_t half[32];
    if (gather->groups == QRT_GATHER_BOTH) {
        return qrt_gather_key(&key, gather, err);
    }
    enum qrt_group group =
        gather->groups == 1U << QRT_GROUP_MFA ? QRT_GROUP_MFA : QRT_GROUP_PASSWORD;
    enum qrt_code code = qrt_gather_half(half, gather, group, err);
    sodium_memzero(half, sizeof half);
    return code;
}

static void tell_quorum(const struct qrt_drilling *drilling)
{
    const struct qrt_session *session = &drilling->session;
    const struct qrt_drill *drill =
        qrt_state_drill(&session->vault->state, drilling->drilled->intent);
    int64_t seconds = drill == NULL ? 0 : qrt_drill_quorum_s(drill);
    QRT_BUF line = {0};
    qrt_buf_printf(&line,
                   "The quorum is there, %lld min %lld s after the beginning, and what it makes is "
                   "what the log says. It is wiped already. Now every other card that is here: "
                   "each is judged alone.",
                   (long long)(seconds / 60), (long long)(seconds % 60));
    session->ui->tell(session->ui->ctx, qrt_buf_str(&line));
}

/* In the log at once, so that its time is the quorum's. */
static enum qrt_code reach_quorum(struct qrt_drilling *drilling, struct qrt_err *err)
{
    struct qrt_gather *gather = &drilling->drilled->gather;
    draft_cards(drilling);
    enum qrt_code code = qrt_session_commit(&drilling->session, err);
    if (code == QRT_OK) {
        code = check_secret(gather, err);
    }
    qrt_secret_wipe(&gather->shares);
    qrt_harden_wipe_traces();
    drilling->proved = code == QRT_OK;
    if (code == QRT_OK) {
        tell_quorum(drilling);
    }
    return code;
}

static enum qrt_code take_cards(struct qrt_drilling *drilling, struct qrt_err *err)
{
    struct qrt_gather *gather = &drilling->drilled->gather;
    const struct qrt_ui *ui = drilling->session.ui;
    enum qrt_code code;
    while ((code = qrt_gather_one(gather, ui, err)) == QRT_OK) {
        qrt_gather_tell_count(gather, ui);
        if (!drilling->proved && qrt_gather_complete(gather) &&
            (code = reach_quorum(drilling, err)) != QRT_OK) {
            break;
        }
    }
    qrt_secret_wipe(&gather->shares);
    return code == QRT_E_NOT_FOUND ? QRT_OK : code;
}

void qrt_drill_draft_outcome(struct qrt_drilling *drilling, const char *result, const char *reason)
{
    struct qrt_draft *draft = qrt_session_draft(&drilling->session, QRT_EV_OUTCOME);
    qrt_draft_u64(draft, "intent", intent_of(drilling));
    qrt_draft_text(draft, "result", result);
    qrt_draft_text(draft, "reason", reason);
}

enum qrt_code qrt_drill_fail(struct qrt_drilling *drilling, enum qrt_code cause)
{
    const char *reason = cause == QRT_E_INTERRUPTED ? "interrupted"
                         : cause == QRT_E_TAMPERED  ? "tampering found"
                                                    : "it could not go on";
    qrt_drill_draft_outcome(drilling, "failed", reason);
    (void)!qrt_session_close(&drilling->session, "drill", "failed", NULL);
    return cause;
}

static enum qrt_code end(struct qrt_drilling *drilling, struct qrt_err *err)
{
    const struct qrt_gather *gather = &drilling->drilled->gather;
    const char *result = drilling->proved ? "done" : "refused";
    draft_cards(drilling);
    qrt_drill_draft_said(drilling);
    qrt_drill_draft_outcome(drilling, result, drilling->proved ? NULL : "no quorum");
    qrt_drill_page_close(drilling);
    enum qrt_code code = qrt_session_close(&drilling->session, "drill", result, err);
    if (code != QRT_OK || drilling->proved) {
        return code;
    }
    QRT_BUF missing = {0};
    qrt_gather_tell_missing(&missing, gather);
    return qrt_fail(err, qrt_gather_any_refused(gather) ? QRT_E_REFUSED : QRT_E_QUORUM,
                    "no quorum: %s", qrt_buf_str(&missing));
}

static unsigned groups_of(const struct qrt_drill_request *request)
{
    enum qrt_group group;
    return request->group != NULL && qrt_group_parse(&group, request->group) ? 1U << group
                                                                             : QRT_GATHER_BOTH;
}

enum qrt_code qrt_drill(struct qrt_drilled *drilled, struct qrt_vault *vault,
                        const struct qrt_drill_request *request, const struct qrt_ui *ui,
                        struct qrt_err *err)
{
    *drilled = (struct qrt_drilled){0};
    QRT_DRILLING drilling = {.drilled = drilled, .request = request};
    enum qrt_code code;
    qrt_drill_page_session(vault, ui);
    if ((code = qrt_session_begin(&drilling.session, vault, ui, err)) != QRT_OK ||
        (!ui->person && (code = qrt_drill_read_script(&drilling, err)) != QRT_OK) ||
        (code = qrt_gather_init(&drilled->gather, vault, groups_of(request), err)) != QRT_OK ||
        (code = qrt_drill_commit_intent(&drilling, err)) != QRT_OK) {
        qrt_gather_wipe(&drilled->gather); /* no card was asked for */
        return code;
    }
    qrt_drill_page_cards(&drilling);
    if ((code = take_cards(&drilling, err)) != QRT_OK ||
        (ui->person && (code = qrt_drill_ask_person(&drilling, err)) != QRT_OK)) {
        draft_cards(&drilling);
        return qrt_drill_fail(&drilling, code);
    }
    return end(&drilling, err);
}
