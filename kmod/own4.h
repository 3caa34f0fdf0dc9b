/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The IPv4 addresses of this host: never ours to translate at a hook.
 */
#ifndef _SIIT_OWN4_H
#define _SIIT_OWN4_H

#include <linux/bitops.h>
#include <linux/hash.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <net/net_namespace.h>

#define SIIT_OWN4_BITS	12

/**
 * struct siit_own4 - those of one namespace
 * @list: all of them; RTNL
 * @net: the namespace
 * @users: hooks in it; RTNL
 * @rcu: packets may be looking when it is removed
 * @maybe: a bit is set if an address of the host hashes to it
 */
struct siit_own4 {
	struct list_head list;
	struct net *net;
	unsigned int users;
	struct rcu_head rcu;
	DECLARE_BITMAP(maybe, BIT(SIIT_OWN4_BITS));
};

struct siit_own4 *siit_own4_get(struct net *net);
void siit_own4_put(struct siit_own4 *own);
bool siit_own4_find(const struct siit_own4 *own, __be32 addr);
int siit_own4_init(void);
void siit_own4_exit(void);

static inline unsigned int siit_own4_hash(__be32 addr)
{
	return hash_32((__force u32)addr, SIIT_OWN4_BITS);
}

/**
 * siit_own4() - is this an address of the host?
 * @own: of the namespace
 * @addr: network order
 *
 * The kernel's own answer takes a hash lookup and one in a routing table. For
 * nearly all packets the answer is no, and one bit says so.
 *
 * Context: BH, rcu_read_lock().
 * Return: whether it is configured on a device of the namespace.
 */
static inline bool siit_own4(const struct siit_own4 *own, __be32 addr)
{
	return unlikely(test_bit(siit_own4_hash(addr), own->maybe)) &&
	       siit_own4_find(own, addr);
}

#endif /* _SIIT_OWN4_H */
