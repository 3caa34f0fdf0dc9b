// SPDX-License-Identifier: GPL-2.0
/* IPv6 to IPv4, header by header: RFC 7915 section 5.1. */
#include "addrs.h"
#include "cases.h"

#define SIIT "udp / text=siit"
#define UDP4 OUT4 "id=* / " SIIT

static const struct test_case header64[] = {
	{
		"UDP, the vector of RFC 7915 appendix A",
		"R7915-5.0-01 R7915-5.1-01 R7915-5.1-04 R7915-5.1-07 R7915-5.1-08 R7915-5.1-11 R7915-5.1-12 R7915-5.5-01 R7915-G-01 R7915-5.6-02",
		"raw v6 / hex=60000000000c114020010db801c00002000100000000000020010db801c63364000200000000000012340035000c7e2e73696974",
		{ "ip4 ttl=63 id=* src=192.0.2.1 dst=198.51.100.2 / udp csum=0x2458 / text=siit" },
	}, {
		"TCP", "R7915-5.5-01 R7915-5.0-01",
		IN6 "/ tcp opt=0204ffd8 / text=hello", { OUT4 "id=* / tcp opt=0204ffd8 / text=hello" },
	}, {
		"one octet of data", "R7915-5.1-04",
		IN6 "/ udp / hex=aa", { OUT4 "id=* / udp / hex=aa" },
	}, {
		"no payload at all", "R7915-5.1-04",
		IN6 "nh=253", { OUT4 "id=* proto=253" },
	}, {
		"traffic class 0xb9", "R7915-5.1-02",
		IN6 "tc=0xb9 / " SIIT, { OUT4 "id=* tos=0xb9 / " SIIT },
	}, {
		"traffic class 0x03: congestion experienced", "R7915-5.1-02",
		IN6 "tc=3 / tcp / fill=11", { OUT4 "id=* tos=3 / tcp / fill=11" },
	}, {
		"flow label is ignored", "R7915-5.1-21",
		IN6 "fl=0xfffff tc=0x0f / " SIIT, { OUT4 "id=* tos=0x0f / " SIIT },
	}, {
		"Hop Limit 2 is the last that passes", "R7915-5.1-08",
		IN6 "hlim=2 / " SIIT, { OUT4 "ttl=1 id=* / " SIIT },
	}, {
		"Hop Limit 255", "R7915-5.1-08",
		IN6 "hlim=255 / " SIIT, { OUT4 "ttl=254 id=* / " SIIT },
	}, {
		"Hop Limit 1: time exceeded", "R7915-5.1-09 R7915-5.4-01",
		IN6 "hlim=1 / " SIIT, { NULL },
		{ SELF6 "icmp6 type=3 code=0 / " IN6 "hlim=1 / " SIIT },
		.hook = &hop_limit,
	}, {
		"octets after Payload Length are padding", "R7915-5.1-04",
		"part { " IN6 "plen=12 / part { " SIIT " } / zero=14 }", { UDP4 },
	}, {
		"size 1280: TL 1260, DF 0", "R7915-5.0-03 R7915-5.1-05 R7755-10 R7756-15",
		IN6 "/ udp / fill=1232", { OUT4 "id=* / udp / fill=1232" },
	}, {
		"size 1281: TL 1261, DF 1", "R7915-5.0-03 R7756-15",
		IN6 "/ udp / fill=1233", { OUT4 "df id=* / udp / fill=1233" },
	}, {
		"size 1500", "R7915-5.0-03",
		IN6 "/ tcp / fill=1440", { OUT4 "df id=* / tcp / fill=1440" },
	}, {
		"with options that are skipped TL counts, not the IPv6 size", "R7915-5.0-03 R7915-5.1-14",
		IN6 "/ dop / udp / fill=1232", { OUT4 "id=* / udp / fill=1232" },
	},
};
SUITE(header64, cfg_plain);

#define PROTOCOL(n)							\
	{								\
		"next header " #n, "R7915-5.1-10 R7915-5.5-05",		\
		IN6 "nh=" #n " / fill=21", { OUT4 "id=* proto=" #n " / fill=21" }, \
	}, {								\
		"next header " #n " after Destination Options", "R7915-5.1-10 R7915-5.1-14", \
		IN6 "/ dop nh=" #n " / fill=21", { OUT4 "id=* proto=" #n " / fill=21" }, \
	}

static const struct test_case protocol64[] = {
	PROTOCOL(2), PROTOCOL(4), PROTOCOL(41), PROTOCOL(47), PROTOCOL(50),
	PROTOCOL(51), PROTOCOL(59), PROTOCOL(88), PROTOCOL(89), PROTOCOL(103),
	PROTOCOL(115), PROTOCOL(135), PROTOCOL(139), PROTOCOL(140),
	PROTOCOL(253), PROTOCOL(254), PROTOCOL(255),
	{
		"SCTP", "R7915-5.5-05 R7915-5.5-04",
		IN6 "nh=132 / hex=1234005000000001deadbeef00030010000000010000000000000000",
		{ OUT4 "id=* proto=132 / hex=1234005000000001deadbeef00030010000000010000000000000000" },
	}, {
		"DCCP", "R7915-5.5-04 R7915-5.0-02",
		IN6 "/ dccp / fill=9", { OUT4 "id=* / dccp / fill=9" },
	}, {
		"UDP-Lite that covers its header", "R7915-5.5-04",
		IN6 "/ udplite cov=8 / fill=9", { OUT4 "id=* / udplite cov=8 / fill=9" },
	}, {
		"what looks like an extension header after ESP is not read", "R7915-5.1-10",
		IN6 "nh=50 / hex=2c00000100000000", { OUT4 "id=* proto=50 / hex=2c00000100000000" },
	}, {
		"AH is not skipped", "R7915-5.1-10 R7915-8-02",
		IN6 "nh=51 / hex=110400000000010000000001 / zero=12 / hex=1234003500080000",
		{ OUT4 "id=* proto=51 / hex=110400000000010000000001 / zero=12 / hex=1234003500080000" },
	}, {
		"ICMPv4 inside IPv6 is just protocol 1", "R7915-5.1-10",
		IN6 "nh=1 / hex=0800f7ff00000000", { OUT4 "id=* proto=1 / hex=0800f7ff00000000" },
	},
};
SUITE(protocol64, cfg_plain);

static const struct test_case ext64[] = {
	{
		"Hop-by-Hop", "R7915-5.1-14 R7915-G-02",
		IN6 "/ hop / " SIIT, { UDP4 },
	}, {
		"Hop-by-Hop with router alert", "R7915-5.1-14",
		IN6 "/ hop opt=05020000 / " SIIT, { UDP4 },
	}, {
		"Destination Options, 24 octets", "R7915-5.1-14",
		IN6 "/ dop opt=1e10000102030405060708090a0b0c0d0e0f / " SIIT, { UDP4 },
	}, {
		"Destination Options, 2048 octets", "R7915-5.1-14 R7915-5.1-18",
		IN6 "nh=60 / hex=1eff / zero=2046 / hex=aabbccdd",
		{ OUT4 "id=* proto=30 / hex=aabbccdd" },
	}, {
		"Routing, type 0, no segments left", "R7915-5.1-14",
		IN6 "/ rh type=0 opt=0000000020010db8000000000000000000000009 / " SIIT, { UDP4 },
	}, {
		"Routing, type 2, no segments left", "R7915-5.1-14",
		IN6 "/ rh type=2 opt=0000000020010db8000000000000000000000009 / " SIIT, { UDP4 },
	}, {
		"Routing, type 3, no segments left", "R7915-5.1-14",
		IN6 "/ rh type=3 / " SIIT, { UDP4 },
	}, {
		"Segment Routing, no segments left", "R7915-5.1-14 R8754-01",
		IN6 "/ rh type=4 opt=0000000020010db801c000020021000000000000 / " SIIT, { UDP4 },
	}, {
		"Segment Routing with a TLV", "R8754-01",
		IN6 "/ rh type=4 opt=0000000020010db801c0000200210000000000000406000000000000 / " SIIT, { UDP4 },
	}, {
		"Routing, unknown type, no segments left", "R7915-5.1-14",
		IN6 "/ rh type=253 / " SIIT, { UDP4 },
	}, {
		"Hop-by-Hop, Destination Options, Routing, Destination Options", "R7915-5.1-14 R7915-5.1-10",
		IN6 "/ hop / dop opt=1e00 / rh type=4 opt=0000000020010db801c000020021000000000000 / dop / tcp / fill=5",
		{ OUT4 "id=* / tcp / fill=5" },
	}, {
		"the same twice and out of the usual order", "R7915-5.1-14 R7915-5.1-10",
		IN6 "/ dop / rh / rh type=2 / dop / dop / icmp6 id=1 seq=2 / fill=7",
		{ OUT4 "id=* / icmp4 id=1 seq=2 / fill=7" },
	}, {
		"Hop-by-Hop and then a protocol without a header", "R7915-5.1-10 R7915-5.1-14",
		IN6 "/ hop nh=59", { OUT4 "id=* proto=59" },
	}, {
		"Hop-by-Hop, Destination Options, Fragment, TCP", "R7915-5.1.1-02 R7915-5.1-14",
		IN6 "/ hop / dop / frag id=0xabcd1234 mf / part n=32 { tcp / fill=99 }",
		{ OUT4 "id=0x1234 mf / part n=32 { tcp / fill=99 }" },
	}, {
		"Hop-by-Hop and Fragment: TL = PL - 8 - 8 + 20", "R7915-5.1.1-02",
		IN6 "/ hop / frag id=0x1234 / tcp / fill=4", { OUT4 "id=0x1234 / tcp / fill=4" },
	},
};
SUITE(ext64, cfg_plain);

/* What the box says about Segments Left at an offset */
#define PROBLEM(at, packet) SELF6 "icmp6 type=4 code=0 ptr=" #at " / " MID6 packet

static const struct test_case routing64[] = {
	{
		"Routing, type 0, one segment left", "R7915-5.1-15 R7915-5.1-16",
		IN6 "/ rh type=0 sl=1 opt=0000000020010db8000000000000000000000009 / " SIIT, { NULL },
		{ PROBLEM(43, "/ rh type=0 sl=1 opt=0000000020010db8000000000000000000000009 / " SIIT) },
		.drop = "ipv6-segments-left",
	}, {
		"Segment Routing, two segments left", "R7915-5.1-15 R7915-5.1-16 R8754-01",
		IN6 "/ rh type=4 sl=2 opt=02000000 / " SIIT, { NULL },
		{ PROBLEM(43, "/ rh type=4 sl=2 opt=02000000 / " SIIT) },
		.drop = "ipv6-segments-left",
	}, {
		"unknown type, 255 segments left", "R7915-5.1-15 R7915-5.1-16",
		IN6 "/ rh type=253 sl=255 / tcp / fill=3", { NULL },
		{ PROBLEM(43, "/ rh type=253 sl=255 / tcp / fill=3") },
		.drop = "ipv6-segments-left",
	}, {
		"after Hop-by-Hop", "R7915-5.1-16",
		IN6 "/ hop / rh type=3 sl=1 / " SIIT, { NULL },
		{ PROBLEM(51, "/ hop / rh type=3 sl=1 / " SIIT) },
		.drop = "ipv6-segments-left",
	}, {
		"after Hop-by-Hop, options of 24 octets and a Routing header", "R7915-5.1-16",
		IN6 "/ hop / dop opt=1e10000102030405060708090a0b0c0d0e0f / rh / rh type=4 sl=1 / " SIIT, { NULL },
		{ PROBLEM(83, "/ hop / dop opt=1e10000102030405060708090a0b0c0d0e0f / rh / rh type=4 sl=1 / " SIIT) },
		.drop = "ipv6-segments-left",
	}, {
		"in an echo request: no error", "R7915-5.1-17 R7915-5.4-02",
		IN6 "/ rh sl=1 / icmp6 id=1 / fill=4", .drop = "ipv6-segments-left",
	}, {
		"in an ICMPv6 error: no error", "R7915-5.1-17 R7915-5.4-02 R7915-5.4-05",
		"ip6 src=" C6 " dst=" B6 " / rh sl=1 / icmp6 type=1 / " QUOTE6 "/ " SIIT, .drop = "ipv6-segments-left",
	}, {
		"in a large packet: the error has 1280 octets", "R7915-5.4-06",
		IN6 "/ rh sl=1 / udp / fill=1400", { NULL },
		{ SELF6 "icmp6 type=4 ptr=43 / part n=1232 { " MID6 "/ rh sl=1 / udp / fill=1400 }" },
		.drop = "ipv6-segments-left",
	},
};
SUITE(routing64, cfg_plain);

/* Destination Options of 8 octets, followed by more of them */
#define DOP "3c00010400000000"
#define DOP8 DOP DOP DOP DOP DOP DOP DOP DOP

static const struct test_case bad64[] = {
	{
		"sixteen headers of Destination Options", "R7915-5.1-14 R7915-5.1-18",
		IN6 "nh=60 / hex=" DOP8 DOP DOP DOP DOP DOP DOP DOP " / dop / " SIIT, { UDP4 },
	}, {
		"a chain without end", "R7915-5.1-18",
		IN6 "nh=60 / hex=" DOP8 DOP8 DOP8 DOP8 DOP8 DOP8 DOP8 DOP8, .drop = "ipv6-extension-order",
	}, {
		"version 4", "R7915-5.1-18",
		IN6 "ver=4 / " SIIT, .drop = "ipv6-version", .flags = CASE_INJECT,
	}, {
		"version 7", "R7915-5.1-18",
		IN6 "ver=7 / " SIIT, .drop = "ipv6-version", .flags = CASE_INJECT,
	}, {
		"39 octets", "R7915-5.1-18",
		"part n=39 { " IN6 "/ " SIIT " }", .drop = "ipv6-truncated", .flags = CASE_INJECT, .hook = &not_claimed,
	}, {
		"1 octet", "R7915-5.1-18",
		"raw v6 / hex=60", .drop = "ipv6-truncated", .flags = CASE_INJECT, .hook = &not_claimed,
	}, {
		"Payload Length more than there is", "R7915-5.1-18",
		IN6 "plen=13 / " SIIT, .drop = "ipv6-payload-length", .flags = CASE_INJECT,
	}, {
		"extension header cut off", "R7915-5.1-18",
		"part n=47 { " IN6 "plen=7 / dop / " SIIT " }", .drop = "ipv6-extension-truncated",
	}, {
		"extension header longer than the packet", "R7915-5.1-18",
		IN6 "/ dop elen=2 / " SIIT, .drop = "ipv6-extension-truncated",
	}, {
		"Fragment Header cut off", "R7915-5.1-18",
		IN6 "nh=44 / hex=11000000", .drop = "ipv6-extension-truncated",
	}, {
		"Routing header cut off before Segments Left", "R7915-5.1-18",
		IN6 "nh=43 / hex=110000", .drop = "ipv6-extension-truncated",
	}, {
		"Destination Options and nothing", "R7915-5.1-18",
		IN6 "nh=60", .drop = "ipv6-extension-truncated",
	}, {
		"Hop-by-Hop after Destination Options", "R7915-5.1-19",
		IN6 "/ dop / hop / " SIIT, .drop = "ipv6-extension-order",
	}, {
		"Hop-by-Hop twice", "R7915-5.1-19",
		IN6 "/ hop / hop / " SIIT, .drop = "ipv6-extension-order", .flags = CASE_INJECT,
	}, {
		"UDP header cut off", "R7915-5.1.1-09",
		IN6 "nh=17 / fill=7", .drop = "transport-truncated",
	}, {
		"TCP header cut off", "R7915-5.1.1-09",
		IN6 "nh=6 / fill=17", .drop = "transport-truncated",
	}, {
		"ICMPv6 header cut off", "R7915-5.1.1-09",
		IN6 "nh=58 / hex=80", .drop = "transport-truncated",
	}, {
		"ICMPv6, nothing after the IP header", "R7915-5.1.1-09",
		IN6 "nh=58", .drop = "transport-truncated",
	}, {
		"jumbogram", "R7915-5.1-20",
		IN6 "plen=0 / hop opt=c20400010008 / zero=512", .drop = "ipv6-jumbogram", .flags = CASE_INJECT,
	}, {
		"Payload Length 0 with a Hop-by-Hop header", "R7915-5.1-20",
		IN6 "plen=0 nh=0", .drop = "ipv6-jumbogram", .flags = CASE_INJECT,
	},
};
SUITE(bad64, cfg_plain);

static const struct test_case csum64[] = {
	{
		"wrong UDP checksum stays wrong", "R7915-4.5-12 R7915-5.0-02",
		IN6 "/ udp csum=+1 / text=siit", { OUT4 "id=* / udp csum=+1 / text=siit" }, .flags = CASE_BAD_CSUM,
	}, {
		"wrong TCP checksum stays wrong", "R7915-4.5-12 R7915-5.0-02",
		IN6 "/ tcp csum=+0x1234 / fill=9", { OUT4 "id=* / tcp csum=+0x1234 / fill=9" }, .flags = CASE_BAD_CSUM,
	}, {
		"wrong ICMPv6 echo checksum stays wrong", "R7915-4.5-12 R7915-5.0-02",
		IN6 "/ icmp6 id=3 csum=+9 / fill=9", { OUT4 "id=* / icmp4 id=3 csum=+9 / fill=9" }, .flags = CASE_BAD_CSUM,
	}, {
		"wrong checksum in an ICMPv6 error", "R5508-01 R7915-5.0-02",
		FROM6 "icmp6 type=1 csum=+1 / " QUOTE6 "/ udp / fill=8", .drop = "icmp-checksum",
	}, {
		"sum 0 in IPv6, sent as 0xffff", "R7915-5.5-01",
		"ip6 src=" A6 " dst=" B6 " / udp sp=36930 csum=0xffff / text=siit",
		{ "ip4 ttl=63 id=* src=" A4 " dst=" B4 " / udp sp=36930 csum=0xa629 / text=siit" },
	}, {
		"sum 0 in IPv4 is sent as 0xffff", "R7915-5.5-02",
		"ip6 src=" A6 " dst=" B6 " / udp sp=13932 csum=0x59d6 / text=siit",
		{ "ip4 ttl=63 id=* src=" A4 " dst=" B4 " / udp sp=13932 csum=0xffff / text=siit" },
	}, {
		"UDP over IPv6 without a checksum", "R7915-5.5-03",
		IN6 "/ udp csum=0 / text=siit", { NULL },
		{ SELF6 "icmp6 type=1 code=1 / " MID6 "/ udp csum=0 / text=siit" },
		.drop = "udp-zero-checksum",
	}, {
		"first fragment of one", "R7915-5.5-03",
		IN6 "/ frag mf / part n=16 { udp csum=0 / fill=80 }", { NULL },
		{ SELF6 "icmp6 type=1 code=1 / " MID6 "/ frag mf / part n=16 { udp csum=0 / fill=80 }" },
		.drop = "udp-zero-checksum-fragment",
	}, {
		"echo request, the vector", "R7915-5.2-01 R7915-5.2-03",
		"ip6 src=" B6 " dst=" A6 " / icmp6 type=128 id=0x1234 seq=1 csum=0x2143 / text=siitsiit",
		{ OUT4 "id=* / icmp4 type=8 id=0x1234 seq=1 csum=0x2c0f / text=siitsiit" },
	}, {
		"echo reply, the vector", "R7915-5.2-01 R7915-5.2-04",
		"ip6 src=" A6 " dst=" B6 " / icmp6 type=129 id=0x1234 seq=1 csum=0x2043 / text=siitsiit",
		{ "ip4 ttl=63 id=* src=" A4 " dst=" B4 " / icmp4 type=0 id=0x1234 seq=1 csum=0x340f / text=siitsiit" },
	},
};
SUITE(csum64, cfg_plain);

static const struct test_case frag64[] = {
	{
		"first fragment", "R7915-5.1.1-02 R7915-5.1.1-03 R7915-5.1.1-04 R7915-5.1.1-05 R7915-5.1.1-06",
		IN6 "/ frag mf id=0xabcd1234 / part n=64 { udp / fill=200 }",
		{ OUT4 "mf id=0x1234 / part n=64 { udp / fill=200 }" },
	}, {
		"middle fragment: what is at the place of a UDP header is data", "R7915-G-09 R7915-5.1.1-05",
		IN6 "/ frag mf id=0xabcd1234 off=64 / part at=64 n=64 { udp / fill=200 }",
		{ OUT4 "mf id=0x1234 off=64 / part at=64 n=64 { udp / fill=200 }" },
	}, {
		"last fragment, odd length", "R7915-G-09 R7915-5.1.1-04",
		IN6 "/ frag id=0xabcd1234 off=128 / part at=128 n=79 { udp / fill=199 }",
		{ OUT4 "id=0x1234 off=128 / part at=128 n=79 { udp / fill=199 }" },
	}, {
		"a large fragment has no DF", "R7915-5.1.1-04",
		IN6 "/ frag mf id=7 / part n=1448 { tcp / fill=2000 }",
		{ OUT4 "mf id=7 / part n=1448 { tcp / fill=2000 }" },
	}, {
		"identification 0 is kept", "R7915-5.1.1-03",
		IN6 "/ frag mf id=0x10000 / part n=8 { udp / fill=30 }",
		{ OUT4 "mf id=0 / part n=8 { udp / fill=30 }" },
	}, {
		"reserved bits are ignored", "R7915-5.1.1-02",
		IN6 "/ frag res=0xff res2=3 mf id=7 off=8 nh=17 / fill=16", { OUT4 "mf id=7 off=8 proto=17 / fill=16" },
	}, {
		"fragment of an unknown protocol", "R7915-5.1.1-06",
		IN6 "/ frag mf id=7 nh=253 / fill=16", { OUT4 "mf id=7 proto=253 / fill=16" },
	}, {
		"fragment of ESP", "R7915-5.1.1-01 R7915-5.1.1-06",
		IN6 "/ frag mf id=7 nh=50 / fill=16", { OUT4 "mf id=7 proto=50 / fill=16" },
	}, {
		"atomic fragment, size 1280: TL 1252", "R7915-5.1.1-07 R6946-01 R7915-5.1.1-04",
		IN6 "/ frag id=0xabcd1234 / udp / fill=1224", { OUT4 "id=0x1234 / udp / fill=1224" },
	}, {
		"atomic fragment of 1500 octets: no DF", "R7915-5.1.1-07 R7915-5.1.1-04",
		IN6 "/ frag id=0xabcd1234 / tcp / fill=1432", { OUT4 "id=0x1234 / tcp / fill=1432" },
	}, {
		"atomic fragment with an echo request", "R7915-5.1.1-07 R7915-G-03",
		IN6 "/ frag id=1 / icmp6 id=3 seq=4 / fill=13", { OUT4 "id=1 / icmp4 id=3 seq=4 / fill=13" },
	}, {
		"atomic fragment with an ICMPv6 error", "R7915-5.1.1-07 R7915-G-03",
		"ip6 src=" C6 " dst=" B6 " / frag id=9 / icmp6 type=1 code=4 / " QUOTE6 "/ udp / fill=8",
		{ "ip4 ttl=63 id=9 src=" C4 " dst=" B4 " / icmp4 type=3 code=3 / " QUOTE4 "/ udp / fill=8" },
	}, {
		"fragmented ICMPv6, first", "R7915-G-03",
		IN6 "/ frag mf id=1 / part n=32 { icmp6 id=3 / fill=60 }", .drop = "icmp-fragment",
	}, {
		"fragmented ICMPv6, last", "R7915-G-03",
		IN6 "/ frag off=32 id=1 / part at=32 { icmp6 id=3 / fill=60 }", .drop = "icmp-fragment",
	}, {
		"first fragment without the TCP checksum", "R1858-01 R7915-5.1.1-09",
		IN6 "/ frag mf id=1 / part n=16 { tcp / fill=60 }", .drop = "fragment-tiny",
	}, {
		"fragment whose length is not a multiple of 8", "R7915-5.1.1-08",
		IN6 "/ frag mf id=1 / part n=33 { udp / fill=60 }", .drop = "fragment-length",
	}, {
		"fragment that ends beyond 65535", "R7915-5.1.1-08",
		IN6 "/ frag off=65528 id=1 nh=17 / fill=16", .drop = "fragment-length",
	}, {
		"fragment without payload", "R7915-5.1.1-08",
		IN6 "/ frag off=8 id=1 nh=17", .drop = "fragment-length",
	},
#define CHAIN(n)							\
	{								\
		"next header " #n " after Fragment", "R7915-5.1.1-01",	\
		IN6 "/ frag mf id=1 nh=" #n " / fill=16", .drop = "ipv6-fragment-chain", \
	}, {								\
		"next header " #n " in a later fragment", "R7915-5.1.1-01", \
		IN6 "/ frag off=16 id=1 nh=" #n " / fill=16", .drop = "ipv6-fragment-chain", \
	}
	CHAIN(0), CHAIN(43), CHAIN(51), CHAIN(60), CHAIN(135), CHAIN(139),
	CHAIN(140),
	{
		"two Fragment Headers", "R7915-5.1.1-10",
		IN6 "/ frag mf id=1 / frag mf id=2 nh=17 / fill=16", .drop = "ipv6-fragment-chain",
	}, {
		"Destination Options after an atomic Fragment Header", "R7915-5.1.1-01",
		IN6 "/ frag id=1 / dop / " SIIT, .drop = "ipv6-fragment-chain",
	},
};
SUITE(frag64, cfg_plain);
