/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the generic netlink family share: netlink.c has the
 * family itself and the helpers, nl_*.c the commands.
 */
#ifndef _SIIT_NL_H
#define _SIIT_NL_H

#include <linux/in6.h>
#include <linux/netlink.h>
#include <net/genetlink.h>
#include <linux/siit.h>

struct eam_table;
struct net_device;
struct siit_config;
struct siit_dev;
struct siit_stage;
struct siit_txn;

/* Number 1 of every attribute set. */
#define SIIT_NL_IFINDEX		1

/**
 * typedef siit_nl_fill_t - write the attributes of one object
 * @skb: message in the making, with IFINDEX in it already
 * @dev: the device that the object belongs to
 * @obj: the object
 *
 * Context: any; does not sleep.
 * Return: 0, or -EMSGSIZE.
 */
typedef int (*siit_nl_fill_t)(struct sk_buff *skb,
			      const struct net_device *dev, const void *obj);

/**
 * struct siit_nl_dump - where a dump is, kept in netlink_callback.ctx
 * @pos: position inside the device @first, 0 at its beginning; what it means
 *	is up to the command
 * @first: ifindex of the device to go on with, or the next higher one
 * @last: highest ifindex to look at
 */
struct siit_nl_dump {
	unsigned long pos;
	u32 first;
	u32 last;
};

/**
 * struct siit_edit - where the change goes that a request asks for
 * @dev: the device, NULL if a transaction is to make it
 * @siit: likewise
 * @txn: the transaction, NULL if the device is to change at once
 * @stage: the device in it
 */
struct siit_edit {
	struct net_device *dev;
	struct siit_dev *siit;
	struct siit_txn *txn;
	struct siit_stage *stage;
};

/**
 * struct siit_nl_news - messages to the group "monitor" on their way
 * @info: the request that made the changes
 * @dev: the device that has changed
 * @skb: those that are not sent yet
 */
struct siit_nl_news {
	struct genl_info *info;
	const struct net_device *dev;
	struct sk_buff *skb;
};

#define SIIT_NL_OUTDATED \
	"the device was changed by somebody else since this transaction began"

/* GENL_REQ_ATTR_CHECK() with a text for people. */
#define siit_nl_missing(info, attr, what) ({				\
	struct genl_info *__req = (info);				\
	bool __missing = GENL_REQ_ATTR_CHECK(__req, attr);		\
									\
	if (__missing)							\
		NL_SET_ERR_MSG(__req->extack, what " is missing");	\
	__missing;							\
})

/* nl_edit.c */
int siit_nl_edit(struct genl_info *info, struct siit_edit *e);
int siit_nl_edit_end(struct siit_edit *e, int err);
struct siit_config *siit_nl_config(const struct siit_edit *e);
const struct eam_table *siit_nl_base_eam(const struct siit_edit *e);
void siit_nl_publish(struct siit_edit *e, struct siit_config *cfg);

/* netlink.c */
struct net_device *siit_nl_dev_get(struct genl_info *info);
int siit_nl_prefix4(struct genl_info *info, int attr, int attr_len,
		    __be32 *addr, u8 *len);
int siit_nl_prefix6(struct genl_info *info, int attr, int attr_len,
		    struct in6_addr *addr, u8 *len);

int siit_nl_reply(struct genl_info *info, const struct net_device *dev,
		  siit_nl_fill_t fill, const void *obj, size_t size);
void siit_nl_notify(struct genl_info *info, const struct siit_edit *e,
		    siit_nl_fill_t fill, const void *obj);
bool siit_nl_news_wanted(const struct siit_nl_news *news);
void siit_nl_tell(struct siit_nl_news *news, u8 cmd, siit_nl_fill_t fill,
		  const void *obj);
void siit_nl_tell_end(struct siit_nl_news *news);
bool siit_nl_has_listeners(struct net *net);
void siit_nl_event(const struct net_device *dev, u8 cmd, siit_nl_fill_t fill,
		   const void *obj);
int siit_nl_put_dumped(struct sk_buff *skb, struct netlink_callback *cb,
		       const struct net_device *dev, siit_nl_fill_t fill,
		       const void *obj);
int siit_nl_dump(struct sk_buff *skb, struct netlink_callback *cb,
		 int (*one)(struct sk_buff *skb, struct netlink_callback *cb,
			    const struct net_device *dev, unsigned long *pos));
int siit_nl_dump_start(struct netlink_callback *cb);

/* The attributes of one object, as siit_nl_fill_t. */
int siit_nl_dev_fill(struct sk_buff *skb, const struct net_device *dev,
		     const void *obj);
int siit_nl_eam_fill(struct sk_buff *skb, const struct net_device *dev,
		     const void *obj);
int siit_nl_pool6_fill(struct sk_buff *skb, const struct net_device *dev,
		       const void *obj);
int siit_nl_pool4_fill(struct sk_buff *skb, const struct net_device *dev,
		       const void *obj);
int siit_nl_hook_fill(struct sk_buff *skb, const struct net_device *dev,
		      const void *obj);

/* nl_dev.c */
int siit_nl_dev_init(void);
void siit_nl_dev_exit(void);
int siit_nl_dev_show(struct sk_buff *skb, struct genl_info *info);
int siit_nl_dev_dump(struct sk_buff *skb, struct netlink_callback *cb);
int siit_nl_dev_set(struct sk_buff *skb, struct genl_info *info);
int siit_nl_stats_show(struct sk_buff *skb, struct genl_info *info);
int siit_nl_stats_dump_start(struct netlink_callback *cb);
int siit_nl_stats_dump(struct sk_buff *skb, struct netlink_callback *cb);

/* nl_eam.c */
int siit_nl_eam_add(struct sk_buff *skb, struct genl_info *info);
int siit_nl_eam_del(struct sk_buff *skb, struct genl_info *info);
int siit_nl_eam_flush(struct sk_buff *skb, struct genl_info *info);
int siit_nl_eam_dump(struct sk_buff *skb, struct netlink_callback *cb);

/* nl_pool6.c */
int siit_nl_pool6_add(struct sk_buff *skb, struct genl_info *info);
int siit_nl_pool6_del(struct sk_buff *skb, struct genl_info *info);
int siit_nl_pool6_flush(struct sk_buff *skb, struct genl_info *info);
int siit_nl_pool6_dump(struct sk_buff *skb, struct netlink_callback *cb);

/* nl_pool4.c: rfc6791 and deny4 */
int siit_nl_pool4_add(struct sk_buff *skb, struct genl_info *info);
int siit_nl_pool4_del(struct sk_buff *skb, struct genl_info *info);
int siit_nl_pool4_flush(struct sk_buff *skb, struct genl_info *info);
int siit_nl_rfc6791_dump(struct sk_buff *skb, struct netlink_callback *cb);
int siit_nl_deny4_dump(struct sk_buff *skb, struct netlink_callback *cb);

/* nl_hook.c */
int siit_nl_hook_add(struct sk_buff *skb, struct genl_info *info);
int siit_nl_hook_del(struct sk_buff *skb, struct genl_info *info);
int siit_nl_hook_dump(struct sk_buff *skb, struct netlink_callback *cb);

/* nl_txn.c */
int siit_nl_txn_begin(struct sk_buff *skb, struct genl_info *info);
int siit_nl_txn_commit(struct sk_buff *skb, struct genl_info *info);
int siit_nl_txn_abort(struct sk_buff *skb, struct genl_info *info);

/* nl_query.c */
int siit_nl_query(struct sk_buff *skb, struct genl_info *info);

#endif /* _SIIT_NL_H */
