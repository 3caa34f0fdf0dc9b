// SPDX-License-Identifier: GPL-2.0
/* The counters of a translator, by generic netlink. */
#include <errno.h>
#include <net/if.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <stdio.h>
#include <string.h>

#include <linux/siit.h>

#include "rig.h"

static struct nl_sock *sock;
static int family;

static bool counters_open(void)
{
	if (sock)
		return true;
	sock = nl_socket_alloc();
	if (!sock || genl_connect(sock))
		return false;
	nl_socket_disable_seq_check(sock);
	family = genl_ctrl_resolve(sock, SIIT_GENL_NAME);
	return family >= 0;
}

static void parse_drop(struct nlattr *nest, struct counters *c)
{
	struct nlattr *tb[SIIT_DROP_A_MAX + 1];

	if (c->n == sizeof(c->drop) / sizeof(*c->drop) ||
	    nla_parse_nested(tb, SIIT_DROP_A_MAX, nest, NULL) ||
	    !tb[SIIT_DROP_A_REASON] || !tb[SIIT_DROP_A_COUNT])
		return;
	nla_strlcpy(c->drop[c->n].name, tb[SIIT_DROP_A_REASON],
		    sizeof(c->drop[c->n].name));
	c->drop[c->n++].count = nla_get_u64(tb[SIIT_DROP_A_COUNT]);
}

static int parse_stats(struct nl_msg *msg, void *arg)
{
	struct nlattr *tb[SIIT_STATS_A_MAX + 1];
	struct counters *c = arg;
	struct nlattr *pos;
	int rem;

	if (genlmsg_parse(nlmsg_hdr(msg), 0, tb, SIIT_STATS_A_MAX, NULL))
		return NL_SKIP;
	if (tb[SIIT_STATS_A_PACKETS46])
		c->packets46 = nla_get_u64(tb[SIIT_STATS_A_PACKETS46]);
	if (tb[SIIT_STATS_A_PACKETS64])
		c->packets64 = nla_get_u64(tb[SIIT_STATS_A_PACKETS64]);
	/* The attribute appears once for every reason. */
	nlmsg_for_each_attr(pos, nlmsg_hdr(msg), GENL_HDRLEN, rem)
		if (nla_type(pos) == SIIT_STATS_A_DROP)
			parse_drop(pos, c);
	return NL_OK;
}

bool counters_read(struct counters *c, const char *dev)
{
	struct nl_msg *msg;
	int err;

	memset(c, 0, sizeof(*c));
	if (!counters_open())
		return false;
	msg = nlmsg_alloc();
	if (!msg)
		return false;
	genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0, 0,
		    SIIT_CMD_STATS_GET, SIIT_GENL_VERSION);
	nla_put_u32(msg, SIIT_STATS_A_IFINDEX, if_nametoindex(dev));
	nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, parse_stats, c);
	err = nl_send_auto(sock, msg);
	nlmsg_free(msg);
	if (err >= 0)
		err = nl_recvmsgs_default(sock);
	if (err >= 0)
		err = nl_wait_for_ack(sock);
	if (err < 0)
		printf("# counters of %s: %s\n", dev, nl_geterror(err));
	return err >= 0;
}

uint64_t counters_drop(const struct counters *c, const char *reason)
{
	int i;

	for (i = 0; i < c->n; i++)
		if (!strcmp(c->drop[i].name, reason))
			return c->drop[i].count;
	return 0;
}
