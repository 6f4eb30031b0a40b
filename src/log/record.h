/* The commit record in `log.key`: all that a commit will write, so that it can
 * be completed after any interruption (docs/formats/log-key.md). Public. */
#ifndef QRT_LOG_RECORD_H
#define QRT_LOG_RECORD_H

#include "base/bytes.h"
#include "log/entry.h"
#include "log/note.h"
#include <quorate/err.h>

#define QRT_COMMIT_MAX_ENTRIES   65535
#define QRT_COMMIT_MAX_DOCUMENTS 65535
#define QRT_DOCUMENT_KIND_CHARS  16
#define QRT_COMMIT_MAX_LATER     (QRT_NOTE_MAX_SIGNATURES - 1)

/* A document that an entry names by its SHA-256. */
struct qrt_document {
    char kind[QRT_DOCUMENT_KIND_CHARS + 1]; /* policy, badge, item, minutes, … */
    const uint8_t *data;                    /* view */
    size_t len_bytes;
};

/* A cosignature that came after the commit. */
struct qrt_later {
    char person[33];
    bool shown; /* they showed their own last receipt before */
    uint8_t bytes[QRT_COSIGNATURE_BYTES];
};

/* Views into the record's bytes; the arrays are owned. */
struct qrt_record {
    uint64_t epoch;
    struct qrt_span checkpoint;   /* the note's text, without signatures */
    struct qrt_span cosignatures; /* signature lines, as they will stand */
    struct qrt_span *entries;
    size_t entries_len;
    struct qrt_document *documents;
    size_t documents_len;
    struct qrt_later *later; /* as they came */
    size_t later_len;
};

void qrt_record_free(struct qrt_record *record);

/* Appends the record's bytes. QRT_E_RANGE, out unusable, if a limit is passed. */
enum qrt_code qrt_record_encode(struct qrt_buf *out, const struct qrt_record *record,
                                struct qrt_err *err) QRT_MUST_USE;

/* The bytes must outlive *record. QRT_E_TAMPERED for another form; *record is
 * then empty. */
enum qrt_code qrt_record_decode(struct qrt_record *record, const uint8_t *bytes, size_t len_bytes,
                                struct qrt_err *err) QRT_MUST_USE;

#endif
