/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reading the Explicit Address Mapping table (RFC 7757), twice for each packet.
 *
 * Each side, IPv4 and IPv6, has an index of its own. A lookup probes once for
 * each prefix length in use, longest first, so its cost depends on the lengths
 * (one to three in practice) and not on the number of rows.
 */
#ifndef _SIIT_EAM_LOOKUP_H
#define _SIIT_EAM_LOOKUP_H

#include <linux/bitmap.h>
#include <linux/xarray.h>

#include "eam_index.h"

/* What eam_near4() tells apart: networks of so many bits. */
#define EAM_NEAR4_BITS	12

/**
 * struct eam_table - the table
 * @ix4: the IPv4 side
 * @ix6: the IPv6 side
 * @rows: all rows by id, in order of arrival
 * @next_id: of the next row
 * @count: rows
 * @counted: rows have counters
 * @near4: a bit for each IPv4 network of EAM_NEAR4_BITS that has rows, or had
 */
struct eam_table {
	struct eam_index __rcu *ix4;
	struct eam_index __rcu *ix6;
	struct xarray rows;
	unsigned long next_id;
	unsigned int count;
	bool counted;
	DECLARE_BITMAP(near4, 1 << EAM_NEAR4_BITS);
};

/**
 * eam_near4() - may there be a row for an IPv4 address?
 * @t: the table
 * @addr: network order
 *
 * Most addresses of the Internet are far from all rows, and a look at one bit
 * tells.
 *
 * Context: rcu_read_lock().
 * Return: false if there is none; true if there may be one.
 */
static __always_inline bool eam_near4(const struct eam_table *t, __be32 addr)
{
	return test_bit(ntohl(addr) >> (32 - EAM_NEAR4_BITS), t->near4);
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
static inline const struct eam_row *eam_match4(const struct eam_table *t,
					       __be32 addr)
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
static inline const struct eam_row *eam_match6(const struct eam_table *t,
					       const struct in6_addr *addr)
{
	const struct eam_entry *e;

	e = eam_longest(eam_ix(&t->ix6), eam_key6(addr), true);
	return e ? &e->row : NULL;
}

static __always_inline void eam_place4(const struct eam_entry *e, __be32 addr,
				       struct in6_addr *result)
{
	*result = e->row.prefix6;
	result->s6_addr32[3] |= addr & e->host4;
}

static __always_inline __be32 eam_place6(const struct eam_entry *e,
					 const struct in6_addr *addr)
{
	return e->row.prefix4 | (addr->s6_addr32[3] & e->host4);
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
static inline bool eam_lookup4(const struct eam_table *t, __be32 addr,
			       struct in6_addr *result)
{
	const struct eam_entry *e;

	e = eam_longest(eam_ix(&t->ix4), eam_key4(addr), false);
	if (!e)
		return false;
	if (likely(!e->shift)) {
		eam_place4(e, addr, result);
		return true;
	}
	*result = e->row.prefix6;
	eam_shift4(ntohl(addr & e->host4), e->shift, result);
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
static inline bool eam_lookup6(const struct eam_table *t,
			       const struct in6_addr *addr, __be32 *result)
{
	const struct eam_entry *e;

	e = eam_longest(eam_ix(&t->ix6), eam_key6(addr), true);
	if (!e)
		return false;
	if (likely(!e->shift))
		*result = eam_place6(e, addr);
	else
		*result = e->row.prefix4 |
			  (htonl(eam_shift6(addr, e->shift)) & e->host4);
	return true;
}

/**
 * enum eam_answer - what a look into one slot has brought
 * @EAM_ASK: nothing: call eam_lookup4() or eam_lookup6()
 * @EAM_FOUND: the result
 * @EAM_NONE: that no row covers the address
 */
enum eam_answer {
	EAM_ASK,
	EAM_FOUND,
	EAM_NONE,
};

/**
 * eam_peek4() - eam_lookup4(), if one look is enough
 * @t: the table
 * @addr: network order
 * @result: with EAM_FOUND: as for eam_lookup4()
 *
 * Context: rcu_read_lock().
 * Return: see there.
 */
static __always_inline enum eam_answer
eam_peek4(const struct eam_table *t, __be32 addr, struct in6_addr *result)
{
	const struct eam_entry *e;

	if (!eam_near4(t, addr))
		return EAM_NONE;
	if (!eam_at_once(eam_ix(&t->ix4), eam_key4(addr), &e, false))
		return EAM_ASK;
	if (!e)
		return EAM_NONE;
	if (unlikely(e->shift))
		return EAM_ASK;
	eam_place4(e, addr, result);
	return EAM_FOUND;
}

bool eam_covers4_closer(const struct eam_table *t, __be32 addr);

/**
 * eam_covers4() - does a row cover an IPv4 address?
 * @t: the table
 * @addr: network order
 *
 * Context: rcu_read_lock().
 * Return: whether one does.
 */
static __always_inline bool eam_covers4(const struct eam_table *t, __be32 addr)
{
	const struct eam_entry *e;

	if (!eam_near4(t, addr))
		return false;
	if (eam_at_once(eam_ix(&t->ix4), eam_key4(addr), &e, false))
		return e;
	return eam_covers4_closer(t, addr);
}

/**
 * eam_peek6() - eam_lookup6(), if one look is enough
 * @t: the table
 * @addr: the address
 * @result: with EAM_FOUND: as for eam_lookup6()
 *
 * Context: rcu_read_lock().
 * Return: see there.
 */
static __always_inline enum eam_answer
eam_peek6(const struct eam_table *t, const struct in6_addr *addr,
	  __be32 *result)
{
	const struct eam_entry *e;

	if (!eam_at_once(eam_ix(&t->ix6), eam_key6(addr), &e, true))
		return EAM_ASK;
	if (!e)
		return EAM_NONE;
	if (unlikely(e->shift))
		return EAM_ASK;
	*result = eam_place6(e, addr);
	return EAM_FOUND;
}

#endif /* _SIIT_EAM_LOOKUP_H */
