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

/* What is not here is discarded silently. */
static void send4(struct sk_buff *skb, enum siit_reason reason, u32 mtu)
{
	switch (reason) {
	case SIIT_DROP_TOO_BIG:
		icmp_ndo_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED,
			      htonl(mtu));
		break;
	case SIIT_DROP_HOP_LIMIT:
		icmp_ndo_send(skb, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0);
		break;
	case SIIT_DROP_HDR4_SOURCE_ROUTE:
		icmp_ndo_send(skb, ICMP_DEST_UNREACH, ICMP_SR_FAILED, 0);
		break;
	case SIIT_DROP_SRC_UNMAPPED:
	case SIIT_DROP_DST_UNMAPPED:
	case SIIT_DROP_ADDR_DENIED:
	case SIIT_DROP_ADDR_WKP:
	case SIIT_DROP_SRC_NOT_NODE:
	case SIIT_DROP_UDP_ZERO_CSUM:
	case SIIT_DROP_UDP_ZERO_FRAG:
		icmp_ndo_send(skb, ICMP_DEST_UNREACH, ICMP_PKT_FILTERED, 0);
		break;
	default:
		break;
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

static void send6(struct sk_buff *skb, enum siit_reason reason, u32 mtu,
		  u32 pointer)
{
	switch (reason) {
	case SIIT_DROP_TOO_BIG:
		icmpv6_ndo_send(skb, ICMPV6_PKT_TOOBIG, 0, mtu);
		break;
	case SIIT_DROP_HOP_LIMIT:
		icmpv6_ndo_send(skb, ICMPV6_TIME_EXCEED, ICMPV6_EXC_HOPLIMIT,
				0);
		break;
	case SIIT_DROP_EXT_ROUTING:
		if (!is_icmp6(skb))
			icmpv6_ndo_send(skb, ICMPV6_PARAMPROB,
					ICMPV6_HDR_FIELD, pointer);
		break;
	case SIIT_DROP_SRC_UNMAPPED:
	case SIIT_DROP_DST_UNMAPPED:
	case SIIT_DROP_ADDR_DENIED:
	case SIIT_DROP_ADDR_WKP:
	case SIIT_DROP_DST_NOT_NODE:
	case SIIT_DROP_UDP_ZERO_CSUM:
	case SIIT_DROP_UDP_ZERO_FRAG:
		if (!is_icmp6(skb))
			icmpv6_ndo_send(skb, ICMPV6_DEST_UNREACH,
					ICMPV6_ADM_PROHIBITED, 0);
		break;
	default:
		break;
	}
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
	if (ctx->spoiled || !ctx->cfg->set.icmp_errors)
		return;
	if (skb->protocol == htons(ETH_P_IP))
		send4(skb, reason, ctx->mtu);
	else if (skb->protocol == htons(ETH_P_IPV6))
		send6(skb, reason, ctx->mtu, ctx->pointer);
}
