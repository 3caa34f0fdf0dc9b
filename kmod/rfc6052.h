/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IPv4 addresses inside IPv6 addresses (RFC 6052 section 2.2). Pure functions.
 *
 * Octet 8 (bits 64 to 71, "u") is not part of the IPv4 address: the octets of
 * a prefix shorter than /96 step over it.
 */
#ifndef _SIIT_RFC6052_H
#define _SIIT_RFC6052_H

#include <linux/bits.h>
#include <linux/in6.h>
#include <linux/types.h>

static inline bool rfc6052_len_valid(unsigned int len)
{
	return len == 32 || len == 40 || len == 48 || len == 56 || len == 64 ||
	       len == 96;
}

/**
 * rfc6052_embed() - make an IPv4-embedded IPv6 address
 * @prefix: bits beyond @len are zero
 * @len: 32, 40, 48, 56, 64 or 96
 * @addr4: network order
 * @result: prefix, IPv4 address, zeros; octet 8 is zero for @len < 96
 *
 * RFC 6052 2.3. Below 96 so many bits of the IPv4 address are behind octet 8 as
 * the prefix is longer than 32.
 *
 * Context: any.
 */
static inline void rfc6052_embed(const struct in6_addr *prefix,
				 unsigned int len, __be32 addr4,
				 struct in6_addr *result)
{
	unsigned int behind = len - 32;
	u64 v4 = ntohl(addr4);

	*result = *prefix;
	if (len == 96) {
		result->s6_addr32[3] = addr4;
		return;
	}
	result->s6_addr32[1] |= htonl(v4 >> behind);
	v4 = (v4 & (BIT_ULL(behind) - 1)) << (56 - behind);
	result->s6_addr32[2] |= htonl(v4 >> 32);
	result->s6_addr32[3] |= htonl((u32)v4);
}

/**
 * rfc6052_extract() - the IPv4 address inside an IPv6 address
 * @addr: has a prefix of length @len; its suffix is ignored, and so is octet 8
 * @len: 32, 40, 48, 56, 64 or 96
 *
 * RFC 6052 2.3. What the RFC leaves open: an octet 8 other than zero is
 * ignored, as the suffix is.
 *
 * Context: any.
 * Return: network order.
 */
static inline __be32 rfc6052_extract(const struct in6_addr *addr,
				     unsigned int len)
{
	unsigned int behind = len - 32;
	u64 lo;

	if (len == 96)
		return addr->s6_addr32[3];
	lo = (u64)ntohl(addr->s6_addr32[2]) << 32 | ntohl(addr->s6_addr32[3]);
	lo = lo >> (56 - behind) & (BIT_ULL(behind) - 1);
	return htonl((u32)((u64)ntohl(addr->s6_addr32[1]) << behind | lo));
}

#endif /* _SIIT_RFC6052_H */
