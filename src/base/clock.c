#include "base/clock.h"

#include "base/text.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

#define FIRST_UNIX_S (-62167219200) /* 0000-01-01 */
#define LAST_UNIX_S  253402300799   /* 9999-12-31T23:59:59 */

int64_t qrt_clock_unix_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec;
}

void qrt_clock_format(char out[static QRT_TIME_CHARS + 1], int64_t unix_s)
{
    if (unix_s < FIRST_UNIX_S) {
        unix_s = FIRST_UNIX_S;
    }
    if (unix_s > LAST_UNIX_S) {
        unix_s = LAST_UNIX_S;
    }
    time_t t = unix_s;
    struct tm tm;
    gmtime_r(&t, &tm);
    char text[64];
    snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900, tm.tm_mon + 1,
             tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
    memcpy(out, text, QRT_TIME_CHARS);
    out[QRT_TIME_CHARS] = '\0';
}

static bool digits(const char *text, size_t n, int *out)
{
    int value = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        value = value * 10 + (text[i] - '0');
    }
    *out = value;
    return true;
}

bool qrt_clock_parse(const char *text, size_t len_bytes, int64_t *unix_s)
{
    struct tm tm = {0};
    if (len_bytes != QRT_TIME_CHARS || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
        text[13] != ':' || text[16] != ':' || text[19] != 'Z' || !digits(text, 4, &tm.tm_year) ||
        !digits(text + 5, 2, &tm.tm_mon) || !digits(text + 8, 2, &tm.tm_mday) ||
        !digits(text + 11, 2, &tm.tm_hour) || !digits(text + 14, 2, &tm.tm_min) ||
        !digits(text + 17, 2, &tm.tm_sec)) {
        return false;
    }
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    *unix_s = timegm(&tm);
    /* timegm carries 31 April over to May: what does not come back is no date. */
    char again[QRT_TIME_CHARS + 1];
    qrt_clock_format(again, *unix_s);
    return memcmp(again, text, QRT_TIME_CHARS) == 0;
}
