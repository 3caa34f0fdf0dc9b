// SPDX-License-Identifier: GPL-2.0
/*
 * Generic netlink family "siit": commands, policies, and what the commands
 * share. include/uapi/linux/siit.h is its manual.
 *
 * Locking: commands run in parallel. Whoever changes a device holds its lock;
 * whoever only looks holds rcu_read_lock(). RTNL is not taken.
 */
#include <linux/inetdevice.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <net/genetlink.h>
#include <net/ipv6.h>
#include <net/net_namespace.h>

#include "config.h"
#include "device.h"
#include "nl.h"

static struct genl_family siit_nl_family;

/* Not const, because the pointers to them in 6.1's struct nla_policy are not. */
static struct netlink_range_validation ifindex_range = {
	.min = 1,
	.max = INT_MAX,
};

/* A transaction has numbers for devices that are not there yet. */
static struct netlink_range_validation target_range = {
	.min = 1,
	.max = U32_MAX,
};

static struct netlink_range_validation max_rows_range = {
	.min = 1,
	.max = SIIT_MAX_ROWS_MAX,
};

static struct netlink_range_validation lowest_mtu6_range = {
	.min = SIIT_LOWEST_MTU6_MIN,
	.max = SIIT_LOWEST_MTU6_MAX,
};

static struct netlink_range_validation packet_len_range = {
	.min = SIIT_PACKET_LEN_MIN,
	.max = SIIT_PACKET_LEN_MAX,
};

#define POLICY_IFINDEX	NLA_POLICY_FULL_RANGE(NLA_U32, &ifindex_range)
#define POLICY_TARGET	NLA_POLICY_FULL_RANGE(NLA_U32, &target_range)
#define POLICY_ADDR4	NLA_POLICY_EXACT_LEN(sizeof(struct in_addr))
#define POLICY_ADDR6	NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr))

static_assert(SIIT_DEV_A_IFINDEX == SIIT_NL_IFINDEX);
static_assert(SIIT_EAM_A_IFINDEX == SIIT_NL_IFINDEX);
static_assert(SIIT_POOL6_A_IFINDEX == SIIT_NL_IFINDEX);
static_assert(SIIT_PREFIX4_A_IFINDEX == SIIT_NL_IFINDEX);
static_assert(SIIT_HOOK_A_IFINDEX == SIIT_NL_IFINDEX);
static_assert(SIIT_QUERY_A_IFINDEX == SIIT_NL_IFINDEX);
static_assert(SIIT_STATS_A_IFINDEX == SIIT_NL_IFINDEX);
static_assert(SIIT_TXN_A_IFINDEX == SIIT_NL_IFINDEX);

/* Of all commands that take nothing but a device: *_GET and *_FLUSH. */
static const struct nla_policy device_policy[SIIT_NL_IFINDEX + 1] = {
	[SIIT_NL_IFINDEX]		= POLICY_IFINDEX,
};

static const struct nla_policy flush_policy[SIIT_NL_IFINDEX + 1] = {
	[SIIT_NL_IFINDEX]		= POLICY_TARGET,
};

/* What is missing from a policy is refused as "Unsupported attribute". */
static const struct nla_policy dev_policy[SIIT_DEV_A_MAX + 1] = {
	[SIIT_DEV_A_IFINDEX]		= POLICY_TARGET,
	[SIIT_DEV_A_ROLE]	= NLA_POLICY_MAX(NLA_U8, SIIT_ROLE_MAX),
	[SIIT_DEV_A_LOWEST_MTU6] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &lowest_mtu6_range),
	[SIIT_DEV_A_HAIRPIN]	= NLA_POLICY_MAX(NLA_U8, SIIT_HAIRPIN_MAX),
	[SIIT_DEV_A_UDP_ZERO_CSUM] = NLA_POLICY_MAX(NLA_U8, SIIT_UDP_ZERO_MAX),
	[SIIT_DEV_A_TOS]	= NLA_POLICY_MAX(NLA_U16, SIIT_TOS_COPY),
	[SIIT_DEV_A_TRAFFIC_CLASS] = NLA_POLICY_MAX(NLA_U8, 1),
	[SIIT_DEV_A_ICMP_SOURCE] = NLA_POLICY_MAX(NLA_U8, SIIT_ICMP_SOURCE_MAX),
	[SIIT_DEV_A_ICMP_ERRORS] = NLA_POLICY_MAX(NLA_U8, 1),
	[SIIT_DEV_A_WKP_PRIVATE] = NLA_POLICY_MAX(NLA_U8, 1),
	[SIIT_DEV_A_INGRESS_FILTER] = NLA_POLICY_MAX(NLA_U8, 1),
	[SIIT_DEV_A_ROW_COUNTERS] = NLA_POLICY_MAX(NLA_U8, 1),
	[SIIT_DEV_A_MAX_ROWS] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &max_rows_range),
};

static const struct nla_policy eam_policy[SIIT_EAM_A_MAX + 1] = {
	[SIIT_EAM_A_IFINDEX]		= POLICY_TARGET,
	[SIIT_EAM_A_PREFIX4]		= POLICY_ADDR4,
	[SIIT_EAM_A_LEN4]		= NLA_POLICY_MAX(NLA_U8, 32),
	[SIIT_EAM_A_PREFIX6]		= POLICY_ADDR6,
	[SIIT_EAM_A_LEN6]		= NLA_POLICY_MAX(NLA_U8, 128),
};

static const struct nla_policy pool6_policy[SIIT_POOL6_A_MAX + 1] = {
	[SIIT_POOL6_A_IFINDEX]		= POLICY_TARGET,
	[SIIT_POOL6_A_PREFIX6]		= POLICY_ADDR6,
	[SIIT_POOL6_A_LEN6]		= NLA_POLICY_MAX(NLA_U8, 128),
	[SIIT_POOL6_A_PREFIX4]		= POLICY_ADDR4,
	[SIIT_POOL6_A_LEN4]		= NLA_POLICY_MAX(NLA_U8, 32),
};

static const struct nla_policy prefix4_policy[SIIT_PREFIX4_A_MAX + 1] = {
	[SIIT_PREFIX4_A_IFINDEX]	= POLICY_TARGET,
	[SIIT_PREFIX4_A_PREFIX4]	= POLICY_ADDR4,
	[SIIT_PREFIX4_A_LEN4]		= NLA_POLICY_MAX(NLA_U8, 32),
};

static const struct nla_policy hook_policy[SIIT_HOOK_A_PORT + 1] = {
	[SIIT_HOOK_A_IFINDEX]		= POLICY_TARGET,
	[SIIT_HOOK_A_PORT]		= POLICY_IFINDEX,
};

static const struct nla_policy packet_policy[SIIT_PACKET_A_DF + 1] = {
	[SIIT_PACKET_A_SRC4]		= POLICY_ADDR4,
	[SIIT_PACKET_A_DST4]		= POLICY_ADDR4,
	[SIIT_PACKET_A_SRC6]		= POLICY_ADDR6,
	[SIIT_PACKET_A_DST6]		= POLICY_ADDR6,
	[SIIT_PACKET_A_PROTO]		= { .type = NLA_U8 },
	[SIIT_PACKET_A_LEN] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &packet_len_range),
	[SIIT_PACKET_A_TTL]		= { .type = NLA_U8 },
	[SIIT_PACKET_A_TOS]		= { .type = NLA_U8 },
	[SIIT_PACKET_A_DF]		= NLA_POLICY_MAX(NLA_U8, 1),
};

static const struct nla_policy query_policy[SIIT_QUERY_A_PACKET + 1] = {
	[SIIT_QUERY_A_IFINDEX]		= POLICY_IFINDEX,
	[SIIT_QUERY_A_ADDR4]		= POLICY_ADDR4,
	[SIIT_QUERY_A_ADDR6]		= POLICY_ADDR6,
	[SIIT_QUERY_A_PACKET]		= NLA_POLICY_NESTED(packet_policy),
};

static const struct nla_policy txn_policy[SIIT_TXN_A_NEW_NAME + 1] = {
	[SIIT_TXN_A_IFINDEX]		= POLICY_TARGET,
	[SIIT_TXN_A_MODE]	= NLA_POLICY_MAX(NLA_U8, SIIT_TXN_MODE_MAX),
	[SIIT_TXN_A_NEW_NAME]	= { .type = NLA_NUL_STRING,
				    .len = IFNAMSIZ - 1 },
};

static const struct nla_policy commit_policy[SIIT_TXN_A_DRY_RUN + 1] = {
	[SIIT_TXN_A_DRY_RUN]	= { .type = NLA_FLAG },
};

#define POLICY(set, max)	.policy = set##_policy, .maxattr = (max)

/* CAP_NET_ADMIN in the user namespace that owns the network namespace. */
#define CHANGE(c, set, max, fn)						\
	{ .cmd = SIIT_CMD_##c, POLICY(set, max), .doit = (fn),		\
	  .flags = GENL_UNS_ADMIN_PERM }

#define DUMP(c, fn)							\
	{ .cmd = SIIT_CMD_##c, POLICY(device, SIIT_NL_IFINDEX),		\
	  .start = siit_nl_dump_start, .dumpit = (fn) }

static const struct genl_ops siit_nl_ops[] = {
	{
		.cmd = SIIT_CMD_DEV_GET,
		POLICY(device, SIIT_NL_IFINDEX),
		.doit = siit_nl_dev_show,
		.start = siit_nl_dump_start,
		.dumpit = siit_nl_dev_dump,
	},
	CHANGE(DEV_SET, dev, SIIT_DEV_A_MAX, siit_nl_dev_set),
	CHANGE(EAM_ADD, eam, SIIT_EAM_A_MAX, siit_nl_eam_add),
	CHANGE(EAM_DEL, eam, SIIT_EAM_A_MAX, siit_nl_eam_del),
	DUMP(EAM_GET, siit_nl_eam_dump),
	CHANGE(EAM_FLUSH, flush, SIIT_NL_IFINDEX, siit_nl_eam_flush),
	CHANGE(POOL6_ADD, pool6, SIIT_POOL6_A_MAX, siit_nl_pool6_add),
	CHANGE(POOL6_DEL, pool6, SIIT_POOL6_A_MAX, siit_nl_pool6_del),
	DUMP(POOL6_GET, siit_nl_pool6_dump),
	CHANGE(POOL6_FLUSH, flush, SIIT_NL_IFINDEX, siit_nl_pool6_flush),
	CHANGE(RFC6791_ADD, prefix4, SIIT_PREFIX4_A_MAX, siit_nl_pool4_add),
	CHANGE(RFC6791_DEL, prefix4, SIIT_PREFIX4_A_MAX, siit_nl_pool4_del),
	DUMP(RFC6791_GET, siit_nl_rfc6791_dump),
	CHANGE(RFC6791_FLUSH, flush, SIIT_NL_IFINDEX, siit_nl_pool4_flush),
	CHANGE(DENY4_ADD, prefix4, SIIT_PREFIX4_A_MAX, siit_nl_pool4_add),
	CHANGE(DENY4_DEL, prefix4, SIIT_PREFIX4_A_MAX, siit_nl_pool4_del),
	DUMP(DENY4_GET, siit_nl_deny4_dump),
	CHANGE(DENY4_FLUSH, flush, SIIT_NL_IFINDEX, siit_nl_pool4_flush),
	CHANGE(HOOK_ADD, hook, SIIT_HOOK_A_PORT, siit_nl_hook_add),
	CHANGE(HOOK_DEL, hook, SIIT_HOOK_A_PORT, siit_nl_hook_del),
	DUMP(HOOK_GET, siit_nl_hook_dump),
	{
		.cmd = SIIT_CMD_QUERY,
		POLICY(query, SIIT_QUERY_A_PACKET),
		.doit = siit_nl_query,
	},
	{
		.cmd = SIIT_CMD_STATS_GET,
		POLICY(device, SIIT_NL_IFINDEX),
		.doit = siit_nl_stats_show,
		.start = siit_nl_stats_dump_start,
		.dumpit = siit_nl_stats_dump,
	},
	CHANGE(TXN_BEGIN, txn, SIIT_TXN_A_NEW_NAME, siit_nl_txn_begin),
	CHANGE(TXN_COMMIT, commit, SIIT_TXN_A_DRY_RUN, siit_nl_txn_commit),
	CHANGE(TXN_ABORT, commit, SIIT_NL_IFINDEX, siit_nl_txn_abort),
};

enum siit_nl_group {
	SIIT_NL_MONITOR,
};

static const struct genl_multicast_group siit_nl_groups[] = {
	[SIIT_NL_MONITOR] = { .name = SIIT_MCGRP_MONITOR },
};

/*
 * resv_start_op stays 0: every command is validated strictly, its unused
 * header fields and flags too.
 */
static struct genl_family siit_nl_family __ro_after_init = {
	.name		= SIIT_GENL_NAME,
	.version	= SIIT_GENL_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.ops		= siit_nl_ops,
	.n_ops		= ARRAY_SIZE(siit_nl_ops),
	.mcgrps		= siit_nl_groups,
	.n_mcgrps	= ARRAY_SIZE(siit_nl_groups),
};

static struct net_device *dev_lookup(struct net *net, const struct nlattr *attr,
				     struct netlink_ext_ack *extack)
{
	struct net_device *dev = dev_get_by_index(net, nla_get_u32(attr));

	if (!dev) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "no device has this ifindex");
		return ERR_PTR(-ENODEV);
	}
	if (!siit_is_dev(dev)) {
		dev_put(dev);
		NL_SET_ERR_MSG_ATTR(extack, attr, "not a siit device");
		return ERR_PTR(-EOPNOTSUPP);
	}
	return dev;
}

/**
 * siit_nl_dev_get() - find the device that a request is about
 * @info: the request
 *
 * The device may be on its way out: once it is unlisted, nothing new finds it,
 * but ndo_uninit may have run by the time this returns. Reading and changing
 * its tables stays harmless, because they are freed in priv_destructor, which
 * waits for the reference taken here.
 *
 * Context: process.
 * Return: the device, to be given back by dev_put(), or an ERR_PTR() with the
 * extended ack set.
 */
struct net_device *siit_nl_dev_get(struct genl_info *info)
{
	if (siit_nl_missing(info, SIIT_NL_IFINDEX, "the device"))
		return ERR_PTR(-EINVAL);
	return dev_lookup(genl_info_net(info), info->attrs[SIIT_NL_IFINDEX],
			  info->extack);
}

/**
 * siit_nl_prefix4() - read an IPv4 prefix
 * @info: the request
 * @attr: number of the address attribute, which is there
 * @attr_len: number of the length attribute; absent means 32
 * @addr: result, network order
 * @len: result, 0 to 32
 *
 * Return: 0, or -EINVAL with the extended ack set: bits beyond the length.
 */
int siit_nl_prefix4(struct genl_info *info, int attr, int attr_len,
		    __be32 *addr, u8 *len)
{
	*addr = nla_get_in_addr(info->attrs[attr]);
	*len = 32;
	if (info->attrs[attr_len])
		*len = nla_get_u8(info->attrs[attr_len]);

	if (*addr & ~inet_make_mask(*len)) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[attr],
				    "IPv4 prefix has bits set beyond its length");
		return -EINVAL;
	}
	return 0;
}

/**
 * siit_nl_prefix6() - read an IPv6 prefix
 * @info: the request
 * @attr: number of the address attribute, which is there
 * @attr_len: number of the length attribute; absent means 128
 * @addr: result
 * @len: result, 0 to 128
 *
 * Return: 0, or -EINVAL with the extended ack set: bits beyond the length.
 */
int siit_nl_prefix6(struct genl_info *info, int attr, int attr_len,
		    struct in6_addr *addr, u8 *len)
{
	struct in6_addr prefix;

	*addr = nla_get_in6_addr(info->attrs[attr]);
	*len = 128;
	if (info->attrs[attr_len])
		*len = nla_get_u8(info->attrs[attr_len]);

	ipv6_addr_prefix(&prefix, addr, *len);
	if (!ipv6_addr_equal(&prefix, addr)) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[attr],
				    "IPv6 prefix has bits set beyond its length");
		return -EINVAL;
	}
	return 0;
}

/* @hdr is what genlmsg_put() returned. A message is whole or not there. */
static int put_body(struct sk_buff *skb, void *hdr,
		    const struct net_device *dev, siit_nl_fill_t fill,
		    const void *obj)
{
	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u32(skb, SIIT_NL_IFINDEX, dev->ifindex) ||
	    (fill && fill(skb, dev, obj))) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/**
 * siit_nl_reply() - answer a request with one message
 * @info: the request
 * @dev: the device it is about
 * @fill: writes the attributes after IFINDEX; called under rcu_read_lock()
 * @obj: passed to @fill
 * @size: octets to make room for, without headers; 0 for the usual
 *
 * Context: process; sleeps.
 * Return: 0 or a negative errno.
 */
int siit_nl_reply(struct genl_info *info, const struct net_device *dev,
		  siit_nl_fill_t fill, const void *obj, size_t size)
{
	struct sk_buff *skb;
	int err;

	skb = genlmsg_new(max_t(size_t, size, GENLMSG_DEFAULT_SIZE),
			  GFP_KERNEL);
	if (!skb)
		return -ENOMEM;

	rcu_read_lock();
	err = put_body(skb, genlmsg_put_reply(skb, info, &siit_nl_family, 0,
					      info->genlhdr->cmd),
		       dev, fill, obj);
	rcu_read_unlock();
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	return genlmsg_reply(skb, info);
}

/**
 * siit_nl_notify() - tell the group "monitor" about a change that has been made
 * @info: the request that made it
 * @e: where it was made: nobody is told of what is in a transaction
 * @fill: writes the attributes after IFINDEX, or NULL
 * @obj: passed to @fill
 *
 * Context: process, holding the lock of the device, so that the order of
 * messages is the order of changes; sleeps.
 */
void siit_nl_notify(struct genl_info *info, const struct siit_edit *e,
		    siit_nl_fill_t fill, const void *obj)
{
	struct siit_nl_news news = { .info = info, .dev = e->dev };

	if (e->stage)
		return;
	e->siit->generation = siit_generation();
	siit_nl_tell(&news, info->genlhdr->cmd, fill, obj);
	siit_nl_tell_end(&news);
}

/**
 * siit_nl_news_wanted() - would anybody read messages?
 * @news: the messages
 *
 * Context: any.
 * Return: whether siit_nl_tell() is worth a call.
 */
bool siit_nl_news_wanted(const struct siit_nl_news *news)
{
	return nlmsg_report(news->info->nlhdr) ||
	       genl_has_listeners(&siit_nl_family, genl_info_net(news->info),
				  SIIT_NL_MONITOR);
}

static int news_put(struct siit_nl_news *news, u8 cmd, siit_nl_fill_t fill,
		    const void *obj)
{
	struct genl_info *info = news->info;

	return put_body(news->skb, genlmsg_put(news->skb, info->snd_portid,
					       info->snd_seq, &siit_nl_family,
					       0, cmd),
			news->dev, fill, obj);
}

/**
 * siit_nl_tell() - tell the group "monitor" about one of several changes
 * @news: collects messages
 * @cmd: the command that would make this change
 * @fill: writes the attributes after IFINDEX, or NULL
 * @obj: passed to @fill
 *
 * Context: as siit_nl_notify().
 */
void siit_nl_tell(struct siit_nl_news *news, u8 cmd, siit_nl_fill_t fill,
		  const void *obj)
{
	if (!siit_nl_news_wanted(news))
		return;
	if (news->skb && !news_put(news, cmd, fill, obj))
		return;
	siit_nl_tell_end(news);
	news->skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (news->skb && !news_put(news, cmd, fill, obj))
		return;
	nlmsg_free(news->skb);
	news->skb = NULL;
	genl_set_err(&siit_nl_family, genl_info_net(news->info), 0,
		     SIIT_NL_MONITOR, -ENOBUFS);
}

/**
 * siit_nl_tell_end() - send what siit_nl_tell() has collected
 * @news: the messages
 *
 * Context: as siit_nl_notify().
 */
void siit_nl_tell_end(struct siit_nl_news *news)
{
	if (news->skb)
		genl_notify(&siit_nl_family, news->skb, news->info,
			    SIIT_NL_MONITOR, GFP_KERNEL);
	news->skb = NULL;
}

/**
 * siit_nl_has_listeners() - does anybody listen to the group "monitor"?
 * @net: in this namespace
 *
 * Context: any.
 * Return: whether a message would be read.
 */
bool siit_nl_has_listeners(struct net *net)
{
	return genl_has_listeners(&siit_nl_family, net, SIIT_NL_MONITOR);
}

/**
 * siit_nl_event() - tell the group "monitor" what nobody has asked for
 * @dev: the device that it happened to
 * @cmd: the command that stands for it
 * @fill: writes the attributes after IFINDEX
 * @obj: passed to @fill
 *
 * Context: BH.
 */
void siit_nl_event(const struct net_device *dev, u8 cmd, siit_nl_fill_t fill,
		   const void *obj)
{
	struct sk_buff *skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_ATOMIC);

	if (!skb)
		return;
	if (put_body(skb, genlmsg_put(skb, 0, 0, &siit_nl_family, 0, cmd), dev,
		     fill, obj)) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_multicast_netns(&siit_nl_family, dev_net(dev), skb, 0,
				SIIT_NL_MONITOR, GFP_ATOMIC);
}

/**
 * siit_nl_put_dumped() - write one message of a dump
 * @skb: where to
 * @cb: the dump
 * @dev: the device that the object belongs to
 * @fill: writes the attributes after IFINDEX
 * @obj: passed to @fill
 *
 * Context: any; does not sleep.
 * Return: 0, or -EMSGSIZE: it did not fit, try again in the next skb.
 */
int siit_nl_put_dumped(struct sk_buff *skb, struct netlink_callback *cb,
		       const struct net_device *dev, siit_nl_fill_t fill,
		       const void *obj)
{
	const struct genlmsghdr *request = nlmsg_data(cb->nlh);

	return put_body(skb, genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
					 cb->nlh->nlmsg_seq, &siit_nl_family,
					 NLM_F_MULTI, request->cmd),
			dev, fill, obj);
}

static struct siit_nl_dump *dump_state(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct siit_nl_dump) > sizeof(cb->ctx));
	return (struct siit_nl_dump *)cb->ctx;
}

/**
 * siit_nl_dump_start() - begin a dump of all devices, or of the one in IFINDEX
 * @cb: the dump
 *
 * Looks the device up here and not in siit_nl_dump(), because what fails here
 * ends in an error message, and there only in a field of NLMSG_DONE, which
 * many programs never look at.
 *
 * Context: process.
 * Return: 0 or a negative errno, with the extended ack set if the kernel has
 * one to set.
 */
int siit_nl_dump_start(struct netlink_callback *cb)
{
	struct siit_nl_dump *dump = dump_state(cb);
	struct nlattr *tb[ARRAY_SIZE(device_policy)];
	struct net_device *dev;
	int err;

	err = genlmsg_parse(cb->nlh, &siit_nl_family, tb,
			    ARRAY_SIZE(device_policy) - 1, device_policy,
			    cb->extack);
	if (err)
		return err;

	dump->pos = 0;
	dump->first = 1;
	dump->last = INT_MAX;
	if (!tb[SIIT_NL_IFINDEX])
		return 0;

	dev = dev_lookup(sock_net(cb->skb->sk), tb[SIIT_NL_IFINDEX],
			 cb->extack);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	dump->first = dev->ifindex;
	dump->last = dev->ifindex;
	dev_put(dev);
	return 0;
}

/* The siit device with the lowest ifindex that is yet to be dumped. */
static struct net_device *dump_next_dev(struct net *net,
					const struct siit_nl_dump *dump)
{
	struct net_device *dev, *found = NULL;

	if (dump->first == dump->last) {
		dev = dev_get_by_index_rcu(net, dump->first);
		return dev && siit_is_dev(dev) ? dev : NULL;
	}
	for_each_netdev_rcu(net, dev) {
		u32 ifindex = dev->ifindex;

		if (siit_is_dev(dev) && ifindex >= dump->first &&
		    ifindex <= dump->last &&
		    (!found || ifindex < found->ifindex))
			found = dev;
	}
	return found;
}

/**
 * siit_nl_dump() - go on with a dump
 * @skb: message to fill
 * @cb: the dump
 * @one: dumps one device from *pos on, and leaves in *pos where to go on;
 *	called under rcu_read_lock(); returns what siit_nl_put_dumped() returned
 *
 * Context: process.
 * Return: as .dumpit: more than 0 to be called again, 0 at the end.
 */
int siit_nl_dump(struct sk_buff *skb, struct netlink_callback *cb,
		 int (*one)(struct sk_buff *skb, struct netlink_callback *cb,
			    const struct net_device *dev, unsigned long *pos))
{
	struct siit_nl_dump *dump = dump_state(cb);
	struct net *net = sock_net(cb->skb->sk);
	struct net_device *dev;
	int err = 0;

	rcu_read_lock();
	while (dump->first <= dump->last) {
		u32 ifindex;

		dev = dump_next_dev(net, dump);
		if (!dev)
			break;
		ifindex = READ_ONCE(dev->ifindex);
		if (ifindex != dump->first)
			dump->pos = 0;
		dump->first = ifindex;
		err = one(skb, cb, dev, &dump->pos);
		if (err)
			break;
		dump->first = ifindex + 1;
		dump->pos = 0;
	}
	rcu_read_unlock();

	/* A message too large for an empty skb would never fit: an error. */
	return err == -EMSGSIZE && skb->len ? skb->len : err;
}

/**
 * siit_netlink_init() - register the family
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int __init siit_netlink_init(void)
{
	int err = genl_register_family(&siit_nl_family);

	if (err)
		return err;
	err = siit_nl_dev_init();
	if (err)
		genl_unregister_family(&siit_nl_family);
	return err;
}

/**
 * siit_netlink_exit() - unregister the family
 *
 * Waits for commands that are running. A dump that has not ended holds a
 * reference to the module, so there is none here.
 *
 * Context: process; sleeps.
 */
void siit_netlink_exit(void)
{
	siit_nl_dev_exit();
	genl_unregister_family(&siit_nl_family);
}

MODULE_ALIAS_GENL_FAMILY(SIIT_GENL_NAME);
