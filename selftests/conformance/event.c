// SPDX-License-Identifier: GPL-2.0
/* Drops that the translator announces, by generic netlink. */
#include <arpa/inet.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <poll.h>
#include <string.h>

#include <linux/siit.h>

#include "event.h"

static struct nl_sock *sock;
static struct drop_event event;
static bool have_event;

static void address(struct nlattr *a, int family, char *text)
{
	if (a)
		inet_ntop(family, nla_data(a), text, 46);
}

static int on_message(struct nl_msg *msg, void *arg)
{
	struct nlattr *tb[SIIT_EVENT_A_MAX + 1];

	if (genlmsg_hdr(nlmsg_hdr(msg))->cmd != SIIT_CMD_DROP_EVENT ||
	    genlmsg_parse(nlmsg_hdr(msg), 0, tb, SIIT_EVENT_A_MAX, NULL) ||
	    !tb[SIIT_EVENT_A_REASON])
		return NL_SKIP;
	memset(&event, 0, sizeof(event));
	nla_strlcpy(event.reason, tb[SIIT_EVENT_A_REASON],
		    sizeof(event.reason));
	address(tb[SIIT_EVENT_A_SRC4], AF_INET, event.src);
	address(tb[SIIT_EVENT_A_DST4], AF_INET, event.dst);
	address(tb[SIIT_EVENT_A_SRC6], AF_INET6, event.src);
	address(tb[SIIT_EVENT_A_DST6], AF_INET6, event.dst);
	if (tb[SIIT_EVENT_A_SPORT])
		event.sport = nla_get_u16(tb[SIIT_EVENT_A_SPORT]);
	if (tb[SIIT_EVENT_A_DPORT])
		event.dport = nla_get_u16(tb[SIIT_EVENT_A_DPORT]);
	have_event = true;
	return NL_OK;
}

bool event_listen(void)
{
	int group;

	if (sock)
		nl_socket_free(sock);
	sock = nl_socket_alloc();
	if (!sock || genl_connect(sock))
		return false;
	group = genl_ctrl_resolve_grp(sock, SIIT_GENL_NAME, SIIT_MCGRP_MONITOR);
	nl_socket_disable_seq_check(sock);
	nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, on_message, NULL);
	have_event = false;
	return group >= 0 && !nl_socket_add_membership(sock, group);
}

bool event_wait(struct drop_event *e, int timeout)
{
	struct pollfd pfd = { .fd = nl_socket_get_fd(sock), .events = POLLIN };

	while (!have_event && poll(&pfd, 1, timeout) == 1)
		if (nl_recvmsgs_default(sock) < 0)
			break;
	*e = event;
	return have_event;
}
