#include "cli/tty.h"

#include "base/bytes.h"
#include "base/file.h"
#include "base/interrupt.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define ESCAPE_WAIT_MS 30 /* what follows an Escape at once belongs to one key */
#define COLUMNS_MIN    20
#define ROWS_MIN       5
#define ANCESTORS_MAX  32
#define WRITE_PART     512
#define WRITE_WAIT_MS  2000 /* then nobody looks at it any more */

enum qrt_code qrt_tty_open(struct qrt_tty *tty, struct qrt_err *err)
{
    const char *term = getenv("TERM");
    const char *no_color = getenv("NO_COLOR");
    *tty = (struct qrt_tty){.fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)};
    if (tty->fd < 0) {
        return qrt_fail_os(err, QRT_E_NOT_FOUND, errno, "no terminal");
    }
    tty->open = true;
    tty->plain = term == NULL || term[0] == '\0' || strcmp(term, "dumb") == 0;
    tty->colours = !tty->plain && (no_color == NULL || no_color[0] == '\0');
    if (tcgetattr(tty->fd, &tty->former) != 0) {
        qrt_fd_close(&tty->fd);
        tty->open = false;
        return qrt_fail_os(err, QRT_E_IO, errno, "the terminal");
    }
    struct termios mode = tty->former;
    mode.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
    mode.c_iflag &= ~(tcflag_t)(IXON | ICRNL | INLCR | IGNCR);
    mode.c_oflag |= OPOST | ONLCR;
    mode.c_cc[VMIN] = 1;
    mode.c_cc[VTIME] = 0;
    if (tcsetattr(tty->fd, TCSAFLUSH, &mode) != 0) {
        int os = errno;
        qrt_tty_close(tty);
        return qrt_fail_os(err, QRT_E_IO, os, "the terminal");
    }
    return QRT_OK;
}

void qrt_tty_close(struct qrt_tty *tty)
{
    if (tty->open) {
        (void)tcsetattr(tty->fd, TCSAFLUSH, &tty->former);
        qrt_fd_close(&tty->fd);
    }
    *tty = (struct qrt_tty){0};
}

static enum qrt_code read_byte(unsigned char *byte, bool *got, struct qrt_tty *tty, int timeout_ms,
                               struct qrt_err *err)
{
    enum qrt_code code = qrt_interrupt_wait_for(got, tty->fd, POLLIN, timeout_ms, err);
    if (code != QRT_OK || !*got) {
        return code;
    }
    ssize_t n = read(tty->fd, byte, 1);
    return n == 1 ? QRT_OK : qrt_fail(err, QRT_E_INTERRUPTED, "the terminal is gone");
}

/* The rest of an escape sequence: CSI and SS3, as far as its final byte. */
static enum qrt_code read_escape(int *key, struct qrt_tty *tty, struct qrt_err *err)
{
    unsigned char byte = 0;
    bool got;
    *key = QRT_KEY_ESCAPE;
    enum qrt_code code = read_byte(&byte, &got, tty, ESCAPE_WAIT_MS, err);
    if (code != QRT_OK || !got) {
        return code;
    }
    *key = QRT_KEY_NONE;
    if (byte != '[' && byte != 'O') {
        return QRT_OK;
    }
    do {
        code = read_byte(&byte, &got, tty, ESCAPE_WAIT_MS, err);
    } while (code == QRT_OK && got && (byte < 0x40 || byte > 0x7E));
    if (got && byte == 'A') {
        *key = QRT_KEY_UP;
    }
    return code;
}

enum qrt_code qrt_tty_key(int *key, struct qrt_tty *tty, int timeout_ms, struct qrt_err *err)
{
    unsigned char byte = 0;
    bool got;
    *key = QRT_KEY_NONE;
    enum qrt_code code = read_byte(&byte, &got, tty, timeout_ms, err);
    if (code != QRT_OK || !got) {
        return code;
    }
    switch (byte) {
    case 27:
        return read_escape(key, tty, err);
    case '\r':
    case '\n':
        *key = QRT_KEY_ENTER;
        break;
    case '\t':
        *key = QRT_KEY_TAB;
        break;
    case '\b':
    case 127:
        *key = QRT_KEY_BACKSPACE;
        break;
    case CTRL('C'):
        *key = QRT_KEY_STOP;
        break;
    case CTRL('U'):
        *key = QRT_KEY_CLEAR;
        break;
    default:
        *key = byte >= ' ' ? byte : QRT_KEY_NONE;
    }
    return QRT_OK;
}

void qrt_tty_forget_input(struct qrt_tty *tty)
{
    (void)tcflush(tty->fd, TCIFLUSH);
}

void qrt_tty_write(struct qrt_tty *tty, const void *bytes, size_t len_bytes)
{
    const unsigned char *from = bytes;
    for (size_t at = 0; at < len_bytes;) {
        size_t part = len_bytes - at < WRITE_PART ? len_bytes - at : WRITE_PART;
        ssize_t n = write(tty->fd, &from[at], part);
        struct pollfd full = {.fd = tty->fd, .events = POLLOUT};
        if (n < 0 && errno != EINTR && (errno != EAGAIN || poll(&full, 1, WRITE_WAIT_MS) <= 0)) {
            return;
        }
        at += n > 0 ? (size_t)n : 0;
    }
}

void qrt_tty_text(struct qrt_tty *tty, const char *text)
{
    qrt_tty_write(tty, text, strlen(text));
}

void qrt_tty_printf(struct qrt_tty *tty, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (n > 0) {
        qrt_tty_write(tty, text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
    }
}

void qrt_tty_size(const struct qrt_tty *tty, unsigned *columns, unsigned *rows)
{
    struct winsize size = {0};
    *columns = 80;
    *rows = 24;
    if (ioctl(tty->fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
        *columns = size.ws_col < COLUMNS_MIN ? COLUMNS_MIN : size.ws_col;
        *rows = size.ws_row < ROWS_MIN ? ROWS_MIN : size.ws_row;
    }
}

void qrt_tty_clear(struct qrt_tty *tty)
{
    unsigned columns;
    unsigned rows;
    if (tty->plain) {
        return;
    }
    qrt_tty_size(tty, &columns, &rows);
    for (unsigned row = 1; row <= rows; row++) {
        qrt_tty_printf(tty, "\x1b[%u;1H\x1b[2K", row);
    }
    qrt_tty_text(tty, "\x1b[H\x1b[2J\x1b[3J");
}

/* The parent of a process, and its name. False at the end of the line. */
static bool look_up(char *name, size_t size_bytes, unsigned *pid)
{
    char path[48];
    QRT_BUF text = {0};
    snprintf(path, sizeof path, "/proc/%u/stat", *pid);
    if (*pid == 0 || qrt_file_read(&text, AT_FDCWD, path, 4096, NULL) != QRT_OK) {
        return false;
    }
    const char *from = strchr(qrt_buf_str(&text), '(');
    const char *to = strrchr(qrt_buf_str(&text), ')');
    if (from == NULL || to == NULL || to < from || strlen(to) < strlen(") S 1")) {
        return false;
    }
    snprintf(name, size_bytes, "%.*s", (int)(to - from - 1), from + 1);
    *pid = (unsigned)strtoul(to + strlen(") S "), NULL, 10);
    return true;
}

const char *qrt_tty_watcher(void)
{
    static const struct {
        const char *name;
        const char *words;
    } watchers[] = {{"tmux", "tmux"},
                    {"screen", "screen"},
                    {"SCREEN", "screen"},
                    {"script", "script, which writes it down"},
                    {"asciinema", "asciinema, which writes it down"},
                    {"ttyrec", "ttyrec, which writes it down"},
                    {"sshd", "a login over a network"},
                    {"mosh-server", "a login over a network"},
                    {"ttyd", "a browser over a network"},
                    {"Xvnc", "a screen over a network"}};
    unsigned pid = (unsigned)getpid();
    char name[64];
    if (getenv("TMUX") != NULL) {
        return "tmux";
    }
    for (unsigned i = 0; i < ANCESTORS_MAX && look_up(name, sizeof name, &pid); i++) {
        for (size_t w = 0; w < sizeof watchers / sizeof watchers[0]; w++) {
            if (strncmp(name, watchers[w].name, strlen(watchers[w].name)) == 0) {
                return watchers[w].words;
            }
        }
    }
    return NULL;
}
