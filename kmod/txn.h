/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Transactions: changes of one netlink socket, put aside until they are made
 * together. include/uapi/linux/siit.h has the rules.
 *
 * Locks are taken in the order RTNL, transaction, device.
 */
#ifndef _SIIT_TXN_H
#define _SIIT_TXN_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/refcount.h>

struct eam_table;
struct net;
struct netlink_ext_ack;
struct siit_config;

/**
 * struct siit_txn - a transaction
 * @list: all of them
 * @net: namespace of the socket
 * @portid: the socket
 * @refs: its place in the list, and whoever works with it
 * @lock: for all that follows
 * @over: committed or aborted
 * @failed: a change was refused
 * @stages: the devices in it
 */
struct siit_txn {
	struct list_head list;
	struct net *net;
	u32 portid;
	refcount_t refs;
	struct mutex lock;	/* stages and flags */
	bool over;
	bool failed;
	struct list_head stages;
};

/**
 * struct siit_stage - what a device is to become
 * @list: those of a transaction, in order of arrival
 * @ifindex: the number that requests use for it
 * @seq: sequence number of its TXN_BEGIN
 * @generation: that of the device when the stage was made
 * @name: of a device that is to be made; empty if it is there
 * @cfg: settings and pools
 * @own_eam: @cfg->eam is the stage's own, not yet the table of the device
 * @hooks: struct siit_stage_hook
 * @dev: the device, during a commit
 * @made: @dev was made by this commit
 * @published: the device has @cfg now, during a commit
 * @old: what it had before
 */
struct siit_stage {
	struct list_head list;
	u32 ifindex;
	u32 seq;
	u64 generation;
	char name[IFNAMSIZ];
	struct siit_config *cfg;
	bool own_eam;
	struct list_head hooks;

	struct net_device *dev;
	bool made;
	bool published;
	struct siit_config *old;
};

/**
 * struct siit_stage_hook - a device to listen at
 * @list: those of a stage
 * @port: its ifindex
 * @seq: sequence number of the HOOK_ADD; 0: it was there before
 * @added: this commit has added it
 */
struct siit_stage_hook {
	struct list_head list;
	u32 port;
	u32 seq;
	bool added;
};

struct siit_txn *siit_txn_get(struct net *net, u32 portid);
struct siit_txn *siit_txn_begin(struct net *net, u32 portid);
void siit_txn_put(struct siit_txn *txn);
void siit_txn_end(struct siit_txn *txn);

struct siit_stage *siit_txn_stage(const struct siit_txn *txn, u32 ifindex);
struct siit_stage *siit_stage_new(u32 ifindex, u32 seq);
void siit_stage_free(struct siit_stage *stage);
int siit_stage_start(struct siit_stage *stage, const struct siit_config *old,
		     bool replace);
struct eam_table *siit_stage_eam(struct siit_stage *stage);
int siit_stage_flush(struct siit_stage *stage);
struct siit_stage_hook *siit_stage_hook(const struct siit_stage *stage,
					u32 port);
int siit_stage_hook_add(struct siit_stage *stage, u32 port, u32 seq);
void siit_stage_hook_del(struct siit_stage_hook *hook);

#endif /* _SIIT_TXN_H */
