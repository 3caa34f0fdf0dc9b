/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the routing tables say of a packet that is not sent yet: the nh_mtu4 and
 * nh_mtu6 of a translation.
 */
#ifndef _SIIT_NEXTHOP_H
#define _SIIT_NEXTHOP_H

#include "xlat.h"

struct net_device;

/**
 * struct siit_routed - a translation, and whose routes count in it
 * @ctx: what the engine sees of it
 * @dev: a device; its namespace and VRF decide
 */
struct siit_routed {
	struct siit_ctx ctx;
	struct net_device *dev;
};

u32 siit_nexthop_mtu4(const struct siit_ctx *ctx, __be32 daddr);
u32 siit_nexthop_mtu6(const struct siit_ctx *ctx,
		      const struct in6_addr *daddr);

int siit_nexthop_init(void);
void siit_nexthop_exit(void);

#endif /* _SIIT_NEXTHOP_H */
