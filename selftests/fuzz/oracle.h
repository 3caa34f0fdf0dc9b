/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Says what is wrong with what a translator has made of a packet.
 */
#ifndef ORACLE_H
#define ORACLE_H

#include "input.h"
#include "port.h"
#include "view.h"

#define OUTPUTS_MAX 64

/**
 * struct output - a packet that has come out
 * @f: as the tap has seen it, with the data kept in @data
 * @v: its headers
 */
struct output {
	struct frame f;
	struct view v;
};

/**
 * struct trial - one packet in, and its consequences
 * @m: settings of the device
 * @in: what the device was given, octet by octet. A partial checksum is
 *	completed
 * @len: octets of @in
 * @ethertype: what it was said to be
 * @o: offloads
 * @odd: the offloads contradict the packet: only lengths are judged
 * @hops: 1 if the device gives back a hop
 * @plain: nothing is wrong with the packet, and nothing is in its way
 * @outputs: number of @out
 * @out: what came out, in order
 */
struct trial {
	const struct model *m;
	const uint8_t *in;
	size_t len;
	int ethertype;
	struct offload o;
	bool odd;
	int hops;
	bool plain;
	int outputs;
	struct output out[OUTPUTS_MAX];
};

/* NULL, or what is wrong. */
const char *oracle_judge(struct trial *t);

/* The part for ICMP errors. */
const char *oracle_error(const struct trial *t, const struct view *in,
			 const struct view *out);

/**
 * oracle_returned() - is a packet the same after two translations?
 * @t: the first
 * @back: the second, of every output of the first
 *
 * RFC 7756 section 3, R7756-15: addresses, upper layer and the fields of a
 * fragment; not TTL, DF, and the ID of what is no fragment.
 *
 * Return: NULL, or what is wrong.
 */
const char *oracle_returned(const struct trial *t, const struct trial *back);

/* Should every translation by @t->m be undone by its mirror? */
bool oracle_returns(const struct trial *t);

#endif /* ORACLE_H */
