// SPDX-License-Identifier: GPL-2.0
/*
 * siitctl dev: translators and their settings.
 */
#include <stdio.h>
#include <string.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/genl/genl.h>

#include "cmd.h"

#define KIND "siit"
#define SETTINGS \
	"role, lowest-ipv6-mtu, hairpin, udp-zero-csum, tos, traffic-class, icmp-source, icmp-errors, wkp-private, ingress-filter, row-counters or max-rows"

static const char *const roles[] = {
	[SIIT_ROLE_BR] = "br", [SIIT_ROLE_ER] = "er", [SIIT_ROLE_CLAT] = "clat",
};

static const char *const hairpins[] = {
	[SIIT_HAIRPIN_OFF] = "off", [SIIT_HAIRPIN_SIMPLE] = "simple",
	[SIIT_HAIRPIN_INTRINSIC] = "intrinsic",
};

static const char *const udp_zeros[] = {
	[SIIT_UDP_ZERO_DROP] = "drop", [SIIT_UDP_ZERO_COMPUTE] = "compute",
	[SIIT_UDP_ZERO_FORWARD] = "forward",
};

static const char *const icmp_sources[] = {
	[SIIT_ICMP_SOURCE_DUMMY] = "dummy", [SIIT_ICMP_SOURCE_POOL] = "pool",
	[SIIT_ICMP_SOURCE_DROP] = "drop",
};

static const char *const copy_zero[] = { "copy", "zero" };
static const char *const off_on[] = { "off", "on" };
static const char *const drop_allow[] = { "drop", "allow" };

/**
 * struct setting - a setting of a device
 * @word: keyword; with '_' for '-' it is the JSON key
 * @attr: enum siit_dev_attr
 * @values: names of the values of an enum, or NULL: a number
 * @count: of @values
 */
static const struct setting {
	const char *word;
	int attr;
	const char *const *values;
	unsigned int count;
} settings[] = {
	{ "role", SIIT_DEV_A_ROLE, roles, ARRAY_SIZE(roles) },
	{ "lowest-ipv6-mtu", SIIT_DEV_A_LOWEST_MTU6, NULL, 0 },
	{ "hairpin", SIIT_DEV_A_HAIRPIN, hairpins, ARRAY_SIZE(hairpins) },
	{ "udp-zero-csum", SIIT_DEV_A_UDP_ZERO_CSUM, udp_zeros,
	  ARRAY_SIZE(udp_zeros) },
	{ "tos", SIIT_DEV_A_TOS, NULL, 0 },
	{ "traffic-class", SIIT_DEV_A_TRAFFIC_CLASS, copy_zero,
	  ARRAY_SIZE(copy_zero) },
	{ "icmp-source", SIIT_DEV_A_ICMP_SOURCE, icmp_sources,
	  ARRAY_SIZE(icmp_sources) },
	{ "icmp-errors", SIIT_DEV_A_ICMP_ERRORS, off_on, ARRAY_SIZE(off_on) },
	{ "wkp-private", SIIT_DEV_A_WKP_PRIVATE, drop_allow,
	  ARRAY_SIZE(drop_allow) },
	{ "ingress-filter", SIIT_DEV_A_INGRESS_FILTER, off_on,
	  ARRAY_SIZE(off_on) },
	{ "row-counters", SIIT_DEV_A_ROW_COUNTERS, off_on, ARRAY_SIZE(off_on) },
	{ "max-rows", SIIT_DEV_A_MAX_ROWS, NULL, 0 },
};

static struct nla_policy policy[SIIT_DEV_A_MAX + 1] = {
	[SIIT_DEV_A_IFINDEX] = { .type = NLA_U32 },
	[SIIT_DEV_A_IFNAME] = { .type = NLA_NUL_STRING, .maxlen = IFNAMSIZ },
	[SIIT_DEV_A_ROLE] = { .type = NLA_U8 },
	[SIIT_DEV_A_LOWEST_MTU6] = { .type = NLA_U32 },
	[SIIT_DEV_A_HAIRPIN] = { .type = NLA_U8 },
	[SIIT_DEV_A_UDP_ZERO_CSUM] = { .type = NLA_U8 },
	[SIIT_DEV_A_TOS] = { .type = NLA_U16 },
	[SIIT_DEV_A_TRAFFIC_CLASS] = { .type = NLA_U8 },
	[SIIT_DEV_A_ICMP_SOURCE] = { .type = NLA_U8 },
	[SIIT_DEV_A_ICMP_ERRORS] = { .type = NLA_U8 },
	[SIIT_DEV_A_WKP_PRIVATE] = { .type = NLA_U8 },
	[SIIT_DEV_A_INGRESS_FILTER] = { .type = NLA_U8 },
	[SIIT_DEV_A_EAM_COUNT] = { .type = NLA_U32 },
	[SIIT_DEV_A_GIVEN] = { .type = NLA_U32 },
	[SIIT_DEV_A_MAX_ROWS] = { .type = NLA_U32 },
	[SIIT_DEV_A_ROW_COUNTERS] = { .type = NLA_U8 },
};

/**
 * struct given - settings as typed
 * @word: the value's word, NULL: not typed
 * @value: the value
 * @count: how many are typed
 */
struct given {
	const char *word[ARRAY_SIZE(settings)];
	uint32_t value[ARRAY_SIZE(settings)];
	unsigned int count;
};

static uint32_t parse_enum(struct args *a, const struct setting *s,
			   const char *word)
{
	char expected[64] = "";
	unsigned int i;

	for (i = 0; i < s->count; i++) {
		if (!strcmp(word, s->values[i]))
			return i;
		snprintf(expected + strlen(expected),
			 sizeof(expected) - strlen(expected), "%s%s",
			 !i ? "" : i + 1 < s->count ? ", " : " or ",
			 s->values[i]);
	}
	usage_error(a, "%s: unknown value \"%s\": expected %s", s->word, word,
		    expected);
}

static uint32_t parse_value(struct args *a, const struct setting *s,
			    const char *word)
{
	if (s->values)
		return parse_enum(a, s, word);
	if (s->attr == SIIT_DEV_A_LOWEST_MTU6)
		return parse_number(a, s->word, word, SIIT_LOWEST_MTU6_MIN,
				    SIIT_LOWEST_MTU6_MAX);
	if (s->attr == SIIT_DEV_A_MAX_ROWS)
		return parse_number(a, s->word, word, 1, SIIT_MAX_ROWS_MAX);
	if (!strcmp(word, "copy"))
		return SIIT_TOS_COPY;
	if (word[0] < '0' || word[0] > '9')
		usage_error(a, "tos: unknown value \"%s\": expected copy or 0 to 255",
			    word);
	return parse_number(a, s->word, word, 0, 255);
}

static void parse_settings(struct args *a, struct given *g)
{
	const char *word, *value;
	unsigned int i;

	while ((word = args_next(a))) {
		for (i = 0; i < ARRAY_SIZE(settings); i++)
			if (!strcmp(word, settings[i].word))
				break;
		if (i == ARRAY_SIZE(settings))
			unknown_word(a, word, SETTINGS);
		value = args_need(a, "the value");
		if (g->word[i])
			usage_error(a, "duplicate argument: \"%s %s\" after \"%s %s\"",
				    word, value, word, g->word[i]);
		g->value[i] = parse_value(a, &settings[i], value);
		g->word[i] = value;
		g->count++;
	}
}

static int apply_settings(struct args *a, const char *dev,
			  const struct given *g)
{
	struct request req;
	unsigned int i;
	int ret;

	ret = siit_request_dev(&req, a, SIIT_CMD_DEV_SET, dev);
	if (ret)
		return ret;
	for (i = 0; i < ARRAY_SIZE(settings); i++) {
		if (!g->word[i])
			continue;
		switch (policy[settings[i].attr].type) {
		case NLA_U8:
			request_u8(&req, settings[i].attr, g->word[i],
				   g->value[i]);
			break;
		case NLA_U16:
			request_u16(&req, settings[i].attr, g->word[i],
				    g->value[i]);
			break;
		default:
			request_u32(&req, settings[i].attr, g->word[i],
				    g->value[i]);
		}
	}
	return siit_send(&req, a, NULL, NULL);
}

static int link_add(struct args *a, const char *dev)
{
	struct ifinfomsg ifi = { .ifi_family = AF_UNSPEC };
	struct request req;
	struct nlattr *info;
	int ret;

	ret = rtnl_request(&req, a, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL,
			   &ifi, sizeof(ifi));
	if (ret)
		return ret;
	req.subject = dev;
	request_put(&req, IFLA_IFNAME, dev, dev, strlen(dev) + 1);
	info = nla_nest_start(req.msg, IFLA_LINKINFO);
	request_put(&req, IFLA_INFO_KIND, NULL, KIND, strlen(KIND));
	nla_nest_end(req.msg, info);
	return rtnl_send(&req, a, NULL, NULL);
}

static int link_del(struct args *a, const char *dev, unsigned int ifindex)
{
	struct ifinfomsg ifi = { .ifi_index = ifindex };
	struct request req;
	int ret;

	ret = rtnl_request(&req, a, RTM_DELLINK, 0, &ifi, sizeof(ifi));
	if (ret)
		return ret;
	req.subject = dev;
	return rtnl_send(&req, a, NULL, NULL);
}

static int link_kind(struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *tb[IFLA_MAX + 1], *info[IFLA_INFO_MAX + 1];
	bool *is_siit = arg;

	*is_siit = !nlmsg_parse(nlh, sizeof(struct ifinfomsg), tb, IFLA_MAX,
				NULL) &&
		   tb[IFLA_LINKINFO] &&
		   !nla_parse_nested(info, IFLA_INFO_MAX, tb[IFLA_LINKINFO],
				     NULL) &&
		   info[IFLA_INFO_KIND] &&
		   !nla_strcmp(info[IFLA_INFO_KIND], KIND);
	return 0;
}

/* Only what is ours may be deleted here. Return: 0 or an exit status. */
static int check_kind(struct args *a, const char *dev, unsigned int ifindex)
{
	struct ifinfomsg ifi = { .ifi_index = ifindex };
	bool is_siit = false;
	struct request req;
	int ret;

	ret = rtnl_request(&req, a, RTM_GETLINK, 0, &ifi, sizeof(ifi));
	if (ret)
		return ret;
	req.subject = dev;
	ret = rtnl_send(&req, a, link_kind, &is_siit);
	if (!ret && !is_siit) {
		complain(a, "\"%s\": not a siit device", dev);
		ret = EXIT_REFUSED;
	}
	return ret;
}

static const char *need_name(struct args *a)
{
	const char *word = args_need(a, "NAME");

	parse_devname(a, word);
	return word;
}

static int dev_add(struct args *a)
{
	const char *dev = need_name(a);
	unsigned int ifindex;
	struct given g = {};
	int ret;

	/* The kernel would put a number in its place, and call it another name. */
	if (strchr(dev, '%'))
		bad_value(a, "\"%s\" is not a device name", dev);
	parse_settings(a, &g);
	if (txn_active()) {
		ret = txn_dev_add(a, dev);
		return ret || !g.count ? ret : apply_settings(a, dev, &g);
	}
	ret = link_add(a, dev);
	if (ret || !g.count)
		return ret;
	ifindex = dev_index(a, dev);
	if (!ifindex)
		return EXIT_REFUSED;
	ret = apply_settings(a, dev, &g);
	if (ret)
		link_del(a, dev, ifindex);
	return ret;
}

static int dev_set(struct args *a)
{
	const char *dev = need_name(a);
	struct given g = {};

	parse_settings(a, &g);
	if (!g.count)
		usage_error(a, "nothing to set after \"%s\": expected %s",
			    a->last, SETTINGS);
	return apply_settings(a, dev, &g);
}

static int dev_del(struct args *a)
{
	const char *dev = need_name(a);
	unsigned int ifindex;
	int ret;

	args_end(a);
	ifindex = dev_index(a, dev);
	if (!ifindex)
		return EXIT_REFUSED;
	ret = check_kind(a, dev, ifindex);
	return ret ? ret : link_del(a, dev, ifindex);
}

static void json_key(char *key, size_t size, const struct setting *s)
{
	char *c;

	snprintf(key, size, "%s", s->word);
	while ((c = strchr(key, '-')))
		*c = '_';
}

static void print_setting(const struct setting *s, const struct nlattr *nla)
{
	char key[32], fmt[48], number[16];
	uint32_t value;

	json_key(key, sizeof(key), s);
	snprintf(fmt, sizeof(fmt), " %s %%s", s->word);
	value = policy[s->attr].type == NLA_U8 ? nla_get_u8(nla) :
		policy[s->attr].type == NLA_U16 ? nla_get_u16(nla) :
		nla_get_u32(nla);
	snprintf(number, sizeof(number), "%u", value);
	if (policy[s->attr].type == NLA_U32 && out_is_json())
		out_uint(key, NULL, value);
	else if (s->values == off_on)
		out_bool(key, fmt, value);
	else if (s->attr == SIIT_DEV_A_TOS && value == SIIT_TOS_COPY)
		out_str(key, fmt, "copy");
	else if (s->values && value < s->count)
		out_str(key, fmt, s->values[value]);
	else
		out_str(key, fmt, number);
}

static void print_given(uint32_t given)
{
	unsigned int i;
	char key[32];

	out_open("given", '[');
	for (i = 0; i < ARRAY_SIZE(settings); i++) {
		if (!(given & 1u << settings[i].attr))
			continue;
		json_key(key, sizeof(key), &settings[i]);
		out_str("", NULL, key);
	}
	out_close();
}

static int print_dev(struct nlmsghdr *nlh, bool all)
{
	struct nlattr *tb[SIIT_DEV_A_MAX + 1];
	uint32_t given;
	unsigned int i;

	if (genlmsg_parse(nlh, 0, tb, SIIT_DEV_A_MAX, policy) ||
	    !tb[SIIT_DEV_A_IFINDEX])
		return EXIT_REFUSED;
	if (tb[SIIT_DEV_A_IFNAME])
		dev_name_learn(nla_get_u32(tb[SIIT_DEV_A_IFINDEX]),
			       nla_get_string(tb[SIIT_DEV_A_IFNAME]));
	given = tb[SIIT_DEV_A_GIVEN] ? nla_get_u32(tb[SIIT_DEV_A_GIVEN]) : ~0u;
	out_dev("%s", tb[SIIT_DEV_A_IFINDEX]);
	for (i = 0; i < ARRAY_SIZE(settings); i++) {
		if (!tb[settings[i].attr] ||
		    !(all || given & 1u << settings[i].attr))
			continue;
		if (all && i && i % 4 == 0)
			out_text("\n   ");
		print_setting(&settings[i], tb[settings[i].attr]);
	}
	print_given(given);
	if (all && tb[SIIT_DEV_A_EAM_COUNT])
		out_uint("eam_count", "\n    %llu eam rows",
			 nla_get_u32(tb[SIIT_DEV_A_EAM_COUNT]));
	return 0;
}

/**
 * dev_print - print name and settings, those only that a user has set
 * @nlh: an answer with siit_dev_attr
 *
 * The others follow the role, and go on to do so where this is read.
 *
 * Return: 0 or an exit status.
 */
int dev_print(struct nlmsghdr *nlh)
{
	return print_dev(nlh, out_is_json());
}

static int print_all(struct nlmsghdr *nlh)
{
	return print_dev(nlh, true);
}

static int dev_show(struct args *a)
{
	const char *dev = *a->word ? need_name(a) : NULL;

	args_end(a);
	return rows_show(a, SIIT_CMD_DEV_GET, dev, print_all);
}

static const struct command commands[] = {
	{ "show", dev_show },
	{ "list", dev_show },
	{ "set", dev_set },
	{ "add", dev_add },
	{ "delete", dev_del },
	{}
};

const struct object object_dev = {
	.name = "dev",
	.commands = commands,
	.run = dev_show,
	.help =
"siitctl dev add|set NAME [SETTING VALUE]...\n"
"siitctl dev del NAME\n"
"siitctl dev [show [NAME]]\n"
"\n"
"Settings\n"
"    role br|er|clat                    what the translator is for\n"
"    lowest-ipv6-mtu 1280..65535        size that every IPv6 path carries\n"
"    hairpin off|simple|intrinsic       packets between two EAM addresses\n"
"    udp-zero-csum drop|compute|forward UDP over IPv4 without a checksum\n"
"    tos copy|0..255                    TOS of translated packets\n"
"    traffic-class copy|zero            traffic class of translated packets\n"
"    icmp-source dummy|pool|drop        source of errors from unmapped nodes\n"
"    icmp-errors on|off                 tell senders about dropped packets\n"
"    wkp-private allow|drop             private IPv4 in 64:ff9b::/96\n"
"    ingress-filter on|off              drop what claims to come from a node\n"
"    row-counters on|off                count packets by row, for \"siitctl -s eam\"\n"
"    max-rows 1..33554432               rows that the EAM table may have\n"
"\n"
"    siitctl dev add siit0 role clat\n"
"    siitctl dev set siit0 lowest-ipv6-mtu 1500\n",
};
