#include "vault/register_forms.h"

#include "base/clock.h"
#include "base/text.h"
#include "vault/account.h"
#include <stdio.h>
#include <string.h>

#define TEXT_BYTES_MAX 200
#define DIGITS_MAX     4
#define NODE_CHARS_MAX 64
#define OFFSET_MIN_MIN (-12 * 60)
#define OFFSET_MAX_MIN (14 * 60)
#define STEP_MIN       15
#define DAY_MIN        1440
#define DAY_S          86400

static bool is_text(const char *text)
{
    size_t len = strlen(text);
    return len > 0 && len <= TEXT_BYTES_MAX && qrt_text_is_clean(text, len) && text[0] != ' ' &&
           text[len - 1] != ' ';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_masked(const char *text)
{
    unsigned digits = 0;
    for (const char *p = text; *p != '\0'; p++) {
        if ((unsigned char)*p >= 0x80) {
            return false; /* there are other digits than ours */
        }
        digits += is_digit(*p) ? 1 : 0;
    }
    return digits <= DIGITS_MAX && is_text(text);
}

static bool is_mail(const char *text)
{
    size_t len = strlen(text);
    return len >= QRT_EMAIL_CHARS_MIN && len <= QRT_EMAIL_CHARS_MAX && qrt_account_is_email(text);
}

static bool is_date(const char *text)
{
    char time[QRT_TIME_CHARS + 1];
    int64_t unix_s;
    return strlen(text) == 10 && snprintf(time, sizeof time, "%sT00:00:00Z", text) > 0 &&
           qrt_clock_parse(time, QRT_TIME_CHARS, &unix_s);
}

/* HH:MM in steps of a quarter of an hour, up to 24:00; -1 if it is not. */
static int clock_min(const char *text)
{
    if (!is_digit(text[0]) || !is_digit(text[1]) || text[2] != ':' || !is_digit(text[3]) ||
        !is_digit(text[4])) {
        return -1;
    }
    int hours = (text[0] - '0') * 10 + text[1] - '0';
    int minutes = (text[3] - '0') * 10 + text[4] - '0';
    int all = hours * 60 + minutes;
    return minutes < 60 && minutes % STEP_MIN == 0 && all <= DAY_MIN ? all : -1;
}

static int offset_min(const char *text)
{
    int min = (text[0] == '+' || text[0] == '-') ? clock_min(text + 1) : -1;
    return text[0] == '-' ? -min : min;
}

static bool is_offset(const char *text)
{
    if (strlen(text) != 6 || (text[0] != '+' && text[0] != '-') || clock_min(text + 1) < 0) {
        return false;
    }
    int min = offset_min(text);
    return min >= OFFSET_MIN_MIN && min <= OFFSET_MAX_MIN && (text[0] == '+' || min != 0);
}

/* 0 for mon; 7 for no day. */
static unsigned day_of(const char *text)
{
    static const char days[] = "montuewedthufrisatsun";
    unsigned day = 0;
    while (day < 7 && strncmp(days + 3 * (size_t)day, text, 3) != 0) {
        day++;
    }
    return day;
}

/* DAY[-DAY] HH:MM-HH:MM */
static bool parse_hours(struct qrt_register_hours *hours, const char *text)
{
    size_t len = strlen(text);
    size_t days = strcspn(text, " ");
    if ((days != 3 && days != 7) || len != days + 12 || text[days + 6] != '-') {
        return false;
    }
    int from = clock_min(text + days + 1);
    int to = clock_min(text + days + 7);
    hours->first_day = day_of(text);
    hours->last_day = days == 3 ? hours->first_day : day_of(text + 4);
    hours->from_min = (unsigned)(from < 0 ? 0 : from);
    hours->to_min = (unsigned)(to < 0 ? 0 : to);
    return (days == 3 || text[3] == '-') && hours->first_day < 7 && hours->last_day < 7 &&
           (days == 3 || hours->first_day < hours->last_day) && from >= 0 && to > from;
}

static bool is_place(const char *text)
{
    char part[QRT_ID_CHARS + 1];
    const char *slash = strchr(text, '/');
    if (slash == NULL || slash - text > QRT_ID_CHARS) {
        return false;
    }
    snprintf(part, sizeof part, "%.*s", (int)(slash - text), text);
    return qrt_text_is_id(part) && qrt_text_is_id(slash + 1);
}

static bool is_one_of(const char *text, const char *list)
{
    return text[0] != '\0' && strchr(text, ',') == NULL && qrt_state_list_has(list, text);
}

static const char contacts[] = "billing,operations,security";
static const char devices[] = "hardware,fido,virtual";
static const char triggers[] = "leaver,service,software,suspicion";

bool qrt_register_is_form(enum qrt_register_form form, const struct qrt_state *state,
                          const char *text)
{
    struct qrt_register_hours hours;
    switch (form) {
    case QRT_REG_TEXT:
        return is_text(text);
    case QRT_REG_MASKED:
        return is_masked(text);
    case QRT_REG_MAIL:
        return is_mail(text);
    case QRT_REG_READER:
        return is_mail(text) || qrt_state_person(state, text) != NULL;
    case QRT_REG_PERSON:
        return qrt_state_person(state, text) != NULL;
    case QRT_REG_ACCOUNT:
        return qrt_state_account(state, text) != NULL;
    case QRT_REG_DATE:
        return is_date(text);
    case QRT_REG_OFFSET:
        return is_offset(text);
    case QRT_REG_HOURS:
        return parse_hours(&hours, text);
    case QRT_REG_PLACE:
        return is_place(text);
    case QRT_REG_NODE:
        return qrt_text_is_name(text, "._/-", NODE_CHARS_MAX);
    case QRT_REG_ID:
        return qrt_text_is_id(text);
    case QRT_REG_YES:
        return strcmp(text, "yes") == 0;
    case QRT_REG_CONTACT:
        return is_one_of(text, contacts);
    case QRT_REG_DEVICE:
        return is_one_of(text, devices);
    case QRT_REG_TRIGGER:
        return is_one_of(text, triggers);
    }
    return false;
}

const char *qrt_register_form_words(enum qrt_register_form form)
{
    static const char *const words[] = {
        [QRT_REG_TEXT] = "a text of up to 200 bytes",
        [QRT_REG_MASKED] = "ASCII with at most four digits: mask the others",
        [QRT_REG_MAIL] = "an e-mail address",
        [QRT_REG_READER] = "a person's id or an e-mail address",
        [QRT_REG_PERSON] = "the id of a person of this vault",
        [QRT_REG_ACCOUNT] = "the id of an account of this vault",
        [QRT_REG_DATE] = "a date, YYYY-MM-DD",
        [QRT_REG_OFFSET] = "+HH:MM or -HH:MM, from -12:00 to +14:00, in quarters of an hour",
        [QRT_REG_HOURS] = "DAY or DAY-DAY, then HH:MM-HH:MM in quarters of an hour",
        [QRT_REG_PLACE] = "SITE/SAFE, two ids",
        [QRT_REG_NODE] = "up to 64 of a-z 0-9 . _ / -",
        [QRT_REG_ID] = "up to 32 of a-z 0-9 . _ -",
        [QRT_REG_YES] = "yes",
        [QRT_REG_CONTACT] = contacts,
        [QRT_REG_DEVICE] = devices,
        [QRT_REG_TRIGGER] = triggers,
    };
    return words[form];
}

static void copy(char *out, size_t size_bytes, struct qrt_span text)
{
    snprintf(out, size_bytes, "%.*s", (int)text.len_bytes, text.data);
}

int64_t qrt_register_date(struct qrt_span date)
{
    char time[QRT_TIME_CHARS + 1];
    int64_t unix_s = 0;
    snprintf(time, sizeof time, "%.10sT00:00:00Z", date.data);
    (void)qrt_clock_parse(time, QRT_TIME_CHARS, &unix_s);
    return unix_s / DAY_S;
}

int qrt_register_offset(struct qrt_span offset)
{
    char text[8];
    copy(text, sizeof text, offset);
    return offset_min(text);
}

struct qrt_register_hours qrt_register_hours(struct qrt_span span)
{
    struct qrt_register_hours hours = {0};
    char text[24];
    copy(text, sizeof text, span);
    (void)parse_hours(&hours, text);
    return hours;
}
