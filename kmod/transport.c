// SPDX-License-Identifier: GPL-2.0
/*
 * The upper layer: checksums (RFC 7915 4.5, 5.5) and segmentation offload.
 */
#include <linux/icmp.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/udp.h>

#include "compat.h"
#include "config.h"
#include "csum.h"
#include "xlat.h"

/* What can change family as it is, its segments still inside. */
#define GSO_WHOLE	(SKB_GSO_TCPV4 | SKB_GSO_TCPV6 | SKB_GSO_UDP_L4 | \
			 SKB_GSO_SCTP | SKB_GSO_TCP_ECN | \
			 SKB_GSO_TCP_FIXEDID | SKB_GSO_DODGY)

static enum siit_reason udp_zero_plan(const struct sk_buff *skb,
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
 * siit_l4_plan() - find the checksum of the upper layer
 * @skb: the packet; what must be written to is pulled into its head
 * @pkt: its network header
 * @udp_zero: enum siit_udp_zero: what to do about UDP without a checksum
 * @l4: the answer
 *
 * Only TCP, UDP, UDP-Lite and DCCP have a checksum over the addresses. All
 * other protocols pass as they are (RFC 7915 4.5). What has an offset has no
 * upper-layer header.
 *
 * Context: BH.
 * Return: SIIT_OK, SIIT_SEGMENT, or why not.
 */
enum siit_reason siit_l4_plan(struct sk_buff *skb, const struct siit_pkt *pkt,
			      u8 udp_zero, struct siit_l4 *l4)
{
	u32 need;

	memset(l4, 0, sizeof(*l4));
	switch (pkt->proto) {
	case IPPROTO_TCP:
		l4->csum_at = offsetof(struct tcphdr, check);
		need = l4->csum_at + 2;
		break;
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
		l4->nonzero = true;
		l4->csum_at = offsetof(struct udphdr, check);
		need = sizeof(struct udphdr);
		break;
	case IPPROTO_DCCP:
		l4->csum_at = 6;
		need = 8;
		break;
	default:
		return SIIT_OK;
	}
	if (pkt->frag_off) {
		l4->csum_at = 0;
		return SIIT_OK;
	}
	if (pkt->l4_len < need)
		return pkt->fragment ? SIIT_DROP_FRAG_TINY :
				       SIIT_DROP_L4_TRUNCATED;
	if (!pskb_may_pull(skb, pkt->hdr_len + need))
		return SIIT_DROP_NO_MEMORY;

	l4->partial = skb->ip_summed == CHECKSUM_PARTIAL &&
		      skb_checksum_start_offset(skb) == pkt->hdr_len;
	if (pkt->proto == IPPROTO_UDP && !l4->partial &&
	    !((struct udphdr *)(skb->data + pkt->hdr_len))->check)
		return udp_zero_plan(skb, pkt, udp_zero, l4);
	return SIIT_OK;
}

/**
 * siit_l4_commit() - update the checksum of the upper layer
 * @skb: the packet, its transport header set
 * @l4: what siit_l4_plan() said, not @compute
 * @diff: what the pseudo-header has gained
 *
 * Context: BH.
 */
void siit_l4_commit(struct sk_buff *skb, const struct siit_l4 *l4, __wsum diff)
{
	__sum16 *field;

	if (!l4->csum_at)
		return;
	field = (__sum16 *)(skb_transport_header(skb) + l4->csum_at);
	csum_fix(field, diff, l4->partial);
	if (l4->nonzero && !*field)
		*field = CSUM_MANGLED_0;
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

/**
 * siit_make_writable() - make the headers private and room for longer ones
 * @skb: the packet
 * @grow: octets that the network header grows by; may be negative
 *
 * A copy is made only if the headers are shared or there is no room. A GSO
 * packet must own its shared info too, since its type changes.
 *
 * Context: BH.
 * Return: 0 or -ENOMEM.
 */
int siit_make_writable(struct sk_buff *skb, int grow)
{
	unsigned int room = max(grow + SIIT_LL_ROOM, 0);
	int err;

	err = skb_is_gso(skb) ? skb_cow(skb, room) : skb_cow_head(skb, room);
	if (err)
		return err;
	/* As skb_forward_csum(): a sum over the old header says nothing. */
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->ip_summed = CHECKSUM_NONE;
	return 0;
}
