/* An item on its way into the log: sealed, its document, its entry. */
#ifndef QRT_CEREMONY_SESSION_ITEM_DRAFT_H
#define QRT_CEREMONY_SESSION_ITEM_DRAFT_H

#include "ceremony/session/session.h"
#include "vault/item.h"

/* Seals a plaintext under the item key (both secret) for that place, and drafts
 * it. Of an adopted deposit its row is given, and the item before it, if there
 * is one; else NULL. QRT_E_RANGE, QRT_E_NOMEM. */
enum qrt_code qrt_item_draft_sealed(struct qrt_session *session, const struct qrt_item_place *place,
                                    const struct qrt_secret *plaintext,
                                    const struct qrt_secret *item_key,
                                    const struct qrt_item_row *former,
                                    const struct qrt_item_row *deposit,
                                    struct qrt_err *err) QRT_MUST_USE;

/* Drafts that an item's ciphertext goes. */
void qrt_item_draft_deleted(struct qrt_session *session, const struct qrt_item_row *item);

/* Drafts that of every item that this one, the latest, has followed. */
void qrt_item_draft_deleted_before(struct qrt_session *session, const struct qrt_item_row *item);

#endif
