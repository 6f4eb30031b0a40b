#include "audit/status_parts.h"

#include "base/clock.h"
#include "vault/register.h"
#include <stdio.h>
#include <string.h>

/* A copy of the vault, by the register. */
struct copy {
    char site[QRT_ID_CHARS + 1];
    int64_t taken_unix_s; /* the end of that day */
};

/* The newest one that is at another site than that; false: there is none. */
static bool newest_copy(struct copy *newest, const struct qrt_state *state, const char *other_than)
{
    bool found = false;
    for (size_t i = 0; i < state->registers.len; i++) {
        const struct qrt_register_row *row = QRT_ROW(state, registers, qrt_register_row, i);
        struct copy copy;
        struct qrt_span safe;
        struct qrt_span taken;
        if (strcmp(row->reg, "copy") != 0 || !qrt_register_get(row, "safe", &safe) ||
            !qrt_register_get(row, "taken", &taken)) {
            continue;
        }
        snprintf(copy.site, sizeof copy.site, "%.*s", (int)strcspn(safe.data, "/\n"), safe.data);
        copy.taken_unix_s = qrt_register_date(taken) * QRT_DAY_S + QRT_DAY_S - 1;
        if (strcmp(copy.site, other_than) != 0 &&
            (!found || copy.taken_unix_s > newest->taken_unix_s)) {
            *newest = copy;
            found = true;
        }
    }
    return found;
}

/* What of this vault is left if its computer burns, and its building with it. */
static void judge_copies(struct qrt_judging *j)
{
    const struct qrt_state *state = &j->vault->state;
    int64_t days = j->vault->policy.drill_days;
    struct copy first;
    struct copy second;
    if (!newest_copy(&first, state, "")) {
        qrt_status_add(j, QRT_CONCERN_OPEN, "copy", QRT_NO_DAY,
                       "the register knows of no copy of vault.sqlite; two sites need one");
    } else if (!newest_copy(&second, state, first.site)) {
        qrt_status_add(j, QRT_CONCERN_OPEN, "copy", QRT_NO_DAY,
                       "copies of vault.sqlite lie at %s alone; two sites need one", first.site);
        qrt_status_check_date(j, "copy", first.taken_unix_s);
        qrt_status_add_by(j, "copy", first.taken_unix_s + days * QRT_DAY_S,
                          "a new copy of vault.sqlite for %s", first.site);
    } else {
        qrt_status_check_date(j, "copy", first.taken_unix_s);
        qrt_status_check_date(j, "copy", second.taken_unix_s);
        qrt_status_add_by(j, "copy", second.taken_unix_s + days * QRT_DAY_S,
                          "a new copy of vault.sqlite for %s; that of %s is newer", second.site,
                          first.site);
    }
}

/* A laptop that was put back to an older day is found by paper of later ones,
 * in the hands of people who do not have the laptop. */
static void judge_receipts(struct qrt_judging *j)
{
    const struct qrt_state *state = &j->vault->state;
    const struct qrt_person *newest = NULL;
    QRT_SOME holders = {0};
    char day[QRT_TIME_CHARS + 1];
    for (size_t i = 0; i < state->people.len; i++) {
        const struct qrt_person *person = QRT_ROW(state, people, qrt_person, i);
        if (person->gone == QRT_NEVER && (newest == NULL || person->receipt > newest->receipt)) {
            newest = person;
        }
    }
    if (newest == NULL || newest->receipt == QRT_NEVER) {
        qrt_status_add(j, QRT_CONCERN_OPEN, "receipt", QRT_NO_DAY,
                       "nobody was given one: whoever puts an older vault back is not found out");
        return;
    }
    for (size_t i = 0; i < state->people.len; i++) {
        const struct qrt_person *person = QRT_ROW(state, people, qrt_person, i);
        if (person->gone == QRT_NEVER && person->receipt == newest->receipt) {
            qrt_some_add(&holders, person->id, strlen(person->id));
        }
    }
    qrt_status_check_date(j, "receipt", newest->receipt_unix_s);
    qrt_clock_format(day, newest->receipt_unix_s);
    qrt_status_add_by(j, "receipt",
                      newest->receipt_unix_s + (int64_t)j->vault->policy.drill_days * QRT_DAY_S,
                      "the newest are of %.10s: %s", day, qrt_some_text(&holders));
}

void qrt_status_copies(struct qrt_judging *j)
{
    judge_copies(j);
    judge_receipts(j);
}
