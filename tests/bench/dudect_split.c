/* Does the time of our work tell secrets apart? Two classes of input, one fixed
 * and one random, in random order; Welch's t of their times (Reparaz, Balasch,
 * Verbauwhede: "Dude, is my code constant time?"). |t| above 4.5 is a leak.
 * The control, a loop as long as the secret says, must show one. Usage: dudect_split [MEASUREMENTS]
 */
#include <math.h>
#include <quorate/slip39.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { VALUE_BYTES = 32, CROPS = 3 };

struct input {
    uint8_t value[VALUE_BYTES];
    uint16_t words[QRT_SLIP39_WORDS_MAX];
    struct qrt_slip39_share shares[3];
} __attribute__((aligned(64)));

static const struct qrt_slip39_plan plan = {
    .identifier = 1,
    .extendable = true,
    .group_threshold = 1,
    .group_count = 1,
    .groups = {{3, 5}},
};

static volatile uint8_t sink;

static void run_split(const struct input *input)
{
    struct qrt_slip39_share shares[5];
    uint8_t group_share[VALUE_BYTES];
    if (qrt_slip39_split_encrypted(shares, group_share, &plan, input->value, VALUE_BYTES, NULL) !=
        QRT_OK) {
        abort();
    }
    sink = shares[4].value[0];
}

static void run_combine(const struct input *input)
{
    uint8_t group_share[VALUE_BYTES];
    if (qrt_slip39_group_combine(group_share, input->shares, 3, NULL) != QRT_OK) {
        abort();
    }
    sink = group_share[0];
}

static void run_words(const struct input *input)
{
    uint16_t words[QRT_SLIP39_WORDS_MAX];
    size_t count;
    if (qrt_slip39_share_encode(words, &count, &input->shares[0], NULL) != QRT_OK) {
        abort();
    }
    sink = (uint8_t)words[count - 1];
}

static void run_word(const struct input *input)
{
    char word[QRT_SLIP39_WORD_CHARS + 1];
    (void)qrt_slip39_word(word, input->words[10]);
    sink = (uint8_t)word[0];
}

/* As a search that leaves early. */
static void run_control(const struct input *input)
{
    for (unsigned i = 0; i < input->value[0]; i++) {
        sink = (uint8_t)i;
    }
}

static void input_make(struct input *input, bool random)
{
    uint8_t group_share[VALUE_BYTES];
    struct qrt_slip39_share shares[5];
    size_t count;
    memset(input->value, 0, VALUE_BYTES);
    if (random) {
        randombytes_buf(input->value, VALUE_BYTES);
    }
    if (qrt_slip39_split_encrypted(shares, group_share, &plan, input->value, VALUE_BYTES, NULL) !=
        QRT_OK) {
        abort();
    }
    memcpy(input->shares, shares, sizeof input->shares);
    if (qrt_slip39_share_encode(input->words, &count, &shares[0], NULL) != QRT_OK) {
        abort();
    }
}

/* Mean and variance on the way (Welford). */
struct moments {
    double count, mean, squares;
};

static void moments_add(struct moments *moments, double value)
{
    moments->count++;
    double delta = value - moments->mean;
    moments->mean += delta / moments->count;
    moments->squares += delta * (value - moments->mean);
}

static double welch(const struct moments m[static 2])
{
    double variance =
        m[0].squares / (m[0].count - 1) / m[0].count + m[1].squares / (m[1].count - 1) / m[1].count;
    return variance > 0 ? (m[0].mean - m[1].mean) / sqrt(variance) : 0;
}

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* Largest |t| over all times, and over those below two cuts (interrupts). */
static double leak(void (*run)(const struct input *), const struct input inputs[static 64],
                   long measurements)
{
    static const double cuts[CROPS] = {1e18, 2, 1.2}; /* times the running mean */
    struct moments m[CROPS][2] = {0};
    double typical = 0;
    for (long i = 0; i < measurements; i++) {
        /* Inputs alternate by chance; even slots are of the fixed class. */
        uint32_t slot = randombytes_random() % 64;
        /* One place for both classes, and no copy under way when time is taken. */
        static struct input input;
        input = inputs[slot];
        __sync_synchronize();
        double start = now_ns();
        run(&input);
        double taken = now_ns() - start;
        if (i < measurements / 20) {
            typical = typical == 0 || taken < typical ? taken : typical;
            continue;
        }
        for (unsigned c = 0; c < CROPS; c++) {
            if (taken < typical * cuts[c]) {
                moments_add(&m[c][slot % 2], taken);
            }
        }
    }
    double worst = 0;
    for (unsigned c = 0; c < CROPS; c++) {
        if (m[c][0].count > 1000 && m[c][1].count > 1000) {
            worst = fmax(worst, fabs(welch(m[c])));
        }
    }
    return worst;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(const struct input *);
        bool leaks;
    } rows[] = {
        {"split 3 of 5", run_split, false},
        {"combine 3 shares", run_combine, false},
        {"share to words", run_words, false},
        {"index to word", run_word, false},
        {"control: a loop of secret length", run_control, true},
    };
    long measurements = argc > 1 ? strtol(argv[1], NULL, 10) : 1000000;
    if (sodium_init() < 0 || measurements < 10000) {
        return 2;
    }
    static struct input inputs[64];
    int failed = 0;
    input_make(&inputs[0], false);
    for (unsigned i = 1; i < 64; i++) {
        if (i % 2 != 0) {
            input_make(&inputs[i], true);
        } else {
            inputs[i] = inputs[0];
        }
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double t = leak(rows[i].run, inputs, measurements);
        bool good = rows[i].leaks ? t > 4.5 : t < 4.5;
        failed += !good;
        printf("%-36s |t| = %8.2f  %s\n", rows[i].name, t, good ? "as it must be" : "WRONG");
    }
    return failed != 0;
}
