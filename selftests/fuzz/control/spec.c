// SPDX-License-Identifier: GPL-2.0
#include <net/if.h>
#include <string.h>

#include "spec.h"

#define U8(max)		{ T_U8, 0, max }
#define U32(min, max)	{ T_U32, min, max }
#define ADDR4		{ T_ADDR4 }
#define ADDR6		{ T_ADDR6 }
#define DEVICE		U32(1, 0x7fffffff)
#define TARGET		U32(1, 0xffffffff)

static const struct set device_set = { {
	[IFINDEX] = DEVICE,
} };

static const struct set flush_set = { {
	[IFINDEX] = TARGET,
} };

static const struct set dev_set = { {
	[SIIT_DEV_A_IFINDEX] = TARGET,
	[SIIT_DEV_A_ROLE] = U8(SIIT_ROLE_MAX),
	[SIIT_DEV_A_LOWEST_MTU6] = U32(SIIT_LOWEST_MTU6_MIN,
				       SIIT_LOWEST_MTU6_MAX),
	[SIIT_DEV_A_HAIRPIN] = U8(SIIT_HAIRPIN_MAX),
	[SIIT_DEV_A_UDP_ZERO_CSUM] = U8(SIIT_UDP_ZERO_MAX),
	[SIIT_DEV_A_TOS] = { T_U16, 0, SIIT_TOS_COPY },
	[SIIT_DEV_A_TRAFFIC_CLASS] = U8(1),
	[SIIT_DEV_A_ICMP_SOURCE] = U8(SIIT_ICMP_SOURCE_MAX),
	[SIIT_DEV_A_ICMP_ERRORS] = U8(1),
	[SIIT_DEV_A_WKP_PRIVATE] = U8(1),
	[SIIT_DEV_A_INGRESS_FILTER] = U8(1),
	[SIIT_DEV_A_MAX_ROWS] = U32(1, SIIT_MAX_ROWS_MAX),
	[SIIT_DEV_A_ROW_COUNTERS] = U8(1),
} };

static const struct set eam_set = { {
	[SIIT_EAM_A_IFINDEX] = TARGET,
	[SIIT_EAM_A_PREFIX4] = ADDR4,
	[SIIT_EAM_A_LEN4] = U8(32),
	[SIIT_EAM_A_PREFIX6] = ADDR6,
	[SIIT_EAM_A_LEN6] = U8(128),
} };

static const struct set pool6_set = { {
	[SIIT_POOL6_A_IFINDEX] = TARGET,
	[SIIT_POOL6_A_PREFIX6] = ADDR6,
	[SIIT_POOL6_A_LEN6] = U8(128),
	[SIIT_POOL6_A_PREFIX4] = ADDR4,
	[SIIT_POOL6_A_LEN4] = U8(32),
} };

static const struct set prefix4_set = { {
	[SIIT_PREFIX4_A_IFINDEX] = TARGET,
	[SIIT_PREFIX4_A_PREFIX4] = ADDR4,
	[SIIT_PREFIX4_A_LEN4] = U8(32),
} };

static const struct set hook_set = { {
	[SIIT_HOOK_A_IFINDEX] = TARGET,
	[SIIT_HOOK_A_PORT] = DEVICE,
} };

static const struct set packet_set = { {
	[SIIT_PACKET_A_SRC4] = ADDR4,
	[SIIT_PACKET_A_DST4] = ADDR4,
	[SIIT_PACKET_A_SRC6] = ADDR6,
	[SIIT_PACKET_A_DST6] = ADDR6,
	[SIIT_PACKET_A_PROTO] = U8(255),
	[SIIT_PACKET_A_LEN] = U32(SIIT_PACKET_LEN_MIN, SIIT_PACKET_LEN_MAX),
	[SIIT_PACKET_A_TTL] = U8(255),
	[SIIT_PACKET_A_TOS] = U8(255),
	[SIIT_PACKET_A_DF] = U8(1),
} };

static const struct set query_set = { {
	[SIIT_QUERY_A_IFINDEX] = DEVICE,
	[SIIT_QUERY_A_ADDR4] = ADDR4,
	[SIIT_QUERY_A_ADDR6] = ADDR6,
	[SIIT_QUERY_A_PACKET] = { T_NEST, .nest = &packet_set },
} };

static const struct set begin_set = { {
	[SIIT_TXN_A_IFINDEX] = TARGET,
	[SIIT_TXN_A_MODE] = U8(SIIT_TXN_MODE_MAX),
	[SIIT_TXN_A_NEW_NAME] = { T_NAME },
} };

static const struct set commit_set = { {
	[SIIT_TXN_A_DRY_RUN] = { T_FLAG },
} };

static const struct set empty_set;

#define CHANGE(c, set)	{ SIIT_CMD_##c, true, true, false, &set##_set }
#define DUMP(c)		{ SIIT_CMD_##c, false, false, true, &device_set }
#define BOTH(c)		{ SIIT_CMD_##c, false, true, true, &device_set }

const struct command commands[] = {
	BOTH(DEV_GET),
	CHANGE(DEV_SET, dev),
	CHANGE(EAM_ADD, eam),
	CHANGE(EAM_DEL, eam),
	DUMP(EAM_GET),
	CHANGE(EAM_FLUSH, flush),
	CHANGE(POOL6_ADD, pool6),
	CHANGE(POOL6_DEL, pool6),
	DUMP(POOL6_GET),
	CHANGE(POOL6_FLUSH, flush),
	CHANGE(RFC6791_ADD, prefix4),
	CHANGE(RFC6791_DEL, prefix4),
	DUMP(RFC6791_GET),
	CHANGE(RFC6791_FLUSH, flush),
	CHANGE(DENY4_ADD, prefix4),
	CHANGE(DENY4_DEL, prefix4),
	DUMP(DENY4_GET),
	CHANGE(DENY4_FLUSH, flush),
	CHANGE(HOOK_ADD, hook),
	CHANGE(HOOK_DEL, hook),
	DUMP(HOOK_GET),
	{ SIIT_CMD_QUERY, false, true, false, &query_set },
	BOTH(STATS_GET),
	CHANGE(TXN_BEGIN, begin),
	CHANGE(TXN_COMMIT, commit),
	CHANGE(TXN_ABORT, empty),
};

const unsigned int command_count = sizeof(commands) / sizeof(commands[0]);

const struct command *spec_command(uint8_t cmd)
{
	unsigned int i;

	for (i = 0; i < command_count; i++)
		if (commands[i].cmd == cmd)
			return &commands[i];
	return NULL;
}

unsigned int spec_size(enum type type)
{
	static const unsigned int sizes[] = {
		[T_U8] = 1, [T_U16] = 2, [T_U32] = 4, [T_ADDR4] = 4,
		[T_ADDR6] = 16, [T_NEST] = 0,
	};

	return sizes[type];
}

uint32_t attr_number(const struct nlattr *nla)
{
	union {
		uint8_t u8;
		uint16_t u16;
		uint32_t u32;
	} v = {};
	unsigned int size = nla->nla_len - NLA_HDRLEN;

	memcpy(&v, attr_data(nla), size);
	return size == 1 ? v.u8 : size == 2 ? v.u16 : v.u32;
}

static bool one_is_right(const struct attr *a, const struct nlattr *nla)
{
	unsigned int size = nla->nla_len - NLA_HDRLEN;
	const struct nlattr *inner[ATTRS];
	const char *text = attr_data(nla);
	bool nested = a->type == T_NEST;

	if (!!(nla->nla_type & NLA_F_NESTED) != nested)
		return false;
	switch (a->type) {
	case T_U8:
	case T_U16:
	case T_U32:
		return size == spec_size(a->type) &&
		       attr_number(nla) >= a->min && attr_number(nla) <= a->max;
	case T_ADDR4:
	case T_ADDR6:
	case T_FLAG:
		return size == spec_size(a->type);
	case T_NAME:
		/* The first NUL may be followed by anything. */
		return memchr(text, 0, size) &&
		       (size < IFNAMSIZ ||
			(size == IFNAMSIZ && !text[size - 1]));
	case T_NEST:
		return spec_parse(a->nest, text, size, inner);
	default:
		return false;
	}
}

bool spec_parse(const struct set *set, const void *data, size_t len,
		const struct nlattr **tb)
{
	const char *at = data;

	memset(tb, 0, ATTRS * sizeof(*tb));
	while (len >= NLA_HDRLEN) {
		const struct nlattr *nla = (const struct nlattr *)at;
		unsigned int type = nla->nla_type & NLA_TYPE_MASK;
		size_t next = NLA_ALIGN(nla->nla_len);

		if (nla->nla_len < NLA_HDRLEN || nla->nla_len > len ||
		    type >= ATTRS || set->attr[type].type == T_NONE ||
		    !one_is_right(&set->attr[type], nla))
			return false;
		tb[type] = nla;
		if (next > len)
			next = len;
		at += next;
		len -= next;
	}
	return !len;
}

bool spec_is_dump(const struct nlmsghdr *nlh)
{
	return (nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
}

enum hurdle spec_check(const struct nlmsghdr *nlh, const struct nlattr **tb,
		       const struct command **c)
{
	const struct genlmsghdr *g = NLMSG_DATA(nlh);
	const char *attrs = (const char *)g + GENL_HDRLEN;
	uint16_t flags = nlh->nlmsg_flags;

	memset(tb, 0, ATTRS * sizeof(*tb));
	*c = NULL;
	if (nlh->nlmsg_len < NLMSG_LENGTH(GENL_HDRLEN))
		return HURDLE_LENGTH;
	if (spec_is_dump(nlh))
		flags &= ~NLM_F_DUMP;
	if (g->reserved || flags & ~(NLM_F_REQUEST | NLM_F_ACK | NLM_F_ECHO))
		return HURDLE_HEADER;
	*c = spec_command(g->cmd);
	if (!*c || !(spec_is_dump(nlh) ? (*c)->dump : (*c)->get))
		return HURDLE_COMMAND;
	return spec_parse((*c)->set, attrs,
			  nlh->nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN), tb) ?
	       HURDLE_NONE : HURDLE_ATTRS;
}
