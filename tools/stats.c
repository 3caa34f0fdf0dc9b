// SPDX-License-Identifier: GPL-2.0
/*
 * siitctl stats: what was translated, and what was dropped and why.
 */
#include <netlink/genl/genl.h>
#include <string.h>

#include "cmd.h"

static struct nla_policy policy[SIIT_STATS_A_MAX + 1] = {
	[SIIT_STATS_A_IFINDEX] = { .type = NLA_U32 },
	[SIIT_STATS_A_IFNAME] = { .type = NLA_NUL_STRING, .maxlen = IFNAMSIZ },
	[SIIT_STATS_A_PACKETS46] = { .type = NLA_U64 },
	[SIIT_STATS_A_BYTES46] = { .type = NLA_U64 },
	[SIIT_STATS_A_PACKETS64] = { .type = NLA_U64 },
	[SIIT_STATS_A_BYTES64] = { .type = NLA_U64 },
	[SIIT_STATS_A_DROP] = { .type = NLA_NESTED },
};

static struct nla_policy drop_policy[SIIT_DROP_A_MAX + 1] = {
	[SIIT_DROP_A_REASON] = { .type = NLA_NUL_STRING },
	[SIIT_DROP_A_COUNT] = { .type = NLA_U64 },
};

static void print_drop(struct nlattr *drop)
{
	struct nlattr *tb[SIIT_DROP_A_MAX + 1];
	const char *reason;
	uint64_t count;

	if (nla_parse_nested(tb, SIIT_DROP_A_MAX, drop, drop_policy) ||
	    !tb[SIIT_DROP_A_REASON] || !tb[SIIT_DROP_A_COUNT])
		return;
	reason = nla_get_string(tb[SIIT_DROP_A_REASON]);
	count = nla_get_u64(tb[SIIT_DROP_A_COUNT]);
	if (out_is_json()) {
		out_uint(reason, NULL, count);
	} else if (count) {
		out_str(NULL, "\n    dropped: %s", reason);
		out_uint(NULL, " %llu", count);
	}
}

static void print_counter(const char *key, const char *fmt,
			  const struct nlattr *nla)
{
	if (nla)
		out_uint(key, fmt, nla_get_u64(nla));
}

static int stats_print(struct nlmsghdr *nlh)
{
	struct nlattr *tb[SIIT_STATS_A_MAX + 1];
	struct nlattr *nla;
	int rem;

	if (genlmsg_parse(nlh, 0, tb, SIIT_STATS_A_MAX, policy) ||
	    !tb[SIIT_STATS_A_IFINDEX])
		return EXIT_REFUSED;
	out_dev("%s", tb[SIIT_STATS_A_IFINDEX]);
	print_counter("packets46", "\n    4 to 6: %llu packets",
		      tb[SIIT_STATS_A_PACKETS46]);
	print_counter("bytes46", " %llu bytes", tb[SIIT_STATS_A_BYTES46]);
	print_counter("packets64", "\n    6 to 4: %llu packets",
		      tb[SIIT_STATS_A_PACKETS64]);
	print_counter("bytes64", " %llu bytes", tb[SIIT_STATS_A_BYTES64]);
	out_open("drops", '{');
	nlmsg_for_each_attr(nla, nlh, GENL_HDRLEN, rem)
		if (nla_type(nla) == SIIT_STATS_A_DROP)
			print_drop(nla);
	out_close();
	return 0;
}

static int stats_show(struct args *a)
{
	return rows_show(a, SIIT_CMD_STATS_GET, args_only_dev(a), stats_print);
}

static const struct command commands[] = {
	{ "show", stats_show },
	{ "list", stats_show },
	{}
};

const struct object object_stats = {
	.name = "stats",
	.commands = commands,
	.run = stats_show,
	.help =
"siitctl stats [show] [dev NAME]\n"
"\n"
"Packets and bytes translated each way, then dropped packets by reason. Reasons\n"
"that have not occurred are left out, except with -j.\n",
};
