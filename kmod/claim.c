// SPDX-License-Identifier: GPL-2.0
/*
 * Which of the packets that pass by are ours to translate. Routing does not
 * say so at a hook; the role of the translator does.
 *
 * A node is an address that a row of the EAM table or a translatable entry of
 * pool6 covers. A border relay takes what goes to a node or comes from one; an
 * edge relay or a CLAT sits on the other side.
 */
#include <linux/inetdevice.h>
#include <net/ipv6.h>

#include "claim.h"
#include "config.h"
#include "eam.h"
#include "map.h"

static bool node4(const struct siit_config *cfg, __be32 addr)
{
	struct in6_addr unused;
	enum siit_method method;
	enum siit_reason why;

	method = siit_map46(cfg, addr, 0, &unused, &why);
	return method == SIIT_METHOD_EAM || method == SIIT_METHOD_TRANSLATABLE;
}

/**
 * siit_claim4() - is an IPv4 packet at a hook ours?
 * @cfg: settings
 * @net: the namespace, whose own addresses are not ours
 * @ip: its header; only the addresses are looked at
 *
 * RFC 7915 4.6.
 *
 * Context: BH, rcu_read_lock().
 * Return: whether to translate it.
 */
bool siit_claim4(const struct siit_config *cfg, struct net *net,
		 const struct iphdr *ip)
{
	struct in6_addr unused;
	enum siit_reason why;

	if (cfg->set.role == SIIT_ROLE_BR) {
		if (!node4(cfg, ip->daddr))
			return false;
	} else if (!node4(cfg, ip->saddr) ||
		   !siit_map46(cfg, ip->daddr, 0, &unused, &why)) {
		return false;
	}
	return !__ip_dev_find(net, ip->daddr, false);
}

/**
 * siit_claim6() - is an IPv6 packet at a hook ours?
 * @cfg: settings
 * @ip6: its header; only the addresses are looked at
 * @doubtful: set if it is only if it is an ICMPv6 error about a packet of
 *	ours: its source has no IPv4 address
 *
 * RFC 7915 5.6, RFC 7755 1.1, RFC 6877 section 4.
 *
 * Context: BH, rcu_read_lock().
 * Return: whether to translate it.
 */
bool siit_claim6(const struct siit_config *cfg, const struct ipv6hdr *ip6,
		 bool *doubtful)
{
	enum siit_method method;
	enum siit_reason why;
	__be32 unused;

	*doubtful = false;
	method = siit_map64(cfg, &ip6->daddr, 0, &unused, &why);
	if (cfg->set.role == SIIT_ROLE_BR) {
		const struct siit_pool6 *pool;

		if (method == SIIT_METHOD_CONVERTED)
			return true;
		/* A row may cover part of the prefix itself. */
		if (method != SIIT_METHOD_EAM)
			return false;
		pool = siit_pool64(cfg, &ip6->daddr, &unused);
		return pool && !pool->translatable;
	}
	if (method != SIIT_METHOD_EAM && method != SIIT_METHOD_TRANSLATABLE)
		return false;
	*doubtful = !siit_map64(cfg, &ip6->saddr, 0, &unused, &why);
	return true;
}
