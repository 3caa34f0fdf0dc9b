// SPDX-License-Identifier: GPL-2.0
/*
 * Per-CPU counters and the names of drop reasons.
 */
#include <linux/cpumask.h>
#include <linux/ethtool.h>
#include <linux/percpu.h>
#include <linux/skbuff.h>
#include <linux/string.h>

#include "compat.h"
#include "stats.h"

static const char * const reason_names[SIIT_REASON_COUNT] = {
	[SIIT_OK] = "",
#define X(sym, name, core)						\
	[SIIT_DROP_##sym] = (name),
	SIIT_REASONS(X)
#undef X
};

/* With its end, each has to fit into what ethtool shows. */
#define X(sym, name, core)						\
	sizeof(name) <= ETH_GSTRING_LEN &&
static_assert(SIIT_REASONS(X) true, "the name of a reason is too long");
#undef X

/**
 * siit_reason_name() - the name of a drop reason, as users see it
 * @reason: a reason
 *
 * Context: any.
 * Return: the name; "" for SIIT_OK.
 */
const char *siit_reason_name(enum siit_reason reason)
{
	return reason_names[reason];
}

static const enum skb_drop_reason core_reasons[SIIT_REASON_COUNT] = {
	[SIIT_OK] = SKB_DROP_REASON_NOT_SPECIFIED,
#define X(sym, name, core)						\
	[SIIT_DROP_##sym] = SKB_DROP_REASON_##core,
	SIIT_REASONS(X)
#undef X
};

/**
 * siit_kfree_skb() - free a packet that is dropped
 * @skb: the packet
 * @reason: why; skb:kfree_skb is told what comes closest to it in the kernel
 *
 * Context: any.
 */
void siit_kfree_skb(struct sk_buff *skb, enum siit_reason reason)
{
	kfree_skb_reason(skb, core_reasons[reason]);
}

/**
 * siit_stats_drop() - count a packet that is dropped
 * @stats: counters of the device
 * @reason: why
 *
 * Context: BH.
 */
void siit_stats_drop(struct siit_stats __percpu *stats,
		     enum siit_reason reason)
{
	struct siit_stats *s = this_cpu_ptr(stats);

	u64_stats_update_begin(&s->syncp);
	s->drops[reason]++;
	u64_stats_update_end(&s->syncp);
}

/**
 * siit_stats_sum() - add up the counters of all CPUs
 * @stats: counters of the device
 * @sum: the totals
 *
 * Context: any.
 */
void siit_stats_sum(const struct siit_stats __percpu *stats,
		    struct siit_totals *sum)
{
	unsigned int cpu, start, i;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		const struct siit_stats *s = per_cpu_ptr(stats, cpu);
		struct siit_stats one;

		do {
			start = siit_u64_fetch_begin(&s->syncp);
			one = *s;
		} while (siit_u64_fetch_retry(&s->syncp, start));

		for (i = 0; i < SIIT_DIRS; i++) {
			sum->packets[i] += one.packets[i];
			sum->bytes[i] += one.bytes[i];
		}
		sum->rx_packets += one.rx_packets;
		sum->rx_bytes += one.rx_bytes;
		for (i = 0; i < SIIT_REASON_COUNT; i++)
			sum->drops[i] += one.drops[i];
	}
}
