/* Card and label texts: what is read back from what was read is the same. */
#include "fuzz.h"

#include <quorate/card.h>
#include <string.h>

static void check_card(const struct qrt_card *card, const struct qrt_slip39_share *share)
{
    char text[QRT_CARD_TEXT_CHARS + 1];
    struct qrt_card again;
    struct qrt_slip39_share again_share;
    enum qrt_card_reason reason;
    FUZZ_HOLDS(share->group_index == card->group);
    if (card->serial == 0) {
        return;
    }
    FUZZ_HOLDS(qrt_card_text(text, card, NULL) == QRT_OK);
    FUZZ_HOLDS(qrt_card_read(&again, &again_share, &reason, text, strlen(text), NULL) == QRT_OK);
    FUZZ_HOLDS(memcmp(again.signature, card->signature, sizeof again.signature) == 0);
    FUZZ_HOLDS(memcmp(again.share, card->share, sizeof again.share) == 0);
    FUZZ_HOLDS(again.serial == card->serial && again.edition == card->edition);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len_bytes)
{
    struct qrt_card card;
    struct qrt_slip39_share share;
    struct qrt_label label;
    enum qrt_card_reason reason;
    const char *text = (const char *)data;
    enum qrt_code code = qrt_card_read(&card, &share, &reason, text, len_bytes, NULL);
    FUZZ_HOLDS(code == (reason == QRT_CARD_FINE ? QRT_OK : QRT_E_REFUSED));
    if (code == QRT_OK) {
        check_card(&card, &share);
    }
    if (qrt_label_read(&label, &reason, text, len_bytes, NULL) == QRT_OK) {
        char again[QRT_LABEL_TEXT_CHARS + 1];
        FUZZ_HOLDS(qrt_label_text(again, &label, NULL) == QRT_OK);
        FUZZ_HOLDS(memmem(text, len_bytes, again, QRT_LABEL_TEXT_CHARS) != NULL);
    }
    if (qrt_card_decode(&card, data, len_bytes, NULL) == QRT_OK) {
        uint8_t payload[QRT_CARD_PAYLOAD_BYTES];
        FUZZ_HOLDS(qrt_card_encode(payload, &card, NULL) == QRT_OK);
        FUZZ_HOLDS(memcmp(payload, data, sizeof payload) == 0);
    }
    return 0;
}
