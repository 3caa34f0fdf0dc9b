// SPDX-License-Identifier: GPL-2.0
/*
 * A client of the netlink family that is built for 32 bits and knows nothing
 * but its header.
 *
 *	client32 width			octets of a long
 *	client32 rows			the EAM table of all devices
 *	client32 settings DEV		role, lowest-ipv6-mtu, TOS
 *	client32 set DEV MTU TOS	the last two
 *	client32 stats DEV		packets and octets, IPv4 to IPv6
 *	client32 send DST N		N of the largest datagrams that may not be cut
 *	client32 probe DEV SRC DST LEN	length of the translated packet, fragments
 *
 * Exit status 1: the kernel has refused; its errno and its text are printed.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/siit.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_ATTR 32

/**
 * union message - a request, or room for answers
 * @nlh: where it begins
 * @room: enough for a part of a dump
 */
union message {
	struct nlmsghdr nlh;
	char room[65536];
};

/* What an attribute has, by its number. */
struct attrs {
	const struct nlattr *at[MAX_ATTR];
};

typedef void (*show_fn)(const struct attrs *attrs);

static int sk, family;
static union message req, answer;

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static const void *data(const struct nlattr *nla)
{
	return (const char *)nla + NLA_HDRLEN;
}

static struct nlattr *put(int type, const void *value, size_t len)
{
	struct nlattr *nla = (struct nlattr *)(req.room +
					       NLMSG_ALIGN(req.nlh.nlmsg_len));

	nla->nla_type = type;
	nla->nla_len = NLA_HDRLEN + len;
	if (len)
		memcpy(nla + 1, value, len);
	req.nlh.nlmsg_len = NLMSG_ALIGN(req.nlh.nlmsg_len) +
			    NLA_ALIGN(nla->nla_len);
	return nla;
}

static void begin(int type, int cmd, int flags)
{
	struct genlmsghdr *genl = NLMSG_DATA(&req.nlh);

	memset(&req, 0, 4096);
	req.nlh.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN);
	req.nlh.nlmsg_type = type;
	req.nlh.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	req.nlh.nlmsg_seq++;
	genl->cmd = cmd;
	genl->version = SIIT_GENL_VERSION;
}

static void begin_dev(int cmd, const char *dev)
{
	uint32_t ifindex = if_nametoindex(dev);

	if (!ifindex)
		die(dev);
	begin(family, cmd, 0);
	put(SIIT_DEV_A_IFINDEX, &ifindex, sizeof(ifindex));
}

static void parse(struct attrs *attrs, const char *from, size_t len)
{
	memset(attrs, 0, sizeof(*attrs));
	while (len >= NLA_HDRLEN) {
		const struct nlattr *nla = (const void *)from;
		size_t step = NLA_ALIGN(nla->nla_len);

		if (nla->nla_len < NLA_HDRLEN || nla->nla_len > len)
			exit(3);
		if ((nla->nla_type & NLA_TYPE_MASK) < MAX_ATTR)
			attrs->at[nla->nla_type & NLA_TYPE_MASK] = nla;
		if (step >= len)
			return;
		from += step;
		len -= step;
	}
}

static void parse_nest(struct attrs *attrs, const struct nlattr *nla)
{
	if (!nla)
		exit(3);
	parse(attrs, data(nla), nla->nla_len - NLA_HDRLEN);
}

static const void *need(const struct attrs *attrs, int type, size_t len)
{
	const struct nlattr *nla = attrs->at[type];

	if (!nla || nla->nla_len != NLA_HDRLEN + len)
		exit(3);
	return data(nla);
}

static unsigned long long number(const struct attrs *attrs, int type, size_t len)
{
	const void *value = need(attrs, type, len);
	uint64_t whole;
	uint32_t word;
	uint16_t half;

	switch (len) {
	case 8:
		memcpy(&whole, value, 8);
		return whole;
	case 4:
		memcpy(&word, value, 4);
		return word;
	case 2:
		memcpy(&half, value, 2);
		return half;
	default:
		return *(const uint8_t *)value;
	}
}

/* The last word of the kernel: 0, or an error, with a text perhaps. */
static int finish(const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = NLMSG_DATA(nlh);
	struct attrs attrs;
	size_t fixed = sizeof(*err);

	if (!err->error)
		return 0;
	printf("%s", strerror(-err->error));
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS) {
		parse(&attrs, (const char *)err + fixed,
		      nlh->nlmsg_len - NLMSG_HDRLEN - fixed);
		if (attrs.at[NLMSGERR_ATTR_MSG])
			printf(": %s",
			       (const char *)data(attrs.at[NLMSGERR_ATTR_MSG]));
	}
	putchar('\n');
	return 1;
}

static int call(show_fn show)
{
	struct nlmsghdr *nlh;
	struct attrs attrs;
	ssize_t len;

	if (send(sk, &req, req.nlh.nlmsg_len, 0) < 0)
		die("send");
	for (;;) {
		len = recv(sk, &answer, sizeof(answer), 0);
		if (len < 0)
			die("recv");
		for (nlh = &answer.nlh; NLMSG_OK(nlh, (size_t)len);
		     nlh = NLMSG_NEXT(nlh, len)) {
			if (nlh->nlmsg_type == NLMSG_ERROR)
				return finish(nlh);
			if (nlh->nlmsg_type == NLMSG_DONE)
				return 0;
			parse(&attrs, (char *)NLMSG_DATA(nlh) + GENL_HDRLEN,
			      NLMSG_PAYLOAD(nlh, GENL_HDRLEN));
			if (show)
				show(&attrs);
		}
	}
}

static void learn_family(const struct attrs *attrs)
{
	family = number(attrs, CTRL_ATTR_FAMILY_ID, 2);
}

static void connect_family(void)
{
	int one = 1;

	sk = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (sk < 0)
		die("socket");
	setsockopt(sk, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	setsockopt(sk, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	begin(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	put(CTRL_ATTR_FAMILY_NAME, SIIT_GENL_NAME, sizeof(SIIT_GENL_NAME));
	if (call(learn_family))
		exit(1);
}

static void show_row(const struct attrs *attrs)
{
	char v4[INET_ADDRSTRLEN], v6[INET6_ADDRSTRLEN];

	inet_ntop(AF_INET, need(attrs, SIIT_EAM_A_PREFIX4, 4), v4, sizeof(v4));
	inet_ntop(AF_INET6, need(attrs, SIIT_EAM_A_PREFIX6, 16), v6,
		  sizeof(v6));
	printf("%s/%llu %s/%llu\n", v4,
	       number(attrs, SIIT_EAM_A_LEN4, 1), v6,
	       number(attrs, SIIT_EAM_A_LEN6, 1));
}

static void show_settings(const struct attrs *attrs)
{
	printf("%llu %llu %llu\n",
	       number(attrs, SIIT_DEV_A_ROLE, 1),
	       number(attrs, SIIT_DEV_A_LOWEST_MTU6, 4),
	       number(attrs, SIIT_DEV_A_TOS, 2));
}

static void show_stats(const struct attrs *attrs)
{
	struct attrs drop;

	/* Any of them shows whether the nest is read as it was written. */
	parse_nest(&drop, attrs->at[SIIT_STATS_A_DROP]);
	number(&drop, SIIT_DROP_A_COUNT, 8);
	printf("%llu %llu\n",
	       number(attrs, SIIT_STATS_A_PACKETS46, 8),
	       number(attrs, SIIT_STATS_A_BYTES46, 8));
}

static void show_probe(const struct attrs *attrs)
{
	struct attrs result;

	parse_nest(&result, attrs->at[SIIT_QUERY_A_RESULT]);
	printf("%llu %llu\n",
	       number(&result, SIIT_PACKET_A_LEN, 4),
	       number(attrs, SIIT_QUERY_A_FRAGMENTS, 4));
}

static int set(char **word)
{
	uint32_t mtu = strtoul(word[1], NULL, 10);
	uint16_t tos = strtoul(word[2], NULL, 10);

	begin_dev(SIIT_CMD_DEV_SET, word[0]);
	put(SIIT_DEV_A_LOWEST_MTU6, &mtu, sizeof(mtu));
	put(SIIT_DEV_A_TOS, &tos, sizeof(tos));
	return call(NULL);
}

static int probe(char **word)
{
	uint32_t len = strtoul(word[3], NULL, 10);
	struct in_addr src, dst;
	struct nlattr *nest;

	if (inet_pton(AF_INET, word[1], &src) != 1 ||
	    inet_pton(AF_INET, word[2], &dst) != 1)
		exit(2);
	begin_dev(SIIT_CMD_QUERY, word[0]);
	nest = put(SIIT_QUERY_A_PACKET | NLA_F_NESTED, NULL, 0);
	put(SIIT_PACKET_A_SRC4, &src, sizeof(src));
	put(SIIT_PACKET_A_DST4, &dst, sizeof(dst));
	put(SIIT_PACKET_A_LEN, &len, sizeof(len));
	nest->nla_len = req.room + req.nlh.nlmsg_len - (char *)nest;
	return call(show_probe);
}

static int send_many(const char *to, unsigned long count)
{
	static const char datagram[65479];
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = 9 };
	int df = IP_PMTUDISC_DO;
	int udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (inet_pton(AF_INET, to, &addr.sin_addr) != 1)
		exit(2);
	if (udp < 0 || setsockopt(udp, IPPROTO_IP, IP_MTU_DISCOVER, &df,
				  sizeof(df)) ||
	    connect(udp, (struct sockaddr *)&addr, sizeof(addr)))
		die(to);
	while (count--)
		if (send(udp, datagram, sizeof(datagram), 0) < 0)
			die("send");
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "width"))
		return printf("%zu\n", sizeof(long)) < 0;
	if (argc == 4 && !strcmp(what, "send"))
		return send_many(argv[2], strtoul(argv[3], NULL, 10));
	connect_family();
	if (!strcmp(what, "rows")) {
		begin(family, SIIT_CMD_EAM_GET, NLM_F_DUMP);
		return call(show_row);
	}
	if (argc == 3 && !strcmp(what, "settings")) {
		begin_dev(SIIT_CMD_DEV_GET, argv[2]);
		return call(show_settings);
	}
	if (argc == 3 && !strcmp(what, "stats")) {
		begin_dev(SIIT_CMD_STATS_GET, argv[2]);
		return call(show_stats);
	}
	if (argc == 5 && !strcmp(what, "set"))
		return set(argv + 2);
	if (argc == 6 && !strcmp(what, "probe"))
		return probe(argv + 2);
	return 2;
}
