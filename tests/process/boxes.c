/* Stands before libsodium's crypto_box_seal and spoils what a deposit seals, as
 * somebody can who may deposit and has another program. QRT_TEST_BOX says how. */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

typedef int seal_function(unsigned char *box, const unsigned char *message,
                          unsigned long long len_bytes, const unsigned char *public_key);

int crypto_box_seal(unsigned char *box, const unsigned char *message, unsigned long long len_bytes,
                    const unsigned char *public_key);

/* Replaces a text by another of its length. */
static void replace(unsigned char *bytes, size_t len_bytes, const char *from, const char *to)
{
    unsigned char *at = memmem(bytes, len_bytes, from, strlen(from));
    if (at != NULL) {
        memcpy(at, to, strlen(to));
    }
}

int crypto_box_seal(unsigned char *box, const unsigned char *message, unsigned long long len_bytes,
                    const unsigned char *public_key)
{
    static const unsigned char tag[] = "quorate/deposit/v1";
    union {
        void *symbol;
        seal_function *call;
    } real = {.symbol = dlsym(RTLD_NEXT, "crypto_box_seal")};
    const char *how = getenv("QRT_TEST_BOX");
    unsigned char copy[4096];
    unsigned char other_key[32] = {9};
    if (how == NULL || len_bytes > sizeof copy || memcmp(message, tag, sizeof tag - 1) != 0) {
        return real.call(box, message, len_bytes, public_key);
    }
    memcpy(copy, message, len_bytes);
    if (strcmp(how, "account") == 0) {
        replace(copy, len_bytes, "account 123456789012", "account 123456789013");
    } else if (strcmp(how, "generation") == 0) {
        replace(copy, len_bytes, "generation 1\n", "generation 2\n");
    } else if (strcmp(how, "kind") == 0) {
        replace(copy, len_bytes, "kind password\n", "kind passw0rd\n");
    } else if (strcmp(how, "screen") == 0) {
        replace(copy, len_bytes, "correct-", "c\033[2Jxx-");
    } else if (strcmp(how, "padding") == 0) {
        copy[len_bytes - 1] = 7;
    } else if (strcmp(how, "tag") == 0) {
        copy[0] = 'Q';
    } else if (strcmp(how, "key") == 0) {
        public_key = other_key;
    }
    return real.call(box, copy, len_bytes, public_key);
}
