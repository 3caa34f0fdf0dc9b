// SPDX-License-Identifier: GPL-2.0
/*
 * A packet that siitctl query asks about, and what becomes of it.
 */
#include <arpa/inet.h>
#include <netlink/genl/genl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cmd.h"

static struct nla_policy answer_policy[SIIT_QUERY_A_MAX + 1] = {
	[SIIT_QUERY_A_REASON] = { .type = NLA_NUL_STRING },
	[SIIT_QUERY_A_PACKET] = { .type = NLA_NESTED },
	[SIIT_QUERY_A_RESULT] = { .type = NLA_NESTED },
	[SIIT_QUERY_A_FRAGMENTS] = { .type = NLA_U32 },
	[SIIT_QUERY_A_ICMP_TYPE] = { .type = NLA_U8 },
	[SIIT_QUERY_A_ICMP_CODE] = { .type = NLA_U8 },
	[SIIT_QUERY_A_ICMP_MTU] = { .type = NLA_U32 },
	[SIIT_QUERY_A_ICMP_SENT] = { .type = NLA_U8 },
};

static struct nla_policy packet_policy[SIIT_PACKET_A_MAX + 1] = {
	[SIIT_PACKET_A_SRC4] = { .minlen = 4 },
	[SIIT_PACKET_A_DST4] = { .minlen = 4 },
	[SIIT_PACKET_A_SRC6] = { .minlen = 16 },
	[SIIT_PACKET_A_DST6] = { .minlen = 16 },
	[SIIT_PACKET_A_PROTO] = { .type = NLA_U8 },
	[SIIT_PACKET_A_LEN] = { .type = NLA_U32 },
	[SIIT_PACKET_A_TTL] = { .type = NLA_U8 },
	[SIIT_PACKET_A_TOS] = { .type = NLA_U8 },
	[SIIT_PACKET_A_DF] = { .type = NLA_U8 },
	[SIIT_PACKET_A_FRAG_HDR] = { .type = NLA_U8 },
};

static const struct {
	const char *name;
	uint8_t proto4;
	uint8_t proto6;
} protocols[] = {
	{ "tcp", IPPROTO_TCP, IPPROTO_TCP },
	{ "udp", IPPROTO_UDP, IPPROTO_UDP },
	{ "icmp", IPPROTO_ICMP, IPPROTO_ICMPV6 },
};

/* Those that the translator sends. */
static const struct {
	int family;
	uint8_t type;
	uint8_t code;
	const char *name;
} errors[] = {
	{ AF_INET, 3, 4, "fragmentation needed" },
	{ AF_INET, 3, 5, "source route failed" },
	{ AF_INET, 3, 13, "administratively prohibited" },
	{ AF_INET, 11, 0, "time exceeded" },
	{ AF_INET6, 1, 1, "administratively prohibited" },
	{ AF_INET6, 2, 0, "packet too big" },
	{ AF_INET6, 3, 0, "time exceeded" },
};

static const char *once(struct args *a, const char *key, const char **word)
{
	const char *value = args_need(a, "the value");

	if (*word)
		usage_error(a, "duplicate argument: \"%s %s\" after \"%s %s\"",
			    key, value, key, *word);
	*word = value;
	return value;
}

/**
 * packet_parse - read a word of a packet's description, and its value
 * @a: the command; @a->last is the word
 * @p: the packet
 *
 * Options are as good as words.
 *
 * Return: whether it was one.
 */
bool packet_parse(struct args *a, struct packet *p)
{
	const char *key = a->last;

	if (!strncmp(key, "--", 2))
		key += 2;
	if (!strcmp(key, "df")) {
		if (p->df)
			usage_error(a, "duplicate argument: \"%s\"", a->last);
		p->df = a->last;
	} else if (!strcmp(key, "proto")) {
		once(a, key, &p->proto);
	} else if (!strcmp(key, "len")) {
		once(a, key, &p->len);
	} else if (!strcmp(key, "ttl")) {
		once(a, key, &p->ttl);
	} else if (!strcmp(key, "tos")) {
		once(a, key, &p->tos);
	} else {
		return false;
	}
	p->word = p->word ? p->word : key;
	return true;
}

static uint8_t proto_number(struct args *a, const struct packet *p)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(protocols); i++)
		if (!strcmp(p->proto, protocols[i].name))
			return p->family == AF_INET ? protocols[i].proto4 :
						      protocols[i].proto6;
	if (word_family(p->proto) != AF_INET)
		usage_error(a, "proto: unknown value \"%s\": expected tcp, udp, icmp or a number",
			    p->proto);
	return parse_number(a, "proto", p->proto, 0, 255);
}

/**
 * packet_check - read the values, once the family is known
 * @a: the command
 * @p: the packet
 */
void packet_check(struct args *a, struct packet *p)
{
	bool from4 = p->family == AF_INET;

	if (p->df && !from4)
		usage_error(a, "df: an IPv6 packet has none");
	if (p->proto)
		p->proto_value = proto_number(a, p);
	if (p->len)
		p->len_value = parse_number(a, "len", p->len, from4 ? 20 : 40,
					    from4 ? 65535 : 65575);
	if (p->ttl)
		p->ttl_value = parse_number(a, "ttl", p->ttl, 0, 255);
	if (p->tos)
		p->tos_value = parse_number(a, "tos", p->tos, 0, 255);
}

static int keep_answer(struct nlmsghdr *nlh, void *arg)
{
	struct packet *p = arg;
	struct nlattr *nest;

	if (!p->answer)
		p->answer = nlmsg_convert(nlh);
	if (!p->answer ||
	    genlmsg_parse(nlmsg_hdr(p->answer), 0, p->tb, SIIT_QUERY_A_MAX,
			  answer_policy))
		return EXIT_REFUSED;
	nest = p->tb[SIIT_QUERY_A_RESULT];
	if ((!nest && !p->tb[SIIT_QUERY_A_REASON]) ||
	    !p->tb[SIIT_QUERY_A_PACKET] ||
	    nla_parse_nested(p->in, SIIT_PACKET_A_MAX,
			     p->tb[SIIT_QUERY_A_PACKET], packet_policy) ||
	    (nest && nla_parse_nested(p->out, SIIT_PACKET_A_MAX, nest,
				      packet_policy)))
		return EXIT_REFUSED;
	return 0;
}

/**
 * packet_ask - ask the kernel what becomes of a packet
 * @a: the command
 * @dev: the device
 * @p: the packet; the answer goes there
 *
 * Return: 0 or an exit status.
 */
int packet_ask(struct args *a, const char *dev, struct packet *p)
{
	bool from4 = p->family == AF_INET;
	size_t size = from4 ? 4 : 16;
	struct request req;
	struct nlattr *nest;
	int ret;

	ret = siit_request_dev(&req, a, SIIT_CMD_QUERY, dev);
	if (ret)
		return ret;
	nest = nla_nest_start(req.msg, SIIT_QUERY_A_PACKET);
	if (!nest)
		abort();
	request_put(&req, from4 ? SIIT_PACKET_A_SRC4 : SIIT_PACKET_A_SRC6,
		    NULL, p->saddr, size);
	request_put(&req, from4 ? SIIT_PACKET_A_DST4 : SIIT_PACKET_A_DST6,
		    NULL, p->daddr, size);
	if (p->proto)
		request_u8(&req, SIIT_PACKET_A_PROTO, p->proto, p->proto_value);
	if (p->len)
		request_u32(&req, SIIT_PACKET_A_LEN, p->len, p->len_value);
	if (p->ttl)
		request_u8(&req, SIIT_PACKET_A_TTL, p->ttl, p->ttl_value);
	if (p->tos)
		request_u8(&req, SIIT_PACKET_A_TOS, p->tos, p->tos_value);
	if (p->df)
		request_u8(&req, SIIT_PACKET_A_DF, p->df, 1);
	nla_nest_end(req.msg, nest);
	ret = siit_send(&req, a, keep_answer, p);
	if (!ret && !p->answer) {
		complain(a, "the kernel has not answered");
		ret = EXIT_REFUSED;
	}
	return ret;
}

static const char *proto_name(unsigned int proto, bool v4)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(protocols); i++)
		if (proto == (v4 ? protocols[i].proto4 : protocols[i].proto6))
			return protocols[i].name;
	return NULL;
}

static void out_u8(const char *key, const char *fmt, const struct nlattr *nla)
{
	if (nla)
		out_uint(key, fmt, nla_get_u8(nla));
}

/* The values of a header, but for the addresses. */
static void print_header(struct nlattr **tb)
{
	bool v4 = tb[SIIT_PACKET_A_SRC4];
	const char *name = NULL;

	if (tb[SIIT_PACKET_A_PROTO])
		name = proto_name(nla_get_u8(tb[SIIT_PACKET_A_PROTO]), v4);
	if (name)
		out_str(NULL, " proto %s", name);
	out_u8("proto", name ? NULL : " proto %llu", tb[SIIT_PACKET_A_PROTO]);
	if (tb[SIIT_PACKET_A_LEN])
		out_uint("len", " len %llu",
			 nla_get_u32(tb[SIIT_PACKET_A_LEN]));
	out_u8("ttl", v4 ? " ttl %llu" : " hop-limit %llu",
	       tb[SIIT_PACKET_A_TTL]);
	out_u8("dsfield", v4 ? " tos %llu" : " traffic-class %llu",
	       tb[SIIT_PACKET_A_TOS]);
	if (v4 && tb[SIIT_PACKET_A_DF]) {
		bool df = nla_get_u8(tb[SIIT_PACKET_A_DF]);

		out_bool("df", NULL, df);
		out_text(df ? " df" : "");
	}
	if (!v4 && tb[SIIT_PACKET_A_FRAG_HDR]) {
		bool frag = nla_get_u8(tb[SIIT_PACKET_A_FRAG_HDR]);

		out_bool("fragment_header", NULL, frag);
		out_text(frag ? " fragment-header" : "");
	}
}

static void print_addrs(struct nlattr **tb)
{
	bool v4 = tb[SIIT_PACKET_A_SRC4];

	if (v4) {
		out_addr4("src", "%s", tb[SIIT_PACKET_A_SRC4]);
		out_addr4("dst", " -> %s", tb[SIIT_PACKET_A_DST4]);
	} else {
		out_addr6("src", "%s", tb[SIIT_PACKET_A_SRC6]);
		out_addr6("dst", " -> %s", tb[SIIT_PACKET_A_DST6]);
	}
}

static void print_error(const struct packet *p, struct nlattr **tb)
{
	uint8_t type, code;
	size_t i;

	if (!tb[SIIT_QUERY_A_ICMP_TYPE] || !tb[SIIT_QUERY_A_ICMP_CODE]) {
		out_text("\n    no ICMP error: this is dropped silently");
		return;
	}
	type = nla_get_u8(tb[SIIT_QUERY_A_ICMP_TYPE]);
	code = nla_get_u8(tb[SIIT_QUERY_A_ICMP_CODE]);
	out_text("\n    ICMP error:");
	for (i = 0; i < ARRAY_SIZE(errors); i++)
		if (errors[i].family == p->family && errors[i].type == type &&
		    errors[i].code == code)
			out_str(NULL, " %s,", errors[i].name);
	out_open("icmp", '{');
	out_uint("type", " type %llu", type);
	out_uint("code", " code %llu", code);
	if (tb[SIIT_QUERY_A_ICMP_MTU])
		out_uint("mtu", " mtu %llu",
			 nla_get_u32(tb[SIIT_QUERY_A_ICMP_MTU]));
	if (tb[SIIT_QUERY_A_ICMP_SENT]) {
		bool sent = nla_get_u8(tb[SIIT_QUERY_A_ICMP_SENT]);

		out_bool("sent", NULL, sent);
		out_text(sent ? "" : ", not sent: icmp-errors is off");
	}
	out_close();
}

static void print_result(struct packet *p)
{
	unsigned int packets = 1;

	if (p->tb[SIIT_QUERY_A_FRAGMENTS])
		packets = nla_get_u32(p->tb[SIIT_QUERY_A_FRAGMENTS]);
	out_text(" becomes ");
	out_open("packet", '{');
	print_addrs(p->out);
	out_text("\n    in:");
	/* In text, what it was comes in between. */
	if (!out_is_json())
		print_header(p->in);
	out_text("\n    out:");
	print_header(p->out);
	out_uint("fragments", packets > 1 ? " in %llu fragments" : NULL,
		 packets);
	out_close();
}

/**
 * packet_print - print what becomes of a packet
 * @p: the packet, answered
 */
void packet_print(struct packet *p)
{
	out_text("packet: ");
	out_open("asked", '{');
	print_addrs(p->in);
	if (out_is_json())
		print_header(p->in);
	out_close();
	if (p->tb[SIIT_QUERY_A_RESULT]) {
		print_result(p);
		return;
	}
	out_text(" is not translated");
	out_str("reason", ": %s", nla_get_string(p->tb[SIIT_QUERY_A_REASON]));
	out_text("\n    in:");
	if (!out_is_json())
		print_header(p->in);
	print_error(p, p->tb);
}
