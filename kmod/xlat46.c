// SPDX-License-Identifier: GPL-2.0
/*
 * IPv4 to IPv6 (RFC 7915 section 4): what few packets need.
 */
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "compat.h"
#include "xlat46.h"

/**
 * siit_add_frag_hdr() - add a fragment header to a new IPv6 header
 * @hdr: the new header
 * @pkt: what parsing the IPv4 one has found
 *
 * RFC 7915 4.1: Identification is the 16 bits of IPv4, zero-extended.
 *
 * Context: any.
 */
void siit_add_frag_hdr(struct siit_hdr6 *hdr, const struct siit_pkt *pkt)
{
	hdr->fh.nexthdr = hdr->ip.nexthdr;
	hdr->fh.reserved = 0;
	hdr->fh.frag_off = htons(pkt->frag_off | (pkt->more ? IP6_MF : 0));
	hdr->fh.identification = htonl(pkt->frag_id);
	hdr->ip.nexthdr = NEXTHDR_FRAGMENT;
	be16_add_cpu(&hdr->ip.payload_len, sizeof(hdr->fh));
	hdr->len += sizeof(hdr->fh);
}

/* What a path surely carries; a setting above the next hop's MTU is wrong. */
static u32 fragment_mtu(const struct siit_ctx *ctx,
			const struct in6_addr *daddr)
{
	u32 lowest = ctx->cfg->set.lowest_mtu6;

	if (lowest == SIIT_LOWEST_MTU6_MIN)
		return lowest;
	return max_t(u32, min(lowest, ctx->nh_mtu6(ctx, daddr)),
		     SIIT_LOWEST_MTU6_MIN);
}

/**
 * siit_plan46_size() - what to do about a packet of more than 1280 octets
 * @skb: the packet
 * @pkt: its network header
 * @ctx: out: @mtu
 * @plan: the new header; out: @frag_mtu
 *
 * RFC 7915 4.1, with the real size of the result instead of TL + 20, so that
 * path MTU discovery converges for fragments and options too.
 *
 * Context: BH, rcu_read_lock().
 * Return: SIIT_OK, SIIT_SEGMENT, or why not.
 */
enum siit_reason siit_plan46_size(struct sk_buff *skb,
				  const struct siit_pkt *pkt,
				  struct siit_ctx *ctx, struct plan46 *plan)
{
	struct siit_hdr6 *hdr = &plan->hdr;
	u32 mtu;

	/* The first pass has seen to it. */
	if (pkt->df && ctx->again)
		return SIIT_OK;
	mtu = pkt->df ? ctx->nh_mtu6(ctx, &hdr->ip.daddr) :
			fragment_mtu(ctx, &hdr->ip.daddr);
	if (fits6(skb, pkt, hdr, mtu))
		return SIIT_OK;
	if (pkt->df) {
		ctx->mtu = mtu - hdr->len + pkt->hdr_len;
		return SIIT_DROP_TOO_BIG;
	}
	if (skb_is_gso(skb))
		return SIIT_SEGMENT;
	plan->frag_mtu = mtu;
	if (!pkt->fragment)
		siit_add_frag_hdr(hdr, pkt);
	return SIIT_OK;
}

/**
 * siit_plan46_echo() - plan what becomes of an ICMP echo
 * @skb: the packet
 * @pkt: its network header
 * @plan: the new header; out: @icmp_type, @l4, @diff
 *
 * RFC 7915 4.2. ICMPv6 has a pseudo-header, ICMPv4 has none.
 *
 * Context: BH.
 * Return: SIIT_OK, or why not.
 */
enum siit_reason siit_plan46_echo(struct sk_buff *skb,
				  const struct siit_pkt *pkt,
				  struct plan46 *plan)
{
	enum siit_reason reason;
	struct icmphdr *icmp;

	if (skb->ip_summed == CHECKSUM_PARTIAL && skb_checksum_help(skb))
		return SIIT_DROP_NO_MEMORY;
	icmp = (struct icmphdr *)(skb->data + pkt->hdr_len);
	reason = siit_icmp46_info(icmp->type, &plan->icmp_type);
	if (reason)
		return reason;
	memset(&plan->l4, 0, sizeof(plan->l4));
	plan->l4.csum_at = offsetof(struct icmphdr, checksum);
	plan->diff = csum_add(csum_pseudo6(&plan->hdr.ip, pkt->l4_len,
					   IPPROTO_ICMPV6),
			      csum_icmp_type(icmp->type, plan->icmp_type));
	return SIIT_OK;
}

/**
 * siit_compute_udp6() - give a UDP datagram the checksum that it came without
 * @skb: the packet, its IPv6 header written
 * @len: octets of the datagram
 *
 * RFC 7915 4.5.
 *
 * Context: BH.
 */
void siit_compute_udp6(struct sk_buff *skb, u32 len)
{
	struct udphdr *uh = udp_hdr(skb);
	struct ipv6hdr *ip6 = ipv6_hdr(skb);
	__wsum sum = skb_checksum(skb, skb_transport_offset(skb), len, 0);

	uh->check = csum_ipv6_magic(&ip6->saddr, &ip6->daddr, len,
				    IPPROTO_UDP, sum) ?: CSUM_MANGLED_0;
}

/**
 * siit_xlat46() - translate an IPv4 packet to IPv6
 * @skb: skb->data is at the IPv4 header. Intact if the packet is refused
 * @ctx: see there
 *
 * RFC 7915 section 4. TTL becomes Hop Limit plus ctx->ttl_add: forwarding
 * does the decrementing.
 *
 * Context: BH, rcu_read_lock().
 * Return: SIIT_OK, SIIT_SEGMENT, or why not.
 */
enum siit_reason siit_xlat46(struct sk_buff *skb, struct siit_ctx *ctx)
{
	return siit_xlat46_inline(skb, ctx);
}

/**
 * siit_xlat46_again() - the second pass of intrinsic hairpinning
 * @skb: what siit_xlat64() has made of an IPv6 packet
 * @ctx: of that translation
 *
 * RFC 7757 4.2.2.
 *
 * Context: BH, rcu_read_lock().
 * Return: SIIT_OK, or why not; then the packet is spoiled.
 */
enum siit_reason siit_xlat46_again(struct sk_buff *skb, struct siit_ctx *ctx)
{
	enum siit_reason reason;

	ctx->again = true;
	ctx->known = &siit_nothing_known;
	ctx->ttl_add = 0;
	ctx->ttl_min = 1;
	reason = siit_xlat46(skb, ctx);
	if (reason)
		ctx->spoiled = true;
	return reason;
}
