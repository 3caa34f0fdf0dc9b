/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One side of the EAM table: for eam.c, eam_index.c and eam_lookup.h.
 *
 * The prefix lengths in use, longest first, over one open-addressed hash table
 * keyed by prefix and length. Removed rows leave a tombstone in their slot, so
 * that a reader who is probing past it still finds what comes after. Growth
 * sweeps tombstones out.
 */
#ifndef _SIIT_EAM_INDEX_H
#define _SIIT_EAM_INDEX_H

#include <linux/rcupdate.h>

#include "compat.h"
#include "eam.h"

#define EAM_GFP		GFP_KERNEL_ACCOUNT

struct eam_counter;

/**
 * struct eam_entry - a row as it is stored
 * @row: first, and aligned to 8 octets: its IPv6 prefix is compared as two u64
 * @shift: 128 - len6 - suffix length: from an IPv4 suffix to its place; 0 if
 *	the suffix is empty
 * @host4: the bits of the suffix in an IPv4 address, network order
 * @counter: NULL, or what counts its packets
 * @id: key of the row in eam_table.rows, for walks
 * @rcu: defers the free
 */
struct eam_entry {
	struct eam_row row;
	u8 shift;
	__be32 host4;
	struct eam_counter __rcu *counter;
	unsigned long id;
	struct rcu_head rcu;
} __aligned(8);

/* A prefix; an IPv4 one is in @hi alone. In network order, as in memory. */
struct eam_key {
	u64 hi;
	u64 lo;
};

struct eam_slots {
	struct rcu_head rcu;
	u32 size;		/* power of two */
	u32 used;		/* rows and tombstones; for the writer */
	u32 rows;		/* for the writer */
	struct eam_entry __rcu *slot[];
};

/* A prefix length in use. @rows is for the writer. */
struct eam_level {
	struct eam_key mask;
	u64 salt;
	u32 rows;
	u8 len;
};

/**
 * struct eam_index - one side of the table, replaced under RCU
 * @rcu: defers the free
 * @slots: shared with the index that this one replaces, unless it grew
 * @seed: odd; keeps the slot of an address unpredictable
 * @count: levels
 * @level: longest prefix first
 */
struct eam_index {
	struct rcu_head rcu;
	struct eam_slots *slots;
	u64 seed;
	unsigned int count;
	struct eam_level level[];
};

/*
 * Multiplication moves what it mixes upwards: the upper half is used, and what
 * is in the upper half of the key comes down first.
 */
static __always_inline u32 eam_hash(const struct eam_index *ix,
				    const struct eam_level *l,
				    struct eam_key key, const bool six)
{
	u64 h = key.hi ^ l->salt;

	if (six) {
		h = h * ix->seed + key.lo;
		h ^= h >> 32;
	}
	return (h * ix->seed) >> 32;
}

static __always_inline struct eam_key eam_key4(__be32 addr)
{
	return (struct eam_key){ .hi = (__force u32)addr };
}

static __always_inline struct eam_key eam_key6(const struct in6_addr *addr)
{
	return (struct eam_key){
		.hi = get_unaligned((const u64 *)&addr->s6_addr32[0]),
		.lo = get_unaligned((const u64 *)&addr->s6_addr32[2]),
	};
}

static __always_inline struct eam_key eam_and(struct eam_key a,
					      struct eam_key b)
{
	return (struct eam_key){ .hi = a.hi & b.hi, .lo = a.lo & b.lo };
}

/* @six is a constant at each use: two functions in one text. */
static __always_inline bool eam_equal(const struct eam_entry *e,
				      struct eam_key key, u8 len,
				      const bool six)
{
	const u64 *p = (const u64 *)&e->row.prefix6;

	if (six)
		return p[0] == key.hi && p[1] == key.lo && e->row.len6 == len;
	return (__force u32)e->row.prefix4 == key.hi && e->row.len4 == len;
}

static __always_inline struct eam_entry *
eam_probe(const struct eam_index *ix, const struct eam_level *l,
	  struct eam_key key, const bool six)
{
	const struct eam_slots *s = ix->slots;
	u32 i = eam_hash(ix, l, key, six);
	struct eam_entry *e;

	/* A table is never full, so there is an empty slot to stop at. */
	while ((e = rcu_dereference_check(s->slot[i & (s->size - 1)], true))) {
		if (eam_equal(e, key, l->len, six))
			break;
		i++;
	}
	return e;
}

static __always_inline const struct eam_entry *
eam_longest(const struct eam_index *ix, struct eam_key key, const bool six)
{
	const struct eam_level *l = ix->level;
	const struct eam_level *end = l + ix->count;
	const struct eam_entry *e;

	for (; l < end; l++) {
		e = eam_probe(ix, l, eam_and(key, l->mask), six);
		if (e)
			return e;
	}
	return NULL;
}

/*
 * Most tables have one length, and most rows are in the first slot that they
 * may be in. Returns whether that settles it, with the answer in @found; if
 * not, ask eam_longest().
 */
static __always_inline bool eam_at_once(const struct eam_index *ix,
					struct eam_key key,
					const struct eam_entry **found,
					const bool six)
{
	const struct eam_level *l = ix->level;
	const struct eam_slots *s = ix->slots;
	const struct eam_entry *e;

	*found = NULL;
	if (unlikely(!ix->count))
		return true;
	key = eam_and(key, l->mask);
	e = rcu_dereference_check(s->slot[eam_hash(ix, l, key, six) &
					  (s->size - 1)], true);
	*found = e;
	return e ? eam_equal(e, key, l->len, six) : ix->count == 1;
}

/* Readers hold rcu_read_lock(), the writer the lock of the device. */
static inline struct eam_index *eam_ix(struct eam_index __rcu *const *ix)
{
	return rcu_dereference_check(*ix, true);
}

static inline struct eam_level *eam_level(struct eam_index *ix, u8 len)
{
	unsigned int i;

	for (i = 0; i < ix->count; i++)
		if (ix->level[i].len == len)
			return &ix->level[i];
	return NULL;
}

static __always_inline struct eam_entry *
eam_exact(struct eam_index *ix, struct eam_key key, u8 len, const bool six)
{
	struct eam_level *l = eam_level(ix, len);

	return l ? eam_probe(ix, l, key, six) : NULL;
}

void eam_shift4(u32 suffix, u8 shift, struct in6_addr *result);
u32 eam_shift6(const struct in6_addr *addr, u8 shift);

extern struct eam_index eam_empty;

struct eam_index *eam_index_prepare(struct eam_index *old, u8 len,
				    const bool six);
void eam_index_discard(struct eam_index *ix, struct eam_index *old);
void eam_index_publish(struct eam_index __rcu **where, struct eam_index *ix,
		       struct eam_index *old);
void eam_index_insert(struct eam_index *ix, struct eam_entry *e,
		      const bool six);
void eam_index_free(struct eam_index *ix);
void eam_index_erase(struct eam_index __rcu **where, struct eam_entry *e,
		     const bool six);

#endif /* _SIIT_EAM_INDEX_H */
