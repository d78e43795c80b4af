/* Names are matched whole, from tables, and not by parts: "seller url" and "own url" must
 * not pass for the listing's. A column that is missed is said to be ignored, or kept under its
 * own name, so a person can rename it; one that is mistaken would go unseen.
 *
 * Some names mean two things, and are taken so: "item", "product" and "listing" are told row by
 * row; "store" alone is its name, "store no." and "store #" its number; "url" is the listing's
 * and "own url" the artist's; "design" and "artwork" are works, also in a sheet of listings;
 * "published" is when the work was; "screenshot" is a picture of the listing as any other. "date"
 * alone may be that of anything, so it stays a column of the user's own. */
#include "listing/columns.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "listing/words.h"

#include <assert.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
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
#define REMARK(KIND) (KO_FIELD_REMARK + (KO_REMARK_##KIND))
    {REMARK(WORK), "work",
     "work design artwork art original workdesign designwork workordesign workname worktitle "
     "designname designtitle artworkname artworktitle mywork mydesign mydesigns originalwork "
     "originaldesign stolenwork stolendesign copiedwork copieddesign werk motiv entwurf werktitel "
     "motivname meinwerk meinmotiv werkmotiv motivwerk oeuvre dessin nomdeloeuvre titredeloeuvre "
     "oeuvreoriginale obra diseno dibujo nombredelaobra titulodelaobra obraoriginal"},
    {REMARK(OWN_URL), "own url",
     "ownurl ownlink ourl mylink myurl mylisting mypage originalurl originallink ownlisting "
     "eigeneurl eigenerlink meinlink eigeneseite monlien lienoriginal urlpropia enlacepropio "
     "mienlace"},
    {REMARK(PUBLISHED), "first published",
     "firstpublished firstpublishedon firstpublication firstpublicationdate published publishedon "
     "publicationdate datepublished dateoffirstpublication erstveroffentlicht erstveroeffentlicht "
     "erstveroffentlichung erstveroeffentlichung veroffentlicht veroeffentlicht veroffentlichtam "
     "veroeffentlichtam datedepublication premierepublication publiele fechadepublicacion "
     "primerapublicacion publicado"},
    {REMARK(NUMBER), "registration no.",
     "registrationno registration registrationnumber registrationnr regno regnumber regnr ipr "
     "iprno "
     "iprnumber iprnr copyrightno copyrightnumber copyrightregistration serial serialno workserial "
     "registriernr registriernummer registrierungsnummer registrierung eintragungsnummer "
     "schutzrecht "
     "schutzrechtsnr schutzrechtsnummer numerodenregistrement enregistrement numeroderegistro "
     "registro nderegistro ndenregistrement"},
    {REMARK(PLATFORM), "platform",
     "platform site marketplace market plattform marktplatz plateforme placedemarche plataforma "
     "mercado sitio"},
    {REMARK(ITEM), "listing id",
     "listingid listingno listingnumber itemid itemno itemnumber productid productno productnumber "
     "offerid asin angebotsnr angebotsnummer artikelnr artikelnummer artikelid produktid "
     "produktnummer numerodannonce ndelannonce idannonce numerodelanuncio iddelanuncio "
     "idproducto"},
    {REMARK(PRODUCT), "product type",
     "producttype type itemtype kindofproduct typeofproduct productkind category produktart "
     "artikelart warenart produkttyp kategorie typedeproduit typeproduit categorie tipodeproducto "
     "tipo categoria"},
    {REMARK(STORE), "store no.",
     "storeno storenumber storeid shopno shopnumber shopid sellerno sellernumber sellerid storenr "
     "shopnr shopnummer ladennr ladennummer handlernummer haendlernummer verkaufernummer "
     "verkaeufernummer verkaufernr verkaeufernr numerodeboutique numerodelaboutique "
     "numerodevendeur nboutique numerodetienda numerodelatienda numerodevendedor"},
    {REMARK(CODE), "second code",
     "secondcode sellercode secondsellercode sellersecondcode ndcode storecode "
     "shopcode zweitercode zweitcode verkaufercode verkaeufercode handlercode haendlercode "
     "codevendeur deuxiemecode codeduvendeur codigodelvendedor segundocodigo"},
    {REMARK(LICENCE), "licence name",
     "licencename licensename businesslicencename businesslicensename businesslicence "
     "businesslicense licence license companyname registeredname firmenname firma gewerbeschein "
     "lizenzname nomdelalicence licencecommerciale raisonsociale nomdelasociete "
     "nombredelalicencia licenciacomercial razonsocial empresa"},
    {REMARK(FOUND_ON), "date found",
     "datefound found foundon founddate datefoundon discovered discoveredon datediscovered "
     "dateseen gefunden gefundenam funddatum entdeckt entdecktam trouve trouvele datetrouve "
     "datededecouverte encontrado encontradoel fechaencontrado fechadehallazgo"},
    {REMARK(FOUND_HOW), "how found",
     "howfound foundby foundvia foundthrough foundwith searchmethod keyword keywords searchterm "
     "search gefundendurch gefundenuber gefundenueber wiegefunden suchbegriff suchwort stichwort "
     "trouvepar commenttrouve motcle motscles encontradopor comoencontrado palabraclave"},
    {REMARK(SOLD), "sold count",
     "soldcount sold unitssold numbersold qtysold quantitysold sales salescount orders verkauft "
     "verkaufte anzahlverkauft verkaufe verkaeufe vendus ventes nombredeventes vendidos ventas "
     "unidadesvendidas"},
    {REMARK(REVIEWS), "reviews",
     "reviews reviewcount numberofreviews ratings bewertungen anzahlbewertungen rezensionen avis "
     "nombredavis evaluations resenas opiniones valoraciones"},
    {REMARK(MATCH), "match kind",
     "matchkind match matchtype kindofmatch kindofcopy copytype typeofcopy typeoftheft thefttype "
     "infringementtype typeofinfringement artderkopie kopieart artdeskopierens verletzungsart "
     "typedecopie typedecontrefacon tipodecopia tipodeinfraccion"},
    {REMARK(REPORTED_ON), "date reported",
     "datereported reported reportedon reportdate reportedat dateofreport datefiled filed filedon "
     "submitted submittedon datesubmitted datesent complaintdate gemeldet gemeldetam meldedatum "
     "meldungsdatum datumdermeldung eingereicht eingereichtam signale signalele datesignale "
     "datedesignalement datedelaplainte denunciado denunciadoel reportado fechadedenuncia "
     "fechadereporte fechadelreporte"},
    {REMARK(NOTICE), "notice no.",
     "noticeno notice noticenumber noticeid complaintno complaintnumber complaintid caseno case "
     "casenumber caseid ticket ticketno ticketnumber reportno reportnumber reportid reference "
     "referenceno referencenumber ref refno meldungsnr meldungsnummer meldenummer vorgangsnr "
     "vorgangsnummer fallnr fallnummer beschwerdenr beschwerdenummer aktenzeichen "
     "numerodeplainte numerodesignalement numerodedossier ndeplainte ndesignalement "
     "numerodedenuncia numerodereporte numerodecaso ndedenuncia"},
    {REMARK(REASON), "reason text",
     "reasontext reason complaintreason reasonforreport complaint grund begrundung begruendung "
     "meldegrund motif raison motifdelaplainte motivo motivodeladenuncia razon"},
    {REMARK(STATUS), "status",
     "status state outcome result currentstatus stand ergebnis zustand statut etat resultat estado "
     "resultado situacion"},
    {REMARK(COUNTERED_ON), "counter-notice date",
     "counternoticedate counternotice counternoticeon countered counteredon counterdate "
     "counternotification counternotificationdate dateofcounternotice gegendarstellung "
     "gegendarstellungam gegenanzeige gegenmeldung gegenmeldungam widerspruch widersprucham "
     "contrenotification datedecontrenotification datecontrenotification contranotificacion "
     "fechadecontranotificacion fechacontranotificacion"},
    {REMARK(DEADLINE), "deadline",
     "deadline due duedate dueby answerby respondby frist fristbis fallig faelligam falligam "
     "antwortbis echeance datelimite delai plazo fechalimite vencimiento"},
    {REMARK(ANSWER), "answer",
     "answer answered response myanswer myresponse ouranswer reply antwort beantwortet erwiderung "
     "reponse respuesta contestacion"},
    {REMARK(REMOVED_ON), "date removed",
     "dateremoved removed removedon removaldate dateofremoval takendown takendownon takedowndate "
     "datetakendown deletedon deleted entfernt entferntam geloscht geloeschtam geloschtam "
     "geloescht loschdatum loeschdatum retire retirele dateretrait dateduretrait datederetrait "
     "supprime supprimele eliminado eliminadoel retirado retiradoel fechaderetirada "
     "fechadeeliminacion"},
    {REMARK(RECHECKED), "rechecked",
     "rechecked recheckedon recheckdate checkedagain lastchecked checked checkedon "
     "nachgepruft nachgeprueft erneutgepruft erneutgeprueft gepruftam geprueftam zuletztgepruft "
     "zuletztgeprueft reverifie verifiele reverifiele dernierverification revisado comprobado "
     "ultimarevision vueltoacomprobar"},
    {REMARK(REAPPEARED), "reappeared as",
     "reappearedas reappeared reappearedat relistedas relisted newlisting newurl newlink "
     "wiederaufgetaucht wiederaufgetauchtals wiederda neuerlink neueurl neuesangebot reapparu "
     "reapparucomme nouveaulien nouvelleannonce reaparecido reaparecidocomo reaparecio "
     "nuevoenlace nuevoanuncio"},
    {REMARK(POINTS), "points estimate",
     "pointsestimate points penaltypoints estimatedpoints sellerpoints punkte strafpunkte "
     "geschatztepunkte pointsestimes penalites puntos puntosestimados"},
    {REMARK(HOURS), "hours",
     "hours hoursspent timespent time stunden zeitaufwand aufwand zeit heures tempspasse temps "
     "horas tiempo tiempoempleado"},
    {REMARK(LOSS), "est. loss",
     "estloss loss estimatedloss lostsales damage damages verlust schaden geschatzterverlust "
     "geschaetzterverlust perte perteestimee pertes prejudice perdida perdidas perdidaestimada"},
    {REMARK(NOTES), "notes",
     "notes note comment comments remark remarks memo notizen notiz bemerkung bemerkungen "
     "anmerkung anmerkungen kommentar kommentare notas nota comentario comentarios observaciones "
     "remarque remarques commentaire commentaires observations"},
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
     "titre nom oeuvre titulo nombre obra"},
    {KO_FIELD_REGISTRATION, "registration",
     "registration registrationnumber registrationno registrationid regno regnumber ipr iprno "
     "iprnumber copyrightregistration copyrightregistrationnumber copyrightno copyrightnumber "
     "registrierung registriernummer registrierungsnummer eintragungsnummer enregistrement "
     "numerodenregistrement registro numeroderegistro"},
    {KO_FIELD_HOLDER, "holder",
     "holder rightsholder rightholder rightsowner copyrightholder copyrightowner owner "
     "rechteinhaber rechteinhaberin inhaber titulaire titulairedesdroits titular "
     "titulardelosderechos"},
    {KO_FIELD_AUTHOR, "author",
     "author artist creator designer madeby urheber urheberin kunstler kunstlerin kuenstler "
     "kuenstlerin auteur autrice artiste autor autora artista"},
    {KO_FIELD_KIND, "kind",
     "kind kindofwork typeofwork worktype artworktype medium art werkart technik genre technique "
     "tecnica tipodeobra"},
    {KO_FIELD_COMPLETED_ON, "completed_on",
     "completedon completed completiondate datecompleted dateofcompletion finishedon created "
     "createdon creationdate datecreated fertiggestelltam fertiggestellt erstelltam datedecreation "
     "fechadecreacion"},
    {KO_FIELD_PUBLISHED_IN, "published_in",
     "publishedin countryofpublication countryoffirstpublication publicationcountry "
     "landderveroffentlichung paysdepublication paisdepublicacion"},
    {KO_FIELD_REGISTERED_IN, "registered_in",
     "registeredin countryofregistration registrationcountry landderregistrierung "
     "paysdenregistrement paisderegistro"},
    {KO_FIELD_DESCRIPTION, "description", "description workdescription beschreibung descripcion"},
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

/* What of a name counts: its letters, up to a bracket. False when they do not fit, which is more
 * than the tables have. */
static bool normalise(const char *name, char out[KO_WORDS_SIZE])
{
    char whole[KO_WORDS_SIZE];
    const size_t bracket = strlen(name) ? 1 + strcspn(name + 1, "([") : 0;
    size_t n = 0;
    if (snprintf(whole, sizeof whole, "%.*s", (int)bracket, name) >= KO_WORDS_SIZE ||
        !ko_words_fold(whole, out))
        return false;
    for (const char *c = out; *c; c++)
        if (*c != ' ' && !isdigit((unsigned char)*c))
            out[n++] = *c;
    out[n] = '\0';
    return n > 0;
}

/* As it looks after normalise(). */
static ko_sheet_field find_name(const ko_sheet_names *names, const char *wanted, unsigned *out_rank)
{
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

ko_sheet_field ko_sheet_name_field(const ko_sheet_names *names, const char *name,
                                   unsigned *out_rank)
{
    char wanted[KO_WORDS_SIZE], numbered[KO_WORDS_SIZE + 2];
    if (!normalise(name, wanted))
        return KO_FIELD_IGNORED;
    const size_t n = strlen(name);
    if (n > 1 && name[n - 1] == '#') { /* "Store #" */
        (void)snprintf(numbered, sizeof numbered, "%sno", wanted);
        const ko_sheet_field field = find_name(names, numbered, out_rank);
        if (field != KO_FIELD_IGNORED)
            return field;
    }
    return find_name(names, wanted, out_rank);
}

/* --- the columns of one sheet --- */

const char *ko_sheet_column_remark(const ko_sheet_column *column)
{
    assert(ko_sheet_is_remark(column->field));
    return column->field == KO_FIELD_OWN
               ? column->name
               : ko_remark_name((ko_remark_kind)(column->field - KO_FIELD_REMARK));
}

/* Those of a kind that lists of offers have, too, whoever made them. */
static bool is_common(ko_sheet_field field)
{
    switch (field - KO_FIELD_REMARK) {
    case KO_REMARK_OWN_URL:
    case KO_REMARK_PUBLISHED:
    case KO_REMARK_PLATFORM:
    case KO_REMARK_ITEM:
    case KO_REMARK_PRODUCT:
    case KO_REMARK_STORE:
    case KO_REMARK_CODE:
    case KO_REMARK_SOLD:
    case KO_REMARK_REVIEWS:
    case KO_REMARK_STATUS:
        return true;
    default:
        return false;
    }
}

static bool has_remark(const ko_sheet_columns *columns, const char *name)
{
    for (size_t i = 0; i < columns->count; i++) {
        const ko_sheet_column *column = &columns->column[i];
        if (column->name && ko_sheet_is_remark(column->field) &&
            strcmp(ko_sheet_column_remark(column), name) == 0)
            return true;
    }
    return false;
}

/* Appends a number to a name that another column has: cells of both are to be kept. */
static ko_status tell_apart(const ko_sheet_columns *columns, ko_sheet_column *column, ko_error *err)
{
    ko_buf name = KO_BUF(KO_MAX_REMARK_NAME + 16);
    ko_status st = ko_buf_text(&name, column->name);
    for (unsigned n = 2; st == KO_OK && has_remark(columns, name.data); n++) {
        ko_buf_clear(&name);
        st = ko_buf_printf(&name, "%s (%u)", column->name, n);
    }
    if (st != KO_OK) {
        ko_buf_free(&name);
        return ko_fail(err, KO_E_NOMEM, "name of a column");
    }
    ko_free(column->name);
    column->name = name.data;
    return KO_OK;
}

/* Makes a column the user's own if that is what it is. */
static ko_status own_column(ko_sheet_columns *columns, ko_sheet_column *column, ko_error *err)
{
    const bool blank = column->name[strspn(column->name, " \t\r\n")] == '\0';
    if (columns->names != ko_sheet_listing_names || blank ||
        strlen(column->name) > KO_MAX_REMARK_NAME)
        return KO_OK;
    if (ko_sheet_is_remark(column->field) && !has_remark(columns, ko_sheet_column_remark(column))) {
        columns->artists = columns->artists || !is_common(column->field);
        return KO_OK;
    }
    if (column->field != KO_FIELD_IGNORED && !ko_sheet_is_remark(column->field))
        return KO_OK;
    columns->exported = columns->exported || strcmp(column->name, "first_seen") == 0;
    column->field = KO_FIELD_OWN;
    return tell_apart(columns, column, err);
}

ko_status ko_sheet_columns_set(ko_sheet_columns *columns, size_t index, const char *name,
                               ko_error *err)
{
    assert(index < KO_MAX_SHEET_COLUMNS && !columns->column[index].name);
    ko_sheet_column column = {.name = ko_strdup(name)};
    if (!column.name)
        return ko_fail(err, KO_E_NOMEM, "name of column %zu", index + 1);
    column.field = ko_sheet_name_field(columns->names, name, &column.rank);
    const ko_status st = own_column(columns, &column, err);
    if (st != KO_OK) {
        ko_free(column.name);
        return st;
    }
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
