#include "cli/cmd_account.h"

#include "base/file.h"
#include "base/text.h"
#include "ceremony/accounts/account_import.h"
#include "cli/ui.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *key;   /* of the result as JSON */
    const char *words; /* behind the number, for people */
    bool listed;       /* people see each */
} fates[QRT_IMPORT_FATES] = {
    {"added", "added", false},
    {"unchanged", "in the vault already", false},
    {"changed", "in the vault under another name or address: see `account change`", true},
    {"skipped", "not active at AWS: left out", true},
    {"inactive", "in the vault, and not active at AWS: see `account close`", true},
    {"closed", "closed in the vault, and active at AWS", true},
    {"taken", "with the address of another account of the vault: left out", true},
};

static json_t *row_json(const struct qrt_org_account *account)
{
    return json_pack("{s:s, s:s, s:s, s:s}", "account", account->id, "name", account->name, "email",
                     account->email, "state", account->state);
}

static enum qrt_code print_json(const struct qrt_account_import *import, struct qrt_err *err)
{
    const struct qrt_org_accounts *listed = import->listed;
    json_t *json =
        json_pack("{s:s, s:b}", "management", listed->management, "complete", listed->complete);
    for (size_t fate = 0; fate < QRT_IMPORT_FATES; fate++) {
        json_t *rows = json_array();
        for (size_t i = 0; i < listed->len; i++) {
            if (import->fates[i] == fate) {
                json_array_append_new(rows, row_json(&listed->list[i]));
            }
        }
        json_object_set_new(json, fates[fate].key, rows);
    }
    return qrt_cli_print_json(json, err);
}

static enum qrt_code print_words(const struct qrt_account_import *import, struct qrt_err *err)
{
    const struct qrt_org_accounts *listed = import->listed;
    if (listed->len > 0) {
        printf("The organisation of management account %s:\n", listed->management);
    } else {
        puts("The list names no account.");
    }
    for (size_t fate = 0; fate < QRT_IMPORT_FATES; fate++) {
        if (import->counts[fate] > 0) {
            printf("  %zu %s\n", import->counts[fate], fates[fate].words);
        }
        for (size_t i = 0; fates[fate].listed && i < listed->len; i++) {
            QRT_BUF name = {0};
            const struct qrt_org_account *account = &listed->list[i];
            if (import->fates[i] == fate) {
                qrt_text_escape(&name, account->name, strlen(account->name));
                printf("    %s  %s  %s  %s\n", account->id, qrt_buf_str(&name), account->email,
                       account->state);
            }
        }
    }
    if (!listed->complete) {
        puts("This is not the whole list: it has a NextToken. Import the rest too.");
    }
    return qrt_cli_flush(err);
}

static enum qrt_code read_list(struct qrt_org_accounts *listed, const char *path,
                               struct qrt_err *err)
{
    QRT_BUF bytes = {0};
    QRT_BUF shown = {0};
    enum qrt_code code = qrt_file_read(&bytes, AT_FDCWD, path, QRT_ORG_BYTES_MAX, err);
    if (code != QRT_OK) {
        return code; /* it names the file */
    }
    code = bytes.len_bytes == 0 ? qrt_fail(err, QRT_E_FORMAT, "the file is empty")
                                : qrt_org_accounts_parse(listed, bytes.data, bytes.len_bytes, err);
    if (code != QRT_OK) {
        qrt_err_prefix(err, "%.120s", qrt_cli_shown(&shown, path));
    }
    return code;
}

enum qrt_code qrt_cmd_account_import(struct qrt_cli *cli, int argc, char **argv,
                                     struct qrt_err *err)
{
    QRT_ORG_ACCOUNTS listed = {0};
    __attribute__((cleanup(qrt_account_import_free))) struct qrt_account_import import = {
        .listed = &listed};
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_option(&import.strategy, &argc, argv, "--strategy", err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (argc != 2) {
        return qrt_fail(err, QRT_E_USAGE, "account import takes FILE");
    }
    if ((code = read_list(&listed, argv[1], err)) != QRT_OK ||
        (code = qrt_performer_init(&performer, cli, NULL, 0, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK ||
        (code = qrt_account_import(&import, &vault, performer.ui, err)) != QRT_OK) {
        return code;
    }
    qrt_performer_free(&performer);
    return cli->json ? print_json(&import, err) : print_words(&import, err);
}
