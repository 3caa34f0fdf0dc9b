// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink command QUERY: how an address is mapped, and by which row, and what
 * becomes of a packet.
 */
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <net/genetlink.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "config.h"
#include "device.h"
#include "eam_lookup.h"
#include "map.h"
#include "nl.h"
#include "probe.h"
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
		q->method = siit_map64(cfg, &q->addr6, &q->addr4, &q->why);

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

static int answer_addr(struct genl_info *info, struct net_device *dev)
{
	const struct siit_dev *siit = netdev_priv(dev);
	struct query q = {};
	int err;

	err = query_parse(info, &q);
	if (err)
		return err;
	rcu_read_lock();
	query_map(rcu_dereference(siit->config), &q);
	rcu_read_unlock();
	return siit_nl_reply(info, dev, query_fill, &q, 0);
}

static int packet_addrs(struct nlattr **tb, struct siit_header *h,
			struct netlink_ext_ack *extack)
{
	if (tb[SIIT_PACKET_A_SRC4] && tb[SIIT_PACKET_A_DST4] &&
	    !tb[SIIT_PACKET_A_SRC6] && !tb[SIIT_PACKET_A_DST6]) {
		h->v4 = true;
		h->saddr4 = nla_get_in_addr(tb[SIIT_PACKET_A_SRC4]);
		h->daddr4 = nla_get_in_addr(tb[SIIT_PACKET_A_DST4]);
		return 0;
	}
	if (tb[SIIT_PACKET_A_SRC6] && tb[SIIT_PACKET_A_DST6] &&
	    !tb[SIIT_PACKET_A_SRC4] && !tb[SIIT_PACKET_A_DST4]) {
		h->saddr6 = nla_get_in6_addr(tb[SIIT_PACKET_A_SRC6]);
		h->daddr6 = nla_get_in6_addr(tb[SIIT_PACKET_A_DST6]);
		return 0;
	}
	NL_SET_ERR_MSG(extack,
		       "a packet needs source and destination, of one family");
	return -EINVAL;
}

/* The rest of what LEN and DF may be depends on the family. */
static int packet_check(struct nlattr **tb, const struct siit_header *h,
			struct netlink_ext_ack *extack)
{
	struct nlattr *len = tb[SIIT_PACKET_A_LEN];

	if (h->v4 && h->len > IP_MAX_MTU) {
		NL_SET_ERR_MSG_ATTR(extack, len,
				    "an IPv4 packet has 20 to 65535 octets");
		return -ERANGE;
	}
	if (!h->v4 && h->len < sizeof(struct ipv6hdr)) {
		NL_SET_ERR_MSG_ATTR(extack, len,
				    "an IPv6 packet has 40 to 65575 octets");
		return -ERANGE;
	}
	if (!h->v4 && tb[SIIT_PACKET_A_DF]) {
		NL_SET_ERR_MSG_ATTR(extack, tb[SIIT_PACKET_A_DF],
				    "only an IPv4 packet has DF");
		return -EINVAL;
	}
	return 0;
}

/* The policy of PACKET has been applied to what is in it. */
static int packet_parse(struct genl_info *info, struct siit_header *h)
{
	struct nlattr *tb[SIIT_PACKET_A_MAX + 1];
	struct netlink_ext_ack *extack = info->extack;
	int err;

	if (info->attrs[SIIT_QUERY_A_ADDR4] ||
	    info->attrs[SIIT_QUERY_A_ADDR6]) {
		NL_SET_ERR_MSG_ATTR(extack, info->attrs[SIIT_QUERY_A_PACKET],
				    "either an address or a packet can be asked for");
		return -EINVAL;
	}
	err = nla_parse_nested(tb, SIIT_PACKET_A_MAX,
			       info->attrs[SIIT_QUERY_A_PACKET], NULL, extack);
	if (err)
		return err;
	err = packet_addrs(tb, h, extack);
	if (err)
		return err;
	h->proto = IPPROTO_TCP;
	if (tb[SIIT_PACKET_A_PROTO])
		h->proto = nla_get_u8(tb[SIIT_PACKET_A_PROTO]);
	h->len = siit_probe_header_len(h);
	if (tb[SIIT_PACKET_A_LEN])
		h->len = nla_get_u32(tb[SIIT_PACKET_A_LEN]);
	h->ttl = IPDEFTTL;
	if (tb[SIIT_PACKET_A_TTL])
		h->ttl = nla_get_u8(tb[SIIT_PACKET_A_TTL]);
	if (tb[SIIT_PACKET_A_TOS])
		h->tos = nla_get_u8(tb[SIIT_PACKET_A_TOS]);
	if (tb[SIIT_PACKET_A_DF])
		h->df = nla_get_u8(tb[SIIT_PACKET_A_DF]);
	return packet_check(tb, h, extack);
}

static int put_addrs(struct sk_buff *skb, const struct siit_header *h)
{
	if (h->v4)
		return nla_put_in_addr(skb, SIIT_PACKET_A_SRC4, h->saddr4) ?:
		       nla_put_in_addr(skb, SIIT_PACKET_A_DST4, h->daddr4) ?:
		       nla_put_u8(skb, SIIT_PACKET_A_DF, h->df);
	return nla_put_in6_addr(skb, SIIT_PACKET_A_SRC6, &h->saddr6) ?:
	       nla_put_in6_addr(skb, SIIT_PACKET_A_DST6, &h->daddr6) ?:
	       nla_put_u8(skb, SIIT_PACKET_A_FRAG_HDR, h->frag_hdr);
}

static int put_packet(struct sk_buff *skb, int attr,
		      const struct siit_header *h)
{
	struct nlattr *nest = nla_nest_start(skb, attr);

	if (!nest || put_addrs(skb, h) ||
	    nla_put_u8(skb, SIIT_PACKET_A_PROTO, h->proto) ||
	    nla_put_u32(skb, SIIT_PACKET_A_LEN, h->len) ||
	    nla_put_u8(skb, SIIT_PACKET_A_TTL, h->ttl) ||
	    nla_put_u8(skb, SIIT_PACKET_A_TOS, h->tos))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_drop(struct sk_buff *skb, const struct siit_probe *p)
{
	if (nla_put_string(skb, SIIT_QUERY_A_REASON,
			   siit_reason_name(p->reason)))
		return -EMSGSIZE;
	if (!p->about)
		return 0;
	if (nla_put_u8(skb, SIIT_QUERY_A_ICMP_TYPE, p->error.type) ||
	    nla_put_u8(skb, SIIT_QUERY_A_ICMP_CODE, p->error.code) ||
	    nla_put_u8(skb, SIIT_QUERY_A_ICMP_SENT, p->sent))
		return -EMSGSIZE;
	return p->reason == SIIT_DROP_TOO_BIG ?
	       nla_put_u32(skb, SIIT_QUERY_A_ICMP_MTU, p->error.info) : 0;
}

/* @obj: struct siit_probe */
static int probe_fill(struct sk_buff *skb, const struct net_device *dev,
		      const void *obj)
{
	const struct siit_probe *p = obj;

	if (put_packet(skb, SIIT_QUERY_A_PACKET, &p->in))
		return -EMSGSIZE;
	if (p->reason)
		return put_drop(skb, p);
	return put_packet(skb, SIIT_QUERY_A_RESULT, &p->out) ?:
	       nla_put_u32(skb, SIIT_QUERY_A_FRAGMENTS, p->packets);
}

static int answer_packet(struct genl_info *info, struct net_device *dev)
{
	struct siit_probe p = {};
	int err;

	err = packet_parse(info, &p.in);
	if (err)
		return err;
	err = siit_probe(dev, &p);
	if (err)
		return err;
	return siit_nl_reply(info, dev, probe_fill, &p, 0);
}

int siit_nl_query(struct sk_buff *skb, struct genl_info *info)
{
	struct net_device *dev;
	int err;

	dev = siit_nl_dev_get(info);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	err = info->attrs[SIIT_QUERY_A_PACKET] ? answer_packet(info, dev) :
						 answer_addr(info, dev);
	dev_put(dev);
	return err;
}
