/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The Explicit Address Mapping table (RFC 7757 section 3): rows of an IPv4
 * prefix and an IPv6 prefix, found by longest match from either side.
 */
#ifndef _SIIT_EAM_H
#define _SIIT_EAM_H

#include <linux/in6.h>
#include <linux/types.h>

struct netlink_ext_ack;
struct eam_table;

/**
 * struct eam_row - one mapping
 * @prefix6: IPv6 prefix; bits beyond @len6 are zero
 * @prefix4: IPv4 prefix, network order; bits beyond @len4 are zero
 * @len4: 0 to 32
 * @len6: 0 to 128; 128 - @len6 >= 32 - @len4 (RFC 7757 3.2)
 */
struct eam_row {
	struct in6_addr prefix6;
	__be32 prefix4;
	u8 len4;
	u8 len6;
};

struct eam_table *eam_alloc(const struct eam_table *base);
struct eam_table *eam_copy(const struct eam_table *base);
void eam_free(struct eam_table *t);
unsigned int eam_count(const struct eam_table *t);
unsigned long eam_end(const struct eam_table *t);
bool eam_is_at(const struct eam_table *t, unsigned long pos);

/* Changing: one at a time, the caller holds the lock of the device. */
int eam_add(struct eam_table *t, const struct eam_row *row,
	    const struct eam_table *base, struct netlink_ext_ack *extack);
int eam_del(struct eam_table *t, const struct eam_row *row,
	    struct netlink_ext_ack *extack);
void eam_flush(struct eam_table *t);
const struct eam_row *eam_find4(const struct eam_table *t, __be32 prefix4,
				u8 len4);
const struct eam_row *eam_find6(const struct eam_table *t,
				const struct in6_addr *prefix6, u8 len6);

/* Reading: under rcu_read_lock(), or the lock of the device. */
bool eam_lookup4(const struct eam_table *t, __be32 addr,
		 struct in6_addr *result);
bool eam_lookup6(const struct eam_table *t, const struct in6_addr *addr,
		 __be32 *result);
const struct eam_row *eam_match4(const struct eam_table *t, __be32 addr);
const struct eam_row *eam_match6(const struct eam_table *t,
				 const struct in6_addr *addr);

/**
 * eam_next - walk the table
 * @t: the table
 * @pos: where to go on, 0 at first; updated. Valid across changes of the
 *	table: a row that stays is met exactly once, whatever else comes or goes
 *
 * Context: rcu_read_lock(), or the lock of the device.
 * Return: the next row, or NULL at the end.
 */
const struct eam_row *eam_next(const struct eam_table *t, unsigned long *pos);

#endif /* _SIIT_EAM_H */
