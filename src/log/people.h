/* Verifier keys of people, as somebody brings them from paper. Public. */
#ifndef QRT_LOG_PEOPLE_H
#define QRT_LOG_PEOPLE_H

#include "log/note.h"
#include "log/views.h"
#include <quorate/err.h>

#define QRT_PEOPLE_MAX       1024
#define QRT_PEOPLE_MAX_BYTES (256 * 1024)

/* A zeroed one is empty. */
struct qrt_people {
    struct qrt_vkey *keys;
    size_t len;
};

void qrt_people_free(struct qrt_people *people);
#define QRT_PEOPLE __attribute__((cleanup(qrt_people_free))) struct qrt_people

/* Reads verifier keys of badges (type 4), one a line, each once; a line may end
 * in CR LF, or be empty. QRT_E_FORMAT names the line, or says that there is no
 * key; QRT_E_RANGE: too many; QRT_E_NOMEM. *people is then empty. */
enum qrt_code qrt_people_parse(struct qrt_people *people, const char *text, size_t len_bytes,
                               struct qrt_err *err) QRT_MUST_USE;

/* QRT_E_FORMAT if a key is neither of a person of this log nor, by its name, of
 * one of a log that this one continues. */
enum qrt_code qrt_people_check_origin(const struct qrt_people *people, const char *origin,
                                      struct qrt_err *err) QRT_MUST_USE;

/* The same keys under the names that their people have in the log of that origin:
 * a log that continues another takes its people's keys over, and only their names
 * and ids change. *to is then to be freed. QRT_E_NOMEM, QRT_E_FORMAT. */
enum qrt_code qrt_people_rename(struct qrt_people *to, const struct qrt_people *people,
                                const char *origin, struct qrt_err *err) QRT_MUST_USE;

/* How many different people they are. */
size_t qrt_people_names(const struct qrt_people *people);

/* How many different people cosigned the note; each is added to `told`, which
 * may be NULL. */
unsigned qrt_people_count(const struct qrt_people *people, const struct qrt_note *note,
                          struct qrt_faults *told, uint64_t index, uint64_t epoch);

#endif
