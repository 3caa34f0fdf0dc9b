/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The settings of one translator, as the packet path sees them: one immutable
 * block, replaced whole under RCU. The EAM table hangs off it and changes row
 * by row.
 */
#ifndef _SIIT_CONFIG_H
#define _SIIT_CONFIG_H

#include <linux/in6.h>
#include <linux/rcupdate.h>
#include <linux/types.h>
#include <linux/siit.h>

struct eam_row;
struct eam_table;

/**
 * struct siit_pool6 - a translation prefix (RFC 6052)
 * @prefix: IPv6 prefix, bits beyond @len are zero
 * @mask: the mask of @len
 * @len: 32, 40, 48, 56, 64 or 96
 * @translatable: makes IPv4-translatable addresses, for the nodes in @node4
 * @has_rows: rows of the EAM table are in this prefix, cover it, or were or did;
 *	set in place, before the row is there
 * @wkp: the Well-Known Prefix 64:ff9b::/96 (RFC 6052 2.1)
 * @node_len4: prefix length of @node4
 * @node4: IPv4 prefix of the nodes, network order; 0 unless @translatable
 * @node_mask4: mask of @node_len4, network order
 * @id: order of addition; where a dump goes on
 * @next64: the entry to ask next for the IPv4 address in an IPv6 one, or NULL
 */
struct siit_pool6 {
	struct in6_addr prefix;
	struct in6_addr mask;
	u8 len;
	bool translatable;
	bool wkp;
	bool has_rows;
	u8 node_len4;
	__be32 node4;
	__be32 node_mask4;
	u32 id;
	const struct siit_pool6 *next64;
};

/**
 * struct siit_prefix4 - an IPv4 prefix of the pools rfc6791 and deny4
 * @addr: network order, bits beyond @len are zero
 * @mask: network order
 * @len: 0 to 32
 * @id: order of addition; where a dump goes on
 */
struct siit_prefix4 {
	__be32 addr;
	__be32 mask;
	u8 len;
	u32 id;
};

/**
 * struct siit_settings - what "siitctl dev set" sets
 * @lowest_mtu6: lowest-ipv6-mtu of RFC 7915 section 4, octets
 * @max_rows: rows that the EAM table may have
 * @tos: TOS of all translated packets, or SIIT_TOS_COPY (RFC 7915 5.1)
 * @role: enum siit_role
 * @hairpin: enum siit_hairpin
 * @udp_zero: enum siit_udp_zero
 * @icmp_source: enum siit_icmp_source
 * @tclass_zero: traffic class 0 instead of a copy of TOS (RFC 7915 4.1)
 * @icmp_errors: send ICMP errors about packets that are dropped
 * @wkp_private: allow RFC 1918 and RFC 6598 addresses in 64:ff9b::/96
 * @ingress_filter: drop IPv6 packets whose source is a node of ours
 * @row_counters: count packets by row of the EAM table
 * @given: bit mask of SIIT_DEV_A_* that a user has set; the others follow the
 *	role (REQUIREMENTS AMB-07 to AMB-09)
 */
struct siit_settings {
	u32 lowest_mtu6;
	u32 max_rows;
	u16 tos;
	u8 role;
	u8 hairpin;
	u8 udp_zero;
	u8 icmp_source;
	bool tclass_zero;
	bool icmp_errors;
	bool wkp_private;
	bool ingress_filter;
	bool row_counters;
	u32 given;
};

/**
 * struct siit_config - settings and pools of one device
 * @eam: the EAM table, never NULL; belongs to the device, not to this block
 * @converted: the first plain entry of @pool6, which makes the IPv4-converted
 *	addresses of 4->6, or NULL
 * @first64: the entry to ask first for the IPv4 address in an IPv6 one, or NULL:
 *	translatable ones come before plain ones, then long prefixes before
 *	short ones
 * @has_translatable: there is a translatable entry in @pool6
 * @set: the settings
 * @pool6_count: entries in @pool6
 * @rfc6791_count: entries in @rfc6791
 * @deny4_count: entries in @deny4
 * @last_id: the highest id given to an entry of a pool
 * @pool6: translation prefixes, in the order in which they were added
 * @rfc6791: source addresses for ICMPv4 errors (RFC 6791)
 * @deny4: IPv4 prefixes that @pool6 never maps
 * @rcu: for siit_config_free()
 */
struct siit_config {
	struct eam_table *eam;
	const struct siit_pool6 *converted;
	const struct siit_pool6 *first64;
	bool has_translatable;
	struct siit_settings set;
	unsigned int pool6_count;
	unsigned int rfc6791_count;
	unsigned int deny4_count;
	u32 last_id;
	struct siit_pool6 *pool6;
	struct siit_prefix4 *rfc6791;
	struct siit_prefix4 *deny4;
	struct rcu_head rcu;
};

struct siit_config *siit_config_alloc(unsigned int pool6, unsigned int rfc6791,
				      unsigned int deny4);
struct siit_config *siit_config_clone(const struct siit_config *old,
				      unsigned int pool6, unsigned int rfc6791,
				      unsigned int deny4);
void siit_config_settle(struct siit_config *cfg);
void siit_config_number(struct siit_config *cfg, const struct siit_config *old);
void siit_config_free(struct siit_config *cfg);
void siit_config_free_rcu(struct siit_config *cfg);
void siit_pool6_expect(struct siit_config *cfg, const struct eam_row *row);
void siit_pool6_survey(struct siit_pool6 *p, const struct eam_table *eam);
int siit_pool6_find(const struct siit_config *cfg, const struct siit_pool6 *p);
int siit_prefix4_find(const struct siit_prefix4 *entries, unsigned int count,
		      const struct siit_prefix4 *p);

#endif /* _SIIT_CONFIG_H */
