#include "cli/cli.h"

#include "ceremony/accounts/deposit.h"
#include "cli/say.h"
#include "cli/ui.h"
#include <stdio.h>

static enum qrt_code print_deposited(const struct qrt_cli *cli,
                                     const struct qrt_deposit_request *request,
                                     const struct qrt_deposited *deposited, struct qrt_err *err)
{
    if (cli->json) {
        return qrt_cli_print_json(
            json_pack("{s:s, s:s, s:I, s:b}", "account", request->account, "kind", request->kind,
                      "serial", (json_int_t)deposited->serial, "confirmed", deposited->confirmed),
            err);
    }
    qrt_cli_say(
        stdout,
        "The %s of account %s is deposited, as item %llu%s.\n"
        "Next: the next opening asks whether to take it over; `quorate account list` shows it.\n",
        request->kind, request->account, (unsigned long long)deposited->serial,
        deposited->confirmed ? ", and known to be in use" : "");
    return qrt_cli_flush(err);
}

enum qrt_code qrt_cmd_deposit(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    struct qrt_deposit_request request = {0};
    struct qrt_deposited deposited;
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_option(&request.kind, &argc, argv, "--kind", err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (argc != 2 || request.kind == NULL) {
        return qrt_fail(err, QRT_E_USAGE, "deposit takes ACCOUNT and --kind KIND");
    }
    request.account = argv[1];
    if ((code = qrt_performer_init(&performer, cli, NULL, 0, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK ||
        (code = qrt_deposit(&deposited, &vault, &request, performer.ui, err)) != QRT_OK) {
        return code;
    }
    qrt_performer_free(&performer);
    return print_deposited(cli, &request, &deposited, err);
}
