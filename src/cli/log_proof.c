#include "cli/log_proof.h"

#include "base/text.h"
#include "cli/given.h"
#include "log/entry_json.h"
#include "log/people.h"
#include "log/proof.h"
#include <stdio.h>
#include <string.h>

/* A proof, and all that it is held against. */
struct checking {
    struct qrt_proof_file file;
    struct qrt_buf entry_text; /* of an inclusion */
    struct qrt_entry entry;
    struct qrt_faults signers; /* in words */
    size_t people_len;         /* who were given */
    bool is_of_receipt;
};

static void checking_free(struct checking *checking)
{
    qrt_proof_file_free(&checking->file);
    qrt_buf_free(&checking->entry_text);
    qrt_faults_free(&checking->signers);
}

/* Whatever is wrong with a proof: it is refused. */
static enum qrt_code refuse(enum qrt_code code, struct qrt_err *err)
{
    return code == QRT_E_FORMAT && err != NULL ? (err->code = QRT_E_REFUSED)
           : code == QRT_E_FORMAT              ? QRT_E_REFUSED
                                               : code;
}

static enum qrt_code read_proof(struct checking *checking, const char *name, struct qrt_err *err)
{
    QRT_BUF text = {0};
    enum qrt_code code = qrt_given_file(&text, name, QRT_PROOF_FILE_MAX_BYTES, err);
    return code == QRT_OK ? refuse(qrt_proof_file_parse(&checking->file, qrt_buf_str(&text),
                                                        text.len_bytes, err),
                                   err)
                          : code;
}

/* The entry that the file carries, or the one that was given beside it. */
static enum qrt_code read_entry(struct checking *checking, const char *name, struct qrt_err *err)
{
    const struct qrt_proof_file *file = &checking->file;
    enum qrt_code code = QRT_OK;
    if (file->kind == QRT_PROOF_CONSISTENCY) {
        return name == NULL ? QRT_OK
                            : qrt_fail(err, QRT_E_USAGE, "--entry: the proof is not of an entry");
    }
    if (name != NULL) {
        code = qrt_given_file(&checking->entry_text, name, QRT_ENTRY_MAX_BYTES, err);
    } else if (file->extra.len_bytes == 0) {
        code = qrt_fail(err, QRT_E_USAGE, "the proof: it has no entry: give it with --entry FILE");
    } else {
        qrt_buf_add(&checking->entry_text, file->extra.data, file->extra.len_bytes);
        code = qrt_buf_check(&checking->entry_text, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    code = refuse(qrt_entry_parse(&checking->entry, qrt_buf_str(&checking->entry_text),
                                  checking->entry_text.len_bytes, err),
                  err);
    if (code == QRT_OK && (checking->entry.index != file->index ||
                           !qrt_span_is(checking->entry.origin, file->checkpoint.origin))) {
        code = qrt_fail(err, QRT_E_REFUSED, "the proof: its entry says another index, or log");
    }
    return code;
}

static enum qrt_code check_signers(struct checking *checking, const struct qrt_buf *people_text,
                                   struct qrt_err *err)
{
    QRT_PEOPLE people = {0};
    QRT_PEOPLE named = {0};
    const struct qrt_checkpoint *head = &checking->file.checkpoint;
    enum qrt_code code =
        qrt_people_parse(&people, qrt_buf_str(people_text), people_text->len_bytes, err);
    if (code == QRT_OK) {
        code = qrt_people_check_origin(&people, head->origin, err);
    }
    if (code == QRT_OK) {
        code = qrt_people_rename(&named, &people, head->origin, err);
    }
    checking->people_len = qrt_people_names(&named);
    if (code == QRT_OK &&
        qrt_people_count(&named, &checking->file.note, &checking->signers, 0, 0) == 0) {
        code = qrt_fail(err, QRT_E_REFUSED,
                        "the proof: none of the people given cosigned its checkpoint");
    }
    return code;
}

static enum qrt_code check_receipt(struct checking *checking, const char *given,
                                   struct qrt_err *err)
{
    const struct qrt_proof_file *file = &checking->file;
    QRT_RECEIPT receipt = {0};
    if (given == NULL) {
        return QRT_OK;
    }
    if (file->kind != QRT_PROOF_CONSISTENCY) {
        return qrt_fail(err, QRT_E_USAGE, "--receipt: the proof is of an entry");
    }
    enum qrt_code code = qrt_given_receipt(&receipt, given, err);
    if (code == QRT_OK && (strcmp(receipt.checkpoint.origin, file->checkpoint.origin) != 0 ||
                           receipt.checkpoint.size != file->old_size ||
                           memcmp(receipt.checkpoint.root, file->old_root, QRT_HASH_BYTES) != 0)) {
        code = qrt_fail(err, QRT_E_REFUSED, "the proof: it is not from the receipt's tree");
    }
    checking->is_of_receipt = code == QRT_OK;
    return code;
}

static json_t *result_json(const struct checking *checking)
{
    const struct qrt_proof_file *file = &checking->file;
    char root[2 * QRT_HASH_BYTES + 1];
    json_t *signers = json_array();
    qrt_text_hex(root, file->checkpoint.root, QRT_HASH_BYTES);
    for (size_t i = 0; i < checking->signers.len; i++) {
        json_array_append_new(signers, json_string(checking->signers.list[i].text));
    }
    json_t *json = json_pack("{s:s, s:I, s:s, s:o}", "origin", file->checkpoint.origin, "size",
                             (json_int_t)file->checkpoint.size, "root", root, "signers", signers);
    if (json == NULL) {
        return NULL;
    }
    if (file->kind == QRT_PROOF_INCLUSION) {
        json_object_set_new(json, "index", json_integer((json_int_t)file->index));
        json_object_set_new(json, "entry", qrt_entry_json(&checking->entry));
    } else {
        qrt_text_hex(root, file->old_root, QRT_HASH_BYTES);
        json_object_set_new(json, "old_size", json_integer((json_int_t)file->old_size));
        json_object_set_new(json, "old_root", json_string(root));
    }
    return json;
}

static enum qrt_code print_result(const struct qrt_cli *cli, const struct checking *checking,
                                  struct qrt_err *err)
{
    const struct qrt_proof_file *file = &checking->file;
    unsigned long long size = file->checkpoint.size;
    if (cli->json) {
        return qrt_cli_print_json(result_json(checking), err);
    }
    if (file->kind == QRT_PROOF_INCLUSION) {
        /* A well-formed entry is printable ASCII. */
        fwrite(checking->entry_text.data, 1, checking->entry_text.len_bytes, stdout);
        printf("This is entry %llu of %s, in its log of %llu entries,\n",
               (unsigned long long)file->index, file->checkpoint.origin, size);
    } else {
        char root[2 * QRT_HASH_BYTES + 1];
        qrt_text_hex(root, file->old_root, QRT_HASH_BYTES);
        printf("The log of %s with %llu entries continues the one with %llu, root\n%s%s,\n",
               file->checkpoint.origin, size, (unsigned long long)file->old_size, root,
               checking->is_of_receipt ? ", which is the receipt's" : "");
    }
    for (size_t i = 0; i < checking->signers.len; i++) {
        printf("%s\n", checking->signers.list[i].text);
    }
    printf("That is %zu of the %zu people given. A proof does not say how many the policy asks "
           "for: count them.\n",
           checking->signers.len, checking->people_len);
    if (file->kind == QRT_PROOF_CONSISTENCY && !checking->is_of_receipt) {
        puts("Next: hold that size and root against your receipt (--receipt).");
    }
    return qrt_cli_flush(err);
}

enum qrt_code qrt_log_verify_proof(const struct qrt_cli *cli,
                                   const struct qrt_proof_options *options,
                                   const struct qrt_buf *people, struct qrt_err *err)
{
    __attribute__((cleanup(checking_free))) struct checking checking = {0};
    enum qrt_code code;
    if (people == NULL) {
        return qrt_fail(err, QRT_E_USAGE,
                        "--proof: needs --people FILE: a proof is worth its signatures");
    }
    if ((code = read_proof(&checking, options->file, err)) != QRT_OK ||
        (code = read_entry(&checking, options->entry, err)) != QRT_OK ||
        (code = check_receipt(&checking, options->receipt, err)) != QRT_OK) {
        return code;
    }
    struct qrt_span entry = {qrt_buf_str(&checking.entry_text), checking.entry_text.len_bytes};
    if ((code = qrt_proof_file_check(&checking.file, entry, err)) != QRT_OK ||
        (code = check_signers(&checking, people, err)) != QRT_OK) {
        return code;
    }
    return print_result(cli, &checking, err);
}
