#include "ceremony/session/item_draft.h"

enum qrt_code qrt_item_draft_sealed(struct qrt_session *session, const struct qrt_item_place *place,
                                    const struct qrt_secret *plaintext,
                                    const struct qrt_secret *item_key,
                                    const struct qrt_item_row *former,
                                    const struct qrt_item_row *deposit, struct qrt_err *err)
{
    QRT_BUF sealed = {0};
    uint8_t digest[QRT_HASH_BYTES];
    enum qrt_code code =
        qrt_item_seal(&sealed, place, plaintext->data, plaintext->len_bytes, item_key->data, err);
    if (code == QRT_OK) {
        code = qrt_session_document(session, "item", &sealed, digest, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_ITEM_SEALED);
    qrt_draft_text(draft, "account", place->account);
    qrt_draft_text(draft, "kind", place->kind);
    qrt_draft_u64(draft, "serial", place->serial);
    qrt_draft_u64(draft, "generation", place->generation);
    qrt_draft_hex(draft, "ciphertext", digest, sizeof digest);
    if (former != NULL) {
        qrt_draft_u64(draft, "supersedes", (uint64_t)former->serial);
    }
    if (deposit != NULL) {
        qrt_draft_u64(draft, "deposit", (uint64_t)deposit->deposited);
    }
    return QRT_OK;
}

void qrt_item_draft_deleted(struct qrt_session *session, const struct qrt_item_row *item)
{
    struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_ITEM_DELETED);
    qrt_draft_text(draft, "account", item->account);
    qrt_draft_text(draft, "kind", item->kind);
    qrt_draft_u64(draft, "serial", (uint64_t)item->serial);
    qrt_draft_u64(draft, "generation", (uint64_t)item->generation);
    qrt_draft_hex(draft, "ciphertext", item->ciphertext, sizeof item->ciphertext);
}

void qrt_item_draft_deleted_before(struct qrt_session *session, const struct qrt_item_row *item)
{
    const struct qrt_state *state = &session->vault->state;
    const struct qrt_item_row *former;
    for (; (former = qrt_state_former(state, item)) != NULL; item = former) {
        qrt_item_draft_deleted(session, former);
    }
}
