/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What all siit devices of a namespace are set to, and what requests make of it:
 * a small model of the module's control side.
 */
#ifndef STATE_H
#define STATE_H

#include "spec.h"

#define DEVICES 24
#define ROWS 400		/* of a device */
#define STAGES 12		/* of a transaction */

enum table { EAM, POOL6, RFC6791, DENY4, HOOK, TABLES };

/**
 * struct row - an entry of a table
 * @table: which
 * @len4: of an IPv4 prefix
 * @len6: of an IPv6 prefix
 * @node: a pool6 entry of translatable addresses
 * @addr4: network order
 * @addr6: likewise
 * @port: ifindex, of a hook
 *
 * No padding, and what a table has no use for is 0: compared as memory.
 */
struct row {
	uint8_t table;
	uint8_t len4;
	uint8_t len6;
	uint8_t node;
	uint32_t addr4;
	uint8_t addr6[16];
	uint32_t port;
};

/**
 * struct device - what is known of a device
 * @ifindex: its number
 * @name: its name
 * @given: settings that a user has made
 * @set: settings, by number
 * @count: of @row
 * @row: of all tables; each in order
 * @changes: how often it was changed
 */
struct device {
	uint32_t ifindex;
	char name[16];
	uint32_t given;
	uint32_t set[ATTRS];
	unsigned int count;
	struct row row[ROWS];
	unsigned int changes;
};

struct state {
	unsigned int count;
	struct device dev[DEVICES];
};

/**
 * struct stage - a device in a transaction
 * @number: the one that requests use
 * @fresh: it is to be made
 * @changes: of the device when the transaction began
 * @dev: what it is to become
 */
struct stage {
	uint32_t number;
	bool fresh;
	unsigned int changes;
	struct device dev;
};

/**
 * struct txn - the transaction of a socket
 * @open: there is one
 * @failed: a request was refused
 * @unknown: something happened that the model does not know the outcome of
 */
struct txn {
	bool open;
	bool failed;
	bool unknown;
	unsigned int count;
	struct stage stage[STAGES];
};

/* What is at an ifindex that is no siit device */
enum other { NO_DEVICE, OTHER_DEVICE, LOOPBACK_DEVICE };

/**
 * struct others - the devices that are none of ours
 * @at: what is at an ifindex that is no siit device
 * @named: is there one of this name?
 */
struct others {
	enum other (*at)(uint32_t ifindex);
	bool (*named)(const char *name);
};

struct device *state_device(struct state *s, uint32_t ifindex);
struct stage *txn_stage(struct txn *t, uint32_t number);
unsigned int device_rows(const struct device *d, enum table table);

/* Settings of a device that nobody has set up */
void device_reset(struct device *d);

/**
 * state_request() - what becomes of a request that is as documented
 * @s: all devices; changed
 * @t: the transaction of the socket; changed
 * @c: the command
 * @tb: its attributes
 * @others: the other devices
 *
 * Return: the errno that the kernel is to answer, negative, or 0.
 */
int state_request(struct state *s, struct txn *t, const struct command *c,
		  const struct nlattr **tb, const struct others *others);

/* Rows whose order means nothing are put in order. */
void state_sort(struct state *s);

/* Return: whether they are the same; if not, says why. @b is what is there. */
bool state_same(const struct state *a, const struct state *b, char *why,
		size_t size);

#endif /* STATE_H */
