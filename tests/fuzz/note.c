/* A note that is read is written back to the same bytes, and so is the
 * checkpoint in it. */
#include "fuzz.h"

#include "log/note.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len_bytes)
{
    struct qrt_note note;
    struct qrt_err err;
    if (qrt_note_parse(&note, (const char *)data, len_bytes, &err) != QRT_OK) {
        return 0;
    }
    QRT_BUF again = {0};
    qrt_buf_add(&again, note.text, note.text_len_bytes);
    qrt_buf_text(&again, "\n");
    for (size_t i = 0; i < note.signatures_len; i++) {
        const struct qrt_note_signature *signature = &note.signatures[i];
        struct qrt_vkey vkey = {.id = signature->id, .type = QRT_KEY_TYPE_LOG};
        memcpy(vkey.name, signature->name, sizeof vkey.name);
        qrt_note_add_signature(&again, &vkey, signature->bytes, signature->len_bytes);
        FUZZ_HOLDS(!qrt_note_verify(&note, &vkey, NULL));
        vkey.type = QRT_KEY_TYPE_COSIGN;
        FUZZ_HOLDS(!qrt_note_verify(&note, &vkey, NULL));
    }
    FUZZ_HOLDS(again.len_bytes == len_bytes && memcmp(again.data, data, len_bytes) == 0);

    struct qrt_checkpoint checkpoint;
    if (qrt_checkpoint_parse(&checkpoint, note.text, note.text_len_bytes, &err) == QRT_OK) {
        QRT_BUF text = {0};
        qrt_checkpoint_format(&text, &checkpoint);
        FUZZ_HOLDS(text.len_bytes == note.text_len_bytes &&
                   memcmp(text.data, note.text, text.len_bytes) == 0);
    }
    return 0;
}
