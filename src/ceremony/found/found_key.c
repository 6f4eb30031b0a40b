#include "ceremony/cards/new_key.h"
#include "ceremony/found/founding.h"
#include "ceremony/session/item_draft.h"

#include "base/harden.h"
#include "vault/item.h"
#include "vault/otpauth.h"

#define EDITION 1

static enum qrt_code draft_item(struct qrt_founding *founding, uint64_t *serial,
                                unsigned generation, const struct qrt_secret *item_key,
                                const char *account, const char *kind,
                                const struct qrt_secret *plaintext, const char *confirmed,
                                struct qrt_err *err)
{
    struct qrt_item_place place = {founding->vault->log.vault_id, generation, account, kind,
                                   ++*serial};
    enum qrt_code code =
        qrt_item_draft_sealed(&founding->session, &place, plaintext, item_key, NULL, NULL, err);
    if (code == QRT_OK && confirmed != NULL) {
        qrt_credentials_draft_confirmed(&founding->session, account, kind, *serial, confirmed);
    }
    return code;
}

static enum qrt_code draft_items(struct qrt_founding *founding, const struct qrt_new_key *made,
                                 struct qrt_err *err)
{
    QRT_SECRET item_key = {0};
    uint64_t serial = 0;
    enum qrt_code code = qrt_keys_item(&item_key, made->key, err);
    for (size_t i = 0; code == QRT_OK && i < founding->policy.accounts_count; i++) {
        const struct qrt_credentials *new = &founding->accounts[i];
        if (new->password.len_bytes > 0) {
            code = draft_item(founding, &serial, made->generation, &item_key, new->account,
                              "password", &new->password,
                              new->password_confirmed ? QRT_CONFIRMED_AT_AWS : NULL, err);
        }
        if (code == QRT_OK && new->totp.seed.len_bytes > 0) {
            QRT_SECRET encoded = {0};
            code = qrt_totp_encode(&encoded, &new->totp, err);
            if (code == QRT_OK) {
                code =
                    draft_item(founding, &serial, made->generation, &item_key, new->account, "totp",
                               &encoded, new->totp_confirmed ? QRT_CONFIRMED_BY_CODES : NULL, err);
            }
        }
        for (size_t t = 0; code == QRT_OK && t < QRT_ITEM_TEXTS; t++) {
            if (new->texts[t].len_bytes > 0) {
                code = draft_item(founding, &serial, made->generation, &item_key, new->account,
                                  qrt_item_texts[t], &new->texts[t], NULL, err);
            }
        }
    }
    return code;
}

static enum qrt_code draft_editions(struct qrt_founding *founding, const struct qrt_new_key *made,
                                    struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    for (enum qrt_group group = 0; code == QRT_OK && group < QRT_GROUPS; group++) {
        struct qrt_new_edition edition = {group, made->generation, EDITION};
        code = qrt_cards_draft_edition(&founding->cards, &edition, qrt_new_key_shares(made, group),
                                       err);
    }
    return code;
}

enum qrt_code qrt_founding_create_key(struct qrt_founding *founding, struct qrt_err *err)
{
    struct qrt_vault *vault = founding->vault;
    struct qrt_key_public key;
    QRT_SECRET block = {0};
    enum qrt_code code;
    if ((code = qrt_cards_init(&founding->cards, &founding->session, &founding->policy, err)) !=
            QRT_OK ||
        (code = qrt_new_key_draw(&block, &founding->policy, &vault->state, err)) != QRT_OK ||
        (code = qrt_new_key_draft(&founding->session, &key, qrt_new_key_in(&block), err)) !=
            QRT_OK ||
        /* From here a quorum can open the log's keys when no operator is left. */
        (code = qrt_keystate_wrap(&vault->log.key, "", key.recovery_key, err)) != QRT_OK ||
        (code = draft_editions(founding, qrt_new_key_in(&block), err)) != QRT_OK ||
        (code = draft_items(founding, qrt_new_key_in(&block), err)) != QRT_OK) {
        return code;
    }
    qrt_harden_wipe_traces();
    return qrt_session_commit(&founding->session, err);
}
