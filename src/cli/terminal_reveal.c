#include "cli/ui_terminal.h"

#include "base/clock.h"
#include "base/harden.h"
#include "base/text.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define SHOWN_S         30
#define TICK_MS         200
#define GROUP_CHARS     4
#define GROUPS_PER_LINE 6
#define NUMBER_COLUMNS  3
#define PLAIN_COLUMNS   16 /* around a line of text that is written over */
#define FRAME_LINES     4  /* head and foot, with a line between */
#define PICTURE_BYTES   8192

/* One showing: what stands on the screen, and until when. */
struct showing {
    struct qrt_terminal *terminal;
    const struct qrt_handout *handout;
    struct qrt_secret picture; /* what is written to the screen at once */
    int64_t from_s;
    int64_t until_s;
    unsigned group; /* the first that is shown */
};

/* All of it is made before it is written; what has no room is left out, which
 * no handout comes near. */
static void put(struct showing *showing, const void *bytes, size_t len_bytes)
{
    (void)!qrt_secret_append(&showing->picture, bytes, len_bytes, NULL);
}

static void put_text(struct showing *showing, const char *text)
{
    put(showing, text, strlen(text));
}

static void put_number(struct showing *showing, unsigned number, int columns)
{
    char text[16];
    snprintf(text, sizeof text, "%*u", columns, number);
    put_text(showing, text);
}

static void put_out(struct showing *showing)
{
    qrt_tty_write(&showing->terminal->screen.tty, showing->picture.data,
                  showing->picture.len_bytes);
    sodium_memzero(showing->picture.data, showing->picture.size_bytes);
    showing->picture.len_bytes = 0;
}

/* How much of a text, escaped, has room on a line. */
static unsigned text_columns(const struct showing *showing)
{
    const struct qrt_screen *screen = &showing->terminal->screen;
    unsigned around = screen->tty.plain ? PLAIN_COLUMNS : NUMBER_COLUMNS + 1;
    return screen->columns > around + QRT_TEXT_ESCAPED_BYTES ? screen->columns - around
                                                             : QRT_TEXT_ESCAPED_BYTES;
}

/* The bytes of a line of text, or of as much of it as has room. */
static size_t line_length(const struct showing *showing, const char *text, size_t len_bytes)
{
    char escaped[QRT_TEXT_ESCAPED_BYTES];
    size_t columns = 0;
    size_t len = 0;
    while (len < len_bytes && text[len] != '\n') {
        size_t step = qrt_text_escape_step(escaped, text + len, len_bytes - len);
        columns += qrt_text_columns(escaped, strlen(escaped));
        if (columns > text_columns(showing)) {
            break;
        }
        len += step;
    }
    sodium_memzero(escaped, sizeof escaped);
    return len;
}

/* The group at *at, and where the next begins: a line of text, a word, or four
 * characters. */
static size_t next_group(const struct showing *showing, size_t *at)
{
    const struct qrt_handout *handout = showing->handout;
    const struct qrt_secret *secret = handout->secret;
    size_t from = *at;
    size_t len = 0;
    if (handout->kind == QRT_SECRET_TEXT) {
        len = line_length(showing, (const char *)secret->data + from, secret->len_bytes - from);
        *at = from + len;
        *at += *at < secret->len_bytes && secret->data[*at] == '\n' ? 1 : 0;
    } else if (handout->kind == QRT_SECRET_PASSPHRASE) {
        while (from + len < secret->len_bytes && secret->data[from + len] != ' ') {
            len++;
        }
        *at = from + len + 1;
    } else {
        size_t left = secret->len_bytes - from;
        len = left < GROUP_CHARS ? left : GROUP_CHARS;
        *at = from + len;
    }
    return len;
}

/* Of a group with its number. */
static unsigned columns_of(const struct showing *showing)
{
    switch (showing->handout->kind) {
    case QRT_SECRET_TEXT:
        return showing->terminal->screen.columns;
    case QRT_SECRET_PASSPHRASE:
        return 13;
    default:
        return 9;
    }
}

static unsigned groups_of(const struct showing *showing)
{
    unsigned groups = 0;
    for (size_t at = 0; at < showing->handout->secret->len_bytes; groups++) {
        (void)next_group(showing, &at);
    }
    return groups;
}

/* How many go on a line, and how many stand there at once: on a plain terminal
 * one, since nothing but its line can be wiped; else what has room. */
static unsigned per_line(const struct showing *showing)
{
    unsigned wide = columns_of(showing);
    unsigned fit = (showing->terminal->screen.columns - 1) / wide;
    return fit < 1 ? 1 : fit > GROUPS_PER_LINE ? GROUPS_PER_LINE : fit;
}

static unsigned at_once(const struct showing *showing)
{
    unsigned rows = showing->terminal->screen.rows;
    return showing->terminal->screen.tty.plain ? 1
           : rows > FRAME_LINES + 1            ? per_line(showing) * (rows - FRAME_LINES)
                                               : per_line(showing);
}

static bool has_more(const struct showing *showing)
{
    return showing->handout->kind != QRT_SECRET_CODE &&
           showing->group + at_once(showing) < groups_of(showing);
}

/* A text is foreign: what could move the cursor is made visible. */
static void put_group(struct showing *showing, size_t from, size_t len)
{
    const uint8_t *data = showing->handout->secret->data + from;
    char escaped[QRT_TEXT_ESCAPED_BYTES];
    if (showing->handout->kind != QRT_SECRET_TEXT) {
        put(showing, data, len);
        return;
    }
    for (size_t at = 0; at < len;) {
        at += qrt_text_escape_step(escaped, (const char *)data + at, len - at);
        put_text(showing, escaped);
    }
    sodium_memzero(escaped, sizeof escaped);
}

static void put_groups(struct showing *showing)
{
    const struct qrt_handout *handout = showing->handout;
    unsigned wide = columns_of(showing);
    unsigned last = showing->group + at_once(showing);
    unsigned number = 0;
    for (size_t at = 0; at < handout->secret->len_bytes && number < last;) {
        size_t from = at;
        size_t len = next_group(showing, &at);
        if (++number <= showing->group) {
            continue;
        }
        put_number(showing, number, 2);
        put_text(showing, " ");
        put_group(showing, from, len);
        if ((number - showing->group) % per_line(showing) == 0 ||
            at >= handout->secret->len_bytes) {
            put_text(showing, "\x1b[K\n");
        } else {
            put(showing, "             ", wide - 3 - len);
        }
    }
}

static void put_halves(struct showing *showing, const char *code)
{
    size_t len = strlen(code);
    put(showing, code, len / 2);
    put_text(showing, " ");
    put(showing, code + len / 2, len - len / 2);
}

static void put_codes(struct showing *showing)
{
    const struct qrt_handout *handout = showing->handout;
    int64_t now_s = qrt_clock_unix_s() + handout->clock_offset_s;
    char code[QRT_TOTP_DIGITS_MAX + 1];
    qrt_totp_code(code, handout->totp, now_s);
    put_text(showing, "Code ");
    put_halves(showing, code);
    put_text(showing, " for ");
    put_number(showing, qrt_totp_seconds_left(handout->totp, now_s), 2);
    put_text(showing, " s");
    qrt_totp_code(code, handout->totp, now_s + (int64_t)handout->totp->period_s);
    put_text(showing, showing->terminal->screen.tty.plain ? ", then " : "\nThen ");
    put_halves(showing, code);
    put_text(showing, showing->terminal->screen.tty.plain ? "" : "\n");
    sodium_memzero(code, sizeof code);
}

static unsigned left_s(const struct showing *showing)
{
    int64_t now_s = qrt_clock_boot_s();
    return now_s < showing->until_s ? (unsigned)(showing->until_s - now_s) : 0;
}

static void draw(struct showing *showing)
{
    struct qrt_screen *screen = &showing->terminal->screen;
    char head[96];
    qrt_tty_size(&screen->tty, &screen->columns, &screen->rows);
    snprintf(head, sizeof head, "\x1b[H\x1b[2K%s of %s, for %u s\n\x1b[2K\n",
             showing->handout->kind == QRT_SECRET_TEXT         ? showing->handout->name
             : showing->handout->kind == QRT_SECRET_CODE       ? "MFA code"
             : showing->handout->kind == QRT_SECRET_SEED       ? "MFA seed"
             : showing->handout->kind == QRT_SECRET_PASSPHRASE ? "Passphrase"
                                                               : "Password",
             showing->handout->owner, left_s(showing));
    put_text(showing, head);
    if (showing->handout->kind == QRT_SECRET_CODE) {
        put_codes(showing);
    } else {
        put_groups(showing);
    }
    put_text(showing, has_more(showing) ? "\x1b[K\nSpace: 30 s more.  Enter: the rest."
                                        : "\x1b[K\nSpace: 30 s more.  Enter: hide it.");
    put_text(showing, "\x1b[J");
    put_out(showing);
}

/* Over what stood there; a line of text is wiped whole before the next. */
static void wipe_line(struct showing *showing)
{
    char blanks[256];
    int columns = (int)showing->terminal->screen.columns - 1;
    snprintf(blanks, sizeof blanks, "\r%*s\r", columns < 250 ? columns : 250, "");
    put_text(showing, blanks);
}

/* One line, written over: a group at a time, since nothing else can be wiped. */
static void draw_plain(struct showing *showing)
{
    const struct qrt_handout *handout = showing->handout;
    size_t at = 0;
    if (handout->kind == QRT_SECRET_CODE) {
        put_text(showing, "\r");
        put_codes(showing);
        put_text(showing, "  ");
        put_out(showing);
        return;
    }
    for (unsigned i = 0; i < showing->group; i++) {
        (void)next_group(showing, &at);
    }
    size_t from = at;
    size_t len = next_group(showing, &at);
    wipe_line(showing);
    put_number(showing, showing->group + 1, 1);
    put_text(showing, " of ");
    put_number(showing, groups_of(showing), 1);
    put_text(showing, ": ");
    put_group(showing, from, len);
    put_out(showing);
}

static void hide(struct showing *showing)
{
    struct qrt_tty *tty = &showing->terminal->screen.tty;
    if (tty->plain) {
        qrt_tty_printf(tty, "\r%*s\r", (int)showing->terminal->screen.columns - 1, "");
    }
    qrt_tty_clear(tty);
    qrt_harden_wipe_traces();
}

/* A key; true if nothing is to be seen any longer. */
static bool act(struct showing *showing, int key)
{
    if (key == ' ') {
        showing->until_s = qrt_clock_boot_s() + SHOWN_S;
        return false;
    }
    if (key == QRT_KEY_ENTER && has_more(showing)) {
        showing->group += at_once(showing);
        showing->until_s = qrt_clock_boot_s() + SHOWN_S;
        return false;
    }
    return key != QRT_KEY_NONE;
}

/* From here to the end nothing may return without hide(). */
static enum qrt_code show(struct showing *showing, struct qrt_err *err)
{
    struct qrt_screen *screen = &showing->terminal->screen;
    enum qrt_code code = QRT_OK;
    int key = QRT_KEY_NONE;
    unsigned drawn_s = 0;
    bool fresh = true;
    qrt_tty_forget_input(&screen->tty);
    qrt_tty_clear(&screen->tty);
    showing->from_s = qrt_clock_boot_s();
    showing->until_s = showing->from_s + SHOWN_S;
    while (code == QRT_OK && left_s(showing) > 0 && !act(showing, key)) {
        if (qrt_screen_resized(screen)) {
            qrt_tty_size(&screen->tty, &screen->columns, &screen->rows);
            qrt_tty_clear(&screen->tty);
            /* Lines of text are broken anew. */
            showing->group = showing->handout->kind == QRT_SECRET_TEXT ? 0 : showing->group;
            fresh = true;
        }
        if (fresh || key != QRT_KEY_NONE || left_s(showing) != drawn_s) {
            drawn_s = left_s(showing);
            screen->tty.plain ? draw_plain(showing) : draw(showing);
            fresh = false;
        }
        code = qrt_tty_key(&key, &screen->tty, TICK_MS, err);
    }
    hide(showing);
    return code;
}

static enum qrt_code warn(struct qrt_terminal *terminal, const struct qrt_handout *handout,
                          struct qrt_err *err)
{
    const char *watcher = qrt_tty_watcher();
    QRT_BUF words = {0};
    QRT_SECRET line = {0};
    if (watcher != NULL) {
        qrt_buf_printf(&words, "Warning: this screen is also seen by %s.\n", watcher);
    }
    if (terminal->screen.tty.plain) {
        qrt_buf_text(&words, "This terminal cannot be wiped: one group is shown at a time, and "
                             "Enter writes the next over it. Space gives 30 s more.\n");
    }
    qrt_buf_printf(&words, "Only %s looks at the screen now. Press Enter to show it, for %d s.",
                   handout->who, SHOWN_S);
    /* What was typed ahead would show it before anybody looked away. */
    qrt_tty_forget_input(&terminal->screen.tty);
    return qrt_terminal_line(terminal, &line, qrt_buf_str(&words), QRT_ECHO_TEXT, err);
}

enum qrt_code qrt_terminal_release(void *ctx, uint64_t *shown_s, const struct qrt_handout *handouts,
                                   size_t handouts_len, struct qrt_err *err)
{
    struct qrt_terminal *terminal = ctx;
    enum qrt_code code = QRT_OK;
    *shown_s = 0;
    for (size_t i = 0; code == QRT_OK && i < handouts_len; i++) {
        struct showing showing = {.terminal = terminal, .handout = &handouts[i]};
        if ((code = warn(terminal, &handouts[i], err)) == QRT_OK &&
            (code = qrt_secret_init(&showing.picture, PICTURE_BYTES, err)) == QRT_OK) {
            code = show(&showing, err);
            int64_t stood_s = qrt_clock_boot_s() - showing.from_s;
            *shown_s += stood_s > 0 ? (uint64_t)stood_s : 0;
            qrt_screen_ask(&terminal->screen, "It is hidden.", 1);
        }
        qrt_secret_wipe(&showing.picture);
    }
    return code;
}
