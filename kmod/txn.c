// SPDX-License-Identifier: GPL-2.0
/*
 * Transactions: what they hold, and how they end with their socket.
 */
#include <linux/netlink.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <net/net_namespace.h>

#include "config.h"
#include "device.h"
#include "eam.h"
#include "txn.h"

static LIST_HEAD(txns);
static DEFINE_SPINLOCK(txns_lock);	/* the list, not what is in it */

static atomic64_t last_generation;

/**
 * siit_generation() - a number for a state of a device
 *
 * Context: any.
 * Return: a number that no state of any device has had before.
 */
u64 siit_generation(void)
{
	return atomic64_inc_return(&last_generation);
}

static struct siit_txn *txn_find(const struct net *net, u32 portid)
{
	struct siit_txn *txn;

	list_for_each_entry(txn, &txns, list)
		if (txn->portid == portid && txn->net == net)
			return txn;
	return NULL;
}

static void txn_unref(struct siit_txn *txn)
{
	struct siit_stage *stage, *next;

	if (!refcount_dec_and_test(&txn->refs))
		return;
	list_for_each_entry_safe(stage, next, &txn->stages, list)
		siit_stage_free(stage);
	mutex_destroy(&txn->lock);
	kfree(txn);
}

/**
 * siit_txn_get() - find the transaction of a socket, and lock it
 * @net: namespace of the socket
 * @portid: the socket
 *
 * Context: process; sleeps.
 * Return: the transaction, to be given back by siit_txn_put(), or NULL.
 */
struct siit_txn *siit_txn_get(struct net *net, u32 portid)
{
	struct siit_txn *txn;

	/* The usual case. A socket knows of its own transaction. */
	if (list_empty_careful(&txns))
		return NULL;
	spin_lock(&txns_lock);
	txn = txn_find(net, portid);
	if (txn)
		refcount_inc(&txn->refs);
	spin_unlock(&txns_lock);
	if (!txn)
		return NULL;

	mutex_lock(&txn->lock);
	if (!txn->over)
		return txn;
	siit_txn_put(txn);
	return NULL;
}

/**
 * siit_txn_put() - give back a transaction
 * @txn: what siit_txn_get() or siit_txn_begin() has returned
 *
 * Context: process.
 */
void siit_txn_put(struct siit_txn *txn)
{
	mutex_unlock(&txn->lock);
	txn_unref(txn);
}

/**
 * siit_txn_begin() - find the transaction of a socket, or begin one; lock it
 * @net: namespace of the socket
 * @portid: the socket
 *
 * Context: process; sleeps. The memory is charged to the caller's cgroup.
 * Return: the transaction, to be given back by siit_txn_put(), or NULL without
 * memory.
 */
struct siit_txn *siit_txn_begin(struct net *net, u32 portid)
{
	struct siit_txn *txn, *other;

	txn = siit_txn_get(net, portid);
	if (txn)
		return txn;
	txn = kzalloc(sizeof(*txn), GFP_KERNEL_ACCOUNT);
	if (!txn)
		return NULL;
	txn->net = net;
	txn->portid = portid;
	refcount_set(&txn->refs, 1);
	mutex_init(&txn->lock);
	INIT_LIST_HEAD(&txn->stages);

	/* Two threads may share a socket. */
	spin_lock(&txns_lock);
	other = txn_find(net, portid);
	if (!other)
		list_add(&txn->list, &txns);
	spin_unlock(&txns_lock);
	if (other)
		txn_unref(txn);
	return siit_txn_get(net, portid);
}

static void txn_remove(struct siit_txn *txn)
{
	spin_lock(&txns_lock);
	list_del(&txn->list);
	spin_unlock(&txns_lock);
	txn_unref(txn);
}

/**
 * siit_txn_end() - a transaction is over
 * @txn: the transaction, locked; still to be given back by siit_txn_put()
 *
 * Context: process.
 */
void siit_txn_end(struct siit_txn *txn)
{
	txn->over = true;
	txn_remove(txn);
}

/**
 * siit_txn_stage() - find a device in a transaction
 * @txn: the transaction, locked
 * @ifindex: the number that requests use for it
 *
 * Context: process.
 * Return: the stage, or NULL.
 */
struct siit_stage *siit_txn_stage(const struct siit_txn *txn, u32 ifindex)
{
	struct siit_stage *stage;

	list_for_each_entry(stage, &txn->stages, list)
		if (stage->ifindex == ifindex)
			return stage;
	return NULL;
}

/**
 * siit_stage_new() - make a stage
 * @ifindex: the number that requests use for the device
 * @seq: of the request
 *
 * Context: process; sleeps.
 * Return: the stage, in no transaction yet, or NULL without memory.
 */
struct siit_stage *siit_stage_new(u32 ifindex, u32 seq)
{
	struct siit_stage *stage = kzalloc(sizeof(*stage), GFP_KERNEL_ACCOUNT);

	if (!stage)
		return NULL;
	INIT_LIST_HEAD(&stage->list);
	INIT_LIST_HEAD(&stage->hooks);
	stage->ifindex = ifindex;
	stage->seq = seq;
	return stage;
}

/**
 * siit_stage_free() - forget what a device was to become
 * @stage: the stage; what a device has got of it is not freed
 *
 * Context: process; sleeps.
 */
void siit_stage_free(struct siit_stage *stage)
{
	struct siit_stage_hook *hook, *next;

	list_for_each_entry_safe(hook, next, &stage->hooks, list)
		siit_stage_hook_del(hook);
	if (stage->own_eam)
		eam_free(stage->cfg->eam);
	siit_config_free(stage->cfg);
	list_del(&stage->list);
	kfree(stage);
}

/**
 * siit_stage_start() - what a device is before the first change
 * @stage: a new stage
 * @old: what the device has; NULL if it is yet to be made
 * @replace: begin with the defaults, not with @old
 *
 * Context: process, holding the lock of the device; sleeps.
 * Return: 0 or -ENOMEM.
 */
int siit_stage_start(struct siit_stage *stage, const struct siit_config *old,
		     bool replace)
{
	struct siit_config *cfg;

	cfg = old && !replace ? siit_config_clone(old, 0, 0, 0) :
				siit_config_alloc(0, 0, 0);
	if (!cfg)
		return -ENOMEM;
	stage->cfg = cfg;
	if (old && !replace)
		return 0;

	cfg->eam = eam_alloc(old ? old->eam : NULL);
	if (!cfg->eam)
		return -ENOMEM;
	stage->own_eam = true;
	return 0;
}

/**
 * siit_stage_eam() - the EAM table of a stage, in order to change it
 * @stage: the stage
 *
 * A merge begins with the table of the device, and copies it when it has to.
 *
 * Context: process, holding the lock of the device; sleeps.
 * Return: the table, or NULL without memory.
 */
struct eam_table *siit_stage_eam(struct siit_stage *stage)
{
	struct eam_table *eam;

	if (stage->own_eam)
		return stage->cfg->eam;
	eam = eam_copy(stage->cfg->eam);
	if (eam) {
		stage->cfg->eam = eam;
		stage->own_eam = true;
	}
	return eam;
}

/**
 * siit_stage_flush() - empty the EAM table of a stage
 * @stage: the stage
 *
 * Context: process, holding the lock of the device; sleeps.
 * Return: 0 or -ENOMEM.
 */
int siit_stage_flush(struct siit_stage *stage)
{
	struct eam_table *eam = eam_alloc(stage->cfg->eam);

	if (!eam)
		return -ENOMEM;
	if (stage->own_eam)
		eam_free(stage->cfg->eam);
	stage->cfg->eam = eam;
	stage->own_eam = true;
	return 0;
}

/**
 * siit_stage_hook() - find a hook of a stage
 * @stage: the stage
 * @port: ifindex of the device listened at
 *
 * Context: process.
 * Return: the hook, or NULL.
 */
struct siit_stage_hook *siit_stage_hook(const struct siit_stage *stage,
					u32 port)
{
	struct siit_stage_hook *hook;

	list_for_each_entry(hook, &stage->hooks, list)
		if (hook->port == port)
			return hook;
	return NULL;
}

/**
 * siit_stage_hook_add() - add a hook to a stage
 * @stage: the stage, which does not have it
 * @port: ifindex of the device to listen at
 * @seq: of the request; 0 if the device has the hook
 *
 * Context: process; sleeps.
 * Return: 0 or -ENOMEM.
 */
int siit_stage_hook_add(struct siit_stage *stage, u32 port, u32 seq)
{
	struct siit_stage_hook *hook;

	hook = kzalloc(sizeof(*hook), GFP_KERNEL_ACCOUNT);
	if (!hook)
		return -ENOMEM;
	hook->port = port;
	hook->seq = seq;
	list_add_tail(&hook->list, &stage->hooks);
	return 0;
}

/**
 * siit_stage_hook_del() - remove a hook from a stage
 * @hook: the hook
 *
 * Context: process.
 */
void siit_stage_hook_del(struct siit_stage_hook *hook)
{
	list_del(&hook->list);
	kfree(hook);
}

/* Whatever its client dies of, a socket ends, and so does its transaction. */
static int txn_socket_event(struct notifier_block *nb, unsigned long event,
			    void *ptr)
{
	const struct netlink_notify *n = ptr;
	struct siit_txn *txn;

	if (event != NETLINK_URELEASE || n->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;
	txn = siit_txn_get(n->net, n->portid);
	if (txn) {
		siit_txn_end(txn);
		siit_txn_put(txn);
	}
	return NOTIFY_DONE;
}

static struct notifier_block txn_notifier = {
	.notifier_call = txn_socket_event,
};

/**
 * siit_txn_init() - watch sockets end
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int __init siit_txn_init(void)
{
	return netlink_register_notifier(&txn_notifier);
}

/**
 * siit_txn_exit() - undo siit_txn_init(), and forget open transactions
 *
 * Context: process; no request is served any more.
 */
void siit_txn_exit(void)
{
	struct siit_txn *txn, *next;

	netlink_unregister_notifier(&txn_notifier);
	list_for_each_entry_safe(txn, next, &txns, list)
		txn_remove(txn);
}
