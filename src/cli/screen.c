#include "cli/screen.h"

#include <string.h>

#define WIDTH_MAX   78
#define LABEL_CHARS 10
#define MORE        "(A larger window shows more.)\n"
#define NOTES_KEPT  3 /* before there is room for the whole page */

void qrt_screen_close(struct qrt_screen *screen)
{
    qrt_tty_close(&screen->tty);
    qrt_buf_free(&screen->head);
    qrt_buf_free(&screen->body);
    qrt_buf_free(&screen->notes);
    qrt_buf_free(&screen->complaint);
    qrt_buf_free(&screen->asked);
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

/* How many bytes of it take that many columns, at most. */
static size_t bytes_in(const char *text, size_t len_bytes, size_t columns)
{
    size_t i = 0;
    while (i < len_bytes && columns_of(text, i + 1) <= columns) {
        i++;
    }
    return i;
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
        size_t len = bytes_in(text, strcspn(text, " \n"), columns > indent ? columns - indent : 1);
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

/* Its lines: one, or more where there is no room for the stamp beside it. */
static unsigned draw_head(struct qrt_screen *screen, unsigned width)
{
    const char *stamp = screen->practice ? "PRACTICE" : "";
    size_t used = columns_of(qrt_buf_str(&screen->head), screen->head.len_bytes) + strlen(stamp);
    QRT_BUF laid = {0};
    style(screen, "\x1b[1m");
    if (used < width) {
        qrt_tty_text(&screen->tty, qrt_buf_str(&screen->head));
        indent_by(&laid, (unsigned)(width - used));
        style(screen, "\x1b[33m");
        qrt_buf_text(&laid, stamp);
    } else {
        QRT_BUF both = {0};
        qrt_buf_printf(&both, "%s %s", qrt_buf_str(&screen->head), stamp);
        qrt_screen_wrap(&laid, qrt_buf_str(&both), width, 0);
    }
    qrt_tty_text(&screen->tty, qrt_buf_str(&laid));
    style(screen, "\x1b[0m");
    qrt_tty_text(&screen->tty, "\n");
    rule(screen, width);
    return lines_of(&laid) + 2;
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

/* What has no room is left out, from its end, and that is said. */
static unsigned draw_body(struct qrt_screen *screen, unsigned width, unsigned room)
{
    QRT_BUF laid = {0};
    for (const char *part = qrt_buf_str(&screen->body); *part != '\0';
         part += strcspn(part, "\f") + 1) {
        lay_part(&laid, part, width);
    }
    const char *from = qrt_buf_str(&laid);
    const char *to = from;
    bool cut = !screen->tty.plain && room > 1 && lines_of(&laid) > room;
    unsigned lines = 0;
    for (; *to != '\0' && (screen->tty.plain || lines < room - cut); lines++) {
        to = strchr(to, '\n') + 1;
    }
    qrt_tty_write(&screen->tty, from, (size_t)(to - from));
    qrt_tty_text(&screen->tty, cut ? MORE : "");
    return lines + cut;
}

/* The last lines of it, as many as there is room for. A question says so. */
static void draw_end(struct qrt_screen *screen, const struct qrt_buf *laid, unsigned room,
                     bool asked)
{
    const char *from = qrt_buf_str(laid);
    unsigned lines = lines_of(laid);
    bool cut = asked && lines > room && room > 1;
    for (unsigned left = cut ? room - 1 : room; lines > left; lines--) {
        from = strchr(from, '\n') + 1;
    }
    qrt_tty_text(&screen->tty, cut ? MORE : "");
    qrt_tty_text(&screen->tty, from);
}

static unsigned less(unsigned a, unsigned b)
{
    return a > b ? a - b : 0;
}

void qrt_screen_draw(struct qrt_screen *screen)
{
    if (screen->tty.plain) {
        return;
    }
    qrt_tty_size(&screen->tty, &screen->columns, &screen->rows);
    unsigned width = width_of(screen);
    QRT_BUF notes = {0};
    QRT_BUF asked = {0};
    qrt_screen_wrap(&notes, qrt_buf_str(&screen->notes), width, 0);
    qrt_screen_wrap(&notes, qrt_buf_str(&screen->complaint), width, 0);
    qrt_screen_wrap(&asked, qrt_buf_str(&screen->asked), width, 0);
    qrt_tty_clear(&screen->tty);
    unsigned room = less(screen->rows, draw_head(screen, width) + screen->below);
    unsigned for_asked = lines_of(&asked) < room ? lines_of(&asked) : room;
    unsigned kept = lines_of(&notes) < NOTES_KEPT ? lines_of(&notes) : NOTES_KEPT;
    room -= for_asked;
    /* A rule below the page, if there is any of it. */
    unsigned drawn = draw_body(screen, width, less(room, kept + 1));
    if (drawn > 0) {
        rule(screen, width);
        room = less(room, drawn + 1);
    }
    draw_end(screen, &notes, room, false);
    draw_end(screen, &asked, for_asked, true);
}

/* What was told and then stood beside a question has been read. */
static void forget_read(struct qrt_screen *screen)
{
    QRT_BUF unread = {0};
    qrt_buf_text(&unread, qrt_buf_str(&screen->notes) + screen->read_bytes);
    qrt_buf_free(&screen->notes);
    qrt_buf_text(&screen->notes, qrt_buf_str(&unread));
    screen->read_bytes = 0;
}

void qrt_screen_turn(struct qrt_screen *screen, const struct qrt_page *page)
{
    qrt_buf_free(&screen->head);
    qrt_buf_free(&screen->body);
    qrt_buf_free(&screen->asked);
    forget_read(screen);
    screen->below = 1;
    screen->practice = page->practice;
    qrt_buf_text(&screen->head, page->ceremony);
    if (page->of > 0) {
        qrt_buf_printf(&screen->head, ", step %u of %u", page->step, page->of);
    }
    qrt_buf_printf(&screen->head, ": %s", page->title);
    add_part(&screen->body, "Who", page->who);
    add_part(&screen->body, "What", page->what);
    add_part(&screen->body, "If not", page->wrong);
    add_part(&screen->body, "To stop", page->stop);
    qrt_tty_size(&screen->tty, &screen->columns, &screen->rows);
    if (screen->tty.plain) {
        qrt_tty_text(&screen->tty, "\n");
        (void)draw_head(screen, width_of(screen));
        (void)draw_body(screen, width_of(screen), 0);
        rule(screen, width_of(screen));
    } else {
        qrt_screen_draw(screen);
    }
}

/* Below the page, and for when it is drawn anew. */
static void add_lines(struct qrt_screen *screen, struct qrt_buf *kept, const char *lines)
{
    size_t len = strlen(lines);
    bool ended = len > 0 && lines[len - 1] == '\n';
    QRT_BUF laid = {0};
    qrt_buf_text(kept, lines);
    qrt_buf_text(kept, ended ? "" : "\n");
    if (screen->columns == 0) {
        qrt_tty_size(&screen->tty, &screen->columns, &screen->rows);
    }
    qrt_screen_wrap(&laid, lines, width_of(screen), 0);
    qrt_tty_text(&screen->tty, qrt_buf_str(&laid));
    qrt_tty_text(&screen->tty, ended ? "" : "\n");
}

void qrt_screen_note(struct qrt_screen *screen, const char *lines)
{
    add_lines(screen, &screen->notes, lines);
}

void qrt_screen_complain(struct qrt_screen *screen, const char *line)
{
    qrt_buf_free(&screen->complaint);
    add_lines(screen, &screen->complaint, line);
    screen->complained = true;
}

void qrt_screen_ask(struct qrt_screen *screen, const char *text, unsigned below)
{
    qrt_buf_free(&screen->asked);
    screen->read_bytes = screen->notes.len_bytes;
    if (!screen->complained) {
        qrt_buf_free(&screen->complaint);
    }
    screen->complained = false;
    qrt_buf_text(&screen->asked, text);
    qrt_buf_text(&screen->asked, "\n");
    screen->below = below;
    if (screen->tty.plain) {
        QRT_BUF laid = {0};
        qrt_tty_size(&screen->tty, &screen->columns, &screen->rows);
        qrt_screen_wrap(&laid, qrt_buf_str(&screen->asked), width_of(screen), 0);
        qrt_tty_text(&screen->tty, qrt_buf_str(&laid));
    } else {
        qrt_screen_draw(screen);
    }
}

void qrt_screen_leave(struct qrt_screen *screen)
{
    QRT_BUF laid = {0};
    qrt_tty_clear(&screen->tty);
    if (!screen->tty.plain && screen->notes.len_bytes > screen->read_bytes) {
        forget_read(screen);
        qrt_screen_wrap(&laid, qrt_buf_str(&screen->notes), width_of(screen), 0);
        qrt_tty_text(&screen->tty, qrt_buf_str(&laid));
    }
}

bool qrt_screen_resized(const struct qrt_screen *screen)
{
    unsigned columns;
    unsigned rows;
    qrt_tty_size(&screen->tty, &columns, &rows);
    return !screen->tty.plain && (columns != screen->columns || rows != screen->rows);
}
