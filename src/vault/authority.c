#include "vault/authority.h"

#include "base/base64.h"
#include "crypto/sign.h"

enum qrt_code qrt_authority_sign(struct qrt_draft *draft, const struct qrt_place *place,
                                 const uint8_t sign_key[static 64], struct qrt_err *err)
{
    QRT_BUF message = {0};
    uint8_t signature[QRT_SIGNATURE_BYTES];
    enum qrt_code code = qrt_draft_signed_part(&message, draft, place, err);
    if (code == QRT_OK) {
        qrt_sign(signature, message.data, message.len_bytes, sign_key);
        qrt_draft_base64(draft, "authority", signature, sizeof signature);
    }
    return code;
}

bool qrt_authority_verify(const struct qrt_entry *entry, const uint8_t public_key[static 32])
{
    QRT_BUF message = {0};
    struct qrt_span value;
    uint8_t signature[QRT_SIGNATURE_BYTES];
    size_t len_bytes;
    return qrt_entry_get(entry, "authority", &value) &&
           qrt_base64_decode(signature, sizeof signature, &len_bytes, value.data,
                             value.len_bytes) &&
           len_bytes == sizeof signature &&
           qrt_entry_signed_part(&message, entry, NULL) == QRT_OK &&
           qrt_sign_verify(signature, message.data, message.len_bytes, public_key);
}
