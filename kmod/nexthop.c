// SPDX-License-Identifier: GPL-2.0
/*
 * What the routing tables say of a packet that is not sent yet.
 *
 * The packet is routed again after translation, when a firewall has seen it, and
 * asking twice takes as long as half of forwarding it. So an answer is believed
 * for a millisecond: for the next packets of a burst, but for nobody who has seen
 * a route change.
 */
#include <linux/hash.h>
#include <linux/percpu.h>
#include <linux/sched/clock.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include <net/route.h>

#include "nexthop.h"

#define ANSWER_BITS	8
#define ANSWER_LIFE	NSEC_PER_MSEC

/**
 * struct answer - to the question how much the way to an address carries
 * @daddr: the address; IPv4-mapped for IPv4
 * @net: the namespace whose routes were asked; only compared
 * @time: when, local_clock()
 * @oif: ifindex of the VRF, or 0
 * @mtu: octets
 * @six: it is an IPv6 address
 */
struct answer {
	struct in6_addr daddr;
	const struct net *net;
	u64 time;
	int oif;
	u32 mtu;
	bool six;
};

struct answers {
	struct answer of[1 << ANSWER_BITS];
};

static struct answers __percpu *answers;

static u32 ask4(struct net *net, int oif, __be32 daddr)
{
	struct flowi4 fl4 = {
		.daddr = daddr,
		.flowi4_oif = oif,
	};
	struct rtable *rt = ip_route_output_key(net, &fl4);
	u32 mtu;

	if (IS_ERR(rt))
		return IP_MAX_MTU;
	mtu = ip_dst_mtu_maybe_forward(&rt->dst, true);
	ip_rt_put(rt);
	return mtu;
}

static u32 ask6(struct net *net, int oif, const struct in6_addr *daddr)
{
	struct flowi6 fl6 = {
		.daddr = *daddr,
		.flowi6_oif = oif,
	};
	struct dst_entry *dst = ip6_route_output(net, NULL, &fl6);
	u32 mtu = IP6_MAX_MTU;

	if (!dst->error)
		mtu = max_t(u32, ip6_dst_mtu_maybe_forward(dst, true),
			    IPV6_MIN_MTU);
	dst_release(dst);
	return mtu;
}

/* Bottom halves are off, so the answers of a CPU are its own. */
static u32 ask(const struct siit_ctx *ctx, const struct in6_addr *daddr,
	       bool six)
{
	struct net_device *dev = container_of(ctx, struct siit_routed, ctx)->dev;
	u32 place = hash_32(ipv6_addr_hash(daddr), ANSWER_BITS);
	struct answer *a = &this_cpu_ptr(answers)->of[place];
	int oif = l3mdev_master_ifindex_rcu(dev);
	struct net *net = dev_net(dev);
	u64 now = local_clock();

	if (now - a->time < ANSWER_LIFE && a->net == net && a->oif == oif &&
	    a->six == six && ipv6_addr_equal(&a->daddr, daddr))
		return a->mtu;

	a->daddr = *daddr;
	a->net = net;
	a->time = now;
	a->oif = oif;
	a->six = six;
	a->mtu = six ? ask6(net, oif, daddr) :
		       ask4(net, oif, daddr->s6_addr32[3]);
	return a->mtu;
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
	struct in6_addr mapped;

	ipv6_addr_set_v4mapped(daddr, &mapped);
	return ask(ctx, &mapped, false);
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
	return ask(ctx, daddr, true);
}

/**
 * siit_nexthop_init() - get ready to be asked
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int __init siit_nexthop_init(void)
{
	answers = alloc_percpu(struct answers);
	return answers ? 0 : -ENOMEM;
}

/**
 * siit_nexthop_exit() - undo siit_nexthop_init()
 *
 * Context: process; nobody asks any more.
 */
void siit_nexthop_exit(void)
{
	free_percpu(answers);
}
