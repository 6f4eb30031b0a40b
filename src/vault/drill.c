#include "vault/drill.h"

#include <string.h>

#define DAY_S 86400

static bool is_one_of(const char *word, const char *const *words)
{
    while (*words != NULL && strcmp(*words, word) != 0) {
        words++;
    }
    return *words != NULL;
}

unsigned qrt_drill_groups(const struct qrt_drill *drill)
{
    enum qrt_group group;
    if (strcmp(drill->level, "group") == 0) {
        return qrt_group_parse(&group, drill->group_name) ? 1U << group : 0;
    }
    return strcmp(drill->level, "full") == 0 ? 1U << QRT_GROUP_PASSWORD | 1U << QRT_GROUP_MFA : 0;
}

bool qrt_drill_is_level(const char *level, const char *group)
{
    enum qrt_group ignored;
    bool any = group[0] != '\0';
    if (strcmp(level, "group") == 0) {
        return qrt_group_parse(&ignored, group);
    }
    return !any && (strcmp(level, "seals") == 0 || strcmp(level, "full") == 0);
}

bool qrt_grade_is_of_card(const char *grade)
{
    static const char *const words[] = {"good", "damaged", "failed", NULL};
    return is_one_of(grade, words);
}

bool qrt_grade_is_of_person(const char *grade)
{
    static const char *const words[] = {"ready", "helped", "failed", "absent", NULL};
    return is_one_of(grade, words);
}

bool qrt_grade_is_best(const char *grade)
{
    static const char *const words[] = {"good", "ready", NULL};
    return is_one_of(grade, words);
}

const struct qrt_drill *qrt_state_drill(const struct qrt_state *state, int64_t intent)
{
    for (size_t i = state->drills.len; i-- > 0;) {
        const struct qrt_drill *drill = QRT_ROW(state, drills, qrt_drill, i);
        if (drill->intent == intent) {
            return drill;
        }
    }
    return NULL;
}

const struct qrt_drill *qrt_state_drill_at_hand(const struct qrt_state *state)
{
    const struct qrt_ceremony *ceremony = qrt_state_unfinished(state);
    return ceremony == NULL ? NULL : qrt_state_drill(state, ceremony->intent);
}

const struct qrt_ceremony *qrt_drill_ceremony(const struct qrt_state *state,
                                              const struct qrt_drill *drill)
{
    for (size_t i = 0; i < state->ceremonies.len; i++) {
        const struct qrt_ceremony *ceremony = QRT_ROW(state, ceremonies, qrt_ceremony, i);
        if (ceremony->intent == drill->intent) {
            return ceremony;
        }
    }
    return NULL;
}

bool qrt_drill_is_done(const struct qrt_state *state, const struct qrt_drill *drill)
{
    const struct qrt_ceremony *ceremony = qrt_drill_ceremony(state, drill);
    return ceremony != NULL && strcmp(ceremony->result, "done") == 0;
}

bool qrt_drill_is_clean(const struct qrt_state *state, const struct qrt_drill *drill)
{
    bool clean = qrt_drill_is_done(state, drill) && drill->actions_open == 0 &&
                 drill->refused == 0 && drill->seals_wrong == 0;
    for (size_t i = 0; clean && i < state->grades.len; i++) {
        const struct qrt_grade *grade = QRT_ROW(state, grades, qrt_grade, i);
        clean = grade->intent != drill->intent || qrt_grade_is_best(grade->grade);
    }
    return clean;
}

int64_t qrt_drill_quorum_s(const struct qrt_drill *drill)
{
    if (drill->quorum == QRT_NEVER) {
        return QRT_NEVER;
    }
    return drill->quorum_unix_s > drill->begun_unix_s ? drill->quorum_unix_s - drill->begun_unix_s
                                                      : 0;
}

const struct qrt_action *qrt_state_action(const struct qrt_state *state, uint64_t number)
{
    return number == 0 || number > state->actions.len
               ? NULL
               : QRT_ROW(state, actions, qrt_action, number - 1);
}

size_t qrt_state_actions_open(const struct qrt_state *state)
{
    size_t open = 0;
    for (size_t i = 0; i < state->actions.len; i++) {
        open += QRT_ROW(state, actions, qrt_action, i)->closed == QRT_NEVER ? 1 : 0;
    }
    return open;
}

bool qrt_action_is_overdue(const struct qrt_action *action, int64_t now_unix_s)
{
    return action->closed == QRT_NEVER && action->due_unix_s + DAY_S <= now_unix_s;
}
