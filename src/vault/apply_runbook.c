#include "vault/applying.h"

#include "base/text.h"
#include "vault/register_forms.h"
#include <string.h>

#define STEPS_MAX      99
#define VALUES_MAX     32
#define CASE_CHARS_MAX 64
#define STEP_BYTES     8
#define ENDED          "ended"

/* NAME=TEXT */
static bool is_value(const struct applying *a, struct qrt_span escaped)
{
    QRT_BUF value = {0};
    char name[QRT_ID_CHARS + 1];
    qrt_span_unescape(&value, escaped);
    const char *text = strchr(qrt_buf_str(&value), '=');
    return text != NULL &&
           qrt_span_copy(
               name, sizeof name,
               (struct qrt_span){qrt_buf_str(&value), (size_t)(text - qrt_buf_str(&value))}) &&
           qrt_text_is_id(name) && qrt_register_is_form(QRT_REG_TEXT, a->state, text + 1);
}

static bool is_case(const char *text)
{
    return text[0] != '\0' && text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx"
                                                "yz0123456789._-")] == '\0';
}

static void check_values(struct applying *a, const struct qrt_walk *said)
{
    struct qrt_entry_cursor cursor = {0};
    struct qrt_span present;
    char person[QRT_ID_CHARS + 1];
    char case_id[CASE_CHARS_MAX + 1];
    unsigned values = 0;
    qrt_apply_text(a, "person", person, sizeof person);
    qrt_apply_text(a, "case", case_id, sizeof case_id);
    const struct qrt_person *who = qrt_state_person(a->state, person);
    bool right = qrt_text_is_id(said->runbook) && who != NULL && who->gone == QRT_NEVER &&
                 (!qrt_entry_get(a->entry, "case", &present) || is_case(case_id)) &&
                 (said->account[0] == '\0' || qrt_state_account(a->state, said->account) != NULL);
    while (right && qrt_entry_next(a->entry, &cursor)) {
        if (qrt_span_is(cursor.key, "value")) {
            right = is_value(a, cursor.value) && ++values <= VALUES_MAX;
        }
    }
    if (!right) {
        FAULT(a, "a step with a value that is not of its form");
    }
}

/* N/M; false if it is not. */
static bool parse_step(struct qrt_walk *said, const char *text)
{
    const char *slash = strchr(text, '/');
    uint64_t step = 0;
    uint64_t steps = 0;
    if (slash == NULL || !qrt_text_u64(text, (size_t)(slash - text), STEPS_MAX, &step) ||
        !qrt_text_u64(slash + 1, strlen(slash + 1), STEPS_MAX, &steps)) {
        return false;
    }
    said->step = (int64_t)step;
    said->steps = (int64_t)steps;
    return step >= 1 && step <= steps;
}

/* Does it go on where the walk stands? */
static bool follows(const struct qrt_walk *walk, const struct qrt_walk *said)
{
    return walk == NULL ? said->step == 1
                        : memcmp(walk->digest, said->digest, sizeof walk->digest) == 0 &&
                              said->steps == walk->steps && said->step == walk->step + 1;
}

void qrt_apply_runbook_step(struct applying *a)
{
    struct qrt_walk said = {.dirty = true,
                            .began = qrt_apply_place(a),
                            .latest = qrt_apply_place(a),
                            .ended = QRT_NEVER,
                            .time_unix_s = a->entry->time_unix_s};
    char step[STEP_BYTES];
    qrt_apply_text(a, "runbook", said.runbook, sizeof said.runbook);
    qrt_apply_text(a, "account", said.account, sizeof said.account);
    qrt_apply_text(a, "step", step, sizeof step);
    (void)qrt_entry_digest(a->entry, "digest", said.digest);
    check_values(a, &said);
    struct qrt_walk *walk = qrt_state_walk_row(a->state, said.runbook, said.account);
    bool ends = walk != NULL && strcmp(step, ENDED) == 0 &&
                memcmp(walk->digest, said.digest, sizeof said.digest) == 0;
    if (ends) {
        said.step = walk->step;
        said.steps = walk->steps;
    } else if (!parse_step(&said, step) || !follows(walk, &said)) {
        FAULT(a, "a step that does not follow the one before");
        return;
    }
    said.began = walk == NULL ? said.began : walk->began;
    said.ended = ends || said.step == said.steps ? said.latest : QRT_NEVER;
    if (walk == NULL) {
        walk = qrt_apply_row(a, &a->state->walks, sizeof *walk);
    }
    if (walk != NULL) {
        *walk = said;
    }
}
