/* What the files that apply entries share: one entry, the views that it
 * changes, and where its faults go. */
#ifndef QRT_VAULT_APPLYING_H
#define QRT_VAULT_APPLYING_H

#include "vault/apply.h"

struct applying {
    struct qrt_state *state;
    const struct qrt_entry *entry;
    struct qrt_faults *faults;
    bool no_memory;
};

#define FAULT(a, ...) qrt_faults_add((a)->faults, (a)->entry->index, (a)->entry->epoch, __VA_ARGS__)

/* Where the entry stands, counted through all the logs of the chain. */
int64_t qrt_apply_place(const struct applying *a);
/* The same of the entry that its `intent` names. */
int64_t qrt_apply_intent_place(const struct applying *a);
/* A new zeroed row; NULL, noted in no_memory, without memory. */
void *qrt_apply_row(struct applying *a, struct qrt_rows *rows, size_t row_bytes);
/* A value, unescaped, into a fixed text; "" if absent, a fault if too long. */
void qrt_apply_text(struct applying *a, const char *key, char *out, size_t size_bytes);
/* A number; 0 if absent. */
int64_t qrt_apply_number(const struct applying *a, const char *key);
/* A document of that digest and kind must be in the table. */
void qrt_apply_document(struct applying *a, const char *key, const char *kind);
/* A key that no command of this version writes, and no rule allows. */
void qrt_apply_refuse(struct applying *a, const char *key);
/* The card of the entry's serial; NULL, a fault, if there is none. */
struct qrt_card_row *qrt_apply_card(struct applying *a);

/* The next word of a space-separated value; false if it is empty or too long. */
bool qrt_apply_word(struct qrt_span *rest, char *out, size_t size_bytes);
/* A person's new badge, which a `badge-issued` of the same epoch describes. */
void qrt_apply_add_badge(struct applying *a, const char *person, const char *vkey);
/* Whatever badge they have counts no more. */
void qrt_apply_void_badges(struct applying *a, const char *person);
/* Did a quorum of both groups show their cards in the ceremony under way? */
bool qrt_apply_has_quorum(const struct qrt_state *state);
bool qrt_apply_group_has_quorum(const struct qrt_state *state, enum qrt_group group);

/* Who appends holds an operator's live badge, and will have cosigned. */
void qrt_apply_actor(struct applying *a);

/* Takes the policy, the groups and the rules that an entry names. */
void qrt_apply_policy(struct applying *a);
/* The new cards of groups that a policy changed will never count: the policy
 * before is in force again. */
void qrt_apply_rules_return(struct qrt_state *state);
/* The genesis of a log that continues the one whose views these are. */
void qrt_apply_successor(struct applying *a);

void qrt_apply_genesis(struct applying *a);
void qrt_apply_badge_issued(struct applying *a);
void qrt_apply_badge_voided(struct applying *a);
void qrt_apply_person_added(struct applying *a);
void qrt_apply_person_changed(struct applying *a);
void qrt_apply_person_left(struct applying *a);
void qrt_apply_policy_changed(struct applying *a);
void qrt_apply_intent(struct applying *a);
void qrt_apply_card_accepted(struct applying *a);
void qrt_apply_outcome(struct applying *a);
void qrt_apply_secret_shown(struct applying *a);
void qrt_apply_secret_hidden(struct applying *a);
void qrt_apply_key_created(struct applying *a);
/* The key that was created in this epoch, or NULL. */
const struct qrt_key_row *qrt_apply_created_key(const struct applying *a);
/* A card of that generation was proved: with the last one a pending key is in
 * force. One was voided: a pending key is given up. */
void qrt_apply_key_began(struct applying *a, int64_t generation);
void qrt_apply_key_given_up(struct applying *a, int64_t generation);
/* Is the item of a generation that is neither in force nor pending? */
bool qrt_apply_is_left_behind(const struct qrt_state *state, const struct qrt_item_row *item);
/* At the end of an epoch in which a key came or went. */
void qrt_keys_seal(struct qrt_state *state, uint64_t epoch, struct qrt_faults *faults);
void qrt_apply_edition_created(struct applying *a);
/* May the ceremony under way split that group anew, into an edition of that
 * number? */
bool qrt_apply_may_reissue(const struct qrt_state *state, enum qrt_group group, int64_t edition);
/* A card that carries the share of another. */
void qrt_apply_replacement(struct applying *a, struct qrt_card_row *row, enum qrt_group group);
/* The outcome of a re-issue or a replacement. */
void qrt_apply_remade(struct applying *a, const char *result);
/* What the ceremony under way made never counts. */
void qrt_apply_abandon(struct applying *a);
void qrt_apply_card_created(struct applying *a);
void qrt_apply_card_issued(struct applying *a);
void qrt_apply_card_proved(struct applying *a);
void qrt_apply_card_voided(struct applying *a);
void qrt_apply_exception(struct applying *a);
void qrt_apply_session_opened(struct applying *a);
void qrt_apply_session_noted(struct applying *a);
void qrt_apply_person_out(struct applying *a);
void qrt_apply_person_back(struct applying *a);
void qrt_apply_thing_out(struct applying *a);
void qrt_apply_thing_back(struct applying *a);
void qrt_apply_session_closed(struct applying *a);
void qrt_apply_card_destroyed(struct applying *a);
/* What was in that bag (or NULL) is not in it any more. */
void qrt_apply_end_bag(struct applying *a, const struct qrt_bag *bag);
/* Each witness is somebody who is there, and not the actor; is one needed? */
void qrt_apply_witnesses(struct applying *a, bool needed);
void qrt_apply_bag_sealed(struct applying *a);
void qrt_apply_bag_moved(struct applying *a);
void qrt_apply_seal_checked(struct applying *a);
/* Of the ceremony `drill`: its intent, a card accepted in it, a seal checked, its outcome. */
void qrt_apply_drill_begun(struct applying *a);
void qrt_apply_drill_accepted(struct applying *a, enum qrt_group group);
void qrt_apply_drill_sealed(struct applying *a, bool whole);
void qrt_apply_drill_ended(struct applying *a, const struct qrt_ceremony *ceremony);
/* While a drill is under way nothing changes that it is not for. */
void qrt_apply_beside_drill(struct applying *a);
void qrt_apply_drill_graded(struct applying *a);
void qrt_apply_card_refused(struct applying *a);
void qrt_apply_action_opened(struct applying *a);
void qrt_apply_action_closed(struct applying *a);
void qrt_apply_runbook_step(struct applying *a);
void qrt_apply_register_set(struct applying *a);
/* Once the entry was applied: does it ask for a review? */
void qrt_apply_trigger(struct applying *a);
void qrt_apply_review_signed(struct applying *a);
/* The signatures of the epoch's reviews, now or on that list. */
void qrt_reviews_seal(struct qrt_state *state, uint64_t epoch, struct qrt_signatures *later,
                      struct qrt_faults *faults);
void qrt_apply_account_added(struct applying *a);
void qrt_apply_account_changed(struct applying *a);
void qrt_apply_account_closed(struct applying *a);
void qrt_apply_item_sealed(struct applying *a);
void qrt_apply_item_deposited(struct applying *a);
void qrt_apply_deposit_refused(struct applying *a);
void qrt_apply_item_deleted(struct applying *a);
void qrt_apply_credential_confirmed(struct applying *a);
void qrt_apply_taken_over(struct applying *a);

#endif
