#include "cli/cmd_receipt.h"

#include "base/file.h"
#include "base/text.h"
#include "ceremony/session/receipt.h"
#include "cli/card_file.h"
#include "cli/ui.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define STDIN_MAX_BYTES (512 * 1024)
#define RECEIPT_HEAD    "QUORATE1:R:"

/* Receipts as they come in, and the worst that was found. */
struct checking {
    struct qrt_held_receipts held;
    struct qrt_vault vault;
    struct qrt_worker scanner;
    enum qrt_code worst;
    struct qrt_err why;
};

static void checking_free(struct checking *checking)
{
    qrt_worker_stop(&checking->scanner);
    qrt_held_receipts_free(&checking->held);
    qrt_vault_close(&checking->vault);
}

/* One that is refused, or contradicts, does not hide the next. */
static enum qrt_code count(struct checking *checking, enum qrt_code code, const char *name,
                           struct qrt_err *why, struct qrt_err *err)
{
    QRT_BUF shown = {0};
    if (code == QRT_OK) {
        return QRT_OK;
    }
    qrt_err_prefix(why, "%.60s", qrt_cli_shown(&shown, name));
    if (code != QRT_E_REFUSED && code != QRT_E_TAMPERED) {
        *err = *why;
        return code;
    }
    if (checking->worst == QRT_OK ||
        (checking->worst == QRT_E_REFUSED && code != checking->worst)) {
        checking->worst = code;
        checking->why = *why;
    }
    return QRT_OK;
}

static enum qrt_code take(struct checking *checking, const char *name, const char *text,
                          size_t len_chars, struct qrt_err *err)
{
    struct qrt_err why = {0};
    enum qrt_code code =
        qrt_receipt_hold(&checking->held, &checking->vault, name, text, len_chars, &why);
    return count(checking, code, name, &why, err);
}

static enum qrt_code take_unread(struct checking *checking, const char *name, const char *reason,
                                 struct qrt_err *err)
{
    struct qrt_err why = {0};
    enum qrt_code code = qrt_receipt_hold_unread(&checking->held, name, reason, &why);
    return count(checking, code, name, &why, err);
}

/* A receipt a line. */
static enum qrt_code take_lines(struct checking *checking, const char *name, const char *text,
                                struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    bool any = false;
    while (code == QRT_OK && *text != '\0') {
        size_t len = strcspn(text, "\n");
        if (strspn(text, " \t\r") < len) {
            any = true;
            code = take(checking, name, text, len, err);
        }
        text += len + (text[len] == '\n' ? 1 : 0);
    }
    return code == QRT_OK && !any ? take_unread(checking, name, "nothing stands in it", err) : code;
}

static enum qrt_code take_stdin(struct checking *checking, struct qrt_err *err)
{
    QRT_BUF text = {0};
    enum qrt_code code = qrt_fd_read_all(&text, STDIN_FILENO, STDIN_MAX_BYTES, err);
    if (code != QRT_OK) {
        return qrt_err_prefix(err, "standard input");
    }
    return memchr(qrt_buf_str(&text), 0, text.len_bytes) != NULL
               ? take_unread(checking, "-", "no text", err)
               : take_lines(checking, "-", qrt_buf_str(&text), err);
}

/* A picture may show more codes than the receipt's. */
static enum qrt_code take_picture(struct checking *checking, const struct qrt_presented *picture,
                                  struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    bool any = false;
    const char *text = (const char *)picture->bytes.data;
    for (size_t i = 0; code == QRT_OK && i < picture->texts; i++) {
        if (strncmp(text, RECEIPT_HEAD, strlen(RECEIPT_HEAD)) == 0) {
            any = true;
            code = take(checking, picture->name, text, strlen(text), err);
        }
        text += strlen(text) + 1;
    }
    return code == QRT_OK && !any
               ? take_unread(checking, picture->name, "no receipt's code in it", err)
               : code;
}

static enum qrt_code take_file(struct checking *checking, const char *path, struct qrt_err *err)
{
    QRT_PRESENTED given = {0};
    if (strcmp(path, "-") == 0) {
        return take_stdin(checking, err);
    }
    if (access(path, R_OK) != 0) {
        int os = errno;
        QRT_BUF name = {0};
        return qrt_fail_os(err, QRT_E_USAGE, os, "%.160s", qrt_cli_shown(&name, path));
    }
    enum qrt_code code = qrt_sheet_file_read(&given, &checking->scanner, path, err);
    if (code != QRT_OK) {
        return code;
    }
    if (given.unreadable != NULL) {
        return take_unread(checking, path, given.unreadable, err);
    }
    return strcmp(given.how, "code") == 0
               ? take_picture(checking, &given, err)
               : take_lines(checking, path, (const char *)given.bytes.data, err);
}

static json_t *receipt_json(const struct qrt_held_receipt *held)
{
    const struct qrt_receipt_judgement *judgement = &held->judgement;
    const struct qrt_checkpoint *said = &held->receipt.checkpoint;
    char root[2 * QRT_HASH_BYTES + 1];
    json_t *cosigners = json_array();
    json_t *json = json_pack("{s:s, s:s}", "file", qrt_buf_str(&held->name), "result",
                             qrt_receipt_result_name(judgement->result));
    for (size_t i = 0; i < judgement->cosigners_len; i++) {
        json_array_append_new(cosigners, json_string(judgement->cosigners[i]));
    }
    if (said->size > 0) {
        qrt_text_hex(root, said->root, QRT_HASH_BYTES);
        json_object_set_new(json, "size", json_integer((json_int_t)said->size));
        json_object_set_new(json, "epoch", json_integer((json_int_t)held->receipt.epoch));
        json_object_set_new(json, "root", json_string(root));
    }
    json_object_set_new(json, "log_signed", json_boolean(judgement->log_signed));
    json_object_set_new(json, "cosigned_by", cosigners);
    if (judgement->why[0] != '\0') {
        json_object_set_new(json, "why", json_string(judgement->why));
    }
    if (held->evidence[0] != '\0') {
        json_object_set_new(json, "evidence", json_string(held->evidence));
    }
    return json;
}

static void show(const struct qrt_held_receipt *held)
{
    const struct qrt_receipt_judgement *judgement = &held->judgement;
    QRT_BUF line = {0};
    qrt_text_escape(&line, qrt_buf_str(&held->name), held->name.len_bytes);
    qrt_buf_printf(&line, ": %s", qrt_receipt_result_name(judgement->result));
    if (judgement->why[0] != '\0') {
        qrt_buf_printf(&line, ": %s", judgement->why);
    } else {
        qrt_buf_printf(&line, ", %llu entries, epoch %llu",
                       (unsigned long long)held->receipt.checkpoint.size,
                       (unsigned long long)held->receipt.epoch);
    }
    for (size_t i = 0; i < judgement->cosigners_len; i++) {
        qrt_buf_printf(&line, "%s%s", i == 0 ? "; cosigned by " : " and ", judgement->cosigners[i]);
    }
    puts(qrt_buf_str(&line));
}

static enum qrt_code print_result(const struct qrt_cli *cli, const struct checking *checking,
                                  struct qrt_err *err)
{
    const struct qrt_held_receipts *held = &checking->held;
    const struct qrt_head *head = &checking->vault.log.head;
    if (cli->json) {
        char root[2 * QRT_HASH_BYTES + 1];
        json_t *rows = json_array();
        for (size_t i = 0; i < held->len; i++) {
            json_array_append_new(rows, receipt_json(&held->list[i]));
        }
        qrt_text_hex(root, head->root, QRT_HASH_BYTES);
        return qrt_cli_print_json(json_pack("{s:I, s:I, s:s, s:o}", "size", (json_int_t)head->size,
                                            "epoch", (json_int_t)head->epochs - 1, "root", root,
                                            "receipts", rows),
                                  err);
    }
    bool all = true;
    for (size_t i = 0; i < held->len; i++) {
        show(&held->list[i]);
        all = all && qrt_receipt_agrees(&held->list[i].judgement);
    }
    if (all) {
        printf("The log, of %llu entries, continues every receipt.\n",
               (unsigned long long)head->size);
    }
    return qrt_cli_flush(err);
}

static enum qrt_code gather(struct checking *checking, struct qrt_performer *performer,
                            char **files, size_t files_len, struct qrt_err *err)
{
    struct qrt_err why = {0};
    enum qrt_code code = QRT_OK;
    for (size_t i = 0; code == QRT_OK && i < files_len; i++) {
        code = take_file(checking, files[i], err);
    }
    if (files_len > 0) {
        return code;
    }
    code = qrt_receipts_ask(&checking->held, &checking->vault, performer->ui, true, &why);
    if (code == QRT_E_REFUSED || code == QRT_E_TAMPERED) {
        checking->worst = code;
        checking->why = why;
        code = QRT_OK;
    } else if (code != QRT_OK) {
        *err = why;
    }
    /* At a terminal a refused one may be given again; what was let go stays refused. */
    for (size_t i = 0; code == QRT_OK && i < checking->held.len; i++) {
        const struct qrt_held_receipt *one = &checking->held.list[i];
        if (one->let_go && checking->worst == QRT_OK) {
            checking->worst = qrt_fail(&checking->why, QRT_E_REFUSED, "%s: %s",
                                       qrt_buf_str(&one->name), one->judgement.why);
        }
    }
    return code == QRT_OK && checking->held.len == 0
               ? qrt_fail(err, QRT_E_USAGE, "receipt check takes FILE... or -")
               : code;
}

enum qrt_code qrt_cmd_receipt_check(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    __attribute__((cleanup(checking_free))) struct checking checking = {0};
    QRT_PERFORMER performer = {0};
    size_t files_len = (size_t)argc - 1;
    enum qrt_code code;
    if ((code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK ||
        (code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (files_len == 0 && (code = qrt_performer_init(&performer, cli, NULL, 0, err)) != QRT_OK) ||
        (code = qrt_cli_open_vault(&checking.vault, cli, err)) != QRT_OK) {
        return code;
    }
    if (checking.vault.log.pending) {
        return qrt_fail(err, QRT_E_FAILED,
                        "a commit is unfinished: the next command with an operator's badge "
                        "completes it; then check again");
    }
    code = gather(&checking, &performer, argv + 1, files_len, err);
    qrt_performer_free(&performer);
    if (code == QRT_OK) {
        code = print_result(cli, &checking, err);
    }
    if (code == QRT_OK && checking.worst != QRT_OK) {
        *err = checking.why;
        code = checking.worst;
    }
    return code;
}
