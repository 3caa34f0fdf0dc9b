// SPDX-License-Identifier: GPL-2.0
/*
 * Explicit Address Mapping table (RFC 7757).
 *
 * Each side, IPv4 and IPv6, has an index of its own. A lookup probes once for
 * each prefix length in use, longest first, so its cost depends on the lengths
 * (one to three in practice) and not on the number of rows.
 */
#include <linux/netlink.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/xarray.h>
#include <net/ipv6.h>

#include "eam_index.h"

struct eam_table {
	struct eam_index __rcu *ix4;
	struct eam_index __rcu *ix6;
	struct xarray rows;	/* by id, in order of arrival */
	unsigned long next_id;
	unsigned int count;
};

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
	if (!e->shift) {
		result->s6_addr32[3] |= htonl(suffix);
		return true;
	}
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
	e->shift = 128 - row->len6 - (32 - row->len4);
	if (!base || !eam_place(base, row, &e->id))
		e->id = t->next_id;

	ix4 = eam_index_prepare(old4, row->len4, false);
	if (!ix4)
		goto err_entry;
	ix6 = eam_index_prepare(old6, row->len6, true);
	if (!ix6)
		goto err_ix4;
	if (xa_is_err(xa_store(&t->rows, e->id, e, EAM_GFP)))
		goto err_ix6;

	if (e->id == t->next_id)
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
		kfree(e);
		cond_resched();
	}
	xa_destroy(&t->rows);
	kfree(t);
}
