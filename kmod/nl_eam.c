// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink commands EAM_*: the table of RFC 7757 section 3.
 */
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <net/genetlink.h>
#include <net/ipv6.h>

#include "config.h"
#include "device.h"
#include "eam.h"
#include "eam_counter.h"
#include "nl.h"
#include "txn.h"

/* @obj: struct eam_row */
int siit_nl_eam_fill(struct sk_buff *skb, const struct net_device *dev,
		     const void *obj)
{
	const struct eam_row *row = obj;

	if (nla_put_in_addr(skb, SIIT_EAM_A_PREFIX4, row->prefix4) ||
	    nla_put_u8(skb, SIIT_EAM_A_LEN4, row->len4) ||
	    nla_put_in6_addr(skb, SIIT_EAM_A_PREFIX6, &row->prefix6) ||
	    nla_put_u8(skb, SIIT_EAM_A_LEN6, row->len6))
		return -EMSGSIZE;
	return 0;
}

static int parse4(struct genl_info *info, struct eam_row *row)
{
	return siit_nl_prefix4(info, SIIT_EAM_A_PREFIX4, SIIT_EAM_A_LEN4,
			       &row->prefix4, &row->len4);
}

static int parse6(struct genl_info *info, struct eam_row *row)
{
	return siit_nl_prefix6(info, SIIT_EAM_A_PREFIX6, SIIT_EAM_A_LEN6,
			       &row->prefix6, &row->len6);
}

static int eam_parse(struct genl_info *info, struct eam_row *row)
{
	int err;

	if (siit_nl_missing(info, SIIT_EAM_A_PREFIX4, "the IPv4 prefix") ||
	    siit_nl_missing(info, SIIT_EAM_A_PREFIX6, "the IPv6 prefix"))
		return -EINVAL;
	err = parse4(info, row) ?: parse6(info, row);
	if (err)
		return err;

	if (32 - row->len4 > 128 - row->len6) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[SIIT_EAM_A_PREFIX6],
				    "IPv4 suffix is longer than the IPv6 suffix (RFC 7757 3.2)");
		return -EINVAL;
	}
	return 0;
}

/* What a transaction has already is no error there. */
static bool eam_staged(const struct siit_edit *e, const struct eam_row *row)
{
	const struct eam_row *same;

	if (!e->stage)
		return false;
	same = eam_find4(siit_nl_config(e)->eam, row->prefix4, row->len4);
	return same && same->len6 == row->len6 &&
	       ipv6_addr_equal(&same->prefix6, &row->prefix6);
}

static int eam_insert(struct siit_edit *e, const struct eam_row *row,
		      struct genl_info *info)
{
	struct siit_config *cfg = siit_nl_config(e);
	struct eam_table *eam = cfg->eam;
	int err;

	if (eam_count(eam) >= cfg->set.max_rows) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[SIIT_EAM_A_PREFIX4],
				    "the EAM table has as many rows as the setting max-rows allows");
		return -ENOSPC;
	}
	if (e->stage) {
		eam = siit_stage_eam(e->stage);
		if (!eam)
			return -ENOMEM;
	}
	siit_pool6_expect(cfg, row);
	err = eam_add(eam, row, siit_nl_base_eam(e), info->extack);
	if (err == -EEXIST)
		NL_SET_BAD_ATTR(info->extack,
				eam_find4(eam, row->prefix4, row->len4) ?
				info->attrs[SIIT_EAM_A_PREFIX4] :
				info->attrs[SIIT_EAM_A_PREFIX6]);
	return err;
}

int siit_nl_eam_add(struct sk_buff *skb, struct genl_info *info)
{
	struct eam_row row = {};
	struct siit_edit e;
	int err;

	err = siit_nl_edit(info, &e);
	if (err)
		return err;
	err = eam_parse(info, &row);
	if (!err && !eam_staged(&e, &row)) {
		err = eam_insert(&e, &row, info);
		if (!err)
			siit_nl_notify(info, &e, siit_nl_eam_fill, &row);
	}
	return siit_nl_edit_end(&e, err);
}

/* A length alone would go unnoticed and remove another row than meant. */
static int eam_parse_del(struct genl_info *info, struct eam_row *row)
{
	struct nlattr **attrs = info->attrs;
	int err = 0;

	if (attrs[SIIT_EAM_A_LEN4] && !attrs[SIIT_EAM_A_PREFIX4]) {
		NL_SET_ERR_MSG_ATTR(info->extack, attrs[SIIT_EAM_A_LEN4],
				    "IPv4 length without an IPv4 prefix");
		return -EINVAL;
	}
	if (attrs[SIIT_EAM_A_LEN6] && !attrs[SIIT_EAM_A_PREFIX6]) {
		NL_SET_ERR_MSG_ATTR(info->extack, attrs[SIIT_EAM_A_LEN6],
				    "IPv6 length without an IPv6 prefix");
		return -EINVAL;
	}
	if (!attrs[SIIT_EAM_A_PREFIX4] &&
	    siit_nl_missing(info, SIIT_EAM_A_PREFIX6,
			    "the IPv4 prefix or the IPv6 prefix"))
		return -EINVAL;

	if (attrs[SIIT_EAM_A_PREFIX4])
		err = parse4(info, row);
	if (!err && attrs[SIIT_EAM_A_PREFIX6])
		err = parse6(info, row);
	return err;
}

/* The row that a request to delete means, or NULL with the extended ack set. */
static const struct eam_row *eam_named(const struct eam_table *eam,
				       struct genl_info *info,
				       const struct eam_row *named)
{
	struct nlattr *attr4 = info->attrs[SIIT_EAM_A_PREFIX4];
	struct nlattr *attr6 = info->attrs[SIIT_EAM_A_PREFIX6];
	const struct eam_row *row4 = NULL, *row6 = NULL;

	if (attr4) {
		row4 = eam_find4(eam, named->prefix4, named->len4);
		if (!row4) {
			NL_SET_ERR_MSG_ATTR(info->extack, attr4,
					    "no row with this IPv4 prefix");
			return NULL;
		}
	}
	if (attr6) {
		row6 = eam_find6(eam, &named->prefix6, named->len6);
		if (!row6) {
			NL_SET_ERR_MSG_ATTR(info->extack, attr6,
					    "no row with this IPv6 prefix");
			return NULL;
		}
	}
	if (row4 && row6 && row4 != row6) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr6,
				    "the two prefixes are in different rows");
		return NULL;
	}
	return row4 ?: row6;
}

static int eam_remove(struct siit_edit *e, struct eam_row *row,
		      struct genl_info *info)
{
	struct eam_table *eam = siit_nl_config(e)->eam;
	const struct eam_row *found = eam_named(eam, info, row);

	if (!found)
		return -ENOENT;
	*row = *found;
	if (e->stage) {
		eam = siit_stage_eam(e->stage);
		if (!eam)
			return -ENOMEM;
	}
	return eam_del(eam, row, info->extack);
}

int siit_nl_eam_del(struct sk_buff *skb, struct genl_info *info)
{
	struct eam_row row = {};
	struct siit_edit e;
	int err;

	err = siit_nl_edit(info, &e);
	if (err)
		return err;
	err = eam_parse_del(info, &row);
	if (!err)
		err = eam_remove(&e, &row, info);
	if (!err)
		siit_nl_notify(info, &e, siit_nl_eam_fill, &row);
	return siit_nl_edit_end(&e, err);
}

int siit_nl_eam_flush(struct sk_buff *skb, struct genl_info *info)
{
	struct eam_table *eam;
	struct siit_edit e;
	int err;

	err = siit_nl_edit(info, &e);
	if (err)
		return err;

	eam = siit_nl_config(&e)->eam;
	if (eam_count(eam)) {
		if (e.stage)
			err = siit_stage_flush(e.stage);
		else
			eam_flush(eam);
		if (!err)
			siit_nl_notify(info, &e, NULL, NULL);
	}
	return siit_nl_edit_end(&e, err);
}

/* @obj: as for siit_nl_eam_fill(), but in a table */
static int eam_fill_counted(struct sk_buff *skb, const struct net_device *dev,
			    const void *obj)
{
	struct eam_tally tally;

	if (siit_nl_eam_fill(skb, dev, obj))
		return -EMSGSIZE;
	if (!eam_get_tally(obj, &tally))
		return 0;
	if (nla_put_u64_64bit(skb, SIIT_EAM_A_PACKETS46,
			      tally.packets[SIIT_46], SIIT_EAM_A_PAD) ||
	    nla_put_u64_64bit(skb, SIIT_EAM_A_BYTES46, tally.bytes[SIIT_46],
			      SIIT_EAM_A_PAD) ||
	    nla_put_u64_64bit(skb, SIIT_EAM_A_PACKETS64,
			      tally.packets[SIIT_64], SIIT_EAM_A_PAD) ||
	    nla_put_u64_64bit(skb, SIIT_EAM_A_BYTES64, tally.bytes[SIIT_64],
			      SIIT_EAM_A_PAD))
		return -EMSGSIZE;
	return 0;
}

static int eam_dump_one(struct sk_buff *skb, struct netlink_callback *cb,
			const struct net_device *dev, unsigned long *pos)
{
	const struct siit_dev *siit = netdev_priv(dev);
	const struct siit_config *cfg = rcu_dereference(siit->config);
	const struct eam_row *row;
	unsigned long next = *pos;
	int err;

	while ((row = eam_next(cfg->eam, &next))) {
		err = siit_nl_put_dumped(skb, cb, dev, eam_fill_counted, row);
		if (err)
			return err;
		*pos = next;
	}
	return 0;
}

int siit_nl_eam_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return siit_nl_dump(skb, cb, eam_dump_one);
}
