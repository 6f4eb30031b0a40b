#include "ceremony/cards/sealed_sheets.h"

#include "base/interrupt.h"
#include "base/text.h"
#include "card/sealed.h"
#include "vault/item_code.h"
#include "worker/calls.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PER_SHEET QRT_SHEET_SEALED_ITEMS_MAX

/* What all sheets of one group say. */
struct sheets {
    const struct qrt_sealed_sheets *sealed;
    enum qrt_group group;
    const struct qrt_item_row **items; /* borrowed rows, items_len of them */
    size_t items_len;
    char vault_id[25];
    char header[QRT_SHEET_HEADER_CHARS + 1];
};

static enum qrt_code make_header(struct sheets *sheets, struct qrt_err *err)
{
    const struct qrt_vault *vault = sheets->sealed->session->vault;
    const struct qrt_key_row *key = sheets->sealed->key;
    struct qrt_sheet_header header = {.generation = (uint16_t)key->generation};
    memcpy(header.vault_id, vault->log.vault_id, sizeof header.vault_id);
    memcpy(header.key_check, key->key_check, sizeof header.key_check);
    memcpy(header.group_check, key->group_check, sizeof header.group_check);
    qrt_text_hex(sheets->vault_id, header.vault_id, sizeof header.vault_id);
    return qrt_sheet_header_text(sheets->header, &header, err);
}

/* The code of an item, as its document has it. */
static enum qrt_code make_code(struct qrt_buf *text, struct qrt_vault *vault,
                               const struct qrt_item_row *item, struct qrt_err *err)
{
    QRT_BUF sealed = {0};
    struct qrt_item_place place = {vault->log.vault_id, (unsigned)item->generation, item->account,
                                   item->kind, (uint64_t)item->serial};
    enum qrt_code code = qrt_log_document(&vault->log, item->ciphertext, &sealed, err);
    return code == QRT_OK ? qrt_item_code_text(text, &place, sealed.data, sealed.len_bytes, err)
                          : code;
}

/* Prints one sheet: the items from `first` on, as many as it takes. */
static enum qrt_code deliver_sheet(const struct sheets *sheets, size_t first, struct qrt_err *err)
{
    const struct qrt_policy *policy = sheets->sealed->policy;
    struct qrt_session *session = sheets->sealed->session;
    const struct qrt_ui *ui = session->ui;
    size_t count = sheets->items_len - first < PER_SHEET ? sheets->items_len - first : PER_SHEET;
    struct qrt_sheet_sealed_item items[PER_SHEET];
    struct qrt_buf codes[PER_SHEET] = {0};
    struct qrt_sheet_sealed sheet = {
        .organisation = policy->organization,
        .origin = policy->origin,
        .vault_id = sheets->vault_id,
        .group = sheets->group,
        .needs_password = policy->groups[QRT_GROUP_PASSWORD].threshold,
        .needs_mfa = policy->groups[QRT_GROUP_MFA].threshold,
        .generation = (unsigned)sheets->sealed->key->generation,
        .issued_unix_s = qrt_session_now(session),
        .header = sheets->header,
        .items = items,
        .items_len = count,
        .first_page = (unsigned)QRT_SHEET_SEALED_PAGES(first) + 1,
        .pages = (unsigned)QRT_SHEET_SEALED_PAGES(sheets->items_len),
        .paper = ui->paper,
        .practice = policy->practice,
    };
    QRT_SECRET description = {0};
    QRT_SECRET pdf = {0};
    QRT_BUF where = {0};
    char name[48];
    enum qrt_code code = QRT_OK;
    for (size_t i = 0; code == QRT_OK && i < count; i++) {
        const struct qrt_item_row *item = sheets->items[first + i];
        code = make_code(&codes[i], session->vault, item, err);
        items[i] =
            (struct qrt_sheet_sealed_item){item->account, item->kind, (uint32_t)item->serial,
                                           (unsigned)item->generation, qrt_buf_str(&codes[i])};
    }
    if (code == QRT_OK) {
        code = qrt_sheet_sealed_describe(&description, &sheet, err);
    }
    if (code == QRT_OK) {
        code = qrt_print_pdf(&pdf, &description, err);
    }
    if (code == QRT_OK) {
        const char *group = qrt_group_name(sheets->group);
        if (first == 0) {
            snprintf(name, sizeof name, "sealed-%s.pdf", group);
        } else {
            snprintf(name, sizeof name, "sealed-%s-%zu.pdf", group, first / PER_SHEET + 1);
        }
        code = ui->deliver(ui->ctx, &where, name, &pdf, err);
    }
    for (size_t i = 0; i < count; i++) {
        qrt_buf_free(&codes[i]);
    }
    return code;
}

/* Any custodian of the group takes them: the sheets are all the same. */
static enum qrt_code call(const struct sheets *sheets, struct qrt_err *err)
{
    static const char *const titles[QRT_GROUPS] = {"the sealed passwords", "the sealed MFA seeds"};
    static const char *const who[QRT_GROUPS] = {"a custodian of the password group",
                                                "a custodian of the MFA group"};
    const struct qrt_sealed_sheets *sealed = sheets->sealed;
    const struct qrt_ui *ui = sealed->session->ui;
    QRT_BUF words = {0};
    if (!ui->person || sheets->items_len == 0) {
        return QRT_OK;
    }
    qrt_ui_page(ui, &(struct qrt_page){
                        .ceremony = sealed->ceremony,
                        .practice = sealed->policy->practice,
                        .step = sealed->step,
                        .of = sealed->of,
                        .title = titles[sheets->group],
                        .who = who[sheets->group],
                        .what = "What the vault keeps is printed as ciphertext, for the day when "
                                "every computer is lost. Keep it beside the sealed bag, not in it. "
                                "It opens nothing without a quorum of both groups.",
                        .wrong = "A bad print: the vault has the same; go on.",
                        .stop = "Ctrl-C, then the word stop. All cards are handed over: nothing "
                                "is lost but these sheets.",
                    });
    qrt_buf_printf(&words, "Press Enter when %s stands at the printer.", who[sheets->group]);
    return ui->wait(ui->ctx, qrt_buf_str(&words), err);
}

/* Until a new key is in force, what carries another on is what that one is. */
static bool is_latest(const struct qrt_state *state, const struct qrt_item_row *item,
                      const struct qrt_key_row *key)
{
    const struct qrt_item_row *from =
        item->carries == 0 || key->began != QRT_NEVER
            ? item
            : QRT_ROW(state, items, qrt_item_row, (size_t)item->carries - 1);
    return qrt_item_is_kept(item, key->generation) && from->superseded == QRT_NEVER;
}

static enum qrt_code deliver_group(struct sheets *sheets, struct qrt_err *err)
{
    static const char *const kinds[QRT_GROUPS] = {"password", "totp"};
    const struct qrt_state *state = &sheets->sealed->session->vault->state;
    for (size_t i = 0; i < state->items.len; i++) {
        const struct qrt_item_row *item = QRT_ROW(state, items, qrt_item_row, i);
        if (strcmp(item->kind, kinds[sheets->group]) == 0 &&
            is_latest(state, item, sheets->sealed->key)) {
            sheets->items[sheets->items_len++] = item;
        }
    }
    enum qrt_code code = call(sheets, err);
    if (code == QRT_OK) {
        code = make_header(sheets, err);
    }
    for (size_t first = 0; code == QRT_OK && first < sheets->items_len; first += PER_SHEET) {
        code = qrt_interrupt_check(err);
        if (code == QRT_OK) {
            code = deliver_sheet(sheets, first, err);
        }
    }
    return code;
}

enum qrt_code qrt_sealed_sheets_deliver(const struct qrt_sealed_sheets *sealed, struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    for (enum qrt_group group = 0; code == QRT_OK && group < QRT_GROUPS; group++) {
        struct sheets sheets = {.sealed = sealed, .group = group};
        sheets.items = calloc(sealed->session->vault->state.items.len + 1, sizeof *sheets.items);
        if (sheets.items == NULL) {
            return qrt_fail(err, QRT_E_NOMEM, "the sealed sheets");
        }
        code = deliver_group(&sheets, err);
        free(sheets.items);
    }
    return code;
}
