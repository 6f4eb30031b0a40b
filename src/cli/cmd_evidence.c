#include "cli/cli.h"

#include "base/clock.h"
#include "base/text.h"
#include "ceremony/review/evidence.h"
#include "cli/say.h"
#include "cli/ui.h"
#include "log/entry_json.h"
#include "log/inspect.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct listing {
    const struct qrt_vault *vault;
    json_t *rows; /* NULL: as a table */
    size_t count;
};

/* What became of the copy. Of a folder that an opening saved, whose kind is
 * words and no id, only whether it is there. */
static const char *copy_state(const struct qrt_vault *vault, const char *kind, const char *hex)
{
    char folder[QRT_EVIDENCE_NAME_CHARS + 1];
    snprintf(folder, sizeof folder, "%s%s", QRT_EVIDENCE_PREFIX, hex);
    if (!qrt_text_is_id(kind)) {
        return faccessat(vault->log.dir_fd, folder, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ? "kept"
                                                                                    : "missing";
    }
    switch (qrt_evidence_check(folder, vault->log.dir_fd, NULL)) {
    case QRT_OK:
        return "kept";
    case QRT_E_TAMPERED:
        return "changed";
    default:
        return "missing";
    }
}

static const char *text_of(struct qrt_buf *out, const struct qrt_entry *entry, const char *key)
{
    QRT_BUF raw = {0};
    (void)qrt_entry_text(entry, key, &raw);
    qrt_text_escape(out, qrt_buf_str(&raw), raw.len_bytes);
    return qrt_buf_str(out);
}

static json_t *row_json(const struct qrt_entry *entry, const char *hex, const char *copy)
{
    json_t *said = qrt_entry_json(entry);
    json_t *values = json_object_get(said, "values");
    json_t *row =
        json_pack("{s:O, s:O, s:O, s:O, s:O*, s:s, s:s}", "index", json_object_get(said, "index"),
                  "time", json_object_get(said, "time"), "actor", json_object_get(said, "actor"),
                  "kind", json_object_get(values, "kind"), "note", json_object_get(values, "note"),
                  "digest", hex, "copy", copy);
    json_decref(said);
    return row;
}

static bool add(void *ctx, const struct qrt_entry *entry)
{
    struct listing *listing = ctx;
    struct qrt_span note;
    char hex[2 * QRT_HASH_BYTES + 1] = "";
    char time[QRT_TIME_CHARS + 1];
    if (entry->event->id != QRT_EV_EVIDENCE_ATTACHED || !qrt_entry_get(entry, "evidence", &note) ||
        !qrt_span_copy(hex, sizeof hex, note)) {
        return true;
    }
    QRT_BUF kind = {0};
    QRT_BUF words = {0};
    bool noted = qrt_entry_get(entry, "note", &note);
    (void)text_of(&kind, entry, "kind");
    const char *copy = copy_state(listing->vault, qrt_buf_str(&kind), hex);
    qrt_clock_format(time, entry->time_unix_s);
    listing->count++;
    if (listing->rows == NULL) {
        printf("%.10s  %-7s  %s%s%s\n    %s\n", time, copy, qrt_buf_str(&kind), noted ? ": " : "",
               text_of(&words, entry, "note"), hex);
        return true;
    }
    return json_array_append_new(listing->rows, row_json(entry, hex, copy)) == 0;
}

static enum qrt_code list(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_VAULT vault = {0};
    enum qrt_code code = qrt_cli_no_more_arguments(argc, argv, err);
    if (code == QRT_OK) {
        code = qrt_cli_open_vault(&vault, cli, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    struct listing listing = {.vault = &vault, .rows = cli->json ? json_array() : NULL};
    code = qrt_log_each_entry(&vault.log, add, &listing, err);
    if (code != QRT_OK || cli->json) {
        json_t *all = json_pack("{s:o}", "evidence", listing.rows);
        if (code == QRT_OK) {
            return qrt_cli_print_json(all, err);
        }
        json_decref(all);
        return code;
    }
    if (listing.count == 0) {
        qrt_cli_say(stdout,
                    "Nothing is attached.\nNext: quorate evidence attach FILE --kind cloudtrail\n");
    }
    return qrt_cli_flush(err);
}

static enum qrt_code attach(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    struct qrt_evidence_request request = {0};
    uint8_t digest[QRT_HASH_BYTES];
    char hex[2 * QRT_HASH_BYTES + 1];
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    enum qrt_code code;
    if ((code = qrt_cli_option(&request.kind, &argc, argv, "--kind", err)) != QRT_OK ||
        (code = qrt_cli_option(&request.note, &argc, argv, "--note", err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (argc != 2 || request.kind == NULL) {
        return qrt_fail(err, QRT_E_USAGE, "evidence attach takes FILE and --kind WORD");
    }
    request.path = argv[1];
    if ((code = qrt_performer_init(&performer, cli, NULL, 0, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK ||
        (code = qrt_evidence_attach(digest, &vault, &request, performer.ui, err)) != QRT_OK) {
        return code;
    }
    qrt_performer_free(&performer);
    qrt_text_hex(hex, digest, sizeof digest);
    if (cli->json) {
        return qrt_cli_print_json(json_pack("{s:s, s:s}", "kind", request.kind, "digest", hex),
                                  err);
    }
    qrt_cli_say(stdout,
                "Attached: %s, SHA-256\n%s\nA copy lies in the vault's folder.\n"
                "Next: quorate evidence list\n",
                request.kind, hex);
    return qrt_cli_flush(err);
}

enum qrt_code qrt_cmd_evidence(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    static const struct qrt_verb verbs[] = {{"attach", attach}, {"list", list}};
    enum qrt_code code = qrt_cli_vault(cli, err);
    return code == QRT_OK
               ? qrt_cli_verb(cli, argc, argv, verbs, sizeof verbs / sizeof verbs[0], err)
               : code;
}
