/* Access drills (docs/formats/drill.md): what they ask for, how cards and
 * people are graded, and what is to be improved. */
#ifndef QRT_VAULT_DRILL_H
#define QRT_VAULT_DRILL_H

#include "vault/state.h"

/* What a level asks for: a set of bits, 1 << group. Of a group drill its own;
 * of one of seals none. */
unsigned qrt_drill_groups(const struct qrt_drill *drill);
/* "seals", "group" with a group's name, or "full" without one. */
bool qrt_drill_is_level(const char *level, const char *group);

/* Of a card: "good", "damaged" (read, but not both codes), "failed". */
bool qrt_grade_is_of_card(const char *grade);
/* Of a person: "ready", "helped", "failed", "absent". */
bool qrt_grade_is_of_person(const char *grade);
/* Nothing to improve: "good", "ready". */
bool qrt_grade_is_best(const char *grade);

/* The drill that this intent began, or NULL. */
const struct qrt_drill *qrt_state_drill(const struct qrt_state *state, int64_t intent);
/* The drill whose ceremony is under way, or NULL. */
const struct qrt_drill *qrt_state_drill_at_hand(const struct qrt_state *state);
/* Its ceremony. */
const struct qrt_ceremony *qrt_drill_ceremony(const struct qrt_state *state,
                                              const struct qrt_drill *drill);
bool qrt_drill_is_done(const struct qrt_state *state, const struct qrt_drill *drill);

/* Done, every card and person graded best, no card refused that was not read
 * well afterwards, every seal whole, and no action open when it began. */
bool qrt_drill_is_clean(const struct qrt_state *state, const struct qrt_drill *drill);

/* Seconds from the intent to the quorum, or QRT_NEVER. */
int64_t qrt_drill_quorum_s(const struct qrt_drill *drill);

/* The action of that number, or NULL. */
const struct qrt_action *qrt_state_action(const struct qrt_state *state, uint64_t number);
size_t qrt_state_actions_open(const struct qrt_state *state);
/* Is its day over, and it still open? */
bool qrt_action_is_overdue(const struct qrt_action *action, int64_t now_unix_s);

#endif
