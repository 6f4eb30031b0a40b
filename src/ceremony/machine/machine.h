/* What this machine runs, for the session's opening entry. */
#ifndef QRT_CEREMONY_MACHINE_MACHINE_H
#define QRT_CEREMONY_MACHINE_MACHINE_H

#include "log/entry.h"
#include <quorate/err.h>

/* Adds `release` (the system's name and kernel) and one `executable` per
 * installed program: its name and SHA-256. QRT_E_IO. */
enum qrt_code qrt_machine_describe(struct qrt_draft *draft, struct qrt_err *err) QRT_MUST_USE;

#endif
