#include "log/opening.h"

#include "log/commit.h"

#include <string.h>

static bool head_equals(const struct qrt_head *a, const struct qrt_head *b)
{
    return a->epochs == b->epochs && a->size == b->size &&
           memcmp(a->root, b->root, sizeof a->root) == 0;
}

enum qrt_code qrt_opening_head_after(const struct qrt_record *record,
                                     const struct qrt_frontier *before, struct qrt_frontier *after,
                                     struct qrt_head *head, struct qrt_err *err)
{
    *after = *before;
    for (size_t i = 0; i < record->entries_len; i++) {
        uint8_t leaf[QRT_HASH_BYTES];
        qrt_tree_leaf(leaf, record->entries[i].data, record->entries[i].len_bytes);
        qrt_frontier_add(after, leaf);
    }
    *head = (struct qrt_head){.epochs = record->epoch + 1, .size = after->size};
    qrt_frontier_root(after, head->root);
    struct qrt_checkpoint said;
    if (qrt_checkpoint_parse(&said, record->checkpoint.data, record->checkpoint.len_bytes, err) !=
            QRT_OK ||
        said.size != head->size || memcmp(said.root, head->root, sizeof said.root) != 0) {
        return qrt_fail(err, QRT_E_TAMPERED, "%s: its commit record contradicts itself",
                        QRT_KEYSTATE_FILE);
    }
    return QRT_OK;
}

static enum qrt_standing standing_pending(const struct qrt_log *log,
                                          const struct qrt_record *record)
{
    struct qrt_checkpoint said;
    if (head_equals(&log->head, &log->key.head)) {
        return QRT_STANDS_BEFORE;
    }
    /* At the new head? Then the record's checkpoint is the one that stands. */
    bool after = record->epoch == log->key.head.epochs && log->head.epochs == record->epoch + 1 &&
                 qrt_checkpoint_parse(&said, record->checkpoint.data, record->checkpoint.len_bytes,
                                      NULL) == QRT_OK &&
                 said.size == log->head.size &&
                 memcmp(said.root, log->head.root, sizeof said.root) == 0;
    return after ? QRT_STANDS_AT_HEAD : QRT_STANDS_ELSEWHERE;
}

/* The database has the commit: does it have all that cosigned it since? */
static enum qrt_standing standing_later(const struct qrt_log *log, const struct qrt_record *record)
{
    size_t lines = 0;
    size_t found = 0;
    bool last = true;
    for (size_t i = 0; i < log->later.len_bytes; i++) {
        lines += log->later.data[i] == '\n';
    }
    for (size_t i = 0; i < record->later_len; i++) {
        QRT_BUF line = {0};
        qrt_cosign_line(&line, log, &record->later[i]);
        last = line.len_bytes > 0 && memmem(qrt_buf_str(&log->later), log->later.len_bytes,
                                            line.data, line.len_bytes) != NULL;
        found += last;
    }
    if (lines != found || found + (last ? 0 : 1) != record->later_len) {
        return QRT_STANDS_ELSEWHERE;
    }
    return last ? QRT_STANDS_AT_HEAD : QRT_STANDS_UNCOSIGNED;
}

static enum qrt_standing standing_kept(const struct qrt_log *log, const struct qrt_record *record)
{
    struct qrt_frontier after;
    struct qrt_head head;
    if (head_equals(&log->head, &log->key.head)) {
        return log->key.record_state == QRT_RECORD_NONE ? QRT_STANDS_AT_HEAD
                                                        : standing_later(log, record);
    }
    if (record->entries_len > 0 && log->head.epochs == record->epoch &&
        qrt_opening_head_after(record, &log->frontier, &after, &head, NULL) == QRT_OK &&
        head_equals(&head, &log->key.head)) {
        return QRT_STANDS_BEFORE;
    }
    return QRT_STANDS_ELSEWHERE;
}

enum qrt_standing qrt_opening_standing(const struct qrt_log *log, const struct qrt_record *record)
{
    return log->key.record_state == QRT_RECORD_PENDING ? standing_pending(log, record)
                                                       : standing_kept(log, record);
}

enum qrt_code qrt_opening_record(const struct qrt_log *log, struct qrt_record *record,
                                 struct qrt_err *err)
{
    *record = (struct qrt_record){0};
    if (log->key.record_state == QRT_RECORD_NONE) {
        return QRT_OK;
    }
    enum qrt_code code =
        qrt_record_decode(record, log->key.record.data, log->key.record.len_bytes, err);
    bool cosigning = log->key.record_state == QRT_RECORD_COSIGNING;
    bool pending = log->key.record_state == QRT_RECORD_PENDING;
    if (code == QRT_OK &&
        ((cosigning && record->later_len == 0) || (pending && record->later_len > 0))) {
        qrt_record_free(record);
        code = qrt_fail(err, QRT_E_TAMPERED, "%s: its commit record contradicts its state",
                        QRT_KEYSTATE_FILE);
    }
    return code;
}
