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
#include "txn.h"

/* @obj: struct net_device, the port */
int siit_nl_hook_fill(struct sk_buff *skb, const struct net_device *dev,
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

static int hook_stage(struct siit_edit *e, struct net_device *port, bool add,
		      struct genl_info *info)
{
	struct siit_stage_hook *hook;
	int err = 0;

	hook = siit_stage_hook(e->stage, port->ifindex);
	if (add) {
		err = siit_hook_check(port, info->extack);
		/* What a transaction has already is no error there. */
		if (!err && !hook)
			err = siit_stage_hook_add(e->stage, port->ifindex,
						  info->snd_seq);
	} else if (hook) {
		siit_stage_hook_del(hook);
	} else {
		NL_SET_ERR_MSG(info->extack, "no such hook");
		err = -ENOENT;
	}
	return err;
}

static int hook_change(struct siit_edit *e, bool add, struct genl_info *info)
{
	struct nlattr *attr = info->attrs[SIIT_HOOK_A_PORT];
	struct net_device *port;
	int err;

	if (siit_nl_missing(info, SIIT_HOOK_A_PORT, "the device to listen at"))
		return -EINVAL;
	port = __dev_get_by_index(genl_info_net(info), nla_get_u32(attr));
	if (!port) {
		NL_SET_ERR_MSG(info->extack, "no device has this ifindex");
		err = -ENODEV;
	} else if ((e->dev && e->dev->reg_state != NETREG_REGISTERED) ||
		   port->reg_state != NETREG_REGISTERED) {
		err = -ENODEV;
	} else if (e->stage) {
		err = hook_stage(e, port, add, info);
	} else if (add) {
		err = siit_hook_add(e->dev, port, info->extack);
	} else {
		err = siit_hook_del(e->dev, port, info->extack);
	}
	if (err)
		NL_SET_BAD_ATTR(info->extack, attr);
	else
		siit_nl_notify(info, e, siit_nl_hook_fill, port);
	return err;
}

/* Under RTNL a device that is found here stays until we are done. */
static int hook_edit(struct genl_info *info, bool add)
{
	struct siit_edit e;
	int err;

	rtnl_lock();
	err = siit_nl_edit(info, &e);
	if (!err)
		err = siit_nl_edit_end(&e, hook_change(&e, add, info));
	rtnl_unlock();
	return err;
}

int siit_nl_hook_add(struct sk_buff *skb, struct genl_info *info)
{
	return hook_edit(info, true);
}

int siit_nl_hook_del(struct sk_buff *skb, struct genl_info *info)
{
	return hook_edit(info, false);
}

static int hook_dump_one(struct sk_buff *skb, struct netlink_callback *cb,
			 const struct net_device *dev, unsigned long *pos)
{
	const struct siit_hook *h;
	int err;

	while ((h = siit_hook_next(dev, *pos))) {
		err = siit_nl_put_dumped(skb, cb, dev, siit_nl_hook_fill, h->port);
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
