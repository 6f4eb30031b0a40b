/* A bag's number and its place, as people give them. */
#ifndef QRT_CEREMONY_BAGS_BAG_ASK_H
#define QRT_CEREMONY_BAGS_BAG_ASK_H

#include "audit/overlap.h"
#include "ceremony/session/session.h"

struct qrt_bag_place {
    char site[QRT_ID_CHARS + 1];
    char safe[QRT_ID_CHARS + 1];
    char overlap[160]; /* what lies there and should not, and is taken; or "" */
};

/* Is it a number, and of no bag on record? QRT_E_USAGE. */
enum qrt_code qrt_bag_check_new(const struct qrt_vault *vault, const char *number,
                                struct qrt_err *err) QRT_MUST_USE;

/* Asks a person for a new bag's number, twice: two people read it, since nothing
 * else tells a slip. QRT_E_NOT_FOUND: Enter alone. */
enum qrt_code qrt_bag_ask_number(struct qrt_buf *number, const struct qrt_vault *vault,
                                 const struct qrt_ui *ui, const char *words,
                                 struct qrt_err *err) QRT_MUST_USE;

/* Is it a site and a safe of the policy, or two ids where the policy names none?
 * QRT_E_USAGE. */
enum qrt_code qrt_bag_check_place(const struct qrt_policy *policy, const char *site,
                                  const char *safe, struct qrt_err *err) QRT_MUST_USE;

/* The same of two ids; *why is what is wrong with the first or the second, and
 * whether it is the second. True if nothing is. */
bool qrt_bag_place_is_known(const struct qrt_policy *policy, const char *site, const char *safe,
                            char why[static 128], bool *safe_is_wrong);

/* Asks a person where a bag will lie: one of the policy's sites and safes, or
 * what is typed where it names none. Where something lies there from which the
 * content is to be kept apart, another place is asked for, or it is taken. */
enum qrt_code qrt_bag_ask_place(struct qrt_bag_place *place, const struct qrt_session *session,
                                const struct qrt_policy *policy,
                                const struct qrt_bag_content *content,
                                struct qrt_err *err) QRT_MUST_USE;

/* Drafts the exception that says that an overlap was taken, if one was. */
void qrt_bag_draft_overlap(struct qrt_session *session, const struct qrt_bag_place *place);

#endif
