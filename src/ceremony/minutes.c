#include "ceremony/minutes.h"

#include "base/text.h"
#include "log/inspect.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXCEPTIONS_MAX 64
#define BAGS_MAX       (QRT_GROUPS * QRT_GROUP_MEMBERS_MAX)
#define LINES_MAX      400
#define LINE_BYTES_MAX 1200

/* Texts go one behind another into a buffer that may move: until all are there
 * they are known by where they begin. */
struct text {
    size_t at; /* 0: none */
};

struct line {
    int64_t unix_s;
    struct text text;
};

struct exception {
    int64_t unix_s;
    struct text parts[4];
};

struct bag {
    uint64_t serial;
    struct text parts[3];
};

struct collecting {
    const struct qrt_state *state;
    struct qrt_buf texts;
    uint64_t begun; /* where the latest session began … */
    int64_t begun_unix_s;
    uint64_t first; /* … and the one that was closed last, both included */
    uint64_t last;
    uint64_t epoch;
    int64_t opened_unix_s;
    int64_t closed_unix_s;
    int64_t clock_offset_s;
    uint8_t digest[QRT_HASH_BYTES];
    char ceremony[QRT_WORD_BYTES];
    char result[QRT_WORD_BYTES];
    struct qrt_buf present; /* a line an id */
    struct qrt_buf receipts;
    struct line lines[LINES_MAX];
    size_t lines_len;
    struct exception exceptions[EXCEPTIONS_MAX];
    size_t exceptions_len;
    struct bag bags[BAGS_MAX];
    size_t bags_len;
    size_t left_out; /* for want of room */
};

static void collecting_free(struct collecting **c)
{
    if (*c != NULL) {
        qrt_buf_free(&(*c)->texts);
        qrt_buf_free(&(*c)->present);
        qrt_buf_free(&(*c)->receipts);
        free(*c);
    }
}

static struct text keep(struct collecting *c, const char *text)
{
    struct text kept = {c->texts.len_bytes};
    qrt_buf_text(&c->texts, text);
    qrt_buf_u8(&c->texts, 0);
    return kept;
}

static const char *text_of(const struct collecting *c, struct text text)
{
    return (const char *)c->texts.data + text.at;
}

/* A value of the entry, unescaped; "" if it is absent. */
static void value_of(struct qrt_buf *out, const struct qrt_entry *entry, const char *key)
{
    struct qrt_span value;
    if (qrt_entry_get(entry, key, &value)) {
        qrt_span_unescape(out, value);
    }
}

static struct text keep_value(struct collecting *c, const struct qrt_entry *entry, const char *key)
{
    QRT_BUF value = {0};
    value_of(&value, entry, key);
    return keep(c, qrt_buf_str(&value));
}

/* Digests and keys are for programs; everybody reads the rest aloud. */
static bool is_read(const struct qrt_entry *entry, struct qrt_span key)
{
    for (size_t i = 0; i < entry->event->keys_len; i++) {
        const struct qrt_event_key *known = &entry->event->keys[i];
        if (qrt_span_is(key, known->name)) {
            return known->form != QRT_FORM_DIGEST && known->form != QRT_FORM_BASE64 &&
                   strcmp(known->name, "vkey") != 0;
        }
    }
    return false;
}

/* "card-accepted: intent 52, serial 3, how words". */
static void add_line(struct collecting *c, const struct qrt_entry *entry)
{
    struct qrt_entry_cursor cursor = {0};
    QRT_BUF line = {0};
    if (c->lines_len == LINES_MAX) {
        c->left_out++;
        return;
    }
    qrt_buf_text(&line, entry->event->name);
    for (const char *comma = ": "; qrt_entry_next(entry, &cursor);) {
        QRT_BUF value = {0};
        qrt_span_unescape(&value, cursor.value);
        if (is_read(entry, cursor.key) && line.len_bytes + value.len_bytes < LINE_BYTES_MAX) {
            qrt_buf_printf(&line, "%s%.*s ", comma, (int)cursor.key.len_bytes, cursor.key.data);
            qrt_buf_add(&line, value.data, value.len_bytes);
            comma = ", ";
        }
    }
    c->lines[c->lines_len++] = (struct line){entry->time_unix_s, keep(c, qrt_buf_str(&line))};
}

static void add_exception(struct collecting *c, const struct qrt_entry *entry)
{
    static const char *const keys[] = {"step", "expected", "happened", "decided"};
    if (c->exceptions_len == EXCEPTIONS_MAX) {
        c->left_out++;
    } else {
        struct exception *exception = &c->exceptions[c->exceptions_len++];
        exception->unix_s = entry->time_unix_s;
        for (size_t i = 0; i < 4; i++) {
            exception->parts[i] = keep_value(c, entry, keys[i]);
        }
    }
}

static void add_bag(struct collecting *c, const struct qrt_entry *entry)
{
    static const char *const keys[] = {"bag", "site", "safe"};
    if (c->bags_len == BAGS_MAX) {
        c->left_out++;
    } else {
        struct bag *bag = &c->bags[c->bags_len++];
        (void)qrt_entry_u64(entry, "serial", &bag->serial);
        for (size_t i = 0; i < 3; i++) {
            bag->parts[i] = keep_value(c, entry, keys[i]);
        }
    }
}

static void add_ids(struct qrt_buf *ids, const struct qrt_entry *entry, const char *key)
{
    struct qrt_entry_cursor cursor = {0};
    while (qrt_entry_next(entry, &cursor)) {
        if (qrt_span_is(cursor.key, key)) {
            QRT_BUF id = {0};
            qrt_span_unescape(&id, cursor.value);
            qrt_buf_printf(ids, "%s\n", qrt_buf_str(&id));
        }
    }
}

static void short_value(char *out, size_t size_bytes, const struct qrt_entry *entry,
                        const char *key)
{
    QRT_BUF value = {0};
    value_of(&value, entry, key);
    snprintf(out, size_bytes, "%s", qrt_buf_str(&value));
}

static int64_t offset_of(const struct qrt_entry *entry)
{
    char text[24];
    short_value(text, sizeof text, entry, "clock-offset-s");
    return strtoll(text, NULL, 10);
}

/* The last session that was closed, and where it began. */
static bool find(void *ctx, const struct qrt_entry *entry)
{
    struct collecting *c = ctx;
    if (entry->event->id == QRT_EV_SESSION_OPENED) {
        c->begun_unix_s = entry->time_unix_s;
        c->begun = entry->index;
    } else if (entry->event->id == QRT_EV_SESSION_CLOSED) {
        c->first = c->begun;
        c->opened_unix_s = c->begun_unix_s;
        c->last = entry->index;
        c->epoch = entry->epoch;
        c->closed_unix_s = entry->time_unix_s;
        (void)qrt_entry_digest(entry, "minutes", c->digest);
    }
    return true;
}

static bool collect(void *ctx, const struct qrt_entry *entry)
{
    struct collecting *c = ctx;
    if (entry->index < c->first || entry->index > c->last) {
        return entry->index <= c->last;
    }
    switch (entry->event->id) {
    case QRT_EV_SESSION_OPENED:
        add_ids(&c->receipts, entry, "receipt");
        c->clock_offset_s = offset_of(entry);
        break;
    case QRT_EV_SESSION_CLOSED:
        add_ids(&c->present, entry, "present");
        break;
    case QRT_EV_EXCEPTION:
        add_exception(c, entry);
        break;
    case QRT_EV_BAG_SEALED:
        add_bag(c, entry);
        break;
    case QRT_EV_CHECKPOINT_KEY:
        break;
    case QRT_EV_INTENT:
        short_value(c->ceremony, sizeof c->ceremony, entry, "ceremony");
        add_line(c, entry);
        break;
    case QRT_EV_OUTCOME:
        short_value(c->result, sizeof c->result, entry, "result");
        add_line(c, entry);
        break;
    default:
        add_line(c, entry);
    }
    return true;
}

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
    struct qrt_minutes_line lines[LINES_MAX + 1];
    char left_out[96];
    struct qrt_minutes_exception exceptions[EXCEPTIONS_MAX];
    struct qrt_minutes_bag bags[BAGS_MAX];
    char vault_id[2 * QRT_VAULT_ID_BYTES + 1];
    char genesis[2 * QRT_HASH_BYTES + 1];
    char root[2 * QRT_HASH_BYTES + 1];
    char digest[2 * QRT_HASH_BYTES + 1];
};

static void fill_people(struct qrt_sheet_minutes *sheet, struct tables *t, struct collecting *c,
                        const struct qrt_vault *vault, const struct qrt_note *note)
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
            .cosigned = has_cosigned(note, vault->log.origin, t->ids[i])};
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

static void fill_tables(struct qrt_sheet_minutes *sheet, struct tables *t,
                        const struct collecting *c)
{
    for (size_t i = 0; i < c->lines_len; i++) {
        t->lines[i] = (struct qrt_minutes_line){c->lines[i].unix_s, text_of(c, c->lines[i].text)};
    }
    for (size_t i = 0; i < c->exceptions_len; i++) {
        const struct exception *e = &c->exceptions[i];
        t->exceptions[i] = (struct qrt_minutes_exception){
            e->unix_s, text_of(c, e->parts[0]), text_of(c, e->parts[1]), text_of(c, e->parts[2]),
            text_of(c, e->parts[3])};
    }
    for (size_t i = 0; i < c->bags_len; i++) {
        const struct bag *b = &c->bags[i];
        const struct qrt_card_row *card = qrt_state_card(c->state, b->serial);
        t->bags[i] = (struct qrt_minutes_bag){.serial = (uint32_t)b->serial,
                                              .person = card != NULL ? card->custodian : "",
                                              .bag = text_of(c, b->parts[0]),
                                              .site = text_of(c, b->parts[1]),
                                              .safe = text_of(c, b->parts[2])};
    }
    sheet->lines = t->lines;
    sheet->lines_len = c->lines_len;
    if (c->left_out > 0) {
        snprintf(t->left_out, sizeof t->left_out,
                 "and %zu entries more, for which there is no room: quorate log show", c->left_out);
        t->lines[sheet->lines_len++] = (struct qrt_minutes_line){c->closed_unix_s, t->left_out};
    }
    sheet->exceptions = t->exceptions;
    sheet->exceptions_len = c->exceptions_len;
    sheet->bags = t->bags;
    sheet->bags_len = c->bags_len;
}

static enum qrt_code describe(struct qrt_secret *description, struct collecting *c,
                              struct tables *t, struct qrt_vault *vault, enum qrt_paper paper,
                              uint64_t *size, struct qrt_err *err)
{
    struct qrt_note note;
    struct qrt_checkpoint checkpoint;
    QRT_BUF bytes = {0};
    enum qrt_code code = read_checkpoint(&note, &checkpoint, &bytes, &vault->log, c->epoch, err);
    if (code != QRT_OK || (code = qrt_buf_check(&c->texts, err)) != QRT_OK) {
        return code;
    }
    *size = checkpoint.size;
    qrt_text_hex(t->vault_id, vault->log.vault_id, QRT_VAULT_ID_BYTES);
    qrt_text_hex(t->genesis, vault->log.fingerprint, QRT_HASH_BYTES);
    qrt_text_hex(t->root, checkpoint.root, QRT_HASH_BYTES);
    qrt_text_hex(t->digest, c->digest, QRT_HASH_BYTES);
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
    fill_people(&sheet, t, c, vault, &note);
    fill_tables(&sheet, t, c);
    return qrt_sheet_minutes_describe(description, &sheet, err);
}

enum qrt_code qrt_minutes_of_last(struct qrt_secret *description, struct qrt_buf *json,
                                  uint64_t *size, struct qrt_vault *vault, enum qrt_paper paper,
                                  struct qrt_err *err)
{
    __attribute__((cleanup(collecting_free))) struct collecting *c = calloc(1, sizeof *c);
    struct tables *tables = calloc(1, sizeof *tables);
    enum qrt_code code = c == NULL || tables == NULL
                             ? qrt_fail(err, QRT_E_NOMEM, "the minutes")
                             : qrt_log_each_entry(&vault->log, find, c, err);
    if (code == QRT_OK && c->last == 0) {
        code = qrt_fail(err, QRT_E_NOT_FOUND, "no session was closed yet");
    }
    if (code == QRT_OK) {
        c->state = &vault->state;
        code = qrt_log_each_entry(&vault->log, collect, c, err);
    }
    if (code == QRT_OK) {
        code = qrt_log_document(&vault->log, c->digest, json, err);
    }
    if (code == QRT_OK) {
        code = describe(description, c, tables, vault, paper, size, err);
    }
    free(tables);
    return code;
}
