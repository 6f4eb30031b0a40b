#include "log/people.h"

#include "base/clock.h"
#include <stdlib.h>
#include <string.h>

void qrt_people_free(struct qrt_people *people)
{
    free(people->keys);
    *people = (struct qrt_people){0};
}

static bool is_known(const struct qrt_people *people, const struct qrt_vkey *key)
{
    for (size_t i = 0; i < people->len; i++) {
        if (strcmp(people->keys[i].name, key->name) == 0 &&
            memcmp(people->keys[i].key, key->key, sizeof key->key) == 0) {
            return true;
        }
    }
    return false;
}

enum qrt_code qrt_people_parse(struct qrt_people *people, const char *text, size_t len_bytes,
                               struct qrt_err *err)
{
    struct qrt_reader reader = qrt_reader_of(text, len_bytes);
    enum qrt_code code = QRT_OK;
    *people = (struct qrt_people){.keys = calloc(QRT_PEOPLE_MAX, sizeof *people->keys)};
    if (people->keys == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "the people's keys");
    }
    do {
        struct qrt_vkey key;
        size_t chars;
        const char *line = qrt_read_line(&reader, &chars);
        size_t number = people->len + 1;
        if (line == NULL) {
            code = qrt_fail(err, QRT_E_FORMAT, "the people's keys: line %zu: cut short", number);
        } else if (number > QRT_PEOPLE_MAX) {
            code = qrt_fail(err, QRT_E_RANGE, "the people's keys: more than %d", QRT_PEOPLE_MAX);
        } else if ((code = qrt_vkey_parse(&key, line, chars, err)) != QRT_OK) {
            qrt_err_prefix(err, "the people's keys: line %zu", number);
        } else if (key.type != QRT_KEY_TYPE_COSIGN || is_known(people, &key)) {
            code = qrt_fail(err, QRT_E_FORMAT, "the people's keys: line %zu: %s", number,
                            key.type == QRT_KEY_TYPE_COSIGN ? "it stands there already"
                                                            : "not the key of a badge");
        } else {
            people->keys[people->len++] = key;
        }
    } while (code == QRT_OK && !qrt_reader_done(&reader));
    if (code != QRT_OK) {
        qrt_people_free(people);
    }
    return code;
}

enum qrt_code qrt_people_check_origin(const struct qrt_people *people, const char *origin,
                                      struct qrt_err *err)
{
    size_t len = strlen(origin);
    for (size_t i = 0; i < people->len; i++) {
        const char *name = people->keys[i].name;
        if (strncmp(name, origin, len) != 0 || name[len] != '/') {
            return qrt_fail(err, QRT_E_FORMAT, "the people's keys: %s: not of this log, %s", name,
                            origin);
        }
    }
    return QRT_OK;
}

/* Did one of the same name cosign before it? */
static bool is_second(const struct qrt_people *people, const struct qrt_note *note, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (strcmp(people->keys[i].name, people->keys[at].name) == 0 &&
            qrt_note_verify(note, &people->keys[i], NULL)) {
            return true;
        }
    }
    return false;
}

unsigned qrt_people_count(const struct qrt_people *people, const struct qrt_note *note,
                          struct qrt_faults *told, uint64_t index, uint64_t epoch)
{
    unsigned count = 0;
    for (size_t i = 0; i < people->len; i++) {
        int64_t unix_s;
        if (qrt_note_verify(note, &people->keys[i], &unix_s) && !is_second(people, note, i)) {
            char time[QRT_TIME_CHARS + 1];
            qrt_clock_format(time, unix_s);
            qrt_faults_add(told, index, epoch, "cosigned by %s, %s", people->keys[i].name, time);
            count++;
        }
    }
    return count;
}
