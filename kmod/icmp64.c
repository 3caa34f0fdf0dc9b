// SPDX-License-Identifier: GPL-2.0
/*
 * ICMPv6 to ICMPv4 (RFC 7915 5.2), with the packets that errors quote (5.3),
 * and sources without an IPv4 address (RFC 6791,
 * draft-ietf-v6ops-icmpext-xlat-v6only-source).
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/random.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "config.h"
#include "csum.h"
#include "eam_lookup.h"
#include "icmp_ext.h"
#include "ipid.h"
#include "map.h"
#include "parse.h"
#include "transport.h"
#include "xlat64.h"

#define FRAG_HDR_GROWTH	8	/* what a fragment loses besides 20 octets */

/* What the first eight octets of the new message are made of. */
struct icmp4_head {
	u8 type;
	u8 code;
	u8 pointer;
	u16 mtu;
};

/* What is new in the message, and in the packet quoted in it */
struct plan_error64 {
	struct icmp4_head head;
	struct iphdr outer;
	struct iphdr inner;
	struct siit_pkt inner_pkt;
	struct in6_addr source;		/* for e.object: outlives the header */
	__wsum inner_diff;
	u8 inner_type;
	bool hairpin;
	struct siit_error e;
};

/**
 * siit_icmp64_info() - the ICMPv4 type of an ICMPv6 query or answer
 * @type: ICMPv6 type
 * @type4: set to the ICMPv4 type
 *
 * RFC 7915 5.2.
 *
 * Context: any.
 * Return: SIIT_OK, or SIIT_DROP_ICMP_TYPE if there is none.
 */
enum siit_reason siit_icmp64_info(u8 type, u8 *type4)
{
	switch (type) {
	case ICMPV6_ECHO_REQUEST:
		*type4 = ICMP_ECHO;
		return SIIT_OK;
	case ICMPV6_ECHO_REPLY:
		*type4 = ICMP_ECHOREPLY;
		return SIIT_OK;
	default:
		return SIIT_DROP_ICMP_TYPE;
	}
}

static enum siit_reason unreach64(u8 code, struct icmp4_head *head)
{
	head->type = ICMP_DEST_UNREACH;
	switch (code) {
	case ICMPV6_NOROUTE:
	case ICMPV6_NOT_NEIGHBOUR:
	case ICMPV6_ADDR_UNREACH:
		head->code = ICMP_HOST_UNREACH;
		return SIIT_OK;
	case ICMPV6_ADM_PROHIBITED:
		head->code = ICMP_HOST_ANO;
		return SIIT_OK;
	case ICMPV6_PORT_UNREACH:
		head->code = ICMP_PORT_UNREACH;
		return SIIT_OK;
	default:
		return SIIT_DROP_ICMP_TYPE;
	}
}

/* RFC 7915 Figure 6, by IPv6 pointer; all 32 bits of it count. */
static enum siit_reason pointer64(u32 pointer, u8 *pointer4)
{
	static const s8 head[] = { 0, 1, -1, -1, 2, 2, 9, 8 };

	if (pointer < ARRAY_SIZE(head)) {
		if (head[pointer] < 0)
			return SIIT_DROP_ICMP_POINTER;
		*pointer4 = head[pointer];
	} else if (pointer < offsetof(struct ipv6hdr, daddr)) {
		*pointer4 = offsetof(struct iphdr, saddr);
	} else if (pointer < sizeof(struct ipv6hdr)) {
		*pointer4 = offsetof(struct iphdr, daddr);
	} else {
		return SIIT_DROP_ICMP_POINTER;
	}
	return SIIT_OK;
}

static enum siit_reason paramprob64(const struct icmp6hdr *icmp,
				    struct icmp4_head *head)
{
	switch (icmp->icmp6_code) {
	case ICMPV6_HDR_FIELD:
		head->type = ICMP_PARAMETERPROB;
		return pointer64(ntohl(icmp->icmp6_pointer), &head->pointer);
	case ICMPV6_UNK_NEXTHDR:
		head->type = ICMP_DEST_UNREACH;
		head->code = ICMP_PROT_UNREACH;
		return SIIT_OK;
	default:
		return SIIT_DROP_ICMP_TYPE;
	}
}

/*
 * RFC 7915 5.2. A quoted fragment shrinks by 28 octets, not by 20: the text
 * asks to take it into account, the formula does not. No IPv6 link has less
 * than 1280: who says so is not believed (RFC 8201 4). The quoted packet was
 * on its way from IPv4 to IPv6, and the error goes the way back.
 */
static enum siit_reason mtu64(u32 mtu, const struct ipv6hdr *quote,
			      const struct siit_ctx *ctx,
			      struct plan_error64 *plan)
{
	struct icmp4_head *head = &plan->head;

	if (mtu < IPV6_MIN_MTU)
		return SIIT_DROP_ICMP_MTU;
	mtu = min_t(u32, mtu, IP_MAX_MTU) - 20;
	if (plan->inner_pkt.frag_hdr)
		mtu -= FRAG_HDR_GROWTH;
	mtu = min(mtu, ctx->nh_mtu6(ctx, &quote->daddr) - 20);
	head->type = ICMP_DEST_UNREACH;
	head->code = ICMP_FRAG_NEEDED;
	head->mtu = min(mtu, ctx->nh_mtu4(ctx, plan->outer.daddr));
	return SIIT_OK;
}

static enum siit_reason head64(const struct icmp6hdr *icmp,
			       const struct ipv6hdr *quote,
			       const struct siit_ctx *ctx,
			       struct plan_error64 *plan)
{
	struct icmp4_head *head = &plan->head;

	memset(head, 0, sizeof(*head));
	switch (icmp->icmp6_type) {
	case ICMPV6_DEST_UNREACH:
		return unreach64(icmp->icmp6_code, head);
	case ICMPV6_PKT_TOOBIG:
		return mtu64(ntohl(icmp->icmp6_mtu), quote, ctx, plan);
	case ICMPV6_TIME_EXCEED:
		head->type = ICMP_TIME_EXCEEDED;
		head->code = icmp->icmp6_code;
		return SIIT_OK;
	case ICMPV6_PARAMPROB:
		return paramprob64(icmp, head);
	default:
		return SIIT_DROP_ICMP_TYPE;
	}
}

static enum siit_reason parse_quote(const struct sk_buff *skb,
				    struct plan_error64 *plan)
{
	const struct ipv6hdr *ip6 = (const void *)(skb->data + plan->e.quote);
	enum siit_reason reason;
	u32 unused;

	if (plan->e.quote_len < sizeof(*ip6))
		return SIIT_DROP_INNER_TRUNCATED;
	if (ip6->version != 6)
		return SIIT_DROP_INNER_HEADER;
	reason = siit_parse6(skb, plan->e.quote,
			     plan->e.quote + plan->e.quote_len,
			     &plan->inner_pkt, &unused);
	if (reason == SIIT_DROP_EXT_TRUNCATED)
		return SIIT_DROP_INNER_TRUNCATED;
	if (reason)
		return SIIT_DROP_INNER_HEADER;
	if (plan->inner_pkt.hdr_len > plan->e.quote_len)
		return SIIT_DROP_INNER_TRUNCATED;
	if (sizeof(struct iphdr) + plan->inner_pkt.l4_len > IP_MAX_MTU)
		return SIIT_DROP_INNER_HEADER;
	siit_error_inner(&plan->e, plan->inner_pkt.hdr_len,
			 plan->inner_pkt.l4_len);
	return SIIT_OK;
}

/* RFC 6791 section 5: any address of the pool, at random. */
static __be32 pool_source(const struct siit_config *cfg)
{
	u32 pick = reciprocal_scale(get_random_u32(), cfg->rfc6791_count);
	const struct siit_prefix4 *p = &cfg->rfc6791[pick];
	u32 hosts = ~ntohl(p->mask);

	/* Neither the network's own address nor its broadcast address. */
	if (p->len < 31)
		hosts = 1 + reciprocal_scale(get_random_u32(), hosts - 1);
	else
		hosts &= get_random_u32();
	return p->addr | htonl(hosts);
}

/*
 * The source of an error need not have an IPv4 address: it may come from any
 * router. The draft gives no object to Parameter Problem.
 */
static enum siit_reason foreign_source(const struct siit_config *cfg,
				       bool object, struct plan_error64 *plan)
{
	plan->e.object_class = SIIT_OBJ_NODE;
	plan->outer.saddr = htonl(INADDR_DUMMY);
	switch (cfg->set.icmp_source) {
	case SIIT_ICMP_SOURCE_DROP:
		return SIIT_DROP_ICMP_SOURCE;
	case SIIT_ICMP_SOURCE_POOL:
		if (cfg->rfc6791_count) {
			plan->e.object_class = SIIT_OBJ_INTERFACE;
			plan->outer.saddr = pool_source(cfg);
		}
		break;
	default:
		break;
	}
	if (object)
		plan->e.object = &plan->source;
	return SIIT_OK;
}

static enum siit_reason plan_addrs(const struct ipv6hdr *ip6,
				   const struct ipv6hdr *quote,
				   const struct siit_config *cfg, bool object,
				   struct plan_error64 *plan)
{
	enum siit_method method;
	enum siit_reason why;

	method = siit_map64(cfg, &ip6->daddr, &plan->outer.daddr, &why);
	if (!method)
		return siit_reason_dst(why);
	if (cfg->set.role != SIIT_ROLE_BR && method == SIIT_METHOD_CONVERTED)
		return SIIT_DROP_DST_NOT_NODE;
	if (!siit_map64_any(cfg, &quote->daddr, &plan->inner.daddr, &why))
		return SIIT_DROP_INNER_ADDR;
	method = siit_map64_any(cfg, &quote->saddr, &plan->inner.saddr, &why);
	if (!method)
		return SIIT_DROP_INNER_ADDR;
	plan->hairpin = cfg->set.hairpin == SIIT_HAIRPIN_INTRINSIC &&
			method == SIIT_METHOD_CONVERTED &&
			eam_covers4(cfg->eam, plan->inner.saddr);

	method = siit_map64(cfg, &ip6->saddr, &plan->outer.saddr, &why);
	if (method)
		return siit_spoofed64(cfg, method, plan->outer.saddr) ?
		       SIIT_DROP_SRC_SPOOFED : SIIT_OK;
	if (why != SIIT_DROP_SRC_UNMAPPED)
		return why;
	plan->source = ip6->saddr;
	return foreign_source(cfg, object, plan);
}

/* The type of a quoted echo; RFC 7915 5.3 goes one level deep. */
static enum siit_reason plan_inner_icmp(const struct sk_buff *skb,
					struct plan_error64 *plan)
{
	u8 type = skb->data[plan->e.l4];

	if (!(type & ICMPV6_INFOMSG_MASK))
		return SIIT_DROP_INNER_ERROR;
	if (siit_icmp64_info(type, &plan->inner_type))
		return SIIT_DROP_INNER_TYPE;
	return SIIT_OK;
}

/*
 * With an extension 576 octets are the limit. Without one, what came in is
 * shorter on the way out (REQUIREMENTS AMB-06).
 */
static void plan_layout(const struct sk_buff *skb, struct plan_error64 *plan)
{
	bool ext = plan->e.ext_len || plan->e.object;

	siit_error_fit(skb, &plan->e, sizeof(struct iphdr) +
		       sizeof(struct icmphdr), sizeof(struct iphdr),
		       ext ? SIIT_ICMP4_MAX : IP_MAX_MTU, 4);
}

static enum siit_reason plan_error(struct sk_buff *skb,
				   const struct siit_pkt *pkt,
				   const struct siit_ctx *ctx,
				   struct plan_error64 *plan)
{
	const struct ipv6hdr *ip6 = (const void *)skb->data;
	const struct icmp6hdr *icmp = (const void *)(skb->data + pkt->hdr_len);
	const struct ipv6hdr *quote;
	enum siit_reason reason;
	u32 length = 0;

	/* RFC 4884: octet 4, in 64-bit words; elsewhere it means other things. */
	if (icmp->icmp6_type == ICMPV6_DEST_UNREACH ||
	    icmp->icmp6_type == ICMPV6_TIME_EXCEED)
		length = icmp->icmp6_dataun.un_data8[0] * 8;
	reason = siit_error_open(skb, pkt->hdr_len, pkt->l4_len, length,
				 &plan->e);
	if (!reason)
		reason = parse_quote(skb, plan);
	if (reason)
		return reason;
	quote = (const void *)(skb->data + plan->e.quote);
	reason = plan_addrs(ip6, quote, ctx->cfg,
			    icmp->icmp6_type != ICMPV6_PARAMPROB, plan);
	if (!reason)
		reason = head64(icmp, quote, ctx, plan);
	if (!reason && plan->inner_pkt.proto == IPPROTO_ICMPV6 &&
	    !plan->inner_pkt.frag_off && plan->e.l4_len)
		reason = plan_inner_icmp(skb, plan);
	if (reason)
		return reason;

	plan->inner_diff = csum_sub(csum_partial(&plan->inner.saddr, 8, 0),
				    csum_partial(&quote->saddr, 32, 0));
	if (plan->inner_pkt.proto == IPPROTO_ICMPV6)
		plan->inner_diff = csum_sub(0, csum_pseudo6(quote,
							    plan->inner_pkt.l4_len,
							    IPPROTO_ICMPV6));
	siit_fill4(&plan->inner, quote, &plan->inner_pkt, ctx,
		   plan->inner_pkt.l4_len);
	plan->inner.check = ip_fast_csum(&plan->inner, 5);
	plan_layout(skb, plan);
	return SIIT_OK;
}

/* The quoted upper layer, as much of it as there is. */
static void commit_inner(u8 *l4, const struct plan_error64 *plan)
{
	const struct siit_pkt *pkt = &plan->inner_pkt;
	__wsum diff = plan->inner_diff;

	if (pkt->frag_off)
		return;
	if (pkt->proto == IPPROTO_ICMPV6) {
		if (!plan->e.l4_len)
			return;
		diff = csum_add(diff, csum_icmp_type(*l4, plan->inner_type));
		*l4 = plan->inner_type;
	}
	siit_l4_fix_quoted(l4, plan->e.l4_len, pkt->proto, diff);
}

static void write_icmp4(struct icmphdr *icmp, u32 len,
			const struct plan_error64 *plan)
{
	u8 *info = (u8 *)&icmp->un;

	memset(icmp, 0, sizeof(*icmp));
	icmp->type = plan->head.type;
	icmp->code = plan->head.code;
	if (plan->head.mtu)
		icmp->un.frag.mtu = htons(plan->head.mtu);
	info[0] = plan->head.pointer;
	info[1] = plan->e.length;
	icmp->checksum = csum_fold(csum_partial(icmp, len, 0));
}

static enum siit_reason commit_error(struct sk_buff *skb,
				     const struct siit_pkt *pkt,
				     struct plan_error64 *plan,
				     struct siit_ctx *ctx)
{
	const u32 icmp_at = sizeof(struct iphdr);
	const u32 inner_at = icmp_at + sizeof(struct icmphdr);
	const u32 hdrs = inner_at + sizeof(plan->inner);
	struct ipv6hdr ip6 = *(struct ipv6hdr *)skb->data;
	struct iphdr *ip;
	u32 len;

	if (siit_error_rebuild(skb, &plan->e, hdrs))
		return SIIT_DROP_NO_MEMORY;

	len = skb->len - icmp_at;
	siit_fill4(&plan->outer, &ip6, pkt, ctx, len);
	if (!pkt->frag_hdr)
		plan->outer.id = htons(siit_ipid_get(ctx->ipid, &plan->outer,
						     1));
	plan->outer.ttl = siit_ttl(ctx, ip6.hop_limit);
	ip = (struct iphdr *)skb->data;
	*ip = plan->outer;
	ip->check = ip_fast_csum(ip, 5);
	memcpy(skb->data + inner_at, &plan->inner, sizeof(plan->inner));
	commit_inner(skb->data + hdrs, plan);

	skb_set_transport_header(skb, icmp_at);
	write_icmp4(icmp_hdr(skb), len, plan);
	skb->protocol = htons(ETH_P_IP);
	ctx->quoted = plan->e.l4_len;
	return plan->hairpin ? siit_xlat46_again(skb, ctx) : SIIT_OK;
}

/**
 * siit_icmp64_error() - translate an ICMPv6 error
 * @skb: the packet; at least 8 octets of ICMPv6 are there
 * @pkt: its network header
 * @ctx: the translation
 *
 * RFC 7915 5.2 and 5.3, RFC 7757 4.2.2. The checksum of the message is
 * verified, and then computed anew.
 *
 * Context: BH, rcu_read_lock().
 * Return: SIIT_OK, or why not.
 */
enum siit_reason siit_icmp64_error(struct sk_buff *skb,
				   const struct siit_pkt *pkt,
				   struct siit_ctx *ctx)
{
	const struct ipv6hdr *ip6;
	enum siit_reason reason;
	struct plan_error64 plan;

	if (skb_linearize(skb))
		return SIIT_DROP_NO_MEMORY;
	if (skb->ip_summed == CHECKSUM_PARTIAL && skb_checksum_help(skb))
		return SIIT_DROP_NO_MEMORY;
	ip6 = (const struct ipv6hdr *)skb->data;
	if (csum_ipv6_magic(&ip6->saddr, &ip6->daddr, pkt->l4_len,
			    IPPROTO_ICMPV6,
			    csum_partial(skb->data + pkt->hdr_len, pkt->l4_len,
					 0)))
		return SIIT_DROP_ICMP_CSUM;

	reason = plan_error(skb, pkt, ctx, &plan);
	if (reason)
		return reason;
	return commit_error(skb, pkt, &plan, ctx);
}
