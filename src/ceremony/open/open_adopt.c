#include "ceremony/open/opening.h"

#include "base/harden.h"
#include <string.h>

const struct qrt_item_row *qrt_opening_item(const struct qrt_opening *opening, const char *kind)
{
    const struct qrt_state *state = &opening->session.vault->state;
    const struct qrt_item_row *item = qrt_state_item(state, opening->request->account, kind);
    return item != NULL && opening->request->former ? qrt_state_former(state, item) : item;
}

static enum qrt_code settle(struct qrt_opening *opening, struct qrt_err *err)
{
    struct qrt_adoptions *adoptions = &opening->opened->adoptions;
    enum qrt_code code = qrt_adoptions_ask(adoptions, &opening->session, err);
    if (code != QRT_OK || !qrt_adoptions_any(adoptions)) {
        return code;
    }
    qrt_opening_draft_cards(opening);
    size_t drafts_len = opening->session.drafts_len;
    code = qrt_adoptions_draft(adoptions, &opening->session, &opening->opened->gather, err);
    qrt_harden_wipe_traces();
    if (code != QRT_OK) {
        /* An opening that fails adopts nothing. */
        qrt_session_undraft(&opening->session, drafts_len);
        return code;
    }
    return qrt_session_commit(&opening->session, err);
}

/* Which of the items is the one that is shown? */
static void tell_item(const struct qrt_opening *opening, const char *kind)
{
    const struct qrt_session *session = &opening->session;
    const struct qrt_item_row *item = qrt_opening_item(opening, kind);
    const struct qrt_item_row *former = qrt_state_former(&session->vault->state, item);
    QRT_BUF line = {0};
    if (opening->request->former) {
        qrt_buf_printf(&line, "%s: item %lld, the former one; item %lld has followed it", kind,
                       (long long)item->serial, (long long)item->superseded);
    } else if (former != NULL) {
        qrt_buf_printf(&line,
                       "%s: item %lld, %s; the former one, item %lld, is kept: --former shows it",
                       kind, (long long)item->serial,
                       item->confirmed == QRT_NEVER ? "not confirmed yet" : "confirmed",
                       (long long)former->serial);
    } else {
        return;
    }
    session->ui->tell(session->ui->ctx, qrt_buf_str(&line));
}

enum qrt_code qrt_opening_adopt(struct qrt_opening *opening, struct qrt_err *err)
{
    enum qrt_code code = settle(opening, err);
    if (code != QRT_OK) {
        return code;
    }
    qrt_adoptions_tell(&opening->opened->adoptions, &opening->session);
    for (size_t i = 0; i < QRT_SHOWS; i++) {
        bool asked = (opening->request->show & qrt_shows[i].bit) != 0;
        if (asked && qrt_opening_item(opening, qrt_shows[i].kind) == NULL) {
            return qrt_fail(err, QRT_E_NOT_FOUND, "account %s: no %s%s is in custody",
                            opening->request->account, opening->request->former ? "former " : "",
                            qrt_shows[i].kind);
        }
    }
    for (size_t i = 0; i < QRT_SHOWS; i++) {
        if ((opening->request->show & qrt_shows[i].bit) != 0) {
            tell_item(opening, qrt_shows[i].kind);
        }
    }
    return QRT_OK;
}
