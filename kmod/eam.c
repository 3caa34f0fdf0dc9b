// SPDX-License-Identifier: GPL-2.0
/*
 * Explicit Address Mapping table (RFC 7757).
 *
 * Each side, IPv4 and IPv6, has an index of its own: the prefix lengths in
 * use, longest first, over one open-addressed hash table keyed by prefix and
 * length. A lookup probes once for each length in use, so its cost depends on
 * the lengths (one to three in practice) and not on the number of rows. A
 * change writes one slot in each index; only a new length or growth replaces
 * an index, as a copy under RCU.
 *
 * Removed rows leave a tombstone in their slot, so that a reader who is
 * probing past it still finds what comes after. Growth sweeps tombstones out.
 */
#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/xarray.h>
#include <net/ipv6.h>

#include "compat.h"
#include "eam.h"

#define EAM_MIN_SLOTS	64U
#define EAM_GFP		GFP_KERNEL_ACCOUNT

/**
 * struct eam_entry - a row as it is stored
 * @row: first, and aligned to 8 octets: its IPv6 prefix is compared as two u64
 * @shift: 128 - len6 - suffix length: from an IPv4 suffix to its place
 * @id: key of the row in eam_table.rows, for walks
 * @rcu: defers the free
 */
struct eam_entry {
	struct eam_row row;
	u8 shift;
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
 * @seed: keeps the slot of an address unpredictable
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

struct eam_table {
	struct eam_index __rcu *ix4;
	struct eam_index __rcu *ix6;
	struct xarray rows;	/* by id, in order of arrival */
	unsigned long next_id;
	unsigned int count;
};

/* No levels: a lookup in it touches nothing else. */
static struct eam_index eam_empty;

/* Matches nothing: no level has this length. */
static struct eam_entry eam_tombstone = {
	.row = { .len4 = 0xff, .len6 = 0xff },
};

/* The folded 128-bit product spreads every key bit over the whole result. */
static __always_inline u32 eam_hash(u64 hi, u64 lo)
{
#ifdef __SIZEOF_INT128__
	unsigned __int128 p = (unsigned __int128)hi * lo;

	return (u32)((u64)p ^ (u64)(p >> 64));
#else
	return hash_64(hi ^ rol64(lo * GOLDEN_RATIO_64, 32), 32);
#endif
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
	u32 i = eam_hash(key.hi ^ l->salt, key.lo ^ ix->seed);
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

/* Readers hold rcu_read_lock(), the writer the lock of the device. */
static struct eam_index *eam_ix(struct eam_index __rcu *const *ix)
{
	return rcu_dereference_check(*ix, true);
}

/**
 * eam_match4() - the row for an IPv4 address
 * @t: the table
 * @addr: network order
 *
 * RFC 7757 3.3.1: longest IPv4 prefix match.
 *
 * Context: rcu_read_lock(), or the lock of the device.
 * Return: the row, or NULL.
 */
const struct eam_row *eam_match4(const struct eam_table *t, __be32 addr)
{
	const struct eam_entry *e;

	e = eam_longest(eam_ix(&t->ix4), eam_key4(addr), false);
	return e ? &e->row : NULL;
}

/**
 * eam_match6() - the row for an IPv6 address
 * @t: the table
 * @addr: the address
 *
 * RFC 7757 3.3.2: longest IPv6 prefix match.
 *
 * Context: rcu_read_lock(), or the lock of the device.
 * Return: the row, or NULL.
 */
const struct eam_row *eam_match6(const struct eam_table *t,
				 const struct in6_addr *addr)
{
	const struct eam_entry *e;

	e = eam_longest(eam_ix(&t->ix6), eam_key6(addr), true);
	return e ? &e->row : NULL;
}

/**
 * eam_lookup4() - map an IPv4 address
 * @t: the table
 * @addr: network order
 * @result: set if there is a row: IPv6 prefix, IPv4 suffix, zeros
 *
 * RFC 7757 3.3.1.
 *
 * Context: rcu_read_lock(), or the lock of the device.
 * Return: whether a row covers @addr.
 */
bool eam_lookup4(const struct eam_table *t, __be32 addr,
		 struct in6_addr *result)
{
	const struct eam_entry *e;
	u64 suffix, hi, lo;

	e = eam_longest(eam_ix(&t->ix4), eam_key4(addr), false);
	if (!e)
		return false;
	*result = e->row.prefix6;
	if (e->row.len4 == 32)
		return true;

	suffix = ntohl(addr) & (0xffffffffU >> e->row.len4);
	if (e->shift >= 64) {
		hi = suffix << (e->shift - 64);
		lo = 0;
	} else {
		/* In two steps: a shift by 64 is undefined. */
		hi = suffix >> 1 >> (63 - e->shift);
		lo = suffix << e->shift;
	}
	result->s6_addr32[0] |= htonl(hi >> 32);
	result->s6_addr32[1] |= htonl((u32)hi);
	result->s6_addr32[2] |= htonl(lo >> 32);
	result->s6_addr32[3] |= htonl((u32)lo);
	return true;
}

/**
 * eam_lookup6() - map an IPv6 address
 * @t: the table
 * @addr: the address
 * @result: set if there is a row: IPv4 prefix, the leading bits of the IPv6
 *	suffix; network order. The rest of the suffix is ignored
 *
 * RFC 7757 3.3.2.
 *
 * Context: rcu_read_lock(), or the lock of the device.
 * Return: whether a row covers @addr.
 */
bool eam_lookup6(const struct eam_table *t, const struct in6_addr *addr,
		 __be32 *result)
{
	const struct eam_entry *e;
	u64 hi, lo, suffix;

	e = eam_longest(eam_ix(&t->ix6), eam_key6(addr), true);
	if (!e)
		return false;
	*result = e->row.prefix4;
	if (e->row.len4 == 32)
		return true;

	hi = get_unaligned_be64(&addr->s6_addr32[0]);
	lo = get_unaligned_be64(&addr->s6_addr32[2]);
	if (e->shift >= 64)
		suffix = hi >> (e->shift - 64);
	else
		suffix = lo >> e->shift | hi << 1 << (63 - e->shift);
	*result |= htonl((u32)suffix & (0xffffffffU >> e->row.len4));
	return true;
}

static struct eam_level *eam_level(struct eam_index *ix, u8 len)
{
	unsigned int i;

	for (i = 0; i < ix->count; i++)
		if (ix->level[i].len == len)
			return &ix->level[i];
	return NULL;
}

static struct eam_entry *eam_exact(struct eam_index *ix, struct eam_key key,
				   u8 len, const bool six)
{
	struct eam_level *l = eam_level(ix, len);

	return l ? eam_probe(ix, l, key, six) : NULL;
}

/**
 * eam_find4() - the row with exactly this IPv4 prefix
 * @t: the table
 * @prefix4: network order
 * @len4: 0 to 32
 *
 * Context: rcu_read_lock(), or the lock of the device.
 * Return: the row, or NULL.
 */
const struct eam_row *eam_find4(const struct eam_table *t, __be32 prefix4,
				u8 len4)
{
	struct eam_entry *e;

	e = eam_exact(eam_ix(&t->ix4), eam_key4(prefix4), len4, false);
	return e ? &e->row : NULL;
}

/**
 * eam_find6() - the row with exactly this IPv6 prefix
 * @t: the table
 * @prefix6: bits beyond @len6 are zero
 * @len6: 0 to 128
 *
 * Context: rcu_read_lock(), or the lock of the device.
 * Return: the row, or NULL.
 */
const struct eam_row *eam_find6(const struct eam_table *t,
				const struct in6_addr *prefix6, u8 len6)
{
	struct eam_entry *e;

	e = eam_exact(eam_ix(&t->ix6), eam_key6(prefix6), len6, true);
	return e ? &e->row : NULL;
}

static struct eam_key eam_row_key(const struct eam_row *row, const bool six)
{
	return six ? eam_key6(&row->prefix6) : eam_key4(row->prefix4);
}

static u8 eam_row_len(const struct eam_row *row, const bool six)
{
	return six ? row->len6 : row->len4;
}

/* The slot of a new row is the first free one; tombstones are not reused. */
static void eam_index_put(struct eam_index *ix, struct eam_entry *e,
			  const bool six)
{
	struct eam_level *l = eam_level(ix, eam_row_len(&e->row, six));
	struct eam_key key = eam_row_key(&e->row, six);
	u32 i = eam_hash(key.hi ^ l->salt, key.lo ^ ix->seed);
	struct eam_slots *s = ix->slots;

	while (rcu_access_pointer(s->slot[i & (s->size - 1)]))
		i++;
	rcu_assign_pointer(s->slot[i & (s->size - 1)], e);
	s->used++;
}

static void eam_index_take(struct eam_index *ix, struct eam_entry *e,
			   const bool six)
{
	struct eam_level *l = eam_level(ix, eam_row_len(&e->row, six));
	struct eam_key key = eam_row_key(&e->row, six);
	u32 i = eam_hash(key.hi ^ l->salt, key.lo ^ ix->seed);
	struct eam_slots *s = ix->slots;

	while (rcu_access_pointer(s->slot[i & (s->size - 1)]) != e)
		i++;
	rcu_assign_pointer(s->slot[i & (s->size - 1)], &eam_tombstone);
	s->rows--;
	l->rows--;
}

static struct eam_slots *eam_slots_alloc(u32 rows)
{
	u32 size = max(EAM_MIN_SLOTS, (u32)roundup_pow_of_two(rows * 2 + 1));
	struct eam_slots *s;

	s = kvzalloc(struct_size(s, slot, size), EAM_GFP);
	if (s)
		s->size = size;
	return s;
}

static void eam_mask(struct eam_key *mask, u8 len, const bool six)
{
	struct in6_addr m = {};
	unsigned int i;

	if (!six) {
		mask->hi = len ? (__force u32)htonl(~0U << (32 - len)) : 0;
		mask->lo = 0;
		return;
	}
	for (i = 0; i < len; i++)
		m.s6_addr[i / 8] |= 0x80 >> i % 8;
	*mask = eam_key6(&m);
}

/*
 * Copies the levels of @old that have rows, and one for @len (0xff: no
 * other), in order of length.
 */
static struct eam_index *eam_index_copy(const struct eam_index *old, u8 len,
					const bool six)
{
	struct eam_index *ix;
	struct eam_level *l;
	unsigned int i = 0;

	ix = kmalloc(struct_size(ix, level, old->count + 1), EAM_GFP);
	if (!ix)
		return NULL;
	ix->slots = old->slots;
	ix->seed = old->seed ?: get_random_u64() | 1;
	l = ix->level;
	for (; i < old->count && (len == 0xff || old->level[i].len > len); i++)
		if (old->level[i].rows)
			*l++ = old->level[i];
	if (i < old->count && old->level[i].len == len) {
		*l++ = old->level[i++];
	} else if (len != 0xff) {
		l->len = len;
		l->rows = 0;
		l->salt = get_random_u64();
		eam_mask(&l->mask, len, six);
		l++;
	}
	for (; i < old->count; i++)
		if (old->level[i].rows)
			*l++ = old->level[i];
	ix->count = l - ix->level;
	return ix;
}

/*
 * Returns an index that has room for one more row with a prefix of length
 * @len: @old itself, or a copy that is not yet published.
 */
static struct eam_index *eam_index_prepare(struct eam_index *old, u8 len,
					   const bool six)
{
	struct eam_slots *s = old->slots;
	bool grow = !s || (s->used + 1) * 2 > s->size;
	struct eam_index *ix;
	u32 i;

	if (!grow && eam_level(old, len))
		return old;
	ix = eam_index_copy(old, len, six);
	if (!ix || !grow)
		return ix;

	ix->slots = eam_slots_alloc(s ? s->rows + 1 : 1);
	if (!ix->slots) {
		kfree(ix);
		return NULL;
	}
	for (i = 0; s && i < s->size; i++) {
		struct eam_entry *e = rcu_dereference_check(s->slot[i], true);

		if (e && e != &eam_tombstone)
			eam_index_put(ix, e, six);
	}
	ix->slots->rows = ix->slots->used;
	return ix;
}

static void eam_index_discard(struct eam_index *ix, struct eam_index *old)
{
	if (ix == old)
		return;
	if (ix->slots != old->slots)
		kvfree(ix->slots);
	kfree(ix);
}

static void eam_index_publish(struct eam_index __rcu **where,
			      struct eam_index *ix, struct eam_index *old)
{
	struct eam_slots *slots = old->slots;

	if (ix == old)
		return;
	rcu_assign_pointer(*where, ix);
	if (slots && slots != ix->slots)
		kvfree_rcu(slots, rcu);
	if (old != &eam_empty)
		kfree_rcu(old, rcu);
}

static void eam_index_insert(struct eam_index *ix, struct eam_entry *e,
			     const bool six)
{
	eam_index_put(ix, e, six);
	ix->slots->rows++;
	eam_level(ix, eam_row_len(&e->row, six))->rows++;
}

/* Dropping an unused length is worth a try; failing that, it just stays. */
static void eam_index_erase(struct eam_index __rcu **where,
			    struct eam_entry *e, const bool six)
{
	struct eam_index *old = eam_ix(where);
	struct eam_index *ix;

	eam_index_take(old, e, six);
	if (eam_level(old, eam_row_len(&e->row, six))->rows)
		return;
	ix = eam_index_copy(old, 0xff, six);
	if (ix)
		eam_index_publish(where, ix, old);
}

/**
 * eam_add() - add a row
 * @t: the table
 * @row: a valid row: no host bits, lengths as in struct eam_row
 * @extack: says why not
 *
 * Rows may nest; two rows with the same IPv4 or the same IPv6 prefix may not
 * be (RFC 7757 section 5).
 *
 * Context: process; the lock of the device.
 * Return: 0, -EEXIST or -ENOMEM; the table is unchanged on error.
 */
int eam_add(struct eam_table *t, const struct eam_row *row,
	    struct netlink_ext_ack *extack)
{
	struct eam_index *old4 = eam_ix(&t->ix4), *ix4;
	struct eam_index *old6 = eam_ix(&t->ix6), *ix6;
	struct eam_entry *e;

	if (eam_find4(t, row->prefix4, row->len4)) {
		NL_SET_ERR_MSG(extack, "a row with this IPv4 prefix exists");
		return -EEXIST;
	}
	if (eam_find6(t, &row->prefix6, row->len6)) {
		NL_SET_ERR_MSG(extack, "a row with this IPv6 prefix exists");
		return -EEXIST;
	}

	e = kmalloc(sizeof(*e), EAM_GFP);
	if (!e)
		return -ENOMEM;
	e->row = *row;
	e->shift = 128 - row->len6 - (32 - row->len4);
	e->id = t->next_id;

	ix4 = eam_index_prepare(old4, row->len4, false);
	if (!ix4)
		goto err_entry;
	ix6 = eam_index_prepare(old6, row->len6, true);
	if (!ix6)
		goto err_ix4;
	if (xa_is_err(xa_store(&t->rows, e->id, e, EAM_GFP)))
		goto err_ix6;

	t->next_id++;
	t->count++;
	eam_index_insert(ix4, e, false);
	eam_index_insert(ix6, e, true);
	eam_index_publish(&t->ix4, ix4, old4);
	eam_index_publish(&t->ix6, ix6, old6);
	return 0;

err_ix6:
	eam_index_discard(ix6, old6);
err_ix4:
	eam_index_discard(ix4, old4);
err_entry:
	kfree(e);
	return -ENOMEM;
}

/**
 * eam_del() - remove a row
 * @t: the table
 * @row: both prefixes and lengths of the row
 * @extack: says why not
 *
 * Context: process; the lock of the device.
 * Return: 0, or -ENOENT if there is no such row.
 */
int eam_del(struct eam_table *t, const struct eam_row *row,
	    struct netlink_ext_ack *extack)
{
	struct eam_entry *e;

	e = eam_exact(eam_ix(&t->ix4), eam_key4(row->prefix4), row->len4,
		      false);
	if (!e || e->row.len6 != row->len6 ||
	    !ipv6_addr_equal(&e->row.prefix6, &row->prefix6)) {
		NL_SET_ERR_MSG(extack, "no such row");
		return -ENOENT;
	}

	eam_index_erase(&t->ix4, e, false);
	eam_index_erase(&t->ix6, e, true);
	xa_erase(&t->rows, e->id);
	t->count--;
	kfree_rcu(e, rcu);
	return 0;
}

/**
 * eam_flush() - remove all rows
 * @t: the table
 *
 * Context: process; the lock of the device.
 */
void eam_flush(struct eam_table *t)
{
	struct eam_entry *e;
	unsigned long id;

	eam_index_publish(&t->ix4, &eam_empty, eam_ix(&t->ix4));
	eam_index_publish(&t->ix6, &eam_empty, eam_ix(&t->ix6));
	t->count = 0;
	xa_for_each(&t->rows, id, e) {
		xa_erase(&t->rows, id);
		kfree_rcu(e, rcu);
	}
}

/**
 * eam_next() - walk the table in order of arrival
 * @t: the table
 * @pos: where to go on, 0 at first; updated
 *
 * A row that stays is met exactly once, whatever else comes or goes.
 *
 * Context: rcu_read_lock(), or the lock of the device.
 * Return: the next row, or NULL at the end.
 */
const struct eam_row *eam_next(const struct eam_table *t, unsigned long *pos)
{
	/* xa_find() takes the array's lock only where it writes: not here. */
	struct xarray *rows = (struct xarray *)&t->rows;
	const struct eam_entry *e;

	e = xa_find(rows, pos, ULONG_MAX, XA_PRESENT);
	if (!e)
		return NULL;
	(*pos)++;
	return &e->row;
}

/**
 * eam_count() - the number of rows
 * @t: the table
 *
 * Context: any.
 * Return: rows.
 */
unsigned int eam_count(const struct eam_table *t)
{
	return READ_ONCE(t->count);
}

/**
 * eam_alloc() - make an empty table
 *
 * Context: process.
 * Return: the table, or NULL without memory.
 */
struct eam_table *eam_alloc(void)
{
	struct eam_table *t = kzalloc(sizeof(*t), EAM_GFP);

	if (!t)
		return NULL;
	RCU_INIT_POINTER(t->ix4, &eam_empty);
	RCU_INIT_POINTER(t->ix6, &eam_empty);
	xa_init_flags(&t->rows, XA_FLAGS_ACCOUNT);
	return t;
}

/**
 * eam_free() - free a table that no reader can reach any more
 * @t: the table, or NULL
 *
 * Context: process.
 */
void eam_free(struct eam_table *t)
{
	if (!t)
		return;
	eam_flush(t);
	xa_destroy(&t->rows);
	kfree(t);
}
