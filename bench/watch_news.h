/* bench/watch_news.h - whether everything was told, and nothing twice. */
#ifndef KO_BENCH_WATCH_NEWS_H
#define KO_BENCH_WATCH_NEWS_H

#include "received.h"
#include "watch_judge.h"

/* Nothing comes any more at the receiver; feed: the path of the Atom file. False when something
 * cannot be read. */
bool ko_watch_judge_news(const ko_watch_trial *trial, const ko_receiver *receiver,
                         const char *feed);

#endif
