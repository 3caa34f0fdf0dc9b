/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rig: one network namespace with a translator between two TAP devices.
 *
 *	test program                                      test program
 *	     |                                                 |
 *	   tap4 --- IPv4 forwarding --- siit0 --- IPv6 --- tap6
 *
 * By way of the device, whatever arrives on a TAP device is routed to siit0,
 * whatever leaves siit0 to the TAP device of its family, whatever the addresses
 * are (policy routing by incoming interface). ICMP errors that the box itself
 * sends leave by the TAP device of their family as well. Packets that IP
 * forwarding would refuse can be handed straight to siit0 with a packet socket.
 *
 * By way of the hook, both TAP devices have one, and no route leads to siit0.
 * A packet that the hook claims is forwarded to the other TAP device, any other
 * one back to where it came from. A border relay claims IPv4 to its nodes only,
 * and most configurations have none: there the hook of tap4 is one of siit4,
 * set up as siit0 is, to which all of IPv4 is a node (see claims46()).
 */
#ifndef RIG_H
#define RIG_H

#include <stdbool.h>
#include <stdint.h>

#include "packet.h"

#define PORT4_ADDR "10.44.0.1"
#define PORT6_ADDR "2001:db8:fff0::1"

enum side { SIDE4, SIDE6, SIDES };

enum entry { BY_DEVICE, BY_HOOK };

/**
 * struct config - one way to set the translator up
 * @name: for messages
 * @dev: arguments of "siitctl dev add siit0", or NULL
 * @lines: siitctl commands, each followed by a newline; "$D" is "dev siit0"
 * @ip: commands for "ip -batch", or NULL
 * @undo: such commands for afterwards; what is on siit0 goes by itself
 * @mtu4: MTU of tap4; 0 for 1500
 * @mtu6: MTU of tap6; 0 for 1500
 * @mtu_siit: MTU of siit0; 0 for the largest
 */
struct config {
	const char *name;
	const char *dev;
	const char *lines;
	const char *ip;
	const char *undo;
	int mtu4;
	int mtu6;
	int mtu_siit;
};

/**
 * struct offload - what a virtio_net_hdr says about a packet
 * @gso_type: VIRTIO_NET_HDR_GSO_*
 * @gso_size: octets of payload in a segment
 * @hdr_len: octets in the linear part; 0: all
 * @partial: checksum is yet to be computed
 * @csum_start: octet from which on to sum, if @partial
 * @csum_offset: place of the checksum, from @csum_start
 */
struct offload {
	int gso_type;
	int gso_size;
	int hdr_len;
	bool partial;
	int csum_start;
	int csum_offset;
};

/**
 * struct counters - counters of a translator
 * @packets46: translated
 * @packets64: translated
 * @n: reasons
 * @drop: packets dropped, by reason
 */
struct counters {
	uint64_t packets46;
	uint64_t packets64;
	int n;
	struct {
		char name[40];
		uint64_t count;
	} drop[128];
};

/* Make the namespace. Returns false, with a message, if that is impossible. */
bool rig_open(void);

/* Replace siit0 by one that is set up as CFG says, and attached that way. */
bool rig_config(const struct config *cfg, enum entry way);

/* The device that translates what comes in this family. */
const char *rig_device(int family);

/* Run a shell command, with a message if it fails. */
bool rig_run(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Run siitctl. With QUIET, what it says is not shown. */
bool rig_siitctl(const char *args, bool quiet);

/* Can a TAP device take UDP segmentation offload? */
bool rig_has_uso(void);

/* A packet socket that sees all devices, so that all packets are cloned. */
bool rig_sniff(bool on);

/**
 * rig_forward() - let a packet arrive on the TAP device of its family
 * @p: the packet
 * @o: what a NIC would say about it, or NULL
 */
void rig_forward(const struct packet *p, const struct offload *o);

/* Send what is forwarded to the broadcast address of the link, or to the box. */
void rig_broadcast(bool on);

/**
 * rig_inject() - hand a packet to siit0 itself, or to the hook
 * @p: the packet
 */
void rig_inject(const struct packet *p);

/**
 * rig_receive() - the next packet that has left the box
 * @side: where
 * @p: result. A partial checksum is completed
 * @o: offloads of the packet, or NULL
 * @timeout: milliseconds to wait
 *
 * Return: false if there is none.
 */
bool rig_receive(enum side side, struct packet *p, struct offload *o,
		 int timeout);

/* Throw away what has left the box. Returns the number of packets. */
int rig_drain(void);

/* Read the counters of a device. */
bool counters_read(struct counters *c, const char *dev);

/* The counter of a reason, 0 if there is no such reason. */
uint64_t counters_drop(const struct counters *c, const char *reason);

#endif /* RIG_H */
