/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reading packets, written for the oracle alone.
 */
#ifndef VIEW_H
#define VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct view - a network header and what follows
 * @family: 4 or 6
 * @src: source, 4 or 16 octets
 * @dst: destination
 * @tos: TOS or traffic class
 * @ttl: TTL or Hop Limit
 * @flow: flow label
 * @proto: upper layer
 * @frag_hdr: there is an IPv6 fragment header
 * @df: IPv4 "don't fragment"
 * @more: more fragments follow
 * @offset: of a fragment, octets
 * @id: Identification
 * @hdr_len: octets in front of the upper layer
 * @refuse: a document forbids to translate it: segments are left, or a fragment
 *	header is followed by an extension header
 * @l4: upper layer
 * @l4_len: octets of it that the header tells of
 * @l4_have: octets of it that are there
 */
struct view {
	int family;
	const uint8_t *src;
	const uint8_t *dst;
	uint8_t tos;
	uint8_t ttl;
	uint32_t flow;
	uint8_t proto;
	bool frag_hdr;
	bool df;
	bool more;
	unsigned int offset;
	uint32_t id;
	size_t hdr_len;
	bool refuse;
	const uint8_t *l4;
	size_t l4_len;
	size_t l4_have;
};

static inline unsigned int get16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static inline uint32_t get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

static inline bool view_fragment(const struct view *v)
{
	return v->more || v->offset;
}

/**
 * view_read() - read a packet
 * @v: result
 * @p: octets
 * @len: number of them; fewer than the header tells of are a packet that is
 *	cut off, as errors quote them
 *
 * Extension headers 0, 43, 44 and 60 are skipped, as RFC 7915 5.1 has it.
 *
 * Return: false if the headers are not there or contradict themselves.
 */
bool view_read(struct view *v, const uint8_t *p, size_t len);

/* Where the checksum is from @l4, or -1; what is an error message? */
int view_csum_at(const struct view *v);
bool view_is_error(const struct view *v);

/**
 * view_pseudo() - what addresses, length and protocol add to the checksum
 * @v: the packet
 *
 * ICMPv4 has nothing of that. The first two octets of ICMP are not in it.
 *
 * Return: a one's complement sum.
 */
uint16_t view_pseudo(const struct view *v);

/* Is the checksum of the upper layer right? Not for fragments. */
bool view_csum_right(const struct view *v);

/* The same number in one's complement? */
static inline bool same_sum(uint32_t a, uint32_t b)
{
	return a % 0xffff == b % 0xffff;
}

#endif /* VIEW_H */
