#include "ceremony/founding.h"

#include "base/text.h"
#include "card/wallet.h"
#include "worker/calls.h"
#include <stdio.h>
#include <string.h>

static enum qrt_code describe(struct qrt_secret *description, const struct qrt_founding *founding,
                              const struct qrt_new_badge *new, struct qrt_err *err)
{
    char vault_id[2 * QRT_VAULT_ID_BYTES + 1];
    QRT_BUF roles = {0};
    qrt_text_hex(vault_id, founding->vault->log.vault_id, QRT_VAULT_ID_BYTES);
    for (unsigned bit = 0; bit < QRT_ROLES; bit++) {
        if ((new->person->roles & 1U << bit) != 0) {
            qrt_buf_printf(&roles, "%s%s", roles.len_bytes > 0 ? ", " : "",
                           qrt_role_name(1U << bit));
        }
    }
    /* A NUL stands behind the code: it was inited with room for it. */
    struct qrt_sheet_wallet wallet = {.organisation = founding->policy.organization,
                                      .origin = founding->policy.origin,
                                      .vault_id = vault_id,
                                      .person = new->person->id,
                                      .roles = qrt_buf_str(&roles),
                                      .issued_unix_s = qrt_session_now(&founding->session),
                                      .paper = founding->ui->paper,
                                      .practice = founding->policy.practice,
                                      .payload = (const char *)new->generated.data};
    return qrt_sheet_wallet_describe(description, &wallet, err);
}

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
    QRT_SECRET description = {0};
    QRT_SECRET pdf = {0};
    QRT_BUF where = {0};
    char name[QRT_ID_CHARS + 16];
    snprintf(name, sizeof name, "wallet-%s.pdf", new->person->id);
    enum qrt_code code = call(founding, new, err);
    if (code == QRT_OK) {
        code = describe(&description, founding, new, err);
    }
    if (code == QRT_OK) {
        code = qrt_print_pdf(&pdf, &description, err);
    }
    if (code == QRT_OK) {
        code = founding->ui->deliver(founding->ui->ctx, &where, name, &pdf, err);
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
