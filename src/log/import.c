#include "log/export.h"

#include "base/file.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "log/import_files.h"
#include "log/import_lines.h"
#include "log/predecessor.h"
#include "log/replay.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUNDLE_MAX_BYTES (QRT_TILE_WIDTH * (2 + QRT_ENTRY_MAX_BYTES))

/* A bundle's file, by its number. */
struct bundle {
    uint64_t n;
    unsigned width;
    const char *path;
};

/* The rows of an export on their way to a replay, each held against the files
 * that follow from it. */
struct importer {
    struct qrt_log *log;
    struct qrt_import *files;
    struct qrt_faults *faults;
    struct qrt_derived *derived;
    struct bundle *bundles; /* ascending, the first of each number */
    size_t bundles_len;
    size_t bundles_read;
    uint64_t *epochs; /* that have a note, ascending */
    size_t epochs_len;
    size_t epochs_read;
    struct qrt_buf bundle;
    struct qrt_reader reader; /* over it */
    unsigned left;            /* entries of it still to come, by its name */
    uint64_t index;           /* of the next entry */
    uint64_t epoch;           /* that an entry stands in if it does not say */
    bool gap;                 /* some entry is not there: the tree is not this one */
    struct qrt_lines lines;
    struct qrt_buf note;
    uint8_t note_key[QRT_PUBLIC_BYTES];
};

static void importer_free(struct importer *importer)
{
    if (importer->derived != NULL) {
        qrt_derived_free(importer->derived);
    }
    free(importer->derived);
    free(importer->bundles);
    free(importer->epochs);
    qrt_buf_free(&importer->bundle);
    qrt_lines_close(&importer->lines);
    qrt_buf_free(&importer->note);
}

/* ---- what is there ---- */

static int by_number(const void *a, const void *b)
{
    const struct bundle *x = a;
    const struct bundle *y = b;
    return x->n != y->n ? (x->n < y->n ? -1 : 1) : (int)y->width - (int)x->width;
}

static int by_epoch(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Of two bundles of one number the wider one is read; the other is unknown. */
static void drop_second(struct importer *importer)
{
    size_t kept = 0;
    for (size_t i = 0; i < importer->bundles_len; i++) {
        if (kept == 0 || importer->bundles[kept - 1].n != importer->bundles[i].n) {
            importer->bundles[kept++] = importer->bundles[i];
        }
    }
    importer->bundles_len = kept;
}

static enum qrt_code find_rows(struct importer *importer, struct qrt_err *err)
{
    const struct qrt_import *files = importer->files;
    importer->bundles = calloc(files->len + 1, sizeof *importer->bundles);
    importer->epochs = calloc(files->len + 1, sizeof *importer->epochs);
    if (importer->bundles == NULL || importer->epochs == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "the list of files");
    }
    for (size_t i = 0; i < files->len; i++) {
        const char *path = files->files[i].path;
        struct bundle bundle = {.path = path};
        int level;
        if (qrt_tile_path_read(path, &level, &bundle.n, &bundle.width) &&
            level == QRT_TILE_ENTRIES) {
            importer->bundles[importer->bundles_len++] = bundle;
        }
        size_t skip = sizeof QRT_EXPORT_CHAIN - 1;
        if (strncmp(path, QRT_EXPORT_CHAIN, skip) == 0 &&
            qrt_text_u64(path + skip, strlen(path + skip), INT64_MAX,
                         &importer->epochs[importer->epochs_len])) {
            importer->epochs_len++;
        }
    }
    qsort(importer->bundles, importer->bundles_len, sizeof *importer->bundles, by_number);
    qsort(importer->epochs, importer->epochs_len, sizeof *importer->epochs, by_epoch);
    drop_second(importer);
    return QRT_OK;
}

/* ---- entries ---- */

static enum qrt_code check_tile(void *ctx, unsigned level, uint64_t n, unsigned width,
                                const uint8_t *hashes, struct qrt_err *err)
{
    struct importer *importer = ctx;
    char path[QRT_TILE_PATH_BYTES];
    if (importer->gap) {
        return QRT_OK;
    }
    qrt_tile_path(path, (int)level, n, width);
    return qrt_import_compare(importer->files, path, hashes, (size_t)width * QRT_HASH_BYTES,
                              QRT_HASH_BYTES, "it is not the hash that the entries make", err);
}

/* What a bundle says beyond its entries, or does not. */
static void end_bundle(struct importer *importer)
{
    const struct bundle *bundle = &importer->bundles[importer->bundles_read - 1];
    bool last = importer->bundles_read == importer->bundles_len;
    if (!qrt_reader_done(&importer->reader)) {
        qrt_faults_add_file(importer->faults, bundle->path, importer->reader.at,
                            "there are bytes behind its %u entries", bundle->width);
    }
    if (bundle->width < QRT_TILE_WIDTH && !last) {
        qrt_faults_add_file(importer->faults, bundle->path, 0,
                            "only the last bundle may be partial");
        importer->gap = true;
    }
}

static enum qrt_code begin_bundle(struct importer *importer, struct qrt_err *err)
{
    const struct bundle *bundle = &importer->bundles[importer->bundles_read++];
    uint64_t first = bundle->n * QRT_TILE_WIDTH;
    importer->gap |= importer->index != first;
    importer->index = first;
    importer->left = bundle->width;
    enum qrt_code code =
        qrt_import_read(&importer->bundle, importer->files, bundle->path, BUNDLE_MAX_BYTES, err);
    importer->reader = qrt_reader_of(importer->bundle.data, importer->bundle.len_bytes);
    return code;
}

/* The next entry's bytes; false at the end of all. */
static enum qrt_code next_body(struct importer *importer, struct qrt_span *body, bool *found,
                               struct qrt_err *err)
{
    *found = false;
    for (;;) {
        if (importer->left > 0) {
            size_t at = importer->reader.at;
            size_t len = qrt_read_u16(&importer->reader);
            body->data = (const char *)qrt_read_view(&importer->reader, len);
            body->len_bytes = len;
            if (!importer->reader.failed) {
                importer->left--;
                *found = true;
                return QRT_OK;
            }
            qrt_faults_add_file(importer->faults,
                                importer->bundles[importer->bundles_read - 1].path, at,
                                "it is cut short: %u entries are missing", importer->left);
            importer->left = 0;
            importer->gap = true;
        } else if (importer->bundles_read > 0 && !importer->reader.failed) {
            end_bundle(importer);
        }
        if (importer->bundles_read == importer->bundles_len) {
            return QRT_OK;
        }
        enum qrt_code code = begin_bundle(importer, err);
        if (code != QRT_OK) {
            return code;
        }
    }
}

static enum qrt_code next_entry(void *ctx, struct qrt_entry_row *row, bool *found,
                                struct qrt_err *err)
{
    struct importer *importer = ctx;
    struct qrt_tile_sink tiles = {importer, check_tile};
    struct qrt_entry entry;
    struct qrt_err why = {0};
    enum qrt_code code = next_body(importer, &row->body, found, err);
    if (code != QRT_OK || !*found) {
        return code;
    }
    code = qrt_entry_parse(&entry, row->body.data, row->body.len_bytes, &why);
    bool good = code == QRT_OK;
    if (code == QRT_E_NOMEM) {
        return qrt_fail(err, code, "%s", why.what);
    }
    row->index = importer->index++;
    row->epoch = good ? entry.epoch : importer->epoch;
    row->typed = true;
    if (good && row->index == 0) {
        qrt_predecessor_check(importer->log, &entry, importer->faults);
    }
    importer->epoch = row->epoch + (good && entry.event->id == QRT_EV_CHECKPOINT_KEY ? 1 : 0);
    code = qrt_derived_add(importer->derived, row->body, good ? &entry : NULL, &tiles, err);
    return code == QRT_OK ? qrt_lines_check(&importer->lines, importer->faults, row->index,
                                            good ? &importer->derived->line : NULL, err)
                          : code;
}

/* ---- checkpoints ---- */

/* The size that a note says; if it says none, that is told elsewhere. */
static uint64_t size_of(struct qrt_span text, uint64_t otherwise)
{
    struct qrt_note note;
    struct qrt_checkpoint checkpoint;
    return qrt_note_parse(&note, text.data, text.len_bytes, NULL) == QRT_OK &&
                   qrt_checkpoint_parse(&checkpoint, note.text, note.text_len_bytes, NULL) == QRT_OK
               ? checkpoint.size
               : otherwise;
}

static enum qrt_code next_checkpoint(void *ctx, struct qrt_checkpoint_row *row, bool *found,
                                     struct qrt_err *err)
{
    struct importer *importer = ctx;
    char path[QRT_EXPORT_PATH_BYTES];
    enum qrt_code code = qrt_interrupt_check(err);
    *found = code == QRT_OK && importer->epochs_read < importer->epochs_len;
    if (!*found) {
        return code;
    }
    row->epoch = importer->epochs[importer->epochs_read++];
    row->typed = true;
    row->later = (struct qrt_span){0};
    qrt_export_chain_path(path, row->epoch);
    code = qrt_import_read(&importer->note, importer->files, path, QRT_NOTE_MAX_BYTES, err);
    row->note = (struct qrt_span){qrt_buf_str(&importer->note), importer->note.len_bytes};
    row->size = size_of(row->note, importer->index);
    memcpy(importer->note_key, importer->log->next_key, QRT_PUBLIC_BYTES);
    return code;
}

/* ---- what must be there ---- */

/* Marks as known what an export of so many entries has; stops where so much is
 * missing that no fault finds room. */
static void expect_tiles(struct importer *importer, int level, uint64_t count)
{
    char path[QRT_TILE_PATH_BYTES];
    for (uint64_t n = 0; n * QRT_TILE_WIDTH < count && !importer->faults->more; n++) {
        uint64_t width = count - n * QRT_TILE_WIDTH;
        qrt_tile_path(path, level, n, width < QRT_TILE_WIDTH ? (unsigned)width : QRT_TILE_WIDTH);
        (void)qrt_import_expect(importer->files, path);
    }
}

static void expect_rows(struct importer *importer)
{
    char path[QRT_EXPORT_PATH_BYTES];
    expect_tiles(importer, QRT_TILE_ENTRIES, importer->index);
    uint64_t count = importer->index;
    for (int level = 0; importer->gap && level < QRT_TILE_LEVELS && count > 0; level++) {
        expect_tiles(importer, level, count);
        count /= QRT_TILE_WIDTH;
    }
    for (uint64_t i = 0; i < importer->log->head.epochs && !importer->faults->more; i++) {
        qrt_export_chain_path(path, i);
        (void)qrt_import_expect(importer->files, path);
    }
}

static enum qrt_code check_openssl_file(void *ctx, const char *path, const void *bytes,
                                        size_t len_bytes, struct qrt_err *err)
{
    return qrt_import_compare(ctx, path, bytes, len_bytes, 0,
                              "it is not what the last checkpoint says", err);
}

static enum qrt_code check_openssl(struct importer *importer, struct qrt_err *err)
{
    struct qrt_file_sink sink = {importer->files, check_openssl_file};
    struct qrt_err why = {0};
    bool there = false;
    for (size_t i = 0; i < importer->files->len && !there; i++) {
        there = strncmp(importer->files->files[i].path, QRT_EXPORT_OPENSSL_IN,
                        sizeof QRT_EXPORT_OPENSSL_IN - 1) == 0;
    }
    enum qrt_code code =
        there ? qrt_export_openssl(&sink, &importer->note, importer->log->origin,
                                   importer->note_key, &importer->derived->people, &why)
              : QRT_OK;
    /* A checkpoint that is none was told already. */
    return code == QRT_OK || code == QRT_E_FORMAT || code == QRT_E_RANGE
               ? QRT_OK
               : qrt_fail(err, code, "%s", why.what);
}

static enum qrt_code check_verify_text(struct importer *importer, struct qrt_err *err)
{
    QRT_BUF text = {0};
    if (!qrt_import_expect(importer->files, QRT_EXPORT_VERIFY)) {
        return QRT_OK;
    }
    enum qrt_code code =
        qrt_import_read(&text, importer->files, QRT_EXPORT_VERIFY, 1024 * 1024, err);
    if (code == QRT_OK && (text.len_bytes != qrt_verify_text_len_bytes ||
                           memcmp(text.data, qrt_verify_text, text.len_bytes) != 0)) {
        qrt_faults_add_file(&importer->log->notices, QRT_EXPORT_VERIFY, 0,
                            "it is not the page of this version: do not run what it says unread");
    }
    return code;
}

static enum qrt_code check_rest(struct importer *importer, struct qrt_err *err)
{
    struct qrt_import *files = importer->files;
    struct qrt_tile_sink tiles = {importer, check_tile};
    enum qrt_code code = qrt_tiles_end(&importer->derived->tiles, &tiles, err);
    if (code == QRT_OK) {
        code = qrt_lines_end(&importer->lines, importer->faults, err);
        if (importer->lines.more) {
            qrt_import_too_long(files, QRT_EXPORT_ENTRIES);
        }
    }
    if (code == QRT_OK) {
        expect_rows(importer);
        code = qrt_import_compare(files, QRT_EXPORT_PEOPLE, importer->derived->people.data,
                                  importer->derived->people.len_bytes, 0,
                                  "it is not the badges that the entries name", err);
    }
    if (code == QRT_OK) {
        code = qrt_import_compare(files, QRT_EXPORT_CHECKPOINT, importer->note.data,
                                  importer->note.len_bytes, 0, "it is not the last of chain/", err);
    }
    if (code == QRT_OK) {
        code = check_openssl(importer, err);
    }
    if (code == QRT_OK) {
        code = check_verify_text(importer, err);
    }
    if (code == QRT_OK) {
        code = qrt_import_check_sums(files, err);
    }
    qrt_import_check_unknown(files);
    return code;
}

/* The log that this one continues is an export of its own, read first. */
static enum qrt_code import_predecessor(struct qrt_log *log, const struct qrt_import *files,
                                        unsigned *flags, struct qrt_faults *faults,
                                        struct qrt_err *err)
{
    char dir[80];
    QRT_FAULTS theirs = {0};
    if (!files->has_predecessor) {
        return QRT_OK;
    }
    enum qrt_code code = qrt_predecessor_add(log, err);
    if (code != QRT_OK) {
        return code;
    }
    snprintf(dir, sizeof dir, "/proc/self/fd/%d/%s", files->dir_fd, QRT_PREDECESSOR_DIR);
    code = qrt_export_read(log->predecessor, dir, log->views, NULL, &theirs, err);
    qrt_predecessor_tell(faults, &theirs, log->predecessor);
    *flags |= QRT_REPLAY_GOES_ON;
    return qrt_predecessor_fail(log, code, err);
}

static enum qrt_code import_log(struct qrt_log *log, struct qrt_import *files,
                                struct qrt_faults *faults, struct qrt_err *err)
{
    __attribute__((cleanup(importer_free))) struct importer importer = {
        .log = log, .files = files, .faults = faults};
    struct qrt_log_source source = {&importer, next_entry, next_checkpoint};
    importer.derived = calloc(1, sizeof *importer.derived);
    if (importer.derived == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "the tree");
    }
    unsigned flags = QRT_REPLAY_LAST;
    enum qrt_code code = import_predecessor(log, files, &flags, faults, err);
    if (code == QRT_OK) {
        code = find_rows(&importer, err);
    }
    if (code == QRT_OK && qrt_import_expect(files, QRT_EXPORT_ENTRIES)) {
        code = qrt_lines_open(&importer.lines, files->dir_fd, QRT_EXPORT_ENTRIES, err);
    }
    if (code == QRT_OK) {
        if (log->progress != NULL) {
            log->progress->all = importer.bundles_len * QRT_TILE_WIDTH;
        }
        code = qrt_replay(log, &source, flags, faults, err);
    }
    if (code == QRT_OK) {
        code = qrt_replay_verify(log, faults, err);
    }
    return code == QRT_OK ? check_rest(&importer, err) : code;
}

enum qrt_code qrt_export_read(struct qrt_log *log, const char *dir, const struct qrt_views *views,
                              struct qrt_progress *progress, struct qrt_faults *faults,
                              struct qrt_err *err)
{
    QRT_CHECKER checker = {0};
    QRT_IMPORT files = {.dir_fd = -1};
    *log = (struct qrt_log){.dir_fd = -1,
                            .views = views,
                            .checker = &checker,
                            .progress = progress,
                            .successors = log->successors};
    enum qrt_code code = qrt_import_open(&files, dir, faults, err);
    if (code == QRT_OK) {
        code = import_log(log, &files, faults, err);
    }
    log->checker = NULL;
    if (code != QRT_OK) {
        qrt_log_close(log);
    }
    return code;
}
