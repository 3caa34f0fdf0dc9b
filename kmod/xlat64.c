// SPDX-License-Identifier: GPL-2.0
/*
 * IPv6 to IPv4 (RFC 7915 section 5): what few packets need.
 */
#include <net/ip.h>
#include <net/ipv6.h>

#include "compat.h"
#include "xlat64.h"

/**
 * siit_plan64_gso() - plan what becomes of a GSO packet
 * @skb: the packet
 * @pkt: its network header
 * @plan: the new header; out: @ids
 *
 * RFC 7915 5.1: DF by the size of the segments, and an identification for each
 * of them.
 *
 * Context: BH.
 * Return: SIIT_OK, SIIT_SEGMENT, or why not.
 */
enum siit_reason siit_plan64_gso(struct sk_buff *skb,
				 const struct siit_pkt *pkt,
				 struct plan64 *plan)
{
	enum siit_reason reason = siit_gso_plan(skb, pkt);

	if (reason)
		return reason;
	if (skb_gso_validate_network_len(skb, SIIT_DF_ABOVE + pkt->hdr_len -
					      sizeof(struct iphdr)))
		plan->ip.frag_off = 0;
	plan->ids = siit_gso_packets(skb);
	return SIIT_OK;
}

/**
 * siit_plan64_size() - does a packet with DF fit?
 * @skb: the packet
 * @pkt: its network header
 * @ctx: out: @mtu
 * @plan: the new header
 *
 * RFC 7915 1.4: a router says what does not fit, if it may not fragment it.
 * What is hairpinned has to fit when it is IPv6 again (RFC 7757 4.2.2).
 *
 * Context: BH, rcu_read_lock().
 * Return: SIIT_OK or SIIT_DROP_TOO_BIG.
 */
enum siit_reason siit_plan64_size(const struct sk_buff *skb,
				  const struct siit_pkt *pkt,
				  struct siit_ctx *ctx,
				  const struct plan64 *plan)
{
	u32 len = ntohs(plan->ip.tot_len);
	u32 grow = pkt->hdr_len - sizeof(plan->ip);
	struct in6_addr daddr;
	u32 mtu;

	if (plan->hairpin && eam_lookup4(ctx->cfg->eam, plan->ip.daddr, &daddr))
		mtu = ctx->nh_mtu6(ctx, &daddr) + sizeof(struct iphdr) -
		      sizeof(struct ipv6hdr);
	else
		mtu = ctx->nh_mtu4(ctx, plan->ip.daddr);
	if (skb_is_gso(skb) ? skb_gso_validate_network_len(skb, mtu + grow) :
			      len <= mtu)
		return SIIT_OK;
	ctx->mtu = max_t(u32, mtu + grow, IPV6_MIN_MTU);
	return SIIT_DROP_TOO_BIG;
}

/**
 * siit_plan64_echo() - plan what becomes of an ICMPv6 echo
 * @skb: the packet
 * @pkt: its network header
 * @plan: out: @icmp_type, @echo, @l4, @diff
 *
 * RFC 7915 5.2. ICMPv6 has a pseudo-header, ICMPv4 has none.
 *
 * Context: BH.
 * Return: SIIT_OK, or why not.
 */
enum siit_reason siit_plan64_echo(struct sk_buff *skb,
				  const struct siit_pkt *pkt,
				  struct plan64 *plan)
{
	enum siit_reason reason;
	struct icmp6hdr *icmp;
	__wsum pseudo;

	if (skb->ip_summed == CHECKSUM_PARTIAL && skb_checksum_help(skb))
		return SIIT_DROP_NO_MEMORY;
	icmp = (struct icmp6hdr *)(skb->data + pkt->hdr_len);
	reason = siit_icmp64_info(icmp->icmp6_type, &plan->icmp_type);
	if (reason)
		return reason;
	pseudo = csum_pseudo6((struct ipv6hdr *)skb->data, pkt->l4_len,
			      IPPROTO_ICMPV6);
	memset(&plan->l4, 0, sizeof(plan->l4));
	plan->l4.csum_at = offsetof(struct icmp6hdr, icmp6_cksum);
	plan->diff = csum_sub(csum_icmp_type(icmp->icmp6_type,
					     plan->icmp_type), pseudo);
	plan->echo = true;
	return SIIT_OK;
}

/**
 * siit_xlat64() - translate an IPv6 packet to IPv4
 * @skb: skb->data is at the IPv6 header. Intact if the packet is refused,
 *	unless ctx->spoiled
 * @ctx: see there
 *
 * RFC 7915 section 5; RFC 7757 4.2.2: a packet between two addresses of the
 * EAM table comes out as IPv6 again. Hop Limit becomes TTL plus
 * ctx->ttl_add: forwarding does the decrementing.
 *
 * Context: BH, rcu_read_lock().
 * Return: SIIT_OK, SIIT_SEGMENT, or why not.
 */
enum siit_reason siit_xlat64(struct sk_buff *skb, struct siit_ctx *ctx)
{
	return siit_xlat64_inline(skb, ctx);
}
