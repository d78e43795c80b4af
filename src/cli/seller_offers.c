#include "cli/seller_offers.h"

#include "base/clock.h"
#include "cli/cli.h"

void ko_offer_print(const ko_offer *offer)
{
    char at[KO_TIME_SIZE] = "";
    if (offer->listing_id)
        ko_clock_text(offer->first_seen, at);
    ko_print("  %s  %s%s%s\n", offer->url, offer->title, offer->title[0] ? "  " : "", at);
    for (size_t i = 0; i < offer->n_traces; i++) {
        const ko_offer_trace *of = &offer->traces[i];
        char on[KO_DAY_TEXT_SIZE];
        ko_day_text(of->on, on);
        if (of->candidate)
            ko_print("      candidate %lld, %s: %s\n", (long long)of->candidate, of->serial,
                     of->state);
        else
            ko_print("      notice %lld: %s since %s\n", (long long)of->notice, of->state, on);
    }
}
