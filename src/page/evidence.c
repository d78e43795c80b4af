/* Weights are whole numbers, and three make a product: what a page says of itself for machines
 * suffices alone, a button for the cart needs a price or a listing's address beside it. What
 * speaks for another kind of page is set against the strongest sign for a product. They were set
 * by hand on saved pages of shops, markets and newspapers. */
#include "page/evidence.h"

#include "base/limits.h"
#include "page/html.h"
#include "page/pricetag.h"
#include "page/structured.h"
#include "page/words.h"
#include "platform/canonical.h"

#include <string.h>
#include <strings.h>

#define MANY_PRICES ((size_t)16) /* rows of results; shops show some neighbours on any page */

enum {
    ENOUGH = 3,
    DESCRIBED = 3, /* by structured data that have a price or a picture, too */
    MARKED = 3,
    KNOWN_LISTING = 3, /* the page's address is that of a listing on a market we know */
    SHOP_ADDRESS = 2,  /* it looks like that of shop software */
    CART = 2,
    PRICE = 2,
    TOLD_PRICE = 1, /* it is what the page tells search engines */
    GALLERY = 1,
    OFFERED = 1,         /* structured data name the price, too */
    SHARED_AS_OTHER = 3, /* Open Graph calls it an article, as much software does with all pages */
    ANOTHER_KIND = 4,    /* structured data call it one, or its address that of a search */
    MANY = 3,            /* prices on a page that nothing calls a product */
    BOOKED = 8,          /* for days and guests: no goods */
};

/* --- for --- */

static bool has_cart_name(const xmlNode *node)
{
    static const char *const places[] = {"id", "class", "name", "action", "data-testid"};
    static const char *const carts[] = {"add-to-cart",   "addtocart",   "add_to_cart", "buy-now",
                                        "buynow",        "buy_now",     "add-to-bag",  "addtobag",
                                        "add-to-basket", "addtobasket", "buyitnow",    "j_linkbuy",
                                        "cart/add",      NULL};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *value = ko_html_attribute(node, places[i]);
        if (value && ko_words_find(value, strlen(value), carts))
            return true;
    }
    return false;
}

/* What the button says, in the languages of large markets. "Cart" alone leads to the cart. */
static bool says_buy(const char *text)
{
    static const char *const words[] = {"add to cart",
                                        "add to basket",
                                        "add to bag",
                                        "buy now",
                                        "buy it now",
                                        "place bid",
                                        "στο καλάθι",
                                        "in den warenkorb",
                                        "sofort-kaufen",
                                        "jetzt kaufen",
                                        "ajouter au panier",
                                        "acheter",
                                        "al carrito",
                                        "a la cesta",
                                        "comprar",
                                        "al carrello",
                                        "acquista ora",
                                        "adicionar ao carrinho",
                                        "winkelwagen",
                                        "winkelmand",
                                        "do koszyka",
                                        "kup teraz",
                                        "i varukorg",
                                        "i handlekurv",
                                        "i kurv",
                                        "ostoskoriin",
                                        "do košíku",
                                        "kosárba",
                                        "adauga in cos",
                                        "adaugă în coș",
                                        "sepete ekle",
                                        "орзину" /* to the cart, in capitals or not */,
                                        "упить",
                                        "加入購物車",
                                        "加入购物车",
                                        "立即購買",
                                        "立即购买",
                                        "カートに入れる",
                                        "カートに追加",
                                        "今すぐ買う",
                                        "購入手続き",
                                        "장바구니 담기",
                                        "구매하기",
                                        "바로구매",
                                        "أضف إلى السلة",
                                        "הוסף לסל",
                                        "thêm vào giỏ",
                                        "keranjang",
                                        "ใส่ตะกร้า",
                                        NULL};
    return ko_words_find(text, strlen(text), words) != NULL;
}

ko_status ko_evidence_has_cart(const xmlDoc *page, bool *out_has)
{
    ko_buf text = KO_BUF((size_t)120); /* a button says no more */
    const xmlNode *root = xmlDocGetRootElement(page);
    ko_status st = KO_OK;
    *out_has = false;
    for (const xmlNode *node = root; node && st == KO_OK && !*out_has;
         node = ko_html_next(node, root)) {
        const bool input = ko_html_is(node, "input");
        if (!input && !ko_html_is(node, "button") && !ko_html_is(node, "a") &&
            !ko_html_is(node, "form"))
            continue;
        const char *value = input ? ko_html_attribute(node, "value") : NULL;
        ko_buf_clear(&text);
        if (!input && !ko_html_is(node, "form"))
            st = ko_html_text(node, &text);
        if (text.data && text.size < text.max)
            value = text.data;
        *out_has = has_cart_name(node) || (value && says_buy(value));
    }
    ko_buf_free(&text);
    return st;
}

/* What the page's address says for it. */
static ko_status weigh_address(const char *address, int *weight)
{
    ko_url url;
    ko_canonical canonical;
    ko_status st = ko_url_parse(address, strlen(address), NULL, &url, NULL);
    if (st == KO_OK)
        st = ko_canonical_listing(&url, &canonical, NULL);
    if (st == KO_OK && canonical.item[0])
        *weight += canonical.key[0] ? KNOWN_LISTING : SHOP_ADDRESS;
    return st == KO_E_NOMEM ? st : KO_OK;
}

/* --- against --- */

/* Things and works that schema.org knows and nobody ships. */
static const char *const other_kinds[] = {"Article",
                                          "NewsArticle",
                                          "BlogPosting",
                                          "TechArticle",
                                          "Report",
                                          "ProfilePage",
                                          "Person",
                                          "QAPage",
                                          "SearchResultsPage",
                                          "Hotel",
                                          "LodgingBusiness",
                                          "Accommodation",
                                          "VacationRental",
                                          "Apartment",
                                          "House",
                                          "BedAndBreakfast",
                                          "Hostel",
                                          "RealEstateListing",
                                          "JobPosting",
                                          "Recipe",
                                          "Event",
                                          "Restaurant",
                                          "Course",
                                          "TouristTrip",
                                          "Movie",
                                          "TVSeries",
                                          "DiscussionForumPosting",
                                          NULL};

/* A page says of itself what it is at the top of its data: what stands deeper are parts. */
static ko_status has_other_data(const xmlDoc *page, bool *out_has)
{
    json_t *all = NULL;
    const ko_status st = ko_structured_scripts(page, &all);
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *value = json_array_get(all, i);
        const json_t *graph = json_object_get(value, "@graph");
        const json_t *list = graph ? graph : value;
        *out_has = *out_has || ko_structured_has_type(value, other_kinds);
        for (size_t k = 0; k < json_array_size(list); k++)
            *out_has = *out_has || ko_structured_has_type(json_array_get(list, k), other_kinds);
    }
    json_decref(all);
    return st;
}

static bool is_other_type(const char *open_graph)
{
    static const char *const types[] = {"article", "profile", "video", "music", "movie",
                                        "blog",    "hotel",   "place", NULL};
    return open_graph && ko_words_find(open_graph, strlen(open_graph), types);
}

/* Fields for the days of a stay. */
static bool is_booked(const xmlDoc *page)
{
    static const char *const from[] = {"checkin", "check-in", "check_in", "arrival", NULL};
    static const char *const guests[] = {"guest", "adults", NULL};
    bool day = false, people = false;
    const xmlNode *root = xmlDocGetRootElement(page);
    for (const xmlNode *node = root; node; node = ko_html_next(node, root)) {
        if (!ko_html_is(node, "input") && !ko_html_is(node, "select") &&
            !ko_html_is(node, "button"))
            continue;
        const char *name = ko_html_attribute(node, "name");
        if (!name)
            name = ko_html_attribute(node, "id");
        day = day || (name && ko_words_find(name, strlen(name), from));
        people = people || (name && ko_words_find(name, strlen(name), guests));
    }
    return day && people;
}

/* Results, categories, tags and people by the address of the page. */
static bool is_list_address(const char *url)
{
    static const char *const words[] = {
        "/search", "/wholesale",  "?q=",       "&q=",    "?k=",       "?s=",
        "_nkw=",   "searchtext=", "keyword=",  "query=", "/category", "/categories/",
        "/c/",     "/tag/",       "/users/",   "/user/", "/people/",  "/blog/",
        "/news/",  "/profile/",   "/article/", NULL};
    return ko_words_find(url, strlen(url), words) != NULL;
}

/* Results in the words of the page's title. */
static bool is_list_title(const char *title)
{
    static const char *const words[] = {"search results",    "results for",
                                        "search:",           "suchergebnisse",
                                        "ergebnisse für",    "résultats pour",
                                        "resultados de",     "resultados para",
                                        "risultati per",     "搜索结果",
                                        "搜尋結果",          "検索結果",
                                        "результаты поиска", NULL};
    return ko_words_find(title, strlen(title), words) != NULL;
}

static ko_status weigh_other_kinds(const ko_evidence *e, bool listing, int *weight)
{
    bool other = false;
    const char *title = ko_offer_get(e->offer, KO_OFFER_TITLE);
    const bool told = e->described || e->marked || listing;
    size_t prices = 0;
    ko_status st = has_other_data(e->page, &other);
    if (st == KO_OK && !told)
        st = ko_pricetag_count(e->page, MANY_PRICES, &prices);
    *weight -= prices >= MANY_PRICES ? MANY : 0;
    *weight -= !listing && is_list_title(title) ? ANOTHER_KIND : 0;
    *weight -= other ? ANOTHER_KIND : 0;
    *weight -= is_other_type(ko_structured_meta(e->page, "og:type")) ? SHARED_AS_OTHER : 0;
    *weight -= is_booked(e->page) ? BOOKED : 0;
    *weight -= !listing && e->url && is_list_address(e->url) ? ANOTHER_KIND : 0;
    return st;
}

ko_status ko_evidence_weigh(const ko_evidence *e, bool *out_sells)
{
    const ko_page_offer *offer = e->offer;
    const char *url = offer->field[KO_OFFER_URL] ? offer->field[KO_OFFER_URL] : e->url;
    const bool priced = offer->field[KO_OFFER_PRICE] != NULL;
    bool cart = false;
    int address = 0, weight = 0;
    ko_status st = url ? weigh_address(url, &address) : KO_OK;
    if (st == KO_OK)
        st = ko_evidence_has_cart(e->page, &cart);
    if (st == KO_OK)
        st = weigh_other_kinds(e, address > 0, &weight);
    weight += address;
    weight += e->described && (priced || offer->n_images > 0) ? DESCRIBED : 0;
    weight += e->described && e->offered ? OFFERED : 0;
    weight += e->marked ? MARKED : 0;
    weight += cart ? CART : 0;
    weight += priced ? PRICE : 0;
    weight += ko_pricetag_is_told(e->page) ? TOLD_PRICE : 0;
    weight += offer->n_images > 1 ? GALLERY : 0;
    *out_sells = weight >= ENOUGH && offer->field[KO_OFFER_TITLE];
    return st;
}
