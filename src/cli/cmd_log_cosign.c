#include "ceremony/session/cosign.h"
#include "cli/cmd_log.h"
#include "cli/say.h"
#include "cli/ui.h"
#include <stdio.h>

static enum qrt_code print_result(const struct qrt_cli *cli, const struct qrt_vault *vault,
                                  const char *person, const struct qrt_cosigned *cosigned,
                                  struct qrt_err *err)
{
    const struct qrt_head *head = &vault->log.head;
    if (cli->json) {
        return qrt_cli_print_json(
            json_pack("{s:s, s:I, s:I, s:I, s:I, s:b}", "person", person, "size",
                      (json_int_t)head->size, "epoch", (json_int_t)head->epochs - 1, "cosignatures",
                      (json_int_t)cosigned->have, "wanted", (json_int_t)cosigned->wanted,
                      "receipt_shown", cosigned->shown),
            err);
    }
    qrt_cli_say(
        stdout,
        "%s has cosigned the close at %llu entries: %zu cosignatures, the policy asks for %u.\n"
        "Next: print receipts anew with `quorate receipt print`, for they carry it.\n",
        person, (unsigned long long)head->size, cosigned->have, cosigned->wanted);
    return qrt_cli_flush(err);
}

enum qrt_code qrt_cmd_log_cosign(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    struct qrt_cosigned cosigned;
    const char *person;
    enum qrt_code code;
    if ((code = qrt_cli_option(&person, &argc, argv, "--person", err)) != QRT_OK ||
        (code = qrt_cli_no_more_arguments(argc, argv, err)) != QRT_OK ||
        (code = qrt_cli_vault(cli, err)) != QRT_OK) {
        return code;
    }
    if (person == NULL) {
        return qrt_fail(err, QRT_E_USAGE, "log cosign takes --person ID");
    }
    if ((code = qrt_performer_init(&performer, cli, NULL, 0, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK) {
        return code;
    }
    code = qrt_cosign(&cosigned, &vault, person, performer.ui, err);
    qrt_performer_free(&performer);
    return code == QRT_OK ? print_result(cli, &vault, person, &cosigned, err) : code;
}
