/* cli/commands.h - the commands, one cmd_*.c each. */
#ifndef KO_CLI_COMMANDS_H
#define KO_CLI_COMMANDS_H

#include "cli/cli.h"

extern const ko_command ko_cmd_init;
extern const ko_command ko_cmd_add;
extern const ko_command ko_cmd_works;
extern const ko_command ko_cmd_ingest;
extern const ko_command ko_cmd_source;
extern const ko_command ko_cmd_crawl;
extern const ko_command ko_cmd_scan;
extern const ko_command ko_cmd_candidates;
extern const ko_command ko_cmd_review;
extern const ko_command ko_cmd_allow;
extern const ko_command ko_cmd_negative;
extern const ko_command ko_cmd_rule;
extern const ko_command ko_cmd_quarantine;
extern const ko_command ko_cmd_profile;
extern const ko_command ko_cmd_lookup;
extern const ko_command ko_cmd_match;
extern const ko_command ko_cmd_hash;
extern const ko_command ko_cmd_inspect;
extern const ko_command ko_cmd_export;
extern const ko_command ko_cmd_proof;
extern const ko_command ko_cmd_timestamp;
extern const ko_command ko_cmd_notice;
extern const ko_command ko_cmd_due;
extern const ko_command ko_cmd_recheck;
extern const ko_command ko_cmd_rules;
extern const ko_command ko_cmd_standing;
extern const ko_command ko_cmd_sellers;
extern const ko_command ko_cmd_report;
extern const ko_command ko_cmd_notify;
extern const ko_command ko_cmd_serve;
extern const ko_command ko_cmd_clipper;
extern const ko_command ko_cmd_watch;
extern const ko_command ko_cmd_status;
extern const ko_command ko_cmd_schedule;
extern const ko_command ko_cmd_purge;
extern const ko_command ko_cmd_backup;
extern const ko_command ko_cmd_restore;
extern const ko_command ko_cmd_bench;
extern const ko_command ko_cmd_help;
extern const ko_command ko_cmd_version;

#endif
