#include "ceremony/review/walk_parts.h"

#include "base/text.h"
#include "ceremony/session/session_parts.h"
#include <stdio.h>
#include <string.h>

#define STEP_CHARS 8

/* One walk on its way. */
struct walking {
    const struct qrt_walk_request *request;
    const struct qrt_ui *ui;
    struct qrt_runbook runbook;
    uint8_t digest[QRT_HASH_BYTES];
    struct qrt_session session;
    struct qrt_walked *walked;
    char title[128];
};

static void walking_free(struct walking *w)
{
    qrt_session_free(&w->session);
}

static const struct qrt_walk *under_way(const struct walking *w, const struct qrt_vault *vault)
{
    return qrt_state_walk(&vault->state, w->request->runbook,
                          w->request->account == NULL ? "" : w->request->account);
}

/* The last walk, if it went to its end, and none is under way. */
static const struct qrt_walk *gone_to_its_end(const struct walking *w,
                                              const struct qrt_vault *vault)
{
    const char *account = w->request->account == NULL ? "" : w->request->account;
    for (size_t i = vault->state.walks.len; i-- > 0;) {
        const struct qrt_walk *walk = QRT_ROW(&vault->state, walks, qrt_walk, i);
        if (strcmp(walk->runbook, w->request->runbook) == 0 &&
            strcmp(walk->account, account) == 0) {
            return walk->ended != QRT_NEVER && walk->step == walk->steps ? walk : NULL;
        }
    }
    return NULL;
}

static enum qrt_code check_request(const struct walking *w, const struct qrt_vault *vault,
                                   struct qrt_err *err)
{
    const struct qrt_walk_request *request = w->request;
    if (request->account != NULL && qrt_state_account(&vault->state, request->account) == NULL) {
        return qrt_fail(err, QRT_E_USAGE, "--account: no account of that id is in this vault");
    }
    enum qrt_code code =
        request->case_id == NULL ? QRT_OK : qrt_walk_check_case(request->case_id, "--case", err);
    if (code == QRT_OK && request->end != NULL) {
        code = qrt_walk_check_text(request->end, "--end", err);
    }
    return code;
}

/* Where it stands; again after the session has begun, which may complete a
 * commit that was in flight. */
static enum qrt_code find_place(struct walking *w, const struct qrt_vault *vault,
                                struct qrt_err *err)
{
    const struct qrt_walk *walk = under_way(w, vault);
    w->walked->step = walk == NULL ? 0 : (unsigned)walk->step;
    w->walked->steps = walk == NULL ? qrt_runbook_steps(&w->runbook) : (unsigned)walk->steps;
    if (w->request->end != NULL) {
        return walk != NULL ? QRT_OK
                            : qrt_fail(err, QRT_E_USAGE, "--end: no such walk is under way");
    }
    if (w->request->anew && walk != NULL && w->walked->recorded == 0) {
        return qrt_fail(err, QRT_E_USAGE,
                        "--anew: a walk is under way, at step %u of %u; without it, it goes on",
                        w->walked->step, w->walked->steps);
    }
    return walk == NULL || memcmp(walk->digest, w->digest, sizeof w->digest) == 0
               ? QRT_OK
               : qrt_fail(err, QRT_E_REFUSED,
                          "%s: this walk was begun with another text of it; end it (--end WHY), "
                          "and begin anew",
                          w->request->runbook);
}

static void page(const struct walking *w, const char *title, const char *who, const char *what,
                 const char *wrong, const char *stop, unsigned step)
{
    qrt_ui_page(w->ui, &(struct qrt_page){
                           .ceremony = w->title,
                           .practice = w->session.vault->state.practice,
                           .step = step,
                           .of = step == 0 ? 0 : w->walked->steps,
                           .title = title,
                           .who = who,
                           .what = what,
                           .wrong = wrong,
                           .stop = stop,
                       });
}

static void page_of_step(const struct walking *w, const struct qrt_runbook_step *step)
{
    QRT_BUF title = {0};
    QRT_BUF who = {0};
    QRT_BUF what = {0};
    QRT_BUF wrong = {0};
    qrt_runbook_unfold(&title, step->title);
    qrt_runbook_unfold(&who, step->who);
    qrt_runbook_unfold(&what, step->what);
    qrt_runbook_unfold(&wrong, step->trouble);
    if (step->support.len_bytes > 0) {
        qrt_buf_text(&wrong, wrong.len_bytes > 0 ? "\n\nAsk AWS Support: " : "Ask AWS Support: ");
        qrt_runbook_unfold(&wrong, step->support);
    }
    page(w, qrt_buf_str(&title), qrt_buf_str(&who), qrt_buf_str(&what),
         wrong.len_bytes > 0 ? qrt_buf_str(&wrong) : NULL,
         "Choose to leave: the walk goes on from here another time. What was recorded stays.",
         step->number);
}

static struct qrt_draft *draft_step(struct walking *w, const char *step, const char *person,
                                    const uint8_t digest[static QRT_HASH_BYTES])
{
    struct qrt_draft *draft = qrt_session_draft(&w->session, QRT_EV_RUNBOOK_STEP);
    qrt_draft_text(draft, "runbook", w->request->runbook);
    qrt_draft_hex(draft, "digest", digest, QRT_HASH_BYTES);
    qrt_draft_text(draft, "step", step);
    qrt_draft_text(draft, "person", person);
    qrt_draft_text(draft, "account", w->request->account);
    return draft;
}

static enum qrt_code record(struct walking *w, const struct qrt_walk_step *step,
                            struct qrt_err *err)
{
    char number[STEP_CHARS];
    const char *person =
        step->person.len_bytes > 0 ? qrt_buf_str(&step->person) : w->session.badges[0].person;
    snprintf(number, sizeof number, "%u/%u", w->walked->step + 1, w->walked->steps);
    if (step->excepted) {
        QRT_BUF place = {0};
        qrt_buf_printf(&place, "%s %s", w->request->runbook, number);
        qrt_session_draft_exception_of(&w->session, qrt_buf_str(&place),
                                       qrt_buf_str(&step->expected), qrt_buf_str(&step->happened),
                                       qrt_buf_str(&step->decided), person);
    }
    struct qrt_draft *draft = draft_step(w, number, person, w->digest);
    for (const char *at = qrt_buf_str(&step->values); *at != '\0'; at = strchr(at, '\n') + 1) {
        QRT_BUF value = {0};
        qrt_buf_add(&value, at, strcspn(at, "\n"));
        qrt_draft_text(draft, "value", qrt_buf_str(&value));
    }
    qrt_draft_text(draft, "case",
                   step->case_id.len_bytes > 0 ? qrt_buf_str(&step->case_id) : w->request->case_id);
    enum qrt_code code = qrt_session_commit(&w->session, err);
    if (code == QRT_OK) {
        w->walked->recorded++;
        w->walked->step++;
        w->walked->ended = w->walked->step == w->walked->steps;
    }
    return code;
}

static enum qrt_code end(struct walking *w, const char *why, struct qrt_err *err)
{
    QRT_BUF value = {0};
    const struct qrt_walk *walk = under_way(w, w->session.vault);
    qrt_buf_printf(&value, "reason=%s", why);
    struct qrt_draft *draft = draft_step(w, "ended", w->session.badges[0].person,
                                         walk == NULL ? w->digest : walk->digest);
    qrt_draft_text(draft, "value", qrt_buf_str(&value));
    enum qrt_code code = qrt_session_commit(&w->session, err);
    w->walked->ended = code == QRT_OK;
    return code;
}

static enum qrt_code ask_end(struct walking *w, struct qrt_err *err)
{
    for (;;) {
        QRT_BUF why = {0};
        struct qrt_question question = {.key = "end", .words = "Why does it end here"};
        enum qrt_code code = w->ui->ask_line(w->ui->ctx, &why, &question, err);
        if (code == QRT_OK) {
            code = qrt_walk_check_text(qrt_buf_str(&why), "reason", err);
        }
        if (code == QRT_OK) {
            return end(w, qrt_buf_str(&why), err);
        }
        if (!qrt_ui_again(w->ui, code, err)) {
            return code;
        }
    }
}

/* A person's, until the last step or until they leave. */
static enum qrt_code walk_person(struct walking *w, struct qrt_err *err)
{
    static const char *const options[] = {"it is done, as it is written here",
                                          "it is done, but otherwise: an exception",
                                          "leave: the walk goes on from here another time",
                                          "end the walk: it is not needed any more"};
    while (!w->walked->ended) {
        struct qrt_runbook_step written;
        QRT_WALK_STEP step = {0};
        size_t choice = 0;
        (void)qrt_runbook_step(&written, &w->runbook, w->walked->step + 1);
        page_of_step(w, &written);
        enum qrt_code code =
            w->ui->choose(w->ui->ctx, &choice, "What became of this step? A number", options,
                          w->walked->step == 0 ? 3 : 4, err);
        if (code == QRT_OK && choice == 2) {
            return QRT_OK;
        }
        if (code == QRT_OK && choice == 3) {
            return ask_end(w, err);
        }
        if (code != QRT_OK ||
            (code = qrt_walk_ask(&step, &w->session, &written, choice == 1, w->request->case_id,
                                 err)) != QRT_OK ||
            (code = record(w, &step, err)) != QRT_OK) {
            return code;
        }
    }
    return QRT_OK;
}

/* All of it is read before a badge is asked for, and again as it is recorded. */
static enum qrt_code check_script(const struct walking *w, const struct qrt_vault *vault,
                                  size_t *steps, struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    for (*steps = 0; code == QRT_OK; ++*steps) {
        QRT_WALK_STEP step = {0};
        code = qrt_walk_read(&step, vault, w->ui, *steps, err);
    }
    --*steps;
    if (code != QRT_E_NOT_FOUND) {
        return code;
    }
    if (*steps == 0 && w->request->end == NULL) {
        return qrt_fail(err, QRT_E_USAGE, "steps: not in the answers");
    }
    if (*steps > 0 && !w->request->anew && gone_to_its_end(w, vault) != NULL) {
        return qrt_fail(err, QRT_E_USAGE,
                        "steps.0: the runbook is at its end; --anew walks it again from step 1");
    }
    unsigned left = w->walked->steps - w->walked->step;
    return *steps <= left ? QRT_OK
                          : qrt_fail(err, QRT_E_USAGE, "steps.%u: the runbook is at its end", left);
}

static enum qrt_code walk_script(struct walking *w, size_t steps, struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    for (size_t i = 0; code == QRT_OK && i < steps; i++) {
        QRT_WALK_STEP step = {0};
        code = qrt_walk_read(&step, w->session.vault, w->ui, i, err);
        if (code == QRT_OK) {
            code = record(w, &step, err);
        }
    }
    return code;
}

enum qrt_code qrt_walk(struct qrt_walked *walked, struct qrt_vault *vault,
                       const struct qrt_walk_request *request, const struct qrt_ui *ui,
                       struct qrt_err *err)
{
    __attribute__((cleanup(walking_free))) struct walking w = {
        .request = request, .ui = ui, .walked = walked};
    size_t steps = 0;
    enum qrt_code code;
    *walked = (struct qrt_walked){0};
    if (!qrt_runbook_find(&w.runbook, request->runbook)) {
        return qrt_fail(err, QRT_E_USAGE,
                        "there is no such runbook; quorate runbook list names them");
    }
    qrt_runbook_digest(w.digest, &w.runbook);
    snprintf(w.title, sizeof w.title, "Runbook: %s", request->runbook);
    if ((code = check_request(&w, vault, err)) != QRT_OK ||
        (code = find_place(&w, vault, err)) != QRT_OK ||
        (!ui->person && (code = check_script(&w, vault, &steps, err)) != QRT_OK)) {
        return code;
    }
    w.session.vault = vault;
    page(&w, "the session", "The operator.",
         "The operator's badge opens the log, and everyone in the room is named. Then the runbook "
         "is walked step by step; each step is recorded when it is done, and the walk may be left "
         "after each. While it is open, no other command can use the vault: where a step says so, "
         "leave, run that command, and come back with the same command as now.",
         "What is recorded is public, and stays: no password, no code, no seed, no PIN, and no "
         "telephone number in full.",
         "Ctrl-C, then the word stop. Nothing is written yet.", 0);
    if ((code = qrt_session_begin(&w.session, vault, ui, err)) != QRT_OK ||
        (code = find_place(&w, vault, err)) != QRT_OK) {
        return code;
    }
    if (request->end != NULL) {
        code = end(&w, request->end, err);
    } else {
        code = ui->person ? walk_person(&w, err) : walk_script(&w, steps, err);
    }
    if (walked->recorded == 0 && !walked->ended) {
        return code; /* nothing was written: there is no session to be closed */
    }
    page(&w, "the close", "The operator, and everyone who signs the log.",
         "Whoever has a badge may sign the log. What was recorded stands.", NULL,
         "Ctrl-C, then the word stop. What was recorded stays; the session is closed as it is.", 0);
    enum qrt_code closed =
        qrt_session_close(&w.session, "runbook", "done", code == QRT_OK ? err : NULL);
    return code != QRT_OK ? code : closed;
}
