/* What looks like a secret in a field that will be public, and what does not. */
#include "unit.h"

#include "vault/leak.h"
#include <string.h>

static void what_is_a_secret_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *what;
    } secrets[] = {
        {"otpauth://totp/x?secret=JBSWY3DPEHPK3PXP", "an MFA seed"},
        {"see OTPAUTH:x", "an MFA seed"},
        {"JBSWY3DPEHPK3PXP", "an MFA seed"},
        {"jbswy3dpehpk3pxp", "an MFA seed"},
        {"JBSW Y3DP EHPK 3PXP", "an MFA seed"},
        {"JBSW-Y3DP-EHPK-3PXP", "an MFA seed"},
        {"the seed is JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "an MFA seed"},
        {"Tr0ub4dor&3", "a password"},
        {"it is vT9#mQx2Lw8@Zr4B now", "a password"},
        {"aB3d Ef5g hJ7k Mn2p Qr4s Tu6v", "a password"},
        {"wB7kQ2mX9pL4sT8v", "a password"},
        {"aB3d-Ef5g-hJ7k-Mn2p", "a password"},
        {"https://signin.example.com/reset?token=Ab12Cd34", "a password"},
        {"QUORATE1:K:ABC", "a code of a card or badge"},
        {"quorate1:s:abc", "a code of a card or badge"},
        {"academic acid acne", "words of a card or a passphrase"},
        {"row A: Academic, ACID, acne", "words of a card or a passphrase"},
        {"123456", "a code, a PIN or a number in full"},
        {"+49 (170) 123-4567", "a code, a PIN or a number in full"},
        {"12345", "a code, a PIN or a number in full"},
        {"SIM +49 170 1234567", "a code, a PIN or a number in full"},
        {"call +491701234567 first", "a code, a PIN or a number in full"},
        {"PIN of the token is 482193", "a code, a PIN or a number in full"},
        {"contract 7, PUK:39481726", "a code, a PIN or a number in full"},
        {"the token (pin 4821)", "a code, a PIN or a number in full"},
        {"acad ACID acne acqu acro", "words of a card or a passphrase"},
        {"acad, acid, acne, academic acro.", "words of a card or a passphrase"},
    };
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
        const char *found = qrt_leak_find(secrets[i].text);
        if (found == NULL || strcmp(found, secrets[i].what) != 0) {
            fail_msg("%s: %s", secrets[i].text, found == NULL ? "nothing" : found);
        }
    }
}

static void what_people_write_down_is_not(void **state)
{
    (void)state;
    static const char *const harmless[] = {
        "",
        "x",
        "2026-11-21",
        "2026-11-21T10:00:00Z",
        "10:30 to 12:00 UTC",
        "42",
        "1234",
        "CHG-2026-0042",
        "ends in 42",
        "arn:aws:iam::123456789012:mfa/root-account-mfa-device",
        "6f1d2c3e-0a1b-4c2d-8e3f-123456789abc",
        "9f86d081",
        "YubiKey 5C NFC",
        "SafeNet IDProve 110",
        "GAKT00012345",
        "custodian-p1",
        "https://example.com/CHG/42",
        "YubiKey5C-NFC-2026",
        "arn:aws:iam::123456789012:mfa/Root-Device-2",
        "somebody left the door open, and nobody knows who",
        "caf\xc3\xa9 au lait",
        "bags 1012, 1013",
        "0f3b5a7c9d1e2f4a6b8c0d1e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6b7c8d9e0f1a",
        "the acid was in the academic building",
        "root+0@example.com",
        "site-1/safe-2",
        "two people know the PIN",
        "the PIN was changed on 2026-11-21",
        "opinion 482193, spin 4821",
        "ticket 482193",
        "C++ and 3 + 4",
        "mail to root+123456789012@example.com comes back",
        "they were with some real form that came",
        "support case 17398765432",
        "acad acid acne",
    };
    for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++) {
        const char *found = qrt_leak_find(harmless[i]);
        if (found != NULL) {
            fail_msg("%s: %s", harmless[i], found);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_a_secret_is_named),
        cmocka_unit_test(what_people_write_down_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
