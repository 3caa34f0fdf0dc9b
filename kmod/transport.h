/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The upper layer: checksums (RFC 7915 4.5, 5.5) and segmentation offload.
 * What every packet needs is inline.
 */
#ifndef _SIIT_TRANSPORT_H
#define _SIIT_TRANSPORT_H

#include <linux/tcp.h>
#include <linux/udp.h>

#include "csum.h"
#include "xlat.h"

/**
 * struct siit_l4 - what has to happen to the checksum of the upper layer
 * @csum_at: offset of the field, octets; 0: there is none to update
 * @nonzero: 0 is written as 0xffff (UDP, RFC 768 and RFC 8200 8.1)
 * @partial: CHECKSUM_PARTIAL of this very field
 * @compute: compute it from nothing (RFC 7915 4.5)
 * @udp_len: with @compute: octets that it covers
 */
struct siit_l4 {
	u8 csum_at;
	bool nonzero;
	bool partial;
	bool compute;
	u16 udp_len;
};

enum siit_reason siit_udp_zero_plan(const struct sk_buff *skb,
				    const struct siit_pkt *pkt, u8 udp_zero,
				    struct siit_l4 *l4);
void siit_l4_fix_quoted(u8 *l4, u32 len, u8 proto, __wsum diff);
enum siit_reason siit_gso_plan(struct sk_buff *skb,
			       const struct siit_pkt *pkt);
void siit_gso_commit(struct sk_buff *skb);
struct sk_buff *siit_gso_segment(struct sk_buff *skb);

/**
 * siit_gso_packets() - how many packets a packet stands for
 * @skb: the packet
 *
 * What comes from a guest does not say; its headers count as payload then.
 *
 * Context: any.
 * Return: its segments, 1 if it has none.
 */
static inline unsigned int siit_gso_packets(const struct sk_buff *skb)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);

	if (likely(!skb_is_gso(skb)))
		return 1;
	return shinfo->gso_segs ?: DIV_ROUND_UP(skb->len, shinfo->gso_size);
}

/**
 * siit_is_big_tcp() - is it longer than its IP header can tell?
 * @skb: the packet, from its network header on
 * @len: Total Length or Payload Length: 0 in what the host has made of many
 *	segments, in its own TCP or in its GRO; network order
 *
 * Context: any.
 * Return: whether it is.
 */
static inline bool siit_is_big_tcp(const struct sk_buff *skb, __be16 len)
{
	return !len && skb->len > IP_MAX_MTU && skb_is_gso_tcp(skb);
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
static __always_inline enum siit_reason
siit_l4_plan(struct sk_buff *skb, const struct siit_pkt *pkt, u8 udp_zero,
	     struct siit_l4 *l4)
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
		return siit_udp_zero_plan(skb, pkt, udp_zero, l4);
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
static __always_inline void siit_l4_commit(struct sk_buff *skb,
					   const struct siit_l4 *l4,
					   __wsum diff)
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
 * siit_make_writable() - make the headers private and room for longer ones
 * @skb: the packet
 * @grow: octets that the network header grows by; may be negative
 * @gso: it is a GSO packet
 *
 * A copy is made only if the headers are shared or there is no room. A GSO
 * packet must own its shared info too, since its type changes.
 *
 * Context: BH.
 * Return: 0 or -ENOMEM.
 */
static __always_inline int siit_make_writable(struct sk_buff *skb, int grow,
					      bool gso)
{
	unsigned int room = max(grow + SIIT_LL_ROOM, 0);
	int err;

	err = gso ? skb_cow(skb, room) : skb_cow_head(skb, room);
	if (err)
		return err;
	/* As skb_forward_csum(): a sum over the old header says nothing. */
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->ip_summed = CHECKSUM_NONE;
	return 0;
}

#endif /* _SIIT_TRANSPORT_H */
