/* What a commit in flight says, before the views have it. */
#ifndef QRT_VAULT_PENDING_H
#define QRT_VAULT_PENDING_H

#include "log/log.h"

/* Does the commit that waits take the log over? Then only the badges that it
 * names are in force: *key is that of the person, all zero if they have none. */
bool qrt_pending_takes_over(const struct qrt_log *log, const char *person,
                            uint8_t key[static QRT_PUBLIC_BYTES]);

#endif
