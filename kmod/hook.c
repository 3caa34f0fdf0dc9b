// SPDX-License-Identifier: GPL-2.0
/*
 * The second way in: netfilter's ingress hook of another device.
 *
 * A claimed packet is rewritten where it is and goes on as a received packet
 * of the other family: the receive path reads skb->protocol after this hook.
 * Defragmentation, conntrack and both firewalls come later, so fragments are
 * still what they were on the wire, and one trip through forwarding takes the
 * one hop that is due.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/l3mdev.h>
#include <net/route.h>

#include "claim.h"
#include "compat.h"
#include "config.h"
#include "device.h"
#include "hook.h"
#include "icmp_send.h"
#include "nexthop.h"
#include "nl.h"
#include "own4.h"
#include "tracing.h"
#include "transport.h"
#include "xlat46.h"
#include "xlat64.h"

/* Before nftables' own ingress chains and flowtables: they see the result. */
#define HOOK_PRIORITY	(-300)

static LIST_HEAD(hooks);	/* RTNL */

/* claimed() for a header that is not all in the linear part. */
static noinline bool claimed_paged(const struct siit_config *cfg,
				   const struct siit_own4 *own,
				   const struct sk_buff *skb,
				   struct siit_known *known, bool v4)
{
	union {
		struct iphdr ip;
		struct ipv6hdr ip6;
	} buf;

	if (v4)
		return !skb_copy_bits(skb, 0, &buf.ip, sizeof(buf.ip)) &&
		       siit_claim4(cfg, own, &buf.ip, known);
	return !skb_copy_bits(skb, 0, &buf.ip6, sizeof(buf.ip6)) &&
	       siit_claim6(cfg, &buf.ip6, known);
}

/* Is it ours? @known as for siit_claim6(). */
static __always_inline bool claimed(const struct siit_config *cfg,
				    const struct siit_own4 *own,
				    const struct sk_buff *skb,
				    struct siit_known *known, const bool v4)
{
	if (unlikely(skb_headlen(skb) < sizeof(struct ipv6hdr)))
		return claimed_paged(cfg, own, skb, known, v4);
	if (v4)
		return siit_claim4(cfg, own, (const void *)skb->data, known);
	return siit_claim6(cfg, (const void *)skb->data, known);
}

/**
 * struct link_header - kept while the network header grows over it
 * @len: octets; 0: none, or none that we can keep
 * @octets: the header is the last of them; what is before it does not matter,
 *	but a copy of a fixed size is cheap
 */
struct link_header {
	u32 len;
	u8 octets[SIIT_LL_ROOM];
};

static __always_inline void save_link_header(const struct sk_buff *skb,
					     struct link_header *ll)
{
	u8 *end = ll->octets + sizeof(ll->octets);

	ll->len = skb_mac_header_was_set(skb) ? skb->mac_len : 0;
	if (ll->len > sizeof(ll->octets))
		ll->len = 0;
	if (likely(skb_headroom(skb) >= sizeof(ll->octets)))
		memcpy(ll->octets, skb->data - sizeof(ll->octets),
		       sizeof(ll->octets));
	else
		memcpy(end - ll->len, skb->data - ll->len, ll->len);
}

/*
 * The link header has to stay right in front of the network header. There is
 * room: siit_make_writable() has seen to it.
 */
static __always_inline void put_link_header(struct sk_buff *skb,
					    const struct link_header *ll,
					    __be16 proto)
{
	u8 *to = skb->data - sizeof(ll->octets);

	memcpy(to, ll->octets, sizeof(ll->octets));
	if (ll->len == ETH_HLEN)
		((struct ethhdr *)(skb->data - ETH_HLEN))->h_proto = proto;
	skb_set_mac_header(skb, -(int)ll->len);
	skb->mac_len = ll->len;
}

/* icmp_send() does nothing for a packet that has no route: give it one back. */
static void send_error(struct sk_buff *skb, enum siit_reason reason,
		       const struct siit_ctx *ctx)
{
	if (skb->protocol == htons(ETH_P_IP)) {
		struct flowi4 fl4 = {
			.daddr = ip_hdr(skb)->saddr,
			.flowi4_oif = l3mdev_master_ifindex_rcu(skb->dev),
		};
		struct rtable *rt = ip_route_output_key(dev_net(skb->dev),
							&fl4);

		if (IS_ERR(rt))
			return;
		skb_dst_set(skb, &rt->dst);
	}
	siit_icmp_send(skb, reason, ctx);
}

/*
 * Not in the place of the packet that came in: received once more, but past
 * the hooks, of which it has seen enough.
 */
static bool receive_again(struct sk_buff *skb)
{
	siit_skip_ingress(skb);
	return netif_rx(skb) == NET_RX_SUCCESS;
}

/*
 * What goes on in its place is ahead of its other pieces; so it is @apart. @out:
 * counts what has not been lost. Return: whether anything has not.
 */
static noinline bool hook_receive(struct sk_buff *skb, struct sk_buff *more,
				  struct siit_count *out, bool apart)
{
	if (apart && !receive_again(skb))
		*out = (struct siit_count){};
	while (more) {
		struct sk_buff *next = more->next;
		unsigned int len = more->len;

		skb_mark_not_on_list(more);
		skb_reset_mac_header(more);
		if (receive_again(more)) {
			out->packets++;
			out->bytes += len;
		}
		more = next;
	}
	return out->packets;
}

enum hook_verdict {
	HOOK_DONE,	/* translated */
	HOOK_PASS,	/* not ours after all */
	HOOK_DROP,	/* refused, counted, announced and gone */
	HOOK_SEGMENT,	/* segment it first */
};

static __always_inline void hook_ok(struct sk_buff *skb,
				    const struct siit_hook *h,
				    const struct siit_ctx *ctx,
				    enum siit_dir dir,
				    const struct siit_count *in, bool apart,
				    struct siit_trace *t)
{
	const struct siit_dev *priv = netdev_priv(h->dev);
	struct siit_count out = { in->packets, skb->len };

	skb_clear_hash(skb);
	if (t)
		siit_trace_result(t, skb);
	if (unlikely(apart || ctx->more) &&
	    !hook_receive(skb, ctx->more, &out, apart)) {
		siit_stats_drop(priv->stats, SIIT_DROP_QUEUE_FULL);
		if (t)
			siit_trace_drop(t, SIIT_DROP_QUEUE_FULL);
		return;
	}
	siit_stats_ok(priv->stats, dir, in, &out);
	if (t)
		siit_trace_ok(t, ctx->cfg, in, &out);
}

/* @t: NULL, or what to tell the tracepoints */
static __always_inline enum hook_verdict
translate_and(struct sk_buff *skb, const struct siit_hook *h,
	      const struct siit_config *cfg, const struct siit_known *known,
	      bool apart, struct siit_trace *t, const bool v4)
{
	const struct siit_dev *priv = netdev_priv(h->dev);
	struct siit_count in = {
		.packets = siit_gso_packets(skb),
		.bytes = skb->len,
	};
	struct siit_routed here = {
		.ctx.cfg = cfg,
		.ctx.known = known,
		.ctx.ipid = priv->ipid,
		.ctx.nh_mtu4 = siit_nexthop_mtu4,
		.ctx.nh_mtu6 = siit_nexthop_mtu6,
		/* Behind an edge relay it may be for this very host. */
		.ctx.ttl_min = v4 || cfg->set.role == SIIT_ROLE_BR ? 2 : 1,
		.dev = h->port,
	};
	enum siit_reason reason;
	struct link_header ll __uninitialized;

	save_link_header(skb, &ll);
	if (apart || t)		/* rare */
		reason = v4 ? siit_xlat46(skb, &here.ctx) :
			      siit_xlat64(skb, &here.ctx);
	else
		reason = v4 ? siit_xlat46_inline(skb, &here.ctx) :
			      siit_xlat64_inline(skb, &here.ctx);
	if (likely(!reason)) {
		put_link_header(skb, &ll, skb->protocol);
		hook_ok(skb, h, &here.ctx, v4 ? SIIT_46 : SIIT_64, &in,
			apart, t);
		return HOOK_DONE;
	}
	if (reason == SIIT_SEGMENT) {
		if (skb_is_gso(skb))
			return HOOK_SEGMENT;
		reason = SIIT_DROP_GSO;
	}
	if (!v4 && siit_claim_doubtful(cfg, known) && !here.ctx.spoiled)
		return HOOK_PASS;
	siit_stats_drop(priv->stats, reason);
	if (t)
		siit_trace_drop(t, reason);
	siit_event_drop(h->dev, skb, reason);
	send_error(skb, reason, &here.ctx);
	siit_kfree_skb(skb, reason);
	return HOOK_DROP;
}

static noinline enum hook_verdict
translate_traced(struct sk_buff *skb, const struct siit_hook *h,
		 const struct siit_config *cfg, const struct siit_known *known,
		 bool apart, bool v4)
{
	struct siit_trace t;

	siit_trace_begin(&t, h->dev, h->port->ifindex, skb);
	return translate_and(skb, h, cfg, known, apart, &t, v4);
}

static __always_inline enum hook_verdict
translate(struct sk_buff *skb, const struct siit_hook *h,
	  const struct siit_config *cfg, const struct siit_known *known,
	  bool apart, const bool v4)
{
	if (unlikely(siit_observed(cfg)))
		return translate_traced(skb, h, cfg, known, apart, v4);
	return translate_and(skb, h, cfg, known, apart, NULL, v4);
}

/* For what is lost before it gets as far as that; the packet goes. */
static noinline void drop_untranslated(struct sk_buff *skb,
				       const struct siit_hook *h,
				       enum siit_reason reason)
{
	const struct siit_dev *priv = netdev_priv(h->dev);
	struct siit_trace t;

	siit_stats_drop(priv->stats, reason);
	if (siit_traced()) {
		siit_trace_begin(&t, h->dev, h->port->ifindex, skb);
		siit_trace_drop(&t, reason);
	}
	siit_kfree_skb(skb, reason);
}

/* What cannot change family in place is private here, and received again. */
static void translate_apart(struct sk_buff *skb, const struct siit_hook *h,
			    const struct siit_config *cfg,
			    const struct siit_known *known)
{
	struct sk_buff *segs, *seg, *next;

	switch (translate(skb, h, cfg, known, true,
			  skb->protocol == htons(ETH_P_IP))) {
	case HOOK_DONE:
	case HOOK_DROP:
		return;
	case HOOK_PASS:
		receive_again(skb);
		return;
	case HOOK_SEGMENT:
		segs = siit_gso_segment(skb);
		if (!segs) {
			drop_untranslated(skb, h, SIIT_DROP_GSO);
			return;
		}
		skb_list_walk_safe(segs, seg, next) {
			skb_mark_not_on_list(seg);
			translate_apart(seg, h, cfg, known);
		}
		return;
	}
}

/* A bridge takes what is for itself, by whichever of its ports it comes. */
static noinline bool for_bridge(const struct sk_buff *skb)
{
	const struct net_device *bridge;

	if (skb->pkt_type != PACKET_OTHERHOST ||
	    !netif_is_bridge_port(skb->dev))
		return false;
	bridge = netdev_master_upper_dev_get_rcu(skb->dev);
	return bridge && ether_addr_equal(eth_hdr(skb)->h_dest,
					  bridge->dev_addr);
}

static __always_inline bool for_us(const struct sk_buff *skb)
{
	return likely(skb->pkt_type == PACKET_HOST) || for_bridge(skb);
}

/* @v4 is a constant at each use: two functions in one text. */
static __always_inline unsigned int hook_one(const struct siit_hook *h,
					     struct sk_buff *skb, const bool v4)
{
	const struct siit_dev *priv = netdev_priv(h->dev);
	const struct siit_config *cfg;
	struct siit_known known __uninitialized;
	struct sk_buff *clone;

	/* With a tag it belongs to a VLAN device, and comes by once more. */
	if (!for_us(skb) ||
	    (skb_vlan_tag_present(skb) && skb_vlan_tag_get_id(skb)) ||
	    !netif_running(h->dev))
		return NF_ACCEPT;
	cfg = rcu_dereference(priv->config);
	if (!claimed(cfg, h->own, skb, &known, v4))
		return NF_ACCEPT;

	if (unlikely(skb_shared(skb))) {
		/* The others must not see it change, nor may its head move. */
		clone = skb_clone(skb, GFP_ATOMIC);
		if (clone) {
			clone->pkt_type = PACKET_HOST;
			translate_apart(clone, h, cfg, &known);
			consume_skb(skb);
		} else {
			drop_untranslated(skb, h, SIIT_DROP_NO_MEMORY);
		}
		return NF_STOLEN;
	}
	skb->pkt_type = PACKET_HOST;

	switch (translate(skb, h, cfg, &known, false, v4)) {
	case HOOK_DONE:
	case HOOK_PASS:
		return NF_ACCEPT;
	case HOOK_SEGMENT:
		translate_apart(skb, h, cfg, &known);
		break;
	case HOOK_DROP:
		break;
	}
	return NF_STOLEN;
}

static noinline unsigned int hook4(const struct siit_hook *h,
				   struct sk_buff *skb)
{
	return hook_one(h, skb, true);
}

static noinline unsigned int hook6(const struct siit_hook *h,
				   struct sk_buff *skb)
{
	return hook_one(h, skb, false);
}

static unsigned int hook_fn(void *arg, struct sk_buff *skb,
			    const struct nf_hook_state *state)
{
	switch (skb->protocol) {
	case htons(ETH_P_IP):
		return hook4(arg, skb);
	case htons(ETH_P_IPV6):
		return hook6(arg, skb);
	default:
		return NF_ACCEPT;
	}
}

static struct siit_hook *hook_find(const struct net_device *dev,
				   const struct net_device *port)
{
	struct siit_hook *h;

	list_for_each_entry(h, &hooks, list)
		if (h->dev == dev && h->port == port)
			return h;
	return NULL;
}

/**
 * siit_hook_check() - can a device be listened at?
 * @port: the device
 * @extack: says why not
 *
 * Context: process; RTNL.
 * Return: 0 or -EINVAL.
 */
int siit_hook_check(const struct net_device *port,
		    struct netlink_ext_ack *extack)
{
	if (siit_is_dev(port))
		NL_SET_ERR_MSG(extack, "a siit device is no place for a hook");
	else if (port->flags & IFF_LOOPBACK)
		NL_SET_ERR_MSG(extack,
			       "nothing arrives on loopback but what this host sends");
	else
		return 0;
	return -EINVAL;
}

/**
 * siit_hook_add() - listen at a device
 * @dev: the siit device
 * @port: the device to listen at, of the same namespace
 * @extack: says why not
 *
 * Context: process; RTNL.
 * Return: 0 or a negative errno.
 */
int siit_hook_add(struct net_device *dev, struct net_device *port,
		  struct netlink_ext_ack *extack)
{
	struct siit_hook *h;
	int err;

	ASSERT_RTNL();
	err = siit_hook_check(port, extack);
	if (err)
		return err;
	if (hook_find(dev, port)) {
		NL_SET_ERR_MSG(extack, "there is such a hook already");
		return -EEXIST;
	}
	h = kzalloc(sizeof(*h), GFP_KERNEL_ACCOUNT);
	if (!h)
		return -ENOMEM;
	h->own = siit_own4_get(dev_net(port));
	if (!h->own) {
		kfree(h);
		return -ENOMEM;
	}
	h->dev = dev;
	h->port = port;
	h->ops.hook = hook_fn;
	h->ops.priv = h;
	h->ops.dev = port;
	h->ops.pf = NFPROTO_NETDEV;
	h->ops.hooknum = NF_NETDEV_INGRESS;
	h->ops.priority = HOOK_PRIORITY;
	err = nf_register_net_hook(dev_net(port), &h->ops);
	if (err) {
		NL_SET_ERR_MSG(extack, "netfilter refuses the hook");
		siit_own4_put(h->own);
		kfree(h);
		return err;
	}
	list_add_tail_rcu(&h->list, &hooks);
	return 0;
}

static void hook_remove(struct siit_hook *h)
{
	nf_unregister_net_hook(dev_net(h->port), &h->ops);
	list_del_rcu(&h->list);
	siit_own4_put(h->own);
	kfree_rcu(h, rcu);
}

/**
 * siit_hook_del() - stop listening at a device
 * @dev: the siit device
 * @port: the other device
 * @extack: says why not
 *
 * Context: process; RTNL.
 * Return: 0, or -ENOENT if there is no such hook.
 */
int siit_hook_del(struct net_device *dev, struct net_device *port,
		  struct netlink_ext_ack *extack)
{
	struct siit_hook *h;

	ASSERT_RTNL();
	h = hook_find(dev, port);
	if (!h) {
		NL_SET_ERR_MSG(extack, "no such hook");
		return -ENOENT;
	}
	hook_remove(h);
	return 0;
}

/**
 * siit_hook_next() - walk the hooks of a device
 * @dev: the siit device
 * @after: ifindex of the port of the last one, 0 at first
 *
 * Context: rcu_read_lock().
 * Return: the hook with the next higher ifindex, or NULL at the end.
 */
const struct siit_hook *siit_hook_next(const struct net_device *dev, int after)
{
	const struct siit_hook *h, *next = NULL;

	list_for_each_entry_rcu(h, &hooks, list)
		if (h->dev == dev && h->port->ifindex > after &&
		    (!next || h->port->ifindex < next->port->ifindex))
			next = h;
	return next;
}

/* A device that goes, or goes to another namespace, takes its hooks along. */
static int hook_netdev_event(struct notifier_block *nb, unsigned long event,
			     void *ptr)
{
	const struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct siit_hook *h, *next;

	if (event != NETDEV_UNREGISTER)
		return NOTIFY_DONE;
	list_for_each_entry_safe(h, next, &hooks, list) {
		if (h->port == dev)
			siit_nl_event(h->dev, SIIT_CMD_HOOK_DEL,
				      siit_nl_hook_fill, dev);
		if (h->dev == dev || h->port == dev)
			hook_remove(h);
	}
	return NOTIFY_DONE;
}

static struct notifier_block hook_notifier = {
	.notifier_call = hook_netdev_event,
};

/**
 * siit_hook_init() - watch devices come and go
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int __init siit_hook_init(void)
{
	int err = siit_own4_init();

	if (err)
		return err;
	err = register_netdevice_notifier(&hook_notifier);
	if (err)
		siit_own4_exit();
	return err;
}

/**
 * siit_hook_exit() - undo siit_hook_init(), once all siit devices are gone
 *
 * Context: process; sleeps.
 */
void siit_hook_exit(void)
{
	unregister_netdevice_notifier(&hook_notifier);
	siit_own4_exit();
	/* Packets may still be in hook_fn(). */
	synchronize_net();
}
