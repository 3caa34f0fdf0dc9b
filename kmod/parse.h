/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reading network headers: of a packet, and of one quoted in an ICMP error.
 * What every packet needs is inline.
 */
#ifndef _SIIT_PARSE_H
#define _SIIT_PARSE_H

#include <net/ip.h>
#include <net/ipv6.h>

#include "xlat.h"

enum siit_reason siit_parse4_options(const struct iphdr *ip);
enum siit_reason siit_parse6_chain(const struct sk_buff *skb, u32 at, u32 end,
				   struct siit_pkt *pkt, u32 *pointer);

/**
 * siit_parse4() - read an IPv4 header
 * @ip: readable to the end of its options, if IHL is 5 or more
 * @pkt: what was found
 *
 * RFC 1812 5.2.2. Whether Total Length octets are there is for the caller to
 * say: not all of a quoted packet is.
 *
 * Context: any.
 * Return: SIIT_OK, or why not.
 */
static __always_inline enum siit_reason
siit_parse4(const struct iphdr *ip, struct siit_pkt *pkt)
{
	u32 len = ntohs(ip->tot_len);
	u16 frag = ntohs(ip->frag_off);

	if (ip_fast_csum(ip, ip->ihl))
		return SIIT_DROP_HDR4_CSUM;
	pkt->hdr_len = ip->ihl * 4;
	if (len < pkt->hdr_len)
		return SIIT_DROP_HDR4_LENGTH;

	pkt->l4_len = len - pkt->hdr_len;
	pkt->proto = ip->protocol;
	pkt->frag_id = ntohs(ip->id);
	pkt->frag_off = 0;
	pkt->frag_hdr = false;
	pkt->fragment = false;
	pkt->more = false;
	pkt->df = frag & IP_DF;
	if (likely(!(frag & (IP_MF | IP_OFFSET))))
		return SIIT_OK;
	pkt->frag_off = (frag & IP_OFFSET) * 8;
	pkt->fragment = true;
	pkt->more = frag & IP_MF;
	if (!pkt->l4_len || (pkt->more && pkt->l4_len % 8) ||
	    pkt->frag_off + pkt->l4_len > IP_MAX_MTU)
		return SIIT_DROP_FRAG_LENGTH;
	return SIIT_OK;
}

/* RFC 7915 5.1: all others are an upper layer, whatever they are. */
static inline bool siit_ext_skipped(u8 nexthdr)
{
	return nexthdr == NEXTHDR_HOP || nexthdr == NEXTHDR_ROUTING ||
	       nexthdr == NEXTHDR_DEST || nexthdr == NEXTHDR_FRAGMENT;
}

/**
 * siit_parse6() - read an IPv6 header and its extension headers
 * @skb: the packet
 * @at: offset of the IPv6 header from skb->data; that header is readable
 * @end: offset of the end of what may be read
 * @pkt: what was found
 * @pointer: with SIIT_DROP_EXT_ROUTING: offset of Segments Left from the IPv6
 *	header, for a Parameter Problem
 *
 * RFC 7915 5.1 and 5.1.1. Whether Payload Length octets are there is for the
 * caller to say: not all of a quoted packet is.
 *
 * Context: any.
 * Return: SIIT_OK, or why not.
 */
static __always_inline enum siit_reason
siit_parse6(const struct sk_buff *skb, u32 at, u32 end, struct siit_pkt *pkt,
	    u32 *pointer)
{
	const struct ipv6hdr *ip6 = (const void *)(skb->data + at);

	if (unlikely(siit_ext_skipped(ip6->nexthdr)))
		return siit_parse6_chain(skb, at, end, pkt, pointer);
	*pkt = (struct siit_pkt){
		.hdr_len = sizeof(*ip6),
		.l4_len = ntohs(ip6->payload_len),
		.proto = ip6->nexthdr,
	};
	return SIIT_OK;
}

#endif /* _SIIT_PARSE_H */
