#include "plot.h"

#include "base/status.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Sizes in pixels: of the picture, and of the frame in it; the legend is right of the frame. */
#define WIDTH 960
#define HEIGHT 540
#define LEFT 84
#define TOP 72
#define FRAME_WIDTH 640
#define FRAME_HEIGHT 392
#define LEGEND (LEFT + FRAME_WIDTH + 24)

/* Told apart by readers with any kind of colour vision (Okabe and Ito, 2008). */
static const char *const colours[KO_BENCH_PLOT_SERIES_MAX] = {
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00",
    "#56b4e9", "#000000", "#7f7f7f", "#a6761d", "#4d4d9f"};

static double share(const ko_bench_plot_axis *a, double value)
{
    const double v = fmin(fmax(value, a->low), a->high);
    return a->log ? log(v / a->low) / log(a->high / a->low) : (v - a->low) / (a->high - a->low);
}

static double x_px(const ko_bench_plot *p, double x)
{
    return LEFT + FRAME_WIDTH * share(&p->x, x);
}

static double y_px(const ko_bench_plot *p, double y)
{
    return TOP + FRAME_HEIGHT * (1 - share(&p->y, y));
}

static void write_text(FILE *f, double x, double y, const char *attributes, const char *text)
{
    (void)fprintf(f, "<text x=\"%.1f\" y=\"%.1f\" %s>", x, y, attributes);
    for (const char *c = text; *c; c++) {
        const char *entity = *c == '<' ? "&lt;" : *c == '>' ? "&gt;" : *c == '&' ? "&amp;" : NULL;
        (void)(entity ? fputs(entity, f) : fputc(*c, f));
    }
    (void)fputs("</text>\n", f);
}

/* --- axes --- */

/* Distance of the ticks of a linear axis: 1, 2 or 5 times a power of ten, at most ten ticks. */
static double tick_step(const ko_bench_plot_axis *a)
{
    const double least = (a->high - a->low) / 10;
    const double power = pow(10, floor(log10(least)));
    const double digit = least / power;
    return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
}

typedef void tick_fn(FILE *f, const ko_bench_plot *p, double at, const char *text);

static void linear_ticks(FILE *f, const ko_bench_plot *p, const ko_bench_plot_axis *a,
                         tick_fn *tick)
{
    const double step = tick_step(a);
    const int first = (int)ceil(a->low / step), last = (int)floor(a->high / step + 1e-9);
    for (int i = first; i <= last; i++) {
        char text[32];
        (void)snprintf(text, sizeof text, "%.10g", i * step);
        tick(f, p, i * step, text);
    }
}

/* Powers of ten, and on short axes twice and five times those. What stands for 0 keeps its
 * neighbours off. */
static void log_ticks(FILE *f, const ko_bench_plot *p, const ko_bench_plot_axis *a, tick_fn *tick)
{
    static const int digits[] = {1, 2, 5};
    const size_t n_digits = log10(a->high / a->low) < 3.3 ? 3 : 1;
    const int first = (int)floor(log10(a->low)), last = (int)floor(log10(a->high) + 1e-9);
    const double least = a->low * (a->none ? 1.5 : 1 - 1e-9);
    if (a->none)
        tick(f, p, a->low, a->none);
    for (int e = first; e <= last; e++)
        for (size_t d = 0; d < n_digits; d++) {
            const double at = digits[d] * pow(10, e);
            char text[32];
            (void)snprintf(text, sizeof text, "%.10g", at);
            if (at >= least && at <= a->high * (1 + 1e-9))
                tick(f, p, at, text);
        }
}

static void write_ticks(FILE *f, const ko_bench_plot *p, const ko_bench_plot_axis *a, tick_fn *tick)
{
    if (a->log)
        log_ticks(f, p, a, tick);
    else
        linear_ticks(f, p, a, tick);
}

static void x_tick(FILE *f, const ko_bench_plot *p, double at, const char *text)
{
    const double x = x_px(p, at);
    (void)fprintf(f, "<path d=\"M%.1f %dv%d\" stroke=\"#ddd\"/>\n", x, TOP, FRAME_HEIGHT);
    write_text(f, x, TOP + FRAME_HEIGHT + 20, "text-anchor=\"middle\"", text);
}

static void y_tick(FILE *f, const ko_bench_plot *p, double at, const char *text)
{
    const double y = y_px(p, at);
    (void)fprintf(f, "<path d=\"M%d %.1fh%d\" stroke=\"#ddd\"/>\n", LEFT, y, FRAME_WIDTH);
    write_text(f, LEFT - 8, y + 5, "text-anchor=\"end\"", text);
}

static void write_axes(FILE *f, const ko_bench_plot *p)
{
    char turned[64];
    const double middle = TOP + FRAME_HEIGHT / 2.;
    write_ticks(f, p, &p->x, x_tick);
    write_ticks(f, p, &p->y, y_tick);
    (void)fprintf(f,
                  "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\""
                  " stroke=\"#444\"/>\n",
                  LEFT, TOP, FRAME_WIDTH, FRAME_HEIGHT);
    write_text(f, LEFT + FRAME_WIDTH / 2., TOP + FRAME_HEIGHT + 48, "text-anchor=\"middle\"",
               p->x.label);
    (void)snprintf(turned, sizeof turned,
                   "text-anchor=\"middle\" transform=\"rotate(-90 22 %.1f)\"", middle);
    write_text(f, 22, middle, turned, p->y.label);
}

/* --- series --- */

static void write_band(FILE *f, const ko_bench_plot *p, const ko_bench_plot_series *s,
                       const char *colour)
{
    (void)fputs("<polygon points=\"", f);
    for (size_t i = 0; i < s->n; i++)
        (void)fprintf(f, "%.1f,%.1f ", x_px(p, s->x[i]), y_px(p, s->y[i]));
    for (size_t i = s->n; i-- > 0;)
        (void)fprintf(f, "%.1f,%.1f ", x_px(p, s->x[i]), y_px(p, s->y2[i]));
    (void)fprintf(f, "\" fill=\"%s\" fill-opacity=\".18\"/>\n", colour);
}

static void write_points(FILE *f, const ko_bench_plot *p, const ko_bench_plot_series *s, size_t n,
                         double radius, const char *colour)
{
    for (size_t i = 0; i < n; i++)
        (void)fprintf(f, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%g\" fill=\"%s\"/>\n",
                      x_px(p, s->x[i]), y_px(p, s->y[i]), radius, colour);
}

static void write_line(FILE *f, const ko_bench_plot *p, const ko_bench_plot_series *s,
                       const char *colour)
{
    (void)fputs("<polyline points=\"", f);
    for (size_t i = 0; i < s->n; i++) {
        if (i > 0 && s->style == KO_BENCH_PLOT_STEPS)
            (void)fprintf(f, "%.1f,%.1f ", x_px(p, s->x[i]), y_px(p, s->y[i - 1]));
        (void)fprintf(f, "%.1f,%.1f ", x_px(p, s->x[i]), y_px(p, s->y[i]));
    }
    (void)fprintf(f, "\" fill=\"none\" stroke=\"%s\" stroke-width=\"2.5\"%s/>\n", colour,
                  s->style == KO_BENCH_PLOT_DASHED ? " stroke-dasharray=\"7 5\"" : "");
}

static void write_series(FILE *f, const ko_bench_plot *p, size_t i)
{
    const ko_bench_plot_series *s = &p->series[i];
    const double y = TOP + 12 + 26 * (double)i;
    if (s->style == KO_BENCH_PLOT_BAND) {
        write_band(f, p, s, colours[i]);
        (void)fprintf(f,
                      "<rect x=\"%d\" y=\"%.1f\" width=\"26\" height=\"14\" fill=\"%s\""
                      " fill-opacity=\".18\"/>\n",
                      LEGEND, y - 7, colours[i]);
    } else if (s->style == KO_BENCH_PLOT_POINTS) {
        write_points(f, p, s, s->n, 5, colours[i]);
        (void)fprintf(f, "<circle cx=\"%d\" cy=\"%.1f\" r=\"5\" fill=\"%s\"/>\n", LEGEND + 13, y,
                      colours[i]);
    } else {
        write_line(f, p, s, colours[i]);
        if (s->style == KO_BENCH_PLOT_LINE)
            write_points(f, p, s, s->n, 3.5, colours[i]);
        else if (s->style == KO_BENCH_PLOT_STEPS)
            write_points(f, p, s, s->n ? 1 : 0, 5, colours[i]);
        (void)fprintf(f, "<path d=\"M%d %.1fh26\" stroke=\"%s\" stroke-width=\"2.5\"%s/>\n", LEGEND,
                      y, colours[i],
                      s->style == KO_BENCH_PLOT_DASHED ? " stroke-dasharray=\"7 5\"" : "");
    }
    write_text(f, LEGEND + 34, y + 5, "", s->name);
}

ko_status ko_bench_plot_write(const ko_bench_plot *plot, const char *path, ko_error *err)
{
    assert(plot->n_series <= KO_BENCH_PLOT_SERIES_MAX);
    assert(plot->x.low < plot->x.high && plot->y.low < plot->y.high);
    FILE *f = fopen(path, "w");
    if (!f)
        return ko_fail(err, KO_E_IO, "%s: %s", path, strerror(errno));
    (void)fprintf(f,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                  " viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"14\""
                  " fill=\"#222\">\n<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n",
                  WIDTH, HEIGHT, WIDTH, HEIGHT, WIDTH, HEIGHT);
    write_text(f, LEFT, 30, "font-size=\"19\" font-weight=\"bold\"", plot->title);
    write_text(f, LEFT, 54, "fill=\"#555\"", plot->subtitle);
    write_axes(f, plot);
    for (size_t i = 0; i < plot->n_series; i++)
        write_series(f, plot, i);
    (void)fputs("</svg>\n", f);
    const bool bad = ferror(f);
    if (fclose(f) != 0 || bad)
        return ko_fail(err, KO_E_IO, "%s: not written whole", path);
    return KO_OK;
}
