#include "log/commit_build.h"

#include "base/clock.h"
#include <stdlib.h>
#include <string.h>

void qrt_building_free(struct qrt_building *building)
{
    for (size_t i = 0; building->texts != NULL && i < building->texts_len; i++) {
        qrt_buf_free(&building->texts[i]);
    }
    free(building->texts);
    free(building->entries);
    qrt_buf_free(&building->checkpoint);
    qrt_buf_free(&building->cosignatures);
    qrt_record_free(&building->record);
}

static enum qrt_code build_entry(struct qrt_building *building, const struct qrt_draft *draft,
                                 int64_t now_unix_s, struct qrt_err *err)
{
    struct qrt_log *log = building->log;
    size_t i = building->record.entries_len;
    uint8_t salt[QRT_ENTRY_SALT_BYTES];
    uint8_t leaf[QRT_HASH_BYTES];
    struct qrt_place place = {.origin = log->origin,
                              .index = building->frontier.size,
                              .epoch = log->head.epochs,
                              .time_unix_s = now_unix_s};
    qrt_random(salt, sizeof salt);
    struct qrt_buf *text = &building->texts[i];
    enum qrt_code code = qrt_entry_encode(text, draft, &place, salt, err);
    if (code == QRT_OK) {
        code = qrt_entry_parse(&building->entries[i], qrt_buf_str(text), text->len_bytes, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    building->record.entries[i] = (struct qrt_span){qrt_buf_str(text), text->len_bytes};
    building->record.entries_len++;
    qrt_tree_leaf(leaf, text->data, text->len_bytes);
    qrt_frontier_add(&building->frontier, leaf);
    return QRT_OK;
}

/* The last entry of an epoch announces the key of the next; it is drawn here. */
static enum qrt_code build_next_key(struct qrt_building *building, const char *actor,
                                    int64_t now_unix_s, struct qrt_err *err)
{
    struct qrt_log *log = building->log;
    struct qrt_vkey vkey;
    char text[QRT_VKEY_MAX_CHARS + 1];
    qrt_keystate_draw_next(&log->key);
    enum qrt_code code =
        qrt_vkey_make(&vkey, log->origin, QRT_KEY_TYPE_LOG, log->key.next_public, err);
    if (code != QRT_OK) {
        return code;
    }
    qrt_vkey_format(text, &vkey);
    struct qrt_draft draft = {0};
    qrt_draft_start(&draft, QRT_EV_CHECKPOINT_KEY, actor);
    qrt_draft_text(&draft, "next-key", text);
    code = build_entry(building, &draft, now_unix_s, err);
    qrt_draft_free(&draft);
    return code;
}

static enum qrt_code build_cosignatures(struct qrt_building *building,
                                        const struct qrt_cosigner *cosigners, size_t cosigners_len,
                                        int64_t now_unix_s, struct qrt_err *err)
{
    struct qrt_buf *text = &building->checkpoint;
    struct qrt_checkpoint checkpoint = {.size = building->frontier.size};
    memcpy(checkpoint.origin, building->log->origin, sizeof checkpoint.origin);
    qrt_frontier_root(&building->frontier, checkpoint.root);
    qrt_checkpoint_format(text, &checkpoint);
    for (size_t i = 0; i < cosigners_len; i++) {
        struct qrt_vkey vkey;
        uint8_t cosignature[QRT_COSIGNATURE_BYTES];
        QRT_BUF name = {0};
        qrt_buf_printf(&name, "%s/%s", checkpoint.origin, cosigners[i].person);
        enum qrt_code code = qrt_vkey_make(&vkey, qrt_buf_str(&name), QRT_KEY_TYPE_COSIGN,
                                           qrt_sign_public(cosigners[i].sign_key), err);
        if (code != QRT_OK) {
            return code;
        }
        qrt_note_cosign(cosignature, qrt_buf_str(text), text->len_bytes, now_unix_s,
                        cosigners[i].sign_key);
        qrt_note_add_signature(&building->cosignatures, &vkey, cosignature, sizeof cosignature);
    }
    building->record.checkpoint = (struct qrt_span){qrt_buf_str(text), text->len_bytes};
    building->record.cosignatures =
        (struct qrt_span){qrt_buf_str(&building->cosignatures), building->cosignatures.len_bytes};
    return qrt_buf_check(text, err) == QRT_OK ? qrt_buf_check(&building->cosignatures, err)
                                              : QRT_E_NOMEM;
}

enum qrt_code qrt_commit_build(struct qrt_building *building, const struct qrt_draft *drafts,
                               size_t drafts_len, const struct qrt_cosigner *cosigners,
                               size_t cosigners_len, struct qrt_err *err)
{
    struct qrt_log *log = building->log;
    int64_t now = log->commit_unix_s != 0 ? log->commit_unix_s : qrt_clock_unix_s();
    building->frontier = log->frontier;
    building->record.epoch = log->head.epochs;
    building->texts_len = drafts_len + 1;
    building->texts = calloc(drafts_len + 1, sizeof *building->texts);
    building->entries = calloc(drafts_len + 1, sizeof *building->entries);
    building->record.entries = calloc(drafts_len + 1, sizeof *building->record.entries);
    if (building->texts == NULL || building->entries == NULL || building->record.entries == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "a commit of %zu entries", drafts_len);
    }
    enum qrt_code code = QRT_OK;
    for (size_t i = 0; code == QRT_OK && i < drafts_len; i++) {
        code = build_entry(building, &drafts[i], now, err);
    }
    if (code == QRT_OK) {
        code = build_next_key(building, cosigners[0].person, now, err);
    }
    return code == QRT_OK ? build_cosignatures(building, cosigners, cosigners_len, now, err) : code;
}
