#include "log/db.h"

#include "base/bytes.h"
#include "base/file.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION_ID 0x51525631
#define SCHEMA_VERSION 1

extern const unsigned char qrt_schema_sql[];

enum qrt_code qrt_db_fail(sqlite3 *db, const char *doing, struct qrt_err *err)
{
    enum qrt_code code;
    switch (sqlite3_errcode(db) & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        code = QRT_E_TAMPERED;
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        code = QRT_E_BUSY;
        break;
    case SQLITE_NOMEM:
        code = QRT_E_NOMEM;
        break;
    default:
        code = QRT_E_IO;
    }
    return qrt_fail(err, code, "%s: %s: %s", QRT_DB_FILE, doing, sqlite3_errmsg(db));
}

enum qrt_code qrt_db_exec(sqlite3 *db, const char *sql, const char *doing, struct qrt_err *err)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ? QRT_OK
                                                                : qrt_db_fail(db, doing, err);
}

enum qrt_code qrt_db_prepare(sqlite3_stmt **statement, sqlite3 *db, const char *sql,
                             struct qrt_err *err)
{
    return sqlite3_prepare_v2(db, sql, -1, statement, NULL) == SQLITE_OK
               ? QRT_OK
               : qrt_db_fail(db, "reading its tables", err);
}

void qrt_db_finalize(sqlite3_stmt **statement)
{
    sqlite3_finalize(*statement);
    *statement = NULL;
}

enum qrt_code qrt_db_run(sqlite3_stmt *statement, const char *doing, struct qrt_err *err)
{
    int rc = sqlite3_step(statement);
    enum qrt_code code =
        rc == SQLITE_DONE ? QRT_OK : qrt_db_fail(sqlite3_db_handle(statement), doing, err);
    sqlite3_reset(statement);
    return code;
}

bool qrt_db_is_absent(int dir_fd)
{
    struct stat st;
    return fstatat(dir_fd, QRT_DB_FILE, &st, AT_SYMLINK_NOFOLLOW) != 0 || st.st_size == 0;
}

/* A write-ahead log would hide commits from whoever looks at the file alone. */
enum qrt_code qrt_db_refuse_wal(int dir_fd, struct qrt_err *err)
{
    static const char *const planted[] = {QRT_DB_FILE "-wal", QRT_DB_FILE "-shm"};
    for (size_t i = 0; i < 2; i++) {
        if (faccessat(dir_fd, planted[i], F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
            return qrt_fail(err, QRT_E_TAMPERED, "%s lies in the vault, which never makes one",
                            planted[i]);
        }
    }
    QRT_FD fd = -1;
    enum qrt_code code = qrt_file_open(&fd, dir_fd, QRT_DB_FILE, O_NOFOLLOW, err);
    if (code != QRT_OK) {
        return code == QRT_E_NOT_FOUND ? QRT_OK : code; /* opening it tells */
    }
    /* A first page torn by a power cut is none of this: its journal puts it back. */
    static const uint8_t magic[16] = "SQLite format 3";
    uint8_t header[20];
    ssize_t got = pread(fd, header, sizeof header, 0);
    if (got == (ssize_t)sizeof header && memcmp(header, magic, sizeof magic) == 0 &&
        (header[18] != 1 || header[19] != 1)) {
        return qrt_fail(err, QRT_E_TAMPERED, "%s: its header asks for a write-ahead log",
                        QRT_DB_FILE);
    }
    return QRT_OK;
}

static enum qrt_code configure(sqlite3 *db, struct qrt_err *err)
{
    sqlite3_extended_result_codes(db, 1);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL);
    sqlite3_busy_timeout(db, 2000);
#ifdef QRT_CONTROL_UNSAFE_SYNC
    static const char durability[] = "PRAGMA synchronous=OFF;";
#else
    static const char durability[] = "PRAGMA synchronous=EXTRA;";
#endif
    enum qrt_code code = qrt_db_exec(db, durability, "setting up", err);
    if (code == QRT_OK) {
        code = qrt_db_exec(
            db,
            "PRAGMA locking_mode=NORMAL; PRAGMA mmap_size=0;"
            "PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY;"
            "PRAGMA journal_mode=DELETE; PRAGMA cache_size=-256; PRAGMA cache_spill=OFF;",
            "setting up", err);
    }
    /* Our statements are always the same: it is the header that SQLite refuses. */
    if (code != QRT_OK && (sqlite3_errcode(db) & 0xff) == SQLITE_ERROR) {
        code = qrt_fail(err, QRT_E_TAMPERED, "%s: its header: %s", QRT_DB_FILE, sqlite3_errmsg(db));
    }
    return code;
}

static enum qrt_code open_path(sqlite3 **db, int dir_fd, const char *path, int flags,
                               struct qrt_err *err)
{
    *db = NULL;
    enum qrt_code code = qrt_db_refuse_wal(dir_fd, err);
    if (code != QRT_OK) {
        return code;
    }
    if (sqlite3_open_v2(path, db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        code = *db == NULL ? qrt_fail(err, QRT_E_NOMEM, "%s", QRT_DB_FILE)
                           : qrt_db_fail(*db, "opening", err);
    } else {
        code = configure(*db, err);
    }
    if (code != QRT_OK) {
        qrt_db_close(db);
    }
    return code;
}

enum qrt_code qrt_db_open(sqlite3 **db, int dir_fd, bool create, struct qrt_err *err)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d/%s", dir_fd, QRT_DB_FILE);
    return open_path(db, dir_fd, path, SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0),
                     err);
}

enum qrt_code qrt_db_open_frozen(sqlite3 **db, int dir_fd, struct qrt_err *err)
{
    char uri[80];
    snprintf(uri, sizeof uri, "file:/proc/self/fd/%d/%s?immutable=1", dir_fd, QRT_DB_FILE);
    return open_path(db, dir_fd, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, err);
}

void qrt_db_close(sqlite3 **db)
{
    sqlite3_close_v2(*db);
    *db = NULL;
}

enum qrt_code qrt_db_create_schema(sqlite3 *db, struct qrt_err *err)
{
    return qrt_db_exec(db, (const char *)qrt_schema_sql, "making its tables", err);
}

static enum qrt_code read_value(sqlite3 *db, const char *sql, int64_t *value, struct qrt_err *err)
{
    QRT_STATEMENT *statement = NULL;
    enum qrt_code code = qrt_db_prepare(&statement, db, sql, err);
    if (code != QRT_OK) {
        return code;
    }
    if (sqlite3_step(statement) != SQLITE_ROW) {
        return qrt_db_fail(db, "reading its header", err);
    }
    *value = sqlite3_column_int64(statement, 0);
    return QRT_OK;
}

/* Appends every object of the schema, in order of creation: as SQLite's literals,
 * so that a value of another type is not taken for the same text. */
static enum qrt_code schema_text(struct qrt_buf *out, sqlite3 *db, struct qrt_err *err)
{
    QRT_STATEMENT *statement = NULL;
    enum qrt_code code =
        qrt_db_prepare(&statement, db,
                       "SELECT quote(type), quote(name), quote(tbl_name), quote(sql), "
                       "typeof(rootpage) || (rootpage = 0) FROM sqlite_schema ORDER BY rowid",
                       err);
    if (code != QRT_OK) {
        return code;
    }
    int rc;
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
        for (int i = 0; i < 5; i++) {
            const unsigned char *text = sqlite3_column_text(statement, i);
            qrt_buf_printf(out, "%s\n", text == NULL ? "" : (const char *)text);
        }
    }
    return rc == SQLITE_DONE ? qrt_buf_check(out, err) : qrt_db_fail(db, "reading its schema", err);
}

/* A page that is in use, listed as free, is overwritten by a later commit. Only
 * the erasing of a document frees pages: most vaults have none, and are not walked. */
static enum qrt_code check_free_pages(sqlite3 *db, struct qrt_err *err)
{
    int64_t free_pages = 0;
    enum qrt_code code = read_value(db, "PRAGMA freelist_count", &free_pages, err);
    if (code != QRT_OK || free_pages == 0) {
        return code;
    }
    QRT_STATEMENT *statement = NULL;
    if ((code = qrt_db_prepare(&statement, db, "PRAGMA quick_check(1)", err)) != QRT_OK) {
        return code;
    }
    if (sqlite3_step(statement) != SQLITE_ROW) {
        return qrt_db_fail(db, "checking its pages", err);
    }
    const char *found = (const char *)sqlite3_column_text(statement, 0);
    return found != NULL && strcmp(found, "ok") == 0
               ? QRT_OK
               : qrt_fail(err, QRT_E_TAMPERED, "%s: its free pages: %s", QRT_DB_FILE,
                          found == NULL ? "" : found);
}

enum qrt_code qrt_db_check_schema(sqlite3 *db, struct qrt_err *err)
{
    int64_t id = 0;
    int64_t version = 0;
    enum qrt_code code = read_value(db, "PRAGMA application_id", &id, err);
    if (code == QRT_OK) {
        code = read_value(db, "PRAGMA user_version", &version, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    if (id != APPLICATION_ID || version < SCHEMA_VERSION) {
        return qrt_fail(err, QRT_E_TAMPERED, "%s: not a vault's database", QRT_DB_FILE);
    }
    if (version > SCHEMA_VERSION) {
        return qrt_fail(err, QRT_E_NEWER, "%s: version %lld, and this program knows up to %d",
                        QRT_DB_FILE, (long long)version, SCHEMA_VERSION);
    }
    __attribute__((cleanup(qrt_db_close))) sqlite3 *model = NULL;
    if (sqlite3_open(":memory:", &model) != SQLITE_OK) {
        return qrt_fail(err, QRT_E_NOMEM, "the schema's model");
    }
    QRT_BUF want = {0};
    QRT_BUF have = {0};
    if ((code = qrt_db_create_schema(model, err)) != QRT_OK ||
        (code = schema_text(&want, model, err)) != QRT_OK ||
        (code = schema_text(&have, db, err)) != QRT_OK) {
        return code;
    }
    if (strcmp(qrt_buf_str(&want), qrt_buf_str(&have)) != 0) {
        return qrt_fail(err, QRT_E_TAMPERED, "%s: its tables are not those of schemas/vault.sql",
                        QRT_DB_FILE);
    }
    /* Of empty tables no row would tell, until the next commit writes into both. */
    int64_t shared = 0;
    code = read_value(db,
                      "SELECT count(*) - count(DISTINCT rootpage) FROM sqlite_schema "
                      "WHERE rootpage > 0",
                      &shared, err);
    if (code == QRT_OK && shared != 0) {
        code = qrt_fail(err, QRT_E_TAMPERED, "%s: two of its tables share a page", QRT_DB_FILE);
    }
    return code == QRT_OK ? check_free_pages(db, err) : code;
}
