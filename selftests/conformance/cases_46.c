// SPDX-License-Identifier: GPL-2.0
/* IPv4 to IPv6, header by header: RFC 7915 section 4.1. */
#include "addrs.h"
#include "cases.h"

#define SIIT "udp / text=siit"

static const struct test_case header46[] = {
	{
		"UDP, the vector of RFC 7915 appendix A",
		"R7915-4.0-01 R7915-4.1-11 R7915-4.1-14 R7915-4.1-15 R7915-4.1-16 R7915-4.1-17 R7915-4.1-19 R7915-4.5-02 R7915-G-01 R7915-6-01 R7915-4.6-02",
		"raw v4 / hex=450000200000000040118e96c0000201c633640212340035000c245873696974",
		{ "raw v6 / hex=60000000000c113f20010db801c00002000100000000000020010db801c63364000200000000000012340035000c7e2e73696974" },
	}, {
		"the same, written with layers", "R7915-4.5-02 R7915-4.0-05",
		IN4 "/ " SIIT, { OUT6 "/ " SIIT },
	}, {
		"TCP", "R7915-4.5-01 R7915-4.0-01",
		IN4 "df id=7 / tcp opt=0204ffd8 / text=hello",
		{ OUT6 "/ tcp opt=0204ffd8 / text=hello" },
	}, {
		"TCP MSS option is left alone", "R7915-G-08",
		IN4 "/ tcp flags=2 opt=020405b4", { OUT6 "/ tcp flags=2 opt=020405b4" },
	}, {
		"TCP without data, odd option octets", "R7915-4.5-01",
		IN4 "/ tcp flags=0x10 opt=0101080a0102030405060708", { OUT6 "/ tcp flags=0x10 opt=0101080a0102030405060708" },
	}, {
		"one octet of data", "R7915-4.1-15",
		IN4 "/ udp / hex=aa", { OUT6 "/ udp / hex=aa" },
	}, {
		"UDP without data", "R7915-4.1-15",
		IN4 "/ udp", { OUT6 "/ udp" },
	}, {
		"no payload at all", "R7915-4.1-15 R7915-4.5-11",
		IN4 "proto=253", { OUT6 "nh=253" },
	}, {
		"TOS 0xb9: DSCP and ECN", "R7915-4.1-12",
		IN4 "tos=0xb9 / " SIIT, { OUT6 "tc=0xb9 / " SIIT },
	}, {
		"TOS 0x03: congestion experienced", "R7915-4.1-12",
		IN4 "tos=3 / tcp / fill=11", { OUT6 "tc=3 / tcp / fill=11" },
	}, {
		"TOS 0xff", "R7915-4.1-12",
		IN4 "tos=0xff / " SIIT, { OUT6 "tc=0xff / " SIIT },
	}, {
		"TTL 2 is the last that passes", "R7915-4.1-17",
		IN4 "ttl=2 / " SIIT,
		{ "ip6 hlim=1 src=" A6 " dst=" B6 " / " SIIT },
	}, {
		"TTL 255", "R7915-4.1-17",
		IN4 "ttl=255 / " SIIT,
		{ "ip6 hlim=254 src=" A6 " dst=" B6 " / " SIIT },
	}, {
		"TTL 1: time exceeded", "R7915-4.1-18 R7915-4.4-01",
		IN4 "ttl=1 / " SIIT, { NULL },
		{ SELF4 "icmp4 type=11 code=0 / " IN4 "ttl=1 / " SIIT },
		.hook = &hop_limit,
	}, {
		"octets after Total Length are padding", "R7915-4.1-15",
		"part { " IN4 "len=32 / part { " SIIT " } / zero=14 }",
		{ OUT6 "/ " SIIT },
	}, {
		"reserved flag is ignored", "R7915-G-02",
		IN4 "rb / " SIIT, { OUT6 "/ " SIIT },
	}, {
		"identification of a whole packet is not carried", "R7915-4.0-05 R7756-09",
		IN4 "id=0xffff / " SIIT, { OUT6 "/ " SIIT },
	},
};
SUITE(header46, cfg_plain);

#define PROTOCOL(n)							\
	{								\
		"protocol " #n, "R7915-4.1-16 R7915-4.5-11",		\
		IN4 "proto=" #n " / fill=21", { OUT6 "nh=" #n " / fill=21" }, \
	}

static const struct test_case protocol46[] = {
	PROTOCOL(3), PROTOCOL(4), PROTOCOL(8), PROTOCOL(41), PROTOCOL(46),
	PROTOCOL(47), PROTOCOL(50), PROTOCOL(51), PROTOCOL(88), PROTOCOL(89),
	PROTOCOL(94), PROTOCOL(103), PROTOCOL(108), PROTOCOL(112),
	PROTOCOL(115), PROTOCOL(253), PROTOCOL(254), PROTOCOL(255),
	{
		"SCTP, whose checksum has no pseudo-header", "R7915-4.5-11 R7915-4.5-10",
		IN4 "proto=132 / hex=1234005000000001deadbeef00030010000000010000000000000000",
		{ OUT6 "nh=132 / hex=1234005000000001deadbeef00030010000000010000000000000000" },
	}, {
		"ESP in transport mode is forwarded as it is", "R7915-8-02 R7915-4.5-11",
		IN4 "proto=50 / hex=0000100100000001a5a5a5a5a5a5a5a5", { OUT6 "nh=50 / hex=0000100100000001a5a5a5a5a5a5a5a5" },
	}, {
		"DCCP", "R7915-4.5-10 R7915-4.5-11",
		IN4 "/ dccp / fill=9", { OUT6 "/ dccp / fill=9" },
	}, {
		"UDP-Lite that covers the whole packet", "R7915-4.5-10 R7915-4.5-11",
		IN4 "/ udplite / fill=9", { OUT6 "/ udplite / fill=9" },
	}, {
		"UDP-Lite that covers its header", "R7915-4.5-10 R7915-4.5-11",
		IN4 "/ udplite cov=8 / fill=9", { OUT6 "/ udplite cov=8 / fill=9" },
	}, {
		"IGMP", "R7915-4.2-10",
		IN4 "proto=2 / hex=1600f9fde0000002", .drop = "igmp",
	}, {
		"IGMP with router alert", "R7915-4.2-10",
		IN4 "proto=2 opt=94040000 / hex=1600f9fde0000002", .drop = "igmp", .flags = CASE_INJECT,
	},
};
SUITE(protocol46, cfg_plain);

/* An injected packet has not crossed IP forwarding: no hop is counted. */
#define QUOTED(opts) SELF4 "icmp4 type=3 code=5 / " MID4 opts " / " SIIT

/* Nor has it a route, and no error is sent; the hook finds one. */
#define TOLD(sym, opts)							\
	static const struct at_hook sym = {				\
		.back = SELF4 "icmp4 type=3 code=5 / " IN4 opts " / " SIIT, \
	}

TOLD(told_strict, "opt=890704cb007101");
TOLD(told_pointer, "opt=830702cb007101");

static const struct test_case option46[] = {
	{
		"no-operation and end of list", "R7915-4.1-22 R7915-4.1-15 R7915-G-02",
		IN4 "opt=01010100 / " SIIT, { OUT6 "/ " SIIT },
	}, {
		"record route", "R7915-4.1-22",
		IN4 "opt=07070400000000 / " SIIT, { OUT6 "/ " SIIT },
	}, {
		"forty octets of options", "R7915-4.1-22",
		IN4 "opt=01010101010101010101010101010101010101010101010101010101010101010101010101010101 / tcp / fill=33",
		{ OUT6 "/ tcp / fill=33" },
	}, {
		"unknown option", "R7915-4.1-22",
		IN4 "opt=de04aabb / " SIIT, { OUT6 "/ " SIIT }, .flags = CASE_INJECT,
	}, {
		"timestamp, a record that is full", "R7915-4.1-22",
		IN4 "opt=4408090011223344 / " SIIT, { OUT6 "/ " SIIT }, .flags = CASE_INJECT,
	}, {
		"octets after end of list are not options", "R7915-4.1-22 R7915-4.1-25",
		IN4 "opt=00830304 / " SIIT, { OUT6 "/ " SIIT }, .flags = CASE_INJECT,
	}, {
		"options in an ICMP echo", "R7915-4.1-22 R7915-4.2-03",
		IN4 "opt=01010101 / icmp4 type=8 id=1 seq=2 / fill=9", { OUT6 "/ icmp6 type=128 id=1 seq=2 / fill=9" },
	}, {
		"options in a fragment", "R7915-4.1-22 R7915-4.1-27",
		IN4 "opt=01010101 id=9 off=16 mf / part at=16 n=16 { udp / fill=60 }",
		{ OUT6 "/ frag id=9 off=16 mf / part at=16 n=16 { udp / fill=60 }" },
	}, {
		"loose source route, not expired", "R7915-4.1-23 R7915-4.1-24",
		IN4 "opt=830704cb007101 / " SIIT, { NULL }, { QUOTED("opt=830704cb007101") },
		.drop = "ipv4-source-route",
	}, {
		"loose source route after no-operation", "R7915-4.1-23 R7915-4.1-24",
		IN4 "opt=01830704cb007101 / " SIIT, { NULL }, { QUOTED("opt=01830704cb007101") },
		.drop = "ipv4-source-route",
	}, {
		"loose source route, second address of two left", "R7915-4.1-23 R7915-4.1-24",
		IN4 "opt=830b08cb007101cb007102 / " SIIT, { NULL }, { QUOTED("opt=830b08cb007101cb007102") },
		.drop = "ipv4-source-route",
	}, {
		"loose source route, expired", "R7915-4.1-23",
		IN4 "opt=830708cb007101 / " SIIT, { OUT6 "/ " SIIT },
	}, {
		"loose source route without any address", "R7915-4.1-23 R7915-4.1-25",
		IN4 "opt=83030400 / " SIIT, { OUT6 "/ " SIIT }, .flags = CASE_INJECT,
	}, {
		"strict source route, not expired", "R7915-4.1-23",
		IN4 "opt=890704cb007101 / " SIIT, .drop = "ipv4-source-route", .flags = CASE_INJECT, .hook = &told_strict,
	}, {
		"strict source route, expired", "R7915-4.1-23",
		IN4 "opt=890708cb007101 / " SIIT, { OUT6 "/ " SIIT }, .flags = CASE_INJECT,
	}, {
		"no error about a source route in an ICMP error", "R7915-4.4-02 R7915-4.1-23",
		IN4 "opt=830704cb007101 / icmp4 type=3 code=1 / " INNER4 "/ " SIIT,
		.drop = "ipv4-source-route",
	}, {
		"but about one in an echo request", "R7915-4.4-02 R7915-4.1-24",
		IN4 "opt=830704cb007101 / icmp4 id=1 / fill=3", { NULL },
		{ SELF4 "icmp4 type=3 code=5 / " MID4 "opt=830704cb007101 / icmp4 id=1 / fill=3" },
		.drop = "ipv4-source-route",
	}, {
		"no error about a later fragment with a source route", "R7915-4.4-05",
		IN4 "opt=830704cb007101 off=64 id=1 proto=17 / fill=16", .drop = "ipv4-source-route",
	}, {
		"option of length 0", "R7915-4.1-25",
		IN4 "opt=07000000 / " SIIT, .drop = "ipv4-options", .flags = CASE_INJECT,
	}, {
		"option of length 1", "R7915-4.1-25",
		IN4 "opt=44010000 / " SIIT, .drop = "ipv4-options", .flags = CASE_INJECT,
	}, {
		"option that ends beyond the header", "R7915-4.1-25",
		IN4 "opt=07050400 / " SIIT, .drop = "ipv4-options", .flags = CASE_INJECT,
	}, {
		"option type in the last octet, without its length", "R7915-4.1-25",
		IN4 "opt=01010107 / " SIIT, .drop = "ipv4-options", .flags = CASE_INJECT,
	}, {
		"source route without a pointer", "R7915-4.1-25",
		IN4 "opt=01018302 / " SIIT, .drop = "ipv4-options", .flags = CASE_INJECT,
	}, {
		"source route whose pointer is in its own head", "R7915-4.1-25 R7915-4.1-23",
		IN4 "opt=830702cb007101 / " SIIT, .drop = "ipv4-source-route", .flags = CASE_INJECT, .hook = &told_pointer,
	},
};
SUITE(option46, cfg_plain);

static const struct test_case bad46[] = {
	{
		"header checksum is wrong", "R1812-01",
		IN4 "csum=+1 / " SIIT, .drop = "ipv4-checksum", .flags = CASE_INJECT,
	}, {
		"version 5", "R1812-01",
		IN4 "ver=5 / " SIIT, .drop = "ipv4-version", .flags = CASE_INJECT,
	}, {
		"version 6", "R1812-01",
		IN4 "ver=6 / " SIIT, .drop = "ipv4-version", .flags = CASE_INJECT,
	}, {
		"header length 4 words", "R1812-01",
		IN4 "ihl=4 / " SIIT, .drop = "ipv4-header-length", .flags = CASE_INJECT,
	}, {
		"header length 0", "R1812-01",
		IN4 "ihl=0 / " SIIT, .drop = "ipv4-header-length", .flags = CASE_INJECT,
	}, {
		"header longer than the packet", "R1812-01",
		IN4 "ihl=15 proto=17 / fill=8", .drop = "ipv4-truncated", .flags = CASE_INJECT,
	}, {
		"Total Length less than the header", "R1812-01",
		IN4 "len=19 / " SIIT, .drop = "ipv4-total-length", .flags = CASE_INJECT,
	}, {
		"Total Length 0", "R1812-01",
		IN4 "len=0 / " SIIT, .drop = "ipv4-total-length", .flags = CASE_INJECT,
	}, {
		"Total Length more than there is", "R1812-01",
		IN4 "len=33 / " SIIT, .drop = "ipv4-total-length", .flags = CASE_INJECT,
	}, {
		"19 octets", "R1812-01",
		"part n=19 { " IN4 "/ " SIIT " }", .drop = "ipv4-truncated", .flags = CASE_INJECT, .hook = &not_claimed,
	}, {
		"1 octet", "R1812-01",
		"raw v4 / hex=45", .drop = "ipv4-truncated", .flags = CASE_INJECT, .hook = &not_claimed,
	}, {
		"UDP header cut off", "R7915-4.5-13 R7915-G-09",
		IN4 "proto=17 / fill=7", .drop = "transport-truncated",
	}, {
		"TCP header cut off", "R7915-4.5-13",
		IN4 "proto=6 / fill=17", .drop = "transport-truncated",
	}, {
		"ICMP header cut off", "R7915-4.5-13",
		IN4 "proto=1 / hex=08", .drop = "transport-truncated",
	}, {
		"UDP, nothing after the IP header", "R7915-4.5-13",
		IN4 "proto=17", .drop = "transport-truncated",
	},
};
SUITE(bad46, cfg_plain);

static const struct test_case csum46[] = {
	{
		"wrong UDP checksum stays wrong", "R7915-4.5-12",
		IN4 "/ udp csum=+1 / text=siit", { OUT6 "/ udp csum=+1 / text=siit" }, .flags = CASE_BAD_CSUM,
	}, {
		"wrong TCP checksum stays wrong", "R7915-4.5-12",
		IN4 "/ tcp csum=+0x1234 / fill=9", { OUT6 "/ tcp csum=+0x1234 / fill=9" }, .flags = CASE_BAD_CSUM,
	}, {
		"wrong ICMP echo checksum stays wrong", "R7915-4.5-12",
		IN4 "/ icmp4 id=3 csum=+9 / fill=9", { OUT6 "/ icmp6 id=3 csum=+9 / fill=9" }, .flags = CASE_BAD_CSUM,
	}, {
		"wrong checksum in an ICMP error", "R5508-01",
		ERR4 "icmp4 type=3 code=1 csum=+1 / " INNER4 "/ udp / fill=8", .drop = "icmp-checksum",
	}, {
		"sum 0 in IPv4 is 0xffff on the wire, 0x59d6 in IPv6", "R7915-4.5-02 R7915-4.5-07",
		"ip4 src=" A4 " dst=" B4 " / udp sp=13932 csum=0xffff / text=siit",
		{ OUT6 "/ udp sp=13932 csum=0x59d6 / text=siit" },
	}, {
		"sum 0 in IPv6 is sent as 0xffff", "R7915-4.5-07",
		IN4 "/ udp sp=36930 csum=0xa629 / text=siit",
		{ OUT6 "/ udp sp=36930 csum=0xffff / text=siit" },
	}, {
		"UDP length field less than the packet", "R7915-4.5-12 R7915-4.5-02",
		IN4 "/ udp len=8 csum=+1 / fill=4",
		{ OUT6 "/ udp len=8 csum=+1 / fill=4" }, .flags = CASE_BAD_CSUM,
	}, {
		"TCP checksum 0x0000 is a checksum", "R7915-4.5-09",
		IN4 "/ tcp seq=0 ack=0 flags=0x10 win=0 urg=0xaff5 csum=0 / hex=0102",
		{ OUT6 "/ tcp seq=0 ack=0 flags=0x10 win=0 urg=0xaff5 / hex=0102" },
	}, {
		"UDP without a checksum, by default", "R7915-4.5-04 R7915-G-04",
		IN4 "/ udp csum=0 / text=siit", { NULL },
		{ SELF4 "icmp4 type=3 code=13 / " MID4 "/ udp csum=0 / text=siit" },
		.drop = "udp-zero-checksum",
	}, {
		"first fragment of one", "R7915-4.5-05 R7915-G-04",
		IN4 "mf id=1 / part n=32 { udp csum=0 / fill=80 }", { NULL },
		{ SELF4 "icmp4 type=3 code=13 / " MID4 "mf id=1 / part n=32 { udp csum=0 / fill=80 }" },
		.drop = "udp-zero-checksum-fragment",
	},
};
SUITE(csum46, cfg_plain);

static const struct test_case frag46[] = {
	{
		"first fragment", "R7915-4.1-26 R7915-4.1-27 R7915-4.1-28 R7915-4.1-29 R7915-4.1-30 R7915-4.5-08",
		IN4 "mf id=0x8001 / part n=64 { udp / fill=200 }",
		{ OUT6 "/ frag mf id=0x8001 / part n=64 { udp / fill=200 }" },
	}, {
		"middle fragment: what is at the place of a UDP header is data", "R7915-G-09 R7915-4.1-29 R7915-4.5-08",
		IN4 "mf id=0x8001 off=64 / part at=64 n=64 { udp / fill=200 }",
		{ OUT6 "/ frag mf id=0x8001 off=64 / part at=64 n=64 { udp / fill=200 }" },
	}, {
		"last fragment, odd length", "R7915-4.1-29 R7915-G-09",
		IN4 "id=0x8001 off=128 / part at=128 n=79 { udp / fill=199 }",
		{ OUT6 "/ frag id=0x8001 off=128 / part at=128 n=79 { udp / fill=199 }" },
	}, {
		"last fragment, one octet", "R7915-4.1-29",
		IN4 "id=1 off=8 proto=17 / hex=77", { OUT6 "/ frag id=1 off=8 nh=17 / hex=77" },
	}, {
		"fragment with DF", "R7915-4.1-31 R7915-4.0-02",
		IN4 "df mf id=5 off=24 / part at=24 n=32 { tcp / fill=90 }",
		{ OUT6 "/ frag mf id=5 off=24 / part at=24 n=32 { tcp / fill=90 }" },
	}, {
		"first fragment of TCP with DF", "R7915-4.1-31 R7915-4.5-01",
		IN4 "df mf id=5 / part n=32 { tcp / fill=90 }",
		{ OUT6 "/ frag mf id=5 / part n=32 { tcp / fill=90 }" },
	}, {
		"later fragment of TCP at offset 8", "R7915-G-09 R1858-01",
		IN4 "id=5 off=8 proto=6 / fill=16",
		{ OUT6 "/ frag id=5 off=8 nh=6 / fill=16" },
	}, {
		"fragment of an unknown protocol", "R7915-4.1-28",
		IN4 "mf id=0xffff proto=253 / fill=48", { OUT6 "/ frag mf id=0xffff nh=253 / fill=48" },
	}, {
		"highest offset", "R7915-4.1-29",
		IN4 "off=65504 id=2 proto=17 / fill=11", { OUT6 "/ frag off=65504 id=2 nh=17 / fill=11" },
	}, {
		"fragmented echo request, first", "R7915-G-03",
		IN4 "mf id=3 / part n=64 { icmp4 id=1 / fill=100 }", .drop = "icmp-fragment",
	}, {
		"fragmented echo request, last", "R7915-G-03",
		IN4 "off=64 id=3 / part at=64 { icmp4 id=1 / fill=100 }", .drop = "icmp-fragment",
	}, {
		"fragmented ICMP error", "R7915-G-03",
		"ip4 src=" R4 " dst=" A4 " mf id=3 / part n=64 { icmp4 type=3 code=1 / " INNER4 "/ udp / fill=60 }",
		.drop = "icmp-fragment",
	}, {
		"first fragment without the TCP checksum", "R7915-4.5-13 R1858-01",
		IN4 "mf id=4 / part n=16 { tcp / fill=30 }", .drop = "fragment-tiny",
	}, {
		"first fragment: eight octets of UDP suffice", "R7915-4.5-13 R7915-4.5-08",
		IN4 "mf id=4 / part n=8 { udp / fill=30 }", { OUT6 "/ frag mf id=4 / part n=8 { udp / fill=30 }" },
	}, {
		"first fragment without any payload", "R7915-4.5-13 R1858-01",
		IN4 "mf id=4 proto=6", .drop = "fragment-length",
	}, {
		"fragment whose length is not a multiple of 8", "R7915-4.1-29",
		IN4 "mf id=4 / part n=33 { udp / fill=60 }", .drop = "fragment-length",
	}, {
		"fragment that ends beyond 65535", "R7915-4.1-29",
		IN4 "off=65528 id=2 proto=17 / fill=16", .drop = "fragment-length",
	},
};
SUITE(frag46, cfg_plain);
