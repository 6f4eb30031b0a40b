/* Proofs out of a log's rows. Public. */
#ifndef QRT_LOG_PROVE_H
#define QRT_LOG_PROVE_H

#include "log/proof.h"
#include "log/source.h"

/* Reads a source, at its first rows, to its end, and makes the file of a proof
 * under its last checkpoint, that of `size` entries: that entry `number` is in
 * it, with the entry, or that it continues the log of the first `number`, with
 * their root. QRT_E_RANGE if there is no such entry or no such log, and what
 * the source fails with; *file is then empty. */
enum qrt_code qrt_prove(struct qrt_proof_file *file, const struct qrt_log_source *source,
                        uint64_t size, enum qrt_proof_kind kind, uint64_t number,
                        struct qrt_err *err) QRT_MUST_USE;

#endif
