// SPDX-License-Identifier: GPL-2.0
/*
 * Drops that an operator is to know of, as they happen (RFC 7915 4.5 and
 * 5.1.1): to the netlink group "monitor", never to the log, and never more
 * than a few in a second, since a remote host causes them.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "device.h"
#include "nl.h"

#define EVENT_BURST	10	/* in a second */

/* What siit_nl_event() passes on to event_fill() */
struct event {
	const struct sk_buff *skb;
	enum siit_reason reason;
	u32 missed;
};

static int fill_ports(struct sk_buff *msg, const struct sk_buff *skb, int at)
{
	const struct udphdr *uh;
	struct udphdr buf;

	uh = skb_header_pointer(skb, at, sizeof(buf), &buf);
	if (!uh)
		return 0;
	return nla_put_u16(msg, SIIT_EVENT_A_SPORT, ntohs(uh->source)) ?:
	       nla_put_u16(msg, SIIT_EVENT_A_DPORT, ntohs(uh->dest));
}

static int fill4(struct sk_buff *msg, const struct sk_buff *skb)
{
	const struct iphdr *ip = ip_hdr(skb);

	if (nla_put_in_addr(msg, SIIT_EVENT_A_SRC4, ip->saddr) ||
	    nla_put_in_addr(msg, SIIT_EVENT_A_DST4, ip->daddr))
		return -EMSGSIZE;
	return ip->protocol == IPPROTO_UDP ?
	       fill_ports(msg, skb, skb_network_offset(skb) + ip->ihl * 4) : 0;
}

static int fill6(struct sk_buff *msg, const struct sk_buff *skb)
{
	const struct ipv6hdr *ip6 = ipv6_hdr(skb);
	u8 nexthdr = ip6->nexthdr;
	__be16 frag_off = 0;
	int at;

	if (nla_put_in6_addr(msg, SIIT_EVENT_A_SRC6, &ip6->saddr) ||
	    nla_put_in6_addr(msg, SIIT_EVENT_A_DST6, &ip6->daddr))
		return -EMSGSIZE;
	at = ipv6_skip_exthdr(skb, skb_network_offset(skb) + sizeof(*ip6),
			      &nexthdr, &frag_off);
	return at > 0 && nexthdr == IPPROTO_UDP && !(frag_off & htons(~7)) ?
	       fill_ports(msg, skb, at) : 0;
}

static int event_fill(struct sk_buff *msg, const struct net_device *dev,
		      const void *obj)
{
	const struct event *e = obj;
	int err;

	if (nla_put_string(msg, SIIT_EVENT_A_REASON,
			   siit_reason_name(e->reason)) ||
	    nla_put_u32(msg, SIIT_EVENT_A_SUPPRESSED, e->missed))
		return -EMSGSIZE;
	err = e->skb->protocol == htons(ETH_P_IP) ? fill4(msg, e->skb) :
						    fill6(msg, e->skb);
	return err ? -EMSGSIZE : 0;
}

/**
 * siit_event_init() - prepare a device for siit_event_drop()
 * @priv: the device
 *
 * Context: process.
 */
void siit_event_init(struct siit_dev *priv)
{
	ratelimit_state_init(&priv->event_limit, HZ, EVENT_BURST);
	/* Or it would print how many it has held back. */
	ratelimit_set_flags(&priv->event_limit, RATELIMIT_MSG_ON_RELEASE);
	atomic_set(&priv->event_missed, 0);
}

/**
 * siit_event_drop() - announce a drop, if it is one of those
 * @dev: the siit device
 * @skb: the packet as it came in, its network header read
 * @reason: why it is dropped
 *
 * Context: BH.
 */
void siit_event_drop(struct net_device *dev, const struct sk_buff *skb,
		     enum siit_reason reason)
{
	struct siit_dev *priv = netdev_priv(dev);
	struct event e = { .skb = skb, .reason = reason };

	if (reason != SIIT_DROP_UDP_ZERO_CSUM &&
	    reason != SIIT_DROP_UDP_ZERO_FRAG &&
	    reason != SIIT_DROP_EXT_FRAGMENT)
		return;
	if (!siit_nl_has_listeners(dev_net(dev)))
		return;
	if (!__ratelimit(&priv->event_limit)) {
		atomic_inc(&priv->event_missed);
		return;
	}
	e.missed = atomic_xchg(&priv->event_missed, 0);
	siit_nl_event(dev, SIIT_CMD_DROP_EVENT, event_fill, &e);
}
