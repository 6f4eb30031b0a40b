/* A text that is about to be public, and looks like a secret typed into the
 * wrong field. A guess: it errs towards refusing, and proves nothing. */
#ifndef QRT_VAULT_LEAK_H
#define QRT_VAULT_LEAK_H

/* What the text (perhaps secret) looks like, as a constant that quotes nothing
 * of it ("a password"); NULL if it looks like nothing of the kind. */
const char *qrt_leak_find(const char *text);

#endif
