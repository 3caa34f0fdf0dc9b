// SPDX-License-Identifier: GPL-2.0
/*
 * The IPv4 addresses of this host, in namespaces that have hooks.
 */
#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "own4.h"

static LIST_HEAD(owns);		/* RTNL */

static struct siit_own4 *own_of(const struct net *net)
{
	struct siit_own4 *own;

	list_for_each_entry(own, &owns, list)
		if (own->net == net)
			return own;
	return NULL;
}

/* Calls for each address of the namespace, until one call returns true. */
static bool own_any(const struct siit_own4 *own,
		    bool (*call)(void *arg, __be32 addr), void *arg)
{
	const struct in_ifaddr *ifa;
	struct in_device *in_dev;
	struct net_device *dev;

	for_each_netdev(own->net, dev) {
		in_dev = __in_dev_get_rtnl(dev);
		if (!in_dev)
			continue;
		in_dev_for_each_ifa_rtnl(ifa, in_dev)
			if (call(arg, ifa->ifa_local))
				return true;
	}
	return false;
}

static bool own_mark(void *arg, __be32 addr)
{
	struct siit_own4 *own = arg;

	set_bit(siit_own4_hash(addr), own->maybe);
	return false;
}

static bool own_same_bit(void *arg, __be32 addr)
{
	return siit_own4_hash(addr) == *(unsigned int *)arg;
}

/* An address that is gone may share its bit with one that stays. */
static void own_gone(struct siit_own4 *own, __be32 addr)
{
	unsigned int bit = siit_own4_hash(addr);

	if (!own_any(own, own_same_bit, &bit))
		clear_bit(bit, own->maybe);
}

static int own_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	const struct in_ifaddr *ifa = ptr;
	struct siit_own4 *own;

	own = own_of(dev_net(ifa->ifa_dev->dev));
	if (!own)
		return NOTIFY_DONE;
	if (event == NETDEV_UP)
		own_mark(own, ifa->ifa_local);
	else if (event == NETDEV_DOWN)
		own_gone(own, ifa->ifa_local);
	return NOTIFY_DONE;
}

static struct notifier_block own_notifier = {
	.notifier_call = own_event,
};

/**
 * siit_own4_get() - the addresses of a namespace
 * @net: the namespace; has a device for as long as somebody uses them
 *
 * Context: process; RTNL.
 * Return: what siit_own4_put() gives back, or NULL without memory.
 */
struct siit_own4 *siit_own4_get(struct net *net)
{
	struct siit_own4 *own;

	ASSERT_RTNL();
	own = own_of(net);
	if (!own) {
		own = kzalloc(sizeof(*own), GFP_KERNEL_ACCOUNT);
		if (!own)
			return NULL;
		own->net = net;
		own_any(own, own_mark, own);
		list_add(&own->list, &owns);
	}
	own->users++;
	return own;
}

/**
 * siit_own4_put() - undo siit_own4_get()
 * @own: what that returned; packets may go on reading it for a grace period
 *
 * Context: process; RTNL.
 */
void siit_own4_put(struct siit_own4 *own)
{
	ASSERT_RTNL();
	if (--own->users)
		return;
	list_del(&own->list);
	kfree_rcu(own, rcu);
}

/**
 * siit_own4_find() - the answer of siit_own4() where its bit is set
 * @own: of the namespace
 * @addr: network order
 *
 * A route of type local is not enough, it takes an address. __ip_dev_find()
 * alone finds both.
 *
 * Context: BH, rcu_read_lock().
 * Return: whether it is configured on a device of the namespace.
 */
bool siit_own4_find(const struct siit_own4 *own, __be32 addr)
{
	struct net_device *dev = __ip_dev_find(own->net, addr, false);
	const struct in_device *in_dev = dev ? __in_dev_get_rcu(dev) : NULL;
	const struct in_ifaddr *ifa;

	if (!in_dev)
		return false;
	in_dev_for_each_ifa_rcu(ifa, in_dev)
		if (ifa->ifa_local == addr)
			return true;
	return false;
}

/**
 * siit_own4_init() - watch addresses come and go
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int __init siit_own4_init(void)
{
	return register_inetaddr_notifier(&own_notifier);
}

/**
 * siit_own4_exit() - undo siit_own4_init(), once all hooks are gone
 *
 * Context: process; sleeps.
 */
void siit_own4_exit(void)
{
	unregister_inetaddr_notifier(&own_notifier);
}
