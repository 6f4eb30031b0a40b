#include "ceremony/open/adopt.h"

#include "ceremony/open/reuse.h"
#include "ceremony/session/item_draft.h"
#include "vault/credential.h"
#include "vault/deposit.h"
#include "vault/item_text.h"
#include "vault/keys.h"
#include "vault/otpauth.h"
#include <stdio.h>
#include <string.h>

/* The keys that it takes; all but the public one secret. */
struct keys {
    struct qrt_secret item_key;
    struct qrt_secret private_key;
    uint8_t public_key[32];
};

static void keys_wipe(struct keys *keys)
{
    qrt_secret_wipe(&keys->item_key);
    qrt_secret_wipe(&keys->private_key);
}

/* The vault key lives in here only. */
static enum qrt_code make_keys(struct keys *keys, const struct qrt_gather *gather,
                               struct qrt_err *err)
{
    QRT_SECRET key = {0};
    enum qrt_code code = qrt_gather_key(&key, gather, err);
    if (code == QRT_OK) {
        code = qrt_keys_item(&keys->item_key, key.data, err);
    }
    return code == QRT_OK ? qrt_keys_deposit(&keys->private_key, keys->public_key, key.data, err)
                          : code;
}

static const struct qrt_item_row *row_of(const struct qrt_session *session,
                                         const struct qrt_adoption *adoption)
{
    return QRT_ROW(&session->vault->state, items, qrt_item_row, adoption->row);
}

static struct qrt_item_place place_of(const struct qrt_session *session,
                                      const struct qrt_item_row *row)
{
    return (struct qrt_item_place){session->vault->log.vault_id, (unsigned)row->generation,
                                   row->account, row->kind, (uint64_t)row->serial};
}

/* What is adopted is shown and typed one day: it obeys the rules of a founding. */
static enum qrt_code check_credential(const struct qrt_secret *plaintext,
                                      const struct qrt_session *session,
                                      const struct qrt_item_row *row, struct qrt_err *err)
{
    const struct qrt_account *account = qrt_state_account(&session->vault->state, row->account);
    QRT_TOTP totp = {0};
    enum qrt_code code =
        strcmp(row->kind, "password") == 0
            ? qrt_password_check((const char *)plaintext->data, plaintext->len_bytes, account->name,
                                 account->email, NULL)
        : qrt_item_is_text(row->kind)
            ? qrt_item_text_check(row->kind, plaintext->data, plaintext->len_bytes, NULL)
            : qrt_totp_decode(&totp, plaintext->data, plaintext->len_bytes, NULL);
    return code == QRT_OK || code == QRT_E_NOMEM || code == QRT_E_LOCKED_MEMORY
               ? code
               : qrt_fail(err, QRT_E_REFUSED, "what is in it is no %s", row->kind);
}

/* QRT_E_REFUSED, with the reason, for what is not adopted. */
static enum qrt_code open_box(struct qrt_secret *plaintext, struct qrt_session *session,
                              const struct keys *keys, const struct qrt_item_row *row,
                              struct qrt_err *err)
{
    QRT_BUF box = {0};
    struct qrt_err why = {0};
    struct qrt_item_place place = place_of(session, row);
    if (row->generation != qrt_state_key(&session->vault->state)->generation) {
        return qrt_fail(err, QRT_E_REFUSED, "it was sealed for a former generation");
    }
    enum qrt_code code = qrt_log_document(&session->vault->log, row->ciphertext, &box, &why);
    if (code == QRT_E_NOT_FOUND || code == QRT_E_TAMPERED) {
        return qrt_fail(err, QRT_E_REFUSED, "it is missing or damaged");
    }
    if (code != QRT_OK) {
        *err = why;
        return code;
    }
    code = qrt_deposit_open(plaintext, &place, box.data, box.len_bytes, keys->public_key,
                            keys->private_key.data, err);
    return code == QRT_OK ? check_credential(plaintext, session, row, err) : code;
}

/* The item that the one to come follows: another deposit of this commit, or
 * the vault's. */
static const struct qrt_item_row *former_of(const struct qrt_adoptions *adoptions, size_t before,
                                            const struct qrt_session *session,
                                            const struct qrt_item_row *row)
{
    while (before-- > 0) {
        const struct qrt_item_row *other = row_of(session, &adoptions->list[before]);
        if (adoptions->list[before].fate == QRT_ADOPTION_ADOPTED &&
            strcmp(other->account, row->account) == 0 && strcmp(other->kind, row->kind) == 0) {
            return other;
        }
    }
    return qrt_state_item(&session->vault->state, row->account, row->kind);
}

static enum qrt_code adopt(struct qrt_adoptions *adoptions, size_t at, struct qrt_session *session,
                           const struct keys *keys, struct qrt_reuse *reuse, struct qrt_err *err)
{
    struct qrt_adoption *adoption = &adoptions->list[at];
    const struct qrt_item_row *row = row_of(session, adoption);
    struct qrt_item_place place = place_of(session, row);
    struct qrt_err why = {0};
    QRT_SECRET plaintext = {0};
    enum qrt_code code = open_box(&plaintext, session, keys, row, &why);
    if (code == QRT_E_REFUSED) {
        adoption->fate = QRT_ADOPTION_REFUSED;
        snprintf(adoption->why, sizeof adoption->why, "%s", why.what);
        return QRT_OK;
    }
    if (code != QRT_OK) {
        *err = why;
        return code;
    }
    const char *same = qrt_reuse_add(reuse, row, &plaintext);
    snprintf(adoption->same_as, sizeof adoption->same_as, "%s", same != NULL ? same : "");
    return qrt_item_draft_sealed(session, &place, &plaintext, &keys->item_key,
                                 former_of(adoptions, at, session, row), row, err);
}

/* Is it the first of its account and kind that is adopted, and in use? */
static bool first_confirmed(const struct qrt_adoptions *adoptions, size_t at,
                            const struct qrt_session *session)
{
    const struct qrt_item_row *row = row_of(session, &adoptions->list[at]);
    for (size_t i = 0; i <= at; i++) {
        const struct qrt_item_row *other = row_of(session, &adoptions->list[i]);
        if (adoptions->list[i].fate == QRT_ADOPTION_ADOPTED && other->confirmed != QRT_NEVER &&
            strcmp(other->account, row->account) == 0 && strcmp(other->kind, row->kind) == 0) {
            return i == at;
        }
    }
    return false;
}

/* What AWS has already needs no former item beside it; but one that was
 * deposited later may be what AWS has had since. */
static void draft_deleted(const struct qrt_adoptions *adoptions, struct qrt_session *session)
{
    for (size_t i = 0; i < adoptions->len; i++) {
        const struct qrt_item_row *row = row_of(session, &adoptions->list[i]);
        const struct qrt_item_row *former =
            qrt_state_item(&session->vault->state, row->account, row->kind);
        if (former != NULL && former->serial < row->serial &&
            first_confirmed(adoptions, i, session)) {
            qrt_item_draft_deleted(session, former);
            qrt_item_draft_deleted_before(session, former);
        }
    }
}

enum qrt_code qrt_adoptions_draft(struct qrt_adoptions *adoptions, struct qrt_session *session,
                                  const struct qrt_gather *gather, struct qrt_err *err)
{
    __attribute__((cleanup(keys_wipe))) struct keys keys = {0};
    QRT_REUSE reuse = {0};
    enum qrt_code code = make_keys(&keys, gather, err);
    if (code == QRT_OK) {
        code = qrt_reuse_init(&reuse, session->vault, adoptions->len, &keys.item_key, err);
    }
    for (size_t i = 0; code == QRT_OK && i < adoptions->len; i++) {
        struct qrt_adoption *adoption = &adoptions->list[i];
        if (adoption->fate == QRT_ADOPTION_ADOPTED) {
            code = adopt(adoptions, i, session, &keys, &reuse, err);
        }
        if (code == QRT_OK && adoption->fate == QRT_ADOPTION_REFUSED) {
            struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_DEPOSIT_REFUSED);
            qrt_draft_u64(draft, "deposit", (uint64_t)row_of(session, adoption)->deposited);
            qrt_draft_text(draft, "reason", adoption->why);
        }
    }
    if (code == QRT_OK) {
        draft_deleted(adoptions, session);
    }
    return code;
}

static void tell_one(const struct qrt_adoption *adoption, const struct qrt_session *session)
{
    static const char *const fates[] = {"waits for another opening", "adopted", "refused: "};
    const struct qrt_item_row *row = row_of(session, adoption);
    QRT_BUF line = {0};
    qrt_buf_printf(&line, "deposit %lld, %s of %s: %s%s", (long long)row->serial, row->kind,
                   row->account, fates[adoption->fate], adoption->why);
    if (adoption->same_as[0] != '\0') {
        qrt_buf_printf(&line, "; the same secret serves account %s", adoption->same_as);
    }
    const struct qrt_item_row *former = qrt_state_former(&session->vault->state, row);
    if (adoption->fate == QRT_ADOPTION_ADOPTED && former != NULL && former->serial > row->serial) {
        qrt_buf_printf(&line,
                       "; item %lld, which it follows, was deposited later, and is kept until "
                       "`account confirm`",
                       (long long)former->serial);
    }
    session->ui->tell(session->ui->ctx, qrt_buf_str(&line));
}

void qrt_adoptions_tell(const struct qrt_adoptions *adoptions, const struct qrt_session *session)
{
    for (size_t i = 0; i < adoptions->len; i++) {
        tell_one(&adoptions->list[i], session);
    }
}
