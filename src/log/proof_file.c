#include "log/proof.h"

#include "base/text.h"
#include <string.h>

#define INCLUSION_TAG   "c2sp.org/tlog-proof@v1"
#define CONSISTENCY_TAG "quorate/consistency/v1"

void qrt_proof_file_free(struct qrt_proof_file *file)
{
    qrt_buf_free(&file->extra);
    qrt_buf_free(&file->checkpoint_note);
    *file = (struct qrt_proof_file){0};
}

enum qrt_code qrt_proof_file_format(struct qrt_buf *out, const struct qrt_proof_file *file,
                                    struct qrt_err *err)
{
    if (file->kind == QRT_PROOF_INCLUSION) {
        qrt_buf_text(out, INCLUSION_TAG "\n");
        if (file->extra.len_bytes > 0) {
            qrt_buf_text(out, "extra ");
            qrt_base64_add(out, file->extra.data, file->extra.len_bytes);
            qrt_buf_text(out, "\n");
        }
        qrt_buf_printf(out, "index %llu\n", (unsigned long long)file->index);
    } else {
        qrt_buf_printf(out, CONSISTENCY_TAG "\nold %llu ", (unsigned long long)file->old_size);
        qrt_base64_add(out, file->old_root, QRT_HASH_BYTES);
        qrt_buf_text(out, "\n");
    }
    for (size_t i = 0; i < file->proof.len; i++) {
        qrt_base64_add(out, file->proof.hashes[i], QRT_HASH_BYTES);
        qrt_buf_text(out, "\n");
    }
    qrt_buf_text(out, "\n");
    qrt_buf_add(out, file->checkpoint_note.data, file->checkpoint_note.len_bytes);
    return qrt_buf_check(out, err);
}

/* The lines of a file, and the number of the one at hand. */
struct lines {
    struct qrt_reader reader;
    unsigned number;
    const char *line;
    size_t chars;
};

static bool next(struct lines *lines)
{
    lines->number++;
    lines->line = qrt_read_line(&lines->reader, &lines->chars);
    return lines->line != NULL;
}

static enum qrt_code bad_line(const struct lines *lines, const char *why, struct qrt_err *err)
{
    return qrt_fail(err, QRT_E_FORMAT, "proof: line %u: %s", lines->number, why);
}

static bool line_is(const struct lines *lines, const char *text)
{
    return lines->line != NULL && lines->chars == strlen(text) &&
           memcmp(lines->line, text, lines->chars) == 0;
}

/* What follows a word and a space; NULL if the line has another word. */
static const char *behind(const struct lines *lines, const char *word, size_t *chars)
{
    size_t n = strlen(word);
    if (lines->line == NULL || lines->chars <= n || memcmp(lines->line, word, n) != 0) {
        return NULL;
    }
    struct qrt_reader reader = qrt_reader_of(lines->line, lines->chars);
    qrt_read_view(&reader, n);
    *chars = qrt_reader_left(&reader);
    return (const char *)qrt_read_view(&reader, *chars);
}

static bool read_hash(uint8_t out[static QRT_HASH_BYTES], const char *text, size_t chars)
{
    size_t n;
    return qrt_base64_decode(out, QRT_HASH_BYTES, &n, text, chars) && n == QRT_HASH_BYTES;
}

static enum qrt_code read_extra(struct qrt_proof_file *file, const struct lines *lines,
                                const char *text, size_t chars, struct qrt_err *err)
{
    uint8_t entry[QRT_ENTRY_MAX_BYTES];
    size_t n;
    if (!qrt_base64_decode(entry, sizeof entry, &n, text, chars) || n == 0) {
        return bad_line(lines, "no canonical base64 of an entry", err);
    }
    qrt_buf_add(&file->extra, entry, n);
    return qrt_buf_check(&file->extra, err);
}

static enum qrt_code read_inclusion(struct qrt_proof_file *file, struct lines *lines,
                                    struct qrt_err *err)
{
    size_t chars;
    file->kind = QRT_PROOF_INCLUSION;
    (void)next(lines);
    const char *text = behind(lines, "extra ", &chars);
    if (text != NULL) {
        enum qrt_code code = read_extra(file, lines, text, chars, err);
        if (code != QRT_OK) {
            return code;
        }
        (void)next(lines);
    }
    text = behind(lines, "index ", &chars);
    if (text == NULL || !qrt_text_u64(text, chars, INT64_MAX, &file->index)) {
        return bad_line(lines, "not the index of an entry", err);
    }
    return QRT_OK;
}

static enum qrt_code read_consistency(struct qrt_proof_file *file, struct lines *lines,
                                      struct qrt_err *err)
{
    size_t chars = 0;
    file->kind = QRT_PROOF_CONSISTENCY;
    (void)next(lines);
    const char *text = behind(lines, "old ", &chars);
    const char *space = text == NULL ? NULL : memchr(text, ' ', chars);
    if (space == NULL) {
        return bad_line(lines, "not `old SIZE ROOT`", err);
    }
    size_t size_chars = (size_t)(space - text);
    if (!qrt_text_u64(text, size_chars, INT64_MAX, &file->old_size) || file->old_size == 0) {
        return bad_line(lines, "no size", err);
    }
    if (!read_hash(file->old_root, space + 1, chars - size_chars - 1)) {
        return bad_line(lines, "no root", err);
    }
    return QRT_OK;
}

/* The hashes, the empty line, and the checkpoint to the end. */
static enum qrt_code read_rest(struct qrt_proof_file *file, struct lines *lines,
                               struct qrt_err *err)
{
    for (;;) {
        if (!next(lines)) {
            return bad_line(lines, "cut short", err);
        }
        if (lines->chars == 0) {
            break;
        }
        if (file->proof.len == QRT_PROOF_HASHES_MAX) {
            return bad_line(lines, "more hashes than any proof has", err);
        }
        if (!read_hash(file->proof.hashes[file->proof.len++], lines->line, lines->chars)) {
            return bad_line(lines, "no canonical base64 of a hash", err);
        }
    }
    size_t left = qrt_reader_left(&lines->reader);
    qrt_buf_add(&file->checkpoint_note, qrt_read_view(&lines->reader, left), left);
    enum qrt_code code = qrt_buf_check(&file->checkpoint_note, err);
    if (code == QRT_OK) {
        code = qrt_note_parse(&file->note, qrt_buf_str(&file->checkpoint_note), left, err);
    }
    if (code == QRT_OK) {
        code = qrt_checkpoint_parse(&file->checkpoint, file->note.text, file->note.text_len_bytes,
                                    err);
    }
    return code;
}

enum qrt_code qrt_proof_file_parse(struct qrt_proof_file *file, const char *text, size_t len_bytes,
                                   struct qrt_err *err)
{
    struct lines lines = {.reader = qrt_reader_of(text, len_bytes)};
    enum qrt_code code;
    *file = (struct qrt_proof_file){0};
    if (len_bytes > QRT_PROOF_FILE_MAX_BYTES) {
        return qrt_fail(err, QRT_E_FORMAT, "proof: longer than %d bytes", QRT_PROOF_FILE_MAX_BYTES);
    }
    (void)next(&lines);
    if (line_is(&lines, INCLUSION_TAG)) {
        code = read_inclusion(file, &lines, err);
    } else if (line_is(&lines, CONSISTENCY_TAG)) {
        code = read_consistency(file, &lines, err);
    } else {
        code = bad_line(&lines, "neither " INCLUSION_TAG " nor " CONSISTENCY_TAG, err);
    }
    if (code == QRT_OK) {
        code = read_rest(file, &lines, err);
    }
    if (code != QRT_OK) {
        qrt_proof_file_free(file);
    }
    return code;
}

enum qrt_code qrt_proof_file_check(const struct qrt_proof_file *file, struct qrt_span entry,
                                   struct qrt_err *err)
{
    const struct qrt_checkpoint *head = &file->checkpoint;
    uint8_t leaf[QRT_HASH_BYTES];
    if (file->kind == QRT_PROOF_CONSISTENCY) {
        return qrt_consistency_verify(&file->proof, file->old_size, head->size, file->old_root,
                                      head->root)
                   ? QRT_OK
                   : qrt_fail(err, QRT_E_REFUSED,
                              "proof: the log of %llu entries does not continue the one of %llu",
                              (unsigned long long)head->size, (unsigned long long)file->old_size);
    }
    qrt_tree_leaf(leaf, entry.data, entry.len_bytes);
    return qrt_inclusion_verify(&file->proof, file->index, head->size, leaf, head->root)
               ? QRT_OK
               : qrt_fail(err, QRT_E_REFUSED,
                          "proof: it does not lead from the entry at index %llu to the checkpoint "
                          "of %llu",
                          (unsigned long long)file->index, (unsigned long long)head->size);
}
