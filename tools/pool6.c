// SPDX-License-Identifier: GPL-2.0
/*
 * siitctl pool6: translation prefixes (RFC 6052).
 */
#include <netlink/genl/genl.h>
#include <string.h>
#include <sys/socket.h>

#include "cmd.h"

/**
 * struct entry - an entry as typed
 * @p6: translation prefix
 * @nodes: IPv4 prefix after "translatable"
 * @dev: device
 */
struct entry {
	struct prefix6 p6;
	struct prefix4 nodes;
	const char *dev;
};

static struct nla_policy policy[SIIT_POOL6_A_MAX + 1] = {
	[SIIT_POOL6_A_IFINDEX] = { .type = NLA_U32 },
	[SIIT_POOL6_A_PREFIX6] = { .minlen = 16 },
	[SIIT_POOL6_A_LEN6] = { .type = NLA_U8 },
	[SIIT_POOL6_A_PREFIX4] = { .minlen = 4 },
	[SIIT_POOL6_A_LEN4] = { .type = NLA_U8 },
};

static void parse_entry(struct args *a, struct entry *e)
{
	const char *word;

	while ((word = args_next(a))) {
		if (!strcmp(word, "dev"))
			args_dev(a, &e->dev);
		else if (!strcmp(word, "translatable"))
			parse_prefix4(a, args_need(a, "V4/L"), &e->nodes);
		else if (word_family(word) == AF_UNSPEC)
			unknown_word(a, word,
				     "PREFIX/L, translatable V4/L or dev NAME");
		else
			parse_prefix6(a, word, &e->p6);
	}
	if (!e->p6.word)
		usage_error(a, "missing PREFIX/L after \"%s\"", a->last);
	if (!strchr(e->p6.word, '/'))
		usage_error(a, "\"%s\" lacks its length: /32, /40, /48, /56, /64 or /96",
			    e->p6.word);
	args_need_dev(a, e->dev);
}

static int change(struct args *a, uint8_t cmd)
{
	struct entry e = {};
	struct request req;
	int ret;

	parse_entry(a, &e);
	ret = siit_request_dev(&req, a, cmd, e.dev);
	if (ret)
		return ret;
	request_put(&req, SIIT_POOL6_A_PREFIX6, e.p6.word, &e.p6.addr,
		    sizeof(e.p6.addr));
	request_u8(&req, SIIT_POOL6_A_LEN6, e.p6.word, e.p6.len);
	if (e.nodes.word) {
		request_put(&req, SIIT_POOL6_A_PREFIX4, e.nodes.word,
			    &e.nodes.addr, sizeof(e.nodes.addr));
		request_u8(&req, SIIT_POOL6_A_LEN4, e.nodes.word, e.nodes.len);
	}
	return siit_send(&req, a, NULL, NULL);
}

static int pool6_add(struct args *a)
{
	return change(a, SIIT_CMD_POOL6_ADD);
}

static int pool6_del(struct args *a)
{
	return change(a, SIIT_CMD_POOL6_DEL);
}

/**
 * pool6_print - print an entry
 * @nlh: an answer with siit_pool6_attr
 *
 * Return: 0 or an exit status.
 */
int pool6_print(struct nlmsghdr *nlh)
{
	struct nlattr *tb[SIIT_POOL6_A_MAX + 1];

	if (genlmsg_parse(nlh, 0, tb, SIIT_POOL6_A_MAX, policy))
		return EXIT_REFUSED;
	out_prefix6("prefix6", "%s ", tb[SIIT_POOL6_A_PREFIX6],
		    tb[SIIT_POOL6_A_LEN6]);
	if (tb[SIIT_POOL6_A_PREFIX6])
		out_str("method", NULL, tb[SIIT_POOL6_A_PREFIX4] ?
			"translatable" : "converted");
	out_prefix4("prefix4", "translatable %s ", tb[SIIT_POOL6_A_PREFIX4],
		    tb[SIIT_POOL6_A_LEN4]);
	out_dev("dev %s", tb[SIIT_POOL6_A_IFINDEX]);
	return 0;
}

static int pool6_show(struct args *a)
{
	return rows_show(a, SIIT_CMD_POOL6_GET, args_only_dev(a), pool6_print);
}

static int pool6_flush(struct args *a)
{
	return rows_flush(a, SIIT_CMD_POOL6_FLUSH);
}

static const struct command commands[] = {
	{ "show", pool6_show },
	{ "list", pool6_show },
	{ "add", pool6_add },
	{ "delete", pool6_del },
	{ "flush", pool6_flush },
	{}
};

const struct object object_pool6 = {
	.name = "pool6",
	.commands = commands,
	.run = pool6_show,
	.help =
"siitctl pool6 add|del PREFIX/L [translatable V4/L] dev NAME\n"
"siitctl pool6 [show] [dev NAME]\n"
"siitctl pool6 flush [dev NAME]\n"
"\n"
"Translation prefixes of 32, 40, 48, 56, 64 or 96 bits. A plain one stands for\n"
"any IPv4 host as IPv6 nodes see it; with \"translatable\" it makes the IPv6\n"
"addresses of the nodes that own those IPv4 addresses.\n"
"\n"
"    siitctl pool6 add 64:ff9b::/96 dev siit0\n"
"    siitctl pool6 add 2001:db8:aaaa::/96 translatable 192.168.1.0/24 dev siit0\n",
};
