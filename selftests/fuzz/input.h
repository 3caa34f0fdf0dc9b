/* SPDX-License-Identifier: GPL-2.0 */
/* A packet for the translator, and how it is to get there. */
#ifndef INPUT_H
#define INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model.h"
#include "rig.h"
#include "rng.h"

#define SPLITS_MAX 12
#define INPUT_MAX 65575		/* an IPv6 header and 65535 octets */
#define GSO_PIECES 60		/* segments of a packet, at most */

/**
 * enum way - into the device
 * @WAY_PRIVATE: by a packet socket, past the taps: nobody else has the packet
 * @WAY_CLONED: by a packet socket, and a tap has a clone
 * @WAY_PAGED: from a TAP device in pieces, by tc mirred redirect
 * @WAY_MIRRORED: the same, by tc mirred mirror: the original goes elsewhere
 * @WAY_ROUTED: through IP forwarding
 * @WAY_HOOK: in pieces, to a TAP device with a hook, behind which nothing is
 *	forwarded: what comes out is not looked at, but counted
 */
enum way {
	WAY_PRIVATE,
	WAY_CLONED,
	WAY_PAGED,
	WAY_MIRRORED,
	WAY_ROUTED,
	WAY_HOOK,
	WAYS
};

extern const char *const way_names[WAYS];

static inline bool way_in_pieces(enum way way)
{
	return way == WAY_PAGED || way == WAY_MIRRORED || way == WAY_HOOK;
}

/**
 * struct input - one packet
 * @way: into the device
 * @ethertype: what the packet is said to be
 * @o: what a NIC would say about it
 * @odd: @o contradicts the packet
 * @splits: number of @split
 * @split: octets of each piece, for the ways of TAP devices
 * @fail: this allocation fails; 0: none
 * @plain: nothing is wrong with it, and it is small
 * @len: octets in @data
 * @data: from the network header on
 */
struct input {
	enum way way;
	int ethertype;
	struct offload o;
	bool odd;
	int splits;
	uint16_t split[SPLITS_MAX];
	int fail;
	bool plain;
	size_t len;
	uint8_t data[INPUT_MAX];
};

/**
 * grammar_packet() - make the octets of a packet
 * @in: @data, @len, @plain and @o are set, @o for packets that a sender leaves
 *	to the NIC to finish
 * @m: settings, for addresses that mean something
 * @r: chooses
 */
void grammar_packet(struct input *in, const struct model *m, struct rng *r);

/**
 * mutate() - do something to a packet that no sender would do
 * @in: the packet
 * @other: a packet to take octets from
 * @r: chooses
 */
void mutate(struct input *in, const struct input *other, struct rng *r);

/* All but data: pieces, offloads, and what suits the way. */
void dress(struct input *in, enum way by, struct rng *r);

#endif /* INPUT_H */
