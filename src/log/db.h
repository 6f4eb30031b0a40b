/* SQLite as the log wants it: pragmas, the schema, and error words. */
#ifndef QRT_LOG_DB_H
#define QRT_LOG_DB_H

#include <quorate/err.h>
#include <sqlite3.h>
#include <stdbool.h>

#define QRT_DB_FILE    "vault.sqlite"
#define QRT_DB_JOURNAL "vault.sqlite-journal"

/* Maps SQLite's last error: a damaged image is QRT_E_TAMPERED, a busy one
 * QRT_E_BUSY, no memory QRT_E_NOMEM, all else QRT_E_IO. */
enum qrt_code qrt_db_fail(sqlite3 *db, const char *doing, struct qrt_err *err);

/* Opens the file of a directory with every pragma set; creates it if asked.
 * A wal file, or a header that asks for one, is refused before SQLite looks. */
enum qrt_code qrt_db_open(sqlite3 **db, int dir_fd, bool create, struct qrt_err *err) QRT_MUST_USE;
/* The same, only read, and never with a journal: a file that nobody writes. */
enum qrt_code qrt_db_open_frozen(sqlite3 **db, int dir_fd, struct qrt_err *err) QRT_MUST_USE;
void qrt_db_close(sqlite3 **db);

/* Is the file absent or empty? */
bool qrt_db_is_absent(int dir_fd);

/* QRT_E_TAMPERED if a write-ahead log is there, or the file's header asks for one. */
enum qrt_code qrt_db_refuse_wal(int dir_fd, struct qrt_err *err) QRT_MUST_USE;

/* Makes the tables of schemas/vault.sql, inside the caller's transaction. */
enum qrt_code qrt_db_create_schema(sqlite3 *db, struct qrt_err *err) QRT_MUST_USE;

/* Compares the tables with schemas/vault.sql, each with a root page
 * of its own, and no page in use listed as free. QRT_E_NEWER, QRT_E_TAMPERED. */
enum qrt_code qrt_db_check_schema(sqlite3 *db, struct qrt_err *err) QRT_MUST_USE;

enum qrt_code qrt_db_exec(sqlite3 *db, const char *sql, const char *doing,
                          struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_db_prepare(sqlite3_stmt **statement, sqlite3 *db, const char *sql,
                             struct qrt_err *err) QRT_MUST_USE;
void qrt_db_finalize(sqlite3_stmt **statement);
#define QRT_STATEMENT __attribute__((cleanup(qrt_db_finalize))) sqlite3_stmt

/* Steps a statement that returns no row, and resets it. */
enum qrt_code qrt_db_run(sqlite3_stmt *statement, const char *doing,
                         struct qrt_err *err) QRT_MUST_USE;

#endif
