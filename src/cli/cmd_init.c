#include "cli/cli.h"

#include "base/file.h"
#include "base/text.h"
#include "ceremony/found/found.h"
#include "cli/delivered.h"
#include "cli/say.h"
#include "cli/ui.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static enum qrt_code print_founded(const struct qrt_cli *cli, const struct qrt_vault *vault,
                                   const struct qrt_delivered *delivered, const struct qrt_ui *ui,
                                   struct qrt_err *err)
{
    char vault_id[25];
    qrt_text_hex(vault_id, vault->log.vault_id, 12);
    if (cli->json) {
        return qrt_cli_print_json(json_pack("{s:s, s:s, s:o, s:s}", "vault_id", vault_id, "origin",
                                            vault->log.origin, "cards",
                                            qrt_delivered_json(delivered), "checkpoint",
                                            qrt_buf_str(&vault->log.note)),
                                  err);
    }
    printf("Vault %s is founded (%s).\n", vault->log.origin, vault_id);
    qrt_delivered_print(delivered);
    QRT_BUF path = {0};
    if (ui->person) {
        qrt_cli_say(
            stdout,
            "Next: keep a copy of vault.sqlite at another site, and see with\n`quorate --vault "
            "%s card list` which cards are proved.\n",
            qrt_cli_shown(&path, cli->vault));
        return qrt_cli_flush(err);
    }
    qrt_cli_say(
        stdout,
        "Next: %s each card back with `quorate --vault %s card prove FILE`, and put it in its "
        "bag.\n",
        ui->prints ? "read" : "print and read", qrt_cli_shown(&path, cli->vault));
    return qrt_cli_flush(err);
}

enum qrt_code qrt_cmd_init(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    const char *policy_file;
    struct qrt_sheets sheets = {0};
    QRT_BUF policy = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_option(&policy_file, &argc, argv, "--policy", err)) != QRT_OK ||
        (code = qrt_sheets_options(&sheets, cli, &argc, argv, false, err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (argc != 1 || policy_file == NULL) {
        return qrt_fail(err, QRT_E_USAGE,
                        "init takes --policy FILE, and --printer NAME or --sheets DIR");
    }
    code = qrt_file_read(&policy, AT_FDCWD, policy_file, QRT_POLICY_BYTES_MAX, err);
    if (code != QRT_OK) {
        return code == QRT_E_NOT_FOUND ? qrt_fail(err, QRT_E_USAGE, "--policy: no such file")
                                       : code;
    }
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    QRT_DELIVERED delivered = {0};
    if ((code = qrt_performer_init(&performer, cli, NULL, 0, err)) != QRT_OK) {
        return code;
    }
    qrt_performer_lend(&performer, &sheets);
    if ((code = qrt_found(&delivered, &vault, cli->vault, &policy, performer.ui, err)) != QRT_OK) {
        qrt_sheets_abandon(performer.sheets);
        return code == QRT_E_EXISTS ? qrt_cli_name_vault(cli, err) : code;
    }
    const struct qrt_ui ui = *performer.ui;
    qrt_performer_free(&performer);
    return print_founded(cli, &vault, &delivered, &ui, err);
}
