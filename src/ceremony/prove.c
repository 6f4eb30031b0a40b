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
        code = qrt_gather_all(gather, ui, err);
    }
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
        code = qrt_gather_all(gather, ui, err);
    }
    for (size_t i = 0; code == QRT_OK && i < gather->judged_len; i++) {
        const struct qrt_judged *judged = &gather->judged[i];
        bool fine = judged->reason == QRT_CARD_FINE;
        struct qrt_draft *draft =
            qrt_session_draft(&session, fine ? QRT_EV_CARD_PROVED : QRT_EV_CARD_REFUSED);
        if (judged->serial != 0) {
            qrt_draft_u64(draft, "serial", judged->serial);
        }
        if (fine) {
            qrt_draft_text(draft, "how", judged->by_words ? "words" : "code");
            qrt_draft_text(draft, "result", judged->damaged ? "damaged" : "accepted");
        } else {
            qrt_draft_text(draft, "reason", qrt_card_reason_word(judged->reason));
        }
    }
    if (code == QRT_OK) {
        code = qrt_session_close(&session, "prove", "done", err);
    }
    return code == QRT_OK ? verdict(gather, err) : code;
}
