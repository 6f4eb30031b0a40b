/* Ours beside libgfshare's, in one run; a line a row, for run.sh:
 * what|ours|peer|bound|unit, the bound 0 where none is set. libgfshare splits on one level, without
 * digest, checksum or words, through tables indexed by the secret; ours makes
 * whole SLIP-0039 shares and is constant-time. Both draw their random bytes
 * from the kernel. */
#include <libgfshare.h>
#include <nettle/pbkdf2.h>
#include <quorate/slip39.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCHES = 51, SECRET_BYTES = 32 };

static uint8_t secret[SECRET_BYTES];
static uint8_t group_shares[2 * SECRET_BYTES];
static struct qrt_slip39_share shares[9];
static uint16_t words[9][QRT_SLIP39_WORDS_MAX];
static uint8_t peer_shares[5][SECRET_BYTES];
static unsigned char peer_numbers[5] = {1, 2, 3, 4, 5};
static gfshare_ctx *peer;
static gfshare_ctx *peer_back;

static const struct qrt_slip39_plan plan = {
    .identifier = 4711,
    .extendable = true,
    .group_threshold = 2,
    .group_count = 2,
    .groups = {{3, 5}, {2, 4}},
};

static void need(bool holds)
{
    if (!holds) {
        fputs("bench_split: a result is wrong\n", stderr);
        exit(1);
    }
}

static void peer_random(unsigned char *out, unsigned int len_bytes)
{
    randombytes_buf(out, len_bytes);
}

static void peer_split(void)
{
    gfshare_ctx_enc_setsecret(peer, secret);
    for (unsigned char i = 0; i < 5; i++) {
        gfshare_ctx_enc_getshare(peer, i, peer_shares[i]);
    }
}

static void peer_split_whole(void)
{
    gfshare_ctx *ctx = gfshare_ctx_init_enc(peer_numbers, 5, 3, SECRET_BYTES);
    gfshare_ctx_enc_setsecret(ctx, secret);
    for (unsigned char i = 0; i < 5; i++) {
        gfshare_ctx_enc_getshare(ctx, i, peer_shares[i]);
    }
    gfshare_ctx_free(ctx);
}

static void peer_combine(void)
{
    uint8_t back[SECRET_BYTES];
    for (unsigned char i = 0; i < 3; i++) {
        gfshare_ctx_dec_giveshare(peer_back, i, peer_shares[i]);
    }
    gfshare_ctx_dec_extract(peer_back, back);
    need(memcmp(back, secret, SECRET_BYTES) == 0);
}

static void peer_combine_whole(void)
{
    uint8_t back[SECRET_BYTES];
    gfshare_ctx *ctx = gfshare_ctx_init_dec(peer_numbers, 3, SECRET_BYTES);
    for (unsigned char i = 0; i < 3; i++) {
        gfshare_ctx_dec_giveshare(ctx, i, peer_shares[i]);
    }
    gfshare_ctx_dec_extract(ctx, back);
    gfshare_ctx_free(ctx);
    need(memcmp(back, secret, SECRET_BYTES) == 0);
}

static void our_split(void)
{
    need(qrt_slip39_split_encrypted(shares, group_shares, &plan, secret, SECRET_BYTES, NULL) ==
         QRT_OK);
    for (unsigned i = 0; i < 9; i++) {
        size_t count;
        need(qrt_slip39_share_encode(words[i], &count, &shares[i], NULL) == QRT_OK);
    }
}

/* Five of the nine mnemonics, three and two. */
static void our_combine(void)
{
    struct qrt_slip39_share given[5];
    uint8_t back[SECRET_BYTES];
    size_t len;
    for (unsigned i = 0; i < 5; i++) {
        need(qrt_slip39_share_decode(&given[i], words[i + 2], QRT_SLIP39_CARD_WORDS, NULL) ==
             QRT_OK);
    }
    need(qrt_slip39_combine_encrypted(back, SECRET_BYTES, &len, given, 5, NULL) == QRT_OK);
    need(memcmp(back, secret, SECRET_BYTES) == 0);
}

static void our_split_with_kdf(void)
{
    need(qrt_slip39_split(shares, group_shares, &plan, secret, SECRET_BYTES, NULL, 0, NULL) ==
         QRT_OK);
    for (unsigned i = 0; i < 9; i++) {
        size_t count;
        need(qrt_slip39_share_encode(words[i], &count, &shares[i], NULL) == QRT_OK);
    }
}

static void our_combine_with_kdf(void)
{
    uint8_t back[SECRET_BYTES];
    size_t len;
    need(qrt_slip39_combine(back, SECRET_BYTES, &len, shares, 9, NULL, 0, NULL) == QRT_OK);
}

/* The four rounds' key derivation and nothing else. */
static void bare_pbkdf2(void)
{
    uint8_t half[16] = {0};
    for (uint8_t round = 0; round < 4; round++) {
        pbkdf2_hmac_sha256(1, &round, 2500, sizeof half, half, sizeof half, half);
    }
}

static void our_text(void)
{
    char text[QRT_SLIP39_TEXT_MAX_BYTES];
    size_t len;
    for (unsigned i = 0; i < 9; i++) {
        need(qrt_slip39_text_encode(text, sizeof text, &len, words[i], QRT_SLIP39_CARD_WORDS,
                                    NULL) == QRT_OK);
    }
}

static void our_prove_3_of_5(void)
{
    need(qrt_slip39_group_prove(shares, 5, group_shares, NULL) == QRT_OK);
}

static struct qrt_slip39_share wide[16];

static void our_prove_5_of_9(void)
{
    need(qrt_slip39_group_prove(wide, 9, group_shares, NULL) == QRT_OK);
}

static void our_prove_8_of_16(void)
{
    need(qrt_slip39_group_prove(wide, 16, group_shares, NULL) == QRT_OK);
}

static void wide_split(uint8_t threshold, uint8_t count)
{
    struct qrt_slip39_plan again = plan;
    again.groups[0].member_threshold = threshold;
    again.groups[0].member_count = count;
    need(qrt_slip39_group_split(wide, &again, 0, group_shares, SECRET_BYTES, NULL) == QRT_OK);
}

static double batch_ns(void (*run)(void), unsigned calls)
{
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (unsigned i = 0; i < calls; i++) {
        run();
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    return ((double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec)) /
           calls;
}

static double smaller(double a, double b)
{
    return a < b ? a : b;
}

/* Batches in turn, so that both meet the same machine; the fastest counts. */
static void row(const char *what, void (*ours)(void), void (*peers)(void), unsigned calls,
                double bound)
{
    double our_ns = 1e18;
    double peer_ns = 1e18;
    for (unsigned i = 0; i < BATCHES; i++) {
        our_ns = smaller(our_ns, batch_ns(ours, calls));
        peer_ns = smaller(peer_ns, batch_ns(peers, calls));
    }
    printf("%s|%.2f|%.2f|%.1f|us\n", what, our_ns / 1e3, peer_ns / 1e3, bound);
}

/* Without a peer; bound_us 0 where none is set. */
static void single(const char *what, void (*run)(void), unsigned calls, double bound_us)
{
    double ns = 1e18;
    for (unsigned i = 0; i < BATCHES; i++) {
        ns = smaller(ns, batch_ns(run, calls));
    }
    if (bound_us > 0) {
        printf("%s|%.2f|%.0f|1|us\n", what, ns / 1e3, bound_us);
    } else {
        printf("%s|%.2f|||us\n", what, ns / 1e3);
    }
}

int main(void)
{
    need(sodium_init() >= 0);
    gfshare_fill_rand = peer_random;
    randombytes_buf(secret, sizeof secret);
    peer = gfshare_ctx_init_enc(peer_numbers, 5, 3, SECRET_BYTES);
    peer_back = gfshare_ctx_init_dec(peer_numbers, 3, SECRET_BYTES);
    need(peer != NULL && peer_back != NULL);
    our_split();
    peer_split();

    row("split 32 bytes into nine mnemonics / libgfshare 3-of-5", our_split, peer_split_whole, 1000,
        6);
    row("  the same, libgfshare's context made beforehand", our_split, peer_split, 1000, 6);
    row("combine five mnemonics / libgfshare 3", our_combine, peer_combine_whole, 1000, 8);
    /* No bound: the digests that SLIP-0039 asks for (three HMACs) take five times
     * as long as libgfshare's three look-ups a byte, which check nothing. */
    row("  the same, libgfshare's context made beforehand", our_combine, peer_combine, 1000, 0);
    row("SLIP-0039 split, exponent 0 / bare PBKDF2", our_split_with_kdf, bare_pbkdf2, 4, 1.1);
    row("SLIP-0039 combine, exponent 0 / bare PBKDF2", our_combine_with_kdf, bare_pbkdf2, 4, 1.1);
    single("nine mnemonics as text (297 searches of the whole list)", our_text, 4, 0);
    single("all 10 subsets of 3 of 5 proved, of 50 ms", our_prove_3_of_5, 100, 50e3);
    wide_split(5, 9);
    single("all 126 subsets of 5 of 9 proved, of 50 ms", our_prove_5_of_9, 10, 50e3);
    wide_split(8, 16);
    single("all 12,870 subsets of 8 of 16 proved", our_prove_8_of_16, 1, 0);
    gfshare_ctx_free(peer);
    gfshare_ctx_free(peer_back);
    return 0;
}
