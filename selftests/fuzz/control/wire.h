/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Netlink sockets, without a library in between.
 */
#ifndef WIRE_H
#define WIRE_H

#include "message.h"

#define ANSWERS 16

/**
 * struct answer - what the kernel has said to a request
 * @seq: the request
 * @acked: with NLMSG_ERROR or NLMSG_DONE
 * @error: errno, negative, 0: success
 * @messages: others, data and copies of announcements
 * @text: of the extended ack; empty: none
 */
struct answer {
	uint32_t seq;
	bool acked;
	int error;
	unsigned int messages;
	char text[160];
};

/**
 * struct answers - of one datagram
 * @count: of @one
 * @one: in the order of the first message of each
 * @strange: messages that belong to no request, or make no sense
 */
struct answers {
	unsigned int count;
	struct answer one[ANSWERS];
	unsigned int strange;
};

/* Return: a socket, or -1. @protocol: NETLINK_GENERIC or NETLINK_ROUTE */
int wire_open(int protocol);

/* Return: whether the kernel has taken it. */
bool wire_send(int fd, const void *data, size_t len, bool addressed);

/* Read all that there is to a datagram of requests. */
void wire_answers(int fd, struct answers *as);

struct answer *wire_answer(struct answers *as, uint32_t seq);

/* One request. Return: the errno of the answer, negative, 1 without one. */
int wire_ask(int fd, const struct message *m);

/* Return: number of the family, or of its group, or 0. */
uint16_t wire_family(int fd, uint32_t *group);

bool wire_listen(int fd, uint32_t group);

/* Throw away what a listener has heard. Return: how many messages. */
unsigned int wire_heard(int fd);

/* Read all settings and tables. Return: whether that went well. */
bool wire_state(int fd, uint16_t family, struct state *s);

/* Make a device. Return: its ifindex, or 0. */
uint32_t wire_link_add(int fd, const char *name, const char *kind);

bool wire_link_del(int fd, uint32_t ifindex);

#endif /* WIRE_H */
