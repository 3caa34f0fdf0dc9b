/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IPv6 to IPv4 (RFC 7915 section 5): what every packet needs, to be had in place
 * as in xlat46.h.
 */
#ifndef _SIIT_XLAT64_H
#define _SIIT_XLAT64_H

#include <linux/icmpv6.h>
#include <net/dsfield.h>

#include "config.h"
#include "eam_lookup.h"
#include "ipid.h"
#include "map.h"
#include "parse.h"
#include "transport.h"

/* RFC 7915 5.1: a result of up to this many octets may be fragmented. */
#define SIIT_DF_ABOVE	1260

/**
 * struct plan64 - all that is decided before the packet is touched
 * @ip: the new header, without identification and checksum
 * @l4: the checksum of the upper layer
 * @diff: what that checksum gains
 * @ids: identifications needed; 0: the one in @ip is right
 * @icmp_type: new type of an ICMPv6 echo
 * @echo: it is one
 * @hairpin: translate the result back to IPv6 (RFC 7757 4.2.2)
 */
struct plan64 {
	struct iphdr ip;
	struct siit_l4 l4;
	__wsum diff;
	u16 ids;
	u8 icmp_type;
	bool echo;
	bool hairpin;
};

enum siit_reason siit_plan64_gso(struct sk_buff *skb,
				 const struct siit_pkt *pkt,
				 struct plan64 *plan);
enum siit_reason siit_plan64_size(const struct sk_buff *skb,
				  const struct siit_pkt *pkt,
				  struct siit_ctx *ctx,
				  const struct plan64 *plan);
enum siit_reason siit_plan64_echo(struct sk_buff *skb,
				  const struct siit_pkt *pkt,
				  struct plan64 *plan);

/* Reads the headers, and cuts off what lies beyond Payload Length. */
static __always_inline enum siit_reason
receive6(struct sk_buff *skb, struct siit_pkt *pkt, struct siit_ctx *ctx)
{
	enum siit_reason reason;
	struct ipv6hdr *ip6;
	u32 len;

	skb_reset_network_header(skb);
	if (!pskb_may_pull(skb, sizeof(*ip6)))
		return SIIT_DROP_HDR6_TRUNCATED;
	ip6 = (struct ipv6hdr *)skb->data;
	if (ip6->version != 6)
		return SIIT_DROP_HDR6_VERSION;
	len = sizeof(*ip6) + ntohs(ip6->payload_len);
	if (unlikely(len != skb->len)) {
		if (len > skb->len)
			return SIIT_DROP_HDR6_LENGTH;
		if (siit_is_big_tcp(skb, ip6->payload_len))
			return SIIT_SEGMENT;
	}
	if (ip6->hop_limit < ctx->ttl_min)
		return SIIT_DROP_HOP_LIMIT;
	reason = siit_parse6(skb, 0, len, pkt, &ctx->pointer);
	if (reason)
		return reason;
	if (sizeof(struct iphdr) + pkt->l4_len > IP_MAX_MTU)
		return SIIT_DROP_HDR6_JUMBO;
	if (siit_csum_start_bad(skb, pkt))
		return SIIT_DROP_CSUM_START;
	if (!pskb_may_pull(skb, pkt->hdr_len) || pskb_trim_rcsum(skb, len))
		return SIIT_DROP_NO_MEMORY;
	skb_set_transport_header(skb, pkt->hdr_len);
	pkt->gso = skb_is_gso(skb);
	return SIIT_OK;
}

/**
 * siit_spoofed64() - does an IPv6 packet claim to come from a node of ours?
 * @cfg: settings
 * @method: how its source was mapped
 * @saddr: what to; network order
 *
 * RFC 7756 section 6: the source is an IPv6 service address, or translates to
 * an IPv4 one. RFC 6877: what comes in has been made by the PLAT.
 *
 * Context: rcu_read_lock().
 * Return: whether to drop it.
 */
static inline bool siit_spoofed64(const struct siit_config *cfg,
				  enum siit_method method, __be32 saddr)
{
	return cfg->set.ingress_filter &&
	       (method != SIIT_METHOD_CONVERTED ||
		eam_covers4(cfg->eam, saddr));
}

/* @known: of this address */
static __always_inline enum siit_method
plan64_addr(const struct siit_ctx *ctx, const struct siit_mapped *known,
	    const struct in6_addr *addr, __be32 *result,
	    enum siit_reason *why, const bool in_place)
{
	if (!known->method)
		return in_place ?
		       siit_map64_inline(ctx->cfg, addr, result, why) :
		       siit_map64(ctx->cfg, addr, result, why);
	*result = known->addr4;
	return known->method;
}

static __always_inline enum siit_reason
plan64_addrs(const struct ipv6hdr *ip6, const struct siit_ctx *ctx,
	     struct plan64 *plan)
{
	const struct siit_config *cfg = ctx->cfg;
	enum siit_method method;
	enum siit_reason why;
	struct in6_addr back;

	method = plan64_addr(ctx, &ctx->known->src, &ip6->saddr,
			     &plan->ip.saddr, &why, true);
	if (!method)
		return why;
	if (siit_spoofed64(cfg, method, plan->ip.saddr))
		return SIIT_DROP_SRC_SPOOFED;
	method = plan64_addr(ctx, &ctx->known->dst, &ip6->daddr,
			     &plan->ip.daddr, &why, false);
	if (!method)
		return siit_reason_dst(why);
	if (cfg->set.role != SIIT_ROLE_BR && method == SIIT_METHOD_CONVERTED)
		return SIIT_DROP_DST_NOT_NODE;
	if (plan->ip.daddr == htonl(INADDR_DUMMY))
		return SIIT_DROP_DST_ILLEGAL;

	plan->hairpin = cfg->set.hairpin == SIIT_HAIRPIN_INTRINSIC &&
			method == SIIT_METHOD_CONVERTED &&
			eam_covers4(cfg->eam, plan->ip.daddr);
	if (plan->hairpin &&
	    !siit_map46(cfg, plan->ip.saddr, SIIT_MAP_NO_EAM, &back, &why))
		return why;
	return SIIT_OK;
}

/**
 * siit_fill4() - make an IPv4 header out of an IPv6 one
 * @ip4: the new header; its addresses are there already
 * @ip6: the IPv6 header
 * @pkt: what parsing it and its extension headers has found
 * @ctx: for the settings
 * @l4_len: octets after the new header
 *
 * RFC 7915 5.1 and 5.1.1. TTL is a copy of Hop Limit. Without a fragment
 * header Identification is left 0. The checksum is not set.
 *
 * Context: any.
 */
static __always_inline void
siit_fill4(struct iphdr *ip4, const struct ipv6hdr *ip6,
	   const struct siit_pkt *pkt, const struct siit_ctx *ctx, u32 l4_len)
{
	u16 tos = ctx->cfg->set.tos;
	u16 frag = 0;

	if (pkt->frag_hdr)
		frag = pkt->frag_off / 8 | (pkt->more ? IP_MF : 0);
	else if (sizeof(*ip4) + l4_len > SIIT_DF_ABOVE)
		frag = IP_DF;

	ip4->version = 4;
	ip4->ihl = 5;
	ip4->tos = tos == SIIT_TOS_COPY ? ipv6_get_dsfield(ip6) : tos;
	ip4->tot_len = htons(sizeof(*ip4) + l4_len);
	ip4->id = htons((u16)pkt->frag_id);
	ip4->frag_off = htons(frag);
	ip4->ttl = ip6->hop_limit;
	ip4->protocol = pkt->proto == IPPROTO_ICMPV6 ? IPPROTO_ICMP :
						       pkt->proto;
	ip4->check = 0;
}

static __always_inline enum siit_reason
siit_plan64(struct sk_buff *skb, const struct siit_pkt *pkt,
	    struct siit_ctx *ctx, struct plan64 *plan)
{
	const struct ipv6hdr *ip6 = (const struct ipv6hdr *)skb->data;
	const struct siit_settings *set = &ctx->cfg->set;
	enum siit_reason reason;
	u8 udp_zero;

	plan->echo = false;
	reason = plan64_addrs(ip6, ctx, plan);
	if (reason)
		return reason;
	siit_fill4(&plan->ip, ip6, pkt, ctx, pkt->l4_len);
	plan->ip.ttl = siit_ttl(ctx, ip6->hop_limit);
	plan->ids = pkt->frag_hdr ? 0 : 1;
	if (pkt->proto == IPPROTO_ICMPV6) {
		reason = siit_plan64_echo(skb, pkt, plan);
	} else {
		plan->diff = ~csum_addrs46(&plan->ip, ip6);
		if (unlikely(pkt->gso)) {
			reason = siit_plan64_gso(skb, pkt, plan);
			if (reason)
				return reason;
		}
		/* IPv6 has nothing without a checksum that we could complete. */
		udp_zero = set->udp_zero == SIIT_UDP_ZERO_FORWARD ?
			   SIIT_UDP_ZERO_FORWARD : SIIT_UDP_ZERO_DROP;
		reason = siit_l4_plan(skb, pkt, udp_zero, &plan->l4);
	}
	/* Without DF it can be fragmented further on. */
	if (reason || !(plan->ip.frag_off & htons(IP_DF)))
		return reason;
	return siit_plan64_size(skb, pkt, ctx, plan);
}

static __always_inline enum siit_reason
commit64(struct sk_buff *skb, const struct siit_pkt *pkt, struct plan64 *plan,
	 struct siit_ctx *ctx)
{
	if (siit_make_writable(skb, (int)sizeof(plan->ip) - (int)pkt->hdr_len,
			       pkt->gso))
		return SIIT_DROP_NO_MEMORY;

	if (plan->ids)
		plan->ip.id = htons(siit_ipid_get(ctx->ipid, &plan->ip,
						  plan->ids));
	plan->ip.check = ip_fast_csum(&plan->ip, 5);

	if (plan->echo)
		*skb_transport_header(skb) = plan->icmp_type;
	__skb_pull(skb, pkt->hdr_len - sizeof(plan->ip));
	skb_reset_network_header(skb);
	memcpy(skb->data, &plan->ip, sizeof(plan->ip));
	siit_l4_commit(skb, &plan->l4, plan->diff);
	if (unlikely(pkt->gso))
		siit_gso_commit(skb);
	skb->protocol = htons(ETH_P_IP);

	return plan->hairpin ? siit_xlat46_again(skb, ctx) : SIIT_OK;
}

/**
 * siit_xlat64_inline() - siit_xlat64() in place
 * @skb: see there
 * @ctx: see there
 *
 * Context: BH, rcu_read_lock().
 * Return: see there.
 */
static __always_inline enum siit_reason
siit_xlat64_inline(struct sk_buff *skb, struct siit_ctx *ctx)
{
	enum siit_reason reason;
	struct plan64 plan __uninitialized;
	struct siit_pkt pkt __uninitialized;

	reason = receive6(skb, &pkt, ctx);
	if (reason)
		return reason;
	if (pkt.proto == IPPROTO_ICMPV6) {
		if (pkt.fragment)
			return SIIT_DROP_FRAG_ICMP;
		/* Nobody segments ICMPv6; skb_checksum_help() would warn. */
		if (pkt.gso)
			return SIIT_DROP_GSO;
		if (pkt.l4_len < sizeof(struct icmp6hdr))
			return SIIT_DROP_L4_TRUNCATED;
		if (!pskb_may_pull(skb, pkt.hdr_len + sizeof(struct icmp6hdr)))
			return SIIT_DROP_NO_MEMORY;
		if (!(skb->data[pkt.hdr_len] & ICMPV6_INFOMSG_MASK))
			return siit_icmp64_error(skb, &pkt, ctx);
	}

	reason = siit_plan64(skb, &pkt, ctx, &plan);
	if (reason)
		return reason;
	return commit64(skb, &pkt, &plan, ctx);
}

#endif /* _SIIT_XLAT64_H */
