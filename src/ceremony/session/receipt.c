#include "ceremony/session/receipt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void held_free(struct qrt_held_receipt *held)
{
    qrt_buf_free(&held->name);
    qrt_receipt_free(&held->receipt);
}

void qrt_held_receipts_free(struct qrt_held_receipts *held)
{
    for (size_t i = 0; i < held->len; i++) {
        held_free(&held->list[i]);
    }
    free(held->list);
    *held = (struct qrt_held_receipts){0};
}

static enum qrt_code begin(struct qrt_held_receipt *one, const struct qrt_held_receipts *held,
                           const char *name, struct qrt_err *err)
{
    if (held->len == QRT_RECEIPTS_MAX) {
        return qrt_fail(err, QRT_E_RANGE, "more than %d receipts", QRT_RECEIPTS_MAX);
    }
    qrt_buf_text(&one->name, name);
    return qrt_buf_check(&one->name, err);
}

/* Takes it over; says what it came to. */
static enum qrt_code add(struct qrt_held_receipts *held, struct qrt_held_receipt *one,
                         struct qrt_err *err)
{
    struct qrt_held_receipt *list = reallocarray(held->list, held->len + 1, sizeof *list);
    if (list == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "a receipt");
    }
    held->list = list;
    struct qrt_held_receipt *kept = &list[held->len++];
    *kept = *one;
    *one = (struct qrt_held_receipt){0};
    const struct qrt_receipt_judgement *judgement = &kept->judgement;
    if (qrt_receipt_agrees(judgement)) {
        return QRT_OK;
    }
    return judgement->result == QRT_RECEIPT_REFUSED
               ? qrt_fail(err, QRT_E_REFUSED, "%s", judgement->why)
               : qrt_fail(err, QRT_E_TAMPERED, "%s: %.130s; saved as %s",
                          qrt_receipt_result_name(judgement->result), judgement->why,
                          kept->evidence[0] != '\0' ? kept->evidence
                                                    : "nothing: it cannot be written");
}

/* One of the same size with another root, which a badge cosigned too: of two
 * histories at least one is not this log's. */
static const struct qrt_receipt *contradicted(struct qrt_held_receipt *one,
                                              const struct qrt_held_receipts *held)
{
    const struct qrt_checkpoint *said = &one->receipt.checkpoint;
    for (size_t i = 0; i < held->len && one->judgement.cosigners_len > 0; i++) {
        const struct qrt_held_receipt *other = &held->list[i];
        const struct qrt_checkpoint *theirs = &other->receipt.checkpoint;
        if (other->judgement.cosigners_len > 0 && theirs->size == said->size &&
            memcmp(theirs->root, said->root, sizeof said->root) != 0) {
            one->judgement.result = QRT_RECEIPT_FORK;
            snprintf(one->judgement.why, sizeof one->judgement.why,
                     "two receipts of size %llu have different roots",
                     (unsigned long long)said->size);
            return &other->receipt;
        }
    }
    return NULL;
}

enum qrt_code qrt_receipt_hold(struct qrt_held_receipts *held, struct qrt_vault *vault,
                               const char *name, const char *text, size_t len_chars,
                               struct qrt_err *err)
{
    __attribute__((cleanup(held_free))) struct qrt_held_receipt one = {0};
    struct qrt_err why = {0};
    enum qrt_code code = begin(&one, held, name, err);
    if (code != QRT_OK) {
        return code;
    }
    code = qrt_receipt_read(&one.receipt, text, len_chars, &why);
    if (code == QRT_E_REFUSED) {
        snprintf(one.judgement.why, sizeof one.judgement.why, "%.150s", why.what);
        return add(held, &one, err);
    }
    if (code != QRT_OK) {
        return qrt_fail(err, code, "%s", why.what);
    }
    code = qrt_receipt_judge(&one.judgement, &one.receipt, vault, err);
    if (code == QRT_OK && !qrt_receipt_agrees(&one.judgement) &&
        one.judgement.result != QRT_RECEIPT_REFUSED) {
        /* What cannot be saved is told all the same. */
        if (qrt_receipt_save(one.evidence, &one.receipt, contradicted(&one, held), vault, NULL) !=
            QRT_OK) {
            one.evidence[0] = '\0';
        }
    }
    return code == QRT_OK ? add(held, &one, err) : code;
}

enum qrt_code qrt_receipt_hold_unread(struct qrt_held_receipts *held, const char *name,
                                      const char *why, struct qrt_err *err)
{
    __attribute__((cleanup(held_free))) struct qrt_held_receipt one = {0};
    enum qrt_code code = begin(&one, held, name, err);
    if (code != QRT_OK) {
        return code;
    }
    snprintf(one.judgement.why, sizeof one.judgement.why, "%s", why);
    return add(held, &one, err);
}

/* The last receipt of that name, if it was refused. */
static struct qrt_held_receipt *refused_last(const struct qrt_held_receipts *held, const char *name)
{
    struct qrt_held_receipt *last = held->len > 0 ? &held->list[held->len - 1] : NULL;
    return last != NULL && strcmp(qrt_buf_str(&last->name), name) == 0 &&
                   last->judgement.result == QRT_RECEIPT_REFUSED
               ? last
               : NULL;
}

/* Enter alone says that nobody brought one. Somebody did: whether it goes on all
 * the same is theirs to say. */
static enum qrt_code ask_to_let_go(struct qrt_held_receipt *refused, const struct qrt_ui *ui,
                                   struct qrt_err *err)
{
    QRT_BUF words = {0};
    qrt_buf_printf(&words,
                   "The receipt that was shown is refused: %s. If that is no slip, stop, and "
                   "compare other receipts. Go on without it? The log will say so",
                   refused->judgement.why);
    return ui->confirm(ui->ctx, &refused->let_go, qrt_buf_str(&words), err);
}

enum qrt_code qrt_receipts_ask(struct qrt_held_receipts *held, struct qrt_vault *vault,
                               const struct qrt_ui *ui, bool all, struct qrt_err *err)
{
    enum qrt_code worst = QRT_OK;
    for (size_t i = 0;;) {
        QRT_BUF text = {0};
        char key[32];
        struct qrt_err why = {0};
        snprintf(key, sizeof key, "receipts.%zu", i);
        struct qrt_question question = {
            .key = key,
            .words = i == 0 ? "A receipt of the last session, scanned or typed. Enter alone if "
                              "nobody brought one"
                            : "Another receipt. Enter alone if there is none",
            .optional = true};
        enum qrt_code code = ui->ask_line(ui->ctx, &text, &question, &why);
        if (code == QRT_E_NOT_FOUND) {
            struct qrt_held_receipt *refused = ui->person ? refused_last(held, key) : NULL;
            if (refused == NULL) {
                return worst;
            }
            if ((code = ask_to_let_go(refused, ui, err)) != QRT_OK || refused->let_go) {
                return code == QRT_OK ? worst : code;
            }
            continue;
        }
        if (code == QRT_OK) {
            code = qrt_receipt_hold(held, vault, key, qrt_buf_str(&text), text.len_bytes, &why);
        }
        bool told = code == QRT_OK || qrt_ui_again(ui, qrt_err_prefix(&why, "%s", key), &why);
        if (!told && (worst == QRT_OK || code == QRT_E_TAMPERED)) {
            worst = code;
            if (err != NULL) {
                *err = why;
            }
        }
        if (!told && (!all || (code != QRT_E_REFUSED && code != QRT_E_TAMPERED))) {
            return code;
        }
        i += code == QRT_OK || !told;
    }
}

void qrt_receipts_keep(struct qrt_session *session, const struct qrt_held_receipts *held)
{
    for (size_t i = 0; i < held->len; i++) {
        const struct qrt_held_receipt *one = &held->list[i];
        const struct qrt_checkpoint *said = &one->receipt.checkpoint;
        if (qrt_receipt_agrees(&one->judgement)) {
            qrt_buf_printf(&session->receipts, "%llu ", (unsigned long long)said->size);
            qrt_base64_add(&session->receipts, said->root, sizeof said->root);
            qrt_buf_text(&session->receipts, "\n");
        } else if (one->let_go) {
            qrt_buf_printf(&session->let_go, "%s\n", one->judgement.why);
        }
    }
}

enum qrt_code qrt_receipts_check(struct qrt_session *session, struct qrt_err *err)
{
    QRT_HELD_RECEIPTS held = {0};
    enum qrt_code code = qrt_receipts_ask(&held, session->vault, session->ui, false, err);
    if (code != QRT_OK) {
        return code;
    }
    qrt_receipts_keep(session, &held);
    code = qrt_buf_check(&session->receipts, err);
    return code == QRT_OK ? qrt_buf_check(&session->let_go, err) : code;
}

enum qrt_code qrt_receipt_of_signer(struct qrt_held_receipts *held, struct qrt_vault *vault,
                                    const struct qrt_ui *ui, const char *person,
                                    struct qrt_err *err)
{
    char key[64];
    char words[160];
    snprintf(key, sizeof key, "signers.%s", person);
    snprintf(words, sizeof words,
             "%s signs the close: their own last receipt, scanned or typed. Enter alone if they "
             "have none",
             person);
    struct qrt_question question = {.key = key, .words = words, .optional = true};
    for (;;) {
        QRT_BUF text = {0};
        enum qrt_code code = ui->ask_line(ui->ctx, &text, &question, err);
        if (code == QRT_OK) {
            code = qrt_receipt_hold(held, vault, key, qrt_buf_str(&text), text.len_bytes, err);
        }
        struct qrt_held_receipt *refused = ui->person ? refused_last(held, key) : NULL;
        if (code == QRT_E_NOT_FOUND && refused != NULL) {
            if ((code = ask_to_let_go(refused, ui, err)) != QRT_OK || refused->let_go) {
                return code == QRT_OK
                           ? qrt_fail(err, QRT_E_REFUSED, "%s: %s", key, refused->judgement.why)
                           : code;
            }
            continue;
        }
        if (code == QRT_OK || code == QRT_E_NOT_FOUND ||
            !qrt_ui_again(ui, qrt_err_prefix(err, "%s", key), err)) {
            return code;
        }
    }
}
