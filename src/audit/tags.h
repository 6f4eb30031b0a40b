/* Things under keys by which they are sorted, so that all of one key meet. */
#ifndef QRT_AUDIT_TAGS_H
#define QRT_AUDIT_TAGS_H

#include "vault/state.h"
#include <stdbool.h>
#include <stddef.h>

enum qrt_tag_kind {
    QRT_TAG_ACCOUNT,
    QRT_TAG_MAILBOX,
    QRT_TAG_ELSEWHERE, /* a recipient or a contact */
    QRT_TAG_DEVICE,
    QRT_TAG_SEED,       /* an MFA seed in this vault */
    QRT_TAG_VIRTUAL,    /* a virtual device of the register */
    QRT_TAG_MANAGEMENT, /* a device of a management account */
    QRT_TAG_REMOVED,    /* an account without credentials, by its strategy */
    QRT_TAG_CREDENTIAL, /* that is in custody all the same */
    QRT_TAG_KINDS,
};

struct qrt_tag {
    char key[QRT_MAIL_BYTES]; /* an address, or an account's id */
    enum qrt_tag_kind kind;
    const char *name;
};

struct qrt_tags {
    struct qrt_tag *list;
    size_t len;
    size_t capacity;
    bool failed;
};

void qrt_tags_free(struct qrt_tags *tags);
#define QRT_TAGS __attribute__((cleanup(qrt_tags_free))) struct qrt_tags

/* Adds one; `name` is kept as it is. Without memory the tags have failed. */
void qrt_tags_add(struct qrt_tags *tags, const char *key, size_t key_chars, enum qrt_tag_kind kind,
                  const char *name);

/* Sorts them by key, in whatever case, then by kind. */
void qrt_tags_sort(struct qrt_tags *tags);

/* All of one key, of sorted tags from `at` on. */
struct qrt_tag_run {
    const struct qrt_tag *first;
    size_t count[QRT_TAG_KINDS];
    size_t next;
};
struct qrt_tag_run qrt_tags_run(const struct qrt_tags *tags, size_t at);

#endif
