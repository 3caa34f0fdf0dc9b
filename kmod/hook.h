/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The second way in: packets that arrive on another device.
 */
#ifndef _SIIT_HOOK_H
#define _SIIT_HOOK_H

#include <linux/list.h>
#include <linux/netfilter.h>
#include <linux/rcupdate.h>

struct net_device;
struct netlink_ext_ack;
struct siit_own4;

/**
 * struct siit_hook - a siit device listening at another device
 * @list: all hooks, in order of arrival; under RTNL
 * @dev: the siit device
 * @port: the device listened at
 * @own: the addresses of its namespace
 * @ops: netfilter's part
 * @rcu: packets may be in it when it is removed
 */
struct siit_hook {
	struct list_head list;
	struct net_device *dev;
	struct net_device *port;
	struct siit_own4 *own;
	struct nf_hook_ops ops;
	struct rcu_head rcu;
};

int siit_hook_check(const struct net_device *port,
		    struct netlink_ext_ack *extack);
int siit_hook_add(struct net_device *dev, struct net_device *port,
		  struct netlink_ext_ack *extack);
int siit_hook_del(struct net_device *dev, struct net_device *port,
		  struct netlink_ext_ack *extack);
const struct siit_hook *siit_hook_next(const struct net_device *dev,
				       int after);
int siit_hook_init(void);
void siit_hook_exit(void);

#endif /* _SIIT_HOOK_H */
