// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink commands POOL6_*: translation prefixes (RFC 6052).
 */
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/stringify.h>
#include <net/genetlink.h>
#include <net/ipv6.h>

#include "config.h"
#include "device.h"
#include "nl.h"

#define POOL6_FULL	\
	"pool6 is full: it holds " __stringify(SIIT_POOL6_MAX_COUNT) " prefixes"

/* @obj: struct siit_pool6 */
int siit_nl_pool6_fill(struct sk_buff *skb, const struct net_device *dev,
		       const void *obj)
{
	const struct siit_pool6 *p = obj;

	if (nla_put_in6_addr(skb, SIIT_POOL6_A_PREFIX6, &p->prefix) ||
	    nla_put_u8(skb, SIIT_POOL6_A_LEN6, p->len))
		return -EMSGSIZE;
	if (p->translatable &&
	    (nla_put_in_addr(skb, SIIT_POOL6_A_PREFIX4, p->node4) ||
	     nla_put_u8(skb, SIIT_POOL6_A_LEN4, p->node_len4)))
		return -EMSGSIZE;
	return 0;
}

static bool is_wkp(const struct in6_addr *addr)
{
	return addr->s6_addr32[0] == htonl(0x0064ff9b) &&
	       !addr->s6_addr32[1] && !addr->s6_addr32[2];
}

/* Can this be a translation prefix at all? @p has no bits beyond its length. */
static int pool6_check(const struct siit_pool6 *p, const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	int type = ipv6_addr_type(&p->prefix);

	/* No other prefix of a length this small has :: or ::1 in it. */
	if (ipv6_addr_any(&p->prefix))
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a translation prefix cannot contain :: and ::1");
	else if (type & IPV6_ADDR_MULTICAST)
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a translation prefix cannot be multicast");
	else if (type & IPV6_ADDR_LINKLOCAL)
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a translation prefix cannot be link-local");
	else if (ipv6_addr_v4mapped(&p->prefix))
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "::ffff:0:0/96 never is on the wire (RFC 4291 2.5.5.2)");
	else if (is_wkp(&p->prefix) && p->len != 96)
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "64:ff9b::/96 is the only length of the Well-Known Prefix (RFC 6052 2.1)");
	else if (p->prefix.s6_addr[8])
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "bits 64 to 71 of a /96 prefix must be zero (RFC 6052 2.2)");
	else
		return 0;
	return -EINVAL;
}

static int pool6_parse(struct genl_info *info, struct siit_pool6 *p)
{
	struct nlattr **attrs = info->attrs;
	int err;

	if (siit_nl_missing(info, SIIT_POOL6_A_PREFIX6, "the IPv6 prefix") ||
	    siit_nl_missing(info, SIIT_POOL6_A_LEN6, "the length of the IPv6 prefix"))
		return -EINVAL;
	err = siit_nl_prefix6(info, SIIT_POOL6_A_PREFIX6, SIIT_POOL6_A_LEN6,
			      &p->prefix, &p->len);
	if (err)
		return err;

	if (p->len < 32 || p->len > 96 || p->len % 8 ||
	    (p->len > 64 && p->len < 96)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attrs[SIIT_POOL6_A_LEN6],
				    "an RFC 6052 prefix has length 32, 40, 48, 56, 64 or 96");
		return -EINVAL;
	}
	err = pool6_check(p, attrs[SIIT_POOL6_A_PREFIX6], info->extack);
	if (err)
		return err;

	if (attrs[SIIT_POOL6_A_PREFIX4]) {
		p->translatable = true;
		return siit_nl_prefix4(info, SIIT_POOL6_A_PREFIX4,
				       SIIT_POOL6_A_LEN4, &p->node4,
				       &p->node_len4);
	}
	if (attrs[SIIT_POOL6_A_LEN4]) {
		NL_SET_ERR_MSG_ATTR(info->extack, attrs[SIIT_POOL6_A_LEN4],
				    "IPv4 length without an IPv4 prefix");
		return -EINVAL;
	}
	return 0;
}

static int pool6_insert(struct siit_edit *e, struct siit_pool6 *p,
			struct genl_info *info)
{
	struct siit_config *cfg = siit_nl_config(e);
	struct nlattr *attr = info->attrs[SIIT_POOL6_A_PREFIX6];

	if (siit_pool6_find(cfg, p) >= 0) {
		/* What a transaction has already is no error there. */
		if (e->stage)
			return 0;
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "this prefix is in pool6 already");
		return -EEXIST;
	}
	if (cfg->pool6_count >= SIIT_POOL6_MAX_COUNT) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    POOL6_FULL);
		return -ENOSPC;
	}

	cfg = siit_config_clone(cfg, 1, 0, 0);
	if (!cfg)
		return -ENOMEM;
	p->id = ++cfg->last_id;
	siit_pool6_survey(p, cfg->eam);
	cfg->pool6[cfg->pool6_count++] = *p;
	siit_nl_publish(e, cfg);
	return 0;
}

int siit_nl_pool6_add(struct sk_buff *skb, struct genl_info *info)
{
	struct siit_pool6 p = {};
	struct siit_edit e;
	int err;

	err = siit_nl_edit(info, &e);
	if (err)
		return err;
	err = pool6_parse(info, &p);
	if (!err)
		err = pool6_insert(&e, &p, info);
	if (!err) {
		/*
		 * SHOULD NOT, and RFC 6052 3.3 wants one prefix for both kinds:
		 * done, with a warning.
		 */
		if (p.translatable && is_wkp(&p.prefix))
			NL_SET_ERR_MSG(info->extack,
				       "64:ff9b::/96 should not make IPv4-translatable addresses (RFC 6052 3.1)");
		siit_nl_notify(info, &e, siit_nl_pool6_fill, &p);
	}
	return siit_nl_edit_end(&e, err);
}

static int pool6_remove(struct siit_edit *e, const struct siit_pool6 *p,
			struct genl_info *info)
{
	struct siit_config *cfg = siit_nl_config(e);
	int i = siit_pool6_find(cfg, p);

	if (i < 0) {
		struct nlattr *attr = info->attrs[SIIT_POOL6_A_PREFIX6];

		if (p->translatable)
			NL_SET_ERR_MSG_ATTR(info->extack, attr,
					    "pool6 has no such translatable prefix");
		else
			NL_SET_ERR_MSG_ATTR(info->extack, attr,
					    "pool6 has no such plain prefix");
		return -ENOENT;
	}

	cfg = siit_config_clone(cfg, 0, 0, 0);
	if (!cfg)
		return -ENOMEM;
	cfg->pool6_count--;
	memmove(&cfg->pool6[i], &cfg->pool6[i + 1],
		(cfg->pool6_count - i) * sizeof(*cfg->pool6));
	siit_nl_publish(e, cfg);
	return 0;
}

int siit_nl_pool6_del(struct sk_buff *skb, struct genl_info *info)
{
	struct siit_pool6 p = {};
	struct siit_edit e;
	int err;

	err = siit_nl_edit(info, &e);
	if (err)
		return err;
	err = pool6_parse(info, &p);
	if (!err)
		err = pool6_remove(&e, &p, info);
	if (!err)
		siit_nl_notify(info, &e, siit_nl_pool6_fill, &p);
	return siit_nl_edit_end(&e, err);
}

int siit_nl_pool6_flush(struct sk_buff *skb, struct genl_info *info)
{
	struct siit_config *cfg;
	struct siit_edit e;
	int err;

	err = siit_nl_edit(info, &e);
	if (err)
		return err;

	cfg = siit_nl_config(&e);
	if (!cfg->pool6_count)
		return siit_nl_edit_end(&e, 0);
	cfg = siit_config_clone(cfg, 0, 0, 0);
	if (!cfg)
		return siit_nl_edit_end(&e, -ENOMEM);
	cfg->pool6_count = 0;
	siit_nl_publish(&e, cfg);
	siit_nl_notify(info, &e, NULL, NULL);
	return siit_nl_edit_end(&e, 0);
}

/* Entries stay in order of id, so *pos is the id of the last one shown. */
static int pool6_dump_one(struct sk_buff *skb, struct netlink_callback *cb,
			  const struct net_device *dev, unsigned long *pos)
{
	const struct siit_dev *siit = netdev_priv(dev);
	const struct siit_config *cfg = rcu_dereference(siit->config);
	unsigned int i;
	int err;

	for (i = 0; i < cfg->pool6_count; i++) {
		const struct siit_pool6 *p = &cfg->pool6[i];

		if (p->id <= *pos)
			continue;
		err = siit_nl_put_dumped(skb, cb, dev, siit_nl_pool6_fill, p);
		if (err)
			return err;
		*pos = p->id;
	}
	return 0;
}

int siit_nl_pool6_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return siit_nl_dump(skb, cb, pool6_dump_one);
}
