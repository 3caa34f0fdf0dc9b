// SPDX-License-Identifier: GPL-2.0
/*
 * Where the change that a request asks for goes: to the device at once, or to
 * the transaction of its socket.
 */
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <net/genetlink.h>

#include "config.h"
#include "device.h"
#include "nl.h"
#include "txn.h"

/* Lock the device, and see that a stage of it still is what it was made for. */
static int edit_device(struct genl_info *info, struct siit_edit *e)
{
	struct net_device *dev = siit_nl_dev_get(info);

	if (IS_ERR(dev)) {
		if (e->stage)
			NL_SET_ERR_MSG(info->extack, "the device is gone");
		return PTR_ERR(dev);
	}
	e->dev = dev;
	e->siit = netdev_priv(dev);
	mutex_lock(&e->siit->lock);
	/* Its end has been announced. */
	if (dev->reg_state != NETREG_REGISTERED) {
		NL_SET_ERR_MSG(info->extack, "the device is gone");
		return -ENODEV;
	}
	if (!e->stage || e->stage->generation == e->siit->generation)
		return 0;

	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[SIIT_NL_IFINDEX],
			    SIIT_NL_OUTDATED);
	return -EBUSY;
}

/**
 * siit_nl_edit() - find what a request is to change, and lock it
 * @info: the request
 * @e: result; siit_nl_edit_end() is due if this went well
 *
 * Context: process; sleeps.
 * Return: 0, or a negative errno with the extended ack set.
 */
int siit_nl_edit(struct genl_info *info, struct siit_edit *e)
{
	int err;

	memset(e, 0, sizeof(*e));
	if (siit_nl_missing(info, SIIT_NL_IFINDEX, "the device"))
		return -EINVAL;
	e->txn = siit_txn_get(genl_info_net(info), info->snd_portid);
	if (e->txn) {
		u32 ifindex = nla_get_u32(info->attrs[SIIT_NL_IFINDEX]);

		e->stage = siit_txn_stage(e->txn, ifindex);
		if (e->stage && e->stage->name[0])
			return 0;
		if (!e->stage) {
			siit_txn_put(e->txn);
			e->txn = NULL;
		}
	}
	err = edit_device(info, e);
	return err ? siit_nl_edit_end(e, err) : 0;
}

/**
 * siit_nl_edit_end() - give back what siit_nl_edit() has found
 * @e: the place
 * @err: whether the change was refused
 *
 * Context: process.
 * Return: @err.
 */
int siit_nl_edit_end(struct siit_edit *e, int err)
{
	if (e->dev) {
		mutex_unlock(&e->siit->lock);
		dev_put(e->dev);
	}
	if (e->txn) {
		if (err)
			e->txn->failed = true;
		siit_txn_put(e->txn);
	}
	return err;
}

static struct siit_config *device_config(const struct siit_edit *e)
{
	if (!e->siit)
		return NULL;
	return rcu_dereference_protected(e->siit->config,
					 lockdep_is_held(&e->siit->lock));
}

/**
 * siit_nl_config() - the configuration that a request is to change
 * @e: the place
 *
 * Context: process, between siit_nl_edit() and siit_nl_edit_end().
 * Return: the configuration; replace it by siit_nl_publish().
 */
struct siit_config *siit_nl_config(const struct siit_edit *e)
{
	return e->stage ? e->stage->cfg : device_config(e);
}

/**
 * siit_nl_base_eam() - the table that a transaction is to replace
 * @e: the place
 *
 * Context: process, between siit_nl_edit() and siit_nl_edit_end().
 * Return: the table; NULL if the device is yet to be made, or if this is no
 * transaction.
 */
const struct eam_table *siit_nl_base_eam(const struct siit_edit *e)
{
	return e->stage && e->siit ? device_config(e)->eam : NULL;
}

/**
 * siit_nl_publish() - put a new configuration in its place
 * @e: the place
 * @cfg: the new configuration; the old one is freed
 *
 * Context: process, between siit_nl_edit() and siit_nl_edit_end().
 */
void siit_nl_publish(struct siit_edit *e, struct siit_config *cfg)
{
	struct siit_config *old = siit_nl_config(e);

	siit_config_settle(cfg);
	if (e->stage) {
		e->stage->cfg = cfg;
		siit_config_free(old);
		return;
	}
	rcu_assign_pointer(e->siit->config, cfg);
	siit_config_free_rcu(old);
}
