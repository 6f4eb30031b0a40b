#include "cli/handouts_json.h"

#include "base/clock.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* Room for one of them: a wallet code or a seed is the longest. */
#define HANDOUT_MAX_BYTES 512

/* A text that grows in guarded memory; the first failure stays. */
struct json {
    struct qrt_secret *text;
    enum qrt_code code;
    struct qrt_err *err;
};

static void add(struct json *json, const char *text)
{
    if (json->code == QRT_OK) {
        json->code = qrt_secret_append(json->text, text, strlen(text), json->err);
    }
}

/* What is handed out is text; besides the end of a line, two characters need an
 * escape. */
static void add_string(struct json *json, const struct qrt_secret *text)
{
    add(json, "\"");
    for (size_t i = 0; i < text->len_bytes && json->code == QRT_OK; i++) {
        if (text->data[i] == '"' || text->data[i] == '\\') {
            add(json, "\\");
        }
        if (text->data[i] == '\n') {
            add(json, "\\n");
        } else if (json->code == QRT_OK) {
            json->code = qrt_secret_append(json->text, text->data + i, 1, json->err);
        }
    }
    add(json, "\"");
}

static void add_codes(struct json *json, const struct qrt_handout *handout)
{
    char now[QRT_TOTP_DIGITS_MAX + 1];
    char next[QRT_TOTP_DIGITS_MAX + 1];
    char seconds[16];
    int64_t unix_s = qrt_clock_unix_s() + handout->clock_offset_s;
    qrt_totp_code(now, handout->totp, unix_s);
    qrt_totp_code(next, handout->totp, unix_s + (int64_t)handout->totp->period_s);
    snprintf(seconds, sizeof seconds, "%u", qrt_totp_seconds_left(handout->totp, unix_s));
    add(json, ",\"code\":\"");
    add(json, now);
    add(json, "\",\"next_code\":\"");
    add(json, next);
    add(json, "\",\"code_expires_in_s\":");
    add(json, seconds);
    sodium_memzero(now, sizeof now);
    sodium_memzero(next, sizeof next);
}

static void add_opened(struct json *json, const struct qrt_handout *handouts, size_t handouts_len)
{
    add(json, "{\"account\":\"");
    add(json, handouts[0].owner);
    add(json, "\"");
    for (size_t i = 0; i < handouts_len; i++) {
        const struct qrt_handout *handout = &handouts[i];
        if (handout->kind == QRT_SECRET_CODE) {
            add_codes(json, handout);
        } else {
            const char *name = handout->kind == QRT_SECRET_PASSWORD ? "password"
                               : handout->kind == QRT_SECRET_SEED   ? "seed"
                                                                    : handout->name;
            add(json, ",\"");
            add(json, name);
            add(json, "\":");
            add_string(json, handout->secret);
        }
    }
    add(json, "}\n");
}

static bool is_badge(const struct qrt_handout *handout)
{
    return handout->kind == QRT_SECRET_PASSPHRASE || handout->kind == QRT_SECRET_WALLET;
}

static void add_generated(struct json *json, const struct qrt_handout *handouts,
                          size_t handouts_len, bool badges)
{
    const char *comma = "";
    for (size_t i = 0; i < handouts_len; i++) {
        const struct qrt_handout *handout = &handouts[i];
        if (is_badge(handout) != badges) {
            continue;
        }
        add(json, comma);
        add(json, "\"");
        add(json, handout->owner);
        add(json, badges ? "\":" : "\":{\"password\":");
        add_string(json, handout->secret);
        add(json, badges ? "" : "}");
        comma = ",";
    }
}

enum qrt_code qrt_handouts_json(struct qrt_secret *json, const struct qrt_handout *handouts,
                                size_t handouts_len, struct qrt_err *err)
{
    struct json out = {.text = json, .err = err};
    size_t room = HANDOUT_MAX_BYTES * (handouts_len + 1);
    for (size_t i = 0; i < handouts_len; i++) {
        room += handouts[i].kind == QRT_SECRET_TEXT ? 2 * handouts[i].secret->len_bytes : 0;
    }
    out.code = qrt_secret_init(json, room, err);
    if (is_badge(&handouts[0]) || handouts[0].kind == QRT_SECRET_NEW_PASSWORD) {
        add(&out, "{\"badges\":{");
        add_generated(&out, handouts, handouts_len, true);
        add(&out, "},\"accounts\":{");
        add_generated(&out, handouts, handouts_len, false);
        add(&out, "}}\n");
    } else {
        add_opened(&out, handouts, handouts_len);
    }
    if (out.code != QRT_OK) {
        qrt_secret_wipe(json);
    }
    return out.code;
}
