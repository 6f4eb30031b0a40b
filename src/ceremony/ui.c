#include "ceremony/ui.h"

#include <string.h>

/* Of what is to be done, on a screen of 80 by 24: the rest of the page, and a
 * question of three lines, stand beside it. */
#define ROWS        10
#define ROW_COLUMNS 66

void qrt_presented_wipe(struct qrt_presented *card)
{
    qrt_secret_wipe(&card->bytes);
    *card = (struct qrt_presented){0};
}

bool qrt_ui_again(const struct qrt_ui *ui, enum qrt_code code, const struct qrt_err *err)
{
    bool answer =
        code == QRT_E_USAGE || code == QRT_E_FORMAT || code == QRT_E_RANGE || code == QRT_E_REFUSED;
    return answer && ui->person && ui->again(ui->ctx, code, err);
}

void qrt_ui_page(const struct qrt_ui *ui, const struct qrt_page *page)
{
    if (ui->person) {
        ui->page(ui->ctx, page);
    }
}

static size_t rows_of(const char *text, size_t len_bytes)
{
    size_t rows = 0;
    for (size_t at = 0; at < len_bytes;) {
        size_t len = strcspn(text + at, "\n");
        rows += 1 + len / ROW_COLUMNS;
        at += len + 1;
    }
    return rows;
}

static void show_part(const struct qrt_ui *ui, struct qrt_page *part, struct qrt_buf *what)
{
    while (what->len_bytes > 0 && what->data[what->len_bytes - 1] == '\n') {
        what->data[--what->len_bytes] = '\0';
    }
    part->what = qrt_buf_str(what);
    qrt_ui_page(ui, part);
}

enum qrt_code qrt_ui_pages(const struct qrt_ui *ui, const struct qrt_page *page, const char *lines,
                           struct qrt_err *err)
{
    struct qrt_page part = *page;
    QRT_BUF what = {0};
    qrt_buf_text(&what, page->what);
    while (ui->person && *lines != '\0') {
        size_t len = strcspn(lines, "\n") + 1;
        bool full = what.len_bytes > 0 &&
                    rows_of(qrt_buf_str(&what), what.len_bytes) + rows_of(lines, len) > ROWS;
        if (full) {
            show_part(ui, &part, &what);
            enum qrt_code code =
                ui->wait(ui->ctx, "Press Enter when it was read aloud. More follows.", err);
            if (code != QRT_OK) {
                return code;
            }
            qrt_buf_free(&what);
        }
        qrt_buf_add(&what, lines, len);
        lines += len;
    }
    show_part(ui, &part, &what);
    return qrt_buf_check(&what, err);
}
