/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets and octets by row of the EAM table, for a device that is set to count
 * them: two more lookups for each packet, and memory for each row and CPU.
 */
#ifndef _SIIT_EAM_COUNTER_H
#define _SIIT_EAM_COUNTER_H

#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/u64_stats_sync.h>

#include "stats.h"

struct eam_entry;
struct eam_row;
struct eam_table;
struct siit_config;
struct siit_trace;

/* Of one row on one CPU. */
struct eam_count {
	u64 packets[SIIT_DIRS];
	u64 bytes[SIIT_DIRS];
	struct u64_stats_sync syncp;
};

/**
 * struct eam_counter - of one row
 * @users: tables that have the row: one is to replace the other
 * @rcu: defers the free
 * @cpu: what it has counted
 */
struct eam_counter {
	refcount_t users;
	struct rcu_head rcu;
	struct eam_count __percpu *cpu;
};

/**
 * struct eam_tally - what a row has done
 * @packets: by direction; a GSO packet counts as its segments
 * @bytes: octets of them as they came in, from the network header on
 */
struct eam_tally {
	u64 packets[SIIT_DIRS];
	u64 bytes[SIIT_DIRS];
};

int eam_counter_attach(struct eam_entry *e);
void eam_counter_detach(struct eam_entry *e);
int eam_counters_set(struct eam_table *t, const struct eam_table *base,
		     bool on);
bool eam_get_tally(const struct eam_row *row, struct eam_tally *tally);
void eam_count_packet(const struct siit_config *cfg,
		      const struct siit_trace *t, const struct siit_count *in);

#endif /* _SIIT_EAM_COUNTER_H */
