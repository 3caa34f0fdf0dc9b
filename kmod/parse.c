// SPDX-License-Identifier: GPL-2.0
/*
 * Reading network headers: of a packet, and of one quoted in an ICMP error.
 */
#include <net/ip.h>
#include <net/ipv6.h>

#include "parse.h"

/* RFC 8200 4.1 has at most six; nothing honest comes near this. */
#define EXT_MAX		32

/**
 * siit_parse4_options() - look for what forbids translation
 * @ip: with options, readable to their end
 *
 * RFC 7915 4.1: a source route that is not used up.
 *
 * Context: any.
 * Return: SIIT_OK, SIIT_DROP_HDR4_SOURCE_ROUTE, or SIIT_DROP_HDR4_OPTIONS if
 *	the options do not add up.
 */
enum siit_reason siit_parse4_options(const struct iphdr *ip)
{
	const u8 *opt = (const u8 *)(ip + 1);
	u32 left = ip->ihl * 4 - sizeof(*ip);
	enum siit_reason reason = SIIT_OK;

	while (left) {
		if (opt[0] == IPOPT_END)
			break;
		if (opt[0] == IPOPT_NOOP) {
			opt++;
			left--;
			continue;
		}
		if (left < 2 || opt[1] < 2 || opt[1] > left)
			return SIIT_DROP_HDR4_OPTIONS;
		if (opt[0] == IPOPT_LSRR || opt[0] == IPOPT_SSRR) {
			if (opt[1] < 3)
				return SIIT_DROP_HDR4_OPTIONS;
			if (opt[2] <= opt[1])
				reason = SIIT_DROP_HDR4_SOURCE_ROUTE;
		}
		left -= opt[1];
		opt += opt[1];
	}
	return reason;
}

/* RFC 7915 5.1.1: what may not follow a fragment header. */
static bool ext_after_fragment(u8 nexthdr)
{
	switch (nexthdr) {
	case NEXTHDR_HOP:
	case NEXTHDR_ROUTING:
	case NEXTHDR_FRAGMENT:
	case NEXTHDR_AUTH:
	case NEXTHDR_DEST:
	case NEXTHDR_MOBILITY:
	case 139:	/* HIP */
	case 140:	/* Shim6 */
		return true;
	default:
		return false;
	}
}

static enum siit_reason parse_frag_hdr(const struct frag_hdr *fh,
				       struct siit_pkt *pkt)
{
	u16 frag = ntohs(fh->frag_off);

	pkt->frag_hdr = true;
	pkt->frag_id = ntohl(fh->identification);
	pkt->frag_off = frag & IP6_OFFSET;
	pkt->more = frag & IP6_MF;
	pkt->fragment = pkt->more || pkt->frag_off;
	pkt->proto = fh->nexthdr;
	return ext_after_fragment(fh->nexthdr) ? SIIT_DROP_EXT_FRAGMENT :
						 SIIT_OK;
}

/**
 * siit_parse6_chain() - siit_parse6() for a packet with extension headers
 * @skb: as there
 * @at: as there
 * @end: as there
 * @pkt: as there
 * @pointer: as there
 *
 * Context: any.
 * Return: SIIT_OK, or why not.
 */
enum siit_reason siit_parse6_chain(const struct sk_buff *skb, u32 at, u32 end,
				   struct siit_pkt *pkt, u32 *pointer)
{
	const struct ipv6hdr *ip6 = (const void *)(skb->data + at);
	u32 len = sizeof(*ip6) + ntohs(ip6->payload_len);
	enum siit_reason reason = SIIT_OK;
	u8 nexthdr = ip6->nexthdr;
	u32 off = sizeof(*ip6);
	unsigned int n;

	memset(pkt, 0, sizeof(*pkt));
	for (n = 0; siit_ext_skipped(nexthdr); n++) {
		const u8 *ext;
		u8 buf[8];

		if (len == sizeof(*ip6) && nexthdr == NEXTHDR_HOP)
			return SIIT_DROP_HDR6_JUMBO;
		if (n == EXT_MAX || (nexthdr == NEXTHDR_HOP && n))
			return SIIT_DROP_EXT_ORDER;
		if (off + sizeof(buf) > len || at + off + sizeof(buf) > end)
			return SIIT_DROP_EXT_TRUNCATED;
		ext = skb_header_pointer(skb, at + off, sizeof(buf), buf);
		if (!ext)
			return SIIT_DROP_EXT_TRUNCATED;
		if (nexthdr == NEXTHDR_FRAGMENT) {
			reason = parse_frag_hdr((const void *)ext, pkt);
			if (reason)
				return reason;
			nexthdr = pkt->proto;
			off += sizeof(struct frag_hdr);
			break;
		}
		if (nexthdr == NEXTHDR_ROUTING && ext[3]) {
			*pointer = off + 3;
			return SIIT_DROP_EXT_ROUTING;
		}
		nexthdr = ext[0];
		off += (ext[1] + 1) * 8;
	}
	if (off > len)
		return SIIT_DROP_EXT_TRUNCATED;

	pkt->proto = nexthdr;
	pkt->hdr_len = off;
	pkt->l4_len = len - off;
	if (pkt->fragment &&
	    (!pkt->l4_len || (pkt->more && pkt->l4_len % 8) ||
	     pkt->frag_off + pkt->l4_len > IP_MAX_MTU))
		return SIIT_DROP_FRAG_LENGTH;
	return SIIT_OK;
}
