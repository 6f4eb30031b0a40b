#include "ceremony/open/opening.h"

#include "base/base32.h"
#include "ceremony/session/attendance.h"

static enum qrt_code seed_text(struct qrt_secret *text, const struct qrt_secret *seed,
                               struct qrt_err *err)
{
    size_t chars = QRT_BASE32_CHARS(seed->len_bytes);
    enum qrt_code code = qrt_secret_init(text, chars + 1, err);
    if (code == QRT_OK) {
        qrt_base32_encode((char *)text->data, chars, seed->data, seed->len_bytes);
        text->len_bytes = chars;
    }
    return code;
}

enum qrt_code qrt_opening_release(struct qrt_opening *opening, uint64_t *shown_s,
                                  struct qrt_err *err)
{
    const struct qrt_ui *ui = opening->session.ui;
    QRT_SECRET seed = {0};
    struct qrt_handout list[QRT_SHOWS];
    size_t len = 0;
    *shown_s = 0;
    for (size_t i = 0; i < QRT_SHOWS; i++) {
        if ((opening->request->show & qrt_shows[i].bit) != 0) {
            list[len++] = (struct qrt_handout){
                .kind = qrt_shows[i].secret,
                .name = qrt_shows[i].name,
                .owner = opening->request->account,
                .who = qrt_shows[i].who,
                .secret = i >= QRT_SHOWS_BEFORE_TEXTS ? &opening->texts[i - QRT_SHOWS_BEFORE_TEXTS]
                          : qrt_shows[i].bit == QRT_SHOW_PASSWORD ? &opening->password
                                                                  : &seed,
                .totp = &opening->totp,
                .clock_offset_s = opening->session.clock_offset_s};
        }
    }
    enum qrt_code code = QRT_OK;
    if ((opening->request->show & QRT_SHOW_SEED) != 0) {
        code = seed_text(&seed, &opening->totp.seed, err);
    }
    if (code != QRT_OK || !ui->person) {
        return code == QRT_OK ? ui->release(ui->ctx, shown_s, list, len, err) : code;
    }
    for (size_t i = 0; code == QRT_OK && i < len; i++) {
        uint64_t one_s = 0;
        qrt_open_page_release(opening->session.vault, ui, &list[i]);
        code = ui->release(ui->ctx, &one_s, &list[i], 1, err);
        *shown_s += one_s;
    }
    return code;
}

/* Whoever looked at it. A script cannot know: those whose badges are there. */
static enum qrt_code ask_seen(const struct qrt_opening *opening, struct qrt_buf *seen,
                              struct qrt_err *err)
{
    const struct qrt_session *session = &opening->session;
    for (size_t i = 0; !session->ui->person && i < session->badges_len; i++) {
        qrt_buf_printf(seen, "%s\n", session->badges[i].person);
    }
    return session->ui->person ? qrt_attendance_ask(seen, session, "seen-by",
                                                    "Who saw a secret on this screen", err)
                               : qrt_buf_check(seen, err);
}

enum qrt_code qrt_opening_hide(struct qrt_opening *opening, uint64_t shown_s, bool broken,
                               struct qrt_err *err)
{
    QRT_BUF seen = {0};
    struct qrt_err why = {0};
    qrt_open_page_close(opening->session.vault, opening->session.ui);
    /* Whoever stops here is not asked: the closing entry is written all the same. */
    (void)!ask_seen(opening, &seen, &why);
    if (broken) {
        struct qrt_draft *draft = qrt_session_draft(&opening->session, QRT_EV_EXCEPTION);
        qrt_draft_text(draft, "step", "release");
        qrt_draft_text(draft, "expected", "all is handed out");
        qrt_draft_text(draft, "happened", "it was cut short");
        qrt_draft_text(draft, "decided", "the session is closed");
    }
    struct qrt_draft *draft = qrt_session_draft(&opening->session, QRT_EV_SECRET_HIDDEN);
    qrt_draft_u64(draft, "intent", opening->opened->intent);
    for (size_t i = 0; i < QRT_SHOWS; i++) {
        if ((opening->request->show & qrt_shows[i].bit) != 0) {
            qrt_draft_text(draft, "what", qrt_shows[i].name);
        }
    }
    qrt_draft_u64(draft, "duration-s", shown_s);
    qrt_attendance_draft(draft, "seen-by", &seen);
    return qrt_session_close(&opening->session, "open", "done", err);
}
