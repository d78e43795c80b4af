#include "platform/shops.h"

const char ko_shops_checked_on[] = "2026-11-21";

static const ko_shop_shape aliexpress[] = {
    {"^/(item|i)/([^/?]+/)?([0-9]+)\\.html", 3},
    {"[?&](productIds?|x_object_id)=([0-9]+)", 2},
    {0},
};
static const ko_shop_shape alibaba[] = {
    {"^/product-detail/([^?]*_)?([0-9]+)\\.html", 2},
    {0},
};
static const ko_shop_shape ali1688[] = {
    {"^/(offer|pic)/([0-9]+)\\.html", 2},
    {"[?&]offerId=([0-9]+)", 1},
    {0},
};
static const ko_shop_shape taobao[] = {
    {"^/[^?]*(item|detail)[^?]*\\?(.*&)?id=([0-9]+)", 3},
    {"^/item/([0-9]+)\\.htm", 1},
    {0},
};
static const ko_shop_shape lazada[] = {
    {"^/products/([^/?]*-)?i([0-9]+)(-s[0-9]+)?\\.html", 2},
    {0},
};
static const ko_shop_shape amazon[] = {
    {"/(dp|gp/product|gp/aw/d|d|gp/offer-listing|exec/obidos/ASIN)/([A-Z0-9]{10})([/?]|$)", 2},
    {0},
};
static const ko_shop_shape ebay[] = {
    {"^/itm/([^/?]+/)?([0-9]{9,})", 2},
    {"[?&]item=([0-9]{9,})", 1},
    {0},
};
static const ko_shop_shape etsy[] = {
    {"/listing/([0-9]+)", 1},
    {0},
};
static const ko_shop_shape redbubble[] = {
    {"^(/[a-z]{2})?/i/[^/?]+/[^/?]+/([0-9]+)", 2},
    {"^(/[a-z]{2})?/people/[^/?]+/works/([0-9]+)", 2},
    {0},
};
static const ko_shop_shape temu[] = {
    {"^[^?]*-g-([0-9]+)\\.html", 1},
    {"[?&]goods_id=([0-9]+)", 1},
    {0},
};
/* /products/handle, in a collection or a language, and nothing behind it. */
static const ko_shop_shape shopify[] = {
    {"^(/[a-z]{2}(-[a-z]{2,4})?)?(/collections/[^/?]+)?/products/([^/?.]+)/?([?]|$)", 4},
    {0},
};
/* /product/name/, with the slash that WordPress ends its paths in. */
static const ko_shop_shape woocommerce[] = {
    {"^[^?]*/product/([^/?.]+)/([?]|$)", 1},
    {0},
};

const ko_shop ko_shops[] = {
    {"aliexpress", "aliexpress", "com us", aliexpress, "https://www.aliexpress.com/item/{id}.html",
     "aliexpress:{id}", (uint64_t)1 << 51},
    {"aliexpress", "aliexpress", "ru", aliexpress, "https://aliexpress.ru/item/{id}.html",
     "aliexpress.ru:{id}", 0},
    {"alibaba", "alibaba", "com", alibaba, "https://www.alibaba.com/product-detail/x_{id}.html",
     "alibaba:{id}", 0},
    {"1688", "1688", "com", ali1688, "https://detail.1688.com/offer/{id}.html", "1688:{id}", 0},
    {"taobao", "taobao", "com", taobao, "https://item.taobao.com/item.htm?id={id}", "taobao:{id}",
     0},
    /* One numbering with Taobao. */
    {"tmall", "tmall", "com hk", taobao, "https://detail.tmall.com/item.htm?id={id}", "taobao:{id}",
     0},
    {"lazada", "lazada", "com.my co.id com.ph co.th sg vn", lazada,
     "https://www.lazada.{ending}/products/i{id}.html", "lazada.{ending}:{id}", 0},
    {"amazon", "amazon",
     "com ca com.mx com.br co.uk de fr it es nl se pl ie com.be com.tr ae sa eg in co.jp com.au sg "
     "cn co.za",
     amazon, "https://www.amazon.{ending}/dp/{id}", "amazon.{ending}:{id}", 0},
    {"ebay", "ebay",
     "com co.uk de fr it es at ch ie pl nl be ca com.au com.hk com.my com.sg ph in com.tw", ebay,
     "https://www.ebay.{ending}/itm/{id}", "ebay:{id}", 0},
    {"etsy", "etsy", "com", etsy, "https://www.etsy.com/listing/{id}", "etsy:{id}", 0},
    /* The kinds of product that carry one work are one listing of it. */
    {"redbubble", "redbubble", "com", redbubble, "https://www.redbubble.com{head}{id}",
     "redbubble:{id}", 0},
    {"temu", "temu", "com", temu, "https://www.temu.com/goods.html?goods_id={id}", "temu:{id}", 0},
    {"shopify", NULL, NULL, shopify, "{site}/products/{id}", NULL, 0},
    {"woocommerce", NULL, NULL, woocommerce, "{site}{head}{id}/", NULL, 0},
    {0},
};

const char *const ko_shops_short_hosts[] = {
    "s.click.aliexpress.com",
    "a.aliexpress.com",
    "m.tb.cn",
    "e.tb.cn",
    "qr.1688.com",
    "amzn.to",
    "amzn.eu",
    "amzn.asia",
    "a.co",
    "ebay.us",
    "ebay.to",
    "etsy.me",
    "temu.to",
    "share.temu.com",
    NULL,
};

/* Only what never chooses the item: "ref", "tag" and "hash" are trackers on some sites and
 * names of items on others. */
const char *const ko_shops_trackers[] = {
    "utm_*",      "gclid",      "gclsrc",      "dclid",   "gbraid",    "wbraid",        "fbclid",
    "msclkid",    "yclid",      "twclid",      "ttclid",  "igshid",    "srsltid",       "epik",
    "mc_cid",     "mc_eid",     "_ga",         "_gl",     "_hsenc",    "_hsmi",         "mkt_tok",
    "spm",        "scm",        "scm_id",      "scm-url", "pvid",      "algo_*",        "aff_*",
    "pdp_*",      "gps-id",     "terminal_id", "sk",      "click_key", "click_sum",     "_trk*",
    "_pos",       "_sid",       "_ss",         "_psq",    "_fid",      "pr_prod_strat", "pr_rec_id",
    "pr_rec_pid", "pr_ref_pid", "pr_seq",      "cjevent", "irclickid", "awc",           NULL,
};

#define EXT "(\\.(jpe?g|png|webp|gif|avif))"

const ko_image_rule ko_image_rules[] = {
    /* AliExpress, Alibaba, 1688, Taobao; Lazada has the same servers under a name of its own. */
    {"alicdn.com", "\\?.*$", ""},
    {"alicdn.com", EXT "_[^/]*$", "\\1"},
    {"alicdn.com", "[._][0-9]+x[0-9]+[a-z0-9]*" EXT "$", "\\1"},
    {"alicdn.com", "\\.(search|summ)" EXT "$", "\\2"},
    {"aliexpress-media.com", "\\?.*$", ""},
    {"aliexpress-media.com", EXT "_[^/]*$", "\\1"},
    {"slatic.net", "\\?.*$", ""},
    {"slatic.net", EXT "_[^/]*$", "\\1"},

    {"ebayimg.com", "\\?.*$", ""},
    {"ebayimg.com", "^/thumbs/", "/"},
    {"ebayimg.com", "^/00/s/[^/]+/z/([^/]+)/[^/]*$", "/images/g/\\1/s-l1600.jpg"},
    {"ebayimg.com", "/s-l[0-9]+\\.[a-z]+$", "/s-l1600.jpg"},

    {"etsystatic.com", "\\?.*$", ""},
    {"etsystatic.com", "/c/[0-9]+/[0-9]+/[0-9]+/[0-9]+/", "/r/"},
    {"etsystatic.com", "/(i[a-z]+)_[0-9]+x([0-9]+|N)\\.", "/\\1_fullxfull."},

    {"media-amazon.com", "\\._[^/]*_(\\.[a-z]+)$", "\\1"},
    {"ssl-images-amazon.com", "\\._[^/]*_(\\.[a-z]+)$", "\\1"},
    {"images-amazon.com", "\\._[^/]*_(\\.[a-z]+)$", "\\1"},

    {"kwcdn.com", "\\?.*$", ""},

    /* Shopify, from its own host or the shop's. */
    {NULL, "^((/s/files/|/cdn/shop/)[^?]*)\\?.*$", "\\1"},
    {NULL,
     "^((/s/files/|/cdn/shop/).*)_(pico|icon|thumb|small|compact|medium|large|grande|original|"
     "master|[0-9]+x|x[0-9]+|[0-9]+x[0-9]+)(_crop_[a-z]+)?(@[0-9]x)?(\\.progressive)?" EXT "$",
     "\\1\\7"},

    /* WordPress, and the servers that shrink for it. */
    {"wp.com", "\\?.*$", ""},
    {NULL, "(/wp-content/uploads/[^?]*)-[0-9]+x[0-9]+" EXT, "\\1\\2"},
    {0},
};
