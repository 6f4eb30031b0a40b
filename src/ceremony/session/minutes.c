#include "ceremony/session/minutes.h"

#include "base/text.h"
#include "ceremony/session/attendance.h"
#include "ceremony/session/minutes_collect.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 1000 /* of what happened, and of exceptions, on QRT_SHEET_PAGES_MAX pages */

/* The checkpoint of that epoch. The note views into *bytes. */
static enum qrt_code read_checkpoint(struct qrt_note *note, struct qrt_checkpoint *checkpoint,
                                     struct qrt_buf *bytes, struct qrt_log *log, uint64_t epoch,
                                     struct qrt_err *err)
{
    QRT_STATEMENT *find_note = NULL;
    enum qrt_code code = qrt_db_prepare(&find_note, log->db,
                                        "SELECT note FROM log_checkpoint WHERE epoch = ?1", err);
    if (code != QRT_OK) {
        return code;
    }
    sqlite3_bind_int64(find_note, 1, (sqlite3_int64)epoch);
    if (sqlite3_step(find_note) != SQLITE_ROW) {
        return qrt_db_fail(log->db, "reading its checkpoint", err);
    }
    qrt_buf_add(bytes, sqlite3_column_blob(find_note, 0),
                (size_t)sqlite3_column_bytes(find_note, 0));
    if ((code = qrt_buf_check(bytes, err)) != QRT_OK ||
        (code = qrt_note_parse(note, (const char *)bytes->data, bytes->len_bytes, err)) != QRT_OK) {
        return code;
    }
    return qrt_checkpoint_parse(checkpoint, note->text, note->text_len_bytes, err);
}

/* Who cosigned it after its commit: a line an id. */
static enum qrt_code read_later(struct qrt_buf *ids, struct qrt_log *log, uint64_t epoch,
                                struct qrt_err *err)
{
    QRT_STATEMENT *rows = NULL;
    enum qrt_code code =
        qrt_db_prepare(&rows, log->db, "SELECT person FROM log_cosignature WHERE epoch = ?1", err);
    if (code != QRT_OK) {
        return code;
    }
    int rc;
    sqlite3_bind_int64(rows, 1, (sqlite3_int64)epoch);
    while ((rc = sqlite3_step(rows)) == SQLITE_ROW) {
        qrt_buf_printf(ids, "%s\n", sqlite3_column_text(rows, 0));
    }
    return rc == SQLITE_DONE ? qrt_buf_check(ids, err)
                             : qrt_db_fail(log->db, "reading its cosignatures", err);
}

static bool has_cosigned(const struct qrt_note *note, const char *origin, const char *id)
{
    char name[QRT_KEY_NAME_MAX_CHARS + 1];
    snprintf(name, sizeof name, "%s/%s", origin, id);
    for (size_t i = 0; i < note->signatures_len; i++) {
        if (strcmp(note->signatures[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Cuts the lines of ids into C strings, in place. */
static size_t cut(char **ids, size_t max, struct qrt_buf *lines)
{
    size_t len = 0;
    for (char *line = (char *)lines->data; line != NULL && *line != '\0' && len < max;) {
        char *end = strchr(line, '\n');
        *end = '\0';
        ids[len++] = line;
        line = end + 1;
    }
    return len;
}

/* What the sheet's tables point to. */
struct tables {
    char *ids[QRT_POLICY_PEOPLE_MAX];
    char *receipts[QRT_POLICY_PEOPLE_MAX];
    struct qrt_minutes_person people[QRT_POLICY_PEOPLE_MAX];
    char roles[QRT_POLICY_PEOPLE_MAX][64];
    struct qrt_minutes_line lines[QRT_MINUTES_LINES_MAX + 2];
    char left_out[96];
    char later[512];
    struct qrt_minutes_exception exceptions[QRT_MINUTES_EXCEPTIONS_MAX];
    struct qrt_minutes_bag bags[QRT_MINUTES_BAGS_MAX];
    char vault_id[2 * QRT_VAULT_ID_BYTES + 1];
    char genesis[2 * QRT_HASH_BYTES + 1];
    char root[2 * QRT_HASH_BYTES + 1];
    char digest[2 * QRT_HASH_BYTES + 1];
};

static void fill_people(struct qrt_sheet_minutes *sheet, struct tables *t, struct qrt_collecting *c,
                        const struct qrt_vault *vault, const struct qrt_note *note,
                        const struct qrt_buf *later)
{
    sheet->people_len = cut(t->ids, QRT_POLICY_PEOPLE_MAX, &c->present);
    for (size_t i = 0; i < sheet->people_len; i++) {
        const struct qrt_policy_person *person = qrt_policy_person(&vault->policy, t->ids[i]);
        const struct qrt_person *row = qrt_state_person(&vault->state, t->ids[i]);
        snprintf(t->roles[i], sizeof t->roles[i], "%s", row != NULL ? row->roles : "");
        t->people[i] = (struct qrt_minutes_person){
            .id = t->ids[i],
            .name = person != NULL ? person->name : "",
            .roles = t->roles[i],
            .cosigned = has_cosigned(note, vault->log.origin, t->ids[i]) ||
                        qrt_attendance_has(later, t->ids[i])};
    }
    sheet->people = t->people;
    /* Of a receipt its size is enough to be read aloud; the log has the root. */
    sheet->receipts_len = cut(t->receipts, QRT_POLICY_PEOPLE_MAX, &c->receipts);
    for (size_t i = 0; i < sheet->receipts_len; i++) {
        char *blank = strchr(t->receipts[i], ' ');
        if (blank != NULL) {
            *blank = '\0';
        }
    }
    sheet->receipts = (const char *const *)t->receipts;
}

/* Somebody who was not there, perhaps, and stands in no table of people. */
static void add_later(struct qrt_sheet_minutes *sheet, struct tables *t,
                      const struct qrt_buf *later, int64_t closed_unix_s)
{
    if (later->len_bytes == 0) {
        return;
    }
    snprintf(t->later, sizeof t->later, "cosigned after the close by %s", qrt_buf_str(later));
    for (char *end = strchr(t->later, '\n'); end != NULL; end = strchr(end, '\n')) {
        *end = end[1] == '\0' ? '\0' : ' ';
    }
    t->lines[sheet->lines_len++] = (struct qrt_minutes_line){closed_unix_s, t->later};
}

/* Rows that such a text takes on the sheet, or somewhat more. */
static size_t rows_of(const char *text)
{
    return 1 + strlen(text) / 70;
}

/* As many as the sheet's pages hold. */
static void fill_lines(struct qrt_sheet_minutes *sheet, struct tables *t, struct qrt_collecting *c,
                       size_t *rows)
{
    for (size_t i = 0; i < c->lines_len; i++) {
        const char *text = qrt_collected_text(c, c->lines[i].text);
        *rows += rows_of(text);
        if (*rows > ROWS_MAX) {
            c->left_out += c->lines_len - i;
            return;
        }
        t->lines[sheet->lines_len++] = (struct qrt_minutes_line){c->lines[i].unix_s, text};
    }
}

static void fill_tables(struct qrt_sheet_minutes *sheet, struct tables *t, struct qrt_collecting *c)
{
    size_t rows = 0;
    sheet->lines = t->lines;
    fill_lines(sheet, t, c, &rows);
    for (size_t i = 0; i < c->exceptions_len; i++) {
        const struct qrt_kept_exception *e = &c->exceptions[i];
        const char *parts[QRT_EXCEPTION_PARTS];
        for (size_t p = 0; p < QRT_EXCEPTION_PARTS; p++) {
            parts[p] = qrt_collected_text(c, e->parts[p]);
            rows += rows_of(parts[p]);
        }
        if (rows > ROWS_MAX) {
            c->left_out += c->exceptions_len - i;
            break;
        }
        t->exceptions[sheet->exceptions_len++] = (struct qrt_minutes_exception){
            .unix_s = e->unix_s,
            .step = parts[0],
            .expected = parts[1],
            .happened = parts[2],
            .decided = parts[3],
            .person = parts[QRT_EXCEPTION_PERSON],
            .settles = {parts[QRT_EXCEPTION_SETTLES], parts[QRT_EXCEPTION_SETTLES + 1]}};
    }
    for (size_t i = 0; i < c->bags_len; i++) {
        const struct qrt_kept_bag *b = &c->bags[i];
        const struct qrt_card_row *card = qrt_state_card(c->state, b->serial);
        t->bags[i] = (struct qrt_minutes_bag){.serial = (uint32_t)b->serial,
                                              .person = card != NULL ? card->custodian : "",
                                              .bag = qrt_collected_text(c, b->parts[0]),
                                              .site = qrt_collected_text(c, b->parts[1]),
                                              .safe = qrt_collected_text(c, b->parts[2])};
    }
    if (c->left_out > 0) {
        snprintf(t->left_out, sizeof t->left_out,
                 "and %zu entries more, for which there is no room: quorate log show", c->left_out);
        t->lines[sheet->lines_len++] = (struct qrt_minutes_line){c->closed_unix_s, t->left_out};
    }
    sheet->exceptions = t->exceptions;
    sheet->bags = t->bags;
    sheet->bags_len = c->bags_len;
}

static enum qrt_code describe(struct qrt_secret *description, struct qrt_collecting *c,
                              struct tables *t, struct qrt_vault *vault, enum qrt_paper paper,
                              uint64_t *size, struct qrt_err *err)
{
    struct qrt_note note;
    struct qrt_checkpoint checkpoint = {0};
    QRT_BUF bytes = {0};
    QRT_BUF later = {0};
    enum qrt_code code = read_checkpoint(&note, &checkpoint, &bytes, &vault->log, c->epoch, err);
    if (code == QRT_OK) {
        code = read_later(&later, &vault->log, c->epoch, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    *size = checkpoint.size;
    qrt_text_hex(t->vault_id, vault->log.vault_id, QRT_VAULT_ID_BYTES);
    qrt_text_hex(t->genesis, vault->log.fingerprint, QRT_HASH_BYTES);
    qrt_text_hex(t->root, checkpoint.root, QRT_HASH_BYTES);
    qrt_text_hex(t->digest, c->digest, QRT_HASH_BYTES);
    if (c->lasts) {
        c->ceremony[0] = c->result[0] = '\0';
    }
    bool founding = strcmp(c->ceremony, "found") == 0;
    struct qrt_sheet_minutes sheet = {.title = founding ? "Minutes of a founding"
                                               : strcmp(c->ceremony, "open") == 0
                                                   ? "Minutes of an opening"
                                                   : "Minutes of a session",
                                      .organisation = vault->policy.organization,
                                      .origin = vault->log.origin,
                                      .vault_id = t->vault_id,
                                      .ceremony = c->ceremony[0] != '\0' ? c->ceremony : "session",
                                      .result = c->result[0] != '\0' ? c->result : "done",
                                      .opened_unix_s = c->opened_unix_s,
                                      .closed_unix_s = c->closed_unix_s,
                                      .clock_offset_s = c->clock_offset_s,
                                      .size = checkpoint.size,
                                      .epoch = c->epoch,
                                      .root = t->root,
                                      .genesis = t->genesis,
                                      .digest = t->digest,
                                      .paper = paper,
                                      .practice = vault->state.practice};
    fill_people(&sheet, t, c, vault, &note, &later);
    fill_tables(&sheet, t, c);
    add_later(&sheet, t, &later, c->closed_unix_s);
    return qrt_sheet_minutes_describe(description, &sheet, err);
}

enum qrt_code qrt_minutes_of_last(struct qrt_secret *description, struct qrt_buf *json,
                                  uint64_t *size, struct qrt_vault *vault, enum qrt_paper paper,
                                  struct qrt_err *err)
{
    __attribute__((cleanup(qrt_collecting_free))) struct qrt_collecting *c = NULL;
    enum qrt_code code = qrt_minutes_collect(&c, vault, err);
    if (code == QRT_OK) {
        code = qrt_log_document(&vault->log, c->digest, json, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    struct tables *tables = calloc(1, sizeof *tables);
    code = tables == NULL ? qrt_fail(err, QRT_E_NOMEM, "the minutes")
                          : describe(description, c, tables, vault, paper, size, err);
    free(tables);
    return code;
}
