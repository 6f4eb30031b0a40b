#include "cli/ui_terminal.h"

#include "base/harden.h"
#include "base/text.h"
#include "cli/card_file.h"
#include "cli/words_entry.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_MS    250
#define AREA_LINES 5 /* below the page: what is being typed */
#define TEXT_BYTES (QRT_WORDS_LINE_MAX + 1)
#define LINE_BYTES 160

/* One line of the area, made in guarded memory and cut to the screen's width. */
struct area {
    struct qrt_terminal *terminal;
    struct qrt_secret line;
    bool drawn;
};

static void add(struct area *area, const char *text)
{
    size_t room = area->line.size_bytes - area->line.len_bytes;
    size_t len = strlen(text);
    (void)!qrt_secret_append(&area->line, text, len < room ? len : room, NULL);
}

/* A path, as it may stand on a screen; its end is where somebody types. */
static void add_path(struct area *area, const char *path)
{
    QRT_BUF shown = {0};
    qrt_text_escape(&shown, path, strlen(path));
    add(area, qrt_buf_str(&shown));
}

static void flush(struct area *area, const char *end)
{
    struct qrt_tty *tty = &area->terminal->screen.tty;
    size_t room = area->terminal->screen.columns - 1;
    size_t len = area->line.len_bytes < room ? area->line.len_bytes : room;
    while (len > 0 && len < area->line.len_bytes && (area->line.data[len] & 0xC0) == 0x80) {
        len--;
    }
    qrt_tty_write(tty, area->line.data, len);
    for (size_t i = len; tty->plain && i < room; i++) {
        qrt_tty_text(tty, " ");
    }
    qrt_tty_text(tty, tty->plain ? "" : "\x1b[K");
    qrt_tty_text(tty, end);
    memset(area->line.data, 0, area->line.size_bytes);
    area->line.len_bytes = 0;
}

static bool is_begun(const struct qrt_words_view *view)
{
    return view->row > 0 || view->position > 0 || view->typed_len_bytes > 0 ||
           view->state != QRT_WORDS_TYPING;
}

/* What is asked for, and what has come of it. */
static void add_present(struct area *area, const struct qrt_words_view *view)
{
    char text[48];
    if (view->state == QRT_WORDS_LINE || view->state == QRT_WORDS_LINE_DONE) {
        bool path = view->typed_len_bytes > 0 && strchr("/.~", view->typed[0]) != NULL;
        snprintf(text, sizeof text, path ? "File: " : "A code, %zu characters",
                 view->typed_len_bytes);
        add(area, text);
        add_path(area, path ? view->typed : "");
        return;
    }
    if (view->state == QRT_WORDS_SHARE_WRONG) {
        add(area, "A to K shows that row, to be compared with the card.");
        return;
    }
    if (view->state == QRT_WORDS_ROW_WRONG || view->state == QRT_WORDS_ROW_SHOWN) {
        add(area, "1 to 4: that word anew. R: the row anew.");
        add(area, view->state == QRT_WORDS_ROW_WRONG ? " ?: no check word there." : " Esc: back.");
        return;
    }
    if (view->position < QRT_ROW_WORDS) {
        snprintf(text, sizeof text, "Row %c, word %u: ", 'A' + (int)view->row,
                 QRT_ROW_WORDS * view->row + view->position + 1);
    } else {
        snprintf(text, sizeof text, "Row %c, check word: ", 'A' + (int)view->row);
    }
    add(area, text);
    add(area, view->state == QRT_WORDS_CONFIRM ? view->completion : view->typed);
    add(area, view->state == QRT_WORDS_CONFIRM ? "  (Enter takes it, Backspace mends it)" : "");
}

static void add_row(struct area *area, const struct qrt_words_view *view)
{
    char letter[4] = {(char)('A' + (int)view->row), ' ', ' ', '\0'};
    bool numbered = view->state == QRT_WORDS_ROW_WRONG || view->state == QRT_WORDS_ROW_SHOWN;
    add(area, letter);
    for (size_t i = 0; i <= QRT_ROW_WORDS; i++) {
        char number[4] = {(char)('1' + (int)i), ' ', '\0'};
        add(area, numbered ? number : "");
        add(area, view->words[i]);
        add(area, " ");
    }
}

static void add_near(struct area *area, const struct qrt_words_view *view)
{
    add(area, view->near_len > 0 ? "Near: " : "");
    for (size_t i = 0; i < view->near_len; i++) {
        add(area, view->near[i]);
        add(area, " ");
    }
}

/* A plain terminal has one line, written over; what is told stands above it. */
static void draw_plain(struct area *area, const struct qrt_words_view *view)
{
    struct qrt_tty *tty = &area->terminal->screen.tty;
    if (view->message[0] != '\0') {
        qrt_tty_text(tty, "\r");
        add(area, view->message);
        flush(area, "\n");
    }
    qrt_tty_text(tty, "\r");
    if (view->state == QRT_WORDS_ROW_WRONG || view->state == QRT_WORDS_ROW_SHOWN) {
        add_row(area, view);
    }
    add_present(area, view);
    flush(area, "");
}

static void draw(struct area *area, const struct qrt_words_view *view)
{
    struct qrt_tty *tty = &area->terminal->screen.tty;
    if (tty->plain) {
        draw_plain(area, view);
        return;
    }
    if (area->drawn) {
        qrt_tty_printf(tty, "\x1b[%dA\r", AREA_LINES - 1);
    }
    add(area, is_begun(view)
                  ? ""
                  : "Nothing typed yet. A path begins with / or ./. Enter alone: no card.");
    if (is_begun(view) && view->state != QRT_WORDS_LINE) {
        add_row(area, view);
    }
    flush(area, "\n");
    flush(area, "\n");
    add(area, view->message);
    flush(area, "\n");
    add_near(area, view);
    flush(area, "\n");
    add_present(area, view);
    flush(area, "");
    area->drawn = true;
}

static void clear(struct area *area)
{
    struct qrt_tty *tty = &area->terminal->screen.tty;
    if (tty->plain) {
        qrt_tty_text(tty, "\r");
        flush(area, "\r");
    } else if (area->drawn) {
        qrt_tty_printf(tty, "\x1b[%dA\r", AREA_LINES - 1);
        for (int i = 0; i < AREA_LINES; i++) {
            flush(area, i + 1 < AREA_LINES ? "\n" : "");
        }
        qrt_tty_printf(tty, "\x1b[%dA\r", AREA_LINES - 1);
    }
    area->drawn = false;
}

/* Keys into the entry, until it has a card or a line. */
static enum qrt_code type(struct area *area, struct qrt_words_entry *entry,
                          enum qrt_words_state *state, struct qrt_err *err)
{
    struct qrt_terminal *terminal = area->terminal;
    struct qrt_words_view view;
    enum qrt_code code = QRT_OK;
    bool changed = true;
    *state = QRT_WORDS_TYPING;
    while (code == QRT_OK && *state != QRT_WORDS_DONE && *state != QRT_WORDS_LINE_DONE) {
        int key = QRT_KEY_NONE;
        if (changed) {
            qrt_words_entry_view(&view, entry);
            draw(area, &view);
        }
        code = qrt_tty_key(&key, &terminal->screen.tty, LOOK_MS, err);
        changed = key != QRT_KEY_NONE;
        if (code == QRT_OK && key == QRT_KEY_STOP) {
            clear(area);
            code = qrt_terminal_stop(terminal, err);
        } else if (code == QRT_OK && changed) {
            *state = qrt_words_entry_key(entry, key);
        }
        if (code == QRT_OK && (key == QRT_KEY_STOP || qrt_screen_resized(&terminal->screen))) {
            area->drawn = false;
            changed = true;
            qrt_screen_draw(&terminal->screen);
        }
    }
    clear(area);
    return code;
}

static enum qrt_code name_card(struct qrt_terminal *terminal, const char *how, struct qrt_err *err)
{
    qrt_buf_free(&terminal->card_name);
    qrt_buf_printf(&terminal->card_name, "%s card %u", how, ++terminal->cards);
    return qrt_buf_check(&terminal->card_name, err);
}

enum qrt_code qrt_terminal_read_file(struct qrt_terminal *terminal, struct qrt_presented *card,
                                     const char *path, struct qrt_err *err)
{
    const char *home = path[0] == '~' ? getenv("HOME") : NULL;
    qrt_buf_free(&terminal->card_name);
    qrt_buf_text(&terminal->card_name, home != NULL ? home : "");
    qrt_buf_text(&terminal->card_name, home != NULL ? path + 1 : path);
    enum qrt_code code = qrt_buf_check(&terminal->card_name, err);
    return code == QRT_OK ? qrt_card_file_read(card, &terminal->scanner,
                                               qrt_buf_str(&terminal->card_name), err)
                          : code;
}

/* What was typed becomes a card presented: as words, as a code, or as a file. */
static enum qrt_code present(struct qrt_terminal *terminal, struct qrt_presented *card,
                             struct qrt_secret *text, bool words, struct qrt_err *err)
{
    const char *typed = (const char *)text->data;
    /* Only what can be a path is taken for one: paths are shown, and a code that a
     * scanner typed on another layout is still a share. */
    if (!words && strchr("/.~", typed[0]) != NULL) {
        return qrt_terminal_read_file(terminal, card, typed, err);
    }
    enum qrt_code code = name_card(terminal, words ? "typed" : "scanned", err);
    if (code == QRT_OK) {
        *card = (struct qrt_presented){
            .name = qrt_buf_str(&terminal->card_name), .how = words ? "words" : "code", .texts = 1};
        qrt_secret_move(&card->bytes, text);
    }
    return code;
}

static enum qrt_code ask_card(struct qrt_terminal *terminal, struct qrt_presented *card, bool *none,
                              struct qrt_err *err)
{
    QRT_WORDS_ENTRY entry = {0};
    QRT_SECRET line = {0};
    QRT_SECRET text = {0};
    enum qrt_words_state state;
    enum qrt_code code;
    if ((code = qrt_words_entry_init(&entry, err)) != QRT_OK ||
        (code = qrt_secret_init(&line, LINE_BYTES, err)) != QRT_OK ||
        (code = qrt_secret_init(&text, TEXT_BYTES, err)) != QRT_OK) {
        return code;
    }
    struct area area = {.terminal = terminal, .line = line};
    qrt_screen_ask(&terminal->screen, "The card:", AREA_LINES);
    code = type(&area, &entry, &state, err);
    qrt_harden_wipe_traces();
    if (code == QRT_OK) {
        code = qrt_words_entry_text(&text, &entry, err);
    }
    *none = code == QRT_OK && text.len_bytes == 0;
    return code == QRT_OK && !*none ? present(terminal, card, &text, state == QRT_WORDS_DONE, err)
                                    : code;
}

enum qrt_code qrt_terminal_next_card(void *ctx, struct qrt_presented *card, bool enough,
                                     struct qrt_err *err)
{
    struct qrt_terminal *terminal = ctx;
    if (terminal->files_at < terminal->files_len) {
        return qrt_card_file_read(card, &terminal->scanner, terminal->files[terminal->files_at++],
                                  err);
    }
    for (;;) {
        bool none;
        enum qrt_code code = ask_card(terminal, card, &none, err);
        if (code != QRT_OK || !none) {
            return code;
        }
        bool yes;
        code = terminal->ui.confirm(terminal, &yes,
                                    enough ? "No more cards?" : "Go on without a card?", err);
        if (code != QRT_OK || yes) {
            return code == QRT_OK ? qrt_fail(err, QRT_E_NOT_FOUND, "no more cards") : code;
        }
    }
}

void qrt_terminal_answer_card(void *ctx, const struct qrt_verdict *verdict)
{
    struct qrt_terminal *terminal = ctx;
    QRT_BUF line = {0};
    if (verdict->serial != 0) {
        qrt_buf_printf(&line, "Card %u: ", verdict->serial);
    } else {
        qrt_text_escape(&line, verdict->name, strlen(verdict->name));
        qrt_buf_text(&line, ": ");
    }
    qrt_buf_text(&line, verdict->result);
    if (verdict->reason != QRT_CARD_FINE) {
        qrt_buf_printf(&line, ": %s (%s%s%s)", qrt_card_reason_said(verdict->reason),
                       qrt_card_reason_word(verdict->reason), verdict->why[0] != '\0' ? ": " : "",
                       verdict->why);
    } else if (verdict->why[0] != '\0') {
        qrt_buf_printf(&line, " (%s)", verdict->why);
    }
    qrt_screen_note(&terminal->screen, qrt_buf_str(&line));
}
