#include "audit/minimal.h"

#include <string.h>

/* Evaluations; some tens of milliseconds. Only reaches that overlap in many
 * different ways come near it. */
#define WORK_MAX 200000

struct search {
    struct qrt_minimal *found;
    const struct qrt_question_of_sets *question;
    struct qrt_members from[QRT_MEMBERS_MAX + 1]; /* all of this kind and those behind it */
    uint16_t taken[QRT_MEMBERS_MAX];
    unsigned size;
    unsigned long work;
    bool larger; /* a set of this size falls short */
    bool stopped;
};

static bool reached(struct search *search, const struct qrt_members *set)
{
    search->work++;
    return search->question->reached(search->question->ctx, set);
}

static void sort_into_kinds(struct qrt_minimal *found, const struct qrt_question_of_sets *question)
{
    for (size_t m = 0; m < question->members_len; m++) {
        if (!question->matters(question->ctx, m)) {
            continue;
        }
        size_t k = 0;
        while (k < found->kinds_len &&
               !question->alike(question->ctx, qrt_members_next(&found->kinds[k], 0), m)) {
            k++;
        }
        found->kinds_len += k == found->kinds_len ? 1 : 0;
        qrt_members_add(&found->kinds[k], m);
    }
}

/* The first `count` of a kind stand for any others of it. */
static void add_first(struct qrt_members *set, const struct qrt_members *kind, unsigned count)
{
    size_t m = qrt_members_next(kind, 0);
    for (unsigned i = 0; i < count; i++, m = qrt_members_next(kind, m + 1)) {
        qrt_members_add(set, m);
    }
}

/* Does it fall short without any one of its members? */
static bool is_minimal(struct search *search)
{
    for (size_t k = 0; k < search->found->kinds_len; k++) {
        if (search->taken[k] == 0) {
            continue;
        }
        struct qrt_members less = {0};
        for (size_t j = 0; j < search->found->kinds_len; j++) {
            add_first(&less, &search->found->kinds[j],
                      (unsigned)search->taken[j] - (j == k ? 1 : 0));
        }
        if (reached(search, &less)) {
            return false;
        }
    }
    return true;
}

static void keep(struct search *search)
{
    struct qrt_minimal *found = search->found;
    if (found->sets_len == QRT_MINIMAL_SETS_MAX) {
        search->stopped = true;
        return;
    }
    found->sets[found->sets_len].size = search->size;
    memcpy(found->sets[found->sets_len].of_kind, search->taken, sizeof search->taken);
    found->sets_len++;
}

/* All ways to take `left` more from kind k on, `set` being taken already. */
static void extend(struct search *search, size_t k, unsigned left, const struct qrt_members *set)
{
    if (search->stopped || search->work > WORK_MAX) {
        search->stopped = true;
        return;
    }
    bool is = reached(search, set);
    if (left == 0) {
        search->larger = search->larger || !is;
        if (is && is_minimal(search)) {
            keep(search);
        }
        return;
    }
    struct qrt_members most = *set;
    qrt_members_join(&most, &search->from[k]);
    if (is || k == search->found->kinds_len || !reached(search, &most)) {
        return; /* what is added could be left out again; or all of it is not enough */
    }
    const struct qrt_members *kind = &search->found->kinds[k];
    size_t members = qrt_members_count(kind);
    struct qrt_members more = *set;
    size_t m = qrt_members_next(kind, 0);
    for (unsigned count = 0; count <= left && count <= members; count++) {
        search->taken[k] = (uint16_t)count;
        extend(search, k + 1, left - count, &more);
        if (count < members) {
            qrt_members_add(&more, m);
            m = qrt_members_next(kind, m + 1);
        }
    }
    search->taken[k] = 0;
}

void qrt_minimal_find(struct qrt_minimal *found, const struct qrt_question_of_sets *question,
                      unsigned size_max)
{
    struct search search = {.found = found, .question = question};
    static const struct qrt_members nobody;
    memset(found, 0, sizeof *found);
    sort_into_kinds(found, question);
    for (size_t k = found->kinds_len; k-- > 0;) {
        search.from[k] = search.from[k + 1];
        qrt_members_join(&search.from[k], &found->kinds[k]);
    }
    search.larger = true;
    for (; search.larger && search.size <= size_max; search.size++) {
        search.larger = false;
        extend(&search, 0, search.size, &nobody);
        if (search.stopped) {
            return;
        }
        found->complete = search.size;
    }
    found->all = !search.larger;
}
