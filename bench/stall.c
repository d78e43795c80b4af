#include "stall.h"

#include "proof/jpeg.h"

#include <cairo.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define DESIGN_PX 900
#define PHOTO_PX 800
#define ELEMENTS 36 /* of a design */
#define TURN 6.283185307179586

/* --- chance --- */

/* SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
static uint64_t draw(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static double between(uint64_t *state, double least, double most)
{
    return least + (most - least) * (double)(draw(state) >> 11) * 0x1p-53;
}

static unsigned below(uint64_t *state, unsigned n)
{
    return (unsigned)(draw(state) % n);
}

/* A state of its own for the thing of a kind with this number, whatever was drawn before. */
static uint64_t own_state(const ko_stall *stall, uint64_t kind, unsigned number)
{
    uint64_t state = stall->seed ^ kind << 32 ^ number;
    (void)draw(&state);
    return state;
}

/* --- designs --- */

static void choose_colour(cairo_t *cr, uint64_t *state)
{
    cairo_set_source_rgb(cr, between(state, 0, 1), between(state, 0, 1), between(state, 0, 1));
}

/* A star, a polygon or a flower around the origin: r changes from point to point. */
static void trace_element(cairo_t *cr, uint64_t *state, double radius)
{
    const unsigned points = 3 + below(state, 8);
    const bool bent = below(state, 2);
    const double inner = radius * between(state, 0.3, 1);
    for (unsigned i = 0; i < 2 * points; i++) {
        const double r = i % 2 ? inner : radius;
        const double angle = TURN * i / (2 * points);
        const double x = r * cos(angle), y = r * sin(angle);
        if (i > 0 && bent)
            cairo_curve_to(cr, x * 0.4, y * 1.1, x * 1.1, y * 0.4, x, y);
        else
            cairo_line_to(cr, x, y);
    }
    cairo_close_path(cr);
}

/* Elements of all sizes around the middle, on nothing. */
static void draw_design(cairo_t *cr, uint64_t *state)
{
    for (unsigned i = 0; i < ELEMENTS; i++) {
        const double radius = between(state, 20, 200 - 4.0 * i);
        cairo_save(cr);
        cairo_translate(cr, between(state, 0.25, 0.75) * DESIGN_PX,
                        between(state, 0.25, 0.75) * DESIGN_PX);
        cairo_rotate(cr, between(state, 0, TURN));
        trace_element(cr, state, radius);
        choose_colour(cr, state);
        cairo_fill_preserve(cr);
        choose_colour(cr, state);
        cairo_set_line_width(cr, between(state, 2, 9));
        cairo_stroke(cr);
        cairo_restore(cr);
    }
}

static cairo_surface_t *make_design(const ko_stall *stall, unsigned work)
{
    uint64_t state = own_state(stall, 1, work);
    cairo_surface_t *design = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, DESIGN_PX, DESIGN_PX);
    cairo_t *cr = cairo_create(design);
    draw_design(cr, &state);
    cairo_destroy(cr);
    return design;
}

/* --- photos --- */

/* A shirt before a wall, in light that falls from one side. */
static void draw_scene(cairo_t *cr, uint64_t *state)
{
    cairo_pattern_t *light = cairo_pattern_create_linear(0, 0, PHOTO_PX, PHOTO_PX);
    cairo_pattern_add_color_stop_rgba(light, 0, 1, 1, 1, 0.3);
    cairo_pattern_add_color_stop_rgba(light, 1, 0, 0, 0, 0.3);
    choose_colour(cr, state);
    cairo_paint(cr);
    choose_colour(cr, state);
    cairo_move_to(cr, 250, 60);
    cairo_curve_to(cr, 330, 110, 470, 110, 550, 60);
    cairo_line_to(cr, 770, 220);
    cairo_line_to(cr, 640, 330);
    cairo_line_to(cr, 640, 780);
    cairo_line_to(cr, 160, 780);
    cairo_line_to(cr, 160, 330);
    cairo_line_to(cr, 30, 220);
    cairo_close_path(cr);
    cairo_fill(cr);
    cairo_set_source(cr, light);
    cairo_paint(cr);
    cairo_pattern_destroy(light);
}

static void print_design(cairo_t *cr, cairo_surface_t *design, uint64_t *state)
{
    const double scale = between(state, 0.36, 0.5);
    cairo_translate(cr, 400 + between(state, -20, 20), 420 + between(state, -40, 40));
    cairo_rotate(cr, between(state, -0.1, 0.1));
    cairo_scale(cr, below(state, 10) == 0 ? -scale : scale, scale);
    cairo_set_source_surface(cr, design, -DESIGN_PX / 2.0, -DESIGN_PX / 2.0);
    cairo_paint_with_alpha(cr, 0.93);
}

static bool complain(const char *path)
{
    (void)fprintf(stderr, "stall: %s: %s\n", path, strerror(errno));
    return false;
}

static bool write_bytes(const char *path, const ko_buf *bytes)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        return complain(path);
    const bool whole = fwrite(bytes->data, 1, bytes->size, file) == bytes->size;
    return (fclose(file) == 0 && whole) || complain(path);
}

static bool write_photo(const char *path, cairo_surface_t *photo)
{
    ko_buf jpeg = KO_BUF(16 << 20);
    cairo_surface_flush(photo);
    const ko_status st = ko_proof_jpeg(cairo_image_surface_get_data(photo),
                                       (size_t)cairo_image_surface_get_stride(photo), PHOTO_PX,
                                       PHOTO_PX, 88, &jpeg, NULL);
    const bool written = st == KO_OK && write_bytes(path, &jpeg);
    ko_buf_free(&jpeg);
    return written;
}

/* With a design, or without one when that is NULL. */
static bool make_photo(const char *path, cairo_surface_t *design, uint64_t state)
{
    cairo_surface_t *photo = cairo_image_surface_create(CAIRO_FORMAT_RGB24, PHOTO_PX, PHOTO_PX);
    cairo_t *cr = cairo_create(photo);
    draw_scene(cr, &state);
    if (design)
        print_design(cr, design, &state);
    cairo_destroy(cr);
    const bool written = write_photo(path, photo);
    cairo_surface_destroy(photo);
    return written;
}

/* --- sheets --- */

/* How often each platform comes in ten, as artists tell it: AliExpress before all. */
static const char platforms[] = "aaaaaaebzt";

/* The address of a listing as it is copied out of a browser: in one of several forms. */
static void put_url(FILE *sheet, unsigned number, unsigned form)
{
    const unsigned long long item = 1005006000000000ull + 7919ull * number;
    switch (platforms[number % 10]) {
    case 'a':
        if (form % 3 == 0)
            (void)fprintf(sheet, "https://www.aliexpress.us/item/%llu.html?gatewayAdapt=glo2usa",
                          item + 2251799813685248ull);
        else if (form % 3 == 1)
            (void)fprintf(sheet, "https://de.aliexpress.com/item/%llu.html?spm=a2g0o.%u&pvid=%u",
                          item, number, form);
        else
            (void)fprintf(sheet, "https://m.aliexpress.com/i/%llu.html", item);
        break;
    case 'e':
        (void)fprintf(sheet, "https://www.ebay.com/itm/%s%llu?_trkparms=%u",
                      form % 2 ? "cute-shirt/" : "", 155000000000ull + number, form);
        break;
    case 'b':
        (void)fprintf(sheet, "https://www.etsy.com/%slisting/%u/funny-shirt?click_key=%u",
                      form % 2 ? "de/" : "", 1200000000u + number, form);
        break;
    case 'z':
        (void)fprintf(sheet, "https://www.amazon.com/%sdp/B0%08X/ref=sr_1_%u",
                      form % 2 ? "Cute-Shirt/" : "", 0x10000000u + number, form);
        break;
    default:
        (void)fprintf(sheet, "https://www.temu.com/%scute-shirt-g-%u.html?_x_sessn_id=%u",
                      form % 2 ? "de/" : "", 601099000u + number, form);
    }
}

/* A seller keeps to one platform. */
static void put_row(FILE *sheet, const ko_stall *stall, unsigned number, unsigned form)
{
    uint64_t state = own_state(stall, 4, number);
    const unsigned place = number % 10;
    const unsigned sellers = stall->sellers / 10 > 0 ? stall->sellers / 10 : 1;
    put_url(sheet, number, form);
    (void)fprintf(sheet, ",Cute shirt %u,Shop %u,%u.%02u,USD,photos/%04u.jpg\r\n", number,
                  place + 10 * below(&state, sellers), 3 + below(&state, 30), below(&state, 100),
                  number);
}

static FILE *open_sheet(const ko_stall *stall, const char *name, const char *heading)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", stall->folder, name);
    FILE *sheet = fopen(path, "w");
    if (sheet)
        (void)fprintf(sheet, "%s\r\n", heading);
    else
        (void)complain(path);
    return sheet;
}

static bool close_sheet(FILE *sheet, const char *name)
{
    const bool whole = !ferror(sheet);
    return (fclose(sheet) == 0 && whole) || complain(name);
}

static bool write_works(const ko_stall *stall)
{
    FILE *sheet = open_sheet(stall, "works.csv", "file,title,published on,published url");
    if (!sheet)
        return false;
    for (unsigned i = 0; i < stall->works; i++)
        (void)fprintf(sheet,
                      "art/design-%03u.png,Design %u,2024-%02u-%02u,https://artist.example/%u\r\n",
                      i, i, 1 + i % 12, 1 + i % 28, i);
    return close_sheet(sheet, "works.csv");
}

static bool write_listings(const ko_stall *stall)
{
    FILE *sheet =
        open_sheet(stall, "listings.csv", "listing URL,title,seller,price,currency,image");
    if (!sheet)
        return false;
    const unsigned all = stall->copies + stall->innocent;
    for (unsigned i = 0; i < all; i++)
        put_row(sheet, stall, i, i);
    for (unsigned i = 0; i < stall->again; i++)
        put_row(sheet, stall, i * 7 % stall->copies, i * 7 % stall->copies + 1);
    return close_sheet(sheet, "listings.csv");
}

/* --- all of it --- */

static bool make_folder(const ko_stall *stall, const char *name)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", stall->folder, name);
    return mkdir(path, 0700) == 0 || complain(path);
}

/* Some designs are copied much, most a little: as the square of chance. */
static unsigned copied_work(const ko_stall *stall, unsigned listing)
{
    if (listing < stall->works)
        return listing; /* each at least once */
    uint64_t state = own_state(stall, 3, listing);
    const double share = between(&state, 0, 1);
    return (unsigned)(share * share * stall->works);
}

/* A work, and all photos that show it. */
static bool make_work(const ko_stall *stall, unsigned work)
{
    char path[4096];
    cairo_surface_t *design = make_design(stall, work);
    (void)snprintf(path, sizeof path, "%s/art/design-%03u.png", stall->folder, work);
    bool made = cairo_surface_write_to_png(design, path) == CAIRO_STATUS_SUCCESS || complain(path);
    for (unsigned i = 0; i < stall->copies && made; i++) {
        if (copied_work(stall, i) != work)
            continue;
        (void)snprintf(path, sizeof path, "%s/photos/%04u.jpg", stall->folder, i);
        made = make_photo(path, design, own_state(stall, 2, i));
    }
    cairo_surface_destroy(design);
    return made;
}

bool ko_stall_make(const ko_stall *stall)
{
    char path[4096];
    bool made = make_folder(stall, "art") && make_folder(stall, "photos") && write_works(stall) &&
                write_listings(stall);
    for (unsigned i = 0; i < stall->works && made; i++)
        made = make_work(stall, i);
    for (unsigned i = 0; i < stall->innocent && made; i++) {
        (void)snprintf(path, sizeof path, "%s/photos/%04u.jpg", stall->folder, stall->copies + i);
        made = make_photo(path, NULL, own_state(stall, 2, stall->copies + i));
    }
    return made;
}
