/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets, written down so that a reader can check them against an RFC.
 *
 * A packet is a text of layers, outermost first, with "/" between them:
 *
 *	ip4 src=192.0.2.33 dst=198.51.100.2 ttl=63 df / udp sp=1 dp=2 / text=hi
 *
 * A layer is a name and fields. What is not given is computed or has its
 * usual value: lengths, header lengths, the number of the next protocol and
 * checksums come from what follows. Numbers are decimal or 0x hexadecimal.
 * The value "*" means that an expected packet may have anything there. A
 * checksum may be given as "+N": the right one plus N, thus a wrong one.
 *
 *	ip4	src dst tos id ttl off proto len ihl ver csum, df mf rb (flags),
 *		opt (hexadecimal, padded with 0). off is in octets. anyhdr: tos,
 *		id, flags, ttl and checksum are not compared
 *	ip6	src dst tc fl hlim nh plen ver. anyhdr: tc, fl and hlim are
 *		not compared
 *	hop, dop  Hop-by-Hop and Destination Options: opt (hexadecimal; padded
 *		with a PadN option to 8 octets), nh, elen (Hdr Ext Len)
 *	rh	Routing: type sl opt nh elen
 *	frag	Fragment: off (octets) id mf nh res
 *	udp	sp dp len csum		udplite	sp dp cov csum
 *	tcp	sp dp seq ack flags win urg csum, opt
 *	dccp	sp dp csum
 *	icmp4	type code csum; id seq, or mtu, or ptr, and len (octet 5), or
 *		rest (hexadecimal, octets 4 to 7)
 *	icmp6	the same; len is octet 4, mtu and ptr have 32 bits
 *	ext	RFC 4884 extension structure: objects (hexadecimal), csum
 *	raw	nothing by itself; sets the family: raw v4 or raw v6
 *	part	{ layers }: builds what is in the braces as a whole, with all
 *		lengths and checksums, and takes n octets from octet at, and
 *		zeros up to pad octets
 *
 * Content: hex=... text=... zero=N fill=N (a pattern without repetition).
 */
#ifndef PACKET_H
#define PACKET_H

#include <stddef.h>
#include <stdint.h>

#define PACKET_MAX 66000

/**
 * struct packet - octets from the network header on
 * @family: 4 or 6
 * @len: octets in @data
 * @data: the octets
 * @mask: 0xff where an octet is compared, 0 where anything is right
 */
struct packet {
	int family;
	size_t len;
	uint8_t data[PACKET_MAX];
	uint8_t mask[PACKET_MAX];
};

/**
 * packet_build() - make the octets of a packet
 * @p: result
 * @text: the notation above; a mistake in it ends the program
 */
void packet_build(struct packet *p, const char *text);

/**
 * packet_differs() - compare
 * @want: expected, with its mask
 * @got: what came
 *
 * Return: the first octet that differs, or -1.
 */
long packet_differs(const struct packet *want, const struct packet *got);

/* Print octets as KTAP diagnostics. */
void packet_print(const char *title, const struct packet *p);

#endif /* PACKET_H */
