/* bench/plot.h - one chart of lines and points as a file of SVG text. */
#ifndef KO_BENCH_PLOT_H
#define KO_BENCH_PLOT_H

#include <knockoff/status.h>

#include <stdbool.h>
#include <stddef.h>

typedef struct ko_bench_plot_axis {
    const char *label; /* with its unit */
    double low, high;
    bool log;         /* low is above 0 */
    const char *none; /* what low stands for when it stands for 0 on a log axis; or NULL */
} ko_bench_plot_axis;

typedef enum ko_bench_plot_style {
    KO_BENCH_PLOT_LINE,   /* with its points marked */
    KO_BENCH_PLOT_STEPS,  /* a value holds up to the next x; the first point marked */
    KO_BENCH_PLOT_DASHED, /* a line to compare with */
    KO_BENCH_PLOT_POINTS,
    KO_BENCH_PLOT_BAND /* the area between y and y2 */
} ko_bench_plot_style;

/* n points with x ascending; values beyond the axes are drawn at their ends. */
typedef struct ko_bench_plot_series {
    const char *name;
    ko_bench_plot_style style;
    size_t n;
    const double *x, *y, *y2; /* y2 of a band only */
} ko_bench_plot_series;

#define KO_BENCH_PLOT_SERIES_MAX 10

typedef struct ko_bench_plot {
    const char *title, *subtitle;
    ko_bench_plot_axis x, y;
    const ko_bench_plot_series *series;
    size_t n_series;
} ko_bench_plot;

/* KO_E_IO. */
KO_NODISCARD ko_status ko_bench_plot_write(const ko_bench_plot *plot, const char *path,
                                           ko_error *err);

#endif
