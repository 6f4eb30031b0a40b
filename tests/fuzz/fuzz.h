/* What a fuzz target defines. It returns 0, and aborts where a law is broken. */
#ifndef QRT_TESTS_FUZZ_H
#define QRT_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len_bytes);

/* A law that must hold for every input, in every kind of build. */
#define FUZZ_HOLDS(law) ((law) ? (void)0 : abort())

#endif
