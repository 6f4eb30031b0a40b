#include "cli/ui_terminal.h"

#include "base/text.h"
#include "card/code.h"
#include <string.h>

#define LINE_MAX_BYTES 4096
#define LOOK_MS        250 /* how often the terminal's size is looked at */
#define ANSWER_LINES   2   /* the line, and what Enter opens below it */

/* The line as it stands: its end, as far as there is room for it. */
static void draw_line(struct qrt_terminal *terminal, const struct qrt_secret *line,
                      enum qrt_echo echo)
{
    struct qrt_tty *tty = &terminal->screen.tty;
    size_t room = terminal->screen.columns - 4;
    size_t shown = line->len_bytes < room ? line->len_bytes : room;
    qrt_tty_text(tty, "\r\x1b[K> ");
    if (echo == QRT_ECHO_STARS) {
        for (size_t i = 0; i < shown; i++) {
            qrt_tty_text(tty, "*");
        }
        return;
    }
    const char *from = (const char *)line->data + line->len_bytes - shown;
    /* Half a character at the cut, or foreign ones that could move things. */
    while (shown > 0 && ((unsigned char)*from & 0xC0) == 0x80) {
        from++;
        shown--;
    }
    QRT_BUF escaped = {0};
    qrt_text_escape(&escaped, from, shown);
    qrt_tty_text(tty, qrt_buf_str(&escaped));
}

/* A plain terminal gets each character when it is whole, and for one that could
 * move a cursor or turn the line around a question mark. */
static void echo_plain(struct qrt_tty *tty, const struct qrt_secret *line)
{
    const unsigned char *end = line->data + line->len_bytes;
    const unsigned char *from = end - 1;
    while (from > line->data && end - from < 4 && (*from & 0xC0) == 0x80) {
        from--;
    }
    ptrdiff_t whole = *from < 0x80 ? 1 : *from < 0xE0 ? 2 : *from < 0xF0 ? 3 : 4;
    if (*from >= 0xC0 && end - from < whole) {
        return;
    }
    QRT_BUF escaped = {0};
    qrt_text_escape(&escaped, (const char *)from, (size_t)(end - from));
    bool clean = *from == '\\' || qrt_buf_str(&escaped)[0] != '\\';
    qrt_tty_write(tty, clean ? (const void *)from : "?", clean ? (size_t)(end - from) : 1);
}

/* One key more or less. On a plain terminal nothing is drawn anew. */
static void edit(struct qrt_terminal *terminal, struct qrt_secret *line, int key,
                 enum qrt_echo echo)
{
    struct qrt_tty *tty = &terminal->screen.tty;
    size_t former = line->len_bytes;
    size_t columns = 0; /* that are taken away */
    if (key == QRT_KEY_CLEAR || key == QRT_KEY_BACKSPACE) {
        size_t kept = key == QRT_KEY_CLEAR ? 0 : line->len_bytes;
        while (kept > 0 && (line->data[--kept] & 0xC0) == 0x80) {
        }
        for (; line->len_bytes > kept; line->len_bytes--) {
            uint8_t byte = line->data[line->len_bytes - 1];
            columns += echo == QRT_ECHO_STARS || (byte & 0xC0) != 0x80;
        }
    } else if (key >= ' ' && key <= 0xFF && line->len_bytes + 1 < line->size_bytes) {
        line->data[line->len_bytes++] = (uint8_t)key;
    }
    memset(line->data + line->len_bytes, 0,
           former > line->len_bytes ? former - line->len_bytes : 0);
    if (!tty->plain) {
        draw_line(terminal, line, echo);
        return;
    }
    for (; columns > 0; columns--) {
        qrt_tty_text(tty, "\b \b");
    }
    if (former < line->len_bytes && echo == QRT_ECHO_STARS) {
        qrt_tty_text(tty, "*");
    } else if (former < line->len_bytes) {
        echo_plain(tty, line);
    }
}

enum qrt_code qrt_terminal_stop(struct qrt_terminal *terminal, struct qrt_err *err)
{
    struct qrt_tty *tty = &terminal->screen.tty;
    char word[5] = "";
    size_t len = 0;
    int key = QRT_KEY_NONE;
    QRT_BUF asked = {0};
    qrt_screen_wrap(&asked, "\nStop here? Type the word stop and press Enter. Enter alone goes on.",
                    terminal->screen.columns > 1 ? terminal->screen.columns - 1 : 80, 0);
    qrt_tty_text(tty, qrt_buf_str(&asked));
    qrt_tty_text(tty, "\n> ");
    while (key != QRT_KEY_ENTER) {
        enum qrt_code code = qrt_tty_key(&key, tty, -1, err);
        if (code != QRT_OK) {
            return code;
        }
        if (key == QRT_KEY_BACKSPACE && len > 0) {
            len--;
            qrt_tty_text(tty, "\b \b");
        } else if (key >= ' ' && key <= '~') {
            /* Somebody may go on typing what was asked before. */
            bool shown = len < 4 && key == "stop"[len] && strncmp(word, "stop", len) == 0;
            word[len < 4 ? len : 4] = (char)key;
            len++;
            qrt_tty_text(tty, shown ? (const char[]){(char)key, '\0'} : "*");
        }
    }
    qrt_tty_text(tty, "\n");
    return len == 4 && memcmp(word, "stop", 4) == 0
               ? qrt_fail(err, QRT_E_INTERRUPTED, "stopped at the terminal")
               : QRT_OK;
}

enum qrt_code qrt_terminal_line(struct qrt_terminal *terminal, struct qrt_secret *line,
                                const char *prompt, enum qrt_echo echo, struct qrt_err *err)
{
    struct qrt_tty *tty = &terminal->screen.tty;
    enum qrt_code code = qrt_secret_init(line, LINE_MAX_BYTES, err);
    int key = QRT_KEY_NONE;
    if (code == QRT_OK) {
        qrt_screen_ask(&terminal->screen, prompt, ANSWER_LINES);
        qrt_tty_text(tty, "> ");
    }
    while (code == QRT_OK && key != QRT_KEY_ENTER) {
        code = qrt_tty_key(&key, tty, LOOK_MS, err);
        bool scanned = key == QRT_KEY_TAB && qrt_code_is((const char *)line->data, line->len_bytes);
        key = scanned ? QRT_KEY_ENTER : key; /* so some scanners end a code */
        bool redraw = code == QRT_OK && qrt_screen_resized(&terminal->screen);
        if (code == QRT_OK && key == QRT_KEY_STOP) {
            code = qrt_terminal_stop(terminal, err);
            redraw = true;
        }
        if (code == QRT_OK && redraw) {
            qrt_screen_draw(&terminal->screen);
        }
        if (code == QRT_OK && (redraw || key != QRT_KEY_NONE)) {
            edit(terminal, line, key, echo);
        }
    }
    qrt_tty_text(tty, "\n");
    if (code != QRT_OK) {
        qrt_secret_wipe(line);
    }
    return code;
}
