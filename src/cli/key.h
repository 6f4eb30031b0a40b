/* What a keyboard sends: bytes as they are, and these. */
#ifndef QRT_CLI_KEY_H
#define QRT_CLI_KEY_H

enum qrt_key {
    QRT_KEY_NONE = 0,
    QRT_KEY_ENTER = 0x100,
    QRT_KEY_TAB,
    QRT_KEY_BACKSPACE,
    QRT_KEY_ESCAPE,
    QRT_KEY_UP,
    QRT_KEY_CLEAR, /* Ctrl-U: the line anew */
    QRT_KEY_STOP,  /* Ctrl-C: no signal, since it can be asked what is meant */
};

#endif
