// SPDX-License-Identifier: GPL-2.0
/*
 * What the routing tables say of a packet that is not sent yet.
 */
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/l3mdev.h>
#include <net/route.h>

#include "nexthop.h"

static struct net_device *device_of(const struct siit_ctx *ctx)
{
	return container_of(ctx, struct siit_routed, ctx)->dev;
}

/**
 * siit_nexthop_mtu4() - MTU of the next hop to an IPv4 address
 * @ctx: in a struct siit_routed
 * @daddr: network order
 *
 * Context: BH, rcu_read_lock().
 * Return: octets; IP_MAX_MTU if there is no route.
 */
u32 siit_nexthop_mtu4(const struct siit_ctx *ctx, __be32 daddr)
{
	struct net_device *dev = device_of(ctx);
	struct flowi4 fl4 = {
		.daddr = daddr,
		.flowi4_oif = l3mdev_master_ifindex_rcu(dev),
	};
	struct rtable *rt = ip_route_output_key(dev_net(dev), &fl4);
	u32 mtu;

	if (IS_ERR(rt))
		return IP_MAX_MTU;
	mtu = ip_dst_mtu_maybe_forward(&rt->dst, true);
	ip_rt_put(rt);
	return mtu;
}

/**
 * siit_nexthop_mtu6() - MTU of the next hop to an IPv6 address
 * @ctx: in a struct siit_routed
 * @daddr: the address
 *
 * Context: BH, rcu_read_lock().
 * Return: octets, IPV6_MIN_MTU or more; IP6_MAX_MTU if there is no route.
 */
u32 siit_nexthop_mtu6(const struct siit_ctx *ctx, const struct in6_addr *daddr)
{
	struct net_device *dev = device_of(ctx);
	struct flowi6 fl6 = {
		.daddr = *daddr,
		.flowi6_oif = l3mdev_master_ifindex_rcu(dev),
	};
	struct dst_entry *dst = ip6_route_output(dev_net(dev), NULL, &fl6);
	u32 mtu = IP6_MAX_MTU;

	if (!dst->error)
		mtu = max_t(u32, ip6_dst_mtu_maybe_forward(dst, true),
			    IPV6_MIN_MTU);
	dst_release(dst);
	return mtu;
}
