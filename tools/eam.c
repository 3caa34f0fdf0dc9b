// SPDX-License-Identifier: GPL-2.0
/*
 * siitctl eam: the rows of the explicit address mapping table.
 */
#include <netlink/genl/genl.h>
#include <string.h>
#include <sys/socket.h>

#include "cmd.h"

/**
 * struct row - a row as typed
 * @p4: IPv4 prefix
 * @p6: IPv6 prefix
 * @dev: device
 */
struct row {
	struct prefix4 p4;
	struct prefix6 p6;
	const char *dev;
};

static struct nla_policy policy[SIIT_EAM_A_MAX + 1] = {
	[SIIT_EAM_A_IFINDEX] = { .type = NLA_U32 },
	[SIIT_EAM_A_PREFIX4] = { .minlen = 4 },
	[SIIT_EAM_A_LEN4] = { .type = NLA_U8 },
	[SIIT_EAM_A_PREFIX6] = { .minlen = 16 },
	[SIIT_EAM_A_LEN6] = { .type = NLA_U8 },
	[SIIT_EAM_A_PACKETS46] = { .type = NLA_U64 },
	[SIIT_EAM_A_BYTES46] = { .type = NLA_U64 },
	[SIIT_EAM_A_PACKETS64] = { .type = NLA_U64 },
	[SIIT_EAM_A_BYTES64] = { .type = NLA_U64 },
};

static void parse_row(struct args *a, struct row *row)
{
	const char *word;

	while ((word = args_next(a))) {
		if (!strcmp(word, "dev"))
			args_dev(a, &row->dev);
		else if (word_family(word) == AF_INET)
			parse_prefix4(a, word, &row->p4);
		else if (word_family(word) == AF_INET6)
			parse_prefix6(a, word, &row->p6);
		else
			unknown_word(a, word, "V4[/L], V6[/L] or dev NAME");
	}
}

static int change(struct args *a, uint8_t cmd, const struct row *row)
{
	struct request req;
	int ret;

	ret = siit_request_dev(&req, a, cmd, row->dev);
	if (ret)
		return ret;
	if (row->p4.word) {
		request_put(&req, SIIT_EAM_A_PREFIX4, row->p4.word,
			    &row->p4.addr, sizeof(row->p4.addr));
		if (row->p4.len != 32)
			request_u8(&req, SIIT_EAM_A_LEN4, row->p4.word,
				   row->p4.len);
	}
	if (row->p6.word) {
		request_put(&req, SIIT_EAM_A_PREFIX6, row->p6.word,
			    &row->p6.addr, sizeof(row->p6.addr));
		if (row->p6.len != 128)
			request_u8(&req, SIIT_EAM_A_LEN6, row->p6.word,
				   row->p6.len);
	}
	return siit_send(&req, a, NULL, NULL);
}

static int eam_add(struct args *a)
{
	struct row row = {};

	parse_row(a, &row);
	if (!row.p4.word)
		usage_error(a, "missing IPv4 prefix V4[/L] after \"%s\"",
			    a->last);
	if (!row.p6.word)
		usage_error(a, "missing IPv6 prefix V6[/L] after \"%s\"",
			    row.dev ? a->last : row.p4.word);
	args_need_dev(a, row.dev);
	return change(a, SIIT_CMD_EAM_ADD, &row);
}

static int eam_del(struct args *a)
{
	struct row row = {};

	parse_row(a, &row);
	if (!row.p4.word && !row.p6.word)
		usage_error(a, "missing V4[/L] or V6[/L] after \"%s\"",
			    a->last);
	args_need_dev(a, row.dev);
	return change(a, SIIT_CMD_EAM_DEL, &row);
}

/* A device that does not count has nothing to print. */
static void print_counters(struct nlattr **tb)
{
	static const struct {
		int attr;
		const char *key;
		const char *fmt;
	} counters[] = {
		{ SIIT_EAM_A_PACKETS46, "packets46",
		  "\n    4 to 6: %llu packets" },
		{ SIIT_EAM_A_BYTES46, "bytes46", " %llu bytes" },
		{ SIIT_EAM_A_PACKETS64, "packets64",
		  "\n    6 to 4: %llu packets" },
		{ SIIT_EAM_A_BYTES64, "bytes64", " %llu bytes" },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(counters); i++)
		if (tb[counters[i].attr])
			out_uint(counters[i].key, counters[i].fmt,
				 nla_get_u64(tb[counters[i].attr]));
}

static int print_row(struct nlmsghdr *nlh, bool stats)
{
	struct nlattr *tb[SIIT_EAM_A_MAX + 1];

	if (genlmsg_parse(nlh, 0, tb, SIIT_EAM_A_MAX, policy))
		return EXIT_REFUSED;
	out_prefix4("prefix4", "%s ", tb[SIIT_EAM_A_PREFIX4],
		    tb[SIIT_EAM_A_LEN4]);
	out_prefix6("prefix6", "%s ", tb[SIIT_EAM_A_PREFIX6],
		    tb[SIIT_EAM_A_LEN6]);
	out_dev("dev %s", tb[SIIT_EAM_A_IFINDEX]);
	if (stats)
		print_counters(tb);
	return 0;
}

/**
 * eam_print - print a row
 * @nlh: an answer with siit_eam_attr
 *
 * Return: 0 or an exit status.
 */
int eam_print(struct nlmsghdr *nlh)
{
	return print_row(nlh, false);
}

static int print_shown(struct nlmsghdr *nlh)
{
	return print_row(nlh, out_with_stats());
}

static int eam_show(struct args *a)
{
	return rows_show(a, SIIT_CMD_EAM_GET, args_only_dev(a), print_shown);
}

static int eam_flush(struct args *a)
{
	return rows_flush(a, SIIT_CMD_EAM_FLUSH);
}

static const struct command commands[] = {
	{ "show", eam_show },
	{ "list", eam_show },
	{ "add", eam_add },
	{ "delete", eam_del },
	{ "flush", eam_flush },
	{}
};

const struct object object_eam = {
	.name = "eam",
	.commands = commands,
	.run = eam_show,
	.help =
"siitctl eam add V4[/L] V6[/L] dev NAME\n"
"siitctl eam del V4[/L] [V6[/L]] dev NAME\n"
"siitctl eam del V6[/L] dev NAME\n"
"siitctl eam [show] [dev NAME]\n"
"siitctl eam flush [dev NAME]\n"
"\n"
"A row maps an IPv4 prefix to an IPv6 prefix and back; the longest match of\n"
"an address counts. The IPv6 suffix must be as long as the IPv4 one or longer.\n"
"\n"
"    siitctl eam add 192.0.2.1 2001:db8::80 dev siit0\n"
"    siitctl eam add 192.0.2.64/26 2001:db8:1::/64 dev siit0\n",
};
