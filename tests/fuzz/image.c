#include "fuzz.h"

#include "scan/image.h"

/* Decodes, and looks at every pixel: a sanitizer sees what was never written. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len_bytes)
{
    static struct source source;
    uint64_t sum = 0;
    struct image image = {0};
    struct qrt_err err = {0};
    source_of_memory(&source, data, len_bytes);
    enum qrt_code code = image_read(&image, &source, &err);
    FUZZ_HOLDS(code == QRT_OK || (image.pixels == NULL && err.what[0] != '\0'));
    FUZZ_HOLDS((uint64_t)image.wide * image.high <= IMAGE_PIXELS_KEPT);
    for (size_t i = 0; i < (size_t)image.wide * image.high; i++) {
        sum += image.pixels[i];
    }
    FUZZ_HOLDS(sum <= (uint64_t)255 * IMAGE_PIXELS_KEPT);
    image_free(&image);
    return 0;
}
