/* In quorate-print's place, where drawing is not to be measured: what it gives for
 * a sheet is the sheet's description, with the texts in it. */
#include "worker/cage.h"
#include "worker/frame.h"
#include <quorate/secret.h>
#include <unistd.h>

int main(void)
{
    QRT_SECRET description = {0};
    uint8_t type;
    uint32_t len_bytes;
    bool landlocked = false;
    if (qrt_cage_enter(NULL) == QRT_OK &&
        qrt_secret_init(&description, QRT_FRAME_SHEET_BYTES, NULL) == QRT_OK &&
        qrt_cage_close(&landlocked, 48U << 20, 0, NULL) == QRT_OK &&
        qrt_cage_greet(landlocked, NULL) == QRT_OK &&
        qrt_frame_read_head(&type, &len_bytes, STDIN_FILENO, (uint32_t)description.size_bytes,
                            QRT_NO_DEADLINE, NULL) == QRT_OK &&
        qrt_frame_read_bytes(description.data, len_bytes, STDIN_FILENO, QRT_NO_DEADLINE, NULL) ==
            QRT_OK) {
        (void)!qrt_frame_write(STDOUT_FILENO, QRT_FRAME_PDF, len_bytes, description.data, len_bytes,
                               QRT_NO_DEADLINE, NULL);
    }
    return 0;
}
