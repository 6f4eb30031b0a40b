#include "log/prove.h"

#include <string.h>

/* Every leaf, in its order; and what the proof is of. */
static enum qrt_code read_entries(struct qrt_proof_file *file, struct qrt_proving *proving,
                                  const struct qrt_log_source *source, struct qrt_err *err)
{
    struct qrt_frontier frontier = {0};
    for (;;) {
        struct qrt_entry_row row;
        uint8_t leaf[QRT_HASH_BYTES];
        bool found;
        enum qrt_code code = source->next_entry(source->ctx, &row, &found, err);
        if (code != QRT_OK || !found) {
            return code;
        }
        qrt_tree_leaf(leaf, row.body.data, row.body.len_bytes);
        qrt_proving_add(proving, leaf);
        if (file->kind == QRT_PROOF_INCLUSION && frontier.size == file->index) {
            qrt_buf_add(&file->extra, row.body.data, row.body.len_bytes);
        }
        qrt_frontier_add(&frontier, leaf);
        if (file->kind == QRT_PROOF_CONSISTENCY && frontier.size == file->old_size) {
            qrt_frontier_root(&frontier, file->old_root);
        }
    }
}

static enum qrt_code read_checkpoint(struct qrt_proof_file *file,
                                     const struct qrt_log_source *source, struct qrt_err *err)
{
    struct qrt_buf *note = &file->checkpoint_note;
    struct qrt_checkpoint_row row;
    bool found;
    enum qrt_code code;
    while ((code = source->next_checkpoint(source->ctx, &row, &found, err)) == QRT_OK && found) {
        note->len_bytes = 0;
        qrt_buf_add(note, row.note.data, row.note.len_bytes);
        qrt_buf_add(note, row.later.data, row.later.len_bytes);
    }
    if (code == QRT_OK) {
        code = qrt_buf_check(note, err);
    }
    if (code == QRT_OK) {
        code = qrt_note_parse(&file->note, qrt_buf_str(note), note->len_bytes, err);
    }
    return code == QRT_OK ? qrt_checkpoint_parse(&file->checkpoint, file->note.text,
                                                 file->note.text_len_bytes, err)
                          : code;
}

enum qrt_code qrt_prove(struct qrt_proof_file *file, const struct qrt_log_source *source,
                        uint64_t size, enum qrt_proof_kind kind, uint64_t number,
                        struct qrt_err *err)
{
    struct qrt_proving proving;
    bool inclusion = kind == QRT_PROOF_INCLUSION;
    *file = (struct qrt_proof_file){
        .kind = kind, .index = inclusion ? number : 0, .old_size = inclusion ? 0 : number};
    if (!(inclusion ? qrt_proving_inclusion(&proving, number, size)
                    : qrt_proving_consistency(&proving, number, size))) {
        return qrt_fail(err, QRT_E_RANGE, "%s %llu: the log has %llu entries",
                        inclusion ? "entry" : "size", (unsigned long long)number,
                        (unsigned long long)size);
    }
    enum qrt_code code = read_entries(file, &proving, source, err);
    if (code == QRT_OK) {
        code = read_checkpoint(file, source, err);
    }
    if (code == QRT_OK) {
        code = qrt_buf_check(&file->extra, err);
    }
    file->proof = proving.proof;
    if (code != QRT_OK) {
        qrt_proof_file_free(file);
    }
    return code;
}
