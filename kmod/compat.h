/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Differences between kernels, 6.1 and later. All of them are here.
 */
#ifndef _SIIT_COMPAT_H
#define _SIIT_COMPAT_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/u64_stats_sync.h>
#include <linux/version.h>

/* 6.12: <asm/unaligned.h> became <linux/unaligned.h> */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

/* 6.5: segmentation got a header of its own */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
#include <net/gso.h>
#endif

/* 6.3: u64_stats_fetch_begin() is safe against softirq on 32 bits */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
#define siit_u64_fetch_begin(syncp)	   u64_stats_fetch_begin_irq(syncp)
#define siit_u64_fetch_retry(syncp, start) \
	u64_stats_fetch_retry_irq(syncp, start)
#else
#define siit_u64_fetch_begin(syncp)	   u64_stats_fetch_begin(syncp)
#define siit_u64_fetch_retry(syncp, start) u64_stats_fetch_retry(syncp, start)
#endif

/* 6.3: a drop reason for extension headers */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
#define SKB_DROP_REASON_IPV6_BAD_EXTHDR	   SKB_DROP_REASON_IP_INHDR
#endif

/* 6.12: lockless transmit is a bit of the device, no longer a feature */
static inline void siit_set_lltx(struct net_device *dev)
{
#ifdef NETIF_F_LLTX
	dev->features |= NETIF_F_LLTX;
#else
	dev->lltx = true;
#endif
}

/* Let a packet that is received again pass traffic control and hooks by. */
static inline void siit_skip_ingress(struct sk_buff *skb)
{
#ifdef CONFIG_NET_CLS_ACT
	skb->tc_skip_classify = 1;
#endif
}

#endif /* _SIIT_COMPAT_H */
