// SPDX-License-Identifier: GPL-2.0
/*
 * What "ip link" and "ip route" would do. Starting a program is slow in an
 * emulated machine, and this is done for every configuration.
 */
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "link.h"

static struct nl_sock *sock;

static bool talk(struct nl_msg *msg, const char *what, const char *name)
{
	int err;

	if (!sock) {
		sock = nl_socket_alloc();
		if (!sock || nl_connect(sock, NETLINK_ROUTE))
			return false;
	}
	err = nl_send_sync(sock, msg);
	if (err < 0)
		printf("# %s %s: %s\n", what, name, nl_geterror(err));
	return err >= 0;
}

bool link_del(const char *name)
{
	struct ifinfomsg ifi = { .ifi_index = if_nametoindex(name) };
	struct nl_msg *msg;

	if (!ifi.ifi_index)
		return true;
	msg = nlmsg_alloc_simple(RTM_DELLINK, 0);
	nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO);
	return talk(msg, "delete", name);
}

bool link_up(const char *name, int mtu)
{
	struct ifinfomsg ifi = {
		.ifi_index = if_nametoindex(name),
		.ifi_flags = IFF_UP,
		.ifi_change = IFF_UP,
	};
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWLINK, 0);

	nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO);
	nla_put_u32(msg, IFLA_MTU, mtu);
	return talk(msg, "set up", name);
}

bool link_route(int family, const char *name, int table)
{
	struct rtmsg rtm = {
		.rtm_family = family,
		.rtm_table = table,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_scope = family == AF_INET ? RT_SCOPE_LINK :
						 RT_SCOPE_UNIVERSE,
		.rtm_type = RTN_UNICAST,
	};
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWROUTE, NLM_F_CREATE |
						NLM_F_REPLACE);

	nlmsg_append(msg, &rtm, sizeof(rtm), NLMSG_ALIGNTO);
	nla_put_u32(msg, RTA_OIF, if_nametoindex(name));
	return talk(msg, "route to", name);
}

bool feed(char *const argv[], const char *input)
{
	int fd[2], status;
	size_t len = strlen(input);
	pid_t pid;
	bool ok;

	if (pipe(fd))
		return false;
	pid = fork();
	if (!pid) {
		dup2(fd[0], STDIN_FILENO);
		close(fd[0]);
		close(fd[1]);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(fd[0]);
	ok = pid > 0 && write(fd[1], input, len) == (ssize_t)len;
	close(fd[1]);
	if (pid > 0 && waitpid(pid, &status, 0) == pid && ok && !status)
		return true;
	printf("# %s failed: %s\n", argv[0], input);
	return false;
}
