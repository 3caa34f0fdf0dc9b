/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The netlink family as its header documents it: which command takes which
 * attributes, of which form.
 */
#ifndef SPEC_H
#define SPEC_H

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "linux/siit.h"

#define ATTRS 24		/* more than any set has */
#define IFINDEX 1		/* in every set */

enum type {
	T_NONE,			/* not taken by requests */
	T_U8,
	T_U16,
	T_U32,
	T_ADDR4,
	T_ADDR6,
	T_NAME,
	T_FLAG,
	T_NEST,
};

/**
 * struct attr - what an attribute may be
 * @type: its form
 * @min: least value of a number
 * @max: greatest value of a number
 * @nest: what is in it, of T_NEST
 */
struct attr {
	enum type type;
	uint32_t min;
	uint32_t max;
	const struct set *nest;
};

struct set {
	struct attr attr[ATTRS];
};

/**
 * struct command - a command
 * @cmd: enum siit_cmd
 * @change: needs privilege
 * @get: is taken without NLM_F_DUMP
 * @dump: is taken with it
 * @set: what it takes
 */
struct command {
	uint8_t cmd;
	bool change;
	bool get;
	bool dump;
	const struct set *set;
};

extern const struct command commands[];
extern const unsigned int command_count;

const struct command *spec_command(uint8_t cmd);

/* Octets of a value; for names and nests 0. */
unsigned int spec_size(enum type type);

/**
 * spec_parse() - read attributes
 * @set: what they may be
 * @data: the first one
 * @len: octets
 * @tb: ATTRS of them; the last one of each number
 *
 * Return: whether all is as @set says.
 */
bool spec_parse(const struct set *set, const void *data, size_t len,
		const struct nlattr **tb);

/* How far the kernel gets with a message before it asks our module. */
enum hurdle {
	HURDLE_LENGTH,		/* too short for a header */
	HURDLE_HEADER,		/* flags or fields that are reserved */
	HURDLE_COMMAND,		/* there is no such command */
	HURDLE_ATTRS,		/* attributes are not as documented */
	HURDLE_NONE,
};

/**
 * spec_check() - is a message as documented?
 * @nlh: a message to the family, whole
 * @tb: ATTRS of them, set if there is a command
 * @c: the command, if there is one
 *
 * Return: what is in the way of it.
 */
enum hurdle spec_check(const struct nlmsghdr *nlh, const struct nlattr **tb,
		       const struct command **c);

bool spec_is_dump(const struct nlmsghdr *nlh);

static inline const void *attr_data(const struct nlattr *nla)
{
	return (const char *)nla + NLA_HDRLEN;
}

uint32_t attr_number(const struct nlattr *nla);

#endif /* SPEC_H */
