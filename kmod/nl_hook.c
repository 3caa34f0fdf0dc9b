// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink commands HOOK_*: devices that a translator listens at.
 */
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/genetlink.h>

#include "device.h"
#include "hook.h"
#include "nl.h"

/* @obj: struct net_device, the port */
static int hook_fill(struct sk_buff *skb, const struct net_device *dev,
		     const void *obj)
{
	const struct net_device *port = obj;
	char name[IFNAMSIZ];

	/* A device can be renamed while we look: never read past the name. */
	strscpy(name, port->name, sizeof(name));
	if (nla_put_u32(skb, SIIT_HOOK_A_PORT, port->ifindex) ||
	    nla_put_string(skb, SIIT_HOOK_A_PORT_NAME, name))
		return -EMSGSIZE;
	return 0;
}

/* Under RTNL a device that is found here stays until we are done. */
static int hook_change(struct genl_info *info,
		       int (*change)(struct net_device *dev,
				     struct net_device *port,
				     struct netlink_ext_ack *extack))
{
	struct nlattr *attr = info->attrs[SIIT_HOOK_A_PORT];
	struct net_device *dev, *port;
	int err;

	if (siit_nl_missing(info, SIIT_HOOK_A_PORT, "the device to listen at"))
		return -EINVAL;
	rtnl_lock();
	dev = siit_nl_dev_get(info);
	if (IS_ERR(dev)) {
		err = PTR_ERR(dev);
		goto unlock;
	}
	port = __dev_get_by_index(genl_info_net(info), nla_get_u32(attr));
	if (!port) {
		NL_SET_ERR_MSG(info->extack, "no device has this ifindex");
		err = -ENODEV;
	} else if (dev->reg_state != NETREG_REGISTERED ||
		   port->reg_state != NETREG_REGISTERED) {
		err = -ENODEV;
	} else {
		err = change(dev, port, info->extack);
	}
	if (err)
		NL_SET_BAD_ATTR(info->extack, attr);
	else
		siit_nl_notify(info, dev, hook_fill, port);
	dev_put(dev);
unlock:
	rtnl_unlock();
	return err;
}

int siit_nl_hook_add(struct sk_buff *skb, struct genl_info *info)
{
	return hook_change(info, siit_hook_add);
}

int siit_nl_hook_del(struct sk_buff *skb, struct genl_info *info)
{
	return hook_change(info, siit_hook_del);
}

static int hook_dump_one(struct sk_buff *skb, struct netlink_callback *cb,
			 const struct net_device *dev, unsigned long *pos)
{
	const struct siit_hook *h;
	int err;

	while ((h = siit_hook_next(dev, *pos))) {
		err = siit_nl_put_dumped(skb, cb, dev, hook_fill, h->port);
		if (err)
			return err;
		*pos = h->port->ifindex;
	}
	return 0;
}

int siit_nl_hook_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return siit_nl_dump(skb, cb, hook_dump_one);
}
