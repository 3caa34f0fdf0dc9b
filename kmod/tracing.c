// SPDX-License-Identifier: GPL-2.0
/*
 * What the tracepoints are told of a packet.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/ipv6.h>

#include "eam_counter.h"
#include "tracing.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/* As far as the packet has a header: nothing has been checked yet. */
static u8 look4(const struct sk_buff *skb, struct in6_addr *src,
		struct in6_addr *dst)
{
	struct iphdr ip;

	if (skb_copy_bits(skb, 0, &ip, sizeof(ip)))
		return 0;
	ipv6_addr_set_v4mapped(ip.saddr, src);
	ipv6_addr_set_v4mapped(ip.daddr, dst);
	return ip.protocol;
}

static u8 look6(const struct sk_buff *skb, struct in6_addr *src,
		struct in6_addr *dst)
{
	struct ipv6hdr ip6;
	__be16 frag_off;
	u8 nexthdr;

	if (skb_copy_bits(skb, 0, &ip6, sizeof(ip6)))
		return 0;
	*src = ip6.saddr;
	*dst = ip6.daddr;
	nexthdr = ip6.nexthdr;
	ipv6_skip_exthdr(skb, sizeof(ip6), &nexthdr, &frag_off);
	return nexthdr;
}

/**
 * siit_trace_begin() - look at a packet before it is translated
 * @t: what there is to see
 * @dev: the siit device
 * @port: ifindex of the device with the hook, or 0
 * @skb: the packet; skb->data is at its network header
 *
 * Context: BH.
 */
void siit_trace_begin(struct siit_trace *t, const struct net_device *dev,
		      int port, const struct sk_buff *skb)
{
	memset(t, 0, sizeof(*t));
	t->dev = dev;
	t->port = port;
	t->len = skb->len;
	if (skb->protocol == htons(ETH_P_IP)) {
		t->dir = 46;
		t->proto = look4(skb, &t->src, &t->dst);
	} else if (skb->protocol == htons(ETH_P_IPV6)) {
		t->dir = 64;
		t->proto = look6(skb, &t->src, &t->dst);
	}
}

/**
 * siit_trace_result() - look at what a packet has become
 * @t: from siit_trace_begin()
 * @skb: the packet, or the first of its fragments
 *
 * Context: BH.
 */
void siit_trace_result(struct siit_trace *t, const struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IP))
		look4(skb, &t->new_src, &t->new_dst);
	else
		look6(skb, &t->new_src, &t->new_dst);
}

/**
 * siit_trace_ok() - siit:translate, and counters by row
 * @t: from siit_trace_begin() and siit_trace_result()
 * @cfg: settings
 * @in: the packet as it came
 * @out: what became of it
 *
 * Context: BH.
 */
void siit_trace_ok(const struct siit_trace *t, const struct siit_config *cfg,
		   const struct siit_count *in, const struct siit_count *out)
{
	trace_translate(t, in, out);
	if (cfg->set.row_counters)
		eam_count_packet(cfg, t, in);
}

/**
 * siit_trace_drop() - siit:drop
 * @t: from siit_trace_begin()
 * @reason: why
 *
 * Context: BH.
 */
void siit_trace_drop(const struct siit_trace *t, enum siit_reason reason)
{
	trace_drop(t, reason);
}
