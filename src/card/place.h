/* Short ways to put things on a sheet; millimetres from the body's corner. */
#ifndef QRT_CARD_PLACE_H
#define QRT_CARD_PLACE_H

#include "worker/description.h"
#include <stdbool.h>

/* A box in millimetres. */
struct place {
    double x_mm, y_mm, wide_mm, high_mm;
};

/* Text of a C string in a box; nothing for an empty one. */
void place_text(struct qrt_drawing *drawing, struct place box, double points, unsigned style,
                const char *text);
/* The same of a foreign text behind `lead` (a literal, or ""): what could
 * reorder, hide or overprint is made visible, and it shrinks to fit. */
void place_foreign(struct qrt_drawing *drawing, struct place box, double points, unsigned style,
                   const char *lead, const char *text);
/* As place_text, printf-like, for at most 1023 bytes; the arguments are public. */
void place_textf(struct qrt_drawing *drawing, struct place box, double points, unsigned style,
                 const char *format, ...) QRT_PRINTF(5, 6);
void place_fill(struct qrt_drawing *drawing, struct place box, unsigned grey);
void place_rule(struct qrt_drawing *drawing, struct place line, double stroke_mm, bool dashed);
/* The least version that holds so many characters at level Q; 0 for none. */
unsigned place_version(size_t len_chars);
/* A QR code with its quiet zone's corner at (x, y). */
void place_code(struct qrt_drawing *drawing, double x_mm, double y_mm, double module_mm,
                unsigned version, const char *text);
void place_page(struct qrt_drawing *drawing);
void place_folds(struct qrt_drawing *drawing);

/* `label` and a line to write on by hand, from `from_mm` to the box's end. */
void place_blank(struct qrt_drawing *drawing, struct place box, double from_mm, const char *label);

/* At most how many lines a text of that size takes, by its letters' widths. */
unsigned place_lines(double wide_mm, double points, const char *text);
/* The height of so many lines. */
double place_high(unsigned lines, double points);

/* Is it lower-case hex of so many characters, 64 at most? */
bool place_is_hex(const char *text, size_t chars);
/* Does it begin as a code of that type, at most so many characters long? */
bool place_is_code(const char *text, char type, size_t max_chars);

/* Lower-case hex (public) in groups of four, eight to a line; out holds 5/4 of
 * its characters and a NUL more. */
void place_groups(char *out, size_t size_bytes, const char *hex);

#endif
