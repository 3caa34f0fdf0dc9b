// SPDX-License-Identifier: GPL-2.0
/* Addresses: RFC 6052, RFC 7757, and those that are not translated. */
#include <stddef.h>

#include "addrs.h"
#include "cases.h"

#define SIIT "udp / text=siit"

/*
 * The tables of RFC 6052 section 2.4: 192.0.2.33 inside each kind of prefix.
 * Both addresses of the packet are this one.
 */
#define V6052(len, prefix, addr)					\
static const struct config cfg_6052_##len = {				\
	.name = "rfc6052-" #len,					\
	.dev = "role br wkp-private allow",				\
	.lines = "pool6 add " prefix " $D\n",				\
};									\
static const struct test_case rfc6052_##len[] = {			\
	{								\
		"192.0.2.33 in " prefix, "R6052-01 R6052-03 R6052-05 R6052-07 R6052-18 R7755-06", \
		"ip4 src=192.0.2.33 dst=192.0.2.33 / " SIIT,		\
		{ "ip6 hlim=63 src=" addr " dst=" addr " / " SIIT },	\
	}, {								\
		"192.0.2.33 out of " prefix, "R6052-01 R6052-06",	\
		"ip6 src=" addr " dst=" addr " / tcp / fill=7",		\
		{ "ip4 ttl=63 id=* src=192.0.2.33 dst=192.0.2.33 / tcp / fill=7" }, \
	}, {								\
		"192.0.2.33 in the quoted packet, " prefix, "R6052-05 R7757-3.2-03", \
		"ip4 src=192.0.2.33 dst=192.0.2.33 / icmp4 type=11 / ip4 src=192.0.2.33 dst=192.0.2.33 / udp / fill=5", \
		{ "ip6 hlim=63 src=" addr " dst=" addr " / icmp6 type=3 / ip6 src=" addr " dst=" addr " / udp / fill=5" }, \
	},								\
};									\
SUITE(rfc6052_##len, cfg_6052_##len)

V6052(32, "2001:db8::/32", "2001:db8:c000:221::");
V6052(40, "2001:db8:100::/40", "2001:db8:1c0:2:21::");
V6052(48, "2001:db8:122::/48", "2001:db8:122:c000:2:2100::");
V6052(56, "2001:db8:122:300::/56", "2001:db8:122:3c0:0:221::");
V6052(64, "2001:db8:122:344::/64", "2001:db8:122:344:c0:2:2100:0");
V6052(96, "2001:db8:122:344::/96", "2001:db8:122:344::192.0.2.33");
V6052(wkp, "64:ff9b::/96", "64:ff9b::192.0.2.33");

/* The checksum-neutral prefixes of RFC 6052 4.1 and RFC 8215 5. */
#define NEUTRAL(sym, prefix, a, b)					\
static const struct config cfg_neutral_##sym = {			\
	.name = "neutral-" #sym,					\
	.dev = "role br wkp-private allow",				\
	.lines = "pool6 add " prefix " $D\n",				\
};									\
static const struct test_case neutral_##sym[] = {			\
	{								\
		"UDP checksum stays 0x2458 in " prefix, "R6052-15 R8215-01", \
		"ip4 src=192.0.2.1 dst=198.51.100.2 / udp csum=0x2458 / text=siit", \
		{ "ip6 hlim=63 src=" a " dst=" b " / udp csum=0x2458 / text=siit" }, \
	}, {								\
		"and back", "R6052-15 R8215-01",			\
		"ip6 src=" a " dst=" b " / udp csum=0x2458 / text=siit", \
		{ "ip4 ttl=63 id=* src=192.0.2.1 dst=198.51.100.2 / udp csum=0x2458 / text=siit" }, \
	}, {								\
		"the ICMP checksum changes all the same", "R7915-5.2-01 R7915-4.2-01", \
		"ip6 src=" a " dst=" b " / icmp6 id=1 / fill=8",	\
		{ "ip4 ttl=63 id=* src=192.0.2.1 dst=198.51.100.2 / icmp4 id=1 / fill=8" }, \
	},								\
};									\
SUITE(neutral_##sym, cfg_neutral_##sym)

NEUTRAL(wkp, "64:ff9b::/96", "64:ff9b::192.0.2.1", "64:ff9b::198.51.100.2");
NEUTRAL(local, "64:ff9b:1:fffe::/96", "64:ff9b:1:fffe::192.0.2.1", "64:ff9b:1:fffe::198.51.100.2");
NEUTRAL(local2, "64:ff9b:1:abcd:0:5431::/96", "64:ff9b:1:abcd:0:5431:192.0.2.1", "64:ff9b:1:abcd:0:5431:198.51.100.2");

static const struct test_case suffix64[] = {
	{
		"a suffix is ignored", "R6052-08",
		"ip6 src=" B6 " dst=2001:db8:1c0:2:21:dead:beef:1 / " SIIT,
		{ OUT4 "id=* / " SIIT },
	}, {
		"octet 8 other than 0 is ignored", "R6052-09",
		"ip6 src=" B6 " dst=2001:db8:1c0:2:ff21:: / " SIIT,
		{ OUT4 "id=* / " SIIT },
	}, {
		"outside of the prefix", "R7755-05 R7915-6-01 R7915-5.4-03",
		"ip6 src=" B6 " dst=2001:db8:2c0:2:21:: / " SIIT, { NULL },
		{ SELF6 "icmp6 type=1 code=1 / ip6 hlim=63 src=" B6 " dst=2001:db8:2c0:2:21:: / " SIIT },
		.drop = "destination-unmapped", .hook = &not_claimed,
	},
};
SUITE(suffix64, cfg_plain);

/* RFC 7757 Figure 1 with prefix 64:ff9b::/96; the other host is outside. */
#define EAMT								\
	"eam add 192.0.2.1 2001:db8:aaaa:: $D\n"			\
	"eam add 192.0.2.2/32 2001:db8:bbbb::b/128 $D\n"		\
	"eam add 192.0.2.16/28 2001:db8:cccc::/124 $D\n"		\
	"eam add 192.0.2.128/26 2001:db8:dddd::/64 $D\n"		\
	"eam add 192.0.2.192/29 2001:db8:eeee:8::/62 $D\n"		\
	"eam add 192.0.2.224/31 64:ff9b::/127 $D\n"			\
	"pool6 add 64:ff9b::/96 $D\n"

static const struct config cfg_eam = {
	.name = "eam",
	.dev = "role br wkp-private allow hairpin off",
	.lines = EAMT,
};

#define OTHER4 "203.0.113.50"
#define OTHER6 "64:ff9b::203.0.113.50"

/* Native IPv6 to a node, unless the address is in the prefix of pool6, too */
#define NATIVE &not_claimed
#define IN_POOL6 NULL

#define EAM64(v4, v6, id, at)						\
	{								\
		v6 " -> " v4, id,					\
		"ip6 src=" OTHER6 " dst=" v6 " / " SIIT,		\
		{ "ip4 ttl=63 id=* src=" OTHER4 " dst=" v4 " / " SIIT }, \
		.hook = at,						\
	}
#define EAM_BOTH(v4, v6, at)						\
	{								\
		v4 " -> " v6, "R7757-3.3.1-01 R7757-3.3.1-03 R7757-6-01 R7915-6-02", \
		"ip4 src=" OTHER4 " dst=" v4 " / " SIIT,		\
		{ "ip6 hlim=63 src=" OTHER6 " dst=" v6 " / " SIIT },	\
	},								\
	EAM64(v4, v6, "R7757-3.3.2-01 R7757-3.3.2-03 R7757-6-01", at),	\
	{								\
		v4 " as source", "R7757-3.3.1-02 R7757-3.2-03",	\
		"ip4 src=" v4 " dst=" OTHER4 " / tcp / fill=3",		\
		{ "ip6 hlim=63 src=" v6 " dst=" OTHER6 " / tcp / fill=3" }, \
	}, {								\
		v6 " as source", "R7757-3.3.2-02 R7757-3.2-03",	\
		"ip6 src=" v6 " dst=" OTHER6 " / tcp / fill=3",		\
		{ "ip4 ttl=63 id=* src=" v4 " dst=" OTHER4 " / tcp / fill=3" }, \
	}

static const struct test_case eam[] = {
	EAM_BOTH("192.0.2.1", "2001:db8:aaaa::", NATIVE),
	EAM_BOTH("192.0.2.2", "2001:db8:bbbb::b", NATIVE),
	EAM_BOTH("192.0.2.16", "2001:db8:cccc::", NATIVE),
	EAM_BOTH("192.0.2.24", "2001:db8:cccc::8", NATIVE),
	EAM_BOTH("192.0.2.31", "2001:db8:cccc::f", NATIVE),
	EAM_BOTH("192.0.2.128", "2001:db8:dddd::", NATIVE),
	EAM_BOTH("192.0.2.152", "2001:db8:dddd:0:6000::", NATIVE),
	EAM_BOTH("192.0.2.183", "2001:db8:dddd:0:dc00::", NATIVE),
	EAM_BOTH("192.0.2.191", "2001:db8:dddd:0:fc00::", NATIVE),
	EAM_BOTH("192.0.2.195", "2001:db8:eeee:9:8000::", NATIVE),
	EAM_BOTH("192.0.2.225", "64:ff9b::1", IN_POOL6),
	EAM_BOTH("192.0.2.248", "64:ff9b::c000:2f8", IN_POOL6),
	EAM64("192.0.2.152", "2001:db8:dddd:0:63ff:ffff:ffff:ffff", "R7757-3.3.2-03", NATIVE),
	EAM64("192.0.2.128", "2001:db8:dddd::1", "R7757-3.3.2-03", NATIVE),
	EAM64("192.0.2.195", "2001:db8:eeee:9:9fff::", "R7757-3.3.2-03", NATIVE),
	EAM64("192.0.2.199", "2001:db8:eeee:b:ffff::1", "R7757-3.3.2-03", NATIVE),
	EAM64("192.0.2.224", "64:ff9b::", "R7757-3.3-02", IN_POOL6),
	{
		"64:ff9b::2 has no EAM and is 0.0.0.2", "R7757-3.3.2-02 R7915-8-01",
		"ip6 src=" OTHER6 " dst=64:ff9b::2 / " SIIT, .drop = "destination-illegal",
		.hook = &not_claimed,
	}, {
		"both addresses by EAM", "R7757-3.2-03 R7756-10",
		"ip4 src=192.0.2.1 dst=192.0.2.2 / " SIIT,
		{ "ip6 hlim=63 src=2001:db8:aaaa:: dst=2001:db8:bbbb::b / " SIIT },
	}, {
		"an ICMP error: all four addresses", "R7757-3.2-03 R7915-4.3-13",
		"ip4 src=192.0.2.16 dst=192.0.2.1 / icmp4 type=11 / ip4 src=192.0.2.1 dst=192.0.2.152 / udp / fill=4",
		{ "ip6 hlim=63 src=2001:db8:cccc:: dst=2001:db8:aaaa:: / icmp6 type=3 / ip6 src=2001:db8:aaaa:: dst=2001:db8:dddd:0:6000:: / udp / fill=4" },
	},
};
SUITE(eam, cfg_eam);

/* RFC 7757 Figure 2, and the mapping without octet "u" of RFC 6219. */
static const struct config cfg_overlap = {
	.name = "overlap",
	.dev = "role br hairpin off",
	.lines = "eam add 0.0.0.0/0 2001:db8:ff00::/40 $D\n"
		 "eam add 198.51.100.64/32 2001:db8::abcd/128 $D\n",
};

static const struct test_case overlap[] = {
	{
		"198.51.100.64: the longer IPv4 prefix", "R7757-5-03 R7757-3.3.1-01 R7757-3.3-03",
		"ip4 src=192.0.2.1 dst=198.51.100.64 / " SIIT,
		{ "ip6 hlim=63 src=2001:db8:ffc0:2:100:: dst=2001:db8::abcd / " SIIT },
	}, {
		"2001:db8:ffc6:3364:4000:: is 198.51.100.64 too", "R7757-5-03 R7757-3.3.2-01",
		"ip6 src=2001:db8:ffc0:2:100:: dst=2001:db8:ffc6:3364:4000:: / " SIIT,
		{ "ip4 ttl=63 id=* src=192.0.2.1 dst=198.51.100.64 / " SIIT },
		.hook = &not_claimed,
	}, {
		"2001:db8::abcd", "R7757-5-03",
		"ip6 src=2001:db8:ffc0:2:100:: dst=2001:db8::abcd / " SIIT,
		{ "ip4 ttl=63 id=* src=192.0.2.1 dst=198.51.100.64 / " SIIT },
		.hook = &not_claimed,
	}, {
		"no octet u in a mapping by EAM", "R7757-3.3-04 R7915-6-05",
		"ip4 src=192.0.2.1 dst=203.0.113.254 / " SIIT,
		{ "ip6 hlim=63 src=2001:db8:ffc0:2:100:: dst=2001:db8:ffcb:71:fe00:: / " SIIT },
	}, {
		"0.0.0.0/0 does not make illegal addresses legal", "R7915-8-01 R7915-4.1-20",
		"ip6 src=2001:db8:ffc0:2:100:: dst=2001:db8:ff7f:0:100:: / " SIIT, .drop = "destination-illegal",
		.hook = &not_claimed,
	},
};
SUITE(overlap, cfg_overlap);

static const struct config cfg_nested = {
	.name = "nested",
	.dev = "role br hairpin off",
	.lines = "eam add 198.51.0.0/16 2001:db8:1600::/40 $D\n"
		 "eam add 198.51.100.0/24 2001:db8:24::/120 $D\n"
		 "eam add 198.51.100.128/25 2001:db8:25::/100 $D\n"
		 "eam add 198.51.100.130/31 2001:db8:31::8/127 $D\n"
		 "eam add 198.51.100.131/32 2001:db8:32::/48 $D\n"
		 "pool6 add 2001:db8:46::/96 $D\n",
};

#define NEST(v4, v6)							\
	{								\
		"to " v4, "R7757-3.3.1-01 R7757-5-03 R7757-3.3-03",	\
		"ip4 src=" OTHER4 " dst=" v4 " / " SIIT,		\
		{ "ip6 hlim=63 src=2001:db8:46::203.0.113.50 dst=" v6 " / " SIIT }, \
	}, {								\
		"from " v6, "R7757-3.3.2-01 R7757-5-03 R7757-3.3-03",	\
		"ip6 src=" v6 " dst=2001:db8:46::203.0.113.50 / " SIIT,	\
		{ "ip4 ttl=63 id=* src=" v4 " dst=" OTHER4 " / " SIIT }, \
	}

static const struct test_case nested[] = {
	NEST("198.51.1.2", "2001:db8:1601:200::"),
	NEST("198.51.100.127", "2001:db8:24::7f"),
	NEST("198.51.100.129", "2001:db8:25::20:0"),
	NEST("198.51.100.130", "2001:db8:31::8"),
	NEST("198.51.100.131", "2001:db8:32::"),
	NEST("198.51.100.132", "2001:db8:25::80:0"),
	{
		"2001:db8:31::9 is 198.51.100.131 too", "R7757-5-03",
		"ip6 src=2001:db8:31::9 dst=2001:db8:46::203.0.113.50 / " SIIT,
		{ "ip4 ttl=63 id=* src=198.51.100.131 dst=" OTHER4 " / " SIIT },
	},
};
SUITE(nested, cfg_nested);

/* WKP policy: the default of a border relay. */
static const struct config cfg_wkp = {
	.name = "wkp",
	.dev = "role br",
	.lines = "pool6 add 64:ff9b::/96 $D\n",
};

#define GLOBAL4 "8.8.8.8"
#define GLOBAL6 "64:ff9b::8.8.8.8"
#define WKP_DROP(v4, id)						\
	{								\
		v4 " as source", id,					\
		"ip4 src=" v4 " dst=" GLOBAL4 " / " SIIT, { NULL },	\
		{ "ip4 anyhdr src=" PORT4_ADDR " dst=" v4 " / icmp4 type=3 code=13 / ip4 ttl=63 src=" v4 " dst=" GLOBAL4 " / " SIIT }, \
		.drop = "address-wkp-private",				\
	}, {								\
		v4 " as destination", id,				\
		"ip6 src=" GLOBAL6 " dst=64:ff9b::" v4 " / " SIIT, { NULL }, \
		{ "ip6 anyhdr src=" PORT6_ADDR " dst=" GLOBAL6 " / icmp6 type=1 code=1 / ip6 hlim=63 src=" GLOBAL6 " dst=64:ff9b::" v4 " / " SIIT }, \
		.drop = "address-wkp-private", .hook = &not_claimed,	\
	}

static const struct test_case wkp[] = {
	{
		"global addresses pass", "R6052-02 R6052-11",
		"ip4 src=" GLOBAL4 " dst=1.1.1.1 / " SIIT,
		{ "ip6 hlim=63 src=" GLOBAL6 " dst=64:ff9b::1.1.1.1 / " SIIT },
	},
	WKP_DROP("10.1.2.3", "R6052-11 RWKP-03 RWKP-04"),
	WKP_DROP("172.16.0.1", "R6052-11"),
	WKP_DROP("192.168.255.255", "R6052-11"),
	WKP_DROP("100.64.0.1", "R6052-11"),
	WKP_DROP("192.0.2.33", "R6052-11 R6052-12"),
	WKP_DROP("169.254.1.1", "R6052-11 RWKP-05"),
	{
		"172.32.0.1 is global", "R6052-11",
		"ip4 src=" GLOBAL4 " dst=172.32.0.1 / " SIIT,
		{ "ip6 hlim=63 src=" GLOBAL6 " dst=64:ff9b::172.32.0.1 / " SIIT },
	}, {
		"100.128.0.1 is global", "R6052-11",
		"ip4 src=" GLOBAL4 " dst=100.128.0.1 / " SIIT,
		{ "ip6 hlim=63 src=" GLOBAL6 " dst=64:ff9b::100.128.0.1 / " SIIT },
	},
};
SUITE(wkp, cfg_wkp);

static const struct config cfg_wkp_allow = {
	.name = "wkp-allow",
	.dev = "role br wkp-private allow",
	.lines = "pool6 add 64:ff9b::/96 $D\n",
};

static const struct test_case wkp_allow[] = {
	{
		"RFC 1918", "RWKP-01 RWKP-03",
		"ip4 src=192.168.1.2 dst=10.0.0.1 / " SIIT,
		{ "ip6 hlim=63 src=64:ff9b::192.168.1.2 dst=64:ff9b::10.0.0.1 / " SIIT },
	}, {
		"RFC 6598", "RWKP-01 RWKP-03",
		"ip6 src=64:ff9b::100.64.0.1 dst=64:ff9b::172.16.5.5 / " SIIT,
		{ "ip4 ttl=63 id=* src=100.64.0.1 dst=172.16.5.5 / " SIIT },
	}, {
		"link-local stays forbidden", "RWKP-05",
		"ip6 src=64:ff9b::100.64.0.1 dst=64:ff9b::169.254.5.5 / icmp6 id=1 / fill=2", .drop = "address-wkp-private",
		.hook = &not_claimed,
	}, {
		"class E stays forbidden", "RWKP-05 R1812-02",
		"ip6 src=64:ff9b::100.64.0.1 dst=64:ff9b::240.0.0.1 / icmp6 id=1 / fill=2", .drop = "destination-illegal",
		.hook = &not_claimed,
	},
};
SUITE(wkp_allow, cfg_wkp_allow);

static const struct config cfg_deny = {
	.name = "deny4",
	.dev = "role br hairpin off",
	.lines = "pool6 add 2001:db8:100::/40 $D\n"
		 "deny4 add 192.168.0.0/16 $D\n"
		 "deny4 add 198.51.100.77/32 $D\n"
		 "eam add 192.168.5.5 2001:db8::55 $D\n",
};

static const struct test_case deny[] = {
	{
		"a denied destination", "R6052-17 R7915-4.4-03",
		"ip4 src=" A4 " dst=198.51.100.77 / " SIIT, { NULL },
		{ SELF4 "icmp4 type=3 code=13 / ip4 ttl=63 src=" A4 " dst=198.51.100.77 / " SIIT },
		.drop = "address-denied", .hook = &not_claimed,
	}, {
		"its neighbour", "R6052-17",
		"ip4 src=" A4 " dst=198.51.100.78 / " SIIT,
		{ "ip6 hlim=63 src=" A6 " dst=2001:db8:1c6:3364:4e:: / " SIIT },
	}, {
		"a denied source, IPv6", "R6052-17",
		"ip6 src=2001:db8:1c0:a801:1:: dst=" A6 " / " SIIT, { NULL },
		{ "ip6 anyhdr src=" PORT6_ADDR " dst=2001:db8:1c0:a801:1:: / icmp6 type=1 code=1 / ip6 hlim=63 src=2001:db8:1c0:a801:1:: dst=" A6 " / " SIIT },
		.drop = "address-denied",
	}, {
		"an EAM of a denied address holds", "R7757-3.3-02",
		"ip4 src=" A4 " dst=192.168.5.5 / " SIIT,
		{ "ip6 hlim=63 src=" A6 " dst=2001:db8::55 / " SIIT },
	},
};
SUITE(deny, cfg_deny);

#define BAD4(addr)							\
	{								\
		"source " addr, "R7915-4.1-20 R1812-02 R7915-4.4-05",	\
		"ip4 src=" addr " dst=" B4 " / " SIIT, .drop = "source-illegal", .flags = CASE_INJECT, \
	}
#define BAD4_DST(addr)							\
	{								\
		"destination " addr, "R1812-02 R7915-G-05 R7915-4.4-05", \
		"ip4 src=" A4 " dst=" addr " / " SIIT, .drop = "destination-illegal", .flags = CASE_INJECT, \
		.hook = &not_claimed,					\
	}
#define BAD6(addr)							\
	{								\
		"source " addr, "R7915-5.1-13 R7915-5.4-05",		\
		"ip6 src=" addr " dst=" A6 " / " SIIT, .drop = "source-illegal", .flags = CASE_INJECT, \
	}
#define BAD64(addr4, addr)						\
	{								\
		"source " addr4 " out of IPv6", "R7915-8-01 R7915-5.1-13", \
		"ip6 src=" addr " dst=" A6 " / " SIIT, .drop = "source-illegal", \
	}, {								\
		"destination " addr4 " out of IPv6", "R7915-8-01 R7915-G-05", \
		"ip6 src=" B6 " dst=" addr " / " SIIT, .drop = "destination-illegal", \
		.hook = &not_claimed,					\
	}

/* Injected, it has no route on the device, and no error is sent. */
static const struct at_hook told_ttl = {
	.back = SELF4 "icmp4 type=11 / " IN4 "ttl=0 / " SIIT,
};

static const struct test_case illegal[] = {
	BAD4("0.0.0.0"), BAD4("0.1.2.3"), BAD4("127.0.0.1"),
	BAD4("127.255.255.255"), BAD4("224.0.0.1"), BAD4("239.1.2.3"),
	BAD4("240.0.0.1"), BAD4("255.255.255.255"),
	BAD4_DST("0.0.0.0"), BAD4_DST("127.0.0.1"), BAD4_DST("224.0.0.1"),
	BAD4_DST("240.0.0.1"), BAD4_DST("255.255.255.255"),
	BAD6("::"), BAD6("::1"), BAD6("fe80::1"), BAD6("ff02::1"),
	BAD6("ff0e::1"),
	{
		"destination ff0e::1", "R7915-G-05 R7915-5.4-05",
		"ip6 src=" B6 " dst=ff0e::1 / " SIIT, .drop = "destination-illegal", .flags = CASE_INJECT, .hook = &not_claimed,
	}, {
		"destination fe80::1", "R7915-5.1-13",
		"ip6 src=" B6 " dst=fe80::1 / " SIIT, .drop = "destination-illegal", .flags = CASE_INJECT, .hook = &not_claimed,
	},
	BAD64("0.0.0.1", "2001:db8:100:0:1::"),
	BAD64("127.0.0.1", "2001:db8:17f:0:1::"),
	BAD64("224.0.0.1", "2001:db8:1e0:0:1::"),
	BAD64("240.0.0.1", "2001:db8:1f0:0:1::"),
	BAD64("255.255.255.255", "2001:db8:1ff:ffff:ff::"),
	{
		"an ICMPv4 error from 127.0.0.1 is translated", "R7915-4.1-21",
		"ip4 ttl=64 src=127.0.0.1 dst=" A4 " / icmp4 type=11 / " INNER4 "/ udp / fill=3",
		{ "ip6 hlim=* src=2001:db8:17f:0:1:: dst=" A6 " / icmp6 type=3 / " INNER6 "/ udp / fill=3" },
		.flags = CASE_INJECT,
	}, {
		"an ICMPv4 error from 0.0.0.0 is translated", "R7915-4.1-21",
		"ip4 ttl=64 src=0.0.0.0 dst=" A4 " / icmp4 type=3 code=1 / " INNER4 "/ udp / fill=3",
		{ "ip6 hlim=* src=2001:db8:100:: dst=" A6 " / icmp6 type=1 / " INNER6 "/ udp / fill=3" },
		.flags = CASE_INJECT,
	}, {
		"TTL 0", "R7915-4.1-18",
		IN4 "ttl=0 / " SIIT, .drop = "hop-limit", .flags = CASE_INJECT, .hook = &told_ttl,
	}, {
		"Hop Limit 0", "R7915-5.1-09",
		IN6 "hlim=0 / " SIIT, { NULL }, { SELF6 "icmp6 type=3 / " IN6 "hlim=0 / " SIIT },
		.drop = "hop-limit", .flags = CASE_INJECT,
	}, {
		"an interface identifier of zeros is an address", "R6052-19",
		"ip6 src=" B6 " dst=2001:db8:101:100:: / " SIIT,
		{ "ip4 ttl=63 id=* src=" B4 " dst=1.1.0.0 / " SIIT },
	},
};
SUITE(illegal, cfg_plain);
