/* What the files of a drill's report share. */
#ifndef QRT_REPORT_DRILL_PARTS_H
#define QRT_REPORT_DRILL_PARTS_H

#include "report/flow.h"
#include "vault/drill.h"
#include "vault/vault.h"
#include <jansson.h>

/* What the log has of the drill and its session, and of what was proved and
 * looked at since the drill before it. */
struct qrt_drill_finding {
    const struct qrt_drill *drill;
    uint64_t since; /* of the drill before it, in this log … */
    uint64_t from;  /* … and of this one: the intents */
    bool ended;     /* the session, or another ceremony began */
    json_t *texts;  /* what was not as it should be */
    json_t *proved; /* rows, of cards */
    json_t *seals;  /* rows */
    char operator_id[QRT_ID_CHARS + 1];
    int64_t until; /* the outcome's index, in this log; QRT_NEVER without one */
    bool failed;   /* for want of memory */
};

void qrt_drill_finding_free(struct qrt_drill_finding *finding);
#define QRT_DRILL_FINDING __attribute__((cleanup(qrt_drill_finding_free))) struct qrt_drill_finding

/* Reads the log for it. QRT_E_NOMEM, QRT_E_IO. */
enum qrt_code qrt_drill_find(struct qrt_drill_finding *finding, struct qrt_vault *vault,
                             const struct qrt_drill *drill, struct qrt_err *err) QRT_MUST_USE;

/* Of a member of the report: "" or 0 where there is none. */
const char *qrt_drill_text(const json_t *at, const char *key);
long long qrt_drill_number(const json_t *at, const char *key);

/* The sheet's tables, each under its heading. */
void qrt_drill_table_graded(struct flow *flow, const json_t *report);
void qrt_drill_table_proved(struct flow *flow, const json_t *report);
void qrt_drill_table_seals(struct flow *flow, const json_t *report);
void qrt_drill_table_findings(struct flow *flow, const json_t *report);
void qrt_drill_table_actions(struct flow *flow, const json_t *report);
void qrt_drill_table_coverage(struct flow *flow, const json_t *report);

#endif
