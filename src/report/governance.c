#include "report/governance.h"

#include "audit/coalition.h"
#include "audit/hours.h"
#include "audit/loss.h"
#include "audit/separation.h"
#include "base/text.h"
#include "report/status.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORMAT    "quorate/governance/v1"
#define APART_MAX 256

static json_t *kind_json(const struct qrt_members *kind, unsigned any,
                         const struct qrt_facts *facts, bool sites)
{
    json_t *of = json_array();
    for (size_t m = qrt_members_next(kind, 0); m < QRT_MEMBERS_MAX;
         m = qrt_members_next(kind, m + 1)) {
        json_array_append_new(of, json_string(sites ? facts->sites[m] : facts->people[m].id));
    }
    return json_pack("{s:I, s:o}", "any", (json_int_t)any, "of", of);
}

/* {"of","sets","complete_to"?}: complete_to where not all sets were found. */
static json_t *answer_json(const char *of, const struct qrt_minimal *found,
                           const struct qrt_facts *facts, bool sites)
{
    json_t *sets = json_array();
    for (size_t i = 0; i < found->sets_len; i++) {
        json_t *set = json_array();
        for (size_t k = 0; k < found->kinds_len; k++) {
            if (found->sets[i].of_kind[k] > 0) {
                json_array_append_new(
                    set, kind_json(&found->kinds[k], found->sets[i].of_kind[k], facts, sites));
            }
        }
        json_array_append_new(sets, set);
    }
    json_t *answer = json_pack("{s:s, s:o}", "of", of, "sets", sets);
    if (!found->all) {
        json_object_set_new(answer, "complete_to", json_integer((json_int_t)found->complete));
    }
    return answer;
}

static json_t *loss_json(struct qrt_minimal *found, const struct qrt_facts *facts, bool sites)
{
    json_t *answers = json_array();
    for (unsigned groups = 1; groups <= QRT_LOSS_OF_EITHER; groups++) {
        if (sites) {
            qrt_loss_of_sites(found, facts, groups, QRT_MEMBERS_MAX);
        } else {
            qrt_loss_of_people(found, facts, groups, QRT_MEMBERS_MAX);
        }
        const char *of = groups == QRT_LOSS_OF_EITHER ? "either" : qrt_group_name(groups - 1);
        json_array_append_new(answers, answer_json(of, found, facts, sites));
    }
    return answers;
}

static json_t *takeover_json(struct qrt_minimal *found, const struct qrt_facts *facts)
{
    json_t *answers = json_array();
    for (unsigned takeover = 0; takeover < QRT_TAKEOVERS; takeover++) {
        qrt_takeover_find(found, facts, takeover, QRT_MEMBERS_MAX);
        json_array_append_new(answers,
                              answer_json(qrt_takeover_name(takeover), found, facts, false));
    }
    return answers;
}

static json_t *groups_json(const struct qrt_facts *facts)
{
    json_t *groups = json_array();
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        json_array_append_new(groups,
                              json_pack("{s:s, s:I, s:I, s:I, s:b}", "group", qrt_group_name(group),
                                        "threshold", (json_int_t)facts->threshold[group], "cards",
                                        (json_int_t)qrt_fact_cards_live(facts, group), "there",
                                        (json_int_t)qrt_fact_cards_there(facts, group),
                                        "none_to_spare", qrt_loss_none_to_spare(facts, group)));
    }
    return groups;
}

static json_t *apart_json(const struct qrt_apart *apart, const struct qrt_facts *facts)
{
    static const char *const rules[] = {"both-groups", "safe-of-both-groups", "channel-beside-card",
                                        "mailbox-and-phone", "combinations-of-both-groups"};
    json_t *people = json_array();
    if (apart->person != QRT_NOWHERE) {
        json_array_append_new(people, json_string(facts->people[apart->person].id));
    }
    if (apart->other != QRT_NOWHERE && apart->other != apart->person) {
        json_array_append_new(people, json_string(facts->people[apart->other].id));
    }
    return json_pack("{s:s, s:o, s:s*, s:s*}", "rule", rules[apart->rule], "people", people, "safe",
                     apart->safe == QRT_NOWHERE ? NULL : facts->safes[apart->safe].name, "channel",
                     apart->channel == QRT_NOWHERE ? NULL : facts->channels[apart->channel].name);
}

static enum qrt_code separation_json(json_t **out, const struct qrt_facts *facts,
                                     struct qrt_err *err)
{
    struct qrt_apart apart[APART_MAX];
    size_t len;
    enum qrt_code code = qrt_separation_find(apart, &len, APART_MAX, facts, err);
    if (code == QRT_OK) {
        *out = json_array();
        for (size_t i = 0; i < len; i++) {
            json_array_append_new(*out, apart_json(&apart[i], facts));
        }
    }
    return code;
}

/* "mon 08:15"; the end of the week is "sun 24:00". */
static void slot_words(char out[static 16], size_t slot, bool end)
{
    static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    size_t min = slot * QRT_SLOT_MIN;
    size_t day = (min - (end ? 1 : 0)) / QRT_DAY_MIN;
    min -= day * QRT_DAY_MIN;
    snprintf(out, 16, "%s %02u:%02u", days[day % 7], (unsigned)(min / 60 % 100),
             (unsigned)(min % 60));
}

static json_t *hours_json(const struct qrt_facts *facts)
{
    json_t *groups = json_array();
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        uint64_t week[QRT_WEEK_WORDS];
        json_t *stretches = json_array();
        json_t *unknown = json_array();
        size_t slot = 0;
        size_t from;
        size_t to;
        qrt_hours_without(week, facts, group);
        while (qrt_week_stretch(week, &slot, &from, &to)) {
            char begins[16];
            char ends[16];
            slot_words(begins, from, false);
            slot_words(ends, to, true);
            json_array_append_new(stretches, json_pack("{s:s, s:s}", "from", begins, "to", ends));
        }
        for (size_t i = 0; i < facts->cards_len; i++) {
            const struct qrt_fact_person *person = &facts->people[facts->cards[i].custodian];
            if (facts->cards[i].group == group && !person->rostered && !person->gone) {
                json_array_append_new(unknown, json_string(person->id));
            }
        }
        json_array_append_new(groups,
                              json_pack("{s:s, s:o, s:o}", "group", qrt_group_name(group),
                                        "without_quorum_utc", stretches, "not_on_roster", unknown));
    }
    return groups;
}

static enum qrt_code assemble(json_t **report, const struct qrt_vault *vault,
                              const struct qrt_facts *facts, const struct qrt_status *status,
                              int64_t now_unix_s, struct qrt_err *err)
{
    char root[2 * QRT_HASH_BYTES + 1];
    json_t *separation = NULL;
    struct qrt_minimal *found = calloc(1, sizeof *found);
    if (found == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "a report");
    }
    enum qrt_code code = separation_json(&separation, facts, err);
    if (code == QRT_OK) {
        qrt_text_hex(root, vault->log.head.root, QRT_HASH_BYTES);
        json_t *people = loss_json(found, facts, false);
        json_t *sites = loss_json(found, facts, true);
        *report = json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "format", FORMAT,
                            "root", root, "groups", groups_json(facts), "separation", separation,
                            "loss_of_people", people, "loss_of_sites", sites, "takeover",
                            takeover_json(found, facts), "hours", hours_json(facts), "status",
                            qrt_status_json(status, vault, now_unix_s));
        code = *report == NULL ? qrt_fail(err, QRT_E_NOMEM, "a report") : QRT_OK;
    }
    free(found);
    return code;
}

enum qrt_code qrt_governance_report(json_t **report, const struct qrt_vault *vault,
                                    int64_t now_unix_s, struct qrt_err *err)
{
    QRT_GATHERED gathered = {0};
    QRT_STATUS status = {0};
    *report = NULL;
    enum qrt_code code = qrt_facts_gather(&gathered, &vault->state, &vault->policy, err);
    if (code == QRT_OK) {
        code = qrt_status_judge(&status, vault, now_unix_s, err);
    }
    return code == QRT_OK ? assemble(report, vault, &gathered.facts, &status, now_unix_s, err)
                          : code;
}

void qrt_governance_words(struct qrt_buf *out, const json_t *set)
{
    size_t i;
    const json_t *part;
    json_array_foreach(set, i, part)
    {
        const json_t *of = json_object_get(part, "of");
        json_int_t any = json_integer_value(json_object_get(part, "any"));
        size_t n;
        const json_t *name;
        qrt_buf_text(out, i == 0 ? "" : "; ");
        if ((size_t)any < json_array_size(of)) {
            qrt_buf_printf(out, "any %lld of ", (long long)any);
        }
        json_array_foreach(of, n, name)
        {
            qrt_buf_printf(out, "%s%s", n == 0 ? "" : ", ", json_string_value(name));
        }
    }
    qrt_buf_text(out, json_array_size(set) == 0 ? "nobody's: too few cards are there already" : "");
}
