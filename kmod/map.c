// SPDX-License-Identifier: GPL-2.0
/*
 * Address mapping (RFC 7915 section 6): an explicit mapping first (RFC 7757),
 * then the IPv4-translatable addresses of pool6, then the IPv4-converted ones
 * (RFC 6052), and what must not be mapped at all.
 */
#include <net/ipv6.h>

#include "config.h"
#include "eam_lookup.h"
#include "map.h"
#include "rfc6052.h"
#include "xlat.h"

const struct siit_known siit_nothing_known;

static bool in4(__be32 addr, u32 prefix, unsigned int len)
{
	return !((ntohl(addr) ^ prefix) >> (32 - len));
}

/**
 * siit_illegal6_closer() - siit_illegal6() for what its first octets do not tell
 * @addr: the address
 *
 * Context: any.
 * Return: as there.
 */
bool siit_illegal6_closer(const struct in6_addr *addr)
{
	return ipv6_addr_is_multicast(addr) || ipv6_addr_loopback(addr) ||
	       ipv6_addr_any(addr) ||
	       (ipv6_addr_type(addr) & IPV6_ADDR_LINKLOCAL);
}

/*
 * RFC 6052 3.1: the Well-Known Prefix does not represent non-global IPv4
 * addresses. What an operator may lift: private and shared addresses
 * (draft-ietf-v6ops-nat64-wkp-1918), and those for documentation and
 * benchmarks, which have no business outside a lab either way.
 */
static inline bool wkp_forbids(const struct siit_config *cfg, __be32 addr)
{
	bool lifted = cfg->set.wkp_private;

	switch (ntohl(addr) >> 24) {
	case 10:
		return !lifted;
	case 100:
		return !lifted && in4(addr, 0x64400000, 10);
	case 169:
		return in4(addr, 0xa9fe0000, 16);
	case 172:
		return !lifted && in4(addr, 0xac100000, 12);
	case 192:
		return in4(addr, 0xc0000000, 24) || in4(addr, 0xc0586300, 24) ||
		       (!lifted && (in4(addr, 0xc0a80000, 16) ||
				    in4(addr, 0xc0000200, 24)));
	case 198:
		return !lifted && (in4(addr, 0xc6336400, 24) ||
				   in4(addr, 0xc6120000, 15));
	case 203:
		return !lifted && in4(addr, 0xcb007100, 24);
	default:
		return false;
	}
}

static bool denied4(const struct siit_config *cfg, __be32 addr)
{
	unsigned int i;

	for (i = 0; i < cfg->deny4_count; i++)
		if (!((addr ^ cfg->deny4[i].addr) & cfg->deny4[i].mask))
			return true;
	return false;
}

static enum siit_method pool_method(const struct siit_pool6 *pool)
{
	return pool->translatable ? SIIT_METHOD_TRANSLATABLE :
				    SIIT_METHOD_CONVERTED;
}

/* What holds for the addresses of pool6, whichever way they go. */
static enum siit_reason pool_refuses(const struct siit_config *cfg,
				     const struct siit_pool6 *pool,
				     __be32 addr, unsigned int flags)
{
	if (flags & SIIT_MAP_ANY)
		return SIIT_OK;
	if (unlikely(cfg->deny4_count) && denied4(cfg, addr))
		return SIIT_DROP_ADDR_DENIED;
	if (pool->wkp && wkp_forbids(cfg, addr))
		return SIIT_DROP_ADDR_WKP;
	return SIIT_OK;
}

static enum siit_method pool_embed(const struct siit_pool6 *pool, __be32 addr,
				   struct in6_addr *result)
{
	rfc6052_embed(&pool->prefix, pool->len, addr, result);
	return pool_method(pool);
}

/**
 * siit_pool46() - the entry of pool6 that maps an IPv4 address
 * @cfg: settings
 * @addr: network order
 *
 * The translatable entry with the longest IPv4 prefix, or else the first
 * plain one.
 *
 * Context: rcu_read_lock(), or the lock of the device.
 * Return: the entry, or NULL.
 */
const struct siit_pool6 *siit_pool46(const struct siit_config *cfg,
				     __be32 addr)
{
	const struct siit_pool6 *best = NULL;
	unsigned int i;

	if (likely(!cfg->has_translatable))
		return cfg->converted;
	for (i = 0; i < cfg->pool6_count; i++) {
		const struct siit_pool6 *p = &cfg->pool6[i];

		if (p->translatable &&
		    !((addr ^ p->node4) & p->node_mask4) &&
		    (!best || p->node_len4 > best->node_len4))
			best = p;
	}
	return best ?: cfg->converted;
}

/* siit_pool64() for those who cannot afford the call. */
static __always_inline const struct siit_pool6 *
entry64(const struct siit_config *cfg, const struct in6_addr *addr,
	__be32 *result)
{
	const struct siit_pool6 *p;

	for (p = cfg->first64; p; p = p->next64) {
		if (ipv6_masked_addr_cmp(addr, &p->mask, &p->prefix))
			continue;
		*result = rfc6052_extract(addr, p->len);
		if (!p->translatable || !((*result ^ p->node4) & p->node_mask4))
			break;
	}
	return p;
}

/**
 * siit_pool64() - the entry of pool6 that an IPv6 address belongs to
 * @cfg: settings
 * @addr: the address
 * @result: the IPv4 address in it, network order
 *
 * A translatable entry counts for its own IPv4 prefix only, and comes before
 * a plain one. Among equals the longest IPv6 prefix wins.
 *
 * Context: rcu_read_lock(), or the lock of the device.
 * Return: the entry, or NULL.
 */
const struct siit_pool6 *siit_pool64(const struct siit_config *cfg,
				     const struct in6_addr *addr,
				     __be32 *result)
{
	return entry64(cfg, addr, result);
}

/**
 * siit_map46_closer() - siit_map46() for what one look has not settled
 * @cfg: see there
 * @addr: see there
 * @flags: see there
 * @result: see there
 * @why: see there
 *
 * Context: rcu_read_lock(), or the lock of the device.
 * Return: see there.
 */
enum siit_method siit_map46_closer(const struct siit_config *cfg, __be32 addr,
				   unsigned int flags, struct in6_addr *result,
				   enum siit_reason *why)
{
	const struct siit_pool6 *p;

	if (!(flags & SIIT_MAP_NO_EAM) && eam_lookup4(cfg->eam, addr, result))
		return SIIT_METHOD_EAM;
	p = siit_pool46(cfg, addr);
	if (!p) {
		*why = SIIT_DROP_SRC_UNMAPPED;
		return SIIT_METHOD_NONE;
	}
	*why = pool_refuses(cfg, p, addr, flags);
	return *why ? SIIT_METHOD_NONE : pool_embed(p, addr, result);
}

/**
 * siit_map46() - map an IPv4 address to IPv6
 * @cfg: settings
 * @addr: network order
 * @flags: SIIT_MAP_*
 * @result: the IPv6 address
 * @why: if it is not mapped: SIIT_DROP_SRC_UNMAPPED if there is no mapping,
 *	SIIT_DROP_SRC_ILLEGAL if the address can be none, or a reason for any
 *	address; siit_reason_dst() turns these into those for a destination
 *
 * RFC 7915 section 6, RFC 7757 3.3.1.
 *
 * Context: rcu_read_lock(), or the lock of the device.
 * Return: how it is mapped; SIIT_METHOD_NONE if it is not.
 */
enum siit_method siit_map46(const struct siit_config *cfg, __be32 addr,
			    unsigned int flags, struct in6_addr *result,
			    enum siit_reason *why)
{
	return siit_map46_inline(cfg, addr, flags, result, why);
}

/* siit_node46() for what one look into the table has not settled. */
static noinline enum siit_method node46(const struct siit_config *cfg,
					__be32 addr, struct in6_addr *result)
{
	const struct siit_pool6 *p;

	if (eam_lookup4(cfg->eam, addr, result))
		return SIIT_METHOD_EAM;
	if (!cfg->has_translatable)
		return SIIT_METHOD_NONE;
	p = siit_pool46(cfg, addr);
	if (!p || !p->translatable || pool_refuses(cfg, p, addr, 0))
		return SIIT_METHOD_NONE;
	return pool_embed(p, addr, result);
}

/**
 * siit_node46() - map the IPv4 address of a node
 * @cfg: settings
 * @addr: network order
 * @result: the IPv6 address
 *
 * A node is what a row of the EAM table or a translatable entry of pool6
 * covers. Of other addresses siit_node46() says so in less time than
 * siit_map46() takes to map them.
 *
 * Context: rcu_read_lock().
 * Return: how it is mapped; SIIT_METHOD_NONE if it is no node.
 */
enum siit_method siit_node46(const struct siit_config *cfg, __be32 addr,
			     struct in6_addr *result)
{
	enum eam_answer answer;

	if (unlikely(siit_illegal4(addr)))
		return SIIT_METHOD_NONE;
	answer = eam_peek4(cfg->eam, addr, result);
	if (answer == EAM_FOUND)
		return SIIT_METHOD_EAM;
	if (answer == EAM_NONE && !cfg->has_translatable)
		return SIIT_METHOD_NONE;
	return node46(cfg, addr, result);
}

/* A look into the table is dear: all its prefix lengths. */
static __always_inline bool may_have_row(const struct siit_pool6 *p)
{
	return !p || READ_ONCE(p->has_rows);
}

/**
 * siit_map64_closer() - siit_map64() for what one look has not settled
 * @cfg: see there
 * @addr: see there
 * @flags: 0 or SIIT_MAP_ANY, as for siit_map46()
 * @result: see there
 * @why: see there
 *
 * Context: rcu_read_lock(), or the lock of the device.
 * Return: see there.
 */
enum siit_method siit_map64_closer(const struct siit_config *cfg,
				   const struct in6_addr *addr,
				   unsigned int flags, __be32 *result,
				   enum siit_reason *why)
{
	const struct siit_pool6 *p = entry64(cfg, addr, result);
	enum siit_method method = SIIT_METHOD_EAM;

	if (!may_have_row(p) || !eam_lookup6(cfg->eam, addr, result)) {
		if (!p) {
			*why = SIIT_DROP_SRC_UNMAPPED;
			return SIIT_METHOD_NONE;
		}
		*why = pool_refuses(cfg, p, *result, flags);
		if (*why)
			return SIIT_METHOD_NONE;
		method = pool_method(p);
	}
	if (!(flags & SIIT_MAP_ANY) && unlikely(siit_illegal4(*result))) {
		*why = SIIT_DROP_SRC_ILLEGAL;
		return SIIT_METHOD_NONE;
	}
	return method;
}

/**
 * siit_map64() - map an IPv6 address to IPv4
 * @cfg: settings
 * @addr: the address
 * @result: network order
 * @why: as for siit_map46()
 *
 * RFC 7915 section 6, RFC 7757 3.3.2.
 *
 * Context: rcu_read_lock(), or the lock of the device.
 * Return: how it is mapped; SIIT_METHOD_NONE if it is not.
 */
enum siit_method siit_map64(const struct siit_config *cfg,
			    const struct in6_addr *addr, __be32 *result,
			    enum siit_reason *why)
{
	return siit_map64_inline(cfg, addr, result, why);
}

/**
 * siit_map64_any() - map an IPv6 address even where policy forbids it
 * @cfg: settings
 * @addr: the address
 * @result: network order
 * @why: as for siit_map46()
 *
 * For the addresses of a quoted packet, as SIIT_MAP_ANY for siit_map46().
 *
 * Context: rcu_read_lock(), or the lock of the device.
 * Return: how it is mapped; SIIT_METHOD_NONE if it is not.
 */
enum siit_method siit_map64_any(const struct siit_config *cfg,
				const struct in6_addr *addr, __be32 *result,
				enum siit_reason *why)
{
	return siit_map64_closer(cfg, addr, SIIT_MAP_ANY, result, why);
}

/* siit_converted64() for what one look into the table has not settled. */
static noinline enum siit_method converted64(const struct siit_config *cfg,
					     const struct in6_addr *addr,
					     __be32 *result)
{
	enum siit_reason why;

	return siit_map64(cfg, addr, result, &why);
}

/**
 * siit_converted64() - map an address of a prefix for all of IPv4
 * @cfg: settings
 * @addr: the address
 * @result: network order
 *
 * As siit_map64(), but only for addresses in a plain entry of pool6. A row of
 * the EAM table may cover part of such a prefix, and then maps it.
 *
 * Context: rcu_read_lock().
 * Return: how it is mapped; SIIT_METHOD_NONE if it is not, or outside.
 */
enum siit_method siit_converted64(const struct siit_config *cfg,
				  const struct in6_addr *addr, __be32 *result)
{
	const struct siit_pool6 *p = entry64(cfg, addr, result);

	if (!p || p->translatable)
		return SIIT_METHOD_NONE;
	if (unlikely(cfg->deny4_count || may_have_row(p)))
		return converted64(cfg, addr, result);
	if (siit_illegal4(*result) || (p->wkp && wkp_forbids(cfg, *result)))
		return SIIT_METHOD_NONE;
	return SIIT_METHOD_CONVERTED;
}
