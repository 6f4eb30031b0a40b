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

int64_t qrt_clock_boot_s(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_BOOTTIME, &now);
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

/* -1 if one of them is no digit. */
static int digits(const char *text, size_t n)
{
    int value = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return -1;
        }
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

/* Days since 1970. A year is taken to start in March, so that the leap day is
 * its last, and 400 years, 146,097 days, to start in the year 0. */
static int64_t days_since_1970(int year, int month, int day)
{
    int64_t y = (month > 2 ? year : year - 1) + 400;
    int64_t of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    return y * 365 + y / 4 - y / 100 + y / 400 + of_year - 146097 - 719468;
}

bool qrt_clock_parse(const char *text, size_t len_bytes, int64_t *unix_s)
{
    if (len_bytes != QRT_TIME_CHARS || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
        text[13] != ':' || text[16] != ':' || text[19] != 'Z') {
        return false;
    }
    int year = digits(text, 4);
    int month = digits(text + 5, 2);
    int day = digits(text + 8, 2);
    int hour = digits(text + 11, 2);
    int minute = digits(text + 14, 2);
    int second = digits(text + 17, 2);
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > days_in(year, month) || hour < 0 ||
        hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
        return false;
    }
    *unix_s = days_since_1970(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
    return true;
}
