#include "ceremony/found/founding.h"

#include "ceremony/people/wallet_sheet.h"
#include <string.h>

/* Custodians are at the printer for their cards already; all others are called. */
static enum qrt_code call(const struct qrt_founding *founding, const struct qrt_new_badge *new,
                          struct qrt_err *err)
{
    const struct qrt_ui *ui = founding->ui;
    QRT_BUF title = {0};
    QRT_BUF words = {0};
    if (!ui->person || (new->person->roles &QRT_ROLE_CUSTODIAN) != 0) {
        return QRT_OK;
    }
    qrt_buf_printf(&title, "the wallet card of %s", new->person->id);
    qrt_ui_page(
        ui, &(struct qrt_page){
                .ceremony = "Founding",
                .practice = founding->policy.practice,
                .step = 7,
                .of = QRT_FOUNDING_STEPS,
                .title = qrt_buf_str(&title),
                .who = new->person->id,
                .what = "The wallet card is printed for you: cut it out, fold it, and carry "
                        "it. It signs the log, and opens nothing.",
                .wrong = "A bad print: go on. It is not printed again; write it down at the close.",
                .stop = "Ctrl-C, then the word stop. The cards are good; wallet cards and "
                        "sealed sheets that are still to come are not made then.",
            });
    qrt_buf_printf(&words, "Press Enter when %s stands at the printer.", new->person->id);
    return ui->wait(ui->ctx, qrt_buf_str(&words), err);
}

static enum qrt_code deliver(struct qrt_founding *founding, struct qrt_new_badge *new,
                             struct qrt_err *err)
{
    QRT_BUF where = {0};
    enum qrt_code code = call(founding, new, err);
    if (code == QRT_OK) {
        code = qrt_wallet_deliver(&where, founding->ui, founding->vault, new->person,
                                  qrt_session_now(&founding->session), &new->generated, err);
    }
    qrt_secret_wipe(&new->generated);
    return code;
}

enum qrt_code qrt_founding_deliver_wallet(struct qrt_founding *founding, const char *person,
                                          struct qrt_err *err)
{
    for (size_t i = 0; i < founding->policy.people_count; i++) {
        struct qrt_new_badge *new = &founding->badges[i];
        if (new->wallet &&new->generated.len_bytes > 0 &&
            (person == NULL || strcmp(new->person->id, person) == 0)) {
            enum qrt_code code = deliver(founding, new, err);
            if (code != QRT_OK) {
                return code;
            }
        }
    }
    return QRT_OK;
}
