// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>

#include "message.h"

void message_begin(struct message *m, uint16_t type, uint16_t flags,
		   uint32_t seq, const void *header, size_t len)
{
	memset(m, 0, sizeof(*m));
	m->nlh.nlmsg_type = type;
	m->nlh.nlmsg_flags = flags;
	m->nlh.nlmsg_seq = seq;
	memcpy(NLMSG_DATA(&m->nlh), header, len);
	m->len = NLMSG_SPACE(len);
	m->nlh.nlmsg_len = m->len;
}

void message_put(struct message *m, uint16_t type, const void *data, size_t len)
{
	struct nlattr *nla = (struct nlattr *)(m->data + m->len);

	if (m->len + NLA_ALIGN(NLA_HDRLEN + len) > MESSAGE)
		return;
	nla->nla_type = type;
	nla->nla_len = NLA_HDRLEN + len;
	if (len)
		memcpy(m->data + m->len + NLA_HDRLEN, data, len);
	m->len += NLA_ALIGN(nla->nla_len);
	m->nlh.nlmsg_len = m->len;
}

void message_put_u32(struct message *m, uint16_t type, uint32_t value)
{
	message_put(m, type, &value, sizeof(value));
}

void message_put_text(struct message *m, uint16_t type, const char *text)
{
	message_put(m, type, text, strlen(text) + 1);
}

struct nlattr *message_nest(struct message *m, uint16_t type)
{
	struct nlattr *nest = (struct nlattr *)(m->data + m->len);

	message_put(m, type, NULL, 0);
	return nest;
}

void message_nest_end(struct message *m, struct nlattr *nest)
{
	nest->nla_len = m->data + m->len - (uint8_t *)nest;
}

/* values: few enough to meet again */

static uint32_t some_ifindex(const struct world *w, struct rng *r)
{
	const struct state *s = w->state;

	if (w->txn->open && w->txn->count && percent(r, 60))
		return w->txn->stage[below(r, w->txn->count)].number;
	if (s->count && percent(r, 92))
		return s->dev[below(r, s->count)].ifindex;
	switch (below(r, 6)) {
	case 0:
		return w->gone;
	case 1:
		return PICK(r, w->ports);
	case 2:
		return between(r, 1, 12);
	case 3:
		return SIIT_TXN_NEW + below(r, 4);
	case 4:
		return 0;
	default:
		return rnd(r);
	}
}

static uint32_t some_port(const struct world *w, struct rng *r)
{
	return percent(r, 80) ? PICK(r, w->ports) : some_ifindex(w, r);
}

static uint32_t some_addr4(unsigned int len, struct rng *r)
{
	static const uint32_t known[] = {
		0xc0000200, 0xc0000201, 0xc0000280, 0xc6336400, 0xc6336407,
		0xcb007100, 0x0a000000, 0x0a000001, 0xc0a80100, 0x64400000,
		0x00000000, 0x7f000001, 0xa9fe0000, 0xe0000001, 0xffffffff,
	};
	uint32_t addr = percent(r, 95) ? PICK(r, known) : rnd(r);

	if (percent(r, 95))
		addr &= len ? ~0u << (32 - len) : 0;
	return htonl(addr);
}

static void some_addr6(uint8_t *addr, unsigned int len, struct rng *r)
{
	static const char *const known[] = {
		"2001:db8::", "2001:db8::1", "2001:db8:1::", "2001:db8:1:2:3::",
		"2001:db8:46::", "64:ff9b::", "64:ff9b::c000:201", "::", "::1",
		"::ffff:0:0", "fe80::1", "ff02::1", "2001:db8:0:0:100::",
	};
	unsigned int i;

	inet_pton(AF_INET6, known[below(r, percent(r, 85) ? 7 : 13)], addr);
	if (percent(r, 5))
		addr[below(r, 16)] = rnd(r);
	for (i = len; i < 128 && !permille(r, 1); i++)
		addr[i / 8] &= ~(0x80 >> i % 8);
}

static uint8_t some_len4(struct rng *r)
{
	static const uint8_t known[] = { 32, 32, 32, 24, 24, 28, 16, 8, 0, 31 };

	return PICK(r, known);
}

static uint8_t some_len6(const struct command *c, struct rng *r)
{
	static const uint8_t pool6[] = { 96, 96, 96, 64, 56, 48, 40, 32 };
	static const uint8_t row[] = { 128, 128, 128, 120, 124, 96, 64, 104, 0 };

	if (percent(r, 3))
		return below(r, 129);
	return c->set->attr[SIIT_POOL6_A_PREFIX6].type == T_ADDR6 ?
	       PICK(r, pool6) : PICK(r, row);
}

static const char *some_name(struct rng *r)
{
	static const char *const names[] = {
		"n0", "n1", "n2", "n3", "n0", "n1", "n2", "n3", "siit0", "p0",
		"lo", "", ".", "..", "a/b", "a b", "n%d", "a:b", "15-octets-long-",
		"\xff\xfe", "\x01", "#x", "-x", "dev", "help",
	};

	return PICK(r, names);
}

static uint32_t some_number(const struct attr *a, struct rng *r)
{
	if (percent(r, 25))
		return a->min;
	if (percent(r, 25))
		return a->max;
	return a->min + below(r, a->max - a->min + 1);
}

/* Few rows are the limit that is worth trying. */
static uint32_t some_setting(const struct command *c, unsigned int i,
			     struct rng *r)
{
	if (i == SIIT_DEV_A_MAX_ROWS && percent(r, 60))
		return between(r, 1, 30);
	return some_number(&c->set->attr[i], r);
}

static void put_number(struct message *m, const struct attr *a, uint16_t type,
		       uint32_t value)
{
	uint8_t u8 = value;
	uint16_t u16 = value;

	if (a->type == T_U8)
		message_put(m, type, &u8, 1);
	else if (a->type == T_U16)
		message_put(m, type, &u16, 2);
	else
		message_put_u32(m, type, value);
}

static void put4(struct message *m, unsigned int addr, unsigned int len_attr,
		 struct rng *r)
{
	bool with_len = percent(r, 75);
	uint8_t len = with_len ? some_len4(r) : 32;
	uint32_t a = some_addr4(len, r);

	message_put(m, addr, &a, 4);
	if (with_len)
		message_put(m, len_attr, &len, 1);
}

static void put6(struct message *m, const struct command *c, unsigned int addr,
		 unsigned int len_attr, struct rng *r)
{
	bool with_len = percent(r, 90);
	uint8_t len = with_len ? some_len6(c, r) : 128;
	uint8_t a[16];

	some_addr6(a, len, r);
	message_put(m, addr, a, 16);
	if (with_len)
		message_put(m, len_attr, &len, 1);
}

static void put_packet(struct message *m, const struct set *set, struct rng *r)
{
	struct nlattr *nest = message_nest(m, SIIT_QUERY_A_PACKET | NLA_F_NESTED);
	bool v4 = percent(r, 50);
	unsigned int i;
	uint8_t a6[16];
	uint32_t a4;

	for (i = 0; i < 2; i++) {
		a4 = some_addr4(32, r);
		some_addr6(a6, 128, r);
		if (v4 != percent(r, 2))
			message_put(m, SIIT_PACKET_A_SRC4 + i, &a4, 4);
		else
			message_put(m, SIIT_PACKET_A_SRC6 + i, a6, 16);
	}
	for (i = SIIT_PACKET_A_PROTO; i <= SIIT_PACKET_A_DF; i++)
		if (percent(r, 30) && (i != SIIT_PACKET_A_DF || v4))
			put_number(m, &set->attr[i], i,
				   some_number(&set->attr[i], r));
	message_nest_end(m, nest);
}

static void put_attrs(struct message *m, const struct world *w,
		      const struct command *c, struct rng *r)
{
	unsigned int i;

	switch (c->cmd) {
	case SIIT_CMD_DEV_SET:
		for (i = IFINDEX + 1; i < ATTRS; i++)
			if (c->set->attr[i].type && percent(r, 20))
				put_number(m, &c->set->attr[i], i,
					   some_setting(c, i, r));
		break;
	case SIIT_CMD_EAM_ADD:
	case SIIT_CMD_EAM_DEL:
		if (c->cmd == SIIT_CMD_EAM_ADD || percent(r, 70))
			put4(m, SIIT_EAM_A_PREFIX4, SIIT_EAM_A_LEN4, r);
		if (c->cmd == SIIT_CMD_EAM_ADD || percent(r, 30))
			put6(m, c, SIIT_EAM_A_PREFIX6, SIIT_EAM_A_LEN6, r);
		break;
	case SIIT_CMD_POOL6_ADD:
	case SIIT_CMD_POOL6_DEL:
		put6(m, c, SIIT_POOL6_A_PREFIX6, SIIT_POOL6_A_LEN6, r);
		if (percent(r, 40))
			put4(m, SIIT_POOL6_A_PREFIX4, SIIT_POOL6_A_LEN4, r);
		break;
	case SIIT_CMD_RFC6791_ADD:
	case SIIT_CMD_RFC6791_DEL:
	case SIIT_CMD_DENY4_ADD:
	case SIIT_CMD_DENY4_DEL:
		put4(m, SIIT_PREFIX4_A_PREFIX4, SIIT_PREFIX4_A_LEN4, r);
		break;
	case SIIT_CMD_HOOK_ADD:
	case SIIT_CMD_HOOK_DEL:
		message_put_u32(m, SIIT_HOOK_A_PORT, some_port(w, r));
		break;
	case SIIT_CMD_QUERY:
		if (percent(r, 50)) {
			put_packet(m, c->set->attr[SIIT_QUERY_A_PACKET].nest, r);
		} else if (percent(r, 50)) {
			uint32_t a = some_addr4(32, r);

			message_put(m, SIIT_QUERY_A_ADDR4, &a, 4);
		} else {
			uint8_t a[16];

			some_addr6(a, 128, r);
			message_put(m, SIIT_QUERY_A_ADDR6, a, 16);
		}
		break;
	}
}

static void put_txn(struct message *m, const struct world *w,
		    const struct command *c, struct rng *r)
{
	uint8_t mode = below(r, 2);

	if (c->cmd == SIIT_CMD_TXN_COMMIT && percent(r, 40))
		message_put(m, SIIT_TXN_A_DRY_RUN, NULL, 0);
	if (c->cmd != SIIT_CMD_TXN_BEGIN)
		return;
	if (percent(r, 30)) {
		message_put_u32(m, SIIT_TXN_A_IFINDEX,
				SIIT_TXN_NEW + below(r, 4));
		message_put_text(m, SIIT_TXN_A_NEW_NAME, some_name(r));
	} else if (percent(r, 95)) {
		message_put_u32(m, SIIT_TXN_A_IFINDEX, some_ifindex(w, r));
	}
	if (percent(r, 60))
		message_put(m, SIIT_TXN_A_MODE, &mode, 1);
}

/* Additions come up more often than what empties tables. */
static const struct command *some_command(const struct world *w, struct rng *r)
{
	static const uint8_t often[] = {
		SIIT_CMD_EAM_ADD, SIIT_CMD_EAM_ADD, SIIT_CMD_EAM_DEL,
		SIIT_CMD_POOL6_ADD, SIIT_CMD_RFC6791_ADD, SIIT_CMD_DENY4_ADD,
		SIIT_CMD_HOOK_ADD, SIIT_CMD_DEV_SET, SIIT_CMD_QUERY,
		SIIT_CMD_TXN_BEGIN,
	};

	if (w->txn->open && percent(r, 8))
		return spec_command(w->txn->failed || w->txn->unknown ?
				    SIIT_CMD_TXN_ABORT : SIIT_CMD_TXN_COMMIT);
	if (percent(r, 50))
		return spec_command(PICK(r, often));
	return &commands[below(r, command_count)];
}

void message_request(struct message *m, const struct world *w, uint32_t seq,
		     struct rng *r)
{
	const struct command *c = some_command(w, r);
	struct genlmsghdr g = { .cmd = c->cmd, .version = SIIT_GENL_VERSION };
	uint16_t flags = NLM_F_REQUEST;
	bool first = percent(r, 80);
	uint32_t ifindex;

	if (percent(r, 85))
		flags |= NLM_F_ACK;
	if (percent(r, 10))
		flags |= NLM_F_ECHO;
	if (c->dump && (!c->get || percent(r, 50)))
		flags |= NLM_F_DUMP;
	message_begin(m, w->family, flags, seq, &g, sizeof(g));
	if (c->cmd >= SIIT_CMD_TXN_BEGIN) {
		put_txn(m, w, c, r);
		return;
	}
	ifindex = some_ifindex(w, r);
	if (c->dump && percent(r, 40))
		return;
	/* In any order */
	if (first)
		message_put_u32(m, IFINDEX, ifindex);
	put_attrs(m, w, c, r);
	if (!first && percent(r, 90))
		message_put_u32(m, IFINDEX, ifindex);
}

/* links */

static void put_garbage(struct message *m, struct rng *r, int depth)
{
	uint8_t octets[64];
	unsigned int i, n = below(r, 4);
	struct nlattr *nest;

	for (i = 0; i < sizeof(octets); i++)
		octets[i] = rnd(r);
	for (i = 0; i < n; i++) {
		if (depth && percent(r, 50)) {
			nest = message_nest(m, below(r, 20) |
					    (percent(r, 50) ? NLA_F_NESTED : 0));
			put_garbage(m, r, depth - 1);
			message_nest_end(m, nest);
		} else {
			message_put(m, below(r, 40), octets, below(r, 64));
		}
	}
}

static void put_linkinfo(struct message *m, struct rng *r)
{
	static const char *const kinds[] = {
		"siit", "siit", "siit", "siit", "dummy", "sii", "siitx", "",
	};
	struct nlattr *info = message_nest(m, IFLA_LINKINFO), *data;

	if (percent(r, 95))
		message_put_text(m, IFLA_INFO_KIND, PICK(r, kinds));
	if (percent(r, 40)) {
		data = message_nest(m, IFLA_INFO_DATA);
		put_garbage(m, r, 3);
		message_nest_end(m, data);
	}
	if (percent(r, 5)) {
		data = message_nest(m, IFLA_INFO_SLAVE_DATA);
		put_garbage(m, r, 2);
		message_nest_end(m, data);
	}
	message_nest_end(m, info);
}

void message_link(struct message *m, const struct world *w, uint32_t seq,
		  struct rng *r)
{
	static const uint16_t types[] = {
		RTM_NEWLINK, RTM_NEWLINK, RTM_NEWLINK, RTM_SETLINK, RTM_SETLINK,
		RTM_DELLINK,
	};
	static const uint16_t others[] = {
		IFLA_MTU, IFLA_TXQLEN, IFLA_ADDRESS, IFLA_MASTER, IFLA_LINK,
		IFLA_AF_SPEC, IFLA_XDP, IFLA_NUM_TX_QUEUES, IFLA_GSO_MAX_SIZE,
		IFLA_GROUP, IFLA_LINKMODE, IFLA_OPERSTATE, IFLA_PROTO_DOWN,
		IFLA_NET_NS_FD, IFLA_PROP_LIST, IFLA_IFALIAS,
	};
	struct ifinfomsg ifi = {};
	uint16_t flags = NLM_F_REQUEST | NLM_F_ACK;
	uint16_t type = PICK(r, types);
	struct nlattr *nest;
	unsigned int n;

	if (type == RTM_NEWLINK && percent(r, 80))
		flags |= NLM_F_CREATE;
	if (percent(r, 40))
		flags |= NLM_F_EXCL;
	if (type != RTM_NEWLINK || percent(r, 30))
		ifi.ifi_index = some_ifindex(w, r);
	if (percent(r, 30)) {
		ifi.ifi_flags = percent(r, 80) ? IFF_UP : rnd(r);
		ifi.ifi_change = percent(r, 80) ? IFF_UP : rnd(r);
	}
	message_begin(m, type, flags, seq, &ifi, sizeof(ifi));
	if (percent(r, 70))
		message_put_text(m, IFLA_IFNAME, some_name(r));
	if (type == RTM_NEWLINK || percent(r, 20))
		put_linkinfo(m, r);
	for (n = below(r, 3); n; n--) {
		type = PICK(r, others);
		if (type == IFLA_AF_SPEC || type == IFLA_XDP ||
		    type == IFLA_PROP_LIST) {
			nest = message_nest(m, type | NLA_F_NESTED);
			put_garbage(m, r, 3);
			message_nest_end(m, nest);
		} else if (type == IFLA_MTU) {
			message_put_u32(m, type, percent(r, 50) ?
					between(r, 1270, 1600) : rnd(r));
		} else {
			message_put_u32(m, type, below(r, 30));
		}
	}
}

/* spoiling */

static struct nlattr *some_attr(struct message *m, size_t header, struct rng *r)
{
	struct nlattr *found = NULL;
	size_t at = header;
	unsigned int n = 0;

	while (at + NLA_HDRLEN <= m->len) {
		struct nlattr *nla = (struct nlattr *)(m->data + at);

		if (nla->nla_len < NLA_HDRLEN || at + nla->nla_len > m->len)
			break;
		if (!below(r, ++n))
			found = nla;
		at += NLA_ALIGN(nla->nla_len);
	}
	return found;
}

static void spoil_number(struct nlattr *nla, struct rng *r)
{
	static const uint32_t bad[] = {
		0, 1, 2, 3, 4, 5, 31, 33, 127, 129, 255, 256, 257, 1279, 65536,
		65575, 65576, 0x7fffffff, 0x80000000, 0xffffffff, 33554433,
	};
	uint32_t value = PICK(r, bad);
	unsigned int size = nla->nla_len - NLA_HDRLEN;

	memcpy((char *)nla + NLA_HDRLEN, &value, size < 4 ? size : 4);
}

static void spoil_length(struct nlattr *nla, struct rng *r)
{
	static const uint16_t bad[] = { 0, 1, 3, 4, 5, 6, 7, 9, 12, 20, 0xffff };

	nla->nla_len = percent(r, 80) ? PICK(r, bad) : rnd(r);
}

static void spoil_type(struct nlattr *nla, struct rng *r)
{
	static const uint16_t flag[] = { NLA_F_NESTED, NLA_F_NET_BYTEORDER };

	if (percent(r, 40))
		nla->nla_type ^= PICK(r, flag);
	else
		nla->nla_type = percent(r, 80) ? below(r, 24) : rnd(r);
}

static void repeat(struct message *m, const struct nlattr *nla, struct rng *r)
{
	uint16_t type = nla->nla_type;
	uint8_t octets[256] = { 0 };
	size_t len = nla->nla_len - NLA_HDRLEN;

	if (len > sizeof(octets))
		return;
	memcpy(octets, attr_data(nla), len);
	if (len && percent(r, 50))
		octets[below(r, len)] ^= 1u << below(r, 8);
	message_put(m, type, octets, len);
}

static void leave_out(struct message *m, struct nlattr *nla)
{
	uint8_t *at = (uint8_t *)nla, *end = m->data + m->len;
	size_t len = NLA_ALIGN(nla->nla_len);

	if (len > (size_t)(end - at))
		len = end - at;
	memmove(at, at + len, end - at - len);
	m->len -= len;
	m->nlh.nlmsg_len = m->len;
}

/* Deeper than anybody would go */
static void put_tower(struct message *m, struct rng *r)
{
	struct nlattr *nest[100];
	int i, n = between(r, 2, 100);

	for (i = 0; i < n; i++)
		nest[i] = message_nest(m, between(r, 1, 15) | NLA_F_NESTED);
	put_garbage(m, r, 1);
	while (n--)
		message_nest_end(m, nest[n]);
}

static void spoil_header(struct message *m, size_t header, struct rng *r)
{
	static const uint16_t flag[] = {
		NLM_F_REQUEST, NLM_F_ACK, NLM_F_MULTI, NLM_F_ECHO,
		NLM_F_DUMP_INTR, NLM_F_ROOT, NLM_F_MATCH, NLM_F_ATOMIC,
		NLM_F_DUMP, NLM_F_EXCL, NLM_F_CREATE, NLM_F_APPEND,
	};
	uint16_t garbage = rnd(r);
	uint32_t cut;

	switch (below(r, 6)) {
	case 0:
	case 1:
		m->nlh.nlmsg_flags ^= PICK(r, flag);
		break;
	case 2:
		m->nlh.nlmsg_flags = garbage;
		break;
	case 3:
		/* No other family's: what they do is none of our business. */
		m->nlh.nlmsg_type = percent(r, 50) ? below(r, 16) : 0xfff0;
		break;
	case 4:
		m->nlh.nlmsg_len = percent(r, 50) ? below(r, m->len + 20) :
						    rnd(r);
		break;
	default:
		cut = below(r, header - NLMSG_HDRLEN);
		m->data[NLMSG_HDRLEN + cut] = rnd(r);
	}
}

static void spoil_once(struct message *m, size_t header, struct rng *r)
{
	struct nlattr *nla = some_attr(m, header, r);

	switch (below(r, nla ? 12 : 5)) {
	case 0:
		spoil_header(m, header, r);
		break;
	case 1:
		put_garbage(m, r, 4);
		break;
	case 2:
		put_tower(m, r);
		break;
	case 3:
		/* What follows the last attribute */
		m->len += below(r, 9);
		m->nlh.nlmsg_len = m->len;
		break;
	case 4:
		m->len -= below(r, m->len - NLMSG_HDRLEN);
		if (percent(r, 80))
			m->nlh.nlmsg_len = m->len;
		break;
	case 5:
	case 6:
		spoil_number(nla, r);
		break;
	case 7:
		spoil_length(nla, r);
		break;
	case 8:
		spoil_type(nla, r);
		break;
	case 9:
		repeat(m, nla, r);
		break;
	case 10:
		leave_out(m, nla);
		break;
	default:
		if (m->len > header)
			m->data[between(r, header, m->len - 1)] = rnd(r);
	}
}

void message_spoil(struct message *m, size_t header, struct rng *r)
{
	unsigned int n = percent(r, 70) ? 1 : between(r, 2, 5);

	while (n--)
		spoil_once(m, header, r);
}
