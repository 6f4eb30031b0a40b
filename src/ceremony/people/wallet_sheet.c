#include "ceremony/people/wallet_sheet.h"

#include "base/text.h"
#include "card/wallet.h"
#include "vault/policy_compare.h"
#include "worker/calls.h"
#include <stdio.h>

enum qrt_code qrt_wallet_deliver(struct qrt_buf *where, const struct qrt_ui *ui,
                                 const struct qrt_vault *vault,
                                 const struct qrt_policy_person *person, int64_t issued_unix_s,
                                 const struct qrt_secret *code, struct qrt_err *err)
{
    char vault_id[2 * QRT_VAULT_ID_BYTES + 1];
    char name[QRT_ID_CHARS + 16];
    QRT_BUF roles = {0};
    QRT_SECRET description = {0};
    QRT_SECRET pdf = {0};
    qrt_text_hex(vault_id, vault->log.vault_id, QRT_VAULT_ID_BYTES);
    qrt_policy_tell_roles(&roles, person->roles);
    snprintf(name, sizeof name, "wallet-%s.pdf", person->id);
    /* A NUL stands behind the code: it was inited with room for it. */
    struct qrt_sheet_wallet wallet = {.organisation = vault->policy.organization,
                                      .origin = vault->policy.origin,
                                      .vault_id = vault_id,
                                      .person = person->id,
                                      .roles = qrt_buf_str(&roles),
                                      .issued_unix_s = issued_unix_s,
                                      .paper = ui->paper,
                                      .practice = vault->policy.practice,
                                      .payload = (const char *)code->data};
    enum qrt_code done = qrt_sheet_wallet_describe(&description, &wallet, err);
    if (done == QRT_OK) {
        done = qrt_print_pdf(&pdf, &description, err);
    }
    return done == QRT_OK ? ui->deliver(ui->ctx, where, name, &pdf, err) : done;
}
