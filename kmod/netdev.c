// SPDX-License-Identifier: GPL-2.0
/*
 * Link kind "siit": what is routed to the device comes back from it in the
 * other family.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <net/dst.h>
#include <net/rtnetlink.h>

#include "compat.h"
#include "config.h"
#include "device.h"
#include "eam.h"
#include "icmp_send.h"
#include "ipid.h"
#include "nexthop.h"
#include "output.h"
#include "tracing.h"
#include "transport.h"
#include "xlat.h"

/* A header grows by 20 octets, and a fragment header may come with it. */
#define GROWTH_MAX	28

#define SIIT_FEATURES	(NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HW_CSUM | \
			 NETIF_F_RXCSUM | NETIF_F_HIGHDMA | \
			 (NETIF_F_GSO_SOFTWARE & ~NETIF_F_GSO_FRAGLIST))

/*
 * A packet that was routed to us has lost a hop on its way in and will lose
 * another on its way out, where a router takes one. The engine gives one back,
 * but not to what comes from a siit device: a routing loop has to end.
 */
static bool forwarded_here(const struct sk_buff *skb,
			   const struct net_device *dev)
{
	const struct net_device *from;

	if (!skb->skb_iif || skb->skb_iif == dev->ifindex)
		return false;
	from = dev_get_by_index_rcu(dev_net(dev), skb->skb_iif);
	return from && !siit_is_dev(from);
}

/*
 * @local: this host has made the packet. @out: counts what has not been lost of it.
 * Return: whether anything has not.
 */
static __always_inline bool deliver(struct sk_buff *skb,
				    const struct siit_routed *here, bool local,
				    struct siit_count *out)
{
	skb->next = here->ctx.more;
	while (skb) {
		unsigned int packets = siit_gso_packets(skb);
		struct sk_buff *next = skb->next;
		unsigned int len = skb->len;

		skb_mark_not_on_list(skb);
		if (!(local ? siit_output(skb, here->dev) :
			      siit_receive(skb, here->dev))) {
			out->packets += packets;
			out->bytes += len;
		}
		skb = next;
	}
	return out->packets;
}

static void translate(struct sk_buff *skb, struct net_device *dev);

static enum siit_reason segment(struct sk_buff *skb, struct net_device *dev)
{
	struct sk_buff *segs, *seg, *next;

	segs = siit_gso_segment(skb);
	if (!segs)
		return SIIT_DROP_GSO;
	skb_list_walk_safe(segs, seg, next) {
		skb_mark_not_on_list(seg);
		translate(seg, dev);
	}
	return SIIT_OK;
}

/* @t: NULL, or what to tell the tracepoints */
static __always_inline void translate_and(struct sk_buff *skb,
					  struct net_device *dev,
					  const struct siit_config *cfg,
					  struct siit_trace *t)
{
	const struct siit_dev *priv = netdev_priv(dev);
	struct siit_count in = {
		.packets = siit_gso_packets(skb),
		.bytes = skb->len,
	};
	struct siit_routed here = {
		.ctx.cfg = cfg,
		.ctx.known = &siit_nothing_known,
		.ctx.ipid = priv->ipid,
		.ctx.nh_mtu4 = siit_nexthop_mtu4,
		.ctx.nh_mtu6 = siit_nexthop_mtu6,
		.dev = dev,
	};
	bool local = siit_is_local(skb);
	struct siit_count out = {};
	enum siit_dir dir = SIIT_46;
	enum siit_reason reason;

	/* Nobody forwards what is sent from here: the hop is ours to take. */
	here.ctx.ttl_add = local ? -1 : forwarded_here(skb, dev);
	here.ctx.ttl_min = local ? 2 : 1;
	if (skb->protocol == htons(ETH_P_IP)) {
		reason = siit_xlat46(skb, &here.ctx);
	} else if (skb->protocol == htons(ETH_P_IPV6)) {
		dir = SIIT_64;
		reason = siit_xlat64(skb, &here.ctx);
	} else {
		reason = SIIT_DROP_NOT_IP;
	}
	if (likely(!reason)) {
		if (t)
			siit_trace_result(t, skb);
		if (unlikely(!deliver(skb, &here, local, &out))) {
			siit_stats_drop(priv->stats, SIIT_DROP_QUEUE_FULL);
			if (t)
				siit_trace_drop(t, SIIT_DROP_QUEUE_FULL);
			return;
		}
		siit_stats_ok(priv->stats, dir, &in, &out);
		if (t)
			siit_trace_ok(t, here.ctx.cfg, &in, &out);
		return;
	}
	if (reason == SIIT_SEGMENT) {
		reason = skb_is_gso(skb) ? segment(skb, dev) : SIIT_DROP_GSO;
		if (!reason)
			return;
	}
	siit_stats_drop(priv->stats, reason);
	if (t)
		siit_trace_drop(t, reason);
	siit_event_drop(dev, skb, reason);
	siit_icmp_send(skb, reason, &here.ctx);
	siit_kfree_skb(skb, reason);
}

static noinline void translate_traced(struct sk_buff *skb,
				      struct net_device *dev,
				      const struct siit_config *cfg)
{
	struct siit_trace t;

	siit_trace_begin(&t, dev, 0, skb);
	translate_and(skb, dev, cfg, &t);
}

static void translate(struct sk_buff *skb, struct net_device *dev)
{
	const struct siit_dev *priv = netdev_priv(dev);
	const struct siit_config *cfg = rcu_dereference(priv->config);

	if (unlikely(siit_observed(cfg)))
		translate_traced(skb, dev, cfg);
	else
		translate_and(skb, dev, cfg, NULL);
}

static netdev_tx_t siit_start_xmit(struct sk_buff *skb,
				   struct net_device *dev)
{
	rcu_read_lock();
	translate(skb, dev);
	rcu_read_unlock();
	return NETDEV_TX_OK;
}

static void siit_get_stats64(struct net_device *dev,
			     struct rtnl_link_stats64 *stats)
{
	const struct siit_dev *priv = netdev_priv(dev);
	struct siit_totals sum;
	unsigned int i;

	siit_stats_sum(priv->stats, &sum);
	stats->tx_packets = sum.packets[SIIT_46] + sum.packets[SIIT_64];
	stats->tx_bytes = sum.bytes[SIIT_46] + sum.bytes[SIIT_64];
	stats->rx_packets = sum.rx_packets;
	stats->rx_bytes = sum.rx_bytes;
	for (i = SIIT_OK + 1; i < SIIT_REASON_COUNT; i++)
		stats->tx_dropped += sum.drops[i];
}

/* After the last reference: nobody reads or changes the settings any more. */
static void siit_destructor(struct net_device *dev)
{
	struct siit_dev *priv = netdev_priv(dev);
	struct siit_config *cfg = rcu_dereference_protected(priv->config, 1);

	eam_free(cfg->eam);
	siit_config_free(cfg);
	siit_ipid_free(priv->ipid);
	free_percpu(priv->stats);
	mutex_destroy(&priv->lock);
}

static int siit_init(struct net_device *dev)
{
	struct siit_dev *priv = netdev_priv(dev);
	struct siit_config *cfg;

	mutex_init(&priv->lock);
	priv->generation = siit_generation();
	siit_event_init(priv);
	priv->stats = netdev_alloc_pcpu_stats(struct siit_stats);
	if (!priv->stats)
		return -ENOMEM;
	priv->ipid = siit_ipid_alloc();
	if (!priv->ipid)
		goto err_stats;
	cfg = siit_config_alloc(0, 0, 0);
	if (!cfg)
		goto err_ipid;
	cfg->eam = eam_alloc(NULL);
	if (!cfg->eam)
		goto err_config;
	RCU_INIT_POINTER(priv->config, cfg);
	return 0;

err_config:
	siit_config_free(cfg);
err_ipid:
	siit_ipid_free(priv->ipid);
err_stats:
	free_percpu(priv->stats);
	return -ENOMEM;
}

static const struct net_device_ops siit_netdev_ops = {
	.ndo_init		= siit_init,
	.ndo_start_xmit		= siit_start_xmit,
	.ndo_get_stats64	= siit_get_stats64,
};

static void siit_setup(struct net_device *dev)
{
	dev->netdev_ops = &siit_netdev_ops;
	dev->ethtool_ops = &siit_ethtool_ops;
	dev->needs_free_netdev = true;
	dev->priv_destructor = siit_destructor;

	dev->type = ARPHRD_NONE;
	dev->flags = IFF_NOARP;
	dev->priv_flags |= IFF_NO_QUEUE;
	netif_keep_dst(dev);		/* ICMP errors need it */
	siit_set_lltx(dev);

	dev->mtu = ETH_DATA_LEN;
	dev->min_mtu = IPV6_MIN_MTU;
	dev->max_mtu = IP_MAX_MTU - GROWTH_MAX;
	dev->needed_headroom = GROWTH_MAX + SIIT_LL_ROOM;
	netif_set_tso_max_size(dev, GSO_LEGACY_MAX_SIZE - GROWTH_MAX);

	dev->features |= SIIT_FEATURES;
	dev->hw_features |= SIIT_FEATURES;
}

struct rtnl_link_ops siit_link_ops __read_mostly = {
	.kind		= SIIT_LINK_KIND,
	.priv_size	= sizeof(struct siit_dev),
	.setup		= siit_setup,
};
