#include "ceremony/cards/paper_items.h"

#include "base/text.h"
#include "card/code.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUPERSEDED "superseded"

void qrt_paper_items_free(struct qrt_paper_items *items)
{
    free(items->list);
    *items = (struct qrt_paper_items){0};
}

static bool has_serial(const struct qrt_paper_items *items, uint64_t serial)
{
    for (size_t i = 0; i < items->len; i++) {
        if (items->list[i].serial == serial) {
            return true;
        }
    }
    return false;
}

bool qrt_paper_items_has(const struct qrt_paper_items *items, const struct qrt_item_row *item)
{
    return has_serial(items, (uint64_t)item->serial);
}

/* One code on a sheet, and where it stands. */
struct spot {
    const struct qrt_presented *sheet;
    const char *unit; /* code or line */
    size_t number;
    const char *text;
    size_t len_chars;
};

static void refuse(struct qrt_paper_items *items, const struct spot *spot,
                   const struct qrt_item_code *item, const char *reason)
{
    QRT_BUF line = {0};
    qrt_text_escape(&line, spot->sheet->name, strlen(spot->sheet->name));
    if (spot->number > 0) {
        qrt_buf_printf(&line, ", %s %zu", spot->unit, spot->number);
    }
    if (item != NULL) {
        qrt_buf_printf(&line, ", %s of %s", item->kind, item->account);
    }
    qrt_buf_printf(&line, ": %s", reason);
    items->ui->tell(items->ui->ctx, qrt_buf_str(&line));
    if (items->why[0] == '\0' && (item == NULL || strcmp(item->account, items->account) == 0)) {
        snprintf(items->why, sizeof items->why, "%s", qrt_buf_str(&line));
    }
}

/* The place that both a header and an item name. NULL if it is this vault's. */
static const char *judge_place(const struct qrt_vault *vault, const uint8_t *vault_id,
                               int64_t generation)
{
    const struct qrt_key_row *key = qrt_state_key(&vault->state);
    enum qrt_card_reason reason = QRT_CARD_FINE;
    if (memcmp(vault_id, vault->log.vault_id, QRT_VAULT_ID_BYTES) != 0) {
        reason = QRT_CARD_OTHER_VAULT;
    } else if (key == NULL || generation > key->generation) {
        reason = QRT_CARD_NEWER_THAN_VAULT;
    } else if (generation < key->generation) {
        reason = QRT_CARD_FORMER_GENERATION;
    }
    return reason == QRT_CARD_FINE ? NULL : qrt_card_reason_word(reason);
}

static const char *judge_header(const struct qrt_vault *vault,
                                const struct qrt_sheet_header *header)
{
    const struct qrt_key_row *key = qrt_state_key(&vault->state);
    const char *reason = judge_place(vault, header->vault_id, header->generation);
    if (reason == NULL &&
        (memcmp(header->key_check, key->key_check, sizeof header->key_check) != 0 ||
         memcmp(header->group_check, key->group_check, sizeof header->group_check) != 0)) {
        reason = qrt_card_reason_word(QRT_CARD_MISMATCH);
    }
    return reason;
}

static const char *judge_item(const struct qrt_vault *vault, const struct qrt_item_code *item)
{
    const struct qrt_state *state = &vault->state;
    const char *reason = judge_place(vault, item->vault_id, item->generation);
    if (reason != NULL) {
        return reason;
    }
    if (item->serial > state->items.len) {
        return qrt_card_reason_word(QRT_CARD_NEWER_THAN_VAULT);
    }
    const struct qrt_item_row *row = QRT_ROW(state, items, qrt_item_row, (size_t)item->serial - 1);
    uint8_t digest[QRT_HASH_BYTES];
    qrt_sha256(digest, item->sealed, item->sealed_len_bytes);
    if (strcmp(row->account, item->account) != 0 || strcmp(row->kind, item->kind) != 0 ||
        row->generation != item->generation ||
        memcmp(digest, row->ciphertext, sizeof digest) != 0) {
        return qrt_card_reason_word(QRT_CARD_MISMATCH);
    }
    return qrt_state_item(state, row->account, row->kind) == row ? NULL : SUPERSEDED;
}

static enum qrt_code keep(struct qrt_paper_items *items, const struct qrt_item_code *item,
                          struct qrt_err *err)
{
    struct qrt_item_code *list = reallocarray(items->list, items->len + 1, sizeof *list);
    if (list == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "the items of a sealed sheet");
    }
    items->list = list;
    list[items->len++] = *item;
    return QRT_OK;
}

/* What is done with each code of a sheet. */
enum pass { PASS_HEADERS, PASS_ITEMS };

/* False if it is a header that the log contradicts. */
static bool header_fits(struct qrt_paper_items *items, const struct spot *spot)
{
    struct qrt_sheet_header header;
    enum qrt_code code = qrt_sheet_header_read(&header, spot->text, spot->len_chars, NULL);
    const char *reason = code == QRT_OK        ? judge_header(items->vault, &header)
                         : code == QRT_E_NEWER ? qrt_card_reason_word(QRT_CARD_NEWER_THAN_VAULT)
                                               : NULL;
    if (reason != NULL) {
        refuse(items, spot, NULL, reason);
    }
    return reason == NULL;
}

static enum qrt_code take_item(struct qrt_paper_items *items, const struct spot *spot,
                               struct qrt_err *err)
{
    struct qrt_sheet_header header;
    struct qrt_item_code item;
    enum qrt_code as_header = qrt_sheet_header_read(&header, spot->text, spot->len_chars, NULL);
    if (as_header == QRT_OK) {
        return QRT_OK;
    }
    enum qrt_code code = qrt_item_code_read(&item, spot->text, spot->len_chars, NULL);
    if (code != QRT_OK) {
        /* A header's letter on what is no header is no other kind of code. */
        bool other = code == QRT_E_REFUSED && as_header == QRT_E_REFUSED;
        refuse(items, spot, NULL,
               qrt_card_reason_word(other ? QRT_CARD_WRONG_KIND : QRT_CARD_UNREADABLE));
        return QRT_OK;
    }
    const char *reason = judge_item(items->vault, &item);
    if (reason != NULL) {
        refuse(items, spot, &item, reason);
        return QRT_OK;
    }
    return has_serial(items, item.serial) ? QRT_OK : keep(items, &item, err);
}

/* Every code of the sheet: a picture's texts, or a text's lines. */
static enum qrt_code take_pass(struct qrt_paper_items *items, const struct qrt_presented *sheet,
                               enum pass pass, bool *set_aside, struct qrt_err *err)
{
    const char *text = (const char *)sheet->bytes.data;
    bool lines = strcmp(sheet->how, "words") == 0;
    for (size_t i = 0; i < sheet->texts; i++, text += strlen(text) + 1) {
        const char *line = text;
        for (size_t number = 1; *line != '\0'; number++) {
            struct spot spot = {sheet, lines ? "line" : "code", lines ? number : i + 1, line,
                                strcspn(line, "\n")};
            line += spot.len_chars + (line[spot.len_chars] == '\n');
            qrt_code_trim(&spot.text, &spot.len_chars);
            if (spot.len_chars == 0) {
                continue;
            }
            if (pass == PASS_HEADERS) {
                *set_aside = !header_fits(items, &spot) || *set_aside;
                continue;
            }
            enum qrt_code code = take_item(items, &spot, err);
            if (code != QRT_OK) {
                return code;
            }
        }
    }
    return QRT_OK;
}

enum qrt_code qrt_paper_items_take(struct qrt_paper_items *items, const struct qrt_vault *vault,
                                   const struct qrt_presented *sheets, size_t sheets_len,
                                   const char *account, const struct qrt_ui *ui,
                                   struct qrt_err *err)
{
    *items = (struct qrt_paper_items){
        .vault = vault, .ui = ui, .account = account, .sheets_len = sheets_len};
    enum qrt_code code = QRT_OK;
    for (size_t i = 0; code == QRT_OK && i < sheets_len; i++) {
        struct spot spot = {.sheet = &sheets[i]};
        bool set_aside = false;
        if (sheets[i].unreadable != NULL) {
            refuse(items, &spot, NULL, sheets[i].unreadable);
            continue;
        }
        code = take_pass(items, &sheets[i], PASS_HEADERS, &set_aside, err);
        if (code == QRT_OK && !set_aside) {
            code = take_pass(items, &sheets[i], PASS_ITEMS, &set_aside, err);
        }
    }
    return code;
}

enum qrt_code qrt_paper_items_suffice(const struct qrt_paper_items *items, const char *const *kinds,
                                      size_t kinds_len, struct qrt_err *err)
{
    const char *before = items->why[0] != '\0' ? "; " : "";
    unsigned found = 0;
    for (size_t i = 0; i < kinds_len; i++) {
        const struct qrt_item_row *item =
            qrt_state_item(&items->vault->state, items->account, kinds[i]);
        if (item == NULL) {
            continue;
        }
        if (qrt_paper_items_has(items, item)) {
            found++;
        } else if (qrt_vault_has_lost(items->vault, item)) {
            return qrt_fail(err, QRT_E_REFUSED, "--sealed: no sheet has the lost %s of %s%s%.120s",
                            item->kind, item->account, before, items->why);
        }
    }
    return items->sheets_len == 0 || found > 0
               ? QRT_OK
               : qrt_fail(err, QRT_E_REFUSED, "--sealed: no sheet has what is asked for%s%.120s",
                          before, items->why);
}

enum qrt_code qrt_paper_items_draft(const struct qrt_paper_items *items,
                                    struct qrt_session *session, struct qrt_err *err)
{
    for (size_t i = 0; i < items->len; i++) {
        const struct qrt_item_code *item = &items->list[i];
        const struct qrt_item_row *row =
            QRT_ROW(&items->vault->state, items, qrt_item_row, (size_t)item->serial - 1);
        QRT_BUF sealed = {0};
        uint8_t digest[QRT_HASH_BYTES];
        char expected[128];
        if (!qrt_vault_has_lost(items->vault, row)) {
            continue;
        }
        qrt_buf_add(&sealed, item->sealed, item->sealed_len_bytes);
        enum qrt_code code = qrt_session_document(session, "item", &sealed, digest, err);
        if (code != QRT_OK) {
            return code;
        }
        snprintf(expected, sizeof expected, "the vault has item %llu, %s of %s",
                 (unsigned long long)item->serial, item->kind, item->account);
        struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_EXCEPTION);
        qrt_draft_text(draft, "step", "open-vault");
        qrt_draft_text(draft, "expected", expected);
        qrt_draft_text(draft, "happened", "its copy was missing or damaged");
        qrt_draft_text(draft, "decided", "put back from a sealed sheet");
    }
    return QRT_OK;
}
