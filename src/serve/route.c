#include "serve/route.h"

#include <string.h>

/* Reads a number without sign and leading zeros; 0 when it is none. */
static int64_t read_id(const char *text, size_t n)
{
    int64_t id = 0;
    if (n > 18 || text[0] == '0')
        return 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return 0;
        id = 10 * id + (text[i] - '0');
    }
    return id;
}

/* {name} is the last segment, so that it ends with the path. */
static bool fits(const char *pattern, const char *path, ko_serve_routed *out)
{
    while (*pattern == '/' && *path == '/') {
        const size_t n = strcspn(++pattern, "/?"), m = strcspn(++path, "/");
        if (n == 6 && strncmp(pattern, "{name}", n) == 0 && path[m] == '\0') {
            out->name = path;
        } else if (n == 4 && strncmp(pattern, "{id}", n) == 0) {
            out->id = read_id(path, m);
            if (out->id == 0)
                return false;
        } else if (n != m || memcmp(pattern, path, n) != 0) {
            return false;
        }
        pattern += n;
        path += m;
    }
    out->query = pattern + (*pattern == '?');
    return (*pattern == '\0' || *pattern == '?') && *path == '\0';
}

ko_serve_routed ko_serve_route_find(const ko_serve_route *table, ko_http_method method,
                                    const char *path)
{
    const ko_http_method asked = method == KO_HTTP_HEAD ? KO_HTTP_GET : method;
    ko_serve_routed found = {0};
    for (const ko_serve_route *route = table; route->pattern; route++) {
        ko_serve_routed at = {.route = route};
        if (!fits(route->pattern, path, &at))
            continue;
        if (route->method == asked)
            return at;
        found.allow = route->method == KO_HTTP_GET ? "GET, HEAD" : "POST";
    }
    return found;
}
