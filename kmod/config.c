// SPDX-License-Identifier: GPL-2.0
/*
 * Making and copying of struct siit_config.
 */
#include <linux/inetdevice.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/ipv6.h>

#include "config.h"
#include "eam.h"

static struct siit_config *config_new(unsigned int pool6, unsigned int rfc6791,
				      unsigned int deny4)
{
	size_t head = ALIGN(sizeof(struct siit_config), sizeof(u64));
	struct siit_config *cfg;

	/* The three counts are bounded by SIIT_*_MAX_COUNT. */
	cfg = kvzalloc(head + pool6 * sizeof(*cfg->pool6) +
		       rfc6791 * sizeof(*cfg->rfc6791) +
		       deny4 * sizeof(*cfg->deny4), GFP_KERNEL_ACCOUNT);
	if (!cfg)
		return NULL;

	cfg->pool6 = (void *)cfg + head;
	cfg->rfc6791 = (void *)(cfg->pool6 + pool6);
	cfg->deny4 = cfg->rfc6791 + rfc6791;
	return cfg;
}

/**
 * siit_config_alloc() - make the configuration of a new device
 * @pool6: room for that many entries in pool6
 * @rfc6791: room in rfc6791
 * @deny4: room in deny4
 *
 * The settings are the defaults of role br, the pools are empty, the EAM table
 * is the caller's to set.
 *
 * Context: process; sleeps. The memory is charged to the caller's cgroup.
 * Return: the configuration, or NULL when out of memory.
 */
struct siit_config *siit_config_alloc(unsigned int pool6, unsigned int rfc6791,
				      unsigned int deny4)
{
	struct siit_config *cfg = config_new(pool6, rfc6791, deny4);

	if (cfg)
		siit_config_settle(cfg);
	return cfg;
}

/**
 * siit_config_clone() - copy a configuration in order to change it
 * @old: the original; the copy shares its EAM table
 * @pool6: room for that many more entries in pool6
 * @rfc6791: more room in rfc6791
 * @deny4: more room in deny4
 *
 * After changing the copy call siit_config_settle().
 *
 * Context: process; sleeps. The caller keeps @old from being freed. The memory
 * is charged to the caller's cgroup.
 * Return: the copy, or NULL when out of memory.
 */
struct siit_config *siit_config_clone(const struct siit_config *old,
				      unsigned int pool6, unsigned int rfc6791,
				      unsigned int deny4)
{
	struct siit_config *cfg;

	cfg = config_new(old->pool6_count + pool6,
			 old->rfc6791_count + rfc6791,
			 old->deny4_count + deny4);
	if (!cfg)
		return NULL;

	cfg->eam = old->eam;
	/* Not an assignment: settings are compared as memory. */
	memcpy(&cfg->set, &old->set, sizeof(cfg->set));
	cfg->pool6_count = old->pool6_count;
	cfg->rfc6791_count = old->rfc6791_count;
	cfg->deny4_count = old->deny4_count;
	cfg->last_id = old->last_id;
	memcpy(cfg->pool6, old->pool6,
	       old->pool6_count * sizeof(*cfg->pool6));
	memcpy(cfg->rfc6791, old->rfc6791,
	       old->rfc6791_count * sizeof(*cfg->rfc6791));
	memcpy(cfg->deny4, old->deny4,
	       old->deny4_count * sizeof(*cfg->deny4));
	siit_config_settle(cfg);
	return cfg;
}

/* A setting that no user has given follows the role. */
static void settle_settings(struct siit_settings *set)
{
	bool br = set->role == SIIT_ROLE_BR;
	u32 given = set->given;

	if (!(given & BIT(SIIT_DEV_A_LOWEST_MTU6)))
		set->lowest_mtu6 = SIIT_LOWEST_MTU6_MIN;
	if (!(given & BIT(SIIT_DEV_A_MAX_ROWS)))
		set->max_rows = SIIT_MAX_ROWS_DEFAULT;
	if (!(given & BIT(SIIT_DEV_A_TOS)))
		set->tos = SIIT_TOS_COPY;
	if (!(given & BIT(SIIT_DEV_A_TRAFFIC_CLASS)))
		set->tclass_zero = false;
	if (!(given & BIT(SIIT_DEV_A_UDP_ZERO_CSUM)))
		set->udp_zero = SIIT_UDP_ZERO_DROP;
	if (!(given & BIT(SIIT_DEV_A_ROW_COUNTERS)))
		set->row_counters = false;
	if (!(given & BIT(SIIT_DEV_A_ICMP_ERRORS)))
		set->icmp_errors = true;

	/*
	 * RFC 7757 4.2 wants it on by default. The hosts behind an edge relay
	 * or a CLAT reach each other without it.
	 */
	if (!(given & BIT(SIIT_DEV_A_HAIRPIN)))
		set->hairpin = br ? SIIT_HAIRPIN_INTRINSIC : SIIT_HAIRPIN_OFF;
	if (!(given & BIT(SIIT_DEV_A_ICMP_SOURCE)))
		set->icmp_source = br ? SIIT_ICMP_SOURCE_POOL :
					SIIT_ICMP_SOURCE_DUMMY;
	if (!(given & BIT(SIIT_DEV_A_INGRESS_FILTER)))
		set->ingress_filter = !br;
	/* RFC 6052 3.1; a CLAT: draft-ietf-v6ops-nat64-wkp-1918. */
	if (!(given & BIT(SIIT_DEV_A_WKP_PRIVATE)))
		set->wkp_private = set->role == SIIT_ROLE_CLAT;
}

static void settle_pool6(struct siit_pool6 *p)
{
	static const struct in6_addr wkp = {
		.s6_addr = { 0x00, 0x64, 0xff, 0x9b },
	};
	struct in6_addr ones;

	memset(&ones, 0xff, sizeof(ones));
	ipv6_addr_prefix(&p->mask, &ones, p->len);
	p->wkp = p->len == 96 && ipv6_addr_equal(&p->prefix, &wkp);
	p->node_mask4 = p->translatable ? inet_make_mask(p->node_len4) : 0;
}

static bool comes_before(const struct siit_pool6 *a, const struct siit_pool6 *b)
{
	if (a->translatable != b->translatable)
		return a->translatable;
	return a->len > b->len;
}

static void settle_first64(struct siit_config *cfg, struct siit_pool6 *p)
{
	const struct siit_pool6 **at = &cfg->first64;

	while (*at && !comes_before(p, *at))
		at = (const struct siit_pool6 **)&(*at)->next64;
	p->next64 = *at;
	*at = p;
}

/**
 * siit_config_settle() - compute what follows from the rest of a configuration
 * @cfg: a configuration that no packet sees yet; for each entry of a pool its
 *	prefix and length are set, for each setting in set.given its value
 *
 * Sets the settings that follow the role, masks, and what of pool6 the packet
 * path asks for first.
 *
 * Context: any.
 */
void siit_config_settle(struct siit_config *cfg)
{
	unsigned int i;

	settle_settings(&cfg->set);

	cfg->converted = NULL;
	cfg->first64 = NULL;
	cfg->has_translatable = false;
	for (i = 0; i < cfg->pool6_count; i++) {
		struct siit_pool6 *p = &cfg->pool6[i];

		settle_pool6(p);
		settle_first64(cfg, p);
		if (p->translatable)
			cfg->has_translatable = true;
		else if (!cfg->converted)
			cfg->converted = p;
	}
	for (i = 0; i < cfg->rfc6791_count; i++)
		cfg->rfc6791[i].mask = inet_make_mask(cfg->rfc6791[i].len);
	for (i = 0; i < cfg->deny4_count; i++)
		cfg->deny4[i].mask = inet_make_mask(cfg->deny4[i].len);
}

static bool pool6_meets(const struct siit_pool6 *p, const struct eam_row *row)
{
	return ipv6_prefix_equal(&p->prefix, &row->prefix6,
				 min(p->len, row->len6));
}

/**
 * siit_pool6_expect() - prepare pool6 for a new row of the EAM table
 * @cfg: settings
 * @row: the row, which is not in the table yet
 *
 * Context: process; the lock of the device.
 */
void siit_pool6_expect(struct siit_config *cfg, const struct eam_row *row)
{
	unsigned int i;

	for (i = 0; i < cfg->pool6_count; i++)
		if (!cfg->pool6[i].has_rows &&
		    pool6_meets(&cfg->pool6[i], row))
			WRITE_ONCE(cfg->pool6[i].has_rows, true);
}

/**
 * siit_pool6_survey() - see which rows meet a new entry of pool6
 * @p: the entry, which no packet sees yet
 * @eam: the EAM table
 *
 * Context: process; the lock of the device. Walks the whole table.
 */
void siit_pool6_survey(struct siit_pool6 *p, const struct eam_table *eam)
{
	const struct eam_row *row;
	unsigned long pos = 0;

	p->has_rows = false;
	while (!p->has_rows && (row = eam_next(eam, &pos))) {
		p->has_rows = pool6_meets(p, row);
		cond_resched();
	}
}

/**
 * siit_pool6_find() - look for an entry of pool6
 * @cfg: settings and pools
 * @p: the entry
 *
 * A prefix may be there once plain, and once for each IPv4 prefix of nodes.
 *
 * Context: any.
 * Return: its index, or -ENOENT.
 */
int siit_pool6_find(const struct siit_config *cfg, const struct siit_pool6 *p)
{
	unsigned int i;

	for (i = 0; i < cfg->pool6_count; i++) {
		const struct siit_pool6 *q = &cfg->pool6[i];

		if (p->len == q->len &&
		    ipv6_addr_equal(&p->prefix, &q->prefix) &&
		    p->translatable == q->translatable &&
		    p->node4 == q->node4 && p->node_len4 == q->node_len4)
			return i;
	}
	return -ENOENT;
}

/**
 * siit_prefix4_find() - look for an entry of a pool of IPv4 prefixes
 * @entries: the pool
 * @count: its entries
 * @p: the entry
 *
 * Context: any.
 * Return: its index, or -ENOENT.
 */
int siit_prefix4_find(const struct siit_prefix4 *entries, unsigned int count,
		      const struct siit_prefix4 *p)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (entries[i].addr == p->addr && entries[i].len == p->len)
			return i;
	return -ENOENT;
}

/*
 * The id of an entry of a pool, given that of the one before it: @kept, which
 * it has in the old pool (0: it is not there), unless the order is another one.
 */
static u32 number(struct siit_config *cfg, u32 before, u32 kept)
{
	return kept > before ? kept : ++cfg->last_id;
}

static void number4(struct siit_config *cfg, struct siit_prefix4 *entries,
		    unsigned int count, const struct siit_prefix4 *old,
		    unsigned int old_count)
{
	unsigned int i;
	u32 id = 0;

	for (i = 0; i < count; i++) {
		int at = siit_prefix4_find(old, old_count, &entries[i]);

		id = number(cfg, id, at < 0 ? 0 : old[at].id);
		entries[i].id = id;
	}
}

/**
 * siit_config_number() - give the entries of the pools their ids
 * @cfg: a configuration that no packet sees yet
 * @old: the one that it is to replace: what is there already keeps its id, as
 *	long as that keeps the order
 *
 * Context: process, holding the lock of the device.
 */
void siit_config_number(struct siit_config *cfg, const struct siit_config *old)
{
	unsigned int i;
	u32 id = 0;

	cfg->last_id = old->last_id;
	for (i = 0; i < cfg->pool6_count; i++) {
		int at = siit_pool6_find(old, &cfg->pool6[i]);

		id = number(cfg, id, at < 0 ? 0 : old->pool6[at].id);
		cfg->pool6[i].id = id;
	}
	number4(cfg, cfg->rfc6791, cfg->rfc6791_count, old->rfc6791,
		old->rfc6791_count);
	number4(cfg, cfg->deny4, cfg->deny4_count, old->deny4,
		old->deny4_count);
}

/**
 * siit_config_free() - free a configuration that no packet sees
 * @cfg: the configuration, or NULL; its EAM table stays
 *
 * Context: process; may sleep.
 */
void siit_config_free(struct siit_config *cfg)
{
	kvfree(cfg);
}

/**
 * siit_config_free_rcu() - free a configuration that has been replaced
 * @cfg: the configuration; its EAM table stays
 *
 * Context: process. Needs no rcu_barrier() at module exit: the kernel's own
 * code does the freeing.
 */
void siit_config_free_rcu(struct siit_config *cfg)
{
	kvfree_rcu(cfg, rcu);
}
