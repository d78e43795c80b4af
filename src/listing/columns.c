/* Names are matched whole, from tables, and not by parts: "seller url" and "own url" must
 * not pass for the listing's. A column that is missed is said to be ignored, so a person can
 * rename it; one that is mistaken would go unseen. */
#include "listing/columns.h"

#include "base/alloc.h"

#include <assert.h>
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* English first, then German, French and Spanish, as they look after normalise(). */
const ko_sheet_names ko_sheet_listing_names[] = {
    {KO_FIELD_URL, "url",
     "url listingurl producturl itemurl offerurl pageurl weburl link listinglink productlink "
     "itemlink linkurl linktolisting href permalink canonicalurl webaddress webpage "
     "angebotsurl angebotslink artikelurl artikellink produkturl produktlink adresse "
     "lien urldelannonce liendelannonce urlproduit urlduproduit lienproduit adresseweb "
     "enlace urldelanuncio urldelproducto enlacedelproducto direccionweb address website"},
    {KO_FIELD_OFFER, "listing",
     "listing item product offer angebot artikel produkt annonce article produit anuncio "
     "articulo producto"},
    {KO_FIELD_TITLE, "title",
     "title listingtitle producttitle itemtitle name listingname productname itemname headline "
     "titel bezeichnung artikelname produktname titre nom nomduproduit titulo nombre "
     "nombredelproducto description productdescription beschreibung descripcion"},
    {KO_FIELD_SELLER, "seller",
     "seller sellername shop shopname store storename vendor vendorname merchant merchantname "
     "sellershop sellerstore verkaufer verkaeufer verkaufername verkaeufername anbieter handler "
     "haendler laden vendeur nomduvendeur boutique nomdelaboutique marchand vendedor "
     "nombredelvendedor tienda nombredelatienda comerciante"},
    {KO_FIELD_PRICE, "price",
     "price storeprice shopprice listingprice productprice itemprice unitprice saleprice cost "
     "amount priceamount pricevalue preis verkaufspreis betrag kosten prix montant cout precio "
     "importe coste costo"},
    {KO_FIELD_CURRENCY, "currency",
     "currency currencycode pricecurrency pricecurrencycode wahrung waehrung devise monnaie "
     "moneda divisa"},
    {KO_FIELD_IMAGE, "image",
     "image images imagefile imagefilename imagepath imageurl imageurls imagelink imagesurl "
     "imagesrc imagessrc additionalimagelink bigimage localimage img imgs picture pictures "
     "picturefile picturepath pictureurl photo photos photofile photopath photourl file files "
     "filename filepath path screenshot screenshots thumbnail gallery "
     "bild bilder bilddatei bildpfad foto fotos datei dateiname dateipfad pfad bildschirmfoto "
     "abbildung fichier nomdufichier chemin capture capturedecran imagen imagenes fichero archivo "
     "nombredelarchivo ruta captura capturadepantalla"},
    {KO_FIELD_IGNORED, "", ""}};

const ko_sheet_names ko_sheet_work_names[] = {
    {KO_FIELD_IMAGE, "file",
     "file files filename filepath path image images imagefile imagefilename imagepath picture "
     "pictures photo photos original originals originalfile workfile artworkfile designfile "
     "datei dateien dateiname dateipfad pfad bild bilder bilddatei bildpfad foto fotos "
     "fichier nomdufichier chemin archivo fichero nombredelarchivo ruta imagen imagenes"},
    {KO_FIELD_SERIAL, "serial", "serial serialno serialnumber workserial koserial knockoffserial"},
    {KO_FIELD_TITLE, "title",
     "title worktitle name workname artwork design designname work titel werktitel werk motiv "
     "titre nom oeuvre titulo nombre obra description beschreibung descripcion"},
    {KO_FIELD_REGISTRATION, "registration",
     "registration registrationnumber registrationno registrationid regno regnumber ipr iprno "
     "iprnumber copyrightregistration copyrightregistrationnumber copyrightno copyrightnumber "
     "registrierung registriernummer registrierungsnummer eintragungsnummer enregistrement "
     "numerodenregistrement registro numeroderegistro"},
    {KO_FIELD_HOLDER, "holder",
     "holder rightsholder rightholder rightsowner copyrightholder copyrightowner owner artist "
     "author creator designer rechteinhaber rechteinhaberin inhaber urheber urheberin kunstler "
     "kunstlerin kuenstler kuenstlerin titulaire titulairedesdroits auteur autrice artiste titular "
     "titulardelosderechos autor autora artista"},
    {KO_FIELD_PUBLISHED_ON, "published_on",
     "publishedon published publisheddate publicationdate datepublished dateofpublication "
     "firstpublished firstpublishedon firstpublication firstpublicationdate dateoffirstpublication "
     "releasedate releasedon veroffentlicht veroffentlichtam veroeffentlicht veroeffentlichtam "
     "veroffentlichungsdatum erstveroffentlichung datedepublication publiele fechadepublicacion "
     "publicado publicadoel"},
    {KO_FIELD_PUBLISHED_URL, "published_url",
     "publishedurl publicationurl firstpublishedurl publishedat firstpublishedat ownurl ownlink "
     "url link website lien enlace"},
    {KO_FIELD_THRESHOLD, "threshold",
     "threshold scorethreshold schwelle schwellenwert seuil umbral"},
    {KO_FIELD_IGNORED, "", ""}};

#define NAME_SIZE 48 /* longer than any name of the tables */

/* Base letters of U+00C0..U+00DF and, 32 further on, U+00E0..U+00FF; '.' is no letter. */
static const char base_letter[] = "aaaaaaaceeeeiiiidnooooo.ouuuuyts";

/* Keeps letters: ASCII in lower case, Latin-1 ones without their accents, those of other
 * scripts as they are. False when what is left does not fit. */
static bool normalise(const char *name, char out[NAME_SIZE])
{
    size_t n = 0;
    for (const unsigned char *s = (const unsigned char *)name; *s; s++) {
        if ((*s == '(' || *s == '[') && n > 0)
            break;
        const bool more = (s[1] & 0xC0) == 0x80;
        char c = '.';
        if (isascii(*s)) {
            c = (char)(isalpha(*s) ? tolower(*s) : '.');
        } else if (*s == 0xC3 && more) {
            c = base_letter[*++s & 31];
        } else if ((*s == 0xC2 || *s == 0xCC) && more) {
            s++; /* symbols such as the no-break space; combining accents */
        } else if (*s == 0xE2 && more && s[1] <= 0x83 && (s[2] & 0xC0) == 0x80) {
            s += 2; /* dashes, quotes, currency signs */
        } else {
            c = (char)*s;
        }
        if (c == '.')
            continue;
        if (n + 1 == NAME_SIZE)
            return false;
        out[n++] = c;
    }
    out[n] = '\0';
    return n > 0;
}

ko_sheet_field ko_sheet_name_field(const ko_sheet_names *names, const char *name,
                                   unsigned *out_rank)
{
    char wanted[NAME_SIZE];
    if (!normalise(name, wanted))
        return KO_FIELD_IGNORED;
    const size_t n = strlen(wanted);
    for (; names->field != KO_FIELD_IGNORED; names++) {
        unsigned rank = 0;
        for (const char *known = names->names; *known; rank++) {
            const size_t length = strcspn(known, " ");
            if (length == n && memcmp(known, wanted, n) == 0) {
                *out_rank = rank;
                return names->field;
            }
            known += length + strspn(known + length, " ");
        }
    }
    return KO_FIELD_IGNORED;
}

ko_status ko_sheet_columns_set(ko_sheet_columns *columns, size_t index, const char *name,
                               ko_error *err)
{
    assert(index < KO_MAX_SHEET_COLUMNS && !columns->column[index].name);
    ko_sheet_column column = {.name = ko_strdup(name)};
    if (!column.name)
        return ko_fail(err, KO_E_NOMEM, "name of column %zu", index + 1);
    column.field = ko_sheet_name_field(columns->names, name, &column.rank);
    columns->column[index] = column;
    if (columns->count <= index)
        columns->count = index + 1;
    return KO_OK;
}

ko_status ko_sheet_columns_index(ko_sheet_columns *columns, const char *name, size_t *out_index,
                                 ko_error *err)
{
    size_t i = 0;
    while (i < columns->count && strcmp(columns->column[i].name, name) != 0)
        i++;
    ko_status st = KO_OK;
    if (i == columns->count) {
        unsigned rank;
        const bool ignored = ko_sheet_name_field(columns->names, name, &rank) == KO_FIELD_IGNORED;
        if (i < (ignored ? KO_MAX_SHEET_COLUMNS / 2 : KO_MAX_SHEET_COLUMNS))
            st = ko_sheet_columns_set(columns, i, name, err);
        else
            i = KO_MAX_SHEET_COLUMNS;
    }
    if (st == KO_OK)
        *out_index = i;
    return st;
}

void ko_sheet_columns_free(ko_sheet_columns *columns)
{
    for (size_t i = 0; i < columns->count; i++)
        ko_free(columns->column[i].name);
    *columns = (ko_sheet_columns){.names = columns->names};
}
