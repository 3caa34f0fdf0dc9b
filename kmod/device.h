/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A translator: the private part of a net_device of kind "siit".
 */
#ifndef _SIIT_DEVICE_H
#define _SIIT_DEVICE_H

#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/ratelimit.h>

#include "stats.h"

struct siit_config;
struct siit_ipid;

/**
 * struct siit_dev - private data of a siit device
 * @config: settings, pools and EAM table; never NULL once registered
 * @stats: per-CPU counters
 * @ipid: generator of IPv4 identifications
 * @event_limit: for siit_event_drop()
 * @event_missed: events since the last one that @event_limit let through
 * @lock: taken by whoever changes @config or the EAM table in it
 * @hidden: made by a transaction that may yet fail: nobody hears of it; RTNL
 * @generation: siit_generation() of the last change, of hooks too; under @lock
 */
struct siit_dev {
	struct siit_config __rcu *config;
	struct siit_stats __percpu *stats;
	struct siit_ipid *ipid;
	struct ratelimit_state event_limit;
	atomic_t event_missed;
	struct mutex lock;	/* serialises changes */
	bool hidden;
	u64 generation;
};

#define SIIT_LINK_KIND	"siit"

extern struct rtnl_link_ops siit_link_ops;
extern const struct ethtool_ops siit_ethtool_ops;	/* ethtool.c */

static inline bool siit_is_dev(const struct net_device *dev)
{
	return dev->rtnl_link_ops == &siit_link_ops;
}

/* event.c */
void siit_event_init(struct siit_dev *priv);
void siit_event_drop(struct net_device *dev, const struct sk_buff *skb,
		     enum siit_reason reason);

/* txn.c */
u64 siit_generation(void);
int siit_txn_init(void);
void siit_txn_exit(void);

/* netlink.c */
int siit_netlink_init(void);
void siit_netlink_exit(void);

#endif /* _SIIT_DEVICE_H */
