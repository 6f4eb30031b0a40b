#include "ceremony/people/new_badge.h"

#include "base/text.h"
#include "card/code.h"
#include "crypto/seal.h"
#include "vault/phrase.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define KEY_BYTES 96

void qrt_new_badge_wipe(struct qrt_new_badge *new)
{
    qrt_badge_wipe(&new->badge);
    qrt_buf_free(&new->stored);
    qrt_secret_wipe(&new->generated);
}

enum qrt_code qrt_new_badge_vkey(char out[static QRT_VKEY_MAX_CHARS + 1],
                                 const struct qrt_new_badge *new, const char *origin,
                                 struct qrt_err *err)
{
    struct qrt_vkey vkey;
    char name[QRT_KEY_NAME_MAX_CHARS + 1];
    snprintf(name, sizeof name, "%s/%s", origin, new->badge.person);
    enum qrt_code code =
        qrt_vkey_make(&vkey, name, QRT_KEY_TYPE_COSIGN, qrt_sign_public(new->badge.key.data), err);
    if (code == QRT_OK) {
        qrt_vkey_format(out, &vkey);
    }
    return code;
}

enum qrt_code qrt_new_badge_check(const struct qrt_new_badge *new, const struct qrt_state *state,
                                  struct qrt_err *err)
{
    const uint8_t *key = qrt_sign_public(new->badge.key.data);
    for (size_t i = 0; i < state->badges.len; i++) {
        if (memcmp(QRT_ROW(state, badges, qrt_badge_row, i)->key.key, key, QRT_PUBLIC_BYTES) == 0) {
            return qrt_fail(err, QRT_E_REFUSED,
                            "badges.%s: the log has that badge; a new one is needed",
                            new->person->id);
        }
    }
    return QRT_OK;
}

enum qrt_code qrt_new_badge_draft(struct qrt_session *session, struct qrt_new_badge *new,
                                  const char *origin, struct qrt_err *err)
{
    char vkey[QRT_VKEY_MAX_CHARS + 1];
    uint8_t digest[QRT_HASH_BYTES];
    bool stored = new->stored.len_bytes > 0;
    enum qrt_code code = qrt_new_badge_vkey(vkey, new, origin, err);
    if (code == QRT_OK && stored) {
        code = qrt_session_document(session, "badge", &new->stored, digest, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_BADGE_ISSUED);
    qrt_draft_text(draft, "person", new->person->id);
    qrt_draft_text(draft, "vkey", vkey);
    qrt_draft_text(draft, "form", stored ? "passphrase" : "wallet");
    if (stored) {
        qrt_draft_hex(draft, "stored", digest, sizeof digest);
    }
    return QRT_OK;
}

enum qrt_code qrt_new_badge_code(struct qrt_secret *text, const struct qrt_badge *badge,
                                 struct qrt_err *err)
{
    QRT_SECRET payload = {0};
    enum qrt_code code = qrt_badge_encode(&payload, badge, QRT_KDF_NONE, NULL, 0, err);
    if (code == QRT_OK) {
        code = qrt_secret_init(text, qrt_code_chars(payload.len_bytes) + 1, err);
    }
    if (code == QRT_OK) {
        qrt_code_write((char *)text->data, QRT_CODE_BADGE, payload.data, payload.len_bytes);
        text->len_bytes = qrt_code_chars(payload.len_bytes);
    }
    return code;
}

static enum qrt_code wallet_code(struct qrt_new_badge *new, struct qrt_err *err)
{
    enum qrt_code code = qrt_new_badge_code(&new->generated, &new->badge, err);
    new->wallet = code == QRT_OK;
    return code;
}

static enum qrt_code store_under(struct qrt_new_badge *new, const struct qrt_secret *phrase,
                                 bool practice, struct qrt_err *err)
{
    QRT_SECRET payload = {0};
    enum qrt_code code =
        qrt_badge_encode(&payload, &new->badge, practice ? QRT_KDF_SMALL : QRT_KDF_STRONG,
                         phrase->data, phrase->len_bytes, err);
    if (code == QRT_OK) {
        qrt_buf_add(&new->stored, payload.data, payload.len_bytes);
        code = qrt_buf_check(&new->stored, err);
    }
    return code;
}

/* Somebody brings the wallet card that they have already. */
static enum qrt_code take_wallet(struct qrt_new_badge *new, const struct qrt_secret *given,
                                 struct qrt_err *err)
{
    enum qrt_code code =
        qrt_badge_read_wallet(&new->badge, (const char *)given->data, given->len_bytes, err);
    if (code == QRT_E_REFUSED ||
        (code == QRT_OK && strcmp(new->badge.person, new->person->id) != 0)) {
        return qrt_fail(err, QRT_E_REFUSED, "badges.%s: that is no wallet card of theirs",
                        new->person->id);
    }
    return code;
}

static enum qrt_code collect_from_script(struct qrt_new_badge *new,
                                         const struct qrt_new_badge_asking *asking,
                                         struct qrt_err *err)
{
    const struct qrt_ui *ui = asking->ui;
    QRT_SECRET given = {0};
    char key[KEY_BYTES];
    snprintf(key, sizeof key, "badges.%s", new->person->id);
    struct qrt_question question = {
        .key = key, .words = "a passphrase for the new badge", .optional = true};
    enum qrt_code code = ui->ask_secret(ui->ctx, &given, &question, err);
    bool asked = code == QRT_OK;
    if (code != QRT_OK && code != QRT_E_NOT_FOUND) {
        return code;
    }
    if (asked && qrt_code_is((const char *)given.data, given.len_bytes)) {
        return take_wallet(new, &given, err);
    }
    if ((code = qrt_badge_generate(&new->badge, new->person->id, err)) != QRT_OK) {
        return code;
    }
    if (asked) {
        if ((code = qrt_phrase_check(&given, err)) != QRT_OK) {
            qrt_err_prefix(err, "%s", key);
            return code;
        }
        return store_under(new, &given, asking->practice, err);
    }
    if ((new->person->roles &(QRT_ROLE_OPERATOR | QRT_ROLE_AUDITOR)) == 0) {
        return wallet_code(new, err);
    }
    code = qrt_phrase_generate(&new->generated, err);
    return code == QRT_OK ? store_under(new, &new->generated, asking->practice, err) : code;
}

static void page(const struct qrt_new_badge *new, const struct qrt_new_badge_asking *asking)
{
    QRT_BUF title = {0};
    QRT_BUF who = {0};
    qrt_buf_printf(&title, "the badge of %s", new->person->id);
    qrt_buf_printf(&who, "%s alone sits at the keyboard. The others look away.", new->person->id);
    struct qrt_page page = {
        .ceremony = asking->ceremony,
        .practice = asking->practice,
        .step = asking->step,
        .of = asking->of,
        .title = qrt_buf_str(&title),
        .who = qrt_buf_str(&who),
        .what = "A badge is your signature under the log. Choose how you keep it. A passphrase "
                "is written down by you and by nobody else. A wallet card is printed later, and "
                "carried like a bank card.",
        .wrong = "A passphrase that is lost cannot be read back by anyone.",
        .stop = "Ctrl-C, then the word stop. Nothing is written yet.",
    };
    qrt_ui_page(asking->ui, &page);
}

/* Shown, written down, and typed back from the paper. */
static enum qrt_code hand_phrase(const struct qrt_new_badge *new,
                                 const struct qrt_new_badge_asking *asking, struct qrt_err *err)
{
    const struct qrt_ui *ui = asking->ui;
    struct qrt_handout handout = {.kind = QRT_SECRET_PASSPHRASE,
                                  .owner = new->person->id,
                                  .who = new->person->id,
                                  .secret = &new->generated};
    for (;;) {
        QRT_SECRET typed = {0};
        uint64_t shown_s;
        struct qrt_question question = {
            .key = "passphrase",
            .words = "Type the seven words from your paper: small letters, one blank between, none "
                     "behind"};
        enum qrt_code code = ui->release(ui->ctx, &shown_s, &handout, 1, err);
        if (code == QRT_OK) {
            code = ui->ask_secret(ui->ctx, &typed, &question, err);
        }
        if (code != QRT_OK) {
            return code;
        }
        if (typed.len_bytes == new->generated.len_bytes &&
            sodium_memcmp(typed.data, new->generated.data, typed.len_bytes) == 0) {
            return QRT_OK;
        }
        code = qrt_fail(err, QRT_E_REFUSED, "these are not the seven words; look at them again");
        if (!qrt_ui_again(ui, code, err)) {
            return code;
        }
    }
}

/* What this line looks like tells which layout the keyboard has. */
static enum qrt_code check_layout(const struct qrt_ui *ui, struct qrt_err *err)
{
    static const char line[] = "yz YZ @ # - _ / \" '";
    QRT_BUF typed = {0};
    QRT_BUF words = {0};
    qrt_buf_printf(&words, "The keyboard's layout: type this line as you see it:  %s", line);
    struct qrt_question question = {.key = "layout", .words = qrt_buf_str(&words)};
    enum qrt_code code = ui->ask_line(ui->ctx, &typed, &question, err);
    if (code == QRT_OK && strcmp(qrt_buf_str(&typed), line) != 0) {
        ui->tell(ui->ctx, "This keyboard writes other signs than its keys say, or a sign was "
                          "missed. With another keyboard such a passphrase may not be typed again: "
                          "letters and digits alone, without y and z, are the safest.");
    }
    return code;
}

static enum qrt_code take_phrase(struct qrt_new_badge *new,
                                 const struct qrt_new_badge_asking *asking, struct qrt_err *err)
{
    const struct qrt_ui *ui = asking->ui;
    struct qrt_question first = {.key = "passphrase",
                                 .words = "A passphrase of at least twelve signs (not shown)"};
    struct qrt_question second = {.key = "passphrase", .words = "The same again"};
    enum qrt_code code = check_layout(ui, err);
    while (code == QRT_OK) {
        QRT_SECRET typed = {0};
        QRT_SECRET again = {0};
        if ((code = ui->ask_secret(ui->ctx, &typed, &first, err)) == QRT_OK &&
            (code = qrt_phrase_check(&typed, err)) == QRT_OK &&
            (code = ui->ask_secret(ui->ctx, &again, &second, err)) == QRT_OK) {
            bool same = typed.len_bytes == again.len_bytes &&
                        sodium_memcmp(typed.data, again.data, typed.len_bytes) == 0;
            if (same) {
                return store_under(new, &typed, asking->practice, err);
            }
            code = qrt_fail(err, QRT_E_USAGE, "the two are not the same");
        }
        code = qrt_ui_again(ui, code, err) ? QRT_OK : code;
    }
    return code;
}

static enum qrt_code generate_phrase(struct qrt_new_badge *new,
                                     const struct qrt_new_badge_asking *asking, struct qrt_err *err)
{
    enum qrt_code code = qrt_phrase_generate(&new->generated, err);
    if (code == QRT_OK) {
        code = hand_phrase(new, asking, err);
    }
    if (code == QRT_OK) {
        code = store_under(new, &new->generated, asking->practice, err);
    }
    /* It is on their paper; here it has done its work. */
    qrt_secret_wipe(&new->generated);
    return code;
}

static enum qrt_code collect_from_person(struct qrt_new_badge *new,
                                         const struct qrt_new_badge_asking *asking,
                                         struct qrt_err *err)
{
    static const char *const for_office[] = {"seven words that are made now (advised)",
                                             "a passphrase of your own"};
    static const char *const for_others[] = {
        "a wallet card, printed with the other sheets (advised)", "seven words that are made now",
        "a passphrase of your own"};
    const struct qrt_ui *ui = asking->ui;
    bool office = (new->person->roles &(QRT_ROLE_OPERATOR | QRT_ROLE_AUDITOR)) != 0;
    size_t choice = 0;
    page(new, asking);
    enum qrt_code code = ui->choose(ui->ctx, &choice, "Which: a number",
                                    office ? for_office : for_others, office ? 2 : 3, err);
    if (code == QRT_OK) {
        code = qrt_badge_generate(&new->badge, new->person->id, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    choice += office ? 1 : 0;
    return choice == 0   ? wallet_code(new, err)
           : choice == 1 ? generate_phrase(new, asking, err)
                         : take_phrase(new, asking, err);
}

enum qrt_code qrt_new_badge_collect(struct qrt_new_badge *new,
                                    const struct qrt_new_badge_asking *asking, struct qrt_err *err)
{
    return asking->ui->person ? collect_from_person(new, asking, err)
                              : collect_from_script(new, asking, err);
}
