/* `quorate log verify --proof`. */
#ifndef QRT_CLI_LOG_PROOF_H
#define QRT_CLI_LOG_PROOF_H

#include "cli/cli.h"

struct qrt_proof_options {
    const char *file;
    const char *entry;   /* a file with the entry; NULL: the proof has it */
    const char *receipt; /* of the older log; NULL: it is only told */
};

/* Checks a proof under its checkpoint, that checkpoint under the people's keys
 * (of which one must have cosigned it), and prints what it proves. `people`
 * may be NULL: then QRT_E_USAGE. QRT_E_REFUSED if anything does not hold. */
enum qrt_code qrt_log_verify_proof(const struct qrt_cli *cli,
                                   const struct qrt_proof_options *options,
                                   const struct qrt_buf *people, struct qrt_err *err) QRT_MUST_USE;

#endif
