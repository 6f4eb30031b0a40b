#include "ceremony/bags/bag_ask.h"

#include "base/text.h"
#include "ceremony/session/session_parts.h"
#include "vault/bag.h"
#include <stdio.h>
#include <string.h>

enum qrt_code qrt_bag_check_new(const struct qrt_vault *vault, const char *number,
                                struct qrt_err *err)
{
    if (!qrt_bag_number_is(number)) {
        return qrt_fail(err, QRT_E_USAGE,
                        "bag: not 1 to %d letters and digits, with space, dot, dash or slash "
                        "between them",
                        QRT_BAG_BYTES - 1);
    }
    return qrt_state_bag(&vault->state, number) == NULL
               ? QRT_OK
               : qrt_fail(err, QRT_E_USAGE,
                          "bag: one of that number was sealed before; a bag serves once");
}

/* A person's answer; *line is cleared first. */
static enum qrt_code ask(struct qrt_buf *line, const struct qrt_ui *ui, const char *words,
                         bool optional, struct qrt_err *err)
{
    struct qrt_question question = {.key = "bag", .words = words, .optional = optional};
    qrt_buf_free(line);
    return ui->ask_line(ui->ctx, line, &question, err);
}

enum qrt_code qrt_bag_ask_number(struct qrt_buf *number, const struct qrt_vault *vault,
                                 const struct qrt_ui *ui, const char *words, struct qrt_err *err)
{
    for (;;) {
        QRT_BUF again = {0};
        enum qrt_code code = ask(number, ui, words, true, err);
        if (code == QRT_E_NOT_FOUND) {
            return code;
        }
        if (code == QRT_OK) {
            code = qrt_bag_check_new(vault, qrt_buf_str(number), err);
        }
        if (code == QRT_OK) {
            code = ask(&again, ui, "The same number again, read by somebody else", false, err);
        }
        if (code == QRT_OK && !qrt_bag_number_same(qrt_buf_str(number), qrt_buf_str(&again))) {
            code = qrt_fail(err, QRT_E_USAGE, "the two numbers are not the same");
        }
        if (code == QRT_OK || !qrt_ui_again(ui, code, err)) {
            return code;
        }
    }
}

static bool has_safe(const struct qrt_policy_site *site, const char *safe)
{
    for (size_t i = 0; i < site->safes_count; i++) {
        if (strcmp(site->safes[i], safe) == 0) {
            return true;
        }
    }
    return site->safes_count == 0;
}

bool qrt_bag_place_is_known(const struct qrt_policy *policy, const char *site, const char *safe,
                            char why[static 128], bool *safe_is_wrong)
{
    const struct qrt_policy_site *known = qrt_policy_site(policy, site);
    *safe_is_wrong = known != NULL;
    if (policy->sites_count > 0 && known == NULL) {
        snprintf(why, 128, "the policy names no site %s", site);
        return false;
    }
    if (known != NULL && !has_safe(known, safe)) {
        snprintf(why, 128, "the policy names no safe %s at %s", safe, site);
        return false;
    }
    return true;
}

enum qrt_code qrt_bag_check_place(const struct qrt_policy *policy, const char *site,
                                  const char *safe, struct qrt_err *err)
{
    if (!qrt_text_is_id(site) || !qrt_text_is_id(safe)) {
        return qrt_fail(err, QRT_E_USAGE,
                        "%s: small letters, digits, and . _ - between them, at most %d",
                        qrt_text_is_id(site) ? "--safe" : "--site", QRT_ID_CHARS);
    }
    char why[128];
    bool safe_is_wrong;
    return qrt_bag_place_is_known(policy, site, safe, why, &safe_is_wrong)
               ? QRT_OK
               : qrt_fail(err, QRT_E_USAGE, "%s: %s", safe_is_wrong ? "--safe" : "--site", why);
}

static enum qrt_code ask_id(char out[static QRT_ID_CHARS + 1], const struct qrt_ui *ui,
                            const char *words, struct qrt_err *err)
{
    for (;;) {
        QRT_BUF id = {0};
        enum qrt_code code = ask(&id, ui, words, false, err);
        if (code == QRT_OK && qrt_text_is_id(qrt_buf_str(&id))) {
            memcpy(out, qrt_buf_str(&id), id.len_bytes + 1);
            return QRT_OK;
        }
        if (code == QRT_OK) {
            code =
                qrt_fail(err, QRT_E_USAGE,
                         "small letters, digits, and . _ - between them, at most %d", QRT_ID_CHARS);
        }
        if (!qrt_ui_again(ui, code, err)) {
            return code;
        }
    }
}

static enum qrt_code choose_place(struct qrt_bag_place *place, const struct qrt_ui *ui,
                                  const struct qrt_policy *policy, struct qrt_err *err)
{
    const char *sites[QRT_POLICY_SITES_MAX];
    size_t at = 0;
    enum qrt_code code;
    for (size_t i = 0; i < policy->sites_count; i++) {
        sites[i] = policy->sites[i].id;
    }
    if (policy->sites_count == 0) {
        code =
            ask_id(place->site, ui, "At which site will it lie: a short name, such as site-1", err);
        return code == QRT_OK ? ask_id(place->safe, ui, "In which safe: a short name", err) : code;
    }
    code = ui->choose(ui->ctx, &at, "At which site will it lie: a number", sites,
                      policy->sites_count, err);
    if (code != QRT_OK) {
        return code;
    }
    const struct qrt_policy_site *chosen = &policy->sites[at];
    at = 0;
    snprintf(place->site, sizeof place->site, "%s", chosen->id);
    if (chosen->safes_count > 1) {
        code = ui->choose(ui->ctx, &at, "In which safe: a number", chosen->safes,
                          chosen->safes_count, err);
    }
    if (code == QRT_OK && chosen->safes_count > 0) {
        snprintf(place->safe, sizeof place->safe, "%s", chosen->safes[at]);
        return QRT_OK;
    }
    return code == QRT_OK ? ask_id(place->safe, ui, "In which safe: a short name", err) : code;
}

enum qrt_code qrt_bag_ask_place(struct qrt_bag_place *place, const struct qrt_session *session,
                                const struct qrt_policy *policy,
                                const struct qrt_bag_content *content, struct qrt_err *err)
{
    const struct qrt_ui *ui = session->ui;
    for (;;) {
        QRT_BUF why = {0};
        QRT_BUF line = {0};
        bool yes = false;
        *place = (struct qrt_bag_place){0};
        enum qrt_code code = choose_place(place, ui, policy, err);
        if (code != QRT_OK ||
            !qrt_overlap_find(&why, &session->vault->state, place->site, place->safe, content)) {
            return code;
        }
        qrt_buf_printf(&line, "These are to be kept apart: %s.", qrt_buf_str(&why));
        ui->tell(ui->ctx, qrt_buf_str(&line));
        code = ui->confirm(ui->ctx, &yes,
                           "Is it put there all the same, and the log says so? No: another place",
                           err);
        if (code != QRT_OK || yes) {
            snprintf(place->overlap, sizeof place->overlap, "%s", qrt_buf_str(&why));
            return code;
        }
    }
}

void qrt_bag_draft_overlap(struct qrt_session *session, const struct qrt_bag_place *place)
{
    if (place->overlap[0] != '\0') {
        qrt_session_draft_exception(session, "bag", "what is kept apart lies in no one safe",
                                    place->overlap, "it is put there all the same");
    }
}
