// SPDX-License-Identifier: GPL-2.0
/*
 * IPv6 to IPv4 (RFC 7915 section 5).
 */
#include <linux/icmpv6.h>
#include <net/dsfield.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "compat.h"
#include "config.h"
#include "eam_lookup.h"
#include "ipid.h"
#include "map.h"
#include "parse.h"
#include "transport.h"

/* RFC 7915 5.1: a result of up to this many octets may be fragmented. */
#define DF_ABOVE	1260

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

/* Reads the headers, and cuts off what lies beyond Payload Length. */
static enum siit_reason receive6(struct sk_buff *skb, struct siit_pkt *pkt,
				 struct siit_ctx *ctx)
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
	if (len > skb->len)
		return SIIT_DROP_HDR6_LENGTH;
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
bool siit_spoofed64(const struct siit_config *cfg, enum siit_method method,
		    __be32 saddr)
{
	return cfg->set.ingress_filter &&
	       (method != SIIT_METHOD_CONVERTED ||
		eam_match4(cfg->eam, saddr));
}

/* @known: of this address */
static enum siit_method map(const struct siit_ctx *ctx,
			    const struct siit_mapped *known,
			    const struct in6_addr *addr, __be32 *result,
			    enum siit_reason *why)
{
	if (!known->method)
		return siit_map64(ctx->cfg, addr, result, why);
	*result = known->addr4;
	return known->method;
}

static enum siit_reason plan_addrs(const struct ipv6hdr *ip6,
				   const struct siit_ctx *ctx,
				   struct plan64 *plan)
{
	const struct siit_config *cfg = ctx->cfg;
	enum siit_method method;
	enum siit_reason why;
	struct in6_addr back;

	method = map(ctx, &ctx->known->src, &ip6->saddr, &plan->ip.saddr,
		     &why);
	if (!method)
		return why;
	if (siit_spoofed64(cfg, method, plan->ip.saddr))
		return SIIT_DROP_SRC_SPOOFED;
	method = map(ctx, &ctx->known->dst, &ip6->daddr, &plan->ip.daddr,
		     &why);
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

/* siit_fill4() in place */
static __always_inline void fill4(struct iphdr *ip4, const struct ipv6hdr *ip6,
				  const struct siit_pkt *pkt,
				  const struct siit_ctx *ctx, u32 l4_len)
{
	u16 tos = ctx->cfg->set.tos;
	u16 frag = 0;

	if (pkt->frag_hdr)
		frag = pkt->frag_off / 8 | (pkt->more ? IP_MF : 0);
	else if (sizeof(*ip4) + l4_len > DF_ABOVE)
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
void siit_fill4(struct iphdr *ip4, const struct ipv6hdr *ip6,
		const struct siit_pkt *pkt, const struct siit_ctx *ctx,
		u32 l4_len)
{
	fill4(ip4, ip6, pkt, ctx, l4_len);
}

/* DF by the size of the segments, and an identification for each of them. */
static enum siit_reason plan_gso(struct sk_buff *skb,
				 const struct siit_pkt *pkt,
				 struct plan64 *plan)
{
	enum siit_reason reason = siit_gso_plan(skb, pkt);

	if (reason)
		return reason;
	if (skb_gso_validate_network_len(skb, DF_ABOVE + pkt->hdr_len -
					      sizeof(struct iphdr)))
		plan->ip.frag_off = 0;
	plan->ids = siit_gso_packets(skb);
	return SIIT_OK;
}

/*
 * RFC 7915 1.4: a router says what does not fit, if it may not fragment it.
 * What is hairpinned has to fit when it is IPv6 again (RFC 7757 4.2.2).
 */
static noinline enum siit_reason plan_size(const struct sk_buff *skb,
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

/* ICMPv6 has a pseudo-header, ICMPv4 has none: RFC 7915 5.2. */
static enum siit_reason plan_echo(struct sk_buff *skb,
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

static __always_inline enum siit_reason
plan_all(struct sk_buff *skb, const struct siit_pkt *pkt, struct siit_ctx *ctx,
	 struct plan64 *plan)
{
	const struct ipv6hdr *ip6 = (const struct ipv6hdr *)skb->data;
	const struct siit_settings *set = &ctx->cfg->set;
	enum siit_reason reason;
	u8 udp_zero;

	plan->echo = false;
	reason = plan_addrs(ip6, ctx, plan);
	if (reason)
		return reason;
	fill4(&plan->ip, ip6, pkt, ctx, pkt->l4_len);
	plan->ip.ttl = siit_ttl(ctx, ip6->hop_limit);
	plan->ids = pkt->frag_hdr ? 0 : 1;
	if (pkt->proto == IPPROTO_ICMPV6) {
		reason = plan_echo(skb, pkt, plan);
	} else {
		plan->diff = ~csum_addrs46(&plan->ip, ip6);
		if (skb_is_gso(skb)) {
			reason = plan_gso(skb, pkt, plan);
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
	return plan_size(skb, pkt, ctx, plan);
}

static enum siit_reason commit64(struct sk_buff *skb,
				 const struct siit_pkt *pkt,
				 struct plan64 *plan, struct siit_ctx *ctx)
{
	if (siit_make_writable(skb, (int)sizeof(plan->ip) - (int)pkt->hdr_len))
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
	if (skb_is_gso(skb))
		siit_gso_commit(skb);
	skb->protocol = htons(ETH_P_IP);

	return plan->hairpin ? siit_xlat46_again(skb, ctx) : SIIT_OK;
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
	enum siit_reason reason;
	struct plan64 plan __uninitialized;
	struct siit_pkt pkt __uninitialized;

	reason = receive6(skb, &pkt, ctx);
	if (reason)
		return reason;
	if (pkt.proto == IPPROTO_ICMPV6) {
		if (pkt.fragment)
			return SIIT_DROP_FRAG_ICMP;
		if (pkt.l4_len < sizeof(struct icmp6hdr))
			return SIIT_DROP_L4_TRUNCATED;
		if (!pskb_may_pull(skb, pkt.hdr_len + sizeof(struct icmp6hdr)))
			return SIIT_DROP_NO_MEMORY;
		if (!(skb->data[pkt.hdr_len] & ICMPV6_INFOMSG_MASK))
			return siit_icmp64_error(skb, &pkt, ctx);
	}

	reason = plan_all(skb, &pkt, ctx, &plan);
	if (reason)
		return reason;
	return commit64(skb, &pkt, &plan, ctx);
}
