/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ways into a translator, and what comes out of it.
 *
 *	             packet socket ----+          siit0 is tapped: what it has
 *	tap0 -- tc mirred redirect ----+-> siit0 - translated is read from a ring
 *	tap1 -- tc mirred mirror ------+           and dropped at its ingress
 *	tap4, tap6 -- IP forwarding ---+
 *	tap2 -- hook of siit0
 *
 * siit1 is tapped as well, and takes packets from packet sockets alone. All of
 * this happens in the system call that sends: when it returns, the packet has
 * come out or has been dropped.
 */
#ifndef PORT_H
#define PORT_H

#include "input.h"

enum tap { TAP_SIIT0, TAP_SIIT1, TAPS };

/**
 * struct frame - what a tap has seen
 * @outgoing: on its way into the device
 * @ethertype: skb->protocol
 * @o: offloads
 * @len: octets in @data
 * @data: from the network header on; a partial checksum is not completed
 */
struct frame {
	bool outgoing;
	int ethertype;
	struct offload o;
	size_t len;
	uint8_t *data;
};

/* Devices, taps and sockets, in the namespace of rig_open(). */
bool port_open(void);

/**
 * port_send() - hand a packet to siit0
 * @in: the packet
 *
 * Return: 1; 0 if the kernel does not take it, or IP forwarding has kept it.
 */
int port_send(const struct input *in);

/* Hand octets to siit1. Returns whether the kernel has taken them. */
bool port_send_back(const uint8_t *data, size_t len, int ethertype);

/**
 * port_receive() - the next packet that a tap has seen
 * @tap: which
 * @f: the packet, valid until the next call
 *
 * Return: false if there is none.
 */
bool port_receive(enum tap tap, struct frame *f);

/**
 * port_witness() - what a packet looks like to someone else who holds a clone
 * @p: octets
 * @size: room for them
 *
 * A tap that queues packets shares the data of those on their way into siit0.
 *
 * Return: octets, 0 if there is no such packet.
 */
size_t port_witness(uint8_t *p, size_t size);

/*
 * Has the kernel found no room for a packet in a tap since the last call? Then
 * nobody knows which ones.
 */
bool port_lost(void);

/* Make a checksum partial, or a partial one whole. */
void offload_start(uint8_t *p, size_t len, const struct offload *o);
void offload_finish(uint8_t *p, size_t len, const struct offload *o);

#endif /* PORT_H */
