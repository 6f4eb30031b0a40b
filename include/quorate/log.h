/* Verifying a vault's log: every entry, every signature, every right. */
#ifndef QUORATE_LOG_H
#define QUORATE_LOG_H

#include <quorate/err.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One thing found. The text is printable and lives as long as the call. */
struct qrt_log_finding {
    bool fault;     /* false: a notice, such as a clock that went back */
    uint64_t index; /* of the entry, or of the epoch's last one */
    uint64_t epoch;
    const char *file; /* of an export, printable: the place is a byte of it; else NULL */
    uint64_t offset;
    const char *text;
};

/* What was read. Public. */
struct qrt_log_summary {
    char origin[61];
    uint8_t vault_id[12];
    uint8_t fingerprint[32]; /* of the genesis; cards and receipts of this log show it */
    uint8_t root[32];        /* of the tree of all entries */
    uint64_t entries;
    uint64_t epochs;
    uint64_t faults;
    bool more;    /* there are more faults than were listed */
    bool pending; /* a commit is unfinished: an operator's badge completes it */
    /* Of an export that was verified with people's keys: by how many of them the
     * policy wants a checkpoint cosigned, and by how many the last one is; and how
     * many entries, from the first on, are vouched for (0 if there is a fault). */
    unsigned cosigners_wanted;
    unsigned cosigners;
    uint64_t vouched;
};

/* Verifies the log of the vault in the directory `path` whole and calls
 * `found` (may be NULL) for every fault and notice, and before that, from time
 * to time, `progress` (may be NULL) with the number of entries read and of
 * those that there are. A log with faults is
 * QRT_OK with their number: it proves consistency with the log's keys, not
 * that it is the latest (compare a receipt). Needs the vault's lock for the
 * time of the call. QRT_E_NOT_FOUND, QRT_E_BUSY, QRT_E_IO, QRT_E_NEWER,
 * QRT_E_NOMEM; *summary is then zeroed. Source: docs/formats/log.md. */
enum qrt_code qrt_vault_verify(struct qrt_log_summary *summary, const char *path,
                               void (*found)(void *ctx, const struct qrt_log_finding *finding),
                               void (*progress)(void *ctx, uint64_t done, uint64_t all), void *ctx,
                               struct qrt_err *err) QRT_MUST_USE;

/* Verifies an export (docs/formats/export.md) in the directory `path`, without a
 * vault, likewise. With `people`, verifier keys of badges one a line, as they
 * were taken from paper, a checkpoint must also be cosigned by as many of them as
 * the log's policy asked for at that time; notices name each who cosigned the newest
 * such one, which vouches for all entries before it, and tell where the others
 * begin. Keys of a log that this one continues count under their names here. NULL:
 * then only the log vouches for itself. QRT_E_FORMAT if they are no such keys, or of
 * another log; QRT_E_NOT_FOUND, QRT_E_IO, QRT_E_NOMEM; *summary is then zeroed. */
enum qrt_code qrt_export_verify(struct qrt_log_summary *summary, const char *path,
                                const char *people, size_t people_bytes,
                                void (*found)(void *ctx, const struct qrt_log_finding *finding),
                                void (*progress)(void *ctx, uint64_t done, uint64_t all), void *ctx,
                                struct qrt_err *err) QRT_MUST_USE;

#endif
