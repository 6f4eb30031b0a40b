#include "ceremony/review/register.h"

#include "audit/outstanding.h"
#include "base/text.h"
#include "ceremony/bags/bag_ask.h"
#include "ceremony/reason.h"
#include "ceremony/session/session.h"
#include "vault/register_forms.h"
#include <stdio.h>
#include <string.h>

#define WRONG                                                                                      \
    "What is written here is public, and stays in the log: no secret, and no number in full."

static void page(const struct qrt_vault *vault, const struct qrt_ui *ui, unsigned step,
                 const char *title, const char *what)
{
    qrt_session_page(vault, ui,
                     (struct qrt_page){.ceremony = "The register",
                                       .step = step,
                                       .title = title,
                                       .what = what,
                                       .wrong = step == 1 ? WRONG : NULL});
}

static void add_line(struct qrt_buf *values, const char *key, struct qrt_span value)
{
    qrt_buf_printf(values, "%s=", key);
    qrt_buf_add(values, value.data, value.len_bytes);
    qrt_buf_text(values, "\n");
}

/* What stood under a key stays there. */
static void keep_key(struct qrt_buf *values, const struct qrt_register_row *row, const char *key)
{
    size_t at = 0;
    struct qrt_span value;
    while (row != NULL && qrt_register_next(row, key, &at, &value)) {
        add_line(values, key, value);
    }
}

static void tell_present(const struct qrt_ui *ui, const struct qrt_register_row *row,
                         const char *key)
{
    QRT_BUF now = {0};
    QRT_BUF line = {0};
    keep_key(&now, row, key);
    if (now.len_bytes > 0) {
        qrt_buf_text(&line, "Now: ");
        for (const char *at = qrt_buf_str(&now); *at != '\0'; at = strchr(at, '\n') + 1) {
            const char *value = at + strlen(key) + 1;
            qrt_buf_text(&line, at == qrt_buf_str(&now) ? "" : "; ");
            qrt_text_escape(&line, value, strcspn(value, "\n"));
        }
        ui->tell(ui->ctx, qrt_buf_str(&line));
    }
}

/* One key, from a person: Enter keeps what stands there, a dash takes it away. */
static enum qrt_code ask_key(struct qrt_buf *values, const struct qrt_ui *ui,
                             const struct qrt_register_key *key, const struct qrt_register_row *row,
                             struct qrt_err *err)
{
    QRT_BUF words = {0};
    bool many = (key->flags & QRT_REG_MANY) != 0;
    bool any = false;
    tell_present(ui, row, key->name);
    qrt_buf_printf(&words, "%s: %s (%s). Enter alone %s; a dash: none.", key->name, key->words,
                   qrt_register_form_words(key->form),
                   many ? "keeps what stands, or ends the list" : "keeps what stands");
    do {
        QRT_BUF text = {0};
        struct qrt_question question = {
            .key = key->name, .words = qrt_buf_str(&words), .optional = true};
        enum qrt_code code = ui->ask_line(ui->ctx, &text, &question, err);
        if (code == QRT_E_NOT_FOUND) {
            if (!any) {
                keep_key(values, row, key->name);
            }
            return QRT_OK;
        }
        if (code != QRT_OK || strcmp(qrt_buf_str(&text), "-") == 0) {
            return code;
        }
        add_line(values, key->name, (struct qrt_span){qrt_buf_str(&text), text.len_bytes});
        any = true;
    } while (many);
    return QRT_OK;
}

/* A site or a safe that the policy does not have hides what lies there from every
 * comparison. */
static enum qrt_code check_place(const struct qrt_vault *vault, const char *where,
                                 struct qrt_span place, struct qrt_err *err)
{
    char why[128];
    char site[QRT_ID_CHARS + 1] = "";
    char safe[QRT_ID_CHARS + 1] = "";
    bool ignored;
    const char *slash = memchr(place.data, '/', place.len_bytes);
    size_t len = slash == NULL ? 0 : (size_t)(slash - place.data);
    size_t after = slash == NULL ? 0 : len + 1;
    (void)qrt_span_copy(site, sizeof site, (struct qrt_span){place.data, len});
    (void)qrt_span_copy(safe, sizeof safe,
                        (struct qrt_span){place.data + after, place.len_bytes - after});
    return qrt_bag_place_is_known(&vault->policy, site, safe, why, &ignored)
               ? QRT_OK
               : qrt_fail(err, QRT_E_USAGE, "%s: %s", where, why);
}

/* Nothing is given to somebody who has left. What they have not given back stays
 * in its row until they have. */
static enum qrt_code check_person(const struct qrt_vault *vault, const char *key,
                                  struct qrt_span value, const struct qrt_register_row *row,
                                  struct qrt_err *err)
{
    char id[QRT_ID_CHARS + 1];
    struct qrt_span before;
    size_t at = 0;
    if (!qrt_span_copy(id, sizeof id, value) || !qrt_has_left(&vault->state, id)) {
        return QRT_OK;
    }
    while (row != NULL && qrt_register_next(row, key, &at, &before)) {
        if (qrt_span_is(before, id)) {
            return QRT_OK;
        }
    }
    return qrt_fail(err, QRT_E_USAGE, "%s is somebody who has left", key);
}

/* Serial numbers and the like are known elsewhere; a note has no number in full. */
static enum qrt_code check_value(const struct qrt_vault *vault, const struct qrt_register_key *key,
                                 struct qrt_span value, const struct qrt_register_row *row,
                                 struct qrt_err *err)
{
    if (key->form == QRT_REG_PERSON || key->form == QRT_REG_READER) {
        return check_person(vault, key->name, value, row, err);
    }
    if (key->form == QRT_REG_PLACE) {
        return check_place(vault, key->name, value, err);
    }
    if (key->form != QRT_REG_TEXT && key->form != QRT_REG_MASKED) {
        return QRT_OK;
    }
    QRT_BUF text = {0};
    qrt_buf_add(&text, value.data, value.len_bytes);
    enum qrt_code code = qrt_buf_check(&text, err);
    return code == QRT_OK ? qrt_public_leak_check(qrt_buf_str(&text), key->name,
                                                  strcmp(key->name, "note") != 0, err)
                          : code;
}

/* What the log's rules would take, and nobody wants in it. */
static enum qrt_code check_values(const struct qrt_vault *vault, const struct qrt_register *reg,
                                  const char *values, const struct qrt_register_row *row,
                                  struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    for (const char *at = values; code == QRT_OK && *at != '\0'; at = strchr(at, '\n') + 1) {
        for (size_t k = 0; code == QRT_OK && k < reg->keys_len; k++) {
            size_t len = strlen(reg->keys[k].name);
            if (strncmp(at, reg->keys[k].name, len) == 0 && at[len] == '=') {
                const char *value = at + len + 1;
                code = check_value(vault, &reg->keys[k],
                                   (struct qrt_span){value, strcspn(value, "\n")}, row, err);
            }
        }
    }
    return code;
}

static enum qrt_code ask_person(struct qrt_buf *values, const struct qrt_vault *vault,
                                const struct qrt_ui *ui, const struct qrt_register *reg,
                                const struct qrt_register_row *row, struct qrt_err *err)
{
    char why[128];
    for (;;) {
        enum qrt_code code = QRT_OK;
        qrt_buf_free(values);
        for (size_t k = 0; code == QRT_OK && k < reg->keys_len; k++) {
            code = ask_key(values, ui, &reg->keys[k], row, err);
        }
        if (code != QRT_OK) {
            return code;
        }
        const char *wrong = values->len_bytes == 0
                                ? "nothing was given"
                                : qrt_register_check(why, reg, &vault->state, qrt_buf_str(values));
        code = wrong == NULL ? check_values(vault, reg, qrt_buf_str(values), row, err)
                             : qrt_fail(err, QRT_E_USAGE, "%s", wrong);
        if (code == QRT_OK) {
            return QRT_OK;
        }
        if (!qrt_ui_again(ui, code, err)) {
            return code;
        }
    }
}

static enum qrt_code ask_script(struct qrt_buf *values, const struct qrt_ui *ui,
                                struct qrt_err *err)
{
    for (size_t i = 0;; i++) {
        char key[32];
        snprintf(key, sizeof key, "values.%zu", i);
        struct qrt_question question = {.key = key, .words = "KEY=VALUE", .optional = i > 0};
        enum qrt_code code = ui->ask_line(ui->ctx, values, &question, err);
        if (code != QRT_OK) {
            return code == QRT_E_NOT_FOUND ? QRT_OK : code;
        }
        qrt_buf_text(values, "\n");
    }
}

static enum qrt_code gather(struct qrt_buf *values, const struct qrt_vault *vault,
                            const struct qrt_ui *ui, const struct qrt_register_change *change,
                            const struct qrt_register *reg, struct qrt_err *err)
{
    char why[128];
    enum qrt_code code = QRT_OK;
    const struct qrt_register_row *row = qrt_register_row(&vault->state, change->reg, change->name);
    if (change->take_away) {
        return row != NULL && row->value[0] != '\0'
                   ? QRT_OK
                   : qrt_fail(err, QRT_E_USAGE, "%s: none of that name", change->reg);
    }
    for (size_t i = 0; i < change->values_len; i++) {
        qrt_buf_printf(values, "%s\n", change->values[i]);
        if (strchr(change->values[i], '\n') != NULL) {
            return qrt_fail(err, QRT_E_USAGE, "%s: a value of two lines", change->reg);
        }
    }
    if (change->values_len == 0) {
        code =
            ui->person ? ask_person(values, vault, ui, reg, row, err) : ask_script(values, ui, err);
    }
    if (code == QRT_OK) {
        code = qrt_buf_check(values, err);
    }
    const char *wrong = code == QRT_OK && values->len_bytes >= QRT_REGISTER_VALUE_BYTES
                            ? "its values are longer than 2,047 bytes"
                            : NULL;
    if (code == QRT_OK && wrong == NULL) {
        wrong = qrt_register_check(why, reg, &vault->state, qrt_buf_str(values));
    }
    if (wrong != NULL) {
        return qrt_fail(err, QRT_E_USAGE, "%s: %s", change->reg, wrong);
    }
    return code == QRT_OK ? check_values(vault, reg, qrt_buf_str(values), row, err) : code;
}

/* What is left out is gone: a person sees the row as a whole before it is taken. */
static enum qrt_code confirm_row(bool *right, const struct qrt_vault *vault,
                                 const struct qrt_ui *ui, const struct qrt_register_change *change,
                                 const struct qrt_buf *values, struct qrt_err *err)
{
    QRT_BUF what = {0};
    QRT_BUF lines = {0};
    qrt_buf_printf(&what, "This alone stands under %s %s from then on:\n", change->reg,
                   change->name);
    for (const char *at = qrt_buf_str(values); *at != '\0'; at = strchr(at, '\n') + 1) {
        size_t key_len = strcspn(at, "=");
        qrt_buf_printf(&lines, "%.*s: ", (int)key_len, at);
        qrt_text_escape(&lines, at + key_len + 1, strcspn(at, "\n") - key_len - 1);
        qrt_buf_text(&lines, "\n");
    }
    struct qrt_page shown = {.ceremony = "The register",
                             .practice = vault->state.practice,
                             .step = 1,
                             .of = 3,
                             .title = "the new row",
                             .who = "The operator.",
                             .what = qrt_buf_str(&what),
                             .wrong = WRONG,
                             .stop = "Ctrl-C, then the word stop. Nothing is written yet."};
    enum qrt_code code = qrt_ui_pages(ui, &shown, qrt_buf_str(&lines), err);
    return code == QRT_OK ? ui->confirm(ui->ctx, right, "Is that right?", err) : code;
}

/* Until a person says that the row is right; of a script it is. */
static enum qrt_code settle(struct qrt_buf *values, const struct qrt_vault *vault,
                            const struct qrt_ui *ui, const struct qrt_register_change *change,
                            const struct qrt_register *reg, struct qrt_err *err)
{
    for (bool right = false; !right;) {
        qrt_buf_free(values);
        page(vault, ui, 1, "the row",
             "What is to stand under that name is given key by key. What stood there before is "
             "replaced, and stays in the log.");
        enum qrt_code code = gather(values, vault, ui, change, reg, err);
        if (code != QRT_OK || !ui->person || change->take_away) {
            return code;
        }
        code = confirm_row(&right, vault, ui, change, values, err);
        if (code == QRT_OK && !right && change->values_len > 0) {
            code = qrt_fail(err, QRT_E_REFUSED, "%s: the row is not right; nothing is written",
                            change->reg);
        }
        if (code != QRT_OK) {
            return code;
        }
    }
    return QRT_OK;
}

static void draft_row(struct qrt_session *session, const struct qrt_register_change *change,
                      const struct qrt_buf *values)
{
    struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_REGISTER_SET);
    qrt_draft_text(draft, "register", change->reg);
    qrt_draft_text(draft, "name", change->name);
    for (const char *at = qrt_buf_str(values); *at != '\0'; at = strchr(at, '\n') + 1) {
        QRT_BUF value = {0};
        qrt_buf_add(&value, at, strcspn(at, "\n"));
        qrt_draft_text(draft, "value", qrt_buf_str(&value));
    }
}

enum qrt_code qrt_register_change(struct qrt_vault *vault, const struct qrt_ui *ui,
                                  const struct qrt_register_change *change, struct qrt_err *err)
{
    QRT_SESSION session = {0};
    QRT_BUF values = {0};
    const struct qrt_register *reg = qrt_register_find(change->reg);
    if (reg == NULL) {
        return qrt_fail(err, QRT_E_USAGE,
                        "there is no such register; quorate register list names them");
    }
    const char *wrong = qrt_register_check_name(reg, &vault->state, change->name);
    if (wrong != NULL) {
        return qrt_fail(err, QRT_E_USAGE, "%s: its name is to be %s", reg->name, wrong);
    }
    if (reg->of_name == QRT_REG_PERSON && !change->take_away &&
        qrt_has_left(&vault->state, change->name)) {
        return qrt_fail(err, QRT_E_USAGE, "%s: its name is somebody who has left", reg->name);
    }
    if (reg->of_name == QRT_REG_PLACE && !change->take_away) {
        enum qrt_code known = check_place(
            vault, reg->name, (struct qrt_span){change->name, strlen(change->name)}, err);
        if (known != QRT_OK) {
            return known;
        }
    }
    enum qrt_code code = settle(&values, vault, ui, change, reg, err);
    if (code == QRT_OK) {
        page(vault, ui, 2, "the session",
             "The operator's badge opens the log, and everyone in the room is named.");
        code = qrt_session_begin(&session, vault, ui, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    page(vault, ui, 3, "the close", "Whoever has a badge may sign the log.");
    draft_row(&session, change, &values);
    return qrt_session_close(&session, "register", "done", err);
}
