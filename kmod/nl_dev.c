// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink commands DEV_* and STATS_GET.
 */
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/genetlink.h>

#include "config.h"
#include "device.h"
#include "eam.h"
#include "eam_counter.h"
#include "nl.h"
#include "stats.h"

/*
 * Settings of one octet; the rest is written out in dev_parse() and
 * siit_nl_dev_fill().
 */
static const struct {
	u8 attr;
	u8 offset;
} dev_octets[] = {
	{ SIIT_DEV_A_ROLE, offsetof(struct siit_settings, role) },
	{ SIIT_DEV_A_HAIRPIN, offsetof(struct siit_settings, hairpin) },
	{ SIIT_DEV_A_UDP_ZERO_CSUM, offsetof(struct siit_settings, udp_zero) },
	{ SIIT_DEV_A_TRAFFIC_CLASS,
	  offsetof(struct siit_settings, tclass_zero) },
	{ SIIT_DEV_A_ICMP_SOURCE, offsetof(struct siit_settings, icmp_source) },
	{ SIIT_DEV_A_ICMP_ERRORS, offsetof(struct siit_settings, icmp_errors) },
	{ SIIT_DEV_A_WKP_PRIVATE, offsetof(struct siit_settings, wkp_private) },
	{ SIIT_DEV_A_INGRESS_FILTER,
	  offsetof(struct siit_settings, ingress_filter) },
	{ SIIT_DEV_A_ROW_COUNTERS,
	  offsetof(struct siit_settings, row_counters) },
};

static int put_ifname(struct sk_buff *skb, int attr,
		      const struct net_device *dev)
{
	char name[IFNAMSIZ];

	/* A device can be renamed while we look: never read past the name. */
	strscpy(name, dev->name, sizeof(name));
	return nla_put_string(skb, attr, name);
}

/* @obj: unused, the device has it all; under rcu_read_lock() or its lock */
int siit_nl_dev_fill(struct sk_buff *skb, const struct net_device *dev,
		     const void *obj)
{
	const struct siit_dev *siit = netdev_priv(dev);
	const struct siit_settings *set;
	const struct siit_config *cfg;
	unsigned int i;

	cfg = rcu_dereference_check(siit->config,
				    lockdep_is_held(&siit->lock));
	set = &cfg->set;
	if (put_ifname(skb, SIIT_DEV_A_IFNAME, dev) ||
	    nla_put_u32(skb, SIIT_DEV_A_LOWEST_MTU6, set->lowest_mtu6) ||
	    nla_put_u32(skb, SIIT_DEV_A_MAX_ROWS, set->max_rows) ||
	    nla_put_u16(skb, SIIT_DEV_A_TOS, set->tos))
		return -EMSGSIZE;

	for (i = 0; i < ARRAY_SIZE(dev_octets); i++) {
		const u8 *octet = (const u8 *)set + dev_octets[i].offset;

		if (nla_put_u8(skb, dev_octets[i].attr, *octet))
			return -EMSGSIZE;
	}

	if (nla_put_u32(skb, SIIT_DEV_A_EAM_COUNT, eam_count(cfg->eam)) ||
	    nla_put_u32(skb, SIIT_DEV_A_GIVEN, set->given))
		return -EMSGSIZE;
	return 0;
}

int siit_nl_dev_show(struct sk_buff *skb, struct genl_info *info)
{
	struct net_device *dev = siit_nl_dev_get(info);
	int err;

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	err = siit_nl_reply(info, dev, siit_nl_dev_fill, NULL, 0);
	dev_put(dev);
	return err;
}

static int dev_dump_one(struct sk_buff *skb, struct netlink_callback *cb,
			const struct net_device *dev, unsigned long *pos)
{
	return siit_nl_put_dumped(skb, cb, dev, siit_nl_dev_fill, NULL);
}

int siit_nl_dev_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return siit_nl_dump(skb, cb, dev_dump_one);
}

static void dev_parse(const struct genl_info *info, struct siit_settings *set)
{
	struct nlattr *attr;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(dev_octets); i++) {
		attr = info->attrs[dev_octets[i].attr];
		if (!attr)
			continue;
		*((u8 *)set + dev_octets[i].offset) = nla_get_u8(attr);
		set->given |= BIT(dev_octets[i].attr);
	}

	attr = info->attrs[SIIT_DEV_A_LOWEST_MTU6];
	if (attr) {
		set->lowest_mtu6 = nla_get_u32(attr);
		set->given |= BIT(SIIT_DEV_A_LOWEST_MTU6);
	}

	attr = info->attrs[SIIT_DEV_A_MAX_ROWS];
	if (attr) {
		set->max_rows = nla_get_u32(attr);
		set->given |= BIT(SIIT_DEV_A_MAX_ROWS);
	}

	attr = info->attrs[SIIT_DEV_A_TOS];
	if (attr) {
		set->tos = nla_get_u16(attr);
		set->given |= BIT(SIIT_DEV_A_TOS);
	}
}

/*
 * Do the settings, new and old together, make sense? Simple hairpinning without
 * a plain pool6 entry drops packets, but is no error: the entry may come later.
 */
static int dev_check(const struct siit_config *cfg,
		     const struct genl_info *info)
{
	const struct siit_settings *set = &cfg->set;

	if (set->hairpin == SIIT_HAIRPIN_SIMPLE &&
	    set->role != SIIT_ROLE_BR) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[SIIT_DEV_A_HAIRPIN] ?:
				    info->attrs[SIIT_DEV_A_ROLE],
				    "hairpin simple is for role br only: it never translates an IPv4 source by EAM (RFC 7757 4.2.1)");
		return -EINVAL;
	}
	/* What is saved must be accepted when it is read back. */
	if (set->max_rows < eam_count(cfg->eam)) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[SIIT_DEV_A_MAX_ROWS],
				    "the EAM table has more rows than that");
		return -EINVAL;
	}
	return 0;
}

int siit_nl_dev_set(struct sk_buff *skb, struct genl_info *info)
{
	struct siit_config *old, *new;
	struct siit_edit e;
	int err;

	err = siit_nl_edit(info, &e);
	if (err)
		return err;

	old = siit_nl_config(&e);
	new = siit_config_clone(old, 0, 0, 0);
	if (!new)
		return siit_nl_edit_end(&e, -ENOMEM);

	dev_parse(info, &new->set);
	siit_config_settle(new);
	err = dev_check(new, info);
	if (!err && !e.stage && new->set.row_counters)
		err = eam_counters_set(new->eam, NULL, true);
	if (err || !memcmp(&new->set, &old->set, sizeof(new->set))) {
		siit_config_free(new);
	} else {
		siit_nl_publish(&e, new);
		if (!e.stage)
			eam_counters_set(new->eam, NULL, new->set.row_counters);
		siit_nl_notify(info, &e, siit_nl_dev_fill, NULL);
	}
	return siit_nl_edit_end(&e, err);
}

static int dev_fill_name(struct sk_buff *skb, const struct net_device *dev,
			 const void *obj)
{
	return put_ifname(skb, SIIT_DEV_A_IFNAME, dev);
}

/*
 * Devices come and go by rtnetlink. Under the lock of the device its changes
 * have been announced before its end, and none is after it.
 */
static int dev_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct siit_dev *siit = netdev_priv(dev);

	if (!siit_is_dev(dev) || siit->hidden ||
	    !siit_nl_has_listeners(dev_net(dev)))
		return NOTIFY_DONE;
	mutex_lock(&siit->lock);
	switch (event) {
	case NETDEV_REGISTER:
		siit_nl_event(dev, SIIT_CMD_DEV_ADD, siit_nl_dev_fill, NULL);
		break;
	case NETDEV_CHANGENAME:
		siit_nl_event(dev, SIIT_CMD_DEV_SET, siit_nl_dev_fill, NULL);
		break;
	case NETDEV_UNREGISTER:
		/* Told again when somebody keeps it for too long. */
		if (dev->reg_state == NETREG_UNREGISTERED)
			break;
		siit_nl_event(dev, SIIT_CMD_DEV_DEL, dev_fill_name, NULL);
		break;
	}
	mutex_unlock(&siit->lock);
	return NOTIFY_DONE;
}

static struct notifier_block dev_notifier = {
	.notifier_call = dev_event,
};

/**
 * siit_nl_dev_init() - announce devices from here on
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int __init siit_nl_dev_init(void)
{
	return register_netdevice_notifier(&dev_notifier);
}

/**
 * siit_nl_dev_exit() - undo siit_nl_dev_init(); announces that devices go
 *
 * Context: process; sleeps.
 */
void siit_nl_dev_exit(void)
{
	unregister_netdevice_notifier(&dev_notifier);
}

/* Room for all attributes of an answer to STATS_GET. */
static size_t stats_size(void)
{
	size_t size = nla_total_size(sizeof(u32)) + nla_total_size(IFNAMSIZ) +
		      4 * nla_total_size_64bit(sizeof(u64));
	unsigned int i;

	for (i = SIIT_OK + 1; i < SIIT_REASON_COUNT; i++)
		size += nla_total_size(0) +
			nla_total_size(strlen(siit_reason_name(i)) + 1) +
			nla_total_size_64bit(sizeof(u64));
	return size;
}

static int drop_fill(struct sk_buff *skb, enum siit_reason reason, u64 count)
{
	struct nlattr *nest = nla_nest_start(skb, SIIT_STATS_A_DROP);

	if (!nest ||
	    nla_put_string(skb, SIIT_DROP_A_REASON, siit_reason_name(reason)) ||
	    nla_put_u64_64bit(skb, SIIT_DROP_A_COUNT, count, SIIT_DROP_A_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* @obj: struct siit_totals */
static int stats_fill(struct sk_buff *skb, const struct net_device *dev,
		      const void *obj)
{
	const struct siit_totals *sum = obj;
	unsigned int i;

	if (put_ifname(skb, SIIT_STATS_A_IFNAME, dev) ||
	    nla_put_u64_64bit(skb, SIIT_STATS_A_PACKETS46,
			      sum->packets[SIIT_46], SIIT_STATS_A_PAD) ||
	    nla_put_u64_64bit(skb, SIIT_STATS_A_BYTES46,
			      sum->bytes[SIIT_46], SIIT_STATS_A_PAD) ||
	    nla_put_u64_64bit(skb, SIIT_STATS_A_PACKETS64,
			      sum->packets[SIIT_64], SIIT_STATS_A_PAD) ||
	    nla_put_u64_64bit(skb, SIIT_STATS_A_BYTES64,
			      sum->bytes[SIIT_64], SIIT_STATS_A_PAD))
		return -EMSGSIZE;

	for (i = SIIT_OK + 1; i < SIIT_REASON_COUNT; i++)
		if (drop_fill(skb, i, sum->drops[i]))
			return -EMSGSIZE;
	return 0;
}

int siit_nl_stats_show(struct sk_buff *skb, struct genl_info *info)
{
	struct net_device *dev = siit_nl_dev_get(info);
	const struct siit_dev *siit;
	struct siit_totals sum;
	int err;

	if (IS_ERR(dev))
		return PTR_ERR(dev);

	siit = netdev_priv(dev);
	siit_stats_sum(siit->stats, &sum);
	err = siit_nl_reply(info, dev, stats_fill, &sum, stats_size());
	dev_put(dev);
	return err;
}

/* One message is longer than the smallest skb that a dump may get. */
int siit_nl_stats_dump_start(struct netlink_callback *cb)
{
	cb->min_dump_alloc = NLMSG_HDRLEN + GENL_HDRLEN + stats_size();
	return siit_nl_dump_start(cb);
}

static int stats_dump_one(struct sk_buff *skb, struct netlink_callback *cb,
			  const struct net_device *dev, unsigned long *pos)
{
	const struct siit_dev *siit = netdev_priv(dev);
	struct siit_totals sum;

	siit_stats_sum(siit->stats, &sum);
	return siit_nl_put_dumped(skb, cb, dev, stats_fill, &sum);
}

int siit_nl_stats_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return siit_nl_dump(skb, cb, stats_dump_one);
}
