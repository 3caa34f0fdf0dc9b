// SPDX-License-Identifier: GPL-2.0
/*
 * ICMPv4 to ICMPv6 (RFC 7915 4.2), with the packets that errors quote (4.3).
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "config.h"
#include "csum.h"
#include "icmp_ext.h"
#include "map.h"
#include "parse.h"
#include "transport.h"
#include "xlat46.h"

/* What the first eight octets of the new message are made of. */
struct icmp6_head {
	u8 type;
	u8 code;
	u32 info;		/* pointer or MTU */
	bool ext;		/* an extension may follow, RFC 4884 4.6 */
};

/* What is new in the message, and in the packet quoted in it */
struct plan_error46 {
	struct icmp6_head head;
	struct siit_hdr6 outer;
	struct siit_hdr6 inner;
	struct siit_pkt inner_pkt;
	__wsum inner_diff;
	u8 inner_type;
	struct siit_error e;
};

/**
 * siit_icmp46_is_error() - does an ICMPv4 message quote a packet?
 * @type: ICMPv4 type
 *
 * RFC 1122 3.2.2.
 *
 * Context: any.
 * Return: whether it is an error.
 */
bool siit_icmp46_is_error(u8 type)
{
	switch (type) {
	case ICMP_DEST_UNREACH:
	case ICMP_SOURCE_QUENCH:
	case ICMP_REDIRECT:
	case ICMP_TIME_EXCEEDED:
	case ICMP_PARAMETERPROB:
		return true;
	default:
		return false;
	}
}

/**
 * siit_icmp46_info() - the ICMPv6 type of an ICMPv4 query or answer
 * @type: ICMPv4 type
 * @type6: set to the ICMPv6 type
 *
 * RFC 7915 4.2.
 *
 * Context: any.
 * Return: SIIT_OK, or SIIT_DROP_ICMP_TYPE if there is none.
 */
enum siit_reason siit_icmp46_info(u8 type, u8 *type6)
{
	switch (type) {
	case ICMP_ECHO:
		*type6 = ICMPV6_ECHO_REQUEST;
		return SIIT_OK;
	case ICMP_ECHOREPLY:
		*type6 = ICMPV6_ECHO_REPLY;
		return SIIT_OK;
	default:
		return SIIT_DROP_ICMP_TYPE;
	}
}

static enum siit_reason unreach46(u8 code, struct icmp6_head *head)
{
	head->type = ICMPV6_DEST_UNREACH;
	head->ext = true;
	switch (code) {
	case ICMP_NET_UNREACH:
	case ICMP_HOST_UNREACH:
	case ICMP_SR_FAILED:
	case ICMP_NET_UNKNOWN:
	case ICMP_HOST_UNKNOWN:
	case ICMP_HOST_ISOLATED:
	case ICMP_NET_UNR_TOS:
	case ICMP_HOST_UNR_TOS:
		head->code = ICMPV6_NOROUTE;
		return SIIT_OK;
	case ICMP_PORT_UNREACH:
		head->code = ICMPV6_PORT_UNREACH;
		return SIIT_OK;
	case ICMP_NET_ANO:
	case ICMP_HOST_ANO:
	case ICMP_PKT_FILTERED:
	case ICMP_PREC_CUTOFF:
		head->code = ICMPV6_ADM_PROHIBITED;
		return SIIT_OK;
	case ICMP_PROT_UNREACH:
		head->type = ICMPV6_PARAMPROB;
		head->code = ICMPV6_UNK_NEXTHDR;
		head->info = offsetof(struct ipv6hdr, nexthdr);
		head->ext = false;
		return SIIT_OK;
	default:
		return SIIT_DROP_ICMP_TYPE;
	}
}

/* RFC 7915 Figure 3, by IPv4 pointer. */
static enum siit_reason pointer46(u8 pointer, u32 *pointer6)
{
	static const s8 map[sizeof(struct iphdr)] = {
		0, 1, 4, 4, -1, -1, -1, -1, 7, 6, -1, -1,
		8, 8, 8, 8, 24, 24, 24, 24,
	};

	if (pointer >= ARRAY_SIZE(map) || map[pointer] < 0)
		return SIIT_DROP_ICMP_POINTER;
	*pointer6 = map[pointer];
	return SIIT_OK;
}

/*
 * RFC 7915 4.2; RFC 1191 section 7 for routers that name no MTU. @quote was
 * on its way from IPv6 to IPv4, and the error goes the way back.
 */
static u32 mtu46(u32 mtu, const struct iphdr *quote,
		 const struct siit_ctx *ctx, const struct in6_addr *daddr)
{
	static const u16 plateau[] = { 32000, 17914, 8166, 4352, 2002, 1492 };
	unsigned int i;

	for (i = 0; !mtu && i < ARRAY_SIZE(plateau); i++)
		if (plateau[i] < ntohs(quote->tot_len))
			mtu = plateau[i];
	mtu = min(mtu, ctx->nh_mtu4(ctx, quote->daddr)) + 20;
	return max_t(u32, min(mtu, ctx->nh_mtu6(ctx, daddr)), IPV6_MIN_MTU);
}

/*
 * RFC 7915 4.2. @quote is the header of the quoted packet, @daddr where the
 * new message goes.
 */
static enum siit_reason head46(const struct icmphdr *icmp,
			       const struct iphdr *quote,
			       const struct siit_ctx *ctx,
			       const struct in6_addr *daddr,
			       struct icmp6_head *head)
{
	memset(head, 0, sizeof(*head));
	switch (icmp->type) {
	case ICMP_DEST_UNREACH:
		if (icmp->code != ICMP_FRAG_NEEDED)
			return unreach46(icmp->code, head);
		head->type = ICMPV6_PKT_TOOBIG;
		head->info = mtu46(ntohs(icmp->un.frag.mtu), quote, ctx,
				   daddr);
		return SIIT_OK;
	case ICMP_TIME_EXCEEDED:
		head->type = ICMPV6_TIME_EXCEED;
		head->code = icmp->code;
		head->ext = true;
		return SIIT_OK;
	case ICMP_PARAMETERPROB:
		if (icmp->code != 0 && icmp->code != 2)
			return SIIT_DROP_ICMP_TYPE;
		head->type = ICMPV6_PARAMPROB;
		return pointer46(*(const u8 *)&icmp->un.gateway, &head->info);
	default:
		return SIIT_DROP_ICMP_TYPE;
	}
}

static enum siit_reason parse_quote(const struct sk_buff *skb,
				    struct plan_error46 *plan)
{
	const struct iphdr *ip = (const void *)(skb->data + plan->e.quote);
	enum siit_reason reason;

	if (plan->e.quote_len < sizeof(*ip))
		return SIIT_DROP_INNER_TRUNCATED;
	if (ip->version != 4 || ip->ihl < 5)
		return SIIT_DROP_INNER_HEADER;
	if (ip->ihl * 4 > plan->e.quote_len)
		return SIIT_DROP_INNER_TRUNCATED;
	reason = siit_parse4(ip, &plan->inner_pkt);
	if (reason == SIIT_DROP_HDR4_CSUM)
		return SIIT_DROP_INNER_CSUM;
	if (reason)
		return SIIT_DROP_INNER_HEADER;
	siit_error_inner(&plan->e, plan->inner_pkt.hdr_len,
			 plan->inner_pkt.l4_len);
	return SIIT_OK;
}

/*
 * RFC 7915 4.1 lets an illegal source through here; RFC 7757 4.2.1, rules 2
 * and 3, tell what a hairpinned error keeps from the EAM table.
 */
static enum siit_reason plan_addrs(const struct iphdr *ip,
				   const struct iphdr *quote,
				   const struct siit_config *cfg, bool hairpin,
				   struct plan_error46 *plan)
{
	unsigned int no_eam = hairpin ? SIIT_MAP_NO_EAM : 0;
	struct ipv6hdr *outer = &plan->outer.ip;
	struct ipv6hdr *inner = &plan->inner.ip;
	unsigned int from = SIIT_MAP_ANY;
	enum siit_reason why;

	if (ip->saddr == quote->daddr)
		from |= no_eam;
	if (!siit_map46(cfg, ip->saddr, from, &outer->saddr, &why))
		return why;
	if (ip->daddr == htonl(INADDR_DUMMY))
		return SIIT_DROP_DST_ILLEGAL;
	if (!siit_map46(cfg, ip->daddr, 0, &outer->daddr, &why))
		return siit_reason_dst(why);
	if (!siit_map46(cfg, quote->saddr, SIIT_MAP_ANY, &inner->saddr, &why) ||
	    !siit_map46(cfg, quote->daddr, SIIT_MAP_ANY | no_eam,
			&inner->daddr, &why))
		return SIIT_DROP_INNER_ADDR;
	return SIIT_OK;
}

/* The type of a quoted echo; RFC 7915 4.3 goes one level deep. */
static enum siit_reason plan_inner_icmp(const struct sk_buff *skb,
					struct plan_error46 *plan)
{
	u8 type = skb->data[plan->e.l4];

	if (siit_icmp46_is_error(type))
		return SIIT_DROP_INNER_ERROR;
	if (siit_icmp46_info(type, &plan->inner_type))
		return SIIT_DROP_INNER_TYPE;
	return SIIT_OK;
}

static enum siit_reason plan_error(struct sk_buff *skb,
				   const struct siit_pkt *pkt,
				   const struct siit_ctx *ctx, bool hairpin,
				   struct plan_error46 *plan)
{
	const struct iphdr *ip = (const void *)skb->data;
	const struct icmphdr *icmp = (const void *)(skb->data + pkt->hdr_len);
	const struct iphdr *quote;
	enum siit_reason reason;
	u32 length;

	/* RFC 4884: octet 5, in 32-bit words. */
	length = ((const u8 *)&icmp->un)[1] * 4;
	if (icmp->type != ICMP_DEST_UNREACH &&
	    icmp->type != ICMP_TIME_EXCEEDED && icmp->type != ICMP_PARAMETERPROB)
		length = 0;
	reason = siit_error_open(skb, pkt->hdr_len, pkt->l4_len, length,
				 &plan->e);
	if (!reason)
		reason = parse_quote(skb, plan);
	if (reason)
		return reason;
	quote = (const void *)(skb->data + plan->e.quote);
	reason = plan_addrs(ip, quote, ctx->cfg, hairpin, plan);
	if (!reason)
		reason = head46(icmp, quote, ctx, &plan->outer.ip.daddr,
				&plan->head);
	if (!reason && plan->inner_pkt.proto == IPPROTO_ICMP &&
	    !plan->inner_pkt.frag_off && plan->e.l4_len)
		reason = plan_inner_icmp(skb, plan);
	if (reason)
		return reason;

	plan->inner_diff = csum_addrs46(quote, &plan->inner.ip);
	siit_fill6(&plan->inner, quote, &plan->inner_pkt, ctx,
		   plan->inner_pkt.l4_len);
	if (!plan->head.ext)
		plan->e.ext_len = 0;
	siit_error_fit(skb, &plan->e, sizeof(struct ipv6hdr) +
		       sizeof(struct icmp6hdr), plan->inner.len,
		       SIIT_ICMP6_MAX, 8);
	return SIIT_OK;
}

/*
 * The quoted upper layer, as much of it as there is. What pads it out looks
 * the same, but if it is of our making we know.
 */
static void commit_inner(u8 *l4, const struct plan_error46 *plan,
			 const struct siit_ctx *ctx)
{
	u32 len = ctx->again ? min(plan->e.l4_len, ctx->quoted) :
			       plan->e.l4_len;
	const struct siit_pkt *pkt = &plan->inner_pkt;
	__wsum diff = plan->inner_diff;

	if (pkt->frag_off)
		return;
	if (pkt->proto == IPPROTO_ICMP) {
		if (!len)
			return;
		diff = csum_add(csum_pseudo6(&plan->inner.ip, pkt->l4_len,
					     IPPROTO_ICMPV6),
				csum_icmp_type(*l4, plan->inner_type));
		*l4 = plan->inner_type;
	}
	siit_l4_fix_quoted(l4, len, pkt->proto, diff);
}

static enum siit_reason commit_error(struct sk_buff *skb,
				     const struct siit_pkt *pkt,
				     struct plan_error46 *plan,
				     const struct siit_ctx *ctx)
{
	const u32 icmp_at = sizeof(struct ipv6hdr);
	const u32 inner_at = icmp_at + sizeof(struct icmp6hdr);
	struct icmp6hdr *icmp;
	struct ipv6hdr *ip6;
	u32 len;
	u8 ttl;

	siit_fill6(&plan->outer, (const void *)skb->data, pkt, ctx, 0);
	ttl = plan->outer.ip.hop_limit;
	if (siit_error_rebuild(skb, &plan->e, inner_at + plan->inner.len))
		return SIIT_DROP_NO_MEMORY;

	len = skb->len - icmp_at;
	plan->outer.ip.payload_len = htons(len);
	plan->outer.ip.hop_limit = siit_ttl(ctx, ttl);
	ip6 = (struct ipv6hdr *)skb->data;
	*ip6 = plan->outer.ip;
	memcpy(skb->data + inner_at, &plan->inner.ip, sizeof(*ip6));
	if (plan->inner.len > sizeof(*ip6))
		memcpy(skb->data + inner_at + sizeof(*ip6), &plan->inner.fh,
		       sizeof(plan->inner.fh));
	commit_inner(skb->data + inner_at + plan->inner.len, plan, ctx);

	skb_set_transport_header(skb, icmp_at);
	icmp = (struct icmp6hdr *)skb_transport_header(skb);
	memset(icmp, 0, sizeof(*icmp));
	icmp->icmp6_type = plan->head.type;
	icmp->icmp6_code = plan->head.code;
	icmp->icmp6_dataun.un_data32[0] = htonl(plan->head.info);
	if (plan->e.length)
		icmp->icmp6_dataun.un_data8[0] = plan->e.length;
	icmp->icmp6_cksum = csum_ipv6_magic(&ip6->saddr, &ip6->daddr, len,
					    IPPROTO_ICMPV6,
					    csum_partial(icmp, len, 0));
	skb->protocol = htons(ETH_P_IPV6);
	return SIIT_OK;
}

/**
 * siit_icmp46_error() - translate an ICMPv4 error
 * @skb: the packet; at least 8 octets of ICMP are there
 * @pkt: its network header
 * @ctx: the translation
 * @hairpin: the rules of RFC 7757 4.2.1 hold
 *
 * RFC 7915 4.2 and 4.3. The checksum of the message is verified, and then
 * computed anew.
 *
 * Context: BH, rcu_read_lock().
 * Return: SIIT_OK, or why not.
 */
enum siit_reason siit_icmp46_error(struct sk_buff *skb,
				   const struct siit_pkt *pkt,
				   struct siit_ctx *ctx, bool hairpin)
{
	enum siit_reason reason;
	struct plan_error46 plan;

	if (skb_linearize(skb))
		return SIIT_DROP_NO_MEMORY;
	if (skb->ip_summed == CHECKSUM_PARTIAL && skb_checksum_help(skb))
		return SIIT_DROP_NO_MEMORY;
	if (csum_fold(csum_partial(skb->data + pkt->hdr_len, pkt->l4_len, 0)))
		return SIIT_DROP_ICMP_CSUM;

	reason = plan_error(skb, pkt, ctx, hairpin, &plan);
	if (reason)
		return reason;
	return commit_error(skb, pkt, &plan, ctx);
}
