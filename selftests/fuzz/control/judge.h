/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The namespace of the tests, what the model makes of it, and whether the kernel
 * agrees.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include "run.h"
#include "wire.h"

#define SOCKETS 3

/**
 * struct client - a socket of somebody
 * @fd: the socket
 * @txn: its transaction, as the model sees it
 */
struct client {
	int fd;
	struct txn txn;
};

/**
 * enum who - who sends
 * @ADMIN: whoever may do everything
 * @NOBODY: a process without privilege
 * @OPENER: has privilege, but the socket was opened without
 */
enum who { ADMIN, NOBODY, OPENER };

extern struct client client[SOCKETS];
extern int reader, listener, links, unprivileged;
extern struct state model;	/* what should be */
extern struct state real;	/* what was read last */
extern struct world world;
extern enum who who;
extern bool lost;		/* the model knows no more, in this datagram */
extern const struct others others;

/* With or without the right to change anything */
void set_admin(bool on);

void client_reopen(struct client *c);

/* The names of all devices, before the next datagram. */
void names_read(void);

/* What a message is, in words */
const char *command_text(const struct nlmsghdr *nlh);

/* Print a datagram. */
void show(const void *data, size_t len);

/**
 * judge_all() - look at the answers to a datagram
 * @data: the datagram
 * @len: octets
 * @txn: the transaction of its socket
 * @as: the answers
 *
 * The model is changed as it should be.
 */
void judge_all(const uint8_t *data, size_t len, struct txn *txn,
	       const struct answers *as);

/* The numbers of devices that a transaction has made are the kernel's choice. */
void adopt(void);

/* The model gives in: what was read is what should be. */
void accept_state(void);

/**
 * check_state() - read what there is, and compare it with the model
 * @before: the model before the datagram
 * @single: the datagram was one request, so that what is heard is about it
 * @data: the datagram
 * @len: octets
 *
 * Return: false if it cannot be read.
 */
bool check_state(const struct state *before, bool single, const void *data,
		 size_t len);

#endif /* JUDGE_H */
