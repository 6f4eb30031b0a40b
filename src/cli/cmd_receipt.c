#include "cli/cmd_receipt.h"

#include "base/text.h"
#include "card/receipt.h"
#include "cli/say.h"
#include "cli/sheets.h"
#include "vault/receipt.h"
#include "vault/vault.h"
#include <stdio.h>
#include <string.h>

/* One receipt, in the forms in which it goes out. */
struct printing {
    struct qrt_receipt receipt;
    struct qrt_buf text;
    char root[2 * QRT_HASH_BYTES + 1];
    struct qrt_buf sheet; /* where its sheet went; empty without one */
};

static void printing_free(struct printing *printing)
{
    qrt_receipt_free(&printing->receipt);
    qrt_buf_free(&printing->text);
    qrt_buf_free(&printing->sheet);
}

static enum qrt_code make(struct printing *printing, const struct qrt_vault *vault,
                          struct qrt_err *err)
{
    const struct qrt_log *log = &vault->log;
    if (log->head.epochs == 0) {
        return qrt_fail(err, QRT_E_NOT_FOUND, "the log has no checkpoint yet");
    }
    QRT_BUF note = {0};
    qrt_log_checkpoint(log, &note);
    enum qrt_code code = qrt_buf_check(&note, err);
    if (code == QRT_OK) {
        code = qrt_receipt_make(&printing->receipt, log->vault_id, log->head.epochs - 1, note.data,
                                note.len_bytes, err);
    }
    if (code == QRT_OK) {
        code = qrt_receipt_text(&printing->text, &printing->receipt, err);
    }
    qrt_text_hex(printing->root, printing->receipt.checkpoint.root, QRT_HASH_BYTES);
    return code;
}

/* Nobody says whose it is: that is written in by hand. */
static enum qrt_code describe(struct qrt_secret *description, const struct printing *printing,
                              const struct qrt_vault *vault, enum qrt_paper paper,
                              struct qrt_err *err)
{
    const struct qrt_receipt *receipt = &printing->receipt;
    char vault_id[25];
    char genesis[2 * QRT_HASH_BYTES + 1];
    struct qrt_sheet_receipt sheet = {
        .organisation = vault->policy.organization,
        .origin = vault->log.origin,
        .vault_id = vault_id,
        .genesis = genesis,
        .size = receipt->checkpoint.size,
        .epoch = receipt->epoch,
        .root = printing->root,
        .issued_unix_s = vault->log.last_time_unix_s,
        .payload = qrt_buf_str(&printing->text),
        .paper = paper,
        .practice = vault->state.practice,
    };
    qrt_text_hex(vault_id, vault->log.vault_id, sizeof receipt->vault_id);
    qrt_text_hex(genesis, vault->log.fingerprint, QRT_HASH_BYTES);
    for (size_t i = 0; i < receipt->note.signatures_len; i++) {
        const char *name = receipt->note.signatures[i].name;
        size_t origin_len = strlen(vault->log.origin);
        if (strlen(name) > origin_len && sheet.cosigners_len < QRT_SHEET_RECEIPT_COSIGNERS_MAX) {
            sheet.cosigners[sheet.cosigners_len++] = name + origin_len + 1;
        }
    }
    return qrt_sheet_receipt_describe(description, &sheet, err);
}

static enum qrt_code write_sheet(struct printing *printing, const struct qrt_vault *vault,
                                 struct qrt_sheets *sheets, struct qrt_err *err)
{
    QRT_SECRET description = {0};
    char name[48];
    snprintf(name, sizeof name, "receipt-%llu.pdf",
             (unsigned long long)printing->receipt.checkpoint.size);
    enum qrt_code code = describe(&description, printing, vault, sheets->paper, err);
    return code == QRT_OK ? qrt_sheets_put(&printing->sheet, sheets, name, &description, err)
                          : code;
}

static enum qrt_code print_result(const struct qrt_cli *cli, const struct printing *printing,
                                  struct qrt_err *err)
{
    const struct qrt_receipt *receipt = &printing->receipt;
    bool sheet = printing->sheet.len_bytes > 0;
    if (cli->json) {
        json_t *json = json_pack("{s:I, s:I, s:s, s:s}", "epoch", (json_int_t)receipt->epoch,
                                 "size", (json_int_t)receipt->checkpoint.size, "root",
                                 printing->root, "receipt", qrt_buf_str(&printing->text));
        if (json != NULL && sheet) {
            json_object_set_new(json, "sheet", json_string(qrt_buf_str(&printing->sheet)));
        }
        return qrt_cli_print_json(json, err);
    }
    QRT_BUF path = {0};
    printf("%s, %llu entries, epoch %llu, root\n%s\n%s\n", receipt->checkpoint.origin,
           (unsigned long long)receipt->checkpoint.size, (unsigned long long)receipt->epoch,
           printing->root, qrt_buf_str(&printing->text));
    if (sheet) {
        printf("Sheet: %s\n", qrt_cli_shown(&path, qrt_buf_str(&printing->sheet)));
    }
    qrt_cli_say(
        stdout,
        "Next: a custodian takes it home and shows it at the next session (`receipts` in the "
        "answers): a log that was set back cannot agree with it.\n");
    return qrt_cli_flush(err);
}

static enum qrt_code cmd_print(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_SHEETS sheets = {0};
    QRT_VAULT vault = {0};
    __attribute__((cleanup(printing_free))) struct printing printing = {0};
    enum qrt_code code;
    if ((code = qrt_sheets_options(&sheets, cli, &argc, argv, true, err)) != QRT_OK ||
        (code = qrt_cli_no_more_arguments(argc, argv, err)) != QRT_OK ||
        (code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK ||
        (code = make(&printing, &vault, err)) != QRT_OK) {
        return code;
    }
    if ((sheets.folder != NULL || sheets.printer != NULL) &&
        (code = write_sheet(&printing, &vault, &sheets, err)) != QRT_OK) {
        return code;
    }
    return print_result(cli, &printing, err);
}

enum qrt_code qrt_cmd_receipt(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    static const struct qrt_verb verbs[] = {{"print", cmd_print}, {"check", qrt_cmd_receipt_check}};
    return qrt_cli_verb(cli, argc, argv, verbs, sizeof verbs / sizeof verbs[0], err);
}
