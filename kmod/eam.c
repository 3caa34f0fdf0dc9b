// SPDX-License-Identifier: GPL-2.0
/*
 * Explicit Address Mapping table (RFC 7757): rows come and go.
 */
#include <linux/inetdevice.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/xarray.h>
#include <net/ipv6.h>

#include "eam_counter.h"
#include "eam_lookup.h"

/**
 * eam_shift4() - put an IPv4 suffix to its place in an IPv6 address
 * @suffix: host order
 * @shift: bits that follow it in the IPv6 address
 * @result: the suffix is added to it
 *
 * Context: any.
 */
void eam_shift4(u32 suffix, u8 shift, struct in6_addr *result)
{
	u64 hi, lo;

	if (shift >= 64) {
		hi = (u64)suffix << (shift - 64);
		lo = 0;
	} else {
		/* In two steps: a shift by 64 is undefined. */
		hi = (u64)suffix >> 1 >> (63 - shift);
		lo = (u64)suffix << shift;
	}
	result->s6_addr32[0] |= htonl(hi >> 32);
	result->s6_addr32[1] |= htonl((u32)hi);
	result->s6_addr32[2] |= htonl(lo >> 32);
	result->s6_addr32[3] |= htonl((u32)lo);
}

/**
 * eam_shift6() - take an IPv4 suffix from its place in an IPv6 address
 * @addr: the address
 * @shift: bits that follow the suffix
 *
 * Context: any.
 * Return: 32 bits that end in the suffix, host order.
 */
u32 eam_shift6(const struct in6_addr *addr, u8 shift)
{
	u64 hi = get_unaligned_be64(&addr->s6_addr32[0]);
	u64 lo = get_unaligned_be64(&addr->s6_addr32[2]);

	if (shift >= 64)
		return hi >> (shift - 64);
	return lo >> shift | hi << 1 << (63 - shift);
}

/**
 * eam_covers4_closer() - eam_covers4() for what one look has not settled
 * @t: the table
 * @addr: network order
 *
 * Context: rcu_read_lock().
 * Return: whether a row covers the address.
 */
bool eam_covers4_closer(const struct eam_table *t, __be32 addr)
{
	return eam_match4(t, addr);
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

/* The place that a row has in a table, if it is there just as it is. */
static bool eam_place(const struct eam_table *t, const struct eam_row *row,
		      unsigned long *id)
{
	const struct eam_entry *e;

	e = eam_exact(eam_ix(&t->ix4), eam_key4(row->prefix4), row->len4,
		      false);
	if (!e || e->row.len6 != row->len6 ||
	    !ipv6_addr_equal(&e->row.prefix6, &row->prefix6))
		return false;
	*id = e->id;
	return true;
}

/* Before the row is there. */
static void eam_mark4(struct eam_table *t, const struct eam_row *row)
{
	unsigned int far = EAM_NEAR4_BITS - min_t(u8, row->len4, EAM_NEAR4_BITS);

	bitmap_set(t->near4, ntohl(row->prefix4) >> (32 - EAM_NEAR4_BITS),
		   1U << far);
}

/**
 * eam_add() - add a row
 * @t: the table
 * @row: a valid row: no host bits, lengths as in struct eam_row
 * @base: NULL, or the table that @t was made to replace: a row that is there
 *	too gets the same place in @t
 * @extack: says why not
 *
 * Rows may nest; two rows with the same IPv4 or the same IPv6 prefix may not
 * be (RFC 7757 section 5).
 *
 * Context: process; the lock of the device.
 * Return: 0, -EEXIST or -ENOMEM; the table is unchanged on error.
 */
int eam_add(struct eam_table *t, const struct eam_row *row,
	    const struct eam_table *base, struct netlink_ext_ack *extack)
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
	e->shift = row->len4 < 32 ? 96 + row->len4 - row->len6 : 0;
	e->host4 = ~inet_make_mask(row->len4);
	RCU_INIT_POINTER(e->counter, NULL);
	if (!base || !eam_place(base, row, &e->id))
		e->id = t->next_id;

	if (t->counted && eam_counter_attach(e))
		goto err_entry;
	ix4 = eam_index_prepare(old4, row->len4, false);
	if (!ix4)
		goto err_counter;
	ix6 = eam_index_prepare(old6, row->len6, true);
	if (!ix6)
		goto err_ix4;
	if (xa_is_err(xa_store(&t->rows, e->id, e, EAM_GFP)))
		goto err_ix6;

	if (e->id == t->next_id)
		t->next_id++;
	t->count++;
	eam_mark4(t, row);
	eam_index_insert(ix4, e, false);
	eam_index_insert(ix6, e, true);
	eam_index_publish(&t->ix4, ix4, old4);
	eam_index_publish(&t->ix6, ix6, old6);
	return 0;

err_ix6:
	eam_index_discard(ix6, old6);
err_ix4:
	eam_index_discard(ix4, old4);
err_counter:
	eam_counter_detach(e);
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
	eam_counter_detach(e);
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
	bitmap_zero(t->near4, 1 << EAM_NEAR4_BITS);
	t->count = 0;
	xa_for_each(&t->rows, id, e) {
		xa_erase(&t->rows, id);
		eam_counter_detach(e);
		kfree_rcu(e, rcu);
		cond_resched();
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
 * eam_end() - the position after the last row that a table ever had
 * @t: the table
 *
 * In a table that was made to replace @t, rows from here on are those that
 * @t does not have.
 *
 * Context: the lock of the device.
 * Return: a position for eam_next().
 */
unsigned long eam_end(const struct eam_table *t)
{
	return t->next_id;
}

/**
 * eam_is_at() - is there a row at a position?
 * @t: the table
 * @pos: as eam_next() was given it
 *
 * Context: rcu_read_lock(), or the lock of the device.
 * Return: whether there is one at exactly this position.
 */
bool eam_is_at(const struct eam_table *t, unsigned long pos)
{
	return xa_load((struct xarray *)&t->rows, pos);
}

/**
 * eam_alloc() - make an empty table
 * @base: NULL, or the table that the new one is to replace: no new row gets the
 *	place of one of its rows
 *
 * Context: process.
 * Return: the table, or NULL without memory.
 */
struct eam_table *eam_alloc(const struct eam_table *base)
{
	struct eam_table *t = kzalloc(sizeof(*t), EAM_GFP);

	if (!t)
		return NULL;
	RCU_INIT_POINTER(t->ix4, &eam_empty);
	RCU_INIT_POINTER(t->ix6, &eam_empty);
	xa_init_flags(&t->rows, XA_FLAGS_ACCOUNT);
	if (base)
		t->next_id = base->next_id;
	return t;
}

/**
 * eam_copy() - make a table with the same rows in the same places
 * @base: the table
 *
 * Context: process; the lock of the device.
 * Return: the copy, or NULL without memory.
 */
struct eam_table *eam_copy(const struct eam_table *base)
{
	struct eam_table *t = eam_alloc(base);
	const struct eam_row *row;
	unsigned long pos = 0;

	while (t && (row = eam_next(base, &pos))) {
		if (eam_add(t, row, base, NULL)) {
			eam_free(t);
			t = NULL;
		}
		cond_resched();
	}
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
	struct eam_entry *e;
	unsigned long id;

	if (!t)
		return;
	eam_index_free(eam_ix(&t->ix4));
	eam_index_free(eam_ix(&t->ix6));
	xa_for_each(&t->rows, id, e) {
		eam_counter_detach(e);
		kfree(e);
		cond_resched();
	}
	xa_destroy(&t->rows);
	kfree(t);
}
