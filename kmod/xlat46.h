/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IPv4 to IPv6 (RFC 7915 section 4): what every packet needs, to be had in place
 * too. A call, its frame and what passes through memory on its account are dear
 * next to the work itself.
 */
#ifndef _SIIT_XLAT46_H
#define _SIIT_XLAT46_H

#include <linux/icmp.h>

#include "config.h"
#include "map.h"
#include "parse.h"
#include "transport.h"

/**
 * struct plan46 - all that is decided before the packet is touched
 * @hdr: the new header
 * @l4: the checksum of the upper layer
 * @diff: what that checksum gains
 * @icmp_type: new type of an ICMP echo; 0 for other packets
 * @frag_mtu: 0, or cut the packet into pieces of at most so many octets
 */
struct plan46 {
	struct siit_hdr6 hdr;
	struct siit_l4 l4;
	__wsum diff;
	u8 icmp_type;
	u32 frag_mtu;
};

void siit_add_frag_hdr(struct siit_hdr6 *hdr, const struct siit_pkt *pkt);
enum siit_reason siit_plan46_size(struct sk_buff *skb,
				  const struct siit_pkt *pkt,
				  struct siit_ctx *ctx, struct plan46 *plan);
enum siit_reason siit_plan46_echo(struct sk_buff *skb,
				  const struct siit_pkt *pkt,
				  struct plan46 *plan);
void siit_compute_udp6(struct sk_buff *skb, u32 len);

/* Reads the header, and cuts off what lies beyond Total Length. */
static __always_inline enum siit_reason
receive4(struct sk_buff *skb, struct siit_pkt *pkt, const struct siit_ctx *ctx)
{
	enum siit_reason reason;
	struct iphdr *ip;
	u32 len;

	skb_reset_network_header(skb);
	if (!pskb_may_pull(skb, sizeof(*ip)))
		return SIIT_DROP_HDR4_TRUNCATED;
	ip = (struct iphdr *)skb->data;
	if (ip->version != 4)
		return SIIT_DROP_HDR4_VERSION;
	if (ip->ihl < 5)
		return SIIT_DROP_HDR4_IHL;
	if (unlikely(ip->ihl > 5)) {
		if (!pskb_may_pull(skb, ip->ihl * 4))
			return SIIT_DROP_HDR4_TRUNCATED;
		ip = (struct iphdr *)skb->data;
	}

	reason = siit_parse4(ip, pkt);
	if (reason == SIIT_DROP_HDR4_LENGTH && siit_is_big_tcp(skb, ip->tot_len))
		return SIIT_SEGMENT;
	if (reason)
		return reason;
	len = pkt->hdr_len + pkt->l4_len;
	if (len > skb->len)
		return SIIT_DROP_HDR4_LENGTH;
	if (ip->ttl < ctx->ttl_min)
		return SIIT_DROP_HOP_LIMIT;
	if (siit_csum_start_bad(skb, pkt))
		return SIIT_DROP_CSUM_START;
	if (unlikely(ip->ihl > 5)) {
		reason = siit_parse4_options(ip);
		if (reason)
			return reason;
	}
	if (pskb_trim_rcsum(skb, len))
		return SIIT_DROP_NO_MEMORY;
	skb_set_transport_header(skb, pkt->hdr_len);
	pkt->gso = skb_is_gso(skb);
	return SIIT_OK;
}

/* @known: of this address; it does not tell what other rules would give. */
static __always_inline enum siit_method
plan46_addr(const struct siit_ctx *ctx, const struct siit_mapped *known,
	    __be32 addr, unsigned int flags, struct in6_addr *result,
	    enum siit_reason *why, const bool in_place)
{
	if (!known->method || flags)
		return in_place ?
		       siit_map46_inline(ctx->cfg, addr, flags, result, why) :
		       siit_map46(ctx->cfg, addr, flags, result, why);
	*result = known->addr6;
	return known->method;
}

/*
 * Edge relay and CLAT translate what their own nodes send, nothing else
 * (RFC 7756 section 6).
 */
static __always_inline enum siit_reason
plan46_addrs(const struct iphdr *ip, const struct siit_ctx *ctx, bool hairpin,
	     struct ipv6hdr *ip6)
{
	const struct siit_config *cfg = ctx->cfg;
	unsigned int flags = hairpin ? SIIT_MAP_NO_EAM : 0;
	enum siit_method method;
	enum siit_reason why;

	method = plan46_addr(ctx, &ctx->known->src, ip->saddr, flags,
			     &ip6->saddr, &why, true);
	if (!method)
		return why;
	if (cfg->set.role != SIIT_ROLE_BR && method == SIIT_METHOD_CONVERTED)
		return SIIT_DROP_SRC_NOT_NODE;
	/* The dummy is nobody's address: RFC 7600 erratum 4430. */
	if (ip->daddr == htonl(INADDR_DUMMY))
		return SIIT_DROP_DST_ILLEGAL;
	if (!plan46_addr(ctx, &ctx->known->dst, ip->daddr, 0, &ip6->daddr,
			 &why, false))
		return siit_reason_dst(why);
	return SIIT_OK;
}

/* Does every packet in it fit into @mtu octets of IPv6? */
static __always_inline bool fits6(const struct sk_buff *skb,
				  const struct siit_pkt *pkt,
				  const struct siit_hdr6 *hdr, u32 mtu)
{
	if (unlikely(pkt->gso))
		return skb_gso_validate_network_len(skb, mtu - hdr->len +
							 pkt->hdr_len);
	return hdr->len + pkt->l4_len <= mtu;
}

/**
 * siit_fill6() - make an IPv6 header out of an IPv4 one
 * @hdr: the new header; its addresses are there already
 * @ip: the IPv4 header
 * @pkt: what parsing it has found
 * @ctx: for the settings
 * @l4_len: octets after the new header
 *
 * RFC 7915 4.1. Hop Limit is a copy of TTL.
 *
 * Context: any.
 */
static __always_inline void
siit_fill6(struct siit_hdr6 *hdr, const struct iphdr *ip,
	   const struct siit_pkt *pkt, const struct siit_ctx *ctx, u32 l4_len)
{
	ip6_flow_hdr(&hdr->ip, ctx->cfg->set.tclass_zero ? 0 : ip->tos, 0);
	hdr->ip.payload_len = htons(l4_len);
	hdr->ip.nexthdr = pkt->proto == IPPROTO_ICMP ? IPPROTO_ICMPV6 :
						       pkt->proto;
	hdr->ip.hop_limit = ip->ttl;
	hdr->len = sizeof(hdr->ip);
	if (unlikely(pkt->fragment))
		siit_add_frag_hdr(hdr, pkt);
}

static __always_inline enum siit_reason
siit_plan46(struct sk_buff *skb, const struct siit_pkt *pkt,
	    struct siit_ctx *ctx, bool hairpin, struct plan46 *plan)
{
	const struct iphdr *ip = (const struct iphdr *)skb->data;
	const struct siit_settings *set = &ctx->cfg->set;
	enum siit_reason reason;

	plan->icmp_type = 0;
	plan->frag_mtu = 0;
	reason = plan46_addrs(ip, ctx, hairpin, &plan->hdr.ip);
	if (reason)
		return reason;
	if (unlikely(pkt->gso)) {
		reason = siit_gso_plan(skb, pkt);
		if (reason)
			return reason;
		ip = (const struct iphdr *)skb->data;
	}

	siit_fill6(&plan->hdr, ip, pkt, ctx, pkt->l4_len);
	plan->hdr.ip.hop_limit = siit_ttl(ctx, ip->ttl);
	if (pkt->proto == IPPROTO_ICMP) {
		reason = siit_plan46_echo(skb, pkt, plan);
	} else {
		plan->diff = csum_addrs46(ip, &plan->hdr.ip);
		reason = siit_l4_plan(skb, pkt, set->udp_zero, &plan->l4);
	}
	if (reason || likely(fits6(skb, pkt, &plan->hdr, SIIT_LOWEST_MTU6_MIN)))
		return reason;
	return siit_plan46_size(skb, pkt, ctx, plan);
}

static __always_inline enum siit_reason
commit46(struct sk_buff *skb, const struct siit_pkt *pkt,
	 const struct plan46 *plan, struct siit_ctx *ctx)
{
	int grow = (int)plan->hdr.len - (int)pkt->hdr_len;

	if (siit_make_writable(skb, grow, pkt->gso))
		return SIIT_DROP_NO_MEMORY;

	if (plan->icmp_type)
		*skb_transport_header(skb) = plan->icmp_type;
	if (likely(grow >= 0))
		__skb_push(skb, grow);
	else
		__skb_pull(skb, -grow);
	skb_reset_network_header(skb);
	memcpy(skb->data, &plan->hdr, sizeof(plan->hdr.ip));
	if (plan->hdr.len > sizeof(plan->hdr.ip))
		memcpy(skb->data + sizeof(plan->hdr.ip), &plan->hdr.fh,
		       sizeof(plan->hdr.fh));
	if (plan->l4.compute)
		siit_compute_udp6(skb, plan->l4.udp_len);
	else
		siit_l4_commit(skb, &plan->l4, plan->diff);
	if (unlikely(pkt->gso))
		siit_gso_commit(skb);
	skb->protocol = htons(ETH_P_IPV6);

	if (unlikely(plan->frag_mtu))
		return siit_frag6(skb, plan->frag_mtu, pkt, ctx);
	return SIIT_OK;
}

/**
 * siit_xlat46_inline() - siit_xlat46() in place
 * @skb: see there
 * @ctx: see there
 *
 * Context: BH, rcu_read_lock().
 * Return: see there.
 */
static __always_inline enum siit_reason
siit_xlat46_inline(struct sk_buff *skb, struct siit_ctx *ctx)
{
	/* Either sort of hairpinning leaves the source to pool6. */
	bool hairpin = ctx->again ||
		       ctx->cfg->set.hairpin == SIIT_HAIRPIN_SIMPLE;
	enum siit_reason reason;
	struct plan46 plan __uninitialized;
	struct siit_pkt pkt __uninitialized;

	reason = receive4(skb, &pkt, ctx);
	if (reason)
		return reason;
	if (unlikely(pkt.proto == IPPROTO_IGMP))
		return SIIT_DROP_IGMP;
	if (pkt.proto == IPPROTO_ICMP) {
		if (pkt.fragment)
			return SIIT_DROP_FRAG_ICMP;
		/* Nobody segments ICMP; skb_checksum_help() would warn. */
		if (pkt.gso)
			return SIIT_DROP_GSO;
		if (pkt.l4_len < sizeof(struct icmphdr))
			return SIIT_DROP_L4_TRUNCATED;
		if (!pskb_may_pull(skb, pkt.hdr_len + sizeof(struct icmphdr)))
			return SIIT_DROP_NO_MEMORY;
		if (siit_icmp46_is_error(skb->data[pkt.hdr_len]))
			return siit_icmp46_error(skb, &pkt, ctx, hairpin);
	}

	reason = siit_plan46(skb, &pkt, ctx, hairpin, &plan);
	if (reason)
		return reason;
	return commit46(skb, &pkt, &plan, ctx);
}

#endif /* _SIIT_XLAT46_H */
