#include "paper/sample.h"

#include <stdio.h>
#include <string.h>

#define GENESIS "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ROOT    "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
#define VAULT   "0123456789abcdef01234567"

static const char *fill_of(char *out, const char *prefix, size_t chars, unsigned state)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    size_t at = strlen(prefix);
    memcpy(out, prefix, at);
    for (; at < chars; at++) {
        state = state * 1103515245U + 12345U;
        out[at] = alphabet[state >> 16 & 31];
    }
    out[chars] = '\0';
    return out;
}

static const char *fill(char *out, const char *prefix, size_t chars)
{
    return fill_of(out, prefix, chars, 7);
}

const char *sample_payload(void)
{
    static char text[QRT_SHEET_SHARE_CHARS + 1];
    return fill(text, "QUORATE1:S:", QRT_SHEET_SHARE_CHARS);
}

const char *sample_label_payload(void)
{
    static char text[QRT_SHEET_LABEL_CHARS + 1];
    return fill(text, "QUORATE1:B:", QRT_SHEET_LABEL_CHARS);
}

struct qrt_sheet_card sample_card(void)
{
    struct qrt_sheet_card card = {
        .organisation = "Example Organisation, Cloud Security",
        .group = QRT_SHEET_PASSWORD_GROUP,
        .number = 2,
        .of = 3,
        .needs_here = 2,
        .needs_other = 2,
        .vault_id = VAULT,
        .generation = 1,
        .edition = 1,
        .serial = 2,
        .issued_unix_s = 1767225600,
        .role = "Head of Finance, Zürich",
        .genesis = GENESIS,
        .payload = sample_payload(),
    };
    for (unsigned i = 0; i < QRT_SHEET_WORDS; i++) {
        card.words[i] = i % 3 == 0 ? "academic" : i % 3 == 1 ? "wireless" : "mama";
    }
    for (unsigned i = 0; i < QRT_SHEET_ROWS; i++) {
        card.checks[i] = i % 2 == 0 ? "umbrella" : "yoga";
    }
    return card;
}

struct qrt_sheet_label sample_label(void)
{
    return (struct qrt_sheet_label){
        .vault_id = VAULT,
        .generation = 1,
        .edition = 1,
        .serial = 2,
        .role = "Head of Finance, Zürich",
        .issued_unix_s = 1767225600,
        .payload = sample_label_payload(),
    };
}

struct qrt_sheet_wallet sample_wallet(void)
{
    static char text[176 + 1];
    return (struct qrt_sheet_wallet){
        .organisation = "Example Organisation, Cloud Security",
        .origin = "example.com/root-custody",
        .vault_id = VAULT,
        .person = "custodian-p1",
        .roles = "custodian, witness",
        .issued_unix_s = 1767225600,
        .payload = fill(text, "QUORATE1:K:", 176),
    };
}

struct qrt_sheet_receipt sample_receipt(void)
{
    static char text[811 + 1];
    return (struct qrt_sheet_receipt){
        .organisation = "Example Organisation, Cloud Security",
        .origin = "example.com/root-custody",
        .vault_id = VAULT,
        .genesis = GENESIS,
        .size = 1234,
        .epoch = 56,
        .root = ROOT,
        .issued_unix_s = 1767225600,
        .person = "custodian-p1",
        .role = "custodian",
        .cosigners = {"operator-1", "operator-2"},
        .cosigners_len = 2,
        .payload = fill(text, "QUORATE1:R:", 811),
    };
}

struct qrt_sheet_sealed sample_sealed(size_t items_len)
{
    static char header[189 + 1];
    static char texts[QRT_SHEET_SEALED_ITEMS_MAX][501 + 1];
    static char accounts[QRT_SHEET_SEALED_ITEMS_MAX][32];
    static struct qrt_sheet_sealed_item items[QRT_SHEET_SEALED_ITEMS_MAX];
    for (size_t i = 0; i < items_len; i++) {
        snprintf(accounts[i], sizeof accounts[i], "1234567890%02zu", i);
        items[i] = (struct qrt_sheet_sealed_item){
            .account = accounts[i],
            .kind = "password",
            .serial = 1 + (unsigned)i,
            .generation = 1,
            .payload = fill_of(texts[i], "QUORATE1:I:", 501, 100 + (unsigned)i),
        };
    }
    return (struct qrt_sheet_sealed){
        .organisation = "Example Organisation, Cloud Security",
        .origin = "example.com/root-custody",
        .vault_id = VAULT,
        .group = QRT_SHEET_PASSWORD_GROUP,
        .needs_password = 2,
        .needs_mfa = 2,
        .generation = 1,
        .issued_unix_s = 1767225600,
        .header = fill(header, "QUORATE1:H:", 189),
        .items = items,
        .items_len = items_len,
        .first_page = 1,
        .pages = (unsigned)QRT_SHEET_SEALED_PAGES(items_len),
    };
}

struct qrt_sheet_minutes sample_minutes(void)
{
    static const struct qrt_minutes_person people[] = {
        {"operator-1", "Olga Operator", "operator", true},
        {"operator-2", "Omar Operator", "operator", true},
        {"custodian-p1", "Pia Password", "custodian", true},
        {"custodian-p2", "Paul Password", "custodian", true},
        {"custodian-m1", "Mia Multifactor", "custodian", false},
        {"custodian-m2", "Max Multifactor", "custodian", true},
        {"witness-1", "Wilma Witness", "witness", true},
    };
    static const struct qrt_minutes_line lines[] = {
        {1767258000, "The session was opened; the clock was held against a wall clock."},
        {1767258300, "Founding of the vault: intent logged (entry 3)."},
        {1767260000, "The key of generation 1 was made; 35 quorums of the password group and 10 of "
                     "the MFA group were proved."},
        {1767261000, "Card 1 was handed to custodian-p1, read back from paper and proved."},
        {1767261600, "Card 2 was handed to custodian-p2, read back from paper and proved."},
        {1767262200, "Card 3 was handed to custodian-m1, read back from paper and proved."},
        {1767262800, "Card 4 was handed to custodian-m2, read back from paper and proved."},
    };
    static const struct qrt_minutes_exception exceptions[] = {
        {1767262500,
         "bag of card 3",
         "bag and seal with the number A-1003",
         "the seal of bag A-1003 did not close",
         "bag A-1007 was taken instead; A-1003 was cut up",
         "custodian-m1",
         {NULL}},
        {1767263000,
         "cosigning",
         "every badge present",
         "custodian-m1 left the wallet card at home",
         "the checkpoint goes without that cosignature",
         "custodian-m1",
         {NULL, "the wallet card"}},
    };
    static const struct qrt_minutes_bag table[] = {
        {1, "custodian-p1", "A-1001", "site-north", "safe-1", "witness-1, operator-2"},
        {2, "custodian-p2", "A-1002", "site-south", "safe-1", "witness-1, operator-2"},
        {3, "custodian-m1", "A-1007", "site-north", "safe-2", "witness-1, operator-2"},
        {4, "custodian-m2", NULL, NULL, NULL, NULL},
    };
    static const char *const receipts[] = {"custodian-p1", "custodian-p2", "custodian-m2",
                                           "witness-1"};
    return (struct qrt_sheet_minutes){
        .title = "Minutes of a founding",
        .organisation = "Example Organisation, Cloud Security",
        .origin = "example.com/root-custody",
        .vault_id = VAULT,
        .ceremony = "founding",
        .result = "done: 4 cards issued and proved",
        .opened_unix_s = 1767258000,
        .closed_unix_s = 1767263400,
        .clock_offset_s = -2,
        .people = people,
        .people_len = sizeof people / sizeof people[0],
        .lines = lines,
        .lines_len = sizeof lines / sizeof lines[0],
        .exceptions = exceptions,
        .exceptions_len = sizeof exceptions / sizeof exceptions[0],
        .bags = table,
        .bags_len = sizeof table / sizeof table[0],
        .receipts = receipts,
        .receipts_len = sizeof receipts / sizeof receipts[0],
        .size = 41,
        .epoch = 17,
        .root = ROOT,
        .genesis = GENESIS,
        .digest = ROOT,
    };
}

void sample_tell_payloads(const struct samples *samples, const char *kind)
{
    if (strcmp(kind, "card") == 0) {
        printf("%s\n%s\n", samples->card.payload, samples->card.payload);
    } else if (strcmp(kind, "label") == 0) {
        puts(samples->label.payload);
    } else if (strcmp(kind, "wallet") == 0) {
        puts(samples->wallet.payload);
    } else if (strcmp(kind, "receipt") == 0) {
        puts(samples->receipt.payload);
    }
    for (size_t i = 0; strcmp(kind, "sealed") == 0 && i < samples->sealed.items_len; i++) {
        if (i % 4 == 0) {
            puts(samples->sealed.header);
        }
        puts(samples->sealed.items[i].payload);
    }
}

struct samples sample_all(void)
{
    return (struct samples){
        .card = sample_card(),
        .label = sample_label(),
        .wallet = sample_wallet(),
        .receipt = sample_receipt(),
        .sealed = sample_sealed(QRT_SHEET_SEALED_ITEMS_MAX),
        .minutes = sample_minutes(),
    };
}

#define LONG_ID     "custodian-of-the-northern-region"
#define LONG_ORIGIN "cloud-security.example-organisation.example.com/root-custody"
#define LONG_ORGANISATION                                                                          \
    "The Extraordinarily Long-Named Example Organisation of Many Words for Cloud Security, "       \
    "Custody & Co."

static void make_cards_long(struct qrt_sheet_card *card, struct qrt_sheet_label *label)
{
    card->organisation = LONG_ORGANISATION;
    card->group = QRT_SHEET_MFA_GROUP;
    card->number = card->of = card->needs_here = card->needs_other = 16;
    card->generation = card->edition = 65535;
    card->serial = 4294967295U;
    card->role = "Deputy Head of the Department of Treasury, Risk and Internal Controls, "
                 "Northern Region";
    for (unsigned i = 0; i < QRT_SHEET_WORDS; i++) {
        card->words[i] = "wildlife";
    }
    label->generation = label->edition = 65535;
    label->serial = 4294967295U;
    label->role = card->role;
}

static void make_receipt_long(struct qrt_sheet_receipt *receipt)
{
    static char text[1147 + 1];
    receipt->organisation = LONG_ORGANISATION;
    receipt->origin = LONG_ORIGIN;
    receipt->size = UINT64_MAX;
    receipt->epoch = UINT64_MAX;
    receipt->person = LONG_ID;
    receipt->role = "operator, custodian, witness, auditor";
    receipt->cosigners[0] = receipt->cosigners[1] = LONG_ID;
    receipt->payload = fill(text, "QUORATE1:R:", sizeof text - 1);
}

static void make_sealed_long(struct qrt_sheet_sealed *sealed)
{
    static char texts[QRT_SHEET_SEALED_ITEMS_MAX][554 + 1];
    static struct qrt_sheet_sealed_item items[QRT_SHEET_SEALED_ITEMS_MAX];
    for (size_t i = 0; i < sealed->items_len; i++) {
        items[i] = (struct qrt_sheet_sealed_item){
            .account = LONG_ID,
            .kind = "password",
            .serial = 4294967295U,
            .generation = 65535,
            .payload = fill_of(texts[i], "QUORATE1:I:", 554, 200 + (unsigned)i),
        };
    }
    sealed->organisation = LONG_ORGANISATION;
    sealed->origin = LONG_ORIGIN;
    sealed->generation = 65535;
    sealed->needs_password = sealed->needs_mfa = 16;
    sealed->items = items;
    sealed->first_page = 91;
    sealed->pages = 100;
}

static void make_minutes_long(struct qrt_sheet_minutes *minutes)
{
    static const char words[] =
        "WHAT A CAREFUL OPERATOR WRITES DOWN IN CAPITALS, AT SOME LENGTH, WITH A REFERENCE "
        "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789"
        " and then goes on and on so that it takes several lines of the sheet and not only one of "
        "them, which a reader of minutes is used to.";
    static struct qrt_minutes_person people[34];
    static struct qrt_minutes_line lines[60];
    static struct qrt_minutes_exception exceptions[6];
    static struct qrt_minutes_bag bags[32];
    static const char *receipts[34];
    for (size_t i = 0; i < 34; i++) {
        people[i] = (struct qrt_minutes_person){LONG_ID, LONG_ORGANISATION,
                                                "operator, custodian, witness, auditor", false};
        receipts[i] = LONG_ID;
    }
    for (size_t i = 0; i < 60; i++) {
        lines[i] = (struct qrt_minutes_line){1767258000 + (int64_t)i, words};
    }
    for (size_t i = 0; i < 6; i++) {
        exceptions[i] = (struct qrt_minutes_exception){
            1767258000, words, words, words, i == 5 ? NULL : words, words, {words, words}};
    }
    for (size_t i = 0; i < 32; i++) {
        bags[i] = (struct qrt_minutes_bag){4294967295U, LONG_ID, LONG_ID,
                                           LONG_ID,     LONG_ID, LONG_ID ", " LONG_ID};
    }
    minutes->organisation = LONG_ORGANISATION;
    minutes->origin = LONG_ORIGIN;
    minutes->people = people;
    minutes->people_len = 34;
    minutes->lines = lines;
    minutes->lines_len = 60;
    minutes->exceptions = exceptions;
    minutes->exceptions_len = 6;
    minutes->bags = bags;
    minutes->bags_len = 32;
    minutes->receipts = receipts;
    minutes->receipts_len = 34;
}

void sample_make_long(struct samples *samples)
{
    static char wallet[208 + 1];
    make_cards_long(&samples->card, &samples->label);
    samples->wallet.organisation = LONG_ORGANISATION;
    samples->wallet.origin = LONG_ORIGIN;
    samples->wallet.person = LONG_ID;
    samples->wallet.roles = "operator, custodian, witness, auditor";
    samples->wallet.payload = fill(wallet, "QUORATE1:K:", sizeof wallet - 1);
    make_receipt_long(&samples->receipt);
    make_sealed_long(&samples->sealed);
    make_minutes_long(&samples->minutes);
}
