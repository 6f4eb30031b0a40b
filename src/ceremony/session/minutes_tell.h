/* One entry of a log as a line of minutes, which people read aloud. */
#ifndef QRT_CEREMONY_SESSION_MINUTES_TELL_H
#define QRT_CEREMONY_SESSION_MINUTES_TELL_H

#include "log/entry.h"

/* So many entries of one event on end, or more, of one epoch, are told as one. */
#define QRT_MINUTES_RUN 40

/* Appends a sentence: "card 3 is read by its words: accepted". The lines are those
 * of an entry or a draft, escaped. Briefly: of an exception its step, and of
 * anything no more than a few lines of a sheet. Not escaped for a screen. */
void qrt_minutes_tell(struct qrt_buf *out, const struct qrt_event *event, struct qrt_span lines,
                      bool briefly);

/* Appends "item-sealed: 1000 entries, up to 1203". */
void qrt_minutes_tell_run(struct qrt_buf *out, const struct qrt_event *event, uint64_t count,
                          uint64_t last);

#endif
