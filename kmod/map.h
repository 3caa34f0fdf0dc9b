/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Address -> address, by the rules of one device.
 */
#ifndef _SIIT_MAP_H
#define _SIIT_MAP_H

#include <net/ipv6.h>
#include <linux/siit.h>

#include "config.h"
#include "eam_lookup.h"
#include "stats.h"

/* Not by EAM: the rules of hairpinning, RFC 7757 4.2.1. */
#define SIIT_MAP_NO_EAM		BIT(0)
/*
 * Any address that has a mapping, also where policy forbids it as the
 * address of a packet: what ICMP errors come from and what they quote.
 */
#define SIIT_MAP_ANY		BIT(1)

enum siit_method siit_map46(const struct siit_config *cfg, __be32 addr,
			    unsigned int flags, struct in6_addr *result,
			    enum siit_reason *why);
enum siit_method siit_map64(const struct siit_config *cfg,
			    const struct in6_addr *addr, __be32 *result,
			    enum siit_reason *why);
enum siit_method siit_map64_any(const struct siit_config *cfg,
				const struct in6_addr *addr, __be32 *result,
				enum siit_reason *why);
enum siit_method siit_node46(const struct siit_config *cfg, __be32 addr,
			     struct in6_addr *result);
enum siit_method siit_converted64(const struct siit_config *cfg,
				  const struct in6_addr *addr, __be32 *result);
const struct siit_pool6 *siit_pool46(const struct siit_config *cfg,
				     __be32 addr);
const struct siit_pool6 *siit_pool64(const struct siit_config *cfg,
				     const struct in6_addr *addr,
				     __be32 *result);

enum siit_method siit_map46_closer(const struct siit_config *cfg, __be32 addr,
				   unsigned int flags, struct in6_addr *result,
				   enum siit_reason *why);
enum siit_method siit_map64_closer(const struct siit_config *cfg,
				   const struct in6_addr *addr,
				   unsigned int flags, __be32 *result,
				   enum siit_reason *why);
bool siit_illegal6_closer(const struct in6_addr *addr);

/*
 * RFC 1812 5.3.7: net 0, loopback, multicast, class E and broadcast are never
 * the address of a packet on its way.
 */
static inline bool siit_illegal4(__be32 addr)
{
	u8 net = ntohl(addr) >> 24;

	return net == 0 || net == 127 || net >= 224;
}

static __always_inline bool siit_illegal6(const struct in6_addr *addr)
{
	return unlikely(addr->s6_addr[0] >= 0xfe || !addr->s6_addr32[0]) &&
	       siit_illegal6_closer(addr);
}

/**
 * siit_map46_inline() - siit_map46() in place
 * @cfg: see there
 * @addr: see there
 * @flags: see there
 * @result: see there
 * @why: see there
 *
 * Context: rcu_read_lock(), or the lock of the device.
 * Return: see there.
 */
static __always_inline enum siit_method
siit_map46_inline(const struct siit_config *cfg, __be32 addr,
		  unsigned int flags, struct in6_addr *result,
		  enum siit_reason *why)
{
	enum eam_answer answer;

	if (!(flags & SIIT_MAP_ANY) && unlikely(siit_illegal4(addr))) {
		*why = SIIT_DROP_SRC_ILLEGAL;
		return SIIT_METHOD_NONE;
	}
	if (!(flags & SIIT_MAP_NO_EAM)) {
		answer = eam_peek4(cfg->eam, addr, result);
		if (answer == EAM_FOUND)
			return SIIT_METHOD_EAM;
		if (answer == EAM_NONE)
			flags |= SIIT_MAP_NO_EAM;
	}
	return siit_map46_closer(cfg, addr, flags, result, why);
}

/**
 * siit_map64_inline() - siit_map64() in place
 * @cfg: see there
 * @addr: see there
 * @result: see there
 * @why: see there
 *
 * Context: rcu_read_lock(), or the lock of the device.
 * Return: see there.
 */
static __always_inline enum siit_method
siit_map64_inline(const struct siit_config *cfg, const struct in6_addr *addr,
		  __be32 *result, enum siit_reason *why)
{
	if (unlikely(siit_illegal6(addr))) {
		*why = SIIT_DROP_SRC_ILLEGAL;
		return SIIT_METHOD_NONE;
	}
	if (eam_peek6(cfg->eam, addr, result) == EAM_FOUND &&
	    likely(!siit_illegal4(*result)))
		return SIIT_METHOD_EAM;
	return siit_map64_closer(cfg, addr, 0, result, why);
}

#endif /* _SIIT_MAP_H */
