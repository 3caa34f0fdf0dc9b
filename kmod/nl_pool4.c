// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink commands RFC6791_* and DENY4_*: pools of IPv4 prefixes.
 */
#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/stringify.h>
#include <net/genetlink.h>

#include "config.h"
#include "device.h"
#include "nl.h"

#define RFC6791_FULL	\
	"rfc6791 is full: it holds " __stringify(SIIT_RFC6791_MAX_COUNT) " prefixes"
#define DENY4_FULL	\
	"deny4 is full: it holds " __stringify(SIIT_DENY4_MAX_COUNT) " prefixes"

/* One of the two pools of a configuration. */
struct pool4 {
	struct siit_prefix4 *entries;
	unsigned int *count;
};

static bool is_deny4(const struct genl_info *info)
{
	return info->genlhdr->cmd >= SIIT_CMD_DENY4_ADD;
}

static struct pool4 pool4_of(struct siit_config *cfg, bool deny4)
{
	if (deny4)
		return (struct pool4){ cfg->deny4, &cfg->deny4_count };
	return (struct pool4){ cfg->rfc6791, &cfg->rfc6791_count };
}

/* @obj: struct siit_prefix4 */
int siit_nl_pool4_fill(struct sk_buff *skb, const struct net_device *dev,
		       const void *obj)
{
	const struct siit_prefix4 *p = obj;

	if (nla_put_in_addr(skb, SIIT_PREFIX4_A_PREFIX4, p->addr) ||
	    nla_put_u8(skb, SIIT_PREFIX4_A_LEN4, p->len))
		return -EMSGSIZE;
	return 0;
}

/* Do the two prefixes share an address? @net in host order. */
static bool overlaps(const struct siit_prefix4 *p, u32 net, u8 len)
{
	return !((p->addr ^ htonl(net)) & inet_make_mask(min(p->len, len)));
}

/* Addresses of rfc6791 become the source of packets. */
static int rfc6791_check(const struct siit_prefix4 *p,
			 const struct nlattr *attr,
			 struct netlink_ext_ack *extack)
{
	if (overlaps(p, 0x00000000, 8) || overlaps(p, 0x7f000000, 8) ||
	    overlaps(p, 0xa9fe0000, 16) || overlaps(p, 0xe0000000, 4) ||
	    overlaps(p, 0xf0000000, 4)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "has addresses that cannot be a source: 0/8, 127/8, 169.254/16, 224/4 or 240/4");
		return -EINVAL;
	}
	return 0;
}

/* RFC 6791 3.1: not recommended, as it fails at a source address check. */
static bool rfc6791_private(const struct siit_prefix4 *p)
{
	return overlaps(p, 0x0a000000, 8) || overlaps(p, 0xac100000, 12) ||
	       overlaps(p, 0xc0a80000, 16) || overlaps(p, 0x64400000, 10);
}

static int pool4_parse(struct genl_info *info, struct siit_prefix4 *p)
{
	if (siit_nl_missing(info, SIIT_PREFIX4_A_PREFIX4, "the IPv4 prefix"))
		return -EINVAL;
	return siit_nl_prefix4(info, SIIT_PREFIX4_A_PREFIX4,
			       SIIT_PREFIX4_A_LEN4, &p->addr, &p->len);
}

static int pool4_insert(struct siit_edit *e, struct siit_prefix4 *p,
			struct genl_info *info)
{
	struct nlattr *attr = info->attrs[SIIT_PREFIX4_A_PREFIX4];
	struct siit_config *cfg = siit_nl_config(e);
	bool deny4 = is_deny4(info);
	struct pool4 pool = pool4_of(cfg, deny4);

	if (siit_prefix4_find(pool.entries, *pool.count, p) >= 0) {
		/* What a transaction has already is no error there. */
		if (e->stage)
			return 0;
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "this prefix is there already");
		return -EEXIST;
	}
	if (deny4 && *pool.count >= SIIT_DENY4_MAX_COUNT) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    DENY4_FULL);
		return -ENOSPC;
	}
	if (!deny4 && *pool.count >= SIIT_RFC6791_MAX_COUNT) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    RFC6791_FULL);
		return -ENOSPC;
	}

	cfg = siit_config_clone(cfg, 0, !deny4, deny4);
	if (!cfg)
		return -ENOMEM;
	pool = pool4_of(cfg, deny4);
	p->id = ++cfg->last_id;
	pool.entries[(*pool.count)++] = *p;
	siit_nl_publish(e, cfg);
	return 0;
}

int siit_nl_pool4_add(struct sk_buff *skb, struct genl_info *info)
{
	struct siit_prefix4 p = {};
	struct siit_edit e;
	int err;

	err = siit_nl_edit(info, &e);
	if (err)
		return err;
	err = pool4_parse(info, &p);
	if (!err && !is_deny4(info))
		err = rfc6791_check(&p, info->attrs[SIIT_PREFIX4_A_PREFIX4],
				    info->extack);
	if (!err)
		err = pool4_insert(&e, &p, info);
	if (!err) {
		if (!is_deny4(info) && rfc6791_private(&p))
			NL_SET_ERR_MSG(info->extack,
				       "the source of ICMP errors should not be private or shared address space (RFC 6791 3.1)");
		siit_nl_notify(info, &e, siit_nl_pool4_fill, &p);
	}
	return siit_nl_edit_end(&e, err);
}

static int pool4_remove(struct siit_edit *e, const struct siit_prefix4 *p,
			struct genl_info *info)
{
	struct siit_config *cfg = siit_nl_config(e);
	bool deny4 = is_deny4(info);
	struct pool4 pool = pool4_of(cfg, deny4);
	int i = siit_prefix4_find(pool.entries, *pool.count, p);

	if (i < 0) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[SIIT_PREFIX4_A_PREFIX4],
				    "no such prefix");
		return -ENOENT;
	}

	cfg = siit_config_clone(cfg, 0, 0, 0);
	if (!cfg)
		return -ENOMEM;
	pool = pool4_of(cfg, deny4);
	(*pool.count)--;
	memmove(&pool.entries[i], &pool.entries[i + 1],
		(*pool.count - i) * sizeof(*pool.entries));
	siit_nl_publish(e, cfg);
	return 0;
}

int siit_nl_pool4_del(struct sk_buff *skb, struct genl_info *info)
{
	struct siit_prefix4 p = {};
	struct siit_edit e;
	int err;

	err = siit_nl_edit(info, &e);
	if (err)
		return err;
	err = pool4_parse(info, &p);
	if (!err)
		err = pool4_remove(&e, &p, info);
	if (!err)
		siit_nl_notify(info, &e, siit_nl_pool4_fill, &p);
	return siit_nl_edit_end(&e, err);
}

int siit_nl_pool4_flush(struct sk_buff *skb, struct genl_info *info)
{
	bool deny4 = is_deny4(info);
	struct siit_config *cfg;
	struct siit_edit e;
	int err;

	err = siit_nl_edit(info, &e);
	if (err)
		return err;

	cfg = siit_nl_config(&e);
	if (!*pool4_of(cfg, deny4).count)
		return siit_nl_edit_end(&e, 0);
	cfg = siit_config_clone(cfg, 0, 0, 0);
	if (!cfg)
		return siit_nl_edit_end(&e, -ENOMEM);
	*pool4_of(cfg, deny4).count = 0;
	siit_nl_publish(&e, cfg);
	siit_nl_notify(info, &e, NULL, NULL);
	return siit_nl_edit_end(&e, 0);
}

/* Entries stay in order of id, so *pos is the id of the last one shown. */
static int pool4_dump_one(struct sk_buff *skb, struct netlink_callback *cb,
			  const struct net_device *dev, unsigned long *pos,
			  const struct siit_prefix4 *entries,
			  unsigned int count)
{
	unsigned int i;
	int err;

	for (i = 0; i < count; i++) {
		if (entries[i].id <= *pos)
			continue;
		err = siit_nl_put_dumped(skb, cb, dev, siit_nl_pool4_fill, &entries[i]);
		if (err)
			return err;
		*pos = entries[i].id;
	}
	return 0;
}

static int rfc6791_dump_one(struct sk_buff *skb, struct netlink_callback *cb,
			    const struct net_device *dev, unsigned long *pos)
{
	const struct siit_dev *siit = netdev_priv(dev);
	const struct siit_config *cfg = rcu_dereference(siit->config);

	return pool4_dump_one(skb, cb, dev, pos, cfg->rfc6791,
			      cfg->rfc6791_count);
}

int siit_nl_rfc6791_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return siit_nl_dump(skb, cb, rfc6791_dump_one);
}

static int deny4_dump_one(struct sk_buff *skb, struct netlink_callback *cb,
			  const struct net_device *dev, unsigned long *pos)
{
	const struct siit_dev *siit = netdev_priv(dev);
	const struct siit_config *cfg = rcu_dereference(siit->config);

	return pool4_dump_one(skb, cb, dev, pos, cfg->deny4, cfg->deny4_count);
}

int siit_nl_deny4_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return siit_nl_dump(skb, cb, deny4_dump_one);
}
