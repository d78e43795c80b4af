#include "listing/listing.h"

#include "base/alloc.h"

void ko_listing_free(ko_listing *listing)
{
    ko_free(listing->url);
    ko_free(listing->title);
    ko_free(listing->seller);
    ko_free(listing->price);
    ko_free(listing->currency);
    for (size_t i = 0; i < listing->n_images; i++)
        ko_free(listing->images[i]);
    ko_free(listing->images);
    *listing = (ko_listing){0};
}
