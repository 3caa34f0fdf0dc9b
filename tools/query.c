// SPDX-License-Identifier: GPL-2.0
/*
 * siitctl query: how an address, or the two of a packet, map, and what becomes of
 * the packet.
 */
#include <arpa/inet.h>
#include <netlink/genl/genl.h>
#include <string.h>
#include <sys/socket.h>

#include "cmd.h"

/**
 * struct query - an address and what becomes of it
 * @key: JSON key
 * @word: the address as typed
 * @family: AF_INET or AF_INET6
 * @addr: the address
 * @text: the address as it is written usually
 * @answer: the kernel's answer
 * @tb: attributes of @answer
 * @method: enum siit_method
 * @other: the other family's address as text; empty: it does not map
 */
struct query {
	const char *key;
	const char *word;
	int family;
	union {
		struct in_addr v4;
		struct in6_addr v6;
	} addr;
	char text[INET6_ADDRSTRLEN];
	struct nl_msg *answer;
	struct nlattr *tb[SIIT_QUERY_A_MAX + 1];
	unsigned int method;
	char other[INET6_ADDRSTRLEN];
};

static const char *const methods[] = {
	[SIIT_METHOD_NONE] = "none",
	[SIIT_METHOD_EAM] = "eam",
	[SIIT_METHOD_TRANSLATABLE] = "translatable",
	[SIIT_METHOD_CONVERTED] = "converted",
};

static struct nla_policy policy[SIIT_QUERY_A_MAX + 1] = {
	[SIIT_QUERY_A_IFINDEX] = { .type = NLA_U32 },
	[SIIT_QUERY_A_ADDR4] = { .minlen = 4 },
	[SIIT_QUERY_A_ADDR6] = { .minlen = 16 },
	[SIIT_QUERY_A_METHOD] = { .type = NLA_U8 },
	[SIIT_QUERY_A_PREFIX4] = { .minlen = 4 },
	[SIIT_QUERY_A_LEN4] = { .type = NLA_U8 },
	[SIIT_QUERY_A_PREFIX6] = { .minlen = 16 },
	[SIIT_QUERY_A_LEN6] = { .type = NLA_U8 },
	[SIIT_QUERY_A_REASON] = { .type = NLA_NUL_STRING },
};

static int keep_answer(struct nlmsghdr *nlh, void *arg)
{
	struct query *q = arg;
	struct nlattr *other;

	if (!q->answer)
		q->answer = nlmsg_convert(nlh);
	if (!q->answer ||
	    genlmsg_parse(nlmsg_hdr(q->answer), 0, q->tb, SIIT_QUERY_A_MAX,
			  policy) ||
	    !q->tb[SIIT_QUERY_A_METHOD])
		return EXIT_REFUSED;
	q->method = nla_get_u8(q->tb[SIIT_QUERY_A_METHOD]);
	if (q->method >= ARRAY_SIZE(methods))
		return EXIT_REFUSED;
	if (q->method == SIIT_METHOD_NONE)
		return 0;
	other = q->tb[q->family == AF_INET ?
		      SIIT_QUERY_A_ADDR6 : SIIT_QUERY_A_ADDR4];
	if (!other)
		return EXIT_REFUSED;
	inet_ntop(q->family == AF_INET ? AF_INET6 : AF_INET, nla_data(other),
		  q->other, sizeof(q->other));
	return 0;
}

static int ask(struct args *a, const char *dev, struct query *q)
{
	bool from4 = q->family == AF_INET;
	struct request req;
	int ret;

	ret = siit_request_dev(&req, a, SIIT_CMD_QUERY, dev);
	if (ret)
		return ret;
	request_put(&req, from4 ? SIIT_QUERY_A_ADDR4 : SIIT_QUERY_A_ADDR6,
		    q->word, &q->addr, from4 ? 4 : 16);
	ret = siit_send(&req, a, keep_answer, q);
	if (!ret && !q->answer) {
		complain(a, "the kernel has not answered");
		ret = EXIT_REFUSED;
	}
	return ret;
}

/* The row as its own object prints it. */
static void print_row(const struct query *q)
{
	bool eam = q->method == SIIT_METHOD_EAM;

	out_text(eam ? " by eam" : " by pool6");
	if (eam)
		out_prefix4("prefix4", " %s", q->tb[SIIT_QUERY_A_PREFIX4],
			    q->tb[SIIT_QUERY_A_LEN4]);
	out_prefix6("prefix6", " %s", q->tb[SIIT_QUERY_A_PREFIX6],
		    q->tb[SIIT_QUERY_A_LEN6]);
	if (q->method == SIIT_METHOD_TRANSLATABLE)
		out_prefix4("prefix4", " translatable %s",
			    q->tb[SIIT_QUERY_A_PREFIX4],
			    q->tb[SIIT_QUERY_A_LEN4]);
}

static void print_query(const struct query *q)
{
	bool from4 = q->family == AF_INET;

	out_open(q->key, '{');
	out_str(from4 ? "addr4" : "addr6", "%s", q->text);
	if (q->other[0]) {
		out_str(from4 ? "addr6" : "addr4", " -> %s", q->other);
		out_str("method", NULL, methods[q->method]);
		print_row(q);
	} else {
		out_str("method", " does not map", methods[SIIT_METHOD_NONE]);
		if (q->tb[SIIT_QUERY_A_REASON])
			out_str("reason", ": %s",
				nla_get_string(q->tb[SIIT_QUERY_A_REASON]));
	}
	out_close();
}

static void parse_addr(struct args *a, const char *word, struct query *q)
{
	q->word = word;
	q->family = word_family(word);
	if (q->family == AF_INET)
		parse_addr4(a, word, &q->addr.v4);
	else
		parse_addr6(a, word, &q->addr.v6);
	inet_ntop(q->family, &q->addr, q->text, sizeof(q->text));
}

static void parse_query(struct args *a, struct query *q, struct packet *p,
			const char **dev)
{
	unsigned int n = 0;
	const char *word;

	while ((word = args_next(a))) {
		if (!strcmp(word, "dev")) {
			args_dev(a, dev);
			continue;
		}
		if (packet_parse(a, p))
			continue;
		if (n == 2 || word_family(word) == AF_UNSPEC)
			unknown_word(a, word,
				     n < 2 ? "ADDR, dev NAME, proto P, len N, ttl N, tos N or df" :
				     *dev ? "proto P, len N, ttl N, tos N, df or no more" :
				     "dev NAME, proto P, len N, ttl N, tos N or df");
		parse_addr(a, word, &q[n++]);
	}
	if (!n)
		usage_error(a, "missing ADDR after \"%s\"", a->last);
	if (n == 2 && q[0].family != q[1].family)
		usage_error(a, "source \"%s\" and destination \"%s\" are not of one family",
			    q[0].word, q[1].word);
	if (n == 1 && p->word)
		usage_error(a, "missing destination: \"%s\" is about a packet from \"%s\"",
			    p->word, q[0].word);
	args_need_dev(a, *dev);
	p->family = q[0].family;
	p->saddr = &q[0].addr;
	p->daddr = &q[1].addr;
	packet_check(a, p);
}

static void print_pair(const struct query *q, struct packet *p)
{
	out_text("source: ");
	print_query(&q[0]);
	out_text("\ndestination: ");
	print_query(&q[1]);
	out_text("\n");
	packet_print(p);
}

static int query(struct args *a)
{
	struct query q[2] = { { .key = "src" }, { .key = "dst" } };
	struct packet p = {};
	const char *dev = NULL;
	int ret;

	parse_query(a, q, &p, &dev);
	ret = ask(a, dev, &q[0]);
	if (!ret && q[1].word)
		ret = ask(a, dev, &q[1]);
	if (!ret && q[1].word)
		ret = packet_ask(a, dev, &p);
	if (!ret) {
		out_list_begin();
		out_row();
		out_str("dev", NULL, dev);
		if (q[1].word) {
			print_pair(q, &p);
		} else {
			q[0].key = "addr";
			print_query(&q[0]);
		}
		out_row_end();
		out_list_end(ret);
	}
	nlmsg_free(q[0].answer);
	nlmsg_free(q[1].answer);
	nlmsg_free(p.answer);
	return ret;
}

const struct object object_query = {
	.name = "query",
	.run = query,
	.help =
"siitctl query ADDR dev NAME\n"
"siitctl query SADDR DADDR dev NAME [proto tcp|udp|icmp|N] [len N] [ttl N]\n"
"              [tos N] [df]\n"
"\n"
"One address: what it maps to, and by which row. Two of the same family, source\n"
"and destination of a packet: what both map to, and what becomes of the packet:\n"
"its new header and how many fragments it is cut into, or why it is dropped, and\n"
"the ICMP error that its sender gets. Nothing is sent or counted.\n"
"\n"
"The packet is TCP, has no data, a TTL of 64, TOS 0 and no DF, unless the words\n"
"say something else; icmp is an echo request, len counts from the IP header on.\n"
"\n"
"    siitctl query 192.0.2.1 dev siit0\n"
"    siitctl query 198.51.100.7 192.0.2.1 dev siit0\n"
"    siitctl query 198.51.100.7 192.0.2.1 dev siit0 proto udp len 1500 df\n",
};
