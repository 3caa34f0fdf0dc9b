/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which of the packets that pass by are ours to translate. Routing does not
 * say so at a hook; the role of the translator does.
 *
 * A node is an address that a row of the EAM table or a translatable entry of
 * pool6 covers. A border relay takes what goes to a node or comes from one; an
 * edge relay or a CLAT sits on the other side.
 */
#ifndef _SIIT_CLAIM_H
#define _SIIT_CLAIM_H

#include <net/ipv6.h>

#include "config.h"
#include "map.h"
#include "own4.h"
#include "xlat.h"

/**
 * siit_claim4() - is an IPv4 packet at a hook ours?
 * @cfg: settings
 * @own: the addresses of the host, which are not
 * @ip: its header; only the addresses are looked at
 * @known: what its addresses map to, as far as it was asked
 *
 * RFC 7915 4.6.
 *
 * Context: BH, rcu_read_lock().
 * Return: whether to translate it.
 */
static __always_inline bool
siit_claim4(const struct siit_config *cfg, const struct siit_own4 *own,
	    const struct iphdr *ip, struct siit_known *known)
{
	enum siit_reason why;

	known->src.method = SIIT_METHOD_NONE;
	if (cfg->set.role == SIIT_ROLE_BR) {
		known->dst.method = siit_node46(cfg, ip->daddr,
						&known->dst.addr6);
		return known->dst.method && !siit_own4(own, ip->daddr);
	}
	known->src.method = siit_node46(cfg, ip->saddr, &known->src.addr6);
	if (!known->src.method || siit_own4(own, ip->daddr))
		return false;
	known->dst.method = siit_map46(cfg, ip->daddr, 0, &known->dst.addr6,
				       &why);
	return known->dst.method;
}

/**
 * siit_claim6() - is an IPv6 packet at a hook ours?
 * @cfg: settings
 * @ip6: its header; only the addresses are looked at
 * @known: what its addresses map to, as far as it was asked
 *
 * RFC 7915 5.6, RFC 7755 1.1, RFC 6877 section 4.
 *
 * Context: BH, rcu_read_lock().
 * Return: whether to translate it; see siit_claim_doubtful().
 */
static __always_inline bool
siit_claim6(const struct siit_config *cfg, const struct ipv6hdr *ip6,
	    struct siit_known *known)
{
	enum siit_reason why;

	known->src.method = SIIT_METHOD_NONE;
	if (cfg->set.role == SIIT_ROLE_BR) {
		known->dst.method = siit_converted64(cfg, &ip6->daddr,
						     &known->dst.addr4);
		return known->dst.method;
	}
	known->dst.method = siit_map64(cfg, &ip6->daddr, &known->dst.addr4, &why);
	if (known->dst.method != SIIT_METHOD_EAM &&
	    known->dst.method != SIIT_METHOD_TRANSLATABLE)
		return false;
	known->src.method = siit_map64(cfg, &ip6->saddr, &known->src.addr4, &why);
	return true;
}

/**
 * siit_claim_doubtful() - was an IPv6 packet claimed on a guess?
 * @cfg: settings
 * @known: of siit_claim6()
 *
 * A source without an IPv4 address is that of an ICMPv6 error about a packet
 * of ours. Of other packets it means that they are not ours.
 *
 * Context: any.
 * Return: whether a packet that cannot be translated is to pass untouched.
 */
static inline bool siit_claim_doubtful(const struct siit_config *cfg,
				       const struct siit_known *known)
{
	return cfg->set.role != SIIT_ROLE_BR && !known->src.method;
}

#endif /* _SIIT_CLAIM_H */
