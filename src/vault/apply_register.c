#include "vault/applying.h"

#include "vault/register.h"
#include <string.h>

/* All values, each with an LF behind it: none may hold one. */
static void collect(struct applying *a, struct qrt_buf *values)
{
    struct qrt_entry_cursor cursor = {0};
    while (qrt_entry_next(a->entry, &cursor)) {
        if (qrt_span_is(cursor.key, "value")) {
            size_t from = values->len_bytes;
            qrt_span_unescape(values, cursor.value);
            if (!values->failed && memchr(values->data + from, '\n', values->len_bytes - from)) {
                FAULT(a, "a value of two lines");
            }
            qrt_buf_text(values, "\n");
        }
    }
    a->no_memory = a->no_memory || values->failed;
}

void qrt_apply_register_set(struct applying *a)
{
    struct qrt_state *state = a->state;
    QRT_BUF values = {0};
    char reg_name[QRT_WORD_BYTES];
    char name[QRT_REGISTER_NAME_BYTES];
    char why[128];
    qrt_apply_text(a, "register", reg_name, sizeof reg_name);
    qrt_apply_text(a, "name", name, sizeof name);
    collect(a, &values);
    const struct qrt_register *reg = qrt_register_find(reg_name);
    if (reg == NULL) {
        FAULT(a, "there is no such register");
        return;
    }
    const char *wrong = qrt_register_check_name(reg, state, name);
    if (wrong == NULL) {
        wrong = qrt_register_check(why, reg, state, qrt_buf_str(&values));
    }
    struct qrt_register_row *row = NULL;
    for (size_t i = 0; i < state->registers.len && row == NULL; i++) {
        struct qrt_register_row *at = QRT_ROW(state, registers, qrt_register_row, i);
        row = strcmp(at->name, name) == 0 && strcmp(at->reg, reg_name) == 0 ? at : NULL;
    }
    if (wrong == NULL && values.len_bytes >= sizeof row->value) {
        wrong = "its values are longer than 2,047 bytes";
    }
    if (wrong == NULL && values.len_bytes == 0 && (row == NULL || row->value[0] == '\0')) {
        wrong = "there is none of that name to be taken away";
    }
    if (wrong != NULL) {
        FAULT(a, "register %s: %s", reg_name, wrong);
        return;
    }
    if (row == NULL && (row = qrt_apply_row(a, &state->registers, sizeof *row)) == NULL) {
        return;
    }
    row->dirty = true;
    row->changed = qrt_apply_place(a);
    row->time_unix_s = a->entry->time_unix_s;
    memcpy(row->reg, reg_name, sizeof reg_name);
    memcpy(row->name, name, sizeof name);
    memcpy(row->value, qrt_buf_str(&values), values.len_bytes + 1);
}
