// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink commands TXN_*: transactions.
 *
 * A commit holds RTNL and the locks of all its devices. It checks everything,
 * then does what can fail (devices and hooks), then what cannot (the
 * configurations, each by one pointer), then what ends things.
 */
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <net/genetlink.h>
#include <net/rtnetlink.h>

#include "config.h"
#include "device.h"
#include "eam.h"
#include "eam_counter.h"
#include "hook.h"
#include "nl.h"
#include "txn.h"

/* Lets a commit hold the locks of many devices. */
static DEFINE_MUTEX(commit_lock);

/* Tell the client which of its requests is to blame. */
static void blame(struct netlink_ext_ack *extack, u32 seq)
{
	if (!extack)
		return;
	memcpy(extack->cookie, &seq, sizeof(seq));
	extack->cookie_len = sizeof(seq);
}

static int begin_new(struct siit_txn *txn, struct siit_stage *stage,
		     struct genl_info *info)
{
	struct nlattr *attr = info->attrs[SIIT_TXN_A_NEW_NAME];
	const struct siit_stage *other;

	if (stage->ifindex < SIIT_TXN_NEW) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[SIIT_TXN_A_IFINDEX],
				    "the number of a device to be made is less than SIIT_TXN_NEW");
		return -EINVAL;
	}
	nla_strscpy(stage->name, attr, sizeof(stage->name));
	if (!dev_valid_name(stage->name) || strchr(stage->name, '%')) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "this cannot be the name of a device");
		return -EINVAL;
	}
	list_for_each_entry(other, &txn->stages, list) {
		if (strcmp(other->name, stage->name))
			continue;
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "the transaction makes such a device already");
		return -EEXIST;
	}
	return siit_stage_start(stage, NULL, true);
}

/* What a merge finds at the device. */
static int begin_hooks(struct siit_stage *stage, const struct net_device *dev)
{
	const struct siit_hook *h;
	int port = 0;
	int err = 0;

	while (!err) {
		rcu_read_lock();
		h = siit_hook_next(dev, port);
		if (h)
			port = h->port->ifindex;
		rcu_read_unlock();
		if (!h)
			break;
		err = siit_stage_hook_add(stage, port, 0);
	}
	return err;
}

static int begin_old(struct siit_stage *stage, struct genl_info *info)
{
	bool merge = info->attrs[SIIT_TXN_A_MODE] &&
		     nla_get_u8(info->attrs[SIIT_TXN_A_MODE]) == SIIT_TXN_MERGE;
	struct net_device *dev = siit_nl_dev_get(info);
	struct siit_dev *siit;
	int err;

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	siit = netdev_priv(dev);
	mutex_lock(&siit->lock);
	stage->generation = siit->generation;
	err = siit_stage_start(stage,
			       rcu_dereference_protected(siit->config,
							 lockdep_is_held(&siit->lock)),
			       !merge);
	if (!err && merge)
		err = begin_hooks(stage, dev);
	mutex_unlock(&siit->lock);
	dev_put(dev);
	return err;
}

int siit_nl_txn_begin(struct sk_buff *skb, struct genl_info *info)
{
	struct siit_stage *stage;
	struct siit_txn *txn;
	u32 ifindex;
	int err;

	if (siit_nl_missing(info, SIIT_TXN_A_IFINDEX, "the device"))
		return -EINVAL;
	ifindex = nla_get_u32(info->attrs[SIIT_TXN_A_IFINDEX]);
	txn = siit_txn_begin(genl_info_net(info), info->snd_portid);
	if (!txn)
		return -ENOMEM;

	if (siit_txn_stage(txn, ifindex)) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[SIIT_TXN_A_IFINDEX],
				    "the device is in the transaction already");
		err = -EEXIST;
		goto put;
	}
	stage = siit_stage_new(ifindex, info->snd_seq);
	err = -ENOMEM;
	if (!stage)
		goto put;
	if (info->attrs[SIIT_TXN_A_NEW_NAME])
		err = begin_new(txn, stage, info);
	else
		err = begin_old(stage, info);
	if (err)
		siit_stage_free(stage);
	else
		list_add_tail(&stage->list, &txn->stages);

put:
	if (err)
		txn->failed = true;
	siit_txn_put(txn);
	return err;
}

int siit_nl_txn_abort(struct sk_buff *skb, struct genl_info *info)
{
	struct siit_txn *txn = siit_txn_get(genl_info_net(info),
					    info->snd_portid);

	if (!txn) {
		NL_SET_ERR_MSG(info->extack, "this socket has no transaction");
		return -ENOENT;
	}
	siit_txn_end(txn);
	siit_txn_put(txn);
	return 0;
}

/* From here on, a stage has its device, whose lock is held. */
static void stage_open(struct siit_stage *stage, struct net_device *dev)
{
	struct siit_dev *siit = netdev_priv(dev);

	mutex_lock_nest_lock(&siit->lock, &commit_lock);
	stage->dev = dev;
	stage->old = rcu_dereference_protected(siit->config,
					       lockdep_is_held(&siit->lock));
}

static void stage_close(struct siit_stage *stage)
{
	struct siit_dev *siit;

	if (!stage->dev)
		return;
	siit = netdev_priv(stage->dev);
	mutex_unlock(&siit->lock);
	stage->dev = NULL;
	stage->made = false;
}

static int check_device(struct siit_stage *stage, struct net *net,
			struct netlink_ext_ack *extack)
{
	const struct siit_dev *siit;
	struct net_device *dev;

	if (stage->name[0]) {
		if (!netdev_name_in_use(net, stage->name))
			return 0;
		NL_SET_ERR_MSG(extack, "a device of this name is there now");
		return -EEXIST;
	}
	dev = __dev_get_by_index(net, stage->ifindex);
	if (!dev || !siit_is_dev(dev) ||
	    dev->reg_state != NETREG_REGISTERED) {
		NL_SET_ERR_MSG(extack, "the device is gone");
		return -ENODEV;
	}
	stage_open(stage, dev);
	siit = netdev_priv(dev);
	if (siit->generation != stage->generation) {
		NL_SET_ERR_MSG(extack, SIIT_NL_OUTDATED);
		return -EBUSY;
	}
	return 0;
}

/* What was there before may go meanwhile; what was asked for must be there. */
static int check_hooks(struct siit_stage *stage, struct net *net,
		       struct netlink_ext_ack *extack)
{
	struct siit_stage_hook *hook, *next;
	const struct net_device *port;
	int err = 0;

	list_for_each_entry_safe(hook, next, &stage->hooks, list) {
		port = __dev_get_by_index(net, hook->port);
		if (port) {
			err = siit_hook_check(port, extack);
		} else if (hook->seq) {
			NL_SET_ERR_MSG(extack, "the device to listen at is gone");
			err = -ENODEV;
		} else {
			siit_stage_hook_del(hook);
		}
		if (err) {
			blame(extack, hook->seq);
			return err;
		}
	}
	return 0;
}

static int commit_check(struct siit_txn *txn, struct net *net,
			struct netlink_ext_ack *extack)
{
	struct siit_stage *stage;
	int err;

	if (txn->failed) {
		NL_SET_ERR_MSG(extack,
			       "a change of this transaction was refused");
		return -ECANCELED;
	}
	list_for_each_entry(stage, &txn->stages, list) {
		err = check_device(stage, net, extack);
		if (err) {
			blame(extack, stage->seq);
			return err;
		}
		err = check_hooks(stage, net, extack);
		if (err)
			return err;
	}
	return 0;
}

/* Nobody is told of it yet: see rtnl_configure_link(). */
static int make_device(struct siit_stage *stage, struct net *net,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *tb[IFLA_MAX + 1] = {};
	struct net_device *dev;
	struct siit_dev *siit;
	int err;

	dev = rtnl_create_link(net, stage->name, NET_NAME_USER, &siit_link_ops,
			       tb, extack);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	siit = netdev_priv(dev);
	siit->hidden = true;
	err = register_netdevice(dev);
	if (err) {
		free_netdev(dev);
		return err;
	}
	stage_open(stage, dev);
	stage->made = true;
	return 0;
}

static bool has_hook(const struct net_device *dev, u32 port)
{
	const struct siit_hook *h;
	bool found;

	rcu_read_lock();
	h = siit_hook_next(dev, port - 1);
	found = h && h->port->ifindex == port;
	rcu_read_unlock();
	return found;
}

static int add_hooks(struct siit_stage *stage, struct net *net,
		     struct netlink_ext_ack *extack)
{
	struct siit_stage_hook *hook;
	int err;

	list_for_each_entry(hook, &stage->hooks, list) {
		if (has_hook(stage->dev, hook->port))
			continue;
		err = siit_hook_add(stage->dev,
				    __dev_get_by_index(net, hook->port),
				    extack);
		if (err) {
			blame(extack, hook->seq);
			return err;
		}
		hook->added = true;
	}
	return 0;
}

static bool same_eam(const struct eam_table *eam, const struct eam_table *old)
{
	unsigned long pos = eam_end(old);

	return eam_count(eam) == eam_count(old) && !eam_next(eam, &pos);
}

/* A table that has become what it was before is not worth a change. */
static int prepare_eam(struct siit_stage *stage)
{
	struct eam_table *old = stage->old->eam;
	struct siit_config *cfg = stage->cfg;

	if (stage->own_eam && same_eam(cfg->eam, old)) {
		eam_free(cfg->eam);
		cfg->eam = old;
		stage->own_eam = false;
	}
	if (!cfg->set.row_counters)
		return 0;
	return eam_counters_set(cfg->eam, stage->own_eam ? old : NULL, true);
}

/* What can fail. */
static int commit_prepare(struct siit_txn *txn, struct net *net,
			  struct netlink_ext_ack *extack)
{
	struct siit_stage *stage;
	int err;

	list_for_each_entry(stage, &txn->stages, list) {
		if (stage->name[0]) {
			err = make_device(stage, net, extack);
			if (err) {
				blame(extack, stage->seq);
				return err;
			}
		}
		err = prepare_eam(stage) ?: add_hooks(stage, net, extack);
		if (err)
			return err;
	}
	return 0;
}

/* Without memory for them there are none, and that is no error here. */
static void settle_counters(const struct siit_config *cfg)
{
	eam_counters_set(cfg->eam, NULL, cfg->set.row_counters);
}

static void commit_undo(struct siit_txn *txn, struct net *net)
{
	struct siit_stage_hook *hook;
	struct siit_stage *stage;

	list_for_each_entry(stage, &txn->stages, list) {
		struct net_device *made = stage->made ? stage->dev : NULL;

		list_for_each_entry(hook, &stage->hooks, list) {
			if (hook->added)
				siit_hook_del(stage->dev,
					      __dev_get_by_index(net, hook->port),
					      NULL);
			hook->added = false;
		}
		if (stage->dev)
			settle_counters(stage->old);
		stage_close(stage);
		if (made)
			unregister_netdevice(made);
	}
}

/* Ids rise, and those up to @last are what was there before. */
static bool same_pool4(const struct siit_prefix4 *pool, unsigned int count,
		       unsigned int old_count, u32 last)
{
	return count == old_count && (!count || pool[count - 1].id <= last);
}

static bool same_config(const struct siit_config *cfg,
			const struct siit_config *old)
{
	unsigned int count = cfg->pool6_count;
	u32 last = old->last_id;

	return cfg->eam == old->eam &&
	       !memcmp(&cfg->set, &old->set, sizeof(cfg->set)) &&
	       count == old->pool6_count &&
	       (!count || cfg->pool6[count - 1].id <= last) &&
	       same_pool4(cfg->rfc6791, cfg->rfc6791_count,
			  old->rfc6791_count, last) &&
	       same_pool4(cfg->deny4, cfg->deny4_count, old->deny4_count, last);
}

static void stage_publish(struct siit_stage *stage)
{
	struct siit_dev *siit = netdev_priv(stage->dev);
	struct siit_config *cfg = stage->cfg;

	siit_config_number(cfg, stage->old);
	if (same_config(cfg, stage->old))
		return;
	rcu_assign_pointer(siit->config, cfg);
	siit->generation = siit_generation();
	stage->published = true;
	settle_counters(cfg);
}

static void tell_eam(struct siit_nl_news *news, const struct eam_table *eam,
		     const struct eam_table *old)
{
	const struct eam_row *row;
	unsigned long pos = 0;

	while ((row = eam_next(old, &pos))) {
		if (!eam_is_at(eam, pos - 1))
			siit_nl_tell(news, SIIT_CMD_EAM_DEL, siit_nl_eam_fill,
				     row);
		cond_resched();
	}
	pos = eam_end(old);
	while ((row = eam_next(eam, &pos))) {
		siit_nl_tell(news, SIIT_CMD_EAM_ADD, siit_nl_eam_fill, row);
		cond_resched();
	}
}

static void tell_pool6(struct siit_nl_news *news, const struct siit_config *cfg,
		       const struct siit_config *old)
{
	unsigned int i, j = 0;

	for (i = 0; i < old->pool6_count; i++) {
		while (j < cfg->pool6_count &&
		       cfg->pool6[j].id < old->pool6[i].id)
			j++;
		if (j == cfg->pool6_count ||
		    cfg->pool6[j].id != old->pool6[i].id)
			siit_nl_tell(news, SIIT_CMD_POOL6_DEL,
				     siit_nl_pool6_fill, &old->pool6[i]);
	}
	for (i = 0; i < cfg->pool6_count; i++)
		if (cfg->pool6[i].id > old->last_id)
			siit_nl_tell(news, SIIT_CMD_POOL6_ADD,
				     siit_nl_pool6_fill, &cfg->pool6[i]);
}

static void tell_pool4(struct siit_nl_news *news, u8 add, u8 del,
		       const struct siit_prefix4 *pool, unsigned int count,
		       const struct siit_prefix4 *old, unsigned int old_count,
		       u32 last)
{
	unsigned int i, j = 0;

	for (i = 0; i < old_count; i++) {
		while (j < count && pool[j].id < old[i].id)
			j++;
		if (j == count || pool[j].id != old[i].id)
			siit_nl_tell(news, del, siit_nl_pool4_fill, &old[i]);
	}
	for (i = 0; i < count; i++)
		if (pool[i].id > last)
			siit_nl_tell(news, add, siit_nl_pool4_fill, &pool[i]);
}

static void stage_tell(struct siit_stage *stage, struct siit_nl_news *news)
{
	const struct siit_config *cfg = stage->cfg, *old = stage->old;

	if (!stage->published)
		return;
	if (memcmp(&cfg->set, &old->set, sizeof(cfg->set)))
		siit_nl_tell(news, SIIT_CMD_DEV_SET, siit_nl_dev_fill, NULL);
	tell_pool6(news, cfg, old);
	tell_pool4(news, SIIT_CMD_RFC6791_ADD, SIIT_CMD_RFC6791_DEL,
		   cfg->rfc6791, cfg->rfc6791_count, old->rfc6791,
		   old->rfc6791_count, old->last_id);
	tell_pool4(news, SIIT_CMD_DENY4_ADD, SIIT_CMD_DENY4_DEL, cfg->deny4,
		   cfg->deny4_count, old->deny4, old->deny4_count,
		   old->last_id);
	if (cfg->eam != old->eam && siit_nl_news_wanted(news))
		tell_eam(news, cfg->eam, old->eam);
}

/* The hooks that the device has and the stage has not; and tell of the others. */
static void finish_hooks(struct siit_stage *stage, struct siit_nl_news *news,
			 struct net *net)
{
	struct siit_dev *siit = netdev_priv(stage->dev);
	struct siit_stage_hook *hook;
	const struct siit_hook *h;
	int after = 0;

	for (;;) {
		struct net_device *port = NULL;

		rcu_read_lock();
		h = siit_hook_next(stage->dev, after);
		if (h)
			port = h->port;		/* RTNL keeps it */
		rcu_read_unlock();
		if (!port)
			break;
		after = port->ifindex;
		if (siit_stage_hook(stage, after))
			continue;
		siit_hook_del(stage->dev, port, NULL);
		siit->generation = siit_generation();
		siit_nl_tell(news, SIIT_CMD_HOOK_DEL, siit_nl_hook_fill, port);
	}
	list_for_each_entry(hook, &stage->hooks, list) {
		if (!hook->added)
			continue;
		siit->generation = siit_generation();
		siit_nl_tell(news, SIIT_CMD_HOOK_ADD, siit_nl_hook_fill,
			     __dev_get_by_index(net, hook->port));
	}
}

static void announce_device(struct siit_stage *stage, struct siit_nl_news *news)
{
	struct siit_dev *siit = netdev_priv(stage->dev);

	siit->hidden = false;
	rtnl_configure_link(stage->dev, NULL, 0, NULL);
	siit_nl_tell(news, SIIT_CMD_DEV_ADD, siit_nl_dev_fill, NULL);
}

static void commit_finish(struct siit_txn *txn, struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	struct siit_stage *stage;

	list_for_each_entry(stage, &txn->stages, list)
		stage_publish(stage);
	list_for_each_entry(stage, &txn->stages, list) {
		struct siit_nl_news news = { .info = info, .dev = stage->dev };

		if (stage->made)
			announce_device(stage, &news);
		stage_tell(stage, &news);
		finish_hooks(stage, &news, net);
		siit_nl_tell_end(&news);
		stage_close(stage);
	}
}

/* Packets may still see what was replaced. */
static void commit_free(struct siit_txn *txn)
{
	struct siit_stage *stage;
	bool waited = false;

	list_for_each_entry(stage, &txn->stages, list) {
		if (!stage->published)
			continue;
		if (stage->own_eam && !waited) {
			synchronize_rcu();
			waited = true;
		}
		if (stage->own_eam)
			eam_free(stage->old->eam);
		siit_config_free_rcu(stage->old);
		stage->own_eam = false;
		stage->cfg = NULL;
	}
}

static int commit(struct siit_txn *txn, struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	bool dry_run = info->attrs[SIIT_TXN_A_DRY_RUN];
	int err;

	mutex_lock(&commit_lock);
	err = commit_check(txn, net, info->extack);
	if (!err && !dry_run)
		err = commit_prepare(txn, net, info->extack);
	if (err || dry_run)
		commit_undo(txn, net);
	else
		commit_finish(txn, info);
	mutex_unlock(&commit_lock);
	return err;
}

int siit_nl_txn_commit(struct sk_buff *skb, struct genl_info *info)
{
	struct siit_txn *txn;
	int err = -ENOENT;

	rtnl_lock();
	txn = siit_txn_get(genl_info_net(info), info->snd_portid);
	if (txn)
		err = commit(txn, info);
	rtnl_unlock();
	if (!txn) {
		NL_SET_ERR_MSG(info->extack, "this socket has no transaction");
		return err;
	}
	if (!err && !info->attrs[SIIT_TXN_A_DRY_RUN]) {
		commit_free(txn);
		siit_txn_end(txn);
	}
	siit_txn_put(txn);
	return err;
}
