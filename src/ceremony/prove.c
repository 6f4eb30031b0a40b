#include "ceremony/prove.h"

#include "ceremony/session.h"

static enum qrt_code verdict(const struct qrt_gather *gather, struct qrt_err *err)
{
    if (gather->judged_len == 0) {
        return qrt_fail(err, QRT_E_USAGE, "no card was presented");
    }
    size_t refused = 0;
    for (size_t i = 0; i < gather->judged_len; i++) {
        refused += gather->judged[i].reason != QRT_CARD_FINE;
    }
    return refused == 0 ? QRT_OK
                        : qrt_fail(err, QRT_E_REFUSED, "cards: %zu of %zu refused", refused,
                                   gather->judged_len);
}

enum qrt_code qrt_card_check(struct qrt_gather *gather, struct qrt_vault *vault,
                             const struct qrt_ui *ui, struct qrt_err *err)
{
    enum qrt_code code = qrt_gather_init(gather, vault, err);
    if (code == QRT_OK) {
        code = qrt_gather_all(gather, ui, false, err);
    }
    qrt_secret_wipe(&gather->shares); /* judged one by one, and put together never */
    return code == QRT_OK ? verdict(gather, err) : code;
}

enum qrt_code qrt_card_prove(struct qrt_gather *gather, struct qrt_vault *vault,
                             const struct qrt_ui *ui, struct qrt_err *err)
{
    QRT_SESSION session = {0};
    enum qrt_code code = qrt_session_begin(&session, vault, ui, err);
    if (code == QRT_OK) {
        code = qrt_gather_init(gather, vault, err);
    }
    if (code == QRT_OK) {
        code = qrt_gather_all(gather, ui, false, err);
    }
    qrt_secret_wipe(&gather->shares); /* judged one by one, and put together never */
    if (code == QRT_OK) {
        qrt_gather_draft(&session, gather, QRT_EV_CARD_PROVED, NULL);
        code = qrt_session_close(&session, "prove", "done", err);
    }
    return code == QRT_OK ? verdict(gather, err) : code;
}
