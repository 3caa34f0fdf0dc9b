// SPDX-License-Identifier: GPL-2.0
/*
 * Where a translated packet goes on: received by the stack in its new family,
 * or, if this host has made it, sent.
 */
#include <linux/netdevice.h>
#include <linux/socket.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/l3mdev.h>
#include <net/route.h>
#include <net/sock.h>

#include "device.h"
#include "output.h"

/**
 * siit_is_local() - has this host made a packet?
 * @skb: a packet on its way out
 *
 * What a packet socket injects stands for a packet from somewhere else.
 *
 * Context: BH.
 * Return: whether the packet must be sent, not forwarded.
 */
bool siit_is_local(const struct sk_buff *skb)
{
	if (skb->skb_iif)
		return false;
	return !skb->sk || skb->sk->sk_family != AF_PACKET;
}

/**
 * siit_cross() - forget what the stack knew of a packet in its old family
 * @skb: translated packet
 * @dev: the device that it now comes from
 *
 * Mark and priority stay.
 *
 * Context: BH.
 */
void siit_cross(struct sk_buff *skb, struct net_device *dev)
{
	skb_scrub_packet(skb, false);
	skb_clear_hash(skb);
	skb_clear_tstamp(skb);
	skb->dev = dev;
	skb_reset_mac_header(skb);
	skb_reset_mac_len(skb);
}

/**
 * siit_receive() - hand a translated packet to the stack
 * @skb: the packet; consumed
 * @dev: the siit device
 *
 * Context: BH.
 * Return: 0, or -ENOBUFS if the receive queue is full.
 */
int siit_receive(struct sk_buff *skb, struct net_device *dev)
{
	siit_cross(skb, dev);
	return netif_rx(skb) == NET_RX_SUCCESS ? 0 : -ENOBUFS;
}

/* What leads back to us, or to this host, is better received. */
static bool leads_out(const struct dst_entry *dst)
{
	return !dst->error && !siit_is_dev(dst->dev) &&
	       !(dst->dev->flags & IFF_LOOPBACK);
}

static struct dst_entry *route4(const struct sk_buff *skb,
				struct net_device *dev)
{
	const struct iphdr *ip = ip_hdr(skb);
	struct flowi4 fl4 = {
		.daddr = ip->daddr,
		.saddr = ip->saddr,
		.flowi4_oif = l3mdev_master_ifindex_rcu(dev),
		.flowi4_mark = skb->mark,
		.flowi4_proto = ip->protocol,
		.flowi4_flags = FLOWI_FLAG_ANYSRC,
	};
	struct rtable *rt = ip_route_output_key(dev_net(dev), &fl4);

	return IS_ERR(rt) ? NULL : &rt->dst;
}

static struct dst_entry *route6(const struct sk_buff *skb,
				struct net_device *dev)
{
	const struct ipv6hdr *ip6 = ipv6_hdr(skb);
	struct flowi6 fl6 = {
		.daddr = ip6->daddr,
		.saddr = ip6->saddr,
		.flowi6_oif = l3mdev_master_ifindex_rcu(dev),
		.flowlabel = ip6_flowinfo(ip6),
		.flowi6_mark = skb->mark,
		.flowi6_proto = ip6->nexthdr,
	};

	return ip6_route_output(dev_net(dev), NULL, &fl6);
}

/**
 * siit_output() - send a translated packet that this host has made
 * @skb: the packet; consumed
 * @dev: the siit device
 *
 * Works without forwarding being enabled in the new family.
 *
 * Context: BH, rcu_read_lock().
 * Return: 0, or -ENOBUFS if the receive queue is full.
 */
int siit_output(struct sk_buff *skb, struct net_device *dev)
{
	bool v4 = skb->protocol == htons(ETH_P_IP);
	struct net *net = dev_net(dev);
	struct dst_entry *dst;

	dst = v4 ? route4(skb, dev) : route6(skb, dev);
	if (!dst || !leads_out(dst)) {
		dst_release(dst);
		return siit_receive(skb, dev);
	}
	siit_cross(skb, dst->dev);
	skb_dst_set(skb, dst);
	if (v4) {
		memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
		ip_local_out(net, skb->sk, skb);
	} else {
		memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
		ip6_local_out(net, skb->sk, skb);
	}
	return 0;
}
