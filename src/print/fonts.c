#include "print/fonts.h"

#include <fontconfig/fontconfig.h>
#include <pango/pangofc-fontmap.h>
#include <unistd.h>

static const char *const files[] = {
    QRT_FONT_DIR "/DejaVuSans.ttf",
    QRT_FONT_DIR "/DejaVuSans-Bold.ttf",
    QRT_FONT_DIR "/DejaVuSansMono.ttf",
    QRT_FONT_DIR "/DejaVuSansMono-Bold.ttf",
};

PangoFontDescription *fonts_describe(bool bold, bool mono)
{
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, mono ? "DejaVu Sans Mono" : "DejaVu Sans");
    pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(font, PANGO_SCALE);
    return font;
}

enum qrt_code fonts_open(PangoContext **context, struct qrt_err *err)
{
    *context = NULL;
    FcConfig *config = FcConfigCreate();
    if (config == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "fonts");
    }
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (access(files[i], R_OK) != 0 ||
            !FcConfigAppFontAddFile(config, (const FcChar8 *)files[i])) {
            FcConfigDestroy(config);
            return qrt_fail(err, QRT_E_NOT_FOUND,
                            "the font %s cannot be read (Debian: fonts-dejavu-core)", files[i]);
        }
    }
    /* Current too: a thread of pango's would load the system's otherwise. */
    FcConfigSetCurrent(config);
    PangoFontMap *map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    if (map == NULL) {
        FcConfigDestroy(config);
        return qrt_fail(err, QRT_E_FAILED, "pango is built without FreeType");
    }
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map), config);
    FcConfigDestroy(config);
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(map), 72);
    *context = pango_font_map_create_context(map);
    g_object_unref(map);

    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(*context, options);
    cairo_font_options_destroy(options);
    pango_context_set_language(*context, pango_language_from_string("en"));
    return QRT_OK;
}
