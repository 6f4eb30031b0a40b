#include "cli/cmd_log.h"

#include "base/text.h"
#include "cli/given.h"
#include "cli/say.h"
#include "log/entry_json.h"
#include "log/prove.h"
#include "vault/receipt_judge.h"
#include <stdio.h>
#include <string.h>

/* What is asked for, and what came of it. */
struct proving {
    const char *index; /* one of the two */
    const char *since;
    const char *out; /* NULL: standard output */
    struct qrt_proof_file file;
    struct qrt_buf text;
};

static void proving_free(struct proving *proving)
{
    qrt_proof_file_free(&proving->file);
    qrt_buf_free(&proving->text);
}

/* Only a log that has the receipt's tree continues it. */
static enum qrt_code check_receipt(const struct qrt_receipt *receipt, struct qrt_vault *vault,
                                   struct qrt_err *err)
{
    struct qrt_receipt_judgement judgement;
    enum qrt_code code = qrt_receipt_judge(&judgement, receipt, vault, err);
    if (code == QRT_OK && qrt_receipt_agrees(&judgement) &&
        strcmp(receipt->checkpoint.origin, vault->log.origin) != 0) {
        return qrt_fail(err, QRT_E_REFUSED,
                        "the receipt: it is of %s, which this log continues; no proof leads across "
                        "the joint: export the log, and verify both",
                        receipt->checkpoint.origin);
    }
    if (code != QRT_OK || qrt_receipt_agrees(&judgement)) {
        return code;
    }
    return judgement.result == QRT_RECEIPT_REFUSED
               ? qrt_fail(err, QRT_E_REFUSED, "the receipt: %s", judgement.why)
               : qrt_fail(err, QRT_E_TAMPERED, "the receipt: %s: %s",
                          qrt_receipt_result_name(judgement.result), judgement.why);
}

static enum qrt_code prove_from(struct proving *proving, struct qrt_vault *vault,
                                enum qrt_proof_kind kind, uint64_t number, struct qrt_err *err)
{
    QRT_DB_SOURCE rows = {0};
    enum qrt_code code = qrt_db_source_open(&rows, vault->log.db, &vault->views, err);
    if (code == QRT_OK) {
        struct qrt_log_source source = qrt_db_source(&rows);
        code = qrt_prove(&proving->file, &source, vault->log.head.size, kind, number, err);
    }
    return code == QRT_OK ? qrt_proof_file_format(&proving->text, &proving->file, err) : code;
}

static enum qrt_code prove_index(struct proving *proving, struct qrt_vault *vault,
                                 struct qrt_err *err)
{
    uint64_t index;
    if (!qrt_text_u64(proving->index, strlen(proving->index), INT64_MAX, &index)) {
        return qrt_fail(err, QRT_E_USAGE, "log prove: the index of an entry, a number from 0");
    }
    return prove_from(proving, vault, QRT_PROOF_INCLUSION, index, err);
}

static enum qrt_code prove_since(struct proving *proving, struct qrt_vault *vault,
                                 struct qrt_err *err)
{
    QRT_RECEIPT receipt = {0};
    enum qrt_code code = qrt_given_receipt(&receipt, proving->since, err);
    if (code == QRT_OK) {
        code = check_receipt(&receipt, vault, err);
    }
    if (code == QRT_OK) {
        code = prove_from(proving, vault, QRT_PROOF_CONSISTENCY, receipt.checkpoint.size, err);
    }
    if (code == QRT_OK && memcmp(proving->file.old_root, receipt.checkpoint.root,
                                 sizeof receipt.checkpoint.root) != 0) {
        code = qrt_fail(err, QRT_E_TAMPERED, "the receipt: its root is not the proof's");
    }
    return code;
}

static json_t *result_json(const struct proving *proving)
{
    const struct qrt_proof_file *file = &proving->file;
    char root[2 * QRT_HASH_BYTES + 1];
    qrt_text_hex(root, file->checkpoint.root, QRT_HASH_BYTES);
    json_t *json = json_pack("{s:I, s:s, s:s}", "size", (json_int_t)file->checkpoint.size, "root",
                             root, "proof", qrt_buf_str(&proving->text));
    if (json != NULL && file->kind == QRT_PROOF_INCLUSION) {
        struct qrt_entry entry;
        const char *text = qrt_buf_str(&file->extra);
        json_object_set_new(json, "index", json_integer((json_int_t)file->index));
        if (qrt_entry_parse(&entry, text, file->extra.len_bytes, NULL) == QRT_OK) {
            json_object_set_new(json, "entry", qrt_entry_json(&entry));
        }
    } else if (json != NULL) {
        qrt_text_hex(root, file->old_root, QRT_HASH_BYTES);
        json_object_set_new(json, "old_size", json_integer((json_int_t)file->old_size));
        json_object_set_new(json, "old_root", json_string(root));
    }
    return json;
}

static enum qrt_code print_result(const struct qrt_cli *cli, const struct proving *proving,
                                  struct qrt_err *err)
{
    QRT_BUF shown = {0};
    if (cli->json) {
        return qrt_cli_print_json(result_json(proving), err);
    }
    if (proving->out == NULL) {
        fwrite(proving->text.data, 1, proving->text.len_bytes, stdout);
        return qrt_cli_flush(err);
    }
    qrt_cli_say(
        stdout,
        "The proof is in %s.\nNext: whoever holds it, and the people's keys from paper, checks "
        "it with quorate log verify --proof FILE --people FILE.\n",
        qrt_cli_shown(&shown, proving->out));
    return qrt_cli_flush(err);
}

enum qrt_code qrt_cmd_log_prove(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    __attribute__((cleanup(proving_free))) struct proving proving = {0};
    QRT_VAULT vault = {0};
    enum qrt_code code;
    if ((code = qrt_cli_option(&proving.since, &argc, argv, "--since", err)) != QRT_OK ||
        (code = qrt_cli_option(&proving.out, &argc, argv, "--out", err)) != QRT_OK ||
        (code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (argc != (proving.since == NULL ? 2 : 1)) {
        return qrt_fail(err, QRT_E_USAGE, "log prove: the index of one entry, or --since RECEIPT");
    }
    proving.index = proving.since == NULL ? argv[1] : NULL;
    if ((code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK) {
        return code;
    }
    code = proving.index != NULL ? prove_index(&proving, &vault, err)
                                 : prove_since(&proving, &vault, err);
    if (code == QRT_OK) {
        code = proving.out == NULL ? QRT_OK : qrt_given_create(proving.out, &proving.text, err);
    }
    return code == QRT_OK ? print_result(cli, &proving, err) : code;
}
