#include "case/status_words.h"

#include "listing/words.h"

#include <assert.h>
#include <string.h>

/* As they look after ko_words_fold, English, German, French, Spanish. */
static const struct phrases {
    ko_notice_state state;
    const char *list;
} phrases[] = {
    {KO_NOTICE_FILED,
     "reported|filed|submitted|sent|pending|waiting|awaiting|still up|still online|still there|"
     "still live|not removed|not taken down|gemeldet|eingereicht|gesendet|abgeschickt|wartet|"
     "ausstehend|noch da|noch online|nicht entfernt|nicht geloscht|nicht geloescht|signale|"
     "signalee|envoye|envoyee|depose|deposee|en attente|toujours en ligne|pas supprime|pas retire|"
     "denunciado|denunciada|reportado|reportada|enviado|enviada|pendiente|sigue activo|"
     "no eliminado|no retirado"},
    {KO_NOTICE_IN_PROGRESS,
     "in progress|in process|processing|in review|under review|being reviewed|reviewing|"
     "investigating|under investigation|in bearbeitung|wird gepruft|wird geprueft|in prufung|"
     "in pruefung|en cours|en traitement|en revision|en proceso|en curso|en tramite"},
    {KO_NOTICE_COUNTERED,
     "countered|counter notice|counternotice|counter notification|disputed|gegendarstellung|"
     "widerspruch|gegenmeldung|gegenanzeige|contre notification|conteste|contestee|"
     "contranotificacion|impugnado|impugnada"},
    {KO_NOTICE_ANSWERED, "counter notice answered|counter answered|gegendarstellung beantwortet|"
                         "contre notification repondue|contranotificacion contestada"},
    {KO_NOTICE_UPHELD,
     "counter notice refused|counter notice rejected|counter notice denied|counter notice failed|"
     "counter notification refused|counter notification rejected|gegendarstellung abgelehnt|"
     "widerspruch abgelehnt|contre notification refusee|contre notification rejetee|"
     "contranotificacion rechazada|contranotificacion denegada"},
    {KO_NOTICE_REMOVED,
     "removed|taken down|took down|deleted|gone|dead|link dead|dead link|offline|is down|"
     "disappeared|no longer available|no longer there|not available|unavailable|success|"
     "successful|entfernt|geloscht|geloescht|weg|verschwunden|nicht mehr da|nicht mehr verfugbar|"
     "nicht mehr online|nicht verfugbar|erfolgreich|supprime|supprimee|retire|retiree|disparu|"
     "disparue|enleve|enlevee|plus disponible|hors ligne|eliminado|eliminada|retirado|retirada|"
     "borrado|borrada|quitado|desaparecido|ya no esta|no disponible"},
    {KO_NOTICE_UNABLE,
     "unable to process|unable|could not be processed|cannot be processed|nicht bearbeitbar|"
     "konnte nicht bearbeitet werden|traitement impossible|no se pudo procesar|"
     "no se puede procesar"},
    {KO_NOTICE_REFUSED,
     "refused|rejected|denied|declined|not accepted|abgelehnt|abgewiesen|zuruckgewiesen|"
     "zurueckgewiesen|nicht angenommen|refuse|refusee|rejete|rejetee|non accepte|rechazado|"
     "rechazada|denegado|denegada|no aceptado"},
    {KO_NOTICE_RESTORED,
     "restored|reinstated|put back|seller won|counter notice accepted|counter notice successful|"
     "wiederhergestellt|gegendarstellung erfolgreich|widerspruch erfolgreich|retabli|retablie|"
     "restauree|contre notification acceptee|restaurado|restablecido|repuesto|"
     "contranotificacion aceptada"},
    {KO_NOTICE_WITHDRAWN,
     "withdrawn|retracted|cancelled|canceled|taken back|zuruckgezogen|zurueckgezogen|"
     "zuruckgenommen|zurueckgenommen|annule|annulee|anulado|anulada|cancelado|cancelada"},
    {KO_NOTICE_REAPPEARED,
     "reappeared|back again|back up|back online|is back|relisted|re listed|online again|"
     "wieder da|wieder online|wieder aufgetaucht|wiederaufgetaucht|reapparu|reapparue|de retour|"
     "remis en ligne|reaparecido|reaparecio|de nuevo en linea|otra vez activo"},
};

/* Those that mean it only by themselves. */
static const char not_reported[] =
    "to decide|to report|to be reported|to file|to do|todo|found|new|open|draft|unsure|not sure|"
    "dismissed|licensed|licenced|seller allowed|picture set aside|set aside by a rule|held "
    "back|ignore|ignored|watch|watching|"
    "no action|not reported|not yet reported|not reported yet|not filed|offen|neu|gefunden|"
    "zu melden|noch melden|nicht gemeldet|noch nicht gemeldet|lizenziert|unklar|ignorieren|"
    "nouveau|trouve|a signaler|pas signale|pas encore signale|non signale|nuevo|encontrado|"
    "por denunciar|sin denunciar|no denunciado|abierto|ouvert";

/* A cell of more words than this is a story. */
#define WORDS_MOST 8

/* The next phrase of a list and its length; NULL at the end. */
static const char *next_phrase(const char **list, size_t *out_n)
{
    const char *phrase = *list;
    *out_n = strcspn(phrase, "|");
    *list += *out_n + (phrase[*out_n] == '|');
    return *out_n ? phrase : NULL;
}

static bool is_listed(const char *list, const char *words)
{
    size_t n;
    for (const char *phrase; (phrase = next_phrase(&list, &n));)
        if (strlen(words) == n && strncmp(phrase, words, n) == 0)
            return true;
    return false;
}

/* A place among words: where it begins and ends. */
typedef struct place {
    size_t begin, end; /* end 0: none */
} place;

/* The last place in words where a phrase stands, as whole words. */
static place last_place(const char *words, const char *phrase, size_t n)
{
    place found = {0};
    for (size_t at = 0; words[at]; at += words[at] == ' ') {
        /* A blank follows, or the end. */
        if (strncmp(words + at, phrase, n) == 0 && strchr(" ", words[at + n]))
            found = (place){at, at + n};
        at += strcspn(words + at, " ");
    }
    return found;
}

static bool goes_before(place a, place b)
{
    return a.end != b.end ? a.end > b.end : a.end && a.begin < b.begin;
}

static size_t count_words(const char *words)
{
    size_t n = *words != '\0';
    for (; *words; words++)
        n += *words == ' ';
    return n;
}

/* Is there a word outside the place that turns what it says round, or makes it a guess? */
static bool is_denied(const char *words, place said)
{
    static const char denials[] = "not|no|never|nicht|kein|keine|nie|pas|ne|non|jamais|nunca|sin|"
                                  "maybe|vielleicht|peut|quizas|if|wenn|si|or|oder|ou|o";
    for (size_t at = 0; words[at]; at += words[at] == ' ') {
        const size_t n = strcspn(words + at, " ");
        char word[KO_WORDS_SIZE] = "";
        memcpy(word, words + at, n);
        if ((at < said.begin || at >= said.end) && is_listed(denials, word))
            return true;
        at += n;
    }
    return false;
}

ko_said ko_status_read(const char *text, ko_notice_state *out_state)
{
    char words[KO_WORDS_SIZE];
    place best = {0};
    if (!text[0])
        return KO_SAID_NOTHING;
    if (!ko_words_fold(text, words) || count_words(words) > WORDS_MOST)
        return KO_SAID_UNKNOWN;
    if (is_listed(not_reported, words))
        return KO_SAID_NOT_REPORTED;
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        const char *list = phrases[i].list;
        size_t n;
        for (const char *phrase; (phrase = next_phrase(&list, &n));) {
            const place found = last_place(words, phrase, n);
            if (!goes_before(found, best))
                continue;
            best = found;
            *out_state = phrases[i].state;
        }
    }
    return best.end && !is_denied(words, best) ? KO_SAID_STATE : KO_SAID_UNKNOWN;
}

bool ko_status_yes(const char *text)
{
    char words[KO_WORDS_SIZE];
    if (!text[0] || strcmp(text, "-") == 0)
        return false;
    return !ko_words_fold(text, words) ||
           !is_listed("no|n|not|not yet|nein|nicht|noch nicht|none|non|pas encore|false|0|no aun|"
                      "todavia no",
                      words);
}

const char *ko_status_of_notice(ko_notice_state state)
{
    static const char *const words[KO_NOTICE_STATES] = {"to file",
                                                        "filed",
                                                        "in progress",
                                                        "countered",
                                                        "counter-notice answered",
                                                        "counter-notice refused",
                                                        "removed",
                                                        "unable to process",
                                                        "refused",
                                                        "restored",
                                                        "withdrawn",
                                                        "reappeared"};
    assert(state < KO_NOTICE_STATES);
    return words[state];
}

const char *ko_status_of_candidate(ko_candidate_state state)
{
    static const char *const words[KO_CANDIDATE_STATES] = {
        "to decide",      "to report",         "dismissed",           "unsure",   "licensed",
        "seller allowed", "picture set aside", "set aside by a rule", "held back"};
    assert(state < KO_CANDIDATE_STATES);
    return words[state];
}
