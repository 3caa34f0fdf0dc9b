// SPDX-License-Identifier: GPL-2.0
/*
 * Fragmentation of what IPv4 allowed to be fragmented (RFC 7915 section 4).
 */
#include <net/ip.h>

#include "xlat.h"

#define FRAG_HDRS	(sizeof(struct ipv6hdr) + sizeof(struct frag_hdr))

static void fix_headers(struct sk_buff *skb, u32 len, u16 frag_off, bool more)
{
	struct ipv6hdr *ip6 = (struct ipv6hdr *)skb->data;
	struct frag_hdr *fh = (struct frag_hdr *)(ip6 + 1);

	ip6->payload_len = htons(sizeof(*fh) + len);
	fh->frag_off = htons(frag_off | (more ? IP6_MF : 0));
	skb_reset_network_header(skb);
	skb_set_transport_header(skb, FRAG_HDRS);
	skb->ip_summed = CHECKSUM_NONE;
}

/* A piece of @skb: its headers, and @len octets of what follows from @off. */
static struct sk_buff *copy_piece(const struct sk_buff *skb, u32 off, u32 len)
{
	unsigned int room = SIIT_LL_ROOM + NET_SKB_PAD;
	struct sk_buff *piece;

	piece = alloc_skb(room + FRAG_HDRS + len, GFP_ATOMIC);
	if (!piece)
		return NULL;
	skb_reserve(piece, room);
	skb_put_data(piece, skb->data, FRAG_HDRS);
	if (skb_copy_bits(skb, FRAG_HDRS + off, skb_put(piece, len), len)) {
		kfree_skb(piece);
		return NULL;
	}
	piece->dev = skb->dev;
	piece->protocol = skb->protocol;
	piece->priority = skb->priority;
	piece->mark = skb->mark;
	piece->skb_iif = skb->skb_iif;
	skb_copy_secmark(piece, skb);
	return piece;
}

/**
 * siit_frag6() - cut a translated packet into IPv6 fragments
 * @skb: IPv6 header, fragment header and the rest; becomes the first piece
 * @mtu: octets that a piece may have, 1280 or more
 * @pkt: of the IPv4 packet: a piece of a fragment has an offset in the whole
 *	datagram, and only the last piece of the last fragment ends it
 * @ctx: ctx->more gets the other pieces, in order
 *
 * RFC 7915 4 and 4.1, RFC 8200 4.5.
 *
 * Context: BH.
 * Return: SIIT_OK, or SIIT_DROP_NO_MEMORY; then the packet is spoiled.
 */
enum siit_reason siit_frag6(struct sk_buff *skb, u32 mtu,
			    const struct siit_pkt *pkt, struct siit_ctx *ctx)
{
	u32 chunk = round_down(mtu - FRAG_HDRS, 8);
	u32 total = skb->len - FRAG_HDRS;
	struct sk_buff **tail = &ctx->more;
	struct sk_buff *piece;
	u32 off, len;

	if (skb->ip_summed == CHECKSUM_PARTIAL && skb_checksum_help(skb))
		goto err;
	for (off = chunk; off < total; off += len) {
		len = min(chunk, total - off);
		piece = copy_piece(skb, off, len);
		if (!piece)
			goto err;
		fix_headers(piece, len, pkt->frag_off + off,
			    pkt->more || off + len < total);
		*tail = piece;
		tail = &piece->next;
	}
	if (pskb_trim(skb, FRAG_HDRS + chunk))
		goto err;
	fix_headers(skb, chunk, pkt->frag_off, true);
	return SIIT_OK;

err:
	kfree_skb_list(ctx->more);
	ctx->more = NULL;
	ctx->spoiled = true;
	return SIIT_DROP_NO_MEMORY;
}
