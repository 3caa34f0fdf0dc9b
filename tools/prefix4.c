// SPDX-License-Identifier: GPL-2.0
/*
 * siitctl rfc6791, siitctl deny4: two pools of IPv4 prefixes.
 */
#include <netlink/genl/genl.h>
#include <string.h>
#include <sys/socket.h>

#include "cmd.h"

static struct nla_policy policy[SIIT_PREFIX4_A_MAX + 1] = {
	[SIIT_PREFIX4_A_IFINDEX] = { .type = NLA_U32 },
	[SIIT_PREFIX4_A_PREFIX4] = { .minlen = 4 },
	[SIIT_PREFIX4_A_LEN4] = { .type = NLA_U8 },
};

static int change(struct args *a, uint8_t cmd)
{
	struct prefix4 p = {};
	const char *dev = NULL;
	struct request req;
	const char *word;
	int ret;

	while ((word = args_next(a))) {
		if (!strcmp(word, "dev"))
			args_dev(a, &dev);
		else if (word_family(word) == AF_UNSPEC)
			unknown_word(a, word, "V4/L or dev NAME");
		else
			parse_prefix4(a, word, &p);
	}
	if (!p.word)
		usage_error(a, "missing V4/L after \"%s\"", a->last);
	args_need_dev(a, dev);
	ret = siit_request_dev(&req, a, cmd, dev);
	if (ret)
		return ret;
	request_put(&req, SIIT_PREFIX4_A_PREFIX4, p.word, &p.addr,
		    sizeof(p.addr));
	request_u8(&req, SIIT_PREFIX4_A_LEN4, p.word, p.len);
	return siit_send(&req, a, NULL, NULL);
}

/**
 * prefix4_print - print a prefix
 * @nlh: an answer with siit_prefix4_attr
 *
 * Return: 0 or an exit status.
 */
int prefix4_print(struct nlmsghdr *nlh)
{
	struct nlattr *tb[SIIT_PREFIX4_A_MAX + 1];

	if (genlmsg_parse(nlh, 0, tb, SIIT_PREFIX4_A_MAX, policy))
		return EXIT_REFUSED;
	out_prefix4("prefix4", "%s ", tb[SIIT_PREFIX4_A_PREFIX4],
		    tb[SIIT_PREFIX4_A_LEN4]);
	out_dev("dev %s", tb[SIIT_PREFIX4_A_IFINDEX]);
	return 0;
}

#define POOL(pool, POOL)						\
static int pool##_add(struct args *a)					\
{									\
	return change(a, SIIT_CMD_##POOL##_ADD);			\
}									\
									\
static int pool##_del(struct args *a)					\
{									\
	return change(a, SIIT_CMD_##POOL##_DEL);			\
}									\
									\
static int pool##_show(struct args *a)					\
{									\
	return rows_show(a, SIIT_CMD_##POOL##_GET, args_only_dev(a),	\
			 prefix4_print);				\
}									\
									\
static int pool##_flush(struct args *a)					\
{									\
	return rows_flush(a, SIIT_CMD_##POOL##_FLUSH);			\
}									\
									\
static const struct command pool##_commands[] = {			\
	{ "show", pool##_show },					\
	{ "list", pool##_show },					\
	{ "add", pool##_add },						\
	{ "delete", pool##_del },					\
	{ "flush", pool##_flush },					\
	{}								\
}

POOL(rfc6791, RFC6791);
POOL(deny4, DENY4);

const struct object object_rfc6791 = {
	.name = "rfc6791",
	.commands = rfc6791_commands,
	.run = rfc6791_show,
	.help =
"siitctl rfc6791 add|del V4/L dev NAME\n"
"siitctl rfc6791 [show] [dev NAME]\n"
"siitctl rfc6791 flush [dev NAME]\n"
"\n"
"Source addresses of ICMPv4 errors that come from IPv6 nodes without an IPv4\n"
"address, such as routers. See the setting icmp-source.\n"
"\n"
"    siitctl rfc6791 add 198.51.100.0/28 dev siit0\n",
};

const struct object object_deny4 = {
	.name = "deny4",
	.commands = deny4_commands,
	.run = deny4_show,
	.help =
"siitctl deny4 add|del V4/L dev NAME\n"
"siitctl deny4 [show] [dev NAME]\n"
"siitctl deny4 flush [dev NAME]\n"
"\n"
"IPv4 addresses that pool6 never translates.\n"
"\n"
"    siitctl deny4 add 10.0.0.0/8 dev siit0\n",
};
