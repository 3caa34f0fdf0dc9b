/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Incremental Internet checksums (RFC 1624). Pure functions.
 *
 * A translator never recomputes what it can update: a packet that came in
 * corrupt has to leave corrupt.
 */
#ifndef _SIIT_CSUM_H
#define _SIIT_CSUM_H

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/checksum.h>
#include <net/ip6_checksum.h>

#include "compat.h"

/* Any width of word gives the same sum (RFC 1071 2). */
static __always_inline u64 csum_add64(u64 sum, u64 word)
{
	sum += word;
	return sum + (sum < word);
}

/**
 * csum_addrs46() - from an IPv4 to an IPv6 pseudo-header
 * @ip4: source and destination as they are in the IPv4 packet
 * @ip6: source and destination as they are in the IPv6 packet
 *
 * Length and protocol add up the same in both pseudo-headers. The complement
 * of the result leads from IPv6 to IPv4.
 *
 * Context: any.
 * Return: what to add to a sum over the IPv4 packet.
 */
static __always_inline __wsum csum_addrs46(const struct iphdr *ip4,
					   const struct ipv6hdr *ip6)
{
	const u64 *new = (const u64 *)&ip6->saddr;
	const u64 *old = (const u64 *)&ip4->saddr;
	u64 sum = ~get_unaligned(old);

	sum = csum_add64(sum, get_unaligned(new));
	sum = csum_add64(sum, get_unaligned(new + 1));
	sum = csum_add64(sum, get_unaligned(new + 2));
	sum = csum_add64(sum, get_unaligned(new + 3));
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum += sum >> 32;
	return (__force __wsum)(u32)sum;
}

/**
 * csum_pseudo6() - sum of an IPv6 pseudo-header
 * @ip6: source and destination
 * @len: upper-layer packet length, octets
 * @proto: upper-layer protocol
 *
 * Context: any.
 * Return: the sum, not folded.
 */
static inline __wsum csum_pseudo6(const struct ipv6hdr *ip6, u32 len, u8 proto)
{
	return ~csum_unfold(csum_ipv6_magic(&ip6->saddr, &ip6->daddr, len,
					    proto, 0));
}

/**
 * csum_icmp_type() - another ICMP type, the code stays
 * @old: ICMP type as it is in the packet
 * @new: ICMP type to write
 *
 * Context: any.
 * Return: what the sum over the message gains.
 */
static inline __wsum csum_icmp_type(u8 old, u8 new)
{
	return csum_sub((__force __wsum)htons(new << 8),
			(__force __wsum)htons(old << 8));
}

/**
 * csum_fix() - update a checksum field
 * @field: in the packet
 * @diff: what has been added to the sum that the field is the complement of
 * @partial: the field holds the folded pseudo-header sum, not complemented,
 *	as CHECKSUM_PARTIAL has it
 *
 * Context: any.
 */
static __always_inline void csum_fix(__sum16 *field, __wsum diff, bool partial)
{
	if (partial)
		*field = ~csum_fold(csum_add(diff, csum_unfold(*field)));
	else
		*field = csum_fold(csum_add(diff, ~csum_unfold(*field)));
}

#endif /* _SIIT_CSUM_H */
