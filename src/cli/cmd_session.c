#include "cli/cmd_session.h"

#include "ceremony/session/sitting.h"
#include "cli/say.h"
#include "cli/ui.h"
#include "vault/sitting.h"
#include <stdio.h>

#define GO_ON "go on; quorate session close ends the session."

enum act { ACT_OPEN, ACT_NOTE, ACT_MOVE, ACT_EXCEPT, ACT_CLOSE };

struct request {
    enum act act;
    const char *text;     /* of a note, or NULL */
    struct qrt_move move; /* of a move */
    const char *next;     /* what comes then */
};

static enum qrt_code do_it(struct qrt_vault *vault, const struct qrt_ui *ui,
                           const struct request *request, struct qrt_err *err)
{
    switch (request->act) {
    case ACT_OPEN:
        return qrt_sitting_open(vault, ui, err);
    case ACT_NOTE:
        return qrt_sitting_note(vault, ui, request->text, err);
    case ACT_MOVE:
        return qrt_sitting_move(vault, ui, &request->move, err);
    case ACT_EXCEPT:
        return qrt_sitting_except(vault, ui, err);
    default:
        return qrt_sitting_close(vault, ui, err);
    }
}

static enum qrt_code perform(const struct qrt_cli *cli, const struct request *request,
                             struct qrt_err *err)
{
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_performer_init(&performer, cli, NULL, 0, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK ||
        (code = do_it(&vault, performer.ui, request, err)) != QRT_OK) {
        return code;
    }
    qrt_performer_free(&performer);
    bool closed = request->act == ACT_CLOSE && !cli->json;
    if (closed) {
        puts("The session is closed.");
    } else if ((code = qrt_session_print(cli, &vault, err)) != QRT_OK || cli->json) {
        return code;
    }
    qrt_cli_say(stdout, "Next: %s\n", request->next);
    return qrt_cli_flush(err);
}

static enum qrt_code without_arguments(const struct qrt_cli *cli, int argc, char **argv,
                                       enum act act, const char *next, struct qrt_err *err)
{
    enum qrt_code code = qrt_cli_no_more_arguments(argc, argv, err);
    return code == QRT_OK ? perform(cli, &(struct request){.act = act, .next = next}, err) : code;
}

static enum qrt_code begin(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    return without_arguments(cli, argc, argv, ACT_OPEN,
                             "the commands of this sitting; quorate session close ends it.", err);
}

static enum qrt_code end(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    return without_arguments(
        cli, argc, argv, ACT_CLOSE,
        "quorate session minutes prints the minutes, quorate receipt print the receipts.", err);
}

static enum qrt_code except(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    return without_arguments(cli, argc, argv, ACT_EXCEPT, GO_ON, err);
}

static enum qrt_code note(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    struct request request = {.act = ACT_NOTE, .text = argv[1], .next = GO_ON};
    return argc <= 2 ? perform(cli, &request, err)
                     : qrt_fail(err, QRT_E_USAGE,
                                "session note takes one TEXT: put it between quotation marks");
}

static enum qrt_code move_person(struct qrt_cli *cli, int argc, char **argv,
                                 enum qrt_event_id event, struct qrt_err *err)
{
    struct request request = {
        .act = ACT_MOVE, .move = {.event = event, .person = argv[1]}, .next = GO_ON};
    enum qrt_code code = qrt_cli_no_more_options(argc, argv, err);
    if (code != QRT_OK) {
        return code;
    }
    return argc == 2 ? perform(cli, &request, err)
                     : qrt_fail(err, QRT_E_USAGE, "session %s takes PERSON, an id", argv[0]);
}

static enum qrt_code leave(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    return move_person(cli, argc, argv, QRT_EV_PERSON_OUT, err);
}

static enum qrt_code come_back(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    return move_person(cli, argc, argv, QRT_EV_PERSON_BACK, err);
}

static enum qrt_code move_thing(struct qrt_cli *cli, int argc, char **argv, enum qrt_event_id event,
                                struct qrt_err *err)
{
    struct request request = {.act = ACT_MOVE, .move = {.event = event}, .next = GO_ON};
    enum qrt_code code = qrt_cli_option(&request.move.person, &argc, argv, "--person", err);
    if (code != QRT_OK) {
        return code;
    }
    if (argc != 2 || request.move.person == NULL) {
        return qrt_fail(err, QRT_E_USAGE, "session %s takes THING and --person ID", argv[0]);
    }
    request.move.thing = argv[1];
    return perform(cli, &request, err);
}

static enum qrt_code out(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    return move_thing(cli, argc, argv, QRT_EV_THING_OUT, err);
}

static enum qrt_code back(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    return move_thing(cli, argc, argv, QRT_EV_THING_BACK, err);
}

enum qrt_code qrt_cmd_session(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    static const struct qrt_verb verbs[] = {
        {"open", begin},       {"note", note},
        {"leave", leave},      {"return", come_back},
        {"out", out},          {"back", back},
        {"exception", except}, {"show", qrt_cmd_session_show},
        {"close", end},        {"minutes", qrt_cmd_session_minutes},
    };
    return qrt_cli_verb(cli, argc, argv, verbs, sizeof verbs / sizeof verbs[0], err);
}
