#include "ceremony/review/runbook.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(symbol)                                                                               \
    extern const unsigned char qrt_runbook_##symbol[];                                             \
    extern const size_t qrt_runbook_##symbol##_len_bytes;
TEXT(root_only_task)
TEXT(password_lost)
TEXT(password_changed)
TEXT(mfa_lost)
TEXT(battery_mfa_changed)
TEXT(mailbox_lost)
TEXT(mailbox_changed)
TEXT(phone_lost)
TEXT(phone_changed)
TEXT(account_deleted)

#define RUNBOOK(name, symbol)                                                                      \
    {                                                                                              \
        name, qrt_runbook_##symbol, &qrt_runbook_##symbol##_len_bytes                              \
    }
static const struct {
    const char *name;
    const unsigned char *text;
    const size_t *len_bytes;
} runbooks[QRT_RUNBOOKS] = {
    RUNBOOK("root-only-task", root_only_task),
    RUNBOOK("password-lost", password_lost),
    RUNBOOK("password-changed", password_changed),
    RUNBOOK("mfa-lost", mfa_lost),
    RUNBOOK("battery-mfa-changed", battery_mfa_changed),
    RUNBOOK("mailbox-lost", mailbox_lost),
    RUNBOOK("mailbox-changed", mailbox_changed),
    RUNBOOK("phone-lost", phone_lost),
    RUNBOOK("phone-changed", phone_changed),
    RUNBOOK("account-deleted", account_deleted),
};

struct qrt_runbook qrt_runbook_at(size_t i)
{
    return (struct qrt_runbook){runbooks[i].name, (const char *)runbooks[i].text,
                                *runbooks[i].len_bytes};
}

bool qrt_runbook_find(struct qrt_runbook *runbook, const char *name)
{
    for (size_t i = 0; i < QRT_RUNBOOKS; i++) {
        if (strcmp(runbooks[i].name, name) == 0) {
            *runbook = qrt_runbook_at(i);
            return true;
        }
    }
    return false;
}

void qrt_runbook_digest(uint8_t digest[static QRT_HASH_BYTES], const struct qrt_runbook *runbook)
{
    qrt_sha256(digest, runbook->text, runbook->len_bytes);
}

struct qrt_span qrt_runbook_title(const struct qrt_runbook *runbook)
{
    return (struct qrt_span){runbook->text, strcspn(runbook->text, "\n")};
}

/* The number of a line `N. TITLE`; 0 if it is none. */
static unsigned number_of(const char *line)
{
    char *end;
    unsigned long number = isdigit((unsigned char)line[0]) ? strtoul(line, &end, 10) : 0;
    return number > 0 && number < 100 && end[0] == '.' && end[1] == ' ' ? (unsigned)number : 0;
}

static const char *next_line(const char *line)
{
    line += strcspn(line, "\n");
    return *line == '\n' ? line + 1 : line;
}

unsigned qrt_runbook_steps(const struct qrt_runbook *runbook)
{
    unsigned last = 0;
    for (const char *line = runbook->text; *line != '\0'; line = next_line(line)) {
        last = number_of(line) > 0 ? number_of(line) : last;
    }
    return last;
}

static struct qrt_span *part_of(struct qrt_runbook_step *step, const char **line)
{
    const struct {
        const char *label;
        struct qrt_span *part;
    } parts[] = {{"   Who:", &step->who},
                 {"   Do:", &step->what},
                 {"   Record:", &step->record},
                 {"   Trouble:", &step->trouble},
                 {"   Support:", &step->support}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        size_t len = strlen(parts[i].label);
        if (strncmp(*line, parts[i].label, len) == 0) {
            *line += len;
            *line += strspn(*line, " ");
            return parts[i].part;
        }
    }
    return NULL;
}

bool qrt_runbook_step(struct qrt_runbook_step *step, const struct qrt_runbook *runbook,
                      unsigned number)
{
    const char *line = runbook->text;
    *step = (struct qrt_runbook_step){.number = number};
    while (*line != '\0' && number_of(line) != number) {
        line = next_line(line);
    }
    if (*line == '\0') {
        return false;
    }
    const char *title = strchr(line, ' ') + 1;
    step->title = (struct qrt_span){title, strcspn(title, "\n")};
    struct qrt_span *part = NULL;
    for (line = next_line(line); *line == ' '; line = next_line(line)) {
        struct qrt_span *begins = part_of(step, &line);
        if (begins != NULL) {
            part = begins;
            part->data = line;
        }
        if (part != NULL) {
            part->len_bytes = (size_t)(line - part->data) + strcspn(line, "\n");
        }
    }
    return true;
}

void qrt_runbook_unfold(struct qrt_buf *out, struct qrt_span part)
{
    for (size_t i = 0; i < part.len_bytes; i++) {
        bool blank = part.data[i] == ' ' || part.data[i] == '\n';
        bool more = i + 1 < part.len_bytes && part.data[i + 1] != ' ' && part.data[i + 1] != '\n';
        if (!blank) {
            qrt_buf_add(out, part.data + i, 1);
        } else if (more) {
            qrt_buf_text(out, " ");
        }
    }
}

bool qrt_runbook_next_name(struct qrt_span *name, struct qrt_span *words, size_t *at,
                           struct qrt_span record)
{
    while (*at < record.len_bytes && !isalnum((unsigned char)record.data[*at])) {
        ++*at;
    }
    size_t from = *at;
    while (*at < record.len_bytes &&
           (isalnum((unsigned char)record.data[*at]) || record.data[*at] == '-')) {
        ++*at;
    }
    *name = (struct qrt_span){record.data + from, *at - from};
    while (*at < record.len_bytes && record.data[*at] != '(') {
        ++*at;
    }
    size_t begins = *at < record.len_bytes ? ++*at : *at;
    while (*at < record.len_bytes && record.data[*at] != ')') {
        ++*at;
    }
    *words = (struct qrt_span){record.data + begins, *at - begins};
    return name->len_bytes > 0;
}
