// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink command QUERY: how an address is mapped, and by which row.
 */
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <net/genetlink.h>

#include "config.h"
#include "device.h"
#include "eam_lookup.h"
#include "map.h"
#include "nl.h"
#include "stats.h"

/**
 * struct query - an answer
 * @addr4: the address asked for, or the result; network order
 * @addr6: likewise
 * @asked4: @addr4 is the one asked for
 * @method: how they map
 * @why: if they do not
 * @row4: @row has an IPv4 prefix
 * @row: a copy of the row used
 */
struct query {
	__be32 addr4;
	struct in6_addr addr6;
	bool asked4;
	enum siit_method method;
	enum siit_reason why;
	bool row4;
	struct eam_row row;
};

static int query_parse(struct genl_info *info, struct query *q)
{
	struct nlattr *addr4 = info->attrs[SIIT_QUERY_A_ADDR4];
	struct nlattr *addr6 = info->attrs[SIIT_QUERY_A_ADDR6];

	if (addr4 && addr6) {
		NL_SET_ERR_MSG_ATTR(info->extack, addr6,
				    "only one address can be asked for");
		return -EINVAL;
	}
	if (addr4) {
		q->asked4 = true;
		q->addr4 = nla_get_in_addr(addr4);
		return 0;
	}
	if (siit_nl_missing(info, SIIT_QUERY_A_ADDR6, "the address"))
		return -EINVAL;
	q->addr6 = nla_get_in6_addr(addr6);
	return 0;
}

static void query_map(const struct siit_config *cfg, struct query *q)
{
	const struct eam_row *row = NULL;
	const struct siit_pool6 *pool;
	__be32 unused;

	if (q->asked4)
		q->method = siit_map46(cfg, q->addr4, 0, &q->addr6, &q->why);
	else
		q->method = siit_map64(cfg, &q->addr6, 0, &q->addr4, &q->why);

	switch (q->method) {
	case SIIT_METHOD_NONE:
		break;
	case SIIT_METHOD_EAM:
		/* The table can change between the two look-ups: no row then. */
		row = q->asked4 ? eam_match4(cfg->eam, q->addr4) :
				  eam_match6(cfg->eam, &q->addr6);
		if (!row)
			break;
		q->row = *row;
		q->row4 = true;
		break;
	case SIIT_METHOD_TRANSLATABLE:
	case SIIT_METHOD_CONVERTED:
		pool = q->asked4 ? siit_pool46(cfg, q->addr4) :
				   siit_pool64(cfg, &q->addr6, &unused);
		q->row.prefix6 = pool->prefix;
		q->row.len6 = pool->len;
		q->row.prefix4 = pool->node4;
		q->row.len4 = pool->node_len4;
		q->row4 = pool->translatable;
		break;
	}
}

/* @obj: struct query */
static int query_fill(struct sk_buff *skb, const struct net_device *dev,
		      const void *obj)
{
	const struct query *q = obj;
	bool mapped = q->method != SIIT_METHOD_NONE;

	if (nla_put_u8(skb, SIIT_QUERY_A_METHOD, q->method))
		return -EMSGSIZE;
	if ((mapped || q->asked4) &&
	    nla_put_in_addr(skb, SIIT_QUERY_A_ADDR4, q->addr4))
		return -EMSGSIZE;
	if ((mapped || !q->asked4) &&
	    nla_put_in6_addr(skb, SIIT_QUERY_A_ADDR6, &q->addr6))
		return -EMSGSIZE;
	if (!mapped)
		return nla_put_string(skb, SIIT_QUERY_A_REASON,
				      siit_reason_name(q->why));

	if (q->row4 &&
	    (nla_put_in_addr(skb, SIIT_QUERY_A_PREFIX4, q->row.prefix4) ||
	     nla_put_u8(skb, SIIT_QUERY_A_LEN4, q->row.len4)))
		return -EMSGSIZE;
	if ((q->row4 || q->method != SIIT_METHOD_EAM) &&
	    (nla_put_in6_addr(skb, SIIT_QUERY_A_PREFIX6, &q->row.prefix6) ||
	     nla_put_u8(skb, SIIT_QUERY_A_LEN6, q->row.len6)))
		return -EMSGSIZE;
	return 0;
}

int siit_nl_query(struct sk_buff *skb, struct genl_info *info)
{
	const struct siit_dev *siit;
	struct net_device *dev;
	struct query q = {};
	int err;

	err = query_parse(info, &q);
	if (err)
		return err;
	dev = siit_nl_dev_get(info);
	if (IS_ERR(dev))
		return PTR_ERR(dev);

	siit = netdev_priv(dev);
	rcu_read_lock();
	query_map(rcu_dereference(siit->config), &q);
	rcu_read_unlock();

	err = siit_nl_reply(info, dev, query_fill, &q, 0);
	dev_put(dev);
	return err;
}
