// SPDX-License-Identifier: GPL-2.0
/*
 * Packets and octets by row of the EAM table.
 */
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "compat.h"
#include "config.h"
#include "eam_counter.h"
#include "eam_lookup.h"
#include "map.h"
#include "tracing.h"

static struct eam_counter *entry_counter(const struct eam_entry *e)
{
	return rcu_dereference_check(e->counter, true);
}

/**
 * eam_counter_attach() - give a row a counter
 * @e: the row; only the caller changes it
 *
 * Context: process; sleeps.
 * Return: 0 or -ENOMEM.
 */
int eam_counter_attach(struct eam_entry *e)
{
	struct eam_counter *c = kmalloc(sizeof(*c), EAM_GFP);
	unsigned int cpu;

	if (!c)
		return -ENOMEM;
	c->cpu = alloc_percpu_gfp(struct eam_count, EAM_GFP);
	if (!c->cpu) {
		kfree(c);
		return -ENOMEM;
	}
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(c->cpu, cpu)->syncp);
	refcount_set(&c->users, 1);
	rcu_assign_pointer(e->counter, c);
	return 0;
}

static void counter_free(struct rcu_head *rcu)
{
	struct eam_counter *c = container_of(rcu, struct eam_counter, rcu);

	free_percpu(c->cpu);
	kfree(c);
}

/**
 * eam_counter_detach() - take the counter of a row away
 * @e: the row; only the caller changes it. It may have none
 *
 * Context: process.
 */
void eam_counter_detach(struct eam_entry *e)
{
	struct eam_counter *c = entry_counter(e);

	if (!c)
		return;
	RCU_INIT_POINTER(e->counter, NULL);
	if (refcount_dec_and_test(&c->users))
		call_rcu(&c->rcu, counter_free);
}

/* Where both tables have a row, it goes on counting. */
static int attach_or_share(struct eam_entry *e, const struct eam_table *base)
{
	struct eam_entry *same = base ? xa_load((struct xarray *)&base->rows,
						e->id) : NULL;
	struct eam_counter *c = same ? entry_counter(same) : NULL;

	if (!c)
		return eam_counter_attach(e);
	refcount_inc(&c->users);
	rcu_assign_pointer(e->counter, c);
	return 0;
}

/**
 * eam_counters_set() - let the rows of a table count, or not
 * @t: the table
 * @base: NULL, or the table that @t is to replace
 * @on: count; then new rows do so too
 *
 * Context: process, holding the lock of the device; sleeps.
 * Return: 0 or -ENOMEM; then no row counts.
 */
int eam_counters_set(struct eam_table *t, const struct eam_table *base,
		     bool on)
{
	struct eam_entry *e;
	unsigned long id;

	if (t->counted == on)
		return 0;
	t->counted = on;
	xa_for_each(&t->rows, id, e) {
		cond_resched();
		if (!on) {
			eam_counter_detach(e);
		} else if (attach_or_share(e, base)) {
			eam_counters_set(t, NULL, false);
			return -ENOMEM;
		}
	}
	return 0;
}

/**
 * eam_get_tally() - what a row has counted
 * @row: in a table
 * @tally: the sum over all CPUs
 *
 * Context: rcu_read_lock().
 * Return: whether it counts.
 */
bool eam_get_tally(const struct eam_row *row, struct eam_tally *tally)
{
	const struct eam_entry *e = container_of(row, struct eam_entry, row);
	const struct eam_counter *c = rcu_dereference(e->counter);
	unsigned int cpu, start, i;

	memset(tally, 0, sizeof(*tally));
	if (!c)
		return false;
	for_each_possible_cpu(cpu) {
		const struct eam_count *s = per_cpu_ptr(c->cpu, cpu);
		struct eam_count one;

		do {
			start = siit_u64_fetch_begin(&s->syncp);
			one = *s;
		} while (siit_u64_fetch_retry(&s->syncp, start));

		for (i = 0; i < SIIT_DIRS; i++) {
			tally->packets[i] += one.packets[i];
			tally->bytes[i] += one.bytes[i];
		}
	}
	return true;
}

static void count(const struct eam_row *row, enum siit_dir dir,
		  const struct siit_count *in)
{
	const struct eam_entry *e = container_of(row, struct eam_entry, row);
	const struct eam_counter *c;
	struct eam_count *s;

	if (!row)
		return;
	c = rcu_dereference(e->counter);
	if (!c)
		return;
	s = this_cpu_ptr(c->cpu);
	u64_stats_update_begin(&s->syncp);
	s->packets[dir] += in->packets;
	s->bytes[dir] += in->bytes;
	u64_stats_update_end(&s->syncp);
}

/* Simple hairpinning leaves the source to pool6: RFC 7757 4.2.1. */
static void count46(const struct siit_config *cfg, const struct siit_trace *t,
		    const struct siit_count *in)
{
	const struct eam_row *src = NULL, *dst;

	if (cfg->set.hairpin != SIIT_HAIRPIN_SIMPLE)
		src = eam_match4(cfg->eam, t->src.s6_addr32[3]);
	dst = eam_match4(cfg->eam, t->dst.s6_addr32[3]);
	count(src, SIIT_46, in);
	if (dst != src)
		count(dst, SIIT_46, in);
}

/* What is hairpinned goes to a node by the way of IPv4: RFC 7757 4.2.2. */
static void count64(const struct siit_config *cfg, const struct siit_trace *t,
		    const struct siit_count *in)
{
	const struct eam_row *src = eam_match6(cfg->eam, &t->src);
	const struct eam_row *dst = eam_match6(cfg->eam, &t->dst);
	enum siit_reason why;
	__be32 dst4;

	count(src, SIIT_64, in);
	if (dst && dst != src)
		count(dst, SIIT_64, in);
	if (!dst && cfg->set.hairpin == SIIT_HAIRPIN_INTRINSIC &&
	    siit_map64_any(cfg, &t->dst, &dst4, &why) == SIIT_METHOD_CONVERTED)
		count(eam_match4(cfg->eam, dst4), SIIT_46, in);
}

/**
 * eam_count_packet() - count a translated packet for the rows it has used
 * @cfg: settings
 * @t: from siit_trace_begin()
 * @in: the packet as it came
 *
 * Context: BH, rcu_read_lock().
 */
void eam_count_packet(const struct siit_config *cfg,
		      const struct siit_trace *t, const struct siit_count *in)
{
	if (t->dir == 46)
		count46(cfg, t, in);
	else
		count64(cfg, t, in);
}
