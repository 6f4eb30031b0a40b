#include "log/export.h"

#include "base/file.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "log/export_files.h"
#include "log/export_parts.h"
#include "log/predecessor.h"
#include "log/replay.h"
#include "log/source.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The rows of the database on their way to a replay, and into files: what the
 * replay calls without fault is what the files hold. */
struct writer {
    struct qrt_log *log;
    struct qrt_export_files *files;
    struct qrt_db_source rows;
    struct qrt_log_source source;
    struct qrt_derived *derived;
    struct qrt_export_stream lines; /* entries.jsonl */
    struct qrt_buf bundle;
    uint64_t entries;
    struct qrt_buf checkpoint; /* the last */
    uint8_t checkpoint_key[QRT_PUBLIC_BYTES];
};

static void writer_free(struct writer *writer)
{
    qrt_db_source_close(&writer->rows);
    qrt_export_stream_free(&writer->lines);
    if (writer->derived != NULL) {
        qrt_derived_free(writer->derived);
    }
    free(writer->derived);
    qrt_buf_free(&writer->bundle);
    qrt_buf_free(&writer->checkpoint);
}

static enum qrt_code put_tile(void *ctx, unsigned level, uint64_t n, unsigned width,
                              const uint8_t *hashes, struct qrt_err *err)
{
    struct writer *writer = ctx;
    char path[QRT_TILE_PATH_BYTES];
    qrt_tile_path(path, (int)level, n, width);
    return qrt_export_put(writer->files, path, hashes, (size_t)width * QRT_HASH_BYTES, err);
}

/* The bundle that ends with the entry before `writer->entries`. */
static enum qrt_code put_bundle(struct writer *writer, unsigned width, struct qrt_err *err)
{
    char path[QRT_TILE_PATH_BYTES];
    qrt_tile_path(path, QRT_TILE_ENTRIES, (writer->entries - 1) / QRT_TILE_WIDTH, width);
    enum qrt_code code = qrt_buf_check(&writer->bundle, err);
    if (code == QRT_OK) {
        code =
            qrt_export_put(writer->files, path, writer->bundle.data, writer->bundle.len_bytes, err);
    }
    writer->bundle.len_bytes = 0;
    return code;
}

static enum qrt_code take_entry(struct writer *writer, const struct qrt_entry_row *row,
                                struct qrt_err *err)
{
    struct qrt_tile_sink tiles = {writer, put_tile};
    struct qrt_entry entry;
    enum qrt_code code = qrt_entry_parse(&entry, row->body.data, row->body.len_bytes, err);
    if (code == QRT_OK) {
        code = qrt_derived_add(writer->derived, row->body, &entry, &tiles, err);
    }
    if (code == QRT_OK) {
        code = qrt_export_stream_add(&writer->lines, writer->derived->line.data,
                                     writer->derived->line.len_bytes, err);
    }
    qrt_buf_u16(&writer->bundle, (uint16_t)row->body.len_bytes);
    qrt_buf_add(&writer->bundle, row->body.data, row->body.len_bytes);
    writer->entries++;
    if (code == QRT_OK && writer->entries % QRT_TILE_WIDTH == 0) {
        code = put_bundle(writer, QRT_TILE_WIDTH, err);
    }
    return code;
}

static enum qrt_code next_entry(void *ctx, struct qrt_entry_row *row, bool *found,
                                struct qrt_err *err)
{
    struct writer *writer = ctx;
    enum qrt_code code = writer->source.next_entry(writer->source.ctx, row, found, err);
    return code == QRT_OK && *found ? take_entry(writer, row, err) : code;
}

static enum qrt_code next_checkpoint(void *ctx, struct qrt_checkpoint_row *row, bool *found,
                                     struct qrt_err *err)
{
    struct writer *writer = ctx;
    char path[QRT_EXPORT_PATH_BYTES];
    enum qrt_code code = writer->source.next_checkpoint(writer->source.ctx, row, found, err);
    if (code != QRT_OK || !*found || (code = qrt_interrupt_check(err)) != QRT_OK) {
        return code;
    }
    writer->checkpoint.len_bytes = 0;
    qrt_buf_add(&writer->checkpoint, row->note.data, row->note.len_bytes);
    qrt_buf_add(&writer->checkpoint, row->later.data, row->later.len_bytes);
    memcpy(writer->checkpoint_key, writer->log->next_key, QRT_PUBLIC_BYTES);
    qrt_export_chain_path(path, row->epoch);
    if ((code = qrt_buf_check(&writer->checkpoint, err)) != QRT_OK) {
        return code;
    }
    return qrt_export_put(writer->files, path, writer->checkpoint.data,
                          writer->checkpoint.len_bytes, err);
}

/* All that can be written only when every entry was seen. */
static enum qrt_code put_rest(struct writer *writer, unsigned flags, struct qrt_err *err)
{
    struct qrt_tile_sink tiles = {writer, put_tile};
    struct qrt_export_files *files = writer->files;
    unsigned width = (unsigned)(writer->entries % QRT_TILE_WIDTH);
    enum qrt_code code = width == 0 ? QRT_OK : put_bundle(writer, width, err);
    if (code == QRT_OK) {
        code = qrt_tiles_end(&writer->derived->tiles, &tiles, err);
    }
    if (code == QRT_OK) {
        code = qrt_export_stream_end(&writer->lines, files, err);
    }
    if (code == QRT_OK) {
        code = qrt_export_put(files, QRT_EXPORT_PEOPLE, writer->derived->people.data,
                              writer->derived->people.len_bytes, err);
    }
    if (code == QRT_OK) {
        code = qrt_export_put(files, QRT_EXPORT_CHECKPOINT, writer->checkpoint.data,
                              writer->checkpoint.len_bytes, err);
    }
    if (code == QRT_OK && (flags & QRT_EXPORT_OPENSSL) != 0) {
        struct qrt_file_sink sink = qrt_export_sink(files);
        code = qrt_export_openssl(&sink, &writer->checkpoint, writer->log->origin,
                                  writer->checkpoint_key, &writer->derived->people, err);
    }
    return code == QRT_OK ? qrt_export_put(files, QRT_EXPORT_VERIFY, qrt_verify_text,
                                           qrt_verify_text_len_bytes, err)
                          : code;
}

static enum qrt_code write_log(struct qrt_export_files *files, struct qrt_log *log, unsigned flags,
                               struct qrt_err *err)
{
    __attribute__((cleanup(writer_free))) struct writer writer = {.log = log, .files = files};
    struct qrt_log_source source = {&writer, next_entry, next_checkpoint};
    QRT_FAULTS faults = {0};
    writer.derived = calloc(1, sizeof *writer.derived);
    if (writer.derived == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "the tree");
    }
    enum qrt_code code = qrt_export_stream_open(&writer.lines, files, QRT_EXPORT_ENTRIES, err);
    if (code == QRT_OK) {
        code = qrt_db_source_open(&writer.rows, log->db, log->views, err);
    }
    if (code == QRT_OK) {
        writer.source = qrt_db_source(&writer.rows);
        unsigned flags_of = log->predecessor != NULL ? QRT_REPLAY_GOES_ON : QRT_REPLAY_LAST;
        code = qrt_replay(log, &source, flags_of, &faults, err);
    }
    if (code == QRT_OK && faults.len > 0) {
        code = qrt_fail(err, QRT_E_TAMPERED, "entry %llu: %s",
                        (unsigned long long)faults.list[0].index, faults.list[0].text);
    }
    return code == QRT_OK ? put_rest(&writer, flags, err) : code;
}

/* The log that this one continues, as an export of its own: first, for the
 * views go on from there. */
static enum qrt_code write_predecessor(struct qrt_export_result *result,
                                       const struct qrt_export_files *files, struct qrt_log *log,
                                       unsigned flags, struct qrt_err *err)
{
    char dir[80];
    snprintf(dir, sizeof dir, "/proc/self/fd/%d/%s", files->dir_fd, QRT_PREDECESSOR_DIR);
    *result = (struct qrt_export_result){0};
    return log->predecessor == NULL ? QRT_OK
                                    : qrt_export_write(result, log->predecessor, dir, flags, err);
}

enum qrt_code qrt_export_write(struct qrt_export_result *result, struct qrt_log *log,
                               const char *dir, unsigned flags, struct qrt_err *err)
{
    QRT_EXPORT_FILES files = {.dir_fd = -1};
    struct qrt_export_result before;
    *result = (struct qrt_export_result){0};
    enum qrt_code code = qrt_export_files_create(&files, dir, err);
    if (code != QRT_OK || (code = write_predecessor(&before, &files, log, flags, err)) != QRT_OK ||
        (code = qrt_db_exec(log->db, "BEGIN", "reading it", err)) != QRT_OK) {
        return code;
    }
    code = write_log(&files, log, flags, err);
    (void)sqlite3_exec(log->db, "ROLLBACK", NULL, NULL, NULL);
    if (code == QRT_OK) {
        code = qrt_export_files_finish(&files, dir, err);
    }
    if (code == QRT_OK) {
        *result = (struct qrt_export_result){.entries = log->head.size,
                                             .epochs = log->head.epochs,
                                             .files = before.files + files.len + 1,
                                             .bytes = before.bytes + files.bytes};
    }
    return code;
}
