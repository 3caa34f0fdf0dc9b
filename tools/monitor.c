// SPDX-License-Identifier: GPL-2.0
/*
 * siitctl monitor: changes as they happen, as the commands that make them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <linux/genetlink.h>
#include <netlink/errno.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include "cmd.h"

/* Every set of attributes has the device as its number 1. */
static int print_dev(struct nlmsghdr *nlh)
{
	out_dev("dev %s", nlmsg_find_attr(nlh, GENL_HDRLEN,
					  SIIT_EAM_A_IFINDEX));
	return 0;
}

static int print_name(struct nlmsghdr *nlh)
{
	out_dev("%s", nlmsg_find_attr(nlh, GENL_HDRLEN, SIIT_DEV_A_IFINDEX));
	return 0;
}

/* DEV REASON SOURCE [PORT] > DESTINATION [PORT] */
static int print_drop(struct nlmsghdr *nlh)
{
	static struct nla_policy policy[SIIT_EVENT_A_MAX + 1] = {
		[SIIT_EVENT_A_REASON] = { .type = NLA_NUL_STRING },
		[SIIT_EVENT_A_SRC4] = { .minlen = 4 },
		[SIIT_EVENT_A_DST4] = { .minlen = 4 },
		[SIIT_EVENT_A_SRC6] = { .minlen = 16 },
		[SIIT_EVENT_A_DST6] = { .minlen = 16 },
		[SIIT_EVENT_A_SPORT] = { .type = NLA_U16 },
		[SIIT_EVENT_A_DPORT] = { .type = NLA_U16 },
		[SIIT_EVENT_A_SUPPRESSED] = { .type = NLA_U32 },
	};
	struct nlattr *tb[SIIT_EVENT_A_MAX + 1];

	if (genlmsg_parse(nlh, 0, tb, SIIT_EVENT_A_MAX, policy) ||
	    !tb[SIIT_EVENT_A_REASON])
		return EXIT_REFUSED;
	print_dev(nlh);
	out_str("reason", " %s", nla_get_string(tb[SIIT_EVENT_A_REASON]));
	if (tb[SIIT_EVENT_A_SRC4])
		out_addr4("source", " %s", tb[SIIT_EVENT_A_SRC4]);
	if (tb[SIIT_EVENT_A_SRC6])
		out_addr6("source", " %s", tb[SIIT_EVENT_A_SRC6]);
	if (tb[SIIT_EVENT_A_SPORT])
		out_uint("source_port", " port %llu",
			 nla_get_u16(tb[SIIT_EVENT_A_SPORT]));
	if (tb[SIIT_EVENT_A_DST4])
		out_addr4("destination", " > %s", tb[SIIT_EVENT_A_DST4]);
	if (tb[SIIT_EVENT_A_DST6])
		out_addr6("destination", " > %s", tb[SIIT_EVENT_A_DST6]);
	if (tb[SIIT_EVENT_A_DPORT])
		out_uint("destination_port", " port %llu",
			 nla_get_u16(tb[SIIT_EVENT_A_DPORT]));
	if (tb[SIIT_EVENT_A_SUPPRESSED] &&
	    nla_get_u32(tb[SIIT_EVENT_A_SUPPRESSED]))
		out_uint("suppressed", ", %llu before it not shown",
			 nla_get_u32(tb[SIIT_EVENT_A_SUPPRESSED]));
	return 0;
}

static const struct event {
	const char *name;
	print_fn print;
} events[SIIT_CMD_MAX + 1] = {
	[SIIT_CMD_DEV_ADD] = { "dev add", dev_print },
	[SIIT_CMD_DEV_DEL] = { "dev del", print_name },
	[SIIT_CMD_DEV_SET] = { "dev set", dev_print },
	[SIIT_CMD_EAM_ADD] = { "eam add", eam_print },
	[SIIT_CMD_EAM_DEL] = { "eam del", eam_print },
	[SIIT_CMD_EAM_FLUSH] = { "eam flush", print_dev },
	[SIIT_CMD_POOL6_ADD] = { "pool6 add", pool6_print },
	[SIIT_CMD_POOL6_DEL] = { "pool6 del", pool6_print },
	[SIIT_CMD_POOL6_FLUSH] = { "pool6 flush", print_dev },
	[SIIT_CMD_RFC6791_ADD] = { "rfc6791 add", prefix4_print },
	[SIIT_CMD_RFC6791_DEL] = { "rfc6791 del", prefix4_print },
	[SIIT_CMD_RFC6791_FLUSH] = { "rfc6791 flush", print_dev },
	[SIIT_CMD_DENY4_ADD] = { "deny4 add", prefix4_print },
	[SIIT_CMD_DENY4_DEL] = { "deny4 del", prefix4_print },
	[SIIT_CMD_DENY4_FLUSH] = { "deny4 flush", print_dev },
	[SIIT_CMD_HOOK_ADD] = { "hook add", hook_print },
	[SIIT_CMD_HOOK_DEL] = { "hook del", hook_print },
	[SIIT_CMD_DROP_EVENT] = { "drop", print_drop },
};

/**
 * struct monitor - one run
 * @a: the command
 * @dev: only this device, or NULL
 */
struct monitor {
	struct args *a;
	const char *dev;
};

static bool wanted(const struct monitor *m, unsigned int ifindex)
{
	return !m->dev || !strcmp(m->dev, dev_name(ifindex));
}

/* A device can have got another name. */
static void learn_name(struct nlmsghdr *nlh, unsigned int ifindex)
{
	struct nlattr *name;
	int cmd = genlmsg_hdr(nlh)->cmd;

	if (cmd != SIIT_CMD_DEV_ADD && cmd != SIIT_CMD_DEV_SET)
		return;
	name = nlmsg_find_attr(nlh, GENL_HDRLEN, SIIT_DEV_A_IFNAME);
	if (name && nla_len(name) > 0)
		dev_name_learn(ifindex, nla_get_string(name));
}

static int on_change(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	const struct monitor *m = arg;
	const struct event *e;
	struct nlattr *attr;
	unsigned int ifindex;

	if (!genlmsg_valid_hdr(nlh, 0) ||
	    genlmsg_hdr(nlh)->cmd > SIIT_CMD_MAX)
		return NL_OK;
	e = &events[genlmsg_hdr(nlh)->cmd];
	attr = nlmsg_find_attr(nlh, GENL_HDRLEN, SIIT_EAM_A_IFINDEX);
	if (!e->name || !attr || nla_len(attr) < 4)
		return NL_OK;
	ifindex = nla_get_u32(attr);
	learn_name(nlh, ifindex);
	if (wanted(m, ifindex)) {
		out_row();
		out_str("event", "%s ", e->name);
		e->print(nlh);
		out_row_end();
	}
	if (genlmsg_hdr(nlh)->cmd == SIIT_CMD_DEV_DEL)
		dev_name_forget(ifindex);
	return NL_OK;
}

static int listen_to(struct monitor *m, struct nl_sock *sk)
{
	int ret = 0;
	int err;

	nl_socket_modify_cb(sk, NL_CB_VALID, NL_CB_CUSTOM, on_change, m);
	while (!ret) {
		err = nl_recvmsgs_default(sk);
		if (err == -NLE_NOMEM || err == -NLE_MSG_OVERFLOW) {
			complain(m->a, "too many changes at once: some are missing here");
		} else if (err < 0 && err != -NLE_INTR) {
			complain(m->a, "%s", nl_geterror(err));
			return EXIT_REFUSED;
		}
		out_flush();
		ret = out_finish(EXIT_DONE);
	}
	return ret;
}

static int monitor(struct args *a)
{
	struct monitor m = { .a = a, .dev = args_only_dev(a) };
	struct dev_list list = {};
	struct nl_sock *sk;
	int ret;

	ret = siit_open(a);
	if (ret)
		return ret;
	/* Listen first, then see what is there: nothing falls between. */
	sk = siit_monitor_open(a);
	ret = sk ? dev_list_get(a, &list) : EXIT_REFUSED;
	free(list.name);
	if (!ret)
		ret = listen_to(&m, sk);
	nl_socket_free(sk);
	return ret;
}

const struct object object_monitor = {
	.name = "monitor",
	.run = monitor,
	.help =
"siitctl monitor [dev NAME]\n"
"\n"
"Prints changes as they happen, as the commands that make them. With -j, each\n"
"line is a JSON object.\n",
};
