// SPDX-License-Identifier: GPL-2.0
/*
 * The ICMP errors that we originate (RFC 7915 4.4 and 5.4).
 *
 * The kernel sends them, and with that come its rate limits and its rules on
 * what an error may be about: never an error, a fragment other than the first,
 * a broadcast or multicast packet, or a source that is not one host
 * (RFC 1812 4.3.2.7, RFC 4443 2.4(e)).
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <net/icmp.h>
#include <net/ipv6.h>

#include "config.h"
#include "icmp_send.h"
#include "xlat.h"

static bool set_error(struct siit_icmp_error *err, u8 type, u8 code, u32 info)
{
	err->type = type;
	err->code = code;
	err->info = info;
	return true;
}

/* What is not here is discarded silently. */
static bool about4(enum siit_reason reason, const struct siit_ctx *ctx,
		   struct siit_icmp_error *err)
{
	switch (reason) {
	case SIIT_DROP_TOO_BIG:
		return set_error(err, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED,
				 ctx->mtu);
	case SIIT_DROP_HOP_LIMIT:
		return set_error(err, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0);
	case SIIT_DROP_HDR4_SOURCE_ROUTE:
		return set_error(err, ICMP_DEST_UNREACH, ICMP_SR_FAILED, 0);
	case SIIT_DROP_SRC_UNMAPPED:
	case SIIT_DROP_DST_UNMAPPED:
	case SIIT_DROP_ADDR_DENIED:
	case SIIT_DROP_ADDR_WKP:
	case SIIT_DROP_SRC_NOT_NODE:
	case SIIT_DROP_UDP_ZERO_CSUM:
	case SIIT_DROP_UDP_ZERO_FRAG:
		return set_error(err, ICMP_DEST_UNREACH, ICMP_PKT_FILTERED, 0);
	default:
		return false;
	}
}

/* RFC 7915 5.4 is stricter than RFC 4443 about Unreachable and Problem. */
static bool is_icmp6(const struct sk_buff *skb)
{
	u8 nexthdr = ipv6_hdr(skb)->nexthdr;
	__be16 frag_off;

	return ipv6_skip_exthdr(skb, sizeof(struct ipv6hdr), &nexthdr,
				&frag_off) < 0 || nexthdr == IPPROTO_ICMPV6;
}

static bool about6(const struct sk_buff *skb, enum siit_reason reason,
		   const struct siit_ctx *ctx, struct siit_icmp_error *err)
{
	switch (reason) {
	case SIIT_DROP_TOO_BIG:
		return set_error(err, ICMPV6_PKT_TOOBIG, 0, ctx->mtu);
	case SIIT_DROP_HOP_LIMIT:
		return set_error(err, ICMPV6_TIME_EXCEED, ICMPV6_EXC_HOPLIMIT,
				 0);
	case SIIT_DROP_EXT_ROUTING:
		return !is_icmp6(skb) &&
		       set_error(err, ICMPV6_PARAMPROB, ICMPV6_HDR_FIELD,
				 ctx->pointer);
	case SIIT_DROP_SRC_UNMAPPED:
	case SIIT_DROP_DST_UNMAPPED:
	case SIIT_DROP_ADDR_DENIED:
	case SIIT_DROP_ADDR_WKP:
	case SIIT_DROP_DST_NOT_NODE:
	case SIIT_DROP_UDP_ZERO_CSUM:
	case SIIT_DROP_UDP_ZERO_FRAG:
		return !is_icmp6(skb) &&
		       set_error(err, ICMPV6_DEST_UNREACH,
				 ICMPV6_ADM_PROHIBITED, 0);
	default:
		return false;
	}
}

/**
 * siit_icmp_about() - what is there to tell the sender of a packet?
 * @skb: the packet, as it came in; its network header is readable
 * @reason: why it is dropped; many reasons are kept to ourselves
 * @ctx: the translation that refused it
 * @err: the error
 *
 * RFC 7915 4.4, 5.4.
 *
 * Context: BH, rcu_read_lock().
 * Return: whether there is an error for this reason. Whether it is sent is up
 *	to the settings, and to the kernel.
 */
bool siit_icmp_about(const struct sk_buff *skb, enum siit_reason reason,
		     const struct siit_ctx *ctx, struct siit_icmp_error *err)
{
	if (ctx->spoiled)
		return false;
	if (skb->protocol == htons(ETH_P_IP))
		return about4(reason, ctx, err);
	if (skb->protocol == htons(ETH_P_IPV6))
		return about6(skb, reason, ctx, err);
	return false;
}

/**
 * siit_icmp_send() - tell the sender of a packet that it is dropped
 * @skb: the packet, as it came in; its network header is readable
 * @reason: why it is dropped; many reasons are kept to ourselves
 * @ctx: the translation that refused it
 *
 * RFC 7915 4.4, 5.4.
 *
 * Context: BH, rcu_read_lock().
 */
void siit_icmp_send(struct sk_buff *skb, enum siit_reason reason,
		    const struct siit_ctx *ctx)
{
	struct siit_icmp_error err;

	if (!ctx->cfg->set.icmp_errors ||
	    !siit_icmp_about(skb, reason, ctx, &err))
		return;
	if (skb->protocol == htons(ETH_P_IP))
		icmp_ndo_send(skb, err.type, err.code, htonl(err.info));
	else
		icmpv6_ndo_send(skb, err.type, err.code, err.info);
}
