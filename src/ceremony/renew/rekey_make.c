#include "ceremony/renew/rekeying.h"

#include "base/harden.h"
#include "ceremony/cards/new_key.h"
#include "ceremony/session/item_draft.h"
#include "vault/item.h"

#define EDITION 1 /* they are counted from 1 in each generation */

/* What a re-key takes from the former key: it opens the items, and signs. */
struct former {
    struct qrt_secret item_key;
    struct qrt_secret authority;
};

static void former_wipe(struct former *former)
{
    qrt_secret_wipe(&former->item_key);
    qrt_secret_wipe(&former->authority);
}

static enum qrt_code open_former(struct former *former, struct qrt_gather *gather,
                                 struct qrt_err *err)
{
    QRT_SECRET key = {0};
    enum qrt_code code = qrt_gather_key(&key, gather, err);
    /* The shares of both quorums are worth as much as the key. */
    qrt_secret_wipe(&gather->shares);
    if (code == QRT_OK) {
        code = qrt_keys_item(&former->item_key, key.data, err);
    }
    return code == QRT_OK ? qrt_keys_authority(&former->authority, key.data, err) : code;
}

static enum qrt_code draft_key(struct qrt_rekeying *rekeying, struct qrt_key_public *key,
                               const struct qrt_new_key *made, const struct former *former,
                               struct qrt_err *err)
{
    struct qrt_session *session = &rekeying->session;
    size_t at = session->drafts_len;
    enum qrt_code code = qrt_new_key_draft(session, key, made, err);
    if (code == QRT_OK) {
        code = qrt_session_sign(session, at, former->authority.data, err);
    }
    if (code == QRT_OK) {
        code = qrt_regroup_draft(&rekeying->regroup, session, err);
    }
    for (enum qrt_group group = 0; code == QRT_OK && group < QRT_GROUPS; group++) {
        struct qrt_new_edition edition = {group, made->generation, EDITION};
        code = qrt_cards_draft_edition(&rekeying->cards, &edition, qrt_new_key_shares(made, group),
                                       err);
    }
    return code;
}

static enum qrt_code carry_on(struct qrt_session *session, const struct qrt_item_row *item,
                              const struct qrt_item_place *to, const struct qrt_secret *from_key,
                              const struct qrt_secret *to_key, struct qrt_err *err)
{
    struct qrt_log *log = &session->vault->log;
    QRT_BUF sealed = {0};
    QRT_SECRET plaintext = {0};
    struct qrt_item_place from = *to;
    from.generation = (unsigned)item->generation;
    from.serial = (uint64_t)item->serial;
    enum qrt_code code = qrt_log_document(log, item->ciphertext, &sealed, err);
    if (code == QRT_OK) {
        code =
            qrt_item_unseal(&plaintext, &from, sealed.data, sealed.len_bytes, from_key->data, err);
    }
    return code == QRT_OK ? qrt_item_draft_sealed(session, to, &plaintext, to_key, item, NULL, err)
                          : code;
}

/* Every item that the key in force has sealed, those before the latest too. */
static enum qrt_code draft_items(struct qrt_rekeying *rekeying, unsigned generation,
                                 const struct qrt_secret *from_key, const struct qrt_secret *to_key,
                                 struct qrt_err *err)
{
    struct qrt_session *session = &rekeying->session;
    const struct qrt_state *state = &session->vault->state;
    int64_t in_force = qrt_state_key(state)->generation;
    size_t *done = &rekeying->result->items;
    enum qrt_code code = QRT_OK;
    for (size_t i = 0; code == QRT_OK && i < state->items.len; i++) {
        const struct qrt_item_row *item = QRT_ROW(state, items, qrt_item_row, i);
        struct qrt_item_place to = {session->vault->log.vault_id, generation, item->account,
                                    item->kind, state->items.len + *done + 1};
        if (qrt_item_is_kept(item, in_force)) {
            code = carry_on(session, item, &to, from_key, to_key, err);
            (*done)++;
        }
    }
    return code;
}

static enum qrt_code draft_all(struct qrt_rekeying *rekeying, struct qrt_key_public *key,
                               const struct former *former, struct qrt_err *err)
{
    const struct qrt_state *state = &rekeying->session.vault->state;
    QRT_SECRET block = {0};
    QRT_SECRET item_key = {0};
    enum qrt_code code = qrt_new_key_draw(&block, rekeying->policy, state, err);
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_new_key *made = qrt_new_key_in(&block);
    unsigned generation = made->generation;
    rekeying->result->generation = generation;
    if ((code = draft_key(rekeying, key, made, former, err)) != QRT_OK ||
        (code = qrt_keys_item(&item_key, made->key, err)) != QRT_OK) {
        return code;
    }
    qrt_secret_wipe(&block); /* it is on the cards now */
    return draft_items(rekeying, generation, &former->item_key, &item_key, err);
}

enum qrt_code qrt_rekeying_create_key(struct qrt_rekeying *rekeying, struct qrt_err *err)
{
    struct qrt_session *session = &rekeying->session;
    __attribute__((cleanup(former_wipe))) struct former former = {0};
    struct qrt_key_public key;
    enum qrt_code code;
    if ((code = qrt_cards_init(&rekeying->cards, session, rekeying->policy, err)) != QRT_OK ||
        (code = open_former(&former, &rekeying->result->gather, err)) != QRT_OK ||
        (code = draft_all(rekeying, &key, &former, err)) != QRT_OK) {
        return code;
    }
    former_wipe(&former);
    qrt_harden_wipe_traces();
    /* From this commit on until the new key is in force, or given up, either
     * generation's quorums can open the log's keys. */
    code = qrt_keystate_wrap(&session->vault->log.key, "", key.recovery_key, err);
    return code == QRT_OK ? qrt_session_commit(session, err) : code;
}
