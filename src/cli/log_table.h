/* Entries of a log for people's eyes. */
#ifndef QRT_CLI_LOG_TABLE_H
#define QRT_CLI_LOG_TABLE_H

#include "base/bytes.h"
#include "log/entry.h"

/* Appends one entry: index, time, event, actor, then `key=value` for each of
 * its values, foreign text escaped, and in quotes where it holds a blank, a
 * quote or an equals sign, so that no text passes for another key. With 0
 * columns one line, whatever its length; else lines of so many columns, the
 * values below, and nothing cut off. */
void qrt_log_table_add(struct qrt_buf *out, const struct qrt_entry *entry, unsigned columns);

/* Appends the line above a table; nothing with 0 columns. */
void qrt_log_table_head(struct qrt_buf *out, unsigned columns);

#endif
