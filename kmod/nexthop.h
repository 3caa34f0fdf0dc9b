/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIIT_NEXTHOP_H
#define _SIIT_NEXTHOP_H

#include <linux/in6.h>
#include <linux/types.h>

struct net_device;

u32 siit_nexthop_mtu4(struct net_device *dev, __be32 daddr);
u32 siit_nexthop_mtu6(struct net_device *dev, const struct in6_addr *daddr);

#endif /* _SIIT_NEXTHOP_H */
