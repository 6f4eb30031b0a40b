#include "vault/applying.h"

#include "vault/bag.h"
#include "vault/register.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Clocks that were set, and offsets that were attested, differ by less. */
#define BACK_S 86400

static QRT_PRINTF(2, 3) struct qrt_trigger *add(struct applying *a, const char *format, ...)
{
    struct qrt_trigger *row = qrt_apply_row(a, &a->state->triggers, sizeof *row);
    if (row != NULL) {
        va_list args;
        row->place = qrt_apply_place(a);
        row->time_unix_s = a->entry->time_unix_s;
        va_start(args, format);
        vsnprintf(row->cause, sizeof row->cause, format, args);
        va_end(args);
    }
    return row;
}

/* One of the two clocks was wrong, and what is due by the right one is not known. */
static void add_back(struct applying *a)
{
    int64_t from_unix_s = a->state->last_unix_s;
    if (from_unix_s - a->entry->time_unix_s > BACK_S) {
        struct qrt_trigger *row =
            add(a, "the log's time goes back at entry %lld", (long long)qrt_apply_place(a));
        if (row != NULL) {
            row->back_from_unix_s = from_unix_s;
        }
    }
    a->state->last_unix_s = a->entry->time_unix_s;
}

static void add_person(struct applying *a, const char *what)
{
    char id[QRT_ID_CHARS + 1];
    qrt_apply_text(a, "person", id, sizeof id);
    add(a, "%s %s", id, what);
}

/* Cards of a founding or a re-key that was given up were never in force. */
static void add_void(struct applying *a)
{
    const struct qrt_state *state = a->state;
    const struct qrt_key_row *key = qrt_state_key(state);
    const struct qrt_card_row *card =
        qrt_state_card(state, (uint64_t)qrt_apply_number(a, "serial"));
    if (card != NULL && key != NULL && card->generation == key->generation &&
        !state->epoch.abandoned) {
        add(a, "card %lld of %s was declared void", (long long)card->serial, card->custodian);
    }
}

static void add_seal(struct applying *a)
{
    char word[QRT_WORD_BYTES];
    char number[QRT_BAG_BYTES];
    enum qrt_seal_result result;
    qrt_apply_text(a, "result", word, sizeof word);
    qrt_apply_text(a, "bag", number, sizeof number);
    if (qrt_seal_result_parse(&result, word) && result != QRT_SEAL_WHOLE) {
        add(a, "bag %s was found %s", number, word);
    }
}

/* Another program, or another system under it, than in the session before. */
static void add_software(struct applying *a)
{
    static const uint8_t none[QRT_HASH_BYTES];
    struct qrt_state *state = a->state;
    struct qrt_entry_cursor cursor = {0};
    uint8_t software[QRT_HASH_BYTES];
    QRT_BUF named = {0};
    while (qrt_entry_next(a->entry, &cursor)) {
        if (qrt_span_is(cursor.key, "release") || qrt_span_is(cursor.key, "executable")) {
            qrt_buf_add(&named, cursor.value.data, cursor.value.len_bytes);
            qrt_buf_text(&named, "\n");
        }
    }
    a->no_memory = a->no_memory || named.failed;
    qrt_sha256(software, qrt_buf_str(&named), named.len_bytes);
    if (memcmp(state->software, none, sizeof none) != 0 &&
        memcmp(state->software, software, sizeof software) != 0) {
        add(a, "the software is another one");
    }
    memcpy(state->software, software, sizeof software);
}

static void add_told(struct applying *a)
{
    char reg[QRT_WORD_BYTES];
    char name[QRT_REGISTER_NAME_BYTES];
    char kind[QRT_WORD_BYTES];
    struct qrt_span word;
    qrt_apply_text(a, "register", reg, sizeof reg);
    qrt_apply_text(a, "name", name, sizeof name);
    if (strcmp(reg, "trigger") != 0) {
        return;
    }
    const struct qrt_register_row *row = qrt_register_row(a->state, reg, name);
    if (row != NULL && qrt_register_get(row, "kind", &word) &&
        qrt_span_copy(kind, sizeof kind, word)) {
        add(a, "%s was told (%s)", kind, name);
    }
}

void qrt_apply_trigger(struct applying *a)
{
    add_back(a);
    switch (a->entry->event->id) {
    case QRT_EV_PERSON_LEFT:
        add_person(a, "left");
        break;
    case QRT_EV_PERSON_CHANGED:
        add_person(a, "has other roles");
        break;
    case QRT_EV_CARD_VOIDED:
        add_void(a);
        break;
    case QRT_EV_SEAL_CHECKED:
        add_seal(a);
        break;
    case QRT_EV_KEY_CREATED:
        if (a->state->keys.len > 1) {
            add(a, "a re-key began");
        }
        break;
    case QRT_EV_SESSION_OPENED:
        add_software(a);
        break;
    case QRT_EV_REGISTER_SET:
        add_told(a);
        break;
    default:
        break;
    }
}
