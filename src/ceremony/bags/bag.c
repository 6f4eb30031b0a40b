#include "ceremony/bags/bag.h"

#include "base/text.h"
#include "ceremony/bags/bag_ask.h"
#include "ceremony/session/witnesses.h"
#include "vault/bag.h"
#include "vault/sitting.h"
#include <stdio.h>
#include <string.h>

static void page(const struct qrt_vault *vault, const struct qrt_ui *ui, unsigned step,
                 const char *title, const char *who, const char *what, const char *wrong)
{
    qrt_session_page(vault, ui,
                     (struct qrt_page){.ceremony = "Bags",
                                       .step = step,
                                       .title = title,
                                       .who = who,
                                       .what = what,
                                       .wrong = wrong});
}

static enum qrt_code begin(struct qrt_session *session, struct qrt_vault *vault,
                           const struct qrt_ui *ui, struct qrt_err *err)
{
    page(vault, ui, 1, "the session", "The operator.",
         "The operator's badge opens the log, and everyone in the room is named.", NULL);
    return qrt_session_begin(session, vault, ui, err);
}

static enum qrt_code end(struct qrt_session *session, const char *ceremony, struct qrt_err *err)
{
    page(session->vault, session->ui, 3, "the close", "The operator.",
         "Whoever has a badge may sign the log.", NULL);
    return qrt_session_close(session, ceremony, "done", err);
}

static enum qrt_code check_content(const struct qrt_vault *vault,
                                   const struct qrt_bag_content *content, struct qrt_err *err)
{
    const struct qrt_state *state = &vault->state;
    if ((content->serial != 0) == (content->account != NULL)) {
        return qrt_fail(err, QRT_E_USAGE, "bag seal takes --card or --account, and one of them");
    }
    if (content->account != NULL) {
        return qrt_state_account(state, content->account) != NULL
                   ? QRT_OK
                   : qrt_fail(err, QRT_E_USAGE, "--account: the vault has none of that id");
    }
    const struct qrt_card_row *card = qrt_state_card(state, content->serial);
    if (card == NULL) {
        return qrt_fail(err, QRT_E_USAGE, "card %u: the vault has none of that serial",
                        content->serial);
    }
    return card->issued != QRT_NEVER && card->voided == QRT_NEVER && card->destroyed == QRT_NEVER
               ? QRT_OK
               : qrt_fail(err, QRT_E_USAGE, "card %u: it is %s, and goes into no bag",
                          content->serial, qrt_card_state_word(state, card));
}

/* A place that the command line names. */
static enum qrt_code take_place(struct qrt_bag_place *place, const struct qrt_vault *vault,
                                const struct qrt_bag_request *request,
                                const struct qrt_bag_content *content, struct qrt_err *err)
{
    QRT_BUF why = {0};
    enum qrt_code code = qrt_bag_check_place(&vault->policy, request->site, request->safe, err);
    if (code != QRT_OK) {
        return code;
    }
    *place = (struct qrt_bag_place){0};
    snprintf(place->site, sizeof place->site, "%s", request->site);
    snprintf(place->safe, sizeof place->safe, "%s", request->safe);
    if (!qrt_overlap_find(&why, &vault->state, place->site, place->safe, content)) {
        return QRT_OK;
    }
    if (!request->accept_overlap) {
        return qrt_fail(err, QRT_E_USAGE, "--safe: to be kept apart: %s", qrt_buf_str(&why));
    }
    snprintf(place->overlap, sizeof place->overlap, "%s", qrt_buf_str(&why));
    return QRT_OK;
}

/* What the command line does not have, only a person can say. */
static enum qrt_code check_whole(const struct qrt_bag_request *request, const struct qrt_ui *ui,
                                 struct qrt_err *err)
{
    if ((request->site == NULL) != (request->safe == NULL)) {
        return qrt_fail(err, QRT_E_USAGE, "bag: --site and --safe go together");
    }
    return ui->person || (request->number != NULL && request->site != NULL)
               ? QRT_OK
               : qrt_fail(err, QRT_E_USAGE, "bag takes BAG, --site and --safe");
}

static enum qrt_code check_seal(struct qrt_bag_place *place, const struct qrt_vault *vault,
                                const struct qrt_bag_request *request, const struct qrt_ui *ui,
                                struct qrt_err *err)
{
    enum qrt_code code = check_whole(request, ui, err);
    if (code == QRT_OK) {
        code = check_content(vault, &request->content, err);
    }
    if (code == QRT_OK && request->number != NULL) {
        code = qrt_bag_check_new(vault, request->number, err);
    }
    if (code == QRT_OK && request->site != NULL) {
        code = take_place(place, vault, request, &request->content, err);
    }
    return code == QRT_OK
               ? qrt_witnesses_check(vault, request->witnesses, request->witnesses_len, err)
               : code;
}

static enum qrt_code draft_seal(struct qrt_session *session, const char *number,
                                const struct qrt_bag_place *place,
                                const struct qrt_bag_request *request, struct qrt_err *err)
{
    struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_BAG_SEALED);
    qrt_draft_text(draft, "bag", number);
    if (request->content.serial != 0) {
        qrt_draft_u64(draft, "serial", request->content.serial);
    }
    qrt_draft_text(draft, "account", request->content.account);
    qrt_draft_text(draft, "site", place->site);
    qrt_draft_text(draft, "safe", place->safe);
    enum qrt_code code =
        qrt_witnesses_draft(draft, session, request->witnesses, request->witnesses_len, err);
    qrt_bag_draft_overlap(session, place);
    return code;
}

enum qrt_code qrt_bag_seal(struct qrt_vault *vault, const struct qrt_bag_request *request,
                           const struct qrt_ui *ui, struct qrt_err *err)
{
    QRT_SESSION session = {0};
    QRT_BUF number = {0};
    struct qrt_bag_place place = {0};
    enum qrt_code code = check_seal(&place, vault, request, ui, err);
    if (code != QRT_OK || (code = begin(&session, vault, ui, err)) != QRT_OK) {
        return code;
    }
    page(vault, ui, 2, "the new bag", "The holder closes the bag; somebody else watches.",
         "The card, or the device, goes into a new bag, and the bag is closed before all. The "
         "label of the old bag goes on the new one, or is written anew.",
         "A bag that is torn or does not close: take another one, and destroy it. An old bag is "
         "never closed again.");
    if (request->number != NULL) {
        qrt_buf_text(&number, request->number);
    } else {
        code = qrt_bag_ask_number(&number, vault, ui, "The number that is printed on the new bag",
                                  err);
        if (code == QRT_E_NOT_FOUND) {
            code = qrt_fail(err, QRT_E_FAILED, "bags: nothing was changed");
        }
    }
    if (code == QRT_OK && request->site == NULL) {
        code = qrt_bag_ask_place(&place, &session, &vault->policy, &request->content, err);
    }
    /* Looked at again: a commit in flight may have been completed. */
    if (code != QRT_OK || (code = check_content(vault, &request->content, err)) != QRT_OK ||
        (code = qrt_bag_check_new(vault, qrt_buf_str(&number), err)) != QRT_OK ||
        (code = draft_seal(&session, qrt_buf_str(&number), &place, request, err)) != QRT_OK) {
        return code;
    }
    return end(&session, "bag-seal", err);
}

static enum qrt_code find_bag(const struct qrt_bag **bag, struct qrt_bag_content *content,
                              const struct qrt_vault *vault, const char *number,
                              struct qrt_err *err)
{
    *bag = qrt_bag_number_is(number) ? qrt_state_bag(&vault->state, number) : NULL;
    if (*bag == NULL) {
        return qrt_fail(err, QRT_E_USAGE, "bag: none of that number is on record");
    }
    if (!qrt_state_bag_is_last(&vault->state, *bag)) {
        return qrt_fail(err, QRT_E_USAGE, "bag %s: what was in it lies in another since",
                        (*bag)->bag);
    }
    *content =
        (struct qrt_bag_content){.serial = (uint32_t)(*bag)->serial,
                                 .account = (*bag)->account[0] != '\0' ? (*bag)->account : NULL};
    return QRT_OK;
}

/* A bag that was taken out of the session, and lies in a safe, is accounted for. */
static void draft_back(struct qrt_session *session, const struct qrt_bag *bag)
{
    const struct qrt_state *state = &session->vault->state;
    const struct qrt_presence *outside = qrt_state_bag_outside(state, bag);
    if (outside == NULL) {
        return;
    }
    const struct qrt_person *carrier = qrt_state_person(state, outside->person);
    struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_THING_BACK);
    qrt_draft_text(draft, "thing", outside->name);
    qrt_draft_text(draft, "person",
                   carrier->gone == QRT_NEVER ? carrier->id : session->badges[0].person);
}

enum qrt_code qrt_bag_move(struct qrt_vault *vault, const struct qrt_bag_request *request,
                           const struct qrt_ui *ui, struct qrt_err *err)
{
    QRT_SESSION session = {0};
    struct qrt_bag_place place = {0};
    struct qrt_bag_content content;
    const struct qrt_bag *bag;
    enum qrt_code code = check_whole(request, ui, err);
    if (code == QRT_OK) {
        code = find_bag(&bag, &content, vault, request->number, err);
    }
    if (code == QRT_OK && request->site != NULL) {
        code = take_place(&place, vault, request, &content, err);
    }
    if (code != QRT_OK || (code = begin(&session, vault, ui, err)) != QRT_OK) {
        return code;
    }
    page(vault, ui, 2, "the new place", "Whoever carried the bag.",
         "The bag lies in another safe. Its seal is looked at, and is whole.",
         "A seal that is not whole is entered by `quorate seal check` first.");
    /* Looked at again: a commit in flight may have been completed. */
    code = find_bag(&bag, &content, vault, request->number, err);
    if (code == QRT_OK && request->site == NULL) {
        code = qrt_bag_ask_place(&place, &session, &vault->policy, &content, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    draft_back(&session, bag);
    struct qrt_draft *draft = qrt_session_draft(&session, QRT_EV_BAG_MOVED);
    qrt_draft_text(draft, "bag", bag->bag);
    qrt_draft_text(draft, "site", place.site);
    qrt_draft_text(draft, "safe", place.safe);
    qrt_bag_draft_overlap(&session, &place);
    return end(&session, "bag-move", err);
}
