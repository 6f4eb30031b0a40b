#include "cli/screen.h"

#include <string.h>

#define WIDTH_MAX   78
#define LABEL_CHARS 10

void qrt_screen_close(struct qrt_screen *screen)
{
    qrt_tty_close(&screen->tty);
    qrt_buf_free(&screen->head);
    qrt_buf_free(&screen->body);
    qrt_buf_free(&screen->notes);
    *screen = (struct qrt_screen){0};
}

/* Columns of UTF-8, as far as each character takes one. */
static size_t columns_of(const char *text, size_t len_bytes)
{
    size_t columns = 0;
    for (size_t i = 0; i < len_bytes; i++) {
        columns += ((unsigned char)text[i] & 0xC0) != 0x80;
    }
    return columns;
}

static void indent_by(struct qrt_buf *out, unsigned indent)
{
    qrt_buf_printf(out, "%*s", (int)indent, "");
}

void qrt_screen_wrap(struct qrt_buf *out, const char *text, unsigned columns, unsigned indent)
{
    size_t at = indent;
    bool fresh = true;
    while (*text != '\0') {
        if (*text == '\n') {
            qrt_buf_text(out, "\n");
            indent_by(out, indent);
            at = indent;
            fresh = true;
            text++;
            continue;
        }
        size_t len = strcspn(text, " \n");
        size_t wide = columns_of(text, len);
        if (!fresh && at + 1 + wide > columns) {
            qrt_buf_text(out, "\n");
            indent_by(out, indent);
            at = indent;
            fresh = true;
        }
        if (!fresh) {
            qrt_buf_text(out, " ");
            at++;
        }
        qrt_buf_add(out, text, len);
        at += wide;
        fresh = false;
        text += len;
        text += *text == ' ';
    }
}

static unsigned lines_of(const struct qrt_buf *text)
{
    unsigned lines = 0;
    for (size_t i = 0; i < text->len_bytes; i++) {
        lines += text->data[i] == '\n';
    }
    return lines;
}

static void style(struct qrt_screen *screen, const char *sgr)
{
    if (screen->tty.colours) {
        qrt_tty_text(&screen->tty, sgr);
    }
}

static void rule(struct qrt_screen *screen, unsigned width)
{
    style(screen, "\x1b[2m");
    for (unsigned i = 0; i < width; i++) {
        qrt_tty_text(&screen->tty, "-");
    }
    style(screen, "\x1b[0m");
    qrt_tty_text(&screen->tty, "\n");
}

static void add_part(struct qrt_buf *body, const char *label, const char *text)
{
    if (text == NULL) {
        return;
    }
    qrt_buf_printf(body, "%s\t", label);
    qrt_buf_text(body, text);
    qrt_buf_u8(body, '\f');
}

static unsigned width_of(const struct qrt_screen *screen)
{
    return screen->columns - 1 < WIDTH_MAX ? screen->columns - 1 : WIDTH_MAX;
}

static void draw_head(struct qrt_screen *screen, unsigned width)
{
    const char *head = qrt_buf_str(&screen->head);
    const char *stamp = screen->practice ? "PRACTICE" : "";
    size_t used = columns_of(head, strlen(head)) + strlen(stamp);
    style(screen, "\x1b[1m");
    qrt_tty_text(&screen->tty, head);
    if (screen->practice) {
        qrt_tty_printf(&screen->tty, "%*s", used < width ? (int)(width - used) : 1, "");
        style(screen, "\x1b[33m");
        qrt_tty_text(&screen->tty, stamp);
    }
    style(screen, "\x1b[0m");
    qrt_tty_text(&screen->tty, "\n");
    rule(screen, width);
}

/* One part of the page: its label, and its text beside it. */
static void lay_part(struct qrt_buf *out, const char *part, unsigned width)
{
    const char *text = strchr(part, '\t') + 1;
    int label = (int)(text - part - 1);
    QRT_BUF words = {0};
    qrt_buf_add(&words, text, strcspn(text, "\f"));
    qrt_buf_printf(out, "%-*.*s", LABEL_CHARS, label, part);
    qrt_screen_wrap(out, qrt_buf_str(&words), width, LABEL_CHARS);
    qrt_buf_text(out, "\n");
}

/* Where there is no room for all of it, what can go wrong is left out first,
 * then how to stop: the one line at the foot says that always. */
static void draw_body(struct qrt_screen *screen, unsigned width, unsigned room)
{
    QRT_BUF laid = {0};
    for (const char *part = qrt_buf_str(&screen->body); *part != '\0';
         part += strcspn(part, "\f") + 1) {
        QRT_BUF one = {0};
        bool needed = strncmp(part, "Who", 3) == 0 || strncmp(part, "What", 4) == 0;
        lay_part(&one, part, width);
        if (screen->tty.plain || needed || lines_of(&laid) + lines_of(&one) <= room) {
            qrt_buf_add(&laid, one.data, one.len_bytes);
        }
    }
    qrt_tty_write(&screen->tty, laid.data, laid.len_bytes);
    screen->drawn = lines_of(&laid);
}

static void draw_notes(struct qrt_screen *screen, unsigned width, unsigned room)
{
    QRT_BUF laid = {0};
    qrt_screen_wrap(&laid, qrt_buf_str(&screen->notes), width, 0);
    const char *from = qrt_buf_str(&laid);
    for (unsigned lines = lines_of(&laid); lines > room; lines--) {
        from = strchr(from, '\n') + 1;
    }
    qrt_tty_text(&screen->tty, from);
}

void qrt_screen_draw(struct qrt_screen *screen, unsigned lines)
{
    if (screen->tty.plain) {
        return;
    }
    qrt_tty_size(&screen->tty, &screen->columns, &screen->rows);
    unsigned width = width_of(screen);
    /* The head and two rules take three. */
    unsigned room = screen->rows > lines + 3 ? screen->rows - lines - 3 : 1;
    unsigned kept = lines_of(&screen->notes) > 3 ? 3 : lines_of(&screen->notes);
    qrt_tty_clear(&screen->tty);
    draw_head(screen, width);
    draw_body(screen, width, room > kept ? room - kept : 1);
    rule(screen, width);
    draw_notes(screen, width, room > screen->drawn ? room - screen->drawn : 1);
}

void qrt_screen_turn(struct qrt_screen *screen, const struct qrt_page *page)
{
    qrt_buf_free(&screen->head);
    qrt_buf_free(&screen->body);
    qrt_buf_free(&screen->notes);
    screen->practice = page->practice;
    qrt_buf_printf(&screen->head, "%s, step %u of %u: %s", page->ceremony, page->step, page->of,
                   page->title);
    add_part(&screen->body, "Who", page->who);
    add_part(&screen->body, "What", page->what);
    add_part(&screen->body, "If not", page->wrong);
    add_part(&screen->body, "To stop", page->stop);
    qrt_tty_size(&screen->tty, &screen->columns, &screen->rows);
    if (screen->tty.plain) {
        qrt_tty_text(&screen->tty, "\n");
        draw_head(screen, width_of(screen));
        draw_body(screen, width_of(screen), 0);
        rule(screen, width_of(screen));
    } else {
        qrt_screen_draw(screen, 2);
    }
}

void qrt_screen_note(struct qrt_screen *screen, const char *lines)
{
    size_t len = strlen(lines);
    bool ended = len > 0 && lines[len - 1] == '\n';
    QRT_BUF laid = {0};
    qrt_buf_text(&screen->notes, lines);
    qrt_buf_text(&screen->notes, ended ? "" : "\n");
    if (screen->columns == 0) {
        qrt_tty_size(&screen->tty, &screen->columns, &screen->rows);
    }
    qrt_screen_wrap(&laid, lines, width_of(screen), 0);
    qrt_tty_text(&screen->tty, qrt_buf_str(&laid));
    qrt_tty_text(&screen->tty, ended ? "" : "\n");
}

bool qrt_screen_resized(const struct qrt_screen *screen)
{
    unsigned columns;
    unsigned rows;
    qrt_tty_size(&screen->tty, &columns, &rows);
    return !screen->tty.plain && (columns != screen->columns || rows != screen->rows);
}
