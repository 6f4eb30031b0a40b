#include "vault/register_forms.h"

#include <stdio.h>
#include <string.h>

static const struct qrt_register_key mailbox[] = {
    {"address", QRT_REG_MAIL, QRT_REG_NEEDED, "the address of the root user"},
    {"recipient", QRT_REG_READER, QRT_REG_MANY, "who reads it"},
    {"note", QRT_REG_TEXT, 0, "what else is to be known"}};
static const struct qrt_register_key phone[] = {
    {"number", QRT_REG_MASKED, 0, "its number, masked, or where it is sealed"},
    {"holder", QRT_REG_PERSON, QRT_REG_MANY, "who has it"},
    {"safe", QRT_REG_PLACE, 0, "where it lies"},
    {"contract", QRT_REG_TEXT, 0, "with whom"},
    {"payer", QRT_REG_TEXT, 0, "who pays"},
    {"expires", QRT_REG_DATE, 0, "when the contract ends"},
    {"note", QRT_REG_TEXT, 0, "what else is to be known"}};
static const struct qrt_register_key contact[] = {
    {"kind", QRT_REG_CONTACT, QRT_REG_NEEDED, "which one"},
    {"email", QRT_REG_MAIL, QRT_REG_NEEDED, "its address"},
    {"title", QRT_REG_TEXT, 0, "its name or role"},
    {"phone", QRT_REG_MASKED, 0, "its number, masked"},
    {"account", QRT_REG_ACCOUNT, QRT_REG_MANY, "of which accounts; of all, if none is named"}};
static const struct qrt_register_key device[] = {
    {"kind", QRT_REG_DEVICE, QRT_REG_NEEDED, "what it is"},
    {"account", QRT_REG_ACCOUNT, QRT_REG_MANY, "which accounts it opens"},
    {"management", QRT_REG_YES, 0, "yes if it opens a management account"},
    {"holder", QRT_REG_PERSON, QRT_REG_MANY, "who has it"},
    {"safe", QRT_REG_PLACE, 0, "where it lies"},
    {"model", QRT_REG_TEXT, 0, "maker and model"},
    {"serial", QRT_REG_TEXT, 0, "its serial number"},
    {"expires", QRT_REG_DATE, 0, "when its battery is to be replaced"},
    {"note", QRT_REG_TEXT, 0, "what else is to be known"}};
static const struct qrt_register_key safe[] = {
    {"holder", QRT_REG_PERSON, QRT_REG_MANY, "who has the combination"},
    {"note", QRT_REG_TEXT, 0, "what else is to be known"}};
static const struct qrt_register_key dependency[] = {
    {"needs", QRT_REG_NODE, QRT_REG_NEEDED | QRT_REG_MANY, "what it cannot be reached without"},
    {"note", QRT_REG_TEXT, 0, "what else is to be known"}};
static const struct qrt_register_key roster[] = {
    {"utc-offset", QRT_REG_OFFSET, QRT_REG_NEEDED, "how far their clock is ahead of UTC"},
    {"hours", QRT_REG_HOURS, QRT_REG_NEEDED | QRT_REG_MANY, "when they can be reached"}};

static const struct qrt_register_key copy[] = {
    {"safe", QRT_REG_PLACE, QRT_REG_NEEDED, "where it lies"},
    {"taken", QRT_REG_DATE, QRT_REG_NEEDED, "when it was taken"},
    {"note", QRT_REG_TEXT, 0, "what else is to be known"}};
static const struct qrt_register_key trigger[] = {
    {"kind", QRT_REG_TRIGGER, QRT_REG_NEEDED, "what happened"},
    {"note", QRT_REG_TEXT, 0, "what else is to be known"}};

#define REGISTER(name, of_name)                                                                    \
    {                                                                                              \
#name, of_name, name, sizeof name / sizeof name[0]                                         \
    }

static const struct qrt_register registers[QRT_REGISTERS] = {
    REGISTER(mailbox, QRT_REG_ID),    REGISTER(phone, QRT_REG_ID),
    REGISTER(contact, QRT_REG_ID),    REGISTER(device, QRT_REG_ID),
    REGISTER(safe, QRT_REG_PLACE),    REGISTER(dependency, QRT_REG_NODE),
    REGISTER(roster, QRT_REG_PERSON), REGISTER(copy, QRT_REG_ID),
    REGISTER(trigger, QRT_REG_ID),
};

const struct qrt_register *qrt_register_at(size_t i)
{
    return &registers[i];
}

const struct qrt_register *qrt_register_find(const char *name)
{
    for (size_t i = 0; i < QRT_REGISTERS; i++) {
        if (strcmp(registers[i].name, name) == 0) {
            return &registers[i];
        }
    }
    return NULL;
}

const char *qrt_register_check_name(const struct qrt_register *reg, const struct qrt_state *state,
                                    const char *name)
{
    return qrt_register_is_form(reg->of_name, state, name) ? NULL
                                                           : qrt_register_form_words(reg->of_name);
}

/* One `KEY=VALUE`; which key it is, or keys_len. */
static size_t check_value(char why[static 128], const struct qrt_register *reg,
                          const struct qrt_state *state, struct qrt_span line)
{
    const char *equals = memchr(line.data, '=', line.len_bytes);
    size_t key_len = equals == NULL ? 0 : (size_t)(equals - line.data);
    size_t k = 0;
    while (k < reg->keys_len && !(strlen(reg->keys[k].name) == key_len &&
                                  memcmp(reg->keys[k].name, line.data, key_len) == 0)) {
        k++;
    }
    if (k == reg->keys_len) {
        snprintf(why, 128, "a value is not KEY=VALUE with a key of %s", reg->name);
        return k;
    }
    char value[256];
    struct qrt_span text = {equals + 1, line.len_bytes - key_len - 1};
    if (!qrt_span_copy(value, sizeof value, text) ||
        !qrt_register_is_form(reg->keys[k].form, state, value)) {
        snprintf(why, 128, "%s is not %s", reg->keys[k].name,
                 qrt_register_form_words(reg->keys[k].form));
        return reg->keys_len;
    }
    return k;
}

static bool stands_before(const char *values, const char *line, size_t len)
{
    for (const char *at = values; at < line; at += strcspn(at, "\n") + 1) {
        if (strcspn(at, "\n") == len && memcmp(at, line, len) == 0) {
            return true;
        }
    }
    return false;
}

const char *qrt_register_check(char why[static 128], const struct qrt_register *reg,
                               const struct qrt_state *state, const char *values)
{
    unsigned seen[16] = {0};
    unsigned count = 0;
    if (values[0] == '\0') {
        return NULL;
    }
    for (const char *at = values; *at != '\0'; count++) {
        size_t len = strcspn(at, "\n");
        if (stands_before(values, at, len)) {
            snprintf(why, 128, "a value stands twice");
            return why;
        }
        size_t k = check_value(why, reg, state, (struct qrt_span){at, len});
        if (k == reg->keys_len) {
            return why;
        }
        seen[k]++;
        at += len;
        at += *at == '\n' ? 1 : 0;
    }
    for (size_t k = 0; k < reg->keys_len; k++) {
        if (seen[k] == 0 && (reg->keys[k].flags & QRT_REG_NEEDED) != 0) {
            snprintf(why, 128, "%s is missing", reg->keys[k].name);
            return why;
        }
        if (seen[k] > 1 && (reg->keys[k].flags & QRT_REG_MANY) == 0) {
            snprintf(why, 128, "%s stands twice", reg->keys[k].name);
            return why;
        }
    }
    if (count > QRT_REGISTER_VALUES_MAX) {
        snprintf(why, 128, "more than %d values", QRT_REGISTER_VALUES_MAX);
        return why;
    }
    return NULL;
}

const struct qrt_register_row *qrt_register_row(const struct qrt_state *state, const char *reg,
                                                const char *name)
{
    for (size_t i = 0; i < state->registers.len; i++) {
        const struct qrt_register_row *row = QRT_ROW(state, registers, qrt_register_row, i);
        if (strcmp(row->name, name) == 0 && strcmp(row->reg, reg) == 0) {
            return row;
        }
    }
    return NULL;
}

bool qrt_register_next(const struct qrt_register_row *row, const char *key, size_t *at,
                       struct qrt_span *value)
{
    size_t key_len = strlen(key);
    while (row->value[*at] != '\0') {
        const char *line = row->value + *at;
        size_t len = strcspn(line, "\n");
        *at += len + 1;
        if (len > key_len && strncmp(line, key, key_len) == 0 && line[key_len] == '=') {
            *value = (struct qrt_span){line + key_len + 1, len - key_len - 1};
            return true;
        }
    }
    return false;
}

bool qrt_register_get(const struct qrt_register_row *row, const char *key, struct qrt_span *value)
{
    size_t at = 0;
    return qrt_register_next(row, key, &at, value);
}
