#include "audit/status_parts.h"

#include "base/clock.h"
#include "vault/review.h"
#include <string.h>

struct reviewing {
    struct qrt_judging *j;
    size_t all;
    size_t open;
    int64_t due_unix_s;
    int64_t last_unix_s;             /* the latest answer */
    const struct qrt_trigger *asked; /* the first, of all channels */
};

static bool judge_channel(void *ctx, const struct qrt_review_channel *channel)
{
    struct reviewing *reviewing = ctx;
    struct qrt_judging *j = reviewing->j;
    const struct qrt_review_row *last = channel->last;
    struct qrt_review_state judged =
        qrt_review_judge(channel, &j->vault->state, j->vault->policy.drill_days, j->now_unix_s);
    reviewing->all++;
    reviewing->open += judged.open ? 1 : 0;
    if (reviewing->all == 1 || judged.due_unix_s < reviewing->due_unix_s) {
        reviewing->due_unix_s = judged.due_unix_s;
    }
    if (judged.asked != NULL &&
        (reviewing->asked == NULL || judged.asked->place < reviewing->asked->place)) {
        reviewing->asked = judged.asked;
    }
    if (last != NULL && last->time_unix_s > reviewing->last_unix_s) {
        reviewing->last_unix_s = last->time_unix_s;
    }
    if (last != NULL && strcmp(last->result, "yes") != 0) {
        qrt_status_add(j, QRT_CONCERN_CONFLICT, "review", QRT_NO_DAY, "%s said of %s: %s",
                       channel->person, channel->channel, last->result);
    }
    return true;
}

static bool find_asked(void *ctx, const struct qrt_review_channel *channel)
{
    struct reviewing *reviewing = ctx;
    const struct qrt_trigger *asked =
        qrt_review_judge(channel, &reviewing->j->vault->state, 0, 0).asked;
    if (asked != NULL && (reviewing->asked == NULL || asked->place < reviewing->asked->place)) {
        reviewing->asked = asked;
    }
    return true;
}

/* Where the log's time goes back one of the two clocks was wrong. The later one is
 * believed, lest something due be missed, until everybody has attested anew. */
void qrt_status_clock(struct qrt_judging *j)
{
    const struct qrt_rows *triggers = &j->vault->state.triggers;
    int64_t last_unix_s = j->vault->log.last_time_unix_s;
    struct reviewing reviewing = {.j = j};
    char from[QRT_TIME_CHARS + 1];
    if (last_unix_s - j->now_unix_s > QRT_DAY_S) {
        qrt_status_add(j, QRT_CONCERN_CONFLICT, "clock", QRT_NO_DAY,
                       "this computer's clock is behind the log, whose last time is taken");
    }
    j->now_unix_s = last_unix_s > j->now_unix_s ? last_unix_s : j->now_unix_s;
    qrt_review_each(&j->vault->state, find_asked, &reviewing);
    const struct qrt_trigger *end = (const struct qrt_trigger *)triggers->data + triggers->len;
    for (const struct qrt_trigger *t = reviewing.asked; t != NULL && t < end; t++) {
        if (t->back_from_unix_s > j->now_unix_s) {
            qrt_clock_format(from, t->back_from_unix_s);
            qrt_status_add(j, QRT_CONCERN_CONFLICT, "clock", QRT_NO_DAY,
                           "%s, from %.10s: a clock was wrong; that day is taken for today until "
                           "a review of everything is signed",
                           t->cause, from);
            j->now_unix_s = t->back_from_unix_s;
        }
    }
}

/* What asks for it, and how many more things did since. */
static void tell_asked(struct qrt_buf *out, const struct qrt_judging *j,
                       const struct qrt_trigger *first)
{
    const struct qrt_rows *triggers = &j->vault->state.triggers;
    size_t from = (size_t)(first - (const struct qrt_trigger *)triggers->data);
    qrt_buf_printf(out, "; asked for because %s", first->cause);
    if (triggers->len - from > 1) {
        qrt_buf_printf(out, ", and by %zu more", triggers->len - from - 1);
    }
}

void qrt_status_review(struct qrt_judging *j)
{
    struct reviewing reviewing = {.j = j};
    QRT_BUF asked = {0};
    qrt_review_each(&j->vault->state, judge_channel, &reviewing);
    if (reviewing.asked != NULL) {
        tell_asked(&asked, j, reviewing.asked);
    }
    if (reviewing.all > 0) {
        qrt_status_check_date(j, "review", reviewing.last_unix_s);
        qrt_status_add_by(j, "review", reviewing.due_unix_s,
                          "what people hold and reach: %zu of %zu not attested%s", reviewing.open,
                          reviewing.all, qrt_buf_str(&asked));
    }
}
