#include "log/people.h"

#include "base/clock.h"
#include "base/text.h"
#include <stdio.h>
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
    for (size_t number = 1; code == QRT_OK && !qrt_reader_done(&reader); number++) {
        struct qrt_vkey key;
        size_t chars;
        const char *line = qrt_read_line(&reader, &chars);
        if (line != NULL && chars > 0 && line[chars - 1] == '\r') {
            chars--;
        }
        if (line == NULL) {
            code = qrt_fail(err, QRT_E_FORMAT, "the people's keys: line %zu: cut short", number);
        } else if (chars == 0) {
            continue;
        } else if (people->len == QRT_PEOPLE_MAX) {
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
    }
    if (code == QRT_OK && people->len == 0) {
        code = qrt_fail(err, QRT_E_FORMAT, "the people's keys: no key stands there");
    }
    if (code != QRT_OK) {
        qrt_people_free(people);
    }
    return code;
}

/* The number of a successor, which stands behind the last slash of its origin,
 * and how much stands before that slash; 1 and all of it where there is none. */
static uint64_t split_origin(size_t *stem_chars, const char *origin, size_t chars)
{
    uint64_t number;
    const char *slash = memrchr(origin, '/', chars);
    *stem_chars = chars;
    if (slash == NULL ||
        !qrt_text_u64(slash + 1, chars - (size_t)(slash + 1 - origin), UINT32_MAX, &number) ||
        number < 2) {
        return 1;
    }
    *stem_chars = (size_t)(slash - origin);
    return number;
}

/* Is the first origin, by its form, that of the same log or of one before it? A
 * longest origin had to be cut for the number. */
static bool is_of_chain(const char *former, size_t former_chars, const char *origin)
{
    size_t stem;
    size_t former_stem;
    size_t chars = strlen(origin);
    if (former_chars == chars && memcmp(former, origin, chars) == 0) {
        return true;
    }
    uint64_t number = split_origin(&stem, origin, chars);
    if (number == 1) {
        return false;
    }
    if (former_chars == stem && memcmp(former, origin, stem) == 0) {
        return true; /* the first log's, whatever its name ends in */
    }
    bool earlier = split_origin(&former_stem, former, former_chars) < number;
    return earlier && memcmp(former, origin, former_stem < stem ? former_stem : stem) == 0 &&
           (former_stem == stem || (former_stem > stem && chars == QRT_ORIGIN_MAX_CHARS));
}

/* Where the person's id begins in the name of a key, behind a slash; at the end if nowhere. */
static size_t person_at(const char *name)
{
    const char *slash = strrchr(name, '/');
    return slash == NULL ? strlen(name) : (size_t)(slash + 1 - name);
}

enum qrt_code qrt_people_rename(struct qrt_people *to, const struct qrt_people *people,
                                const char *origin, struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    *to = (struct qrt_people){.keys = calloc(QRT_PEOPLE_MAX, sizeof *to->keys)};
    if (to->keys == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "the people's keys");
    }
    for (size_t i = 0; code == QRT_OK && i < people->len; i++) {
        char name[QRT_ORIGIN_MAX_CHARS + QRT_KEY_NAME_MAX_CHARS + 2];
        const struct qrt_vkey *key = &people->keys[i];
        snprintf(name, sizeof name, "%s/%s", origin, key->name + person_at(key->name));
        code = qrt_vkey_make(&to->keys[i], name, key->type, key->key, err);
        to->len += code == QRT_OK ? 1 : 0;
    }
    if (code != QRT_OK) {
        qrt_people_free(to);
    }
    return code;
}

enum qrt_code qrt_people_check_origin(const struct qrt_people *people, const char *origin,
                                      struct qrt_err *err)
{
    for (size_t i = 0; i < people->len; i++) {
        const char *name = people->keys[i].name;
        size_t person = person_at(name);
        if (name[person] == '\0' || !is_of_chain(name, person - 1, origin)) {
            return qrt_fail(err, QRT_E_FORMAT, "the people's keys: %s: not of this log, %s", name,
                            origin);
        }
    }
    return QRT_OK;
}

size_t qrt_people_names(const struct qrt_people *people)
{
    size_t count = 0;
    for (size_t i = 0; i < people->len; i++) {
        bool is_new = true;
        for (size_t k = 0; k < i; k++) {
            is_new = is_new && strcmp(people->keys[k].name, people->keys[i].name) != 0;
        }
        count += is_new ? 1 : 0;
    }
    return count;
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
            if (told != NULL) {
                qrt_faults_add(told, index, epoch, "cosigned by %s, %s", people->keys[i].name,
                               time);
            }
            count++;
        }
    }
    return count;
}
