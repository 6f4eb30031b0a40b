#include "audit/status_parts.h"

#include "vault/register.h"
#include <string.h>

const struct qrt_register_row *qrt_status_row(const struct qrt_judging *j, size_t i,
                                              const char *reg)
{
    const struct qrt_register_row *row = QRT_ROW(&j->vault->state, registers, qrt_register_row, i);
    return row->value[0] != '\0' && (reg == NULL || strcmp(row->reg, reg) == 0) ? row : NULL;
}

/* Of all accounts, or of one at least that is not closed? */
static bool serves(const struct qrt_judging *j, const struct qrt_register_row *row)
{
    size_t at = 0;
    bool any = false;
    bool open = false;
    char id[QRT_ID_CHARS + 1];
    struct qrt_span account;
    while (qrt_register_next(row, "account", &at, &account)) {
        any = true;
        open = open || (qrt_span_copy(id, sizeof id, account) &&
                        !qrt_status_is_closed(&j->vault->state, id));
    }
    return open || !any;
}

static void judge_contacts(struct qrt_judging *j)
{
    static const char *const kinds[] = {"billing", "operations", "security"};
    QRT_SOME missing = {0};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        bool found = false;
        for (size_t i = 0; i < j->vault->state.registers.len; i++) {
            const struct qrt_register_row *row = qrt_status_row(j, i, "contact");
            struct qrt_span kind;
            found = found || (row != NULL && qrt_register_get(row, "kind", &kind) &&
                              qrt_span_is(kind, kinds[k]) && serves(j, row));
        }
        if (!found) {
            qrt_some_add(&missing, kinds[k], strlen(kinds[k]));
        }
    }
    if (missing.count > 0) {
        qrt_status_add(j, QRT_CONCERN_OPEN, "contact", QRT_NO_DAY, "none is registered: %s",
                       qrt_some_text(&missing));
    }
}

/* Without a phone an account whose second factor is lost is not had back. */
static void judge_phones(struct qrt_judging *j)
{
    size_t count = 0;
    for (size_t i = 0; i < j->vault->state.registers.len; i++) {
        const struct qrt_register_row *row = qrt_status_row(j, i, "phone");
        struct qrt_span value;
        count += row != NULL ? 1 : 0;
        if (row != NULL && !qrt_register_get(row, "holder", &value) &&
            !qrt_register_get(row, "safe", &value)) {
            qrt_status_add(j, QRT_CONCERN_OPEN, "phone", QRT_NO_DAY,
                           "%s: who has it, or where it lies, is not known", row->name);
        }
    }
    if (count == 0) {
        qrt_status_add(j, QRT_CONCERN_OPEN, "phone", QRT_NO_DAY,
                       "none is registered: AWS calls it where a second factor is lost");
    }
}

static void judge_row(struct qrt_judging *j, const struct qrt_register_row *row)
{
    struct qrt_span value;
    if (qrt_register_get(row, "expires", &value)) {
        int64_t due =
            qrt_register_date(value) * QRT_DAY_S + QRT_DAY_S - 1; /* all of its day counts */
        if (due - j->now_unix_s < QRT_SOON_S) {
            qrt_status_add_by(j, row->reg, due, "%s: its %s", row->name,
                              strcmp(row->reg, "phone") == 0 ? "contract ends" : "battery is due");
        }
    }
    if (strcmp(row->reg, "phone") == 0 &&
        (!qrt_register_get(row, "contract", &value) || !qrt_register_get(row, "payer", &value))) {
        qrt_status_add(j, QRT_CONCERN_OPEN, "phone", QRT_NO_DAY,
                       "%s: whose contract it is, and who pays, is not known", row->name);
    }
}

void qrt_status_register(struct qrt_judging *j)
{
    for (size_t i = 0; i < j->vault->state.registers.len; i++) {
        const struct qrt_register_row *row = qrt_status_row(j, i, NULL);
        if (row != NULL) {
            judge_row(j, row);
        }
    }
    judge_phones(j);
    judge_contacts(j);
}
