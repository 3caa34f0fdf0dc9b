/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What would become of a packet, found out by translating one that is never
 * sent.
 */
#ifndef _SIIT_PROBE_H
#define _SIIT_PROBE_H

#include <linux/in6.h>
#include <linux/types.h>

#include "icmp_send.h"
#include "stats.h"

struct net_device;

/**
 * struct siit_header - an IPv4 or IPv6 header
 * @v4: which of both
 * @saddr4: network order
 * @daddr4: network order
 * @saddr6: source
 * @daddr6: destination
 * @len: octets of the packet, its header included
 * @proto: Protocol or Next Header, after a fragment header
 * @ttl: TTL or Hop Limit
 * @tos: TOS or Traffic Class
 * @df: IPv4 "don't fragment"
 * @frag_hdr: IPv6 with a fragment header
 */
struct siit_header {
	bool v4;
	__be32 saddr4;
	__be32 daddr4;
	struct in6_addr saddr6;
	struct in6_addr daddr6;
	u32 len;
	u8 proto;
	u8 ttl;
	u8 tos;
	bool df;
	bool frag_hdr;
};

/**
 * struct siit_probe - a packet and what becomes of it
 * @in: the packet as it arrives
 * @out: the translated packet as it leaves; the first of @packets
 * @packets: how many it becomes
 * @reason: why it is dropped, or SIIT_OK
 * @about: there is an ICMP error for this reason
 * @sent: it is sent
 * @error: it
 */
struct siit_probe {
	struct siit_header in;
	struct siit_header out;
	unsigned int packets;
	enum siit_reason reason;
	bool about;
	bool sent;
	struct siit_icmp_error error;
};

u32 siit_probe_header_len(const struct siit_header *h);
int siit_probe(struct net_device *dev, struct siit_probe *p);

#endif /* _SIIT_PROBE_H */
