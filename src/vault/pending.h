/* What a commit in flight says, before the views have it. */
#ifndef QRT_VAULT_PENDING_H
#define QRT_VAULT_PENDING_H

#include "log/log.h"

/* Does the commit that waits change that person's badge, or what it opens? Then
 * *key, their badge's so far (all zero: they have none), becomes that of the
 * one that counts from it on. log.key opens by those already. */
bool qrt_pending_badge(const struct qrt_log *log, const char *person,
                       uint8_t key[static QRT_PUBLIC_BYTES]);

#endif
