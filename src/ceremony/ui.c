#include "ceremony/ui.h"

void qrt_presented_wipe(struct qrt_presented *card)
{
    qrt_secret_wipe(&card->bytes);
    *card = (struct qrt_presented){0};
}

bool qrt_ui_again(const struct qrt_ui *ui, enum qrt_code code, const struct qrt_err *err)
{
    bool answer =
        code == QRT_E_USAGE || code == QRT_E_FORMAT || code == QRT_E_RANGE || code == QRT_E_REFUSED;
    return answer && ui->person && ui->again(ui->ctx, code, err);
}

void qrt_ui_page(const struct qrt_ui *ui, const struct qrt_page *page)
{
    if (ui->person) {
        ui->page(ui->ctx, page);
    }
}
