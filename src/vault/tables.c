#include "vault/tables.h"

#include "base/bytes.h"
#include "crypto/hash.h"
#include "log/db.h"
#include "vault/apply.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column_type { COLUMN_TEXT, COLUMN_INTEGER, COLUMN_HASH };

struct column {
    const char *name;
    enum column_type type;
    size_t offset;
};

struct table {
    const char *name;
    size_t list; /* offset of its qrt_rows in the state */
    size_t row_bytes;
    const struct column *columns;
    size_t columns_len;
};

#define TEXT(type, member)                                                                         \
    {                                                                                              \
#member, COLUMN_TEXT, offsetof(struct type, member)                                        \
    }
#define INTEGER(type, member)                                                                      \
    {                                                                                              \
#member, COLUMN_INTEGER, offsetof(struct type, member)                                     \
    }
#define HASH(type, member)                                                                         \
    {                                                                                              \
#member, COLUMN_HASH, offsetof(struct type, member)                                        \
    }

static const struct column person[] = {TEXT(qrt_person, id), TEXT(qrt_person, roles),
                                       INTEGER(qrt_person, gone)};
static const struct column badge[] = {TEXT(qrt_badge_row, person), TEXT(qrt_badge_row, vkey),
                                      INTEGER(qrt_badge_row, issued), HASH(qrt_badge_row, stored),
                                      INTEGER(qrt_badge_row, voided)};
static const struct column vault_key[] = {
    INTEGER(qrt_key_row, generation),
    INTEGER(qrt_key_row, identifier),
    HASH(qrt_key_row, key_check),
    {"check_password", COLUMN_HASH, offsetof(struct qrt_key_row, group_check)},
    {"check_mfa", COLUMN_HASH, offsetof(struct qrt_key_row, group_check) + QRT_HASH_BYTES},
    HASH(qrt_key_row, deposit_key),
    HASH(qrt_key_row, recovery_key),
    HASH(qrt_key_row, authority_key),
    INTEGER(qrt_key_row, created),
    INTEGER(qrt_key_row, began),
    INTEGER(qrt_key_row, ended)};
static const struct column edition[] = {
    INTEGER(qrt_edition, generation), TEXT(qrt_edition, group_name),  INTEGER(qrt_edition, edition),
    INTEGER(qrt_edition, threshold),  HASH(qrt_edition, issuing_key), INTEGER(qrt_edition, since)};
static const struct column card[] = {
    INTEGER(qrt_card_row, serial),       INTEGER(qrt_card_row, generation),
    TEXT(qrt_card_row, group_name),      INTEGER(qrt_card_row, edition),
    INTEGER(qrt_card_row, member_index), TEXT(qrt_card_row, custodian),
    HASH(qrt_card_row, commitment),      HASH(qrt_card_row, issuing_key),
    INTEGER(qrt_card_row, replaces),     INTEGER(qrt_card_row, issued),
    INTEGER(qrt_card_row, proved),       INTEGER(qrt_card_row, suspect),
    INTEGER(qrt_card_row, voided),       INTEGER(qrt_card_row, destroyed)};
static const struct column bag[] = {TEXT(qrt_bag, bag),        INTEGER(qrt_bag, serial),
                                    TEXT(qrt_bag, account),    TEXT(qrt_bag, site),
                                    TEXT(qrt_bag, safe),       INTEGER(qrt_bag, sealed),
                                    INTEGER(qrt_bag, placed),  INTEGER(qrt_bag, opened),
                                    INTEGER(qrt_bag, checked), TEXT(qrt_bag, result)};
static const struct column account[] = {TEXT(qrt_account, id), TEXT(qrt_account, name),
                                        TEXT(qrt_account, email), TEXT(qrt_account, strategy),
                                        INTEGER(qrt_account, closed)};
static const struct column item[] = {
    INTEGER(qrt_item_row, serial),     TEXT(qrt_item_row, account),
    TEXT(qrt_item_row, kind),          INTEGER(qrt_item_row, generation),
    HASH(qrt_item_row, ciphertext),    INTEGER(qrt_item_row, deposited),
    INTEGER(qrt_item_row, sealed),     INTEGER(qrt_item_row, confirmed),
    INTEGER(qrt_item_row, superseded), INTEGER(qrt_item_row, deleted),
    INTEGER(qrt_item_row, carries)};
static const struct column ceremony[] = {
    INTEGER(qrt_ceremony, intent), TEXT(qrt_ceremony, name),       TEXT(qrt_ceremony, account),
    TEXT(qrt_ceremony, actor),     INTEGER(qrt_ceremony, outcome), TEXT(qrt_ceremony, result)};

static const struct column sitting[] = {INTEGER(qrt_sitting, opened), INTEGER(qrt_sitting, closed),
                                        INTEGER(qrt_sitting, clock_offset_s)};
static const struct column presence[] = {
    INTEGER(qrt_presence, session), TEXT(qrt_presence, kind),        TEXT(qrt_presence, name),
    TEXT(qrt_presence, person),     TEXT(qrt_presence, whereabouts), INTEGER(qrt_presence, since)};
static const struct column drill[] = {
    INTEGER(qrt_drill, intent),      TEXT(qrt_drill, level),          TEXT(qrt_drill, group_name),
    INTEGER(qrt_drill, quorum),      INTEGER(qrt_drill, refused),     INTEGER(qrt_drill, seals),
    INTEGER(qrt_drill, seals_wrong), INTEGER(qrt_drill, actions_open)};
static const struct column grade[] = {INTEGER(qrt_grade, intent), TEXT(qrt_grade, subject),
                                      TEXT(qrt_grade, grade), INTEGER(qrt_grade, graded)};
static const struct column improvement[] = {
    INTEGER(qrt_action, number), TEXT(qrt_action, owner),     TEXT(qrt_action, due),
    TEXT(qrt_action, text),      INTEGER(qrt_action, intent), INTEGER(qrt_action, opened),
    INTEGER(qrt_action, closed), TEXT(qrt_action, done)};

static const struct column reg[] = {TEXT(qrt_register_row, reg), TEXT(qrt_register_row, name),
                                    TEXT(qrt_register_row, value),
                                    INTEGER(qrt_register_row, changed)};

static const struct column review[] = {TEXT(qrt_review_row, person), TEXT(qrt_review_row, channel),
                                       TEXT(qrt_review_row, result),
                                       INTEGER(qrt_review_row, signed_at)};

static const struct column walk[] = {TEXT(qrt_walk, runbook),   TEXT(qrt_walk, account),
                                     HASH(qrt_walk, digest),    INTEGER(qrt_walk, step),
                                     INTEGER(qrt_walk, steps),  INTEGER(qrt_walk, began),
                                     INTEGER(qrt_walk, latest), INTEGER(qrt_walk, ended)};

#define TABLE(name, list, type)                                                                    \
    {                                                                                              \
#name, offsetof(struct qrt_state, list), sizeof(struct type), name,                        \
            sizeof name / sizeof name[0]                                                           \
    }

static const struct table tables[] = {
    TABLE(person, people, qrt_person),
    TABLE(badge, badges, qrt_badge_row),
    TABLE(vault_key, keys, qrt_key_row),
    TABLE(edition, editions, qrt_edition),
    TABLE(card, cards, qrt_card_row),
    TABLE(bag, bags, qrt_bag),
    TABLE(account, accounts, qrt_account),
    TABLE(item, items, qrt_item_row),
    TABLE(ceremony, ceremonies, qrt_ceremony),
    TABLE(sitting, sittings, qrt_sitting),
    TABLE(presence, presences, qrt_presence),
    TABLE(drill, drills, qrt_drill),
    TABLE(grade, grades, qrt_grade),
    TABLE(improvement, actions, qrt_action),
    TABLE(reg, registers, qrt_register_row),
    TABLE(review, reviews, qrt_review_row),
    TABLE(walk, walks, qrt_walk),
};
#define TABLES (sizeof tables / sizeof tables[0])

static const struct qrt_rows *rows_of(const struct qrt_state *state, const struct table *table)
{
    return (const struct qrt_rows *)(const void *)((const char *)state + table->list);
}

static char *row_at(const struct table *table, const struct qrt_rows *rows, size_t i)
{
    return (char *)rows->data + i * table->row_bytes;
}

static void bind_row(sqlite3_stmt *statement, const struct table *table, const char *row, size_t n)
{
    sqlite3_bind_int64(statement, 1, (sqlite3_int64)n);
    for (size_t c = 0; c < table->columns_len; c++) {
        const struct column *column = &table->columns[c];
        const char *value = row + column->offset;
        int at = (int)c + 2;
        int64_t number;
        switch (column->type) {
        case COLUMN_TEXT:
            sqlite3_bind_text(statement, at, value, -1, SQLITE_STATIC);
            break;
        case COLUMN_INTEGER:
            memcpy(&number, value, sizeof number);
            sqlite3_bind_int64(statement, at, number);
            break;
        case COLUMN_HASH:
            sqlite3_bind_blob(statement, at, value, QRT_HASH_BYTES, SQLITE_STATIC);
            break;
        }
    }
}

static void store_sql(char *sql, size_t size_bytes, const struct table *table)
{
    int n = snprintf(sql, size_bytes, "INSERT OR REPLACE INTO %s VALUES (?", table->name);
    for (size_t c = 0; c < table->columns_len; c++) {
        n += snprintf(sql + n, size_bytes - (size_t)n, ", ?");
    }
    snprintf(sql + n, size_bytes - (size_t)n, ")");
}

static enum qrt_code store_table(struct qrt_state *state, const struct table *table, sqlite3 *db,
                                 struct qrt_err *err)
{
    const struct qrt_rows *rows = rows_of(state, table);
    char sql[256];
    QRT_STATEMENT *statement = NULL;
    enum qrt_code code = QRT_OK;
    for (size_t i = 0; code == QRT_OK && i < rows->len; i++) {
        char *row = row_at(table, rows, i);
        bool *dirty = (bool *)(void *)row;
        if (!*dirty) {
            continue;
        }
        if (statement == NULL) {
            store_sql(sql, sizeof sql, table);
            if ((code = qrt_db_prepare(&statement, db, sql, err)) != QRT_OK) {
                return code;
            }
        }
        bind_row(statement, table, row, i);
        code = qrt_db_run(statement, "writing a view", err);
        *dirty = false;
    }
    return code;
}

static bool is_named(const struct qrt_state *state, const uint8_t digest[static QRT_HASH_BYTES])
{
    for (size_t i = 0; i < state->documents.len; i++) {
        const struct qrt_named_document *row = QRT_ROW(state, documents, qrt_named_document, i);
        if (!row->gone && memcmp(row->digest, digest, QRT_HASH_BYTES) == 0) {
            return true;
        }
    }
    return false;
}

/* What an entry lets go leaves the table, unless another entry names it too. */
static enum qrt_code erase_documents(struct qrt_state *state, sqlite3 *db, struct qrt_err *err)
{
    QRT_STATEMENT *erase = NULL;
    enum qrt_code code = qrt_db_prepare(&erase, db, "DELETE FROM document WHERE digest = ?1", err);
    for (size_t i = 0; code == QRT_OK && i < state->documents.len; i++) {
        struct qrt_named_document *row = QRT_ROW(state, documents, qrt_named_document, i);
        if (row->erase && !is_named(state, row->digest)) {
            sqlite3_bind_blob(erase, 1, row->digest, QRT_HASH_BYTES, SQLITE_STATIC);
            code = qrt_db_run(erase, "erasing a document", err);
        }
        row->erase = false;
    }
    state->erases = false;
    return code;
}

enum qrt_code qrt_tables_store(struct qrt_state *state, sqlite3 *db, struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    for (size_t i = 0; code == QRT_OK && i < TABLES; i++) {
        code = store_table(state, &tables[i], db, err);
    }
    return code == QRT_OK && state->erases ? erase_documents(state, db, err) : code;
}

static bool column_equals(sqlite3_stmt *statement, int at, const struct column *column,
                          const char *row)
{
    const char *value = row + column->offset;
    int64_t number;
    size_t len_bytes;
    const unsigned char *text;
    switch (column->type) {
    case COLUMN_TEXT:
        text = sqlite3_column_type(statement, at) == SQLITE_TEXT
                   ? sqlite3_column_text(statement, at)
                   : NULL;
        len_bytes = strlen(value);
        return text != NULL && (size_t)sqlite3_column_bytes(statement, at) == len_bytes &&
               memcmp(text, value, len_bytes) == 0;
    case COLUMN_INTEGER:
        memcpy(&number, value, sizeof number);
        return sqlite3_column_type(statement, at) == SQLITE_INTEGER &&
               sqlite3_column_int64(statement, at) == number;
    case COLUMN_HASH:
        return sqlite3_column_type(statement, at) == SQLITE_BLOB &&
               sqlite3_column_bytes(statement, at) == QRT_HASH_BYTES &&
               memcmp(sqlite3_column_blob(statement, at), value, QRT_HASH_BYTES) == 0;
    }
    return false;
}

static enum qrt_code compare_table(const struct qrt_state *state, const struct table *table,
                                   sqlite3 *db, struct qrt_faults *faults, struct qrt_err *err)
{
    const struct qrt_rows *rows = rows_of(state, table);
    uint64_t last = state->epoch.last_index;
    char sql[64];
    QRT_STATEMENT *statement = NULL;
    snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY n", table->name);
    enum qrt_code code = qrt_db_prepare(&statement, db, sql, err);
    if (code != QRT_OK) {
        return code;
    }
    size_t n = 0;
    int rc;
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
        if (n >= rows->len || sqlite3_column_int64(statement, 0) != (sqlite3_int64)n) {
            qrt_faults_add(faults, last, 0, "table %s: row %lld is not of the log", table->name,
                           (long long)sqlite3_column_int64(statement, 0));
            return QRT_OK;
        }
        for (size_t c = 0; c < table->columns_len; c++) {
            if (!column_equals(statement, (int)c + 1, &table->columns[c], row_at(table, rows, n))) {
                qrt_faults_add(faults, last, 0, "table %s: row %zu, %s is not what the log says",
                               table->name, n, table->columns[c].name);
            }
        }
        n++;
    }
    if (rc != SQLITE_DONE) {
        return qrt_db_fail(db, "reading its views", err);
    }
    if (n < rows->len) {
        qrt_faults_add(faults, last, 0, "table %s: %zu rows of the log are missing", table->name,
                       rows->len - n);
    }
    return QRT_OK;
}

/* A document to be sorted by its digest, of which the beginning nearly always
 * decides. */
struct named {
    uint64_t begins;
    const struct qrt_named_document *document;
};

static int compare_digests(const void *a, const void *b)
{
    const struct named *x = a;
    const struct named *y = b;
    return x->begins != y->begins
               ? (x->begins > y->begins ? 1 : -1)
               : memcmp(x->document->digest, y->document->digest, QRT_HASH_BYTES);
}

static void document_fault(const struct qrt_state *state, struct qrt_faults *faults,
                           const uint8_t digest[static QRT_HASH_BYTES], const char *what)
{
    qrt_faults_add(faults, state->epoch.last_index, 0, "document %02x%02x%02x%02x… %s", digest[0],
                   digest[1], digest[2], digest[3], what);
}

/* Deposits are refused by name at an opening, and items may be put back from
 * paper, where the caller says so. */
static bool is_spared(const struct qrt_state *state, const char *kind)
{
    return state->lost != NULL &&
           (strcmp(kind, "deposit") == 0 || (state->spares_items && strcmp(kind, "item") == 0));
}

static void document_gone(const struct qrt_state *state, struct qrt_faults *faults,
                          const struct qrt_named_document *named, const char *what)
{
    uint8_t *row =
        is_spared(state, named->kind) ? qrt_state_add_row(state->lost, QRT_HASH_BYTES) : NULL;
    if (row != NULL) {
        memcpy(row, named->digest, QRT_HASH_BYTES);
    } else {
        document_fault(state, faults, named->digest, what);
    }
}

/* The row at hand against the documents from `at` on that it may answer.
 * Returns the first one that it does not. */
static size_t compare_document(const struct qrt_state *state, const struct named *named,
                               size_t named_len, size_t at, sqlite3_stmt *row,
                               struct qrt_faults *faults)
{
    uint8_t have[QRT_HASH_BYTES];
    uint8_t digest[QRT_HASH_BYTES] = {0};
    const unsigned char *kind = sqlite3_column_text(row, 1);
    size_t before = at;
    bool whole = sqlite3_column_type(row, 0) == SQLITE_BLOB &&
                 sqlite3_column_type(row, 1) == SQLITE_TEXT &&
                 sqlite3_column_type(row, 2) == SQLITE_BLOB &&
                 sqlite3_column_bytes(row, 0) == QRT_HASH_BYTES;
    if (whole) {
        memcpy(digest, sqlite3_column_blob(row, 0), sizeof digest);
    }
    for (; at < named_len; at++) {
        int order = whole ? memcmp(named[at].document->digest, digest, sizeof digest) : 1;
        if (order > 0) {
            break;
        }
        if (order < 0) {
            document_gone(state, faults, named[at].document, "is missing");
            before++;
            continue;
        }
        if (at == before) {
            qrt_sha256(have, sqlite3_column_blob(row, 2), (size_t)sqlite3_column_bytes(row, 2));
        }
        if (memcmp(have, digest, sizeof have) != 0) {
            document_gone(state, faults, named[at].document, "was changed");
        }
        if (kind == NULL || strcmp((const char *)kind, named[at].document->kind) != 0) {
            document_fault(state, faults, digest, "is of another kind");
        }
    }
    if (at == before) {
        document_fault(state, faults, digest, "is named by no entry");
    }
    return at;
}

/* Every document that the log names is there and is what it names, and there
 * is no other: two sorted lists side by side, since a vault holds thousands. */
static enum qrt_code compare_documents(const struct qrt_state *state, sqlite3 *db,
                                       struct qrt_faults *faults, struct qrt_err *err)
{
    size_t former = state->former_documents; /* in another database, and compared there */
    size_t n = 0;
    QRT_STATEMENT *rows = NULL;
    if (state->lost != NULL) {
        state->lost->len = 0;
    }
    enum qrt_code code =
        qrt_db_prepare(&rows, db, "SELECT digest, kind, body FROM document ORDER BY digest", err);
    if (code != QRT_OK) {
        return code;
    }
    struct named *named = calloc(state->documents.len + 1, sizeof *named);
    if (named == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "the vault's documents");
    }
    for (size_t i = former; i < state->documents.len; i++) {
        const struct qrt_named_document *row = QRT_ROW(state, documents, qrt_named_document, i);
        if (!row->gone) {
            struct qrt_reader digest = qrt_reader_of(row->digest, QRT_HASH_BYTES);
            named[n].document = row;
            named[n++].begins = qrt_read_u64(&digest);
        }
    }
    qsort(named, n, sizeof *named, compare_digests);
    size_t at = 0;
    int rc;
    while ((rc = sqlite3_step(rows)) == SQLITE_ROW) {
        at = compare_document(state, named, n, at, rows, faults);
    }
    for (; rc == SQLITE_DONE && at < n; at++) {
        document_gone(state, faults, named[at].document, "is missing");
    }
    free(named);
    return rc == SQLITE_DONE ? QRT_OK : qrt_db_fail(db, "reading its documents", err);
}

enum qrt_code qrt_tables_compare(const struct qrt_state *state, sqlite3 *db,
                                 struct qrt_faults *faults, struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    for (size_t i = 0; code == QRT_OK && i < TABLES; i++) {
        code = compare_table(state, &tables[i], db, faults, err);
    }
    if (code == QRT_OK) {
        code = compare_documents(state, db, faults, err);
    }
    return code == QRT_OK ? qrt_tables_compare_cosignatures(state, db, faults, err) : code;
}

static void mark_rows(struct qrt_state *state, bool dirty)
{
    for (size_t i = 0; i < TABLES; i++) {
        const struct qrt_rows *rows = rows_of(state, &tables[i]);
        for (size_t n = 0; n < rows->len; n++) {
            *(bool *)(void *)row_at(&tables[i], rows, n) = dirty;
        }
    }
    for (size_t i = 0; state->erases && i < state->documents.len; i++) {
        QRT_ROW(state, documents, qrt_named_document, i)->erase = false;
    }
}

void qrt_state_soil(struct qrt_state *state)
{
    mark_rows(state, true);
}

void qrt_state_clean(struct qrt_state *state)
{
    mark_rows(state, false);
}
