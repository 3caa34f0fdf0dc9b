// SPDX-License-Identifier: GPL-2.0
/*
 * One side of the EAM table: how it changes.
 *
 * A change writes one slot. Only a new length or growth replaces the index,
 * by a copy under RCU. Whatever can fail comes before the first write.
 */
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "eam_index.h"

#define EAM_MIN_SLOTS	32
#define EAM_BREATH	4096	/* slots, between chances for others to run */

/* No levels: a lookup in it touches nothing else. */
struct eam_index eam_empty;

/* Matches nothing: no level has this length. */
static struct eam_entry eam_tombstone = {
	.row = { .len4 = 0xff, .len6 = 0xff },
};

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
	u32 i = eam_hash(ix, l, key, six);
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
	u32 i = eam_hash(ix, l, key, six);
	struct eam_slots *s = ix->slots;

	while (rcu_access_pointer(s->slot[i & (s->size - 1)]) != e)
		i++;
	rcu_assign_pointer(s->slot[i & (s->size - 1)], &eam_tombstone);
	s->rows--;
	l->rows--;
}

/*
 * A third of the slots are for use: a lookup meets a chain for each length, and
 * at half of them in use, a million rows of fifteen lengths cost half as much
 * again. Of that third a seventh at least is free at first: sweeping tombstones
 * out must not be due again after a few changes.
 */
static struct eam_slots *eam_slots_alloc(u32 rows)
{
	u32 size = roundup_pow_of_two(rows * 7 / 2 + EAM_MIN_SLOTS);
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

/**
 * eam_index_prepare() - make room for one more row
 * @old: the index as it is
 * @len: prefix length of the row
 * @six: the IPv6 side
 *
 * Context: process; the lock of the device.
 * Return: @old, or a copy for eam_index_publish() or eam_index_discard();
 *	NULL without memory.
 */
struct eam_index *eam_index_prepare(struct eam_index *old, u8 len,
				    const bool six)
{
	struct eam_slots *s = old->slots;
	bool grow = !s || (s->used + 1) * 3 > s->size;
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
		if (i % EAM_BREATH == 0)
			cond_resched();
	}
	ix->slots->rows = ix->slots->used;
	return ix;
}

/**
 * eam_index_discard() - forget what eam_index_prepare() has made
 * @ix: what it returned
 * @old: what it was given
 *
 * Context: process; the lock of the device.
 */
void eam_index_discard(struct eam_index *ix, struct eam_index *old)
{
	if (ix == old)
		return;
	if (ix->slots != old->slots)
		kvfree(ix->slots);
	kfree(ix);
}

/**
 * eam_index_publish() - let readers see another index
 * @where: where they look
 * @ix: the new index; may be @old
 * @old: the index that is there; freed after a grace period
 *
 * Context: process; the lock of the device.
 */
void eam_index_publish(struct eam_index __rcu **where, struct eam_index *ix,
		       struct eam_index *old)
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

/**
 * eam_index_free() - free an index that no reader can reach any more
 * @ix: the index; its rows stay
 *
 * Context: process.
 */
void eam_index_free(struct eam_index *ix)
{
	if (ix == &eam_empty)
		return;
	kvfree(ix->slots);
	kfree(ix);
}

/**
 * eam_index_insert() - add a row
 * @ix: has room for it
 * @e: the row
 * @six: the IPv6 side
 *
 * Context: process; the lock of the device.
 */
void eam_index_insert(struct eam_index *ix, struct eam_entry *e,
		      const bool six)
{
	eam_index_put(ix, e, six);
	ix->slots->rows++;
	eam_level(ix, eam_row_len(&e->row, six))->rows++;
}

/**
 * eam_index_erase() - remove a row
 * @where: where readers find the index
 * @e: the row; readers may still see it for a grace period
 * @six: the IPv6 side
 *
 * Dropping a length that has no rows left is worth a try; failing that, it
 * just stays.
 *
 * Context: process; the lock of the device.
 */
void eam_index_erase(struct eam_index __rcu **where, struct eam_entry *e,
		     const bool six)
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

