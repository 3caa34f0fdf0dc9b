// SPDX-License-Identifier: GPL-2.0
/*
 * The upper layer: checksums (RFC 7915 4.5, 5.5) and segmentation offload.
 */
#include <linux/icmp.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ipv6.h>
#include <net/udp.h>

#include "compat.h"
#include "config.h"
#include "csum.h"
#include "transport.h"

/* What can change family as it is, its segments still inside. */
#define GSO_WHOLE	(SKB_GSO_TCPV4 | SKB_GSO_TCPV6 | SKB_GSO_UDP_L4 | \
			 SKB_GSO_SCTP | SKB_GSO_TCP_ECN | \
			 SKB_GSO_TCP_FIXEDID | SKB_GSO_DODGY)

/**
 * siit_udp_zero_plan() - what becomes of UDP without a checksum
 * @skb: the packet, its UDP header readable
 * @pkt: its network header
 * @udp_zero: enum siit_udp_zero
 * @l4: of siit_l4_plan()
 *
 * RFC 7915 4.5.
 *
 * Context: BH.
 * Return: SIIT_OK, SIIT_SEGMENT, or why not.
 */
enum siit_reason siit_udp_zero_plan(const struct sk_buff *skb,
				    const struct siit_pkt *pkt, u8 udp_zero,
				    struct siit_l4 *l4)
{
	const struct udphdr *uh = (const void *)(skb->data + pkt->hdr_len);

	switch (udp_zero) {
	case SIIT_UDP_ZERO_FORWARD:
		l4->csum_at = 0;
		return SIIT_OK;
	case SIIT_UDP_ZERO_COMPUTE:
		if (pkt->fragment)
			return SIIT_DROP_UDP_ZERO_FRAG;
		if (skb_is_gso(skb))
			return SIIT_SEGMENT;
		l4->udp_len = ntohs(uh->len);
		if (l4->udp_len < sizeof(*uh) || l4->udp_len > pkt->l4_len)
			return SIIT_DROP_L4_TRUNCATED;
		l4->compute = true;
		return SIIT_OK;
	default:
		return pkt->fragment ? SIIT_DROP_UDP_ZERO_FRAG :
				       SIIT_DROP_UDP_ZERO_CSUM;
	}
}

/**
 * siit_l4_fix_quoted() - update the checksum of a quoted upper layer
 * @l4: what there is of it
 * @len: octets of that
 * @proto: its protocol, in the numbers of either family
 * @diff: what the sum has gained
 *
 * RFC 7915 4.3 and 5.3. A quoted packet is often cut short, and not always in
 * front of its checksum. UDP without one stays without.
 *
 * Context: any.
 */
void siit_l4_fix_quoted(u8 *l4, u32 len, u8 proto, __wsum diff)
{
	bool udp = proto == IPPROTO_UDP;
	__sum16 *field;
	u32 at;

	switch (proto) {
	case IPPROTO_TCP:
		at = offsetof(struct tcphdr, check);
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		at = offsetof(struct icmphdr, checksum);
		break;
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_DCCP:
		at = offsetof(struct udphdr, check);
		break;
	default:
		return;
	}
	if (at + sizeof(*field) > len)
		return;
	field = (__sum16 *)(l4 + at);
	if (udp && !*field)
		return;
	csum_fix(field, diff, false);
	if (udp && !*field)
		*field = CSUM_MANGLED_0;
}

/**
 * siit_gso_plan() - can a GSO packet change family in one piece?
 * @skb: a GSO packet, its transport header set
 * @pkt: its network header
 *
 * Context: BH.
 * Return: SIIT_OK, SIIT_SEGMENT if it can be segmented first, or
 *	SIIT_DROP_GSO if its offload fields contradict its headers.
 */
enum siit_reason siit_gso_plan(struct sk_buff *skb, const struct siit_pkt *pkt)
{
	unsigned int type = skb_shinfo(skb)->gso_type;
	const struct tcphdr *th;

	if (type & ~GSO_WHOLE || skb->encapsulation)
		return SIIT_SEGMENT;
	if (pkt->fragment)
		return SIIT_DROP_GSO;
	if (type & (SKB_GSO_TCPV4 | SKB_GSO_TCPV6)) {
		if (pkt->proto != IPPROTO_TCP ||
		    !pskb_may_pull(skb, pkt->hdr_len + sizeof(*th)))
			return SIIT_DROP_GSO;
		th = (const void *)(skb->data + pkt->hdr_len);
		if (th->doff < 5 ||
		    !pskb_may_pull(skb, pkt->hdr_len + th->doff * 4))
			return SIIT_DROP_GSO;
	} else if (type & SKB_GSO_UDP_L4) {
		if (pkt->proto != IPPROTO_UDP)
			return SIIT_DROP_GSO;
	} else if (!(type & SKB_GSO_SCTP) || pkt->proto != IPPROTO_SCTP) {
		return SIIT_DROP_GSO;
	}
	return SIIT_OK;
}

/**
 * siit_gso_commit() - let a GSO packet belong to the other family
 * @skb: a GSO packet whose head is private
 *
 * IPv4 identifications count up from here on, whatever they did before.
 *
 * Context: BH.
 */
void siit_gso_commit(struct sk_buff *skb)
{
	struct skb_shared_info *shinfo = skb_shinfo(skb);

	if (shinfo->gso_type & (SKB_GSO_TCPV4 | SKB_GSO_TCPV6))
		shinfo->gso_type ^= SKB_GSO_TCPV4 | SKB_GSO_TCPV6;
	shinfo->gso_type &= ~SKB_GSO_TCP_FIXEDID;
}

/*
 * BIG TCP of IPv6 carries a jumbo payload option that is never on a wire. The
 * kernel takes it out when it segments, but 6.1 only from behind an Ethernet
 * header.
 */
static int remove_jumbo(struct sk_buff *skb)
{
	const unsigned int len = sizeof(struct hop_jumbo_hdr);
	u8 nexthdr = ipv6_has_hopopt_jumbo(skb);
	int err;

	if (!nexthdr)
		return 0;
	err = skb_cow_head(skb, 0);
	if (err)
		return err;
	memmove(skb->data + len, skb->data, sizeof(struct ipv6hdr));
	__skb_pull(skb, len);
	skb_reset_network_header(skb);
	ipv6_hdr(skb)->nexthdr = nexthdr;
	return 0;
}

/**
 * siit_gso_segment() - cut a GSO packet into its segments
 * @skb: the packet, from its network header on; private
 *
 * Context: BH.
 * Return: a list of the segments, @skb consumed; or NULL if it cannot be cut
 *	and stays the caller's.
 */
struct sk_buff *siit_gso_segment(struct sk_buff *skb)
{
	struct sk_buff *segs;

	if (remove_jumbo(skb))
		return NULL;
	segs = skb_gso_segment(skb, NETIF_F_SG | NETIF_F_HIGHDMA);
	if (IS_ERR_OR_NULL(segs))
		return NULL;
	consume_skb(skb);
	return segs;
}
