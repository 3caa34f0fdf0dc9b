/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The translation engine (RFC 7915). It takes a packet and the settings of a
 * device and gives a verdict; it knows no namespace, device or netlink.
 *
 * Each direction goes parse -> plan -> commit. Parsing checks the headers and
 * writes nothing but lengths; planning decides every field of the new header;
 * only when nothing can fail any more is the packet written to. A packet that
 * is refused is therefore still the one that came in, and can be quoted in an
 * ICMP error.
 */
#ifndef _SIIT_XLAT_H
#define _SIIT_XLAT_H

#include <linux/in6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <net/ipv6.h>

#include <linux/siit.h>

#include "stats.h"

struct siit_config;
struct siit_ipid;

/* Not a reason to drop: segment the GSO packet, then translate each segment. */
#define SIIT_SEGMENT	SIIT_REASON_COUNT

/* Room for the link header of the next hop, asked for where we must copy. */
#define SIIT_LL_ROOM	16

/**
 * struct siit_mapped - what an address maps to
 * @method: how; SIIT_METHOD_NONE: not known
 * @addr6: the IPv6 address of an IPv4 one
 * @addr4: the IPv4 address of an IPv6 one, network order
 */
struct siit_mapped {
	enum siit_method method;
	union {
		struct in6_addr addr6;
		__be32 addr4;
	};
};

/**
 * struct siit_known - what the addresses of a packet map to
 * @src: its source, by all the rules, that of simple hairpinning excepted
 * @dst: its destination
 */
struct siit_known {
	struct siit_mapped src;
	struct siit_mapped dst;
};

extern const struct siit_known siit_nothing_known;

/**
 * struct siit_ctx - one translation
 * @cfg: in; settings
 * @known: in; what has been looked up already
 * @ipid: in; generator of IPv4 identifications, or NULL, see siit_ipid_get()
 * @nh_mtu4: in; MTU of the next hop to an IPv4 address, octets
 * @nh_mtu6: in; MTU of the next hop to an IPv6 address, octets
 * @ttl_add: in; 1 if the packet has lost a hop too many on its way to us, -1
 *	if nobody after us will take the one that it owes
 * @ttl_min: in; the packet is refused if it has fewer hops left
 * @pointer: out; with SIIT_DROP_EXT_ROUTING: offset of Segments Left
 * @mtu: out; with SIIT_DROP_TOO_BIG: octets that would have fit, in the family
 *	that the packet came in
 * @more: out; further packets after the one passed in, linked by next
 * @quoted: with @again: octets of a quoted upper layer; what follows them is
 *	padding of ours
 * @again: this is the second pass of intrinsic hairpinning
 * @spoiled: out; the packet was refused after it had been written to
 */
struct siit_ctx {
	const struct siit_config *cfg;
	const struct siit_known *known;
	struct siit_ipid *ipid;
	u32 (*nh_mtu4)(const struct siit_ctx *ctx, __be32 daddr);
	u32 (*nh_mtu6)(const struct siit_ctx *ctx,
		       const struct in6_addr *daddr);
	s8 ttl_add;
	u8 ttl_min;
	u32 pointer;
	u32 mtu;
	struct sk_buff *more;
	u32 quoted;
	bool again;
	bool spoiled;
};

static inline u8 siit_ttl(const struct siit_ctx *ctx, u8 ttl)
{
	return min(ttl + ctx->ttl_add, 255);
}

/**
 * struct siit_pkt - what parsing a network header has found
 * @hdr_len: octets up to the upper layer, with options or extension headers
 * @l4_len: octets after that, by the length field of the header
 * @frag_id: identification; 32 bits in IPv6
 * @frag_off: fragment offset, octets
 * @proto: upper-layer protocol, in the numbers of the family it came in
 * @fragment: part of a datagram: it has an offset or more fragments follow
 * @more: more fragments follow
 * @frag_hdr: it has an IPv6 fragment header, as an atomic fragment does too
 * @df: IPv4 "don't fragment"
 * @gso: it stands for several packets; not of a quoted one
 */
struct siit_pkt {
	u32 hdr_len;
	u32 l4_len;
	u32 frag_id;
	u16 frag_off;
	u8 proto;
	bool fragment;
	bool more;
	bool frag_hdr;
	bool df;
	bool gso;
};

/*
 * Who offloads a checksum says where it starts. A start in the headers that we
 * take away would point in front of the packet.
 */
static inline bool siit_csum_start_bad(const struct sk_buff *skb,
				       const struct siit_pkt *pkt)
{
	return skb->ip_summed == CHECKSUM_PARTIAL &&
	       skb_checksum_start_offset(skb) < (int)pkt->hdr_len;
}

/**
 * struct siit_hdr6 - a new IPv6 header
 * @ip: the header
 * @fh: the fragment header after it
 * @len: octets used of both: 40 or 48
 */
struct siit_hdr6 {
	struct ipv6hdr ip;
	struct frag_hdr fh;
	u32 len;
};

/* xlat46.c, xlat64.c */
enum siit_reason siit_xlat46(struct sk_buff *skb, struct siit_ctx *ctx);
enum siit_reason siit_xlat46_again(struct sk_buff *skb, struct siit_ctx *ctx);
enum siit_reason siit_xlat64(struct sk_buff *skb, struct siit_ctx *ctx);

/* icmp46.c, icmp64.c */
bool siit_icmp46_is_error(u8 type);
enum siit_reason siit_icmp46_info(u8 type, u8 *type6);
enum siit_reason siit_icmp46_error(struct sk_buff *skb,
				   const struct siit_pkt *pkt,
				   struct siit_ctx *ctx, bool hairpin);
enum siit_reason siit_icmp64_info(u8 type, u8 *type4);
enum siit_reason siit_icmp64_error(struct sk_buff *skb,
				   const struct siit_pkt *pkt,
				   struct siit_ctx *ctx);

/* frag.c */
enum siit_reason siit_frag6(struct sk_buff *skb, u32 mtu,
			    const struct siit_pkt *pkt, struct siit_ctx *ctx);

#endif /* _SIIT_XLAT_H */
