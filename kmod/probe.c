// SPDX-License-Identifier: GPL-2.0
/*
 * What would become of a packet: one is made, and given to the engine with the
 * settings of a device, and then thrown away. Nothing is sent or counted.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/netdevice.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/dsfield.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>

#include "config.h"
#include "device.h"
#include "nexthop.h"
#include "probe.h"
#include "xlat.h"

/* All that is ever pulled is in the head; the rest is in pages, as from a NIC. */
#define PROBE_HEAD	128
#define PROBE_ROOM	(NET_SKB_PAD + SIIT_LL_ROOM + 28)

/* Ports that mean nothing. */
#define PROBE_SPORT	49152
#define PROBE_DPORT	9

static bool is_echo(const struct siit_header *h)
{
	return h->proto == (h->v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6);
}

static u32 ip_len(const struct siit_header *h)
{
	return h->v4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);
}

/**
 * siit_probe_header_len() - the shortest packet that has all of its headers
 * @h: its family and protocol
 *
 * Context: any.
 * Return: octets.
 */
u32 siit_probe_header_len(const struct siit_header *h)
{
	return ip_len(h) + (h->proto == IPPROTO_TCP ? sizeof(struct tcphdr) :
						      sizeof(struct udphdr));
}

static void write_ip(struct sk_buff *skb, const struct siit_header *h)
{
	struct ipv6hdr *ip6 = (struct ipv6hdr *)skb->data;
	struct iphdr *ip = (struct iphdr *)skb->data;

	if (h->v4) {
		skb->protocol = htons(ETH_P_IP);
		ip->version = 4;
		ip->ihl = 5;
		ip->tos = h->tos;
		ip->tot_len = htons(h->len);
		ip->frag_off = htons(h->df ? IP_DF : 0);
		ip->ttl = h->ttl;
		ip->protocol = h->proto;
		ip->saddr = h->saddr4;
		ip->daddr = h->daddr4;
		ip->check = ip_fast_csum(ip, ip->ihl);
		return;
	}
	skb->protocol = htons(ETH_P_IPV6);
	ip6_flow_hdr(ip6, h->tos, 0);
	ip6->payload_len = htons(h->len - sizeof(*ip6));
	ip6->nexthdr = h->proto;
	ip6->hop_limit = h->ttl;
	ip6->saddr = h->saddr6;
	ip6->daddr = h->daddr6;
}

static __sum16 l4_csum(const struct siit_header *h, const void *l4, u32 size)
{
	/* The octets beyond are zeros, and add nothing. */
	__wsum sum = csum_partial(l4, size, 0);
	u32 len = h->len - ip_len(h);

	if (h->v4 && is_echo(h))
		return csum_fold(sum);
	if (h->v4)
		return csum_tcpudp_magic(h->saddr4, h->daddr4, len, h->proto,
					 sum);
	return csum_ipv6_magic(&h->saddr6, &h->daddr6, len, h->proto, sum);
}

/* As much of it as there is room for. */
static void write_l4(struct sk_buff *skb, const struct siit_header *h)
{
	u32 room = min_t(u32, h->len, skb_headlen(skb)) - ip_len(h);
	union {
		struct tcphdr th;
		struct udphdr uh;
		struct icmphdr icmp;
	} l4 = {};
	u32 size = sizeof(l4.uh);

	if (is_echo(h)) {
		l4.icmp.type = h->v4 ? ICMP_ECHO : ICMPV6_ECHO_REQUEST;
		l4.icmp.checksum = l4_csum(h, &l4, size);
	} else if (h->proto == IPPROTO_UDP) {
		l4.uh.source = htons(PROBE_SPORT);
		l4.uh.dest = htons(PROBE_DPORT);
		l4.uh.len = htons(min_t(u32, h->len - ip_len(h), U16_MAX));
		l4.uh.check = l4_csum(h, &l4, size) ?: CSUM_MANGLED_0;
	} else if (h->proto == IPPROTO_TCP) {
		size = sizeof(l4.th);
		l4.th.source = htons(PROBE_SPORT);
		l4.th.dest = htons(PROBE_DPORT);
		l4.th.doff = sizeof(l4.th) / 4;
		l4.th.ack = 1;
		l4.th.check = l4_csum(h, &l4, size);
	} else {
		return;
	}
	memcpy(skb->data + ip_len(h), &l4, min(size, room));
}

/* Context: process; sleeps. */
static struct sk_buff *make(struct net_device *dev, const struct siit_header *h)
{
	u32 head = min_t(u32, h->len, PROBE_HEAD);
	struct sk_buff *skb;
	unsigned int i;
	int err;

	skb = alloc_skb_with_frags(PROBE_ROOM + head, h->len - head, 0, &err,
				   GFP_KERNEL_ACCOUNT);
	if (!skb)
		return NULL;
	skb_reserve(skb, PROBE_ROOM);
	skb_put_zero(skb, head);
	skb->len = h->len;
	skb->data_len = h->len - head;
	for (i = 0; i < skb_shinfo(skb)->nr_frags; i++)
		memset(skb_frag_address(&skb_shinfo(skb)->frags[i]), 0,
		       skb_frag_size(&skb_shinfo(skb)->frags[i]));
	skb->dev = dev;
	write_ip(skb, h);
	write_l4(skb, h);
	return skb;
}

/* What the engine has made; it leaves both headers in the linear part. */
static void read_header(const struct sk_buff *skb, struct siit_header *h)
{
	const struct ipv6hdr *ip6 = (const struct ipv6hdr *)skb->data;
	const struct iphdr *ip = (const struct iphdr *)skb->data;

	h->len = skb->len;
	h->v4 = skb->protocol == htons(ETH_P_IP);
	if (h->v4) {
		h->saddr4 = ip->saddr;
		h->daddr4 = ip->daddr;
		h->proto = ip->protocol;
		h->ttl = ip->ttl;
		h->tos = ip->tos;
		h->df = ip->frag_off & htons(IP_DF);
		return;
	}
	h->saddr6 = ip6->saddr;
	h->daddr6 = ip6->daddr;
	h->proto = ip6->nexthdr;
	h->ttl = ip6->hop_limit;
	h->tos = ipv6_get_dsfield(ip6);
	h->frag_hdr = h->proto == NEXTHDR_FRAGMENT;
	if (h->frag_hdr)
		h->proto = ((const struct frag_hdr *)(ip6 + 1))->nexthdr;
}

/* Frees the packet and the pieces that it was cut into. */
static unsigned int consume(struct sk_buff *skb, struct sk_buff *more)
{
	unsigned int n = 1;

	consume_skb(skb);
	for (; more; n++) {
		struct sk_buff *next = more->next;

		skb_mark_not_on_list(more);
		consume_skb(more);
		more = next;
	}
	return n;
}

/**
 * siit_probe() - find out what would become of a packet
 * @dev: the siit device
 * @p: with the packet in @p->in, whose length is right for its family; the
 *	answer goes to the rest
 *
 * The packet is taken to be passed on to another host: the one hop that this
 * costs is taken off here, as where this host has made the packet.
 *
 * Context: process; sleeps.
 * Return: 0 or -ENOMEM.
 */
int siit_probe(struct net_device *dev, struct siit_probe *p)
{
	const struct siit_dev *priv = netdev_priv(dev);
	struct siit_routed here = {
		.ctx.known = &siit_nothing_known,
		.ctx.nh_mtu4 = siit_nexthop_mtu4,
		.ctx.nh_mtu6 = siit_nexthop_mtu6,
		.ctx.ttl_add = -1,
		.ctx.ttl_min = 2,
		.dev = dev,
	};
	struct sk_buff *skb = make(dev, &p->in);

	if (!skb)
		return -ENOMEM;
	local_bh_disable();
	rcu_read_lock();
	here.ctx.cfg = rcu_dereference(priv->config);
	p->reason = p->in.v4 ? siit_xlat46(skb, &here.ctx) :
			       siit_xlat64(skb, &here.ctx);
	if (p->reason) {
		p->about = siit_icmp_about(skb, p->reason, &here.ctx,
					   &p->error);
		p->sent = p->about && here.ctx.cfg->set.icmp_errors;
	} else {
		read_header(skb, &p->out);
	}
	p->packets = consume(skb, here.ctx.more);
	rcu_read_unlock();
	local_bh_enable();
	return p->reason == SIIT_DROP_NO_MEMORY ? -ENOMEM : 0;
}
