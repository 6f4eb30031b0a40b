#include "vault/policy_compare.h"

#include "base/text.h"
#include <string.h>

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool same_person_rows(const struct qrt_policy_person *a, const struct qrt_policy_person *b)
{
    return a->roles == b->roles && strcmp(a->name, b->name) == 0 && same_text(a->site, b->site);
}

/* Somebody who was there under another id is one person with two badges, or, of
 * two whose names are exchanged, with the other's card. */
static enum qrt_code check_name(const struct qrt_policy *from,
                                const struct qrt_policy_person *person, struct qrt_err *err)
{
    for (size_t i = 0; i < from->people_count; i++) {
        if (strcmp(from->people[i].id, person->id) != 0 &&
            qrt_text_same_name(from->people[i].name, person->name)) {
            return qrt_fail(err, QRT_E_FORMAT,
                            "people: %s has the name of %s: one person keeps one id", person->id,
                            from->people[i].id);
        }
    }
    return QRT_OK;
}

static enum qrt_code compare_people(struct qrt_policy_changes *changes, struct qrt_err *err)
{
    const struct qrt_policy *from = changes->from;
    const struct qrt_policy *to = changes->to;
    for (size_t i = 0; i < to->people_count; i++) {
        const struct qrt_policy_person *person = &to->people[i];
        const struct qrt_policy_person *before = qrt_policy_person(from, person->id);
        enum qrt_code code = check_name(from, person, err);
        if (code != QRT_OK) {
            return code;
        }
        if (before == NULL) {
            changes->joined[changes->joined_len++] = person;
        } else if (!same_person_rows(before, person)) {
            changes->changed[changes->changed_len++] = person;
        }
    }
    for (size_t i = 0; i < from->people_count; i++) {
        if (qrt_policy_person(to, from->people[i].id) == NULL) {
            changes->left[changes->left_len++] = &from->people[i];
        }
    }
    return QRT_OK;
}

static bool is_member(const struct qrt_policy_group *group, const char *id)
{
    for (unsigned i = 0; i < group->count; i++) {
        if (strcmp(group->custodians[i], id) == 0) {
            return true;
        }
    }
    return false;
}

static bool same_members(const struct qrt_policy_group *a, const struct qrt_policy_group *b)
{
    bool same = a->count == b->count;
    for (unsigned i = 0; same && i < a->count; i++) {
        same = is_member(b, a->custodians[i]);
    }
    return same;
}

static bool same_sites(const struct qrt_policy *a, const struct qrt_policy *b)
{
    bool same = a->sites_count == b->sites_count;
    for (size_t i = 0; same && i < a->sites_count; i++) {
        const struct qrt_policy_site *x = &a->sites[i];
        const struct qrt_policy_site *y = &b->sites[i];
        same = strcmp(x->id, y->id) == 0 && x->safes_count == y->safes_count;
        for (size_t s = 0; same && s < x->safes_count; s++) {
            same = strcmp(x->safes[s], y->safes[s]) == 0;
        }
    }
    return same;
}

static bool same_purposes(const struct qrt_policy *a, const struct qrt_policy *b)
{
    bool same = a->purposes_count == b->purposes_count;
    for (size_t i = 0; same && i < a->purposes_count; i++) {
        same = strcmp(a->purposes[i].id, b->purposes[i].id) == 0 &&
               strcmp(a->purposes[i].words, b->purposes[i].words) == 0;
    }
    return same;
}

static bool same_exceptions(const struct qrt_policy *a, const struct qrt_policy *b)
{
    bool same = a->machine_exceptions_count == b->machine_exceptions_count;
    for (size_t i = 0; same && i < a->machine_exceptions_count; i++) {
        same = strcmp(a->machine_exceptions[i], b->machine_exceptions[i]) == 0;
    }
    return same;
}

static bool same_single_holders(const struct qrt_policy *a, const struct qrt_policy *b)
{
    bool same = true;
    for (unsigned g = 0; g < QRT_GROUPS; g++) {
        same = same && a->groups[g].accept_single_holder == b->groups[g].accept_single_holder;
    }
    return same;
}

static bool same_rest(const struct qrt_policy *a, const struct qrt_policy *b)
{
    return strcmp(a->organization, b->organization) == 0 && a->drill_days == b->drill_days &&
           a->reissue_after_opening == b->reissue_after_opening && same_sites(a, b) &&
           same_purposes(a, b) && same_exceptions(a, b) && same_single_holders(a, b);
}

enum qrt_code qrt_policy_compare(struct qrt_policy_changes *changes, const struct qrt_policy *from,
                                 const struct qrt_policy *to, struct qrt_err *err)
{
    *changes = (struct qrt_policy_changes){.from = from, .to = to};
    enum qrt_code code = QRT_OK;
    if (strcmp(from->origin, to->origin) != 0) {
        code = qrt_fail(err, QRT_E_FORMAT, "vault: this is %s, and the policy of %s", from->origin,
                        to->origin);
    } else if (from->practice != to->practice) {
        code = qrt_fail(err, QRT_E_FORMAT,
                        "practice: a vault is for practice for all its life, "
                        "or never");
    } else {
        code = compare_people(changes, err);
    }
    if (code != QRT_OK) {
        *changes = (struct qrt_policy_changes){0};
        return code;
    }
    for (unsigned g = 0; g < QRT_GROUPS; g++) {
        changes->members[g] = !same_members(&from->groups[g], &to->groups[g]);
        changes->threshold[g] = from->groups[g].threshold != to->groups[g].threshold;
    }
    changes->cosignatures = from->cosignatures != to->cosignatures;
    changes->second_person = from->second_person != to->second_person;
    changes->rest = !same_rest(from, to);
    return QRT_OK;
}

bool qrt_policy_changes_group(const struct qrt_policy_changes *changes, enum qrt_group group)
{
    return changes->members[group] || changes->threshold[group];
}

bool qrt_policy_changes_anything(const struct qrt_policy_changes *changes)
{
    return changes->joined_len + changes->left_len + changes->changed_len > 0 ||
           qrt_policy_changes_group(changes, QRT_GROUP_PASSWORD) ||
           qrt_policy_changes_group(changes, QRT_GROUP_MFA) || changes->cosignatures ||
           changes->second_person || changes->rest;
}

void qrt_policy_tell_roles(struct qrt_buf *text, unsigned roles)
{
    const char *between = "";
    for (unsigned bit = 0; bit < QRT_ROLES; bit++) {
        if ((roles & 1U << bit) != 0) {
            qrt_buf_printf(text, "%s%s", between, qrt_role_name(1U << bit));
            between = ", ";
        }
    }
}

static void tell_name(struct qrt_buf *lines, const struct qrt_policy_person *person)
{
    qrt_text_escape(lines, person->name, strlen(person->name));
}

static void tell_person_change(struct qrt_buf *lines, const struct qrt_policy_person *before,
                               const struct qrt_policy_person *after)
{
    if (before->roles != after->roles) {
        qrt_buf_printf(lines, "people: %s is ", after->id);
        qrt_policy_tell_roles(lines, after->roles);
        qrt_buf_text(lines, " from now on (was ");
        qrt_policy_tell_roles(lines, before->roles);
        qrt_buf_text(lines, ")\n");
    }
    if (strcmp(before->name, after->name) != 0) {
        qrt_buf_printf(lines, "people: %s is named ", after->id);
        tell_name(lines, after);
        qrt_buf_text(lines, " (was ");
        tell_name(lines, before);
        qrt_buf_text(lines, "): make sure that it is the same person\n");
    }
    if (!same_text(before->site, after->site)) {
        qrt_buf_printf(lines, "people: %s is at %s (was %s)\n", after->id,
                       after->site != NULL ? after->site : "no site",
                       before->site != NULL ? before->site : "no site");
    }
}

static void tell_people(struct qrt_buf *lines, const struct qrt_policy_changes *changes)
{
    for (size_t i = 0; i < changes->joined_len; i++) {
        const struct qrt_policy_person *person = changes->joined[i];
        qrt_buf_printf(lines, "people: %s joins, ", person->id);
        qrt_policy_tell_roles(lines, person->roles);
        qrt_buf_text(lines, ": ");
        tell_name(lines, person);
        qrt_buf_text(lines, "\n");
    }
    for (size_t i = 0; i < changes->changed_len; i++) {
        tell_person_change(lines, qrt_policy_person(changes->from, changes->changed[i]->id),
                           changes->changed[i]);
    }
    for (size_t i = 0; i < changes->left_len; i++) {
        qrt_buf_printf(lines, "people: %s is no longer named: ", changes->left[i]->id);
        tell_name(lines, changes->left[i]);
        qrt_buf_text(lines, "\n");
    }
}

static void tell_group(struct qrt_buf *lines, const struct qrt_policy_changes *changes,
                       enum qrt_group g)
{
    const struct qrt_policy_group *from = &changes->from->groups[g];
    const struct qrt_policy_group *to = &changes->to->groups[g];
    for (unsigned i = 0; i < to->count; i++) {
        if (!is_member(from, to->custodians[i])) {
            qrt_buf_printf(lines, "groups.%s: %s comes in\n", qrt_group_name(g), to->custodians[i]);
        }
    }
    for (unsigned i = 0; i < from->count; i++) {
        if (!is_member(to, from->custodians[i])) {
            qrt_buf_printf(lines, "groups.%s: %s goes out\n", qrt_group_name(g),
                           from->custodians[i]);
        }
    }
    if (changes->threshold[g]) {
        qrt_buf_printf(lines, "groups.%s.threshold: %u (was %u)\n", qrt_group_name(g),
                       to->threshold, from->threshold);
    }
    if (from->accept_single_holder != to->accept_single_holder) {
        qrt_buf_printf(lines, "groups.%s.accept_single_holder: %s\n", qrt_group_name(g),
                       to->accept_single_holder ? "true" : "false");
    }
}

static const char *after_opening(const struct qrt_policy *policy)
{
    return policy->reissue_after_opening ? "reissue" : "reseal";
}

static void tell_rules(struct qrt_buf *lines, const struct qrt_policy *from,
                       const struct qrt_policy *to)
{
    if (from->cosignatures != to->cosignatures) {
        qrt_buf_printf(lines, "cosignatures: %u (was %u)\n", to->cosignatures, from->cosignatures);
    }
    if (from->second_person != to->second_person) {
        qrt_buf_printf(lines, "second_person: %s\n",
                       to->second_person ? "true: a session needs a second person's badge"
                                         : "false: one operator opens a session alone");
    }
    if (from->drill_days != to->drill_days) {
        qrt_buf_printf(lines, "drill_days: %u (was %u)\n", to->drill_days, from->drill_days);
    }
    if (from->reissue_after_opening != to->reissue_after_opening) {
        qrt_buf_printf(lines, "after_opening: %s (was %s)\n", after_opening(to),
                       after_opening(from));
    }
    if (strcmp(from->organization, to->organization) != 0) {
        qrt_buf_text(lines, "organization: ");
        qrt_text_escape(lines, to->organization, strlen(to->organization));
        qrt_buf_text(lines, "\n");
    }
}

/* Lists are named, and read in the file: what changed in them is not weighed here. */
static void tell_lists(struct qrt_buf *lines, const struct qrt_policy *from,
                       const struct qrt_policy *to)
{
    if (!same_sites(from, to)) {
        qrt_buf_printf(lines, "sites: others, %zu (were %zu)\n", to->sites_count,
                       from->sites_count);
    }
    if (!same_purposes(from, to)) {
        qrt_buf_printf(lines, "purposes: others, %zu (were %zu)\n", to->purposes_count,
                       from->purposes_count);
    }
    if (!same_exceptions(from, to)) {
        qrt_buf_text(lines, "machine_exceptions:");
        for (size_t i = 0; i < to->machine_exceptions_count; i++) {
            qrt_buf_printf(lines, " %s", to->machine_exceptions[i]);
        }
        qrt_buf_text(lines, to->machine_exceptions_count > 0 ? "\n" : " none\n");
    }
}

void qrt_policy_tell_changes(struct qrt_buf *lines, const struct qrt_policy_changes *changes)
{
    tell_people(lines, changes);
    for (unsigned g = 0; g < QRT_GROUPS; g++) {
        tell_group(lines, changes, g);
    }
    tell_rules(lines, changes->from, changes->to);
    tell_lists(lines, changes->from, changes->to);
}
