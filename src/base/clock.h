/* The clock and its one text form. */
#ifndef QRT_BASE_CLOCK_H
#define QRT_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QRT_TIME_CHARS 20 /* YYYY-MM-DDTHH:MM:SSZ */

/* Seconds since 1970 of the system clock. */
int64_t qrt_clock_unix_s(void);

/* Seconds since the machine started, those in which it slept among them: what
 * no change of the clock shortens or draws out. */
int64_t qrt_clock_boot_s(void);

/* Writes 20 characters and a NUL. Years 0000-9999 only; others print as the
 * nearest bound. */
void qrt_clock_format(char out[static QRT_TIME_CHARS + 1], int64_t unix_s);

/* Exactly that form, a real date, UTC. */
bool qrt_clock_parse(const char *text, size_t len_bytes, int64_t *unix_s);

#endif
