#include "cli/say.h"

#include "cli/screen.h"
#include <stdarg.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

unsigned qrt_cli_columns(FILE *to)
{
    struct winsize size;
    int fd = fileno(to);
    if (isatty(fd) != 1) {
        return 0;
    }
    return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

void qrt_cli_say(FILE *to, const char *format, ...)
{
    unsigned columns = qrt_cli_columns(to);
    char *text = NULL;
    QRT_BUF laid = {0};
    va_list args;
    va_start(args, format);
    if (columns < 2) {
        vfprintf(to, format, args);
    } else if (vasprintf(&text, format, args) < 0) {
        fputs("Out of memory.\n", to);
    } else {
        qrt_screen_wrap(&laid, text, columns - 1, 0);
        fputs(laid.failed ? text : qrt_buf_str(&laid), to);
        free(text);
    }
    va_end(args);
}
