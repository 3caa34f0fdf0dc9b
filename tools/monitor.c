// SPDX-License-Identifier: GPL-2.0
/*
 * siitctl monitor: changes as they happen, as the commands that make them.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <linux/genetlink.h>
#include <linux/rtnetlink.h>
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

static int on_change(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	const struct monitor *m = arg;
	const struct event *e;
	struct nlattr *ifindex;

	if (!genlmsg_valid_hdr(nlh, 0) ||
	    genlmsg_hdr(nlh)->cmd > SIIT_CMD_MAX)
		return NL_OK;
	e = &events[genlmsg_hdr(nlh)->cmd];
	ifindex = nlmsg_find_attr(nlh, GENL_HDRLEN, SIIT_EAM_A_IFINDEX);
	if (!e->name || !ifindex || nla_len(ifindex) < 4 ||
	    !wanted(m, nla_get_u32(ifindex)))
		return NL_OK;
	out_row();
	out_str("event", "%s ", e->name);
	e->print(nlh);
	out_row_end();
	return NL_OK;
}

static void print_link(const char *event, unsigned int ifindex)
{
	out_row();
	out_str("event", "%s ", event);
	out_str("dev", "%s", dev_name(ifindex));
	out_row_end();
}

static bool is_siit(struct nlattr **tb)
{
	struct nlattr *info[IFLA_INFO_MAX + 1];

	return tb[IFLA_LINKINFO] && tb[IFLA_IFNAME] &&
	       !nla_parse_nested(info, IFLA_INFO_MAX, tb[IFLA_LINKINFO],
				 NULL) &&
	       info[IFLA_INFO_KIND] && !nla_strcmp(info[IFLA_INFO_KIND], "siit");
}

static int on_link(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	struct nlattr *tb[IFLA_MAX + 1];
	const struct monitor *m = arg;
	struct ifinfomsg *ifi;
	bool known, show;

	if (nlmsg_parse(nlh, sizeof(*ifi), tb, IFLA_MAX, NULL) || !is_siit(tb))
		return NL_OK;
	ifi = nlmsg_data(nlh);
	known = dev_name_known(ifi->ifi_index);
	if (nlh->nlmsg_type == RTM_NEWLINK) {
		/* Also sent when a device goes up, or gets another name. */
		dev_name_learn(ifi->ifi_index, nla_get_string(tb[IFLA_IFNAME]));
		if (!known && wanted(m, ifi->ifi_index))
			print_link("dev add", ifi->ifi_index);
	} else if (nlh->nlmsg_type == RTM_DELLINK && known) {
		show = wanted(m, ifi->ifi_index);
		if (show)
			print_link("dev del", ifi->ifi_index);
		dev_name_forget(ifi->ifi_index);
	}
	return NL_OK;
}

/* Read what is there. Return: 0 or an exit status. */
static int receive(const struct monitor *m, struct nl_sock *sk)
{
	int err = nl_recvmsgs_default(sk);

	if (err == -NLE_NOMEM || err == -NLE_MSG_OVERFLOW) {
		complain(m->a, "too many changes at once: some are missing here");
		err = 0;
	}
	if (err < 0 && err != -NLE_AGAIN && err != -NLE_INTR) {
		complain(m->a, "%s", nl_geterror(err));
		return EXIT_REFUSED;
	}
	out_flush();
	return out_finish(EXIT_DONE);
}

static int listen_to(const struct monitor *m, struct nl_sock *links,
		     struct nl_sock *changes)
{
	struct pollfd fds[] = {
		{ .fd = nl_socket_get_fd(links), .events = POLLIN },
		{ .fd = nl_socket_get_fd(changes), .events = POLLIN },
	};
	int ret = 0;

	nl_socket_modify_cb(links, NL_CB_VALID, NL_CB_CUSTOM, on_link,
			    (void *)m);
	nl_socket_modify_cb(changes, NL_CB_VALID, NL_CB_CUSTOM, on_change,
			    (void *)m);
	while (!ret) {
		if (poll(fds, ARRAY_SIZE(fds), -1) < 0) {
			if (errno == EINTR)
				continue;
			complain(m->a, "%s", strerror(errno));
			return EXIT_REFUSED;
		}
		/* A device is there before it is changed. */
		if (fds[0].revents)
			ret = receive(m, links);
		if (!ret && fds[1].revents)
			ret = receive(m, changes);
	}
	return ret;
}

static int monitor(struct args *a)
{
	struct monitor m = { .a = a, .dev = args_only_dev(a) };
	struct nl_sock *links, *changes = NULL;
	struct dev_list list = {};
	int ret;

	ret = siit_open(a);
	if (ret)
		return ret;
	/* Listen first, then see what is there: nothing falls between. */
	links = rtnl_monitor_open(a);
	if (links)
		changes = siit_monitor_open(a);
	ret = changes ? dev_list_get(a, &list) : EXIT_REFUSED;
	free(list.name);
	if (!ret)
		ret = listen_to(&m, links, changes);
	nl_socket_free(links);
	nl_socket_free(changes);
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
