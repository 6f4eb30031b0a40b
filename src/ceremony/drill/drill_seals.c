#include "ceremony/drill/drilling.h"

static enum qrt_code look(struct qrt_drilling *drilling, struct qrt_seals *seals,
                          struct qrt_err *err)
{
    const struct qrt_session *session = &drilling->session;
    struct qrt_page page;
    qrt_drill_page_seals(&page, session->vault);
    enum qrt_code code = qrt_seals_ask(seals, session->vault, session->ui, &page, err);
    return code != QRT_OK || seals->len == 0 ? code : qrt_drill_ask_person(drilling, err);
}

static enum qrt_code end(struct qrt_drilling *drilling, struct qrt_seals *seals,
                         struct qrt_err *err)
{
    bool any = seals->len > 0;
    const char *result = any ? "done" : "refused";
    if (any) {
        qrt_seals_draft(&drilling->session, seals);
        qrt_drill_draft_said(drilling);
    }
    qrt_drill_draft_outcome(drilling, result, any ? NULL : "no seal was checked");
    qrt_drill_page_close(drilling);
    enum qrt_code code = qrt_session_close(&drilling->session, "drill", result, err);
    seals->logged = code == QRT_OK && any;
    if (code == QRT_OK && !any) {
        code = qrt_fail(err, QRT_E_FAILED, "seals: nothing was checked");
    }
    return code == QRT_OK ? qrt_seals_verdict(seals, err) : code;
}

enum qrt_code qrt_drill_seals(struct qrt_drilled *drilled, struct qrt_seals *seals,
                              struct qrt_vault *vault, const struct qrt_ui *ui, struct qrt_err *err)
{
    static const struct qrt_drill_request request = {.level = "seals"};
    *drilled = (struct qrt_drilled){0};
    QRT_DRILLING drilling = {.drilled = drilled, .request = &request, .seals = seals};
    enum qrt_code code;
    if (!ui->person && (code = qrt_seals_read(seals, vault, ui, err)) != QRT_OK) {
        return code;
    }
    qrt_drill_page_session(vault, ui);
    if ((code = qrt_session_begin(&drilling.session, vault, ui, err)) != QRT_OK ||
        (!ui->person && (code = qrt_drill_read_script(&drilling, err)) != QRT_OK) ||
        (code = qrt_drill_commit_intent(&drilling, err)) != QRT_OK) {
        return code;
    }
    if (ui->person && (code = look(&drilling, seals, err)) != QRT_OK) {
        qrt_seals_draft(&drilling.session, seals);
        return qrt_drill_fail(&drilling, code);
    }
    return end(&drilling, seals, err);
}
