/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests: as documented, and not.
 */
#ifndef MESSAGE_H
#define MESSAGE_H

#include "../rng.h"
#include "state.h"

#define MESSAGE 4096

/**
 * struct message - one netlink message in the making
 * @len: octets used
 * @data: its header first
 */
struct message {
	uint32_t len;
	union {
		struct nlmsghdr nlh;
		uint8_t data[MESSAGE];
	};
};

/**
 * struct world - what there is to ask for
 * @family: number of the family
 * @state: all siit devices
 * @ports: devices that a hook can be at
 * @gone: an ifindex that was used once
 * @txn: the transaction of the socket that is to send
 */
struct world {
	uint16_t family;
	struct state *state;
	uint32_t ports[2];
	uint32_t gone;
	const struct txn *txn;
};

void message_begin(struct message *m, uint16_t type, uint16_t flags,
		   uint32_t seq, const void *header, size_t len);
void message_put(struct message *m, uint16_t type, const void *data,
		 size_t len);
void message_put_u32(struct message *m, uint16_t type, uint32_t value);
void message_put_text(struct message *m, uint16_t type, const char *text);
struct nlattr *message_nest(struct message *m, uint16_t type);
void message_nest_end(struct message *m, struct nlattr *nest);

/* A request to the family that may well be carried out. */
void message_request(struct message *m, const struct world *w, uint32_t seq,
		     struct rng *r);

/* A request about a link of kind siit, or what looks like one. */
void message_link(struct message *m, const struct world *w, uint32_t seq,
		  struct rng *r);

/* Spoil it, in one way or several. @header: octets before the attributes. */
void message_spoil(struct message *m, size_t header, struct rng *r);

#endif /* MESSAGE_H */
