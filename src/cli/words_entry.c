#include "cli/words_entry.h"

#include "cli/words_typing.h"
#include "split/words.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define PREFIX_CHARS 4
#define CODE_START   "quorate1:"

static struct qrt_typing *typing_of(const struct qrt_words_entry *entry)
{
    return (struct qrt_typing *)(void *)entry->memory.data;
}

/* Not by qrt_slip39_word, which reads the whole list each time. */
static void put_word(char text[static QRT_TYPING_WORD_BYTES], uint16_t index)
{
    memcpy(text, qrt_words_list[index], QRT_SLIP39_WORD_CHARS);
}

static void word_unknown(struct qrt_typing *t)
{
    unsigned position = t->at % QRT_TYPING_ROW;
    if (position == QRT_TYPING_CHECK) {
        snprintf(t->message, sizeof t->message, "row %c: its check word is not in the word list",
                 (int)('A' + t->at / QRT_TYPING_ROW));
    } else {
        snprintf(t->message, sizeof t->message, "row %c, word %u is not in the word list",
                 (int)('A' + t->at / QRT_TYPING_ROW),
                 t->at / QRT_TYPING_ROW * QRT_ROW_WORDS + position + 1);
    }
    uint16_t near[QRT_NEAR_MAX];
    t->near_len = qrt_words_near(near, t->letters, t->letters_len);
    for (size_t i = 0; i < t->near_len; i++) {
        put_word(t->near[i], near[i]);
    }
    sodium_memzero(near, sizeof near);
}

/* Looks at the letters after one came or went. */
static void judge_letters(struct qrt_typing *t)
{
    t->state = QRT_WORDS_TYPING;
    if (t->letters_len < PREFIX_CHARS) {
        return;
    }
    if (qrt_slip39_word_complete(&t->found, t->letters, t->letters_len)) {
        t->state = QRT_WORDS_CONFIRM;
    } else if (strncmp(CODE_START, t->letters, t->letters_len) != 0) {
        word_unknown(t);
    } else if (t->letters_len == strlen(CODE_START)) {
        t->state = QRT_WORDS_LINE;
    }
}

static void add_letter(struct qrt_typing *t, int key)
{
    if (t->letters_len == QRT_TYPING_LETTERS_MAX) {
        qrt_typing_say(t, "no word is as long as that");
        return;
    }
    t->letters[t->letters_len++] = (char)(key >= 'A' && key <= 'Z' ? key | 0x20 : key);
    t->line[t->line_len++] = (char)key;
    judge_letters(t);
}

static void remove_letter(struct qrt_typing *t)
{
    if (t->letters_len == 0) {
        qrt_typing_say(t, "Esc, or <, goes back to the word before");
        return;
    }
    t->letters[--t->letters_len] = '\0';
    t->line[--t->line_len] = '\0';
    judge_letters(t);
}

/* One letter at a row's start, no word having so few, names the row. */
static bool is_row_letter(const struct qrt_typing *t)
{
    return t->letters_len == 1 && !t->lettered && t->at == t->start &&
           t->until - t->start == QRT_TYPING_ROW;
}

static void take_row_letter(struct qrt_typing *t)
{
    bool right = t->letters[0] - 'a' == (int)(t->at / QRT_TYPING_ROW);
    qrt_typing_drop(t);
    t->lettered = right;
    t->begun = true;
    if (!right) {
        snprintf(t->message, sizeof t->message, "this is row %c",
                 (int)('A' + t->at / QRT_TYPING_ROW));
    }
}

static void refuse_letters(struct qrt_typing *t)
{
    if (t->letters_len < PREFIX_CHARS) {
        qrt_typing_say(t, "each word has four letters or more");
    } else {
        word_unknown(t);
    }
}

/* Blank, Tab or Enter behind a word. */
static void end_word(struct qrt_typing *t, int key)
{
    if (t->letters_len == 0) {
        if (key == QRT_KEY_ENTER && !t->begun) {
            t->state = QRT_WORDS_LINE_DONE;
        }
    } else if (is_row_letter(t)) {
        take_row_letter(t);
    } else if (t->state != QRT_WORDS_CONFIRM) {
        refuse_letters(t);
    } else {
        qrt_typing_take(t);
    }
}

static bool is_back(int key)
{
    return key == QRT_KEY_ESCAPE || key == QRT_KEY_UP || key == '<';
}

static void key_of_word(struct qrt_typing *t, int key)
{
    bool empty = t->letters_len == 0;
    bool of_code = !empty && (key == '1' || key == ':') &&
                   strncmp(CODE_START, t->letters, t->letters_len) == 0 &&
                   CODE_START[t->letters_len] == key;
    if (key == QRT_KEY_BACKSPACE) {
        remove_letter(t);
    } else if (is_back(key)) {
        qrt_typing_back(t);
    } else if (key == QRT_KEY_ENTER || key == QRT_KEY_TAB || key == ' ') {
        end_word(t, key);
    } else if ((key >= 'a' && key <= 'z') || (key >= 'A' && key <= 'Z') || of_code) {
        add_letter(t, key);
    } else if ((key == '.' || key == ':' || key == ')') && is_row_letter(t)) {
        take_row_letter(t);
    } else if (key == '?' && empty && t->at % QRT_TYPING_ROW == QRT_TYPING_CHECK) {
        qrt_typing_leave_check_out(t);
    } else if ((key == '/' || key == '.' || key == '~') && empty) {
        t->line[t->line_len++] = (char)key;
        t->state = QRT_WORDS_LINE;
    } else {
        qrt_typing_say(t, "words have letters only");
    }
}

static void key_of_line(struct qrt_typing *t, int key)
{
    bool ends = key == QRT_KEY_ENTER || key == QRT_KEY_TAB;
    bool drops = key == QRT_KEY_ESCAPE || key == QRT_KEY_UP;
    if (ends && !t->too_long) {
        t->state = QRT_WORDS_LINE_DONE;
    } else if (ends || drops) {
        bool was_too_long = t->too_long;
        qrt_typing_drop(t);
        t->state = QRT_WORDS_TYPING;
        qrt_typing_say(t, was_too_long ? "that was more than any code or path has" : "");
    } else if (key == QRT_KEY_BACKSPACE) {
        t->line[--t->line_len] = '\0';
        if (t->line_len == 0) {
            qrt_typing_drop(t);
            t->state = QRT_WORDS_TYPING;
        }
    } else if (key >= ' ' && key <= 0xff) {
        t->too_long |= t->line_len == QRT_WORDS_LINE_MAX;
        if (!t->too_long) {
            t->line[t->line_len++] = (char)key;
        }
    }
}

static void key_of_row(struct qrt_typing *t, int key)
{
    unsigned row = t->start / QRT_TYPING_ROW;
    bool wrong = t->state == QRT_WORDS_ROW_WRONG;
    int folded = key >= 'A' && key <= 'Z' ? key | 0x20 : key;
    if (key >= '1' && key < '1' + QRT_TYPING_ROW) {
        qrt_typing_word(t, row * QRT_TYPING_ROW + (unsigned)(key - '1'));
    } else if (folded == 'r') {
        qrt_typing_row(t, row);
    } else if (wrong && key == '?') {
        qrt_typing_leave_check_out(t);
    } else if (is_back(key) && wrong) {
        qrt_typing_open_check(t, row);
    } else if (is_back(key)) {
        qrt_typing_share_wrong(t);
    } else if (wrong) {
        qrt_typing_row_wrong(t, row);
    } else if (folded >= 'a' && folded < 'a' + QRT_ROWS) {
        qrt_typing_show_row(t, (unsigned)(folded - 'a'), QRT_WORDS_ROW_SHOWN);
    }
}

static void key_of_share(struct qrt_typing *t, int key)
{
    int folded = key >= 'A' && key <= 'Z' ? key | 0x20 : key;
    if (folded >= 'a' && folded < 'a' + QRT_ROWS) {
        qrt_typing_show_row(t, (unsigned)(folded - 'a'), QRT_WORDS_ROW_SHOWN);
    } else {
        qrt_typing_share_wrong(t);
    }
}

static int key_of_byte(int key)
{
    switch (key) {
    case '\r':
    case '\n':
        return QRT_KEY_ENTER;
    case '\t':
        return QRT_KEY_TAB;
    case '\b':
    case 0x7f:
        return QRT_KEY_BACKSPACE;
    case 0x1b:
        return QRT_KEY_ESCAPE;
    default:
        return key;
    }
}

static void render(struct qrt_typing *t)
{
    unsigned row = t->start / QRT_TYPING_ROW;
    bool typing = t->state == QRT_WORDS_TYPING || t->state == QRT_WORDS_CONFIRM;
    sodium_memzero(t->shown, sizeof t->shown);
    sodium_memzero(t->completion, sizeof t->completion);
    for (unsigned i = 0; i < QRT_TYPING_ROW; i++) {
        unsigned at = row * QRT_TYPING_ROW + i;
        if (qrt_typing_holds(t, at) && !(typing && at == t->at)) {
            put_word(t->shown[i], t->rows[at]);
        }
    }
    if (t->state == QRT_WORDS_CONFIRM) {
        put_word(t->completion, t->found);
    }
}

enum qrt_code qrt_words_entry_init(struct qrt_words_entry *entry, struct qrt_err *err)
{
    enum qrt_code code = qrt_secret_init(&entry->memory, sizeof(struct qrt_typing), err);
    if (code == QRT_OK) {
        qrt_words_entry_restart(entry);
    }
    return code;
}

void qrt_words_entry_wipe(struct qrt_words_entry *entry)
{
    qrt_secret_wipe(&entry->memory);
}

void qrt_words_entry_restart(struct qrt_words_entry *entry)
{
    struct qrt_typing *t = typing_of(entry);
    sodium_memzero(t, sizeof *t);
    qrt_typing_row(t, 0);
}

enum qrt_words_state qrt_words_entry_key(struct qrt_words_entry *entry, int key)
{
    struct qrt_typing *t = typing_of(entry);
    key = key_of_byte(key);
    if (t->state == QRT_WORDS_DONE || t->state == QRT_WORDS_LINE_DONE) {
        return t->state;
    }
    qrt_typing_say(t, "");
    sodium_memzero(t->near, sizeof t->near);
    t->near_len = 0;
    switch (t->state) {
    case QRT_WORDS_LINE:
        key_of_line(t, key);
        break;
    case QRT_WORDS_ROW_WRONG:
    case QRT_WORDS_ROW_SHOWN:
        key_of_row(t, key);
        break;
    case QRT_WORDS_SHARE_WRONG:
        key_of_share(t, key);
        break;
    default:
        key_of_word(t, key);
    }
    render(t);
    return t->state;
}

void qrt_words_entry_view(struct qrt_words_view *view, const struct qrt_words_entry *entry)
{
    const struct qrt_typing *t = typing_of(entry);
    bool line = t->state == QRT_WORDS_LINE || t->state == QRT_WORDS_LINE_DONE;
    *view = (struct qrt_words_view){
        .state = t->state,
        .row = t->start / QRT_TYPING_ROW,
        .position = t->at % QRT_TYPING_ROW,
        .typed = line ? t->line : t->letters,
        .typed_len_bytes = line ? t->line_len : t->letters_len,
        .completion = t->completion,
        .message = t->message,
        .near_len = t->near_len,
        .unchecked_rows = t->unchecked,
    };
    for (size_t i = 0; i < QRT_TYPING_ROW; i++) {
        view->words[i] = t->shown[i];
    }
    for (size_t i = 0; i < QRT_NEAR_MAX; i++) {
        view->near[i] = t->near[i];
    }
}

enum qrt_code qrt_words_entry_text(struct qrt_secret *text, const struct qrt_words_entry *entry,
                                   struct qrt_err *err)
{
    const struct qrt_typing *t = typing_of(entry);
    if (t->state == QRT_WORDS_LINE_DONE) {
        return qrt_secret_append(text, t->line, t->line_len, err);
    }
    if (t->state != QRT_WORDS_DONE) {
        return qrt_fail(err, QRT_E_USAGE, "the card's words are not all typed");
    }
    uint16_t words[QRT_SLIP39_CARD_WORDS];
    size_t len_bytes = 0;
    (void)qrt_rows_strip(words, t->rows);
    enum qrt_code code = qrt_slip39_text_encode((char *)text->data + text->len_bytes,
                                                text->size_bytes - text->len_bytes, &len_bytes,
                                                words, QRT_SLIP39_CARD_WORDS, err);
    text->len_bytes += len_bytes;
    sodium_memzero(words, sizeof words);
    return code;
}
