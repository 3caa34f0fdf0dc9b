// SPDX-License-Identifier: GPL-2.0
/* Packets quoted in ICMP errors: RFC 7915 sections 4.3 and 5.3. */
#include "addrs.h"
#include "cases.h"

#define UNREACH4 ERR4 "icmp4 type=3 code=1 / "
#define UNREACH6 ERR6 "icmp6 type=1 code=0 / "

/* N octets of a quoted packet of which the whole is known */
#define CUT(n, m, layers)						\
	{								\
		"quote of " #n " octets", "R7915-4.3-07 R7915-4.3-04 R7915-4.3-02", \
		UNREACH4 "part n=" #n " { " INNER4 "df / " layers " }",	\
		{ UNREACH6 "part n=" #m " { " INNER6 "/ " layers " }" }, \
	}
#define CUT_DROP(n)							\
	{								\
		"quote of " #n " octets", "R7915-4.3-12",		\
		UNREACH4 "part n=" #n " { " INNER4 "/ udp / fill=20 }",	\
		.drop = "icmp-quote-truncated",				\
	}

static const struct test_case quote46[] = {
	{
		"a whole UDP packet", "R7915-4.3-01 R7915-4.3-02 R7757-3.2-03",
		UNREACH4 INNER4 "/ udp / fill=20", { UNREACH6 INNER6 "/ udp / fill=20" },
	}, {
		"a whole TCP packet", "R7915-4.3-01",
		UNREACH4 INNER4 "df / tcp opt=020405b4 / fill=3", { UNREACH6 INNER6 "/ tcp opt=020405b4 / fill=3" },
	},
	CUT(20, 40, "udp / fill=100"), CUT(21, 41, "udp / fill=100"),
	CUT(22, 42, "udp / fill=100"), CUT(23, 43, "udp / fill=100"),
	CUT(25, 45, "udp / fill=100"), CUT(26, 46, "udp / fill=100"),
	CUT(28, 48, "udp / fill=100"),
	CUT(29, 49, "udp / fill=100"), CUT(56, 76, "udp / fill=100"),
	CUT(28, 48, "tcp / fill=100"), CUT(35, 55, "tcp / fill=100"),
	CUT(36, 56, "tcp / fill=100"),
	CUT(38, 58, "tcp / fill=100"), CUT(40, 60, "tcp / fill=100"),
	CUT(28, 48, "udp / fill=1472"),
	CUT_DROP(0), CUT_DROP(1), CUT_DROP(8), CUT_DROP(19),
	{
		"half of a UDP checksum is left alone", "R7915-4.3-07",
		UNREACH4 "part n=27 { " INNER4 "/ udp csum=0x1234 / fill=100 }",
		{ UNREACH6 "part n=47 { " INNER6 "/ udp csum=0x1234 / fill=100 }" },
	}, {
		"half of a TCP checksum is left alone", "R7915-4.3-07",
		UNREACH4 "part n=37 { " INNER4 "/ tcp csum=0x1234 / fill=100 }",
		{ UNREACH6 "part n=57 { " INNER6 "/ tcp csum=0x1234 / fill=100 }" },
	}, {
		"TTL 0", "R7915-4.3-01 R7915-4.3-06",
		UNREACH4 INNER4 "ttl=0 / udp / fill=20", { UNREACH6 INNER6 "hlim=0 / udp / fill=20" },
	}, {
		"TTL 1", "R7915-4.3-01 R7915-4.3-06",
		UNREACH4 INNER4 "ttl=1 / udp / fill=20", { UNREACH6 INNER6 "hlim=1 / udp / fill=20" },
	}, {
		"TOS", "R7915-4.3-01",
		UNREACH4 INNER4 "tos=0xb9 / udp / fill=20", { UNREACH6 INNER6 "tc=0xb9 / udp / fill=20" },
	}, {
		"outer TOS", "R7915-4.1-12",
		"ip4 tos=0xc1 src=" R4 " dst=" A4 " / icmp4 type=3 code=1 / " INNER4 "/ udp",
		{ "ip6 tc=0xc1 hlim=63 src=" R6 " dst=" A6 " / icmp6 type=1 / " INNER6 "/ udp" },
	}, {
		"large, DF 0: nothing is fragmented", "R7915-4.3-05",
		UNREACH4 "part n=528 { " INNER4 "id=4 / udp / fill=4000 }",
		{ UNREACH6 "part n=548 { " INNER6 "/ udp / fill=4000 }" },
	}, {
		"first fragment", "R7915-4.3-05 R7915-4.3-07",
		UNREACH4 INNER4 "mf id=0x77 / part n=32 { udp / fill=100 }",
		{ UNREACH6 INNER6 "/ frag mf id=0x77 / part n=32 { udp / fill=100 }" },
	}, {
		"later fragment of UDP", "R7915-4.3-05 R7915-G-09",
		UNREACH4 INNER4 "mf id=0x77 off=32 / part at=32 n=32 { udp / fill=100 }",
		{ UNREACH6 INNER6 "/ frag mf id=0x77 off=32 / part at=32 n=32 { udp / fill=100 }" },
	}, {
		"later fragment of ICMP", "R7915-4.3-10",
		UNREACH4 INNER4 "id=0x77 off=32 / part at=32 n=32 { icmp4 / fill=100 }",
		{ UNREACH6 INNER6 "/ frag id=0x77 off=32 nh=58 / part at=32 n=32 { icmp4 / fill=100 }" },
	}, {
		"a fragment cut after its header", "R7915-4.3-05 R7915-4.3-07",
		UNREACH4 "part n=20 { " INNER4 "mf id=0x77 / part n=32 { udp / fill=100 } }",
		{ UNREACH6 "part n=48 { " INNER6 "/ frag mf id=0x77 / part n=32 { udp / fill=100 } }" },
	}, {
		"options", "R7915-4.3-09",
		UNREACH4 INNER4 "opt=01010100 / udp / fill=20", { UNREACH6 INNER6 "/ udp / fill=20" },
	}, {
		"forty octets of options", "R7915-4.3-09",
		UNREACH4 INNER4 "opt=01010101010101010101010101010101010101010101010101010101010101010101010101010101 / tcp",
		{ UNREACH6 INNER6 "/ tcp" },
	}, {
		"options that are cut off", "R7915-4.3-12",
		UNREACH4 "part n=23 { " INNER4 "opt=01010100 / udp / fill=20 }", .drop = "icmp-quote-truncated",
	}, {
		"source route, not expired", "R7915-4.3-06",
		UNREACH4 INNER4 "opt=830704cb007101 / udp / fill=20", { UNREACH6 INNER6 "/ udp / fill=20" },
	}, {
		"malformed options", "R7915-4.3-09 R7915-4.3-06",
		UNREACH4 INNER4 "opt=44000000 / udp / fill=20", { UNREACH6 INNER6 "/ udp / fill=20" },
	}, {
		"echo request", "R7915-4.3-08",
		UNREACH4 INNER4 "/ icmp4 type=8 id=7 seq=9 / fill=21", { UNREACH6 INNER6 "/ icmp6 type=128 id=7 seq=9 / fill=21" },
	}, {
		"echo reply", "R7915-4.3-08",
		UNREACH4 INNER4 "/ icmp4 type=0 id=7 seq=9 / fill=2", { UNREACH6 INNER6 "/ icmp6 type=129 id=7 seq=9 / fill=2" },
	}, {
		"echo request of 1000 octets, of which 28 are quoted", "R7915-4.3-08 R7915-4.3-07",
		UNREACH4 "part n=28 { " INNER4 "/ icmp4 type=8 id=7 seq=9 / fill=972 }",
		{ UNREACH6 "part n=48 { " INNER6 "/ icmp6 type=128 id=7 seq=9 / fill=972 }" },
	}, {
		"echo request of which 4 octets are quoted", "R7915-4.3-08 R7915-4.3-07",
		UNREACH4 "part n=24 { " INNER4 "/ icmp4 type=8 id=7 seq=9 / fill=972 }",
		{ UNREACH6 "part n=44 { " INNER6 "/ icmp6 type=128 id=7 seq=9 / fill=972 }" },
	}, {
		"first fragment of an echo request", "R7915-4.3-08 R7915-4.3-05",
		UNREACH4 INNER4 "mf id=7 / part n=32 { icmp4 id=7 csum=* / fill=99 }",
		{ UNREACH6 INNER6 "/ frag mf id=7 / part n=32 { icmp6 id=7 csum=* / fill=99 }" },
	}, {
		"ICMP error", "R7915-4.3-03",
		UNREACH4 INNER4 "/ icmp4 type=3 code=3 / ip4 src=" B4 " dst=" A4 " / udp / fill=8", .drop = "icmp-quote-nested",
	}, {
		"ICMP error of which 8 octets are quoted", "R7915-4.3-03",
		UNREACH4 "part n=28 { " INNER4 "/ icmp4 type=11 / ip4 src=" B4 " dst=" A4 " / udp / fill=8 }", .drop = "icmp-quote-nested",
	}, {
		"timestamp request", "R7915-4.3-11",
		UNREACH4 INNER4 "/ icmp4 type=13 / fill=12", .drop = "icmp-quote-type",
	}, {
		"UDP checksum 0", "R7915-4.3-07",
		UNREACH4 INNER4 "/ udp csum=0 / fill=20", { UNREACH6 INNER6 "/ udp csum=0 / fill=20" },
	}, {
		"wrong UDP checksum", "R5508-03 R7915-4.5-12",
		UNREACH4 INNER4 "/ udp csum=+3 / fill=20", { UNREACH6 INNER6 "/ udp csum=+3 / fill=20" },
	}, {
		"wrong header checksum", "R5508-02",
		UNREACH4 INNER4 "csum=+1 / udp / fill=20", .drop = "icmp-quote-checksum",
	}, {
		"unknown protocol", "R7915-4.3-01",
		UNREACH4 INNER4 "proto=253 / fill=8", { UNREACH6 INNER6 "nh=253 / fill=8" },
	}, {
		"version 6", "R7915-4.3-12",
		UNREACH4 INNER4 "ver=6 / udp / fill=20", .drop = "icmp-quote-header",
	}, {
		"header length 4 words", "R7915-4.3-12",
		UNREACH4 INNER4 "ihl=4 / udp / fill=20", .drop = "icmp-quote-header",
	}, {
		"header length beyond the quote", "R7915-4.3-12",
		UNREACH4 INNER4 "ihl=15 proto=17 / fill=8", .drop = "icmp-quote-truncated",
	}, {
		"Total Length less than the header", "R7915-4.3-12",
		UNREACH4 INNER4 "len=19 / udp / fill=20", .drop = "icmp-quote-header",
	}, {
		"illegal source", "R7915-4.3-06",
		UNREACH4 INNER4 "src=127.0.0.1 / udp / fill=20",
		{ UNREACH6 INNER6 "src=2001:db8:17f:0:1:: / udp / fill=20" },
	}, {
		"outer source is private and quoted destination another", "R7915-4.1-21 R7757-3.2-03",
		"ip4 src=10.1.2.3 dst=" A4 " / icmp4 type=11 / " INNER4 "/ udp / fill=20",
		{ "ip6 hlim=63 src=2001:db8:10a:102:3:: dst=" A6 " / icmp6 type=3 / " INNER6 "/ udp / fill=20" },
	}, {
		"the ICMP error is cut to 1280 octets", "R7915-4.2-47",
		UNREACH4 "part n=1472 { " INNER4 "/ udp / fill=1472 }",
		{ UNREACH6 "part n=1232 { " INNER6 "/ udp / fill=1472 }" },
	}, {
		"and not before", "R7915-4.2-47",
		UNREACH4 "part n=1212 { " INNER4 "/ udp / fill=1472 }",
		{ UNREACH6 "part n=1232 { " INNER6 "/ udp / fill=1472 }" },
	}, {
		"no quote about a destination the box cannot tell", "R7915-4.4-02",
		"ip4 src=" R4 " dst=" A4 " ttl=1 / icmp4 type=3 code=1 / " INNER4 "/ udp / fill=20", { NULL },
		.hook = &hop_limit,
	},
};
SUITE(quote46, cfg_plain);

#define GONE6 FROM6 "icmp6 type=1 code=3 / "
#define GONE4 TO4 "icmp4 type=3 code=1 / "

#define CUT64(n, m, layers)						\
	{								\
		"quote of " #n " octets", "R7915-5.3-06 R7915-5.3-04 R7915-5.3-02", \
		GONE6 "part n=" #n " { " QUOTE6 "/ " layers " }",	\
		{ GONE4 "part n=" #m " { " QUOTE4 "/ " layers " }" },	\
	}
#define CUT64_DROP(n)							\
	{								\
		"quote of " #n " octets", "R7915-5.3-06",		\
		GONE6 "part n=" #n " { " QUOTE6 "/ udp / fill=20 }",	\
		.drop = "icmp-quote-truncated",				\
	}

static const struct test_case quote64[] = {
	{
		"a whole UDP packet", "R7915-5.3-01 R7915-5.3-02 R7757-3.2-03",
		GONE6 QUOTE6 "/ udp / fill=20", { GONE4 QUOTE4 "/ udp / fill=20" },
	}, {
		"a whole TCP packet", "R7915-5.3-01",
		GONE6 QUOTE6 "/ tcp opt=020405b4 / fill=3", { GONE4 QUOTE4 "/ tcp opt=020405b4 / fill=3" },
	},
	CUT64(40, 20, "udp / fill=100"), CUT64(41, 21, "udp / fill=100"),
	CUT64(43, 23, "udp / fill=100"), CUT64(46, 26, "udp / fill=100"),
	CUT64(48, 28, "udp / fill=100"),
	CUT64(49, 29, "udp / fill=100"),
	CUT64(58, 38, "tcp / fill=100"), CUT64(60, 40, "tcp / fill=100"),
	CUT64_DROP(0), CUT64_DROP(1), CUT64_DROP(8), CUT64_DROP(20),
	CUT64_DROP(39),
	{
		"half of a UDP checksum is left alone", "R7915-5.3-06",
		GONE6 "part n=47 { " QUOTE6 "/ udp csum=0x1234 / fill=100 }",
		{ GONE4 "part n=27 { " QUOTE4 "/ udp csum=0x1234 / fill=100 }" },
	}, {
		"1281 octets: DF", "R7915-5.3-04",
		GONE6 "part n=1232 { " QUOTE6 "/ udp / fill=1233 }",
		{ GONE4 "part n=1212 { " QUOTE4 "df / udp / fill=1233 }" },
	}, {
		"1280 octets: no DF", "R7915-5.3-04",
		GONE6 "part n=1232 { " QUOTE6 "/ udp / fill=1232 }",
		{ GONE4 "part n=1212 { " QUOTE4 "/ udp / fill=1232 }" },
	}, {
		"Hop Limit 0", "R7915-5.3-01",
		GONE6 QUOTE6 "hlim=0 / udp / fill=20", { GONE4 QUOTE4 "ttl=0 / udp / fill=20" },
	}, {
		"traffic class and flow label", "R7915-5.3-01",
		GONE6 QUOTE6 "tc=0xb9 fl=0x12345 / udp / fill=20", { GONE4 QUOTE4 "tos=0xb9 / udp / fill=20" },
	}, {
		"fragment", "R7915-5.3-05 R7915-5.3-04",
		GONE6 QUOTE6 "/ frag mf id=0x10077 / part n=32 { udp / fill=100 }",
		{ GONE4 QUOTE4 "mf id=0x77 / part n=32 { udp / fill=100 }" },
	}, {
		"later fragment of ICMPv6", "R7915-5.3-05 R7915-G-09",
		GONE6 QUOTE6 "/ frag id=0x10077 off=32 / part at=32 n=32 { icmp6 / fill=100 }",
		{ GONE4 QUOTE4 "id=0x77 off=32 proto=1 / part at=32 n=32 { icmp6 / fill=100 }" },
	}, {
		"atomic fragment", "R7915-5.3-05 R6946-01",
		GONE6 QUOTE6 "/ frag id=0x10077 / tcp / fill=9", { GONE4 QUOTE4 "id=0x77 / tcp / fill=9" },
	}, {
		"extension headers", "R7915-5.3-05 R7915-5.3-04",
		GONE6 QUOTE6 "/ hop / dop / rh / udp / fill=20", { GONE4 QUOTE4 "/ udp / fill=20" },
	}, {
		"extension headers, cut in the TCP header", "R7915-5.3-05 R7915-5.3-06",
		GONE6 "part n=68 { " QUOTE6 "/ hop / dop / tcp / fill=20 }", { GONE4 "part n=32 { " QUOTE4 "/ tcp / fill=20 }" },
	}, {
		"cut in an extension header", "R7915-5.3-05",
		GONE6 "part n=44 { " QUOTE6 "/ hop / udp / fill=20 }", .drop = "icmp-quote-truncated",
	}, {
		"segments left", "R7915-5.3-05 R8754-02",
		GONE6 QUOTE6 "/ rh type=4 sl=1 / udp / fill=20", .drop = "icmp-quote-header",
	}, {
		"echo request", "R7915-5.3-01",
		GONE6 QUOTE6 "/ icmp6 type=128 id=7 seq=9 / fill=21", { GONE4 QUOTE4 "/ icmp4 type=8 id=7 seq=9 / fill=21" },
	}, {
		"echo reply", "R7915-5.3-01",
		GONE6 QUOTE6 "/ icmp6 type=129 id=7 seq=9 / fill=2", { GONE4 QUOTE4 "/ icmp4 type=0 id=7 seq=9 / fill=2" },
	}, {
		"echo request of 1000 octets, of which 48 are quoted", "R7915-5.3-06",
		GONE6 "part n=48 { " QUOTE6 "/ icmp6 type=128 id=7 seq=9 / fill=952 }",
		{ GONE4 "part n=28 { " QUOTE4 "/ icmp4 type=8 id=7 seq=9 / fill=952 }" },
	}, {
		"ICMPv6 error", "R7915-5.3-03",
		GONE6 QUOTE6 "/ icmp6 type=1 / ip6 src=" A6 " dst=" B6 " / udp / fill=8", .drop = "icmp-quote-nested",
	}, {
		"neighbour solicitation", "R7915-5.3-03 R7915-5.2-06",
		GONE6 QUOTE6 "/ icmp6 type=135 / zero=16", .drop = "icmp-quote-type",
	}, {
		"UDP whose IPv4 checksum is 0", "R7915-5.3-07",
		GONE6 "ip6 hlim=5 src=" B6 " dst=" A6 " / udp sp=13932 csum=0x59d6 / text=siit",
		{ GONE4 QUOTE4 "/ udp sp=13932 csum=0xffff / text=siit" },
	}, {
		"wrong UDP checksum", "R5508-03 R7915-4.5-12",
		GONE6 QUOTE6 "/ udp csum=+3 / fill=20", { GONE4 QUOTE4 "/ udp csum=+3 / fill=20" },
	}, {
		"unknown protocol", "R7915-5.3-01",
		GONE6 QUOTE6 "nh=253 / fill=8", { GONE4 QUOTE4 "proto=253 / fill=8" },
	}, {
		"version 4", "R7915-5.3-06",
		GONE6 QUOTE6 "ver=4 / udp / fill=20", .drop = "icmp-quote-header",
	}, {
		"source without an IPv4 address", "R7915-5.3-08",
		GONE6 "ip6 src=2001:db8:2::1 dst=" A6 " / udp / fill=20", .drop = "icmp-quote-unmapped",
	}, {
		"destination without an IPv4 address", "R7915-5.3-08",
		GONE6 "ip6 src=" B6 " dst=2001:db8:2::1 / udp / fill=20", .drop = "icmp-quote-unmapped",
	}, {
		"1232 octets of quote fit and DF is set", "R7915-5.0-03",
		FROM6 "icmp6 type=3 / part n=1232 { " QUOTE6 "/ udp / fill=1400 }",
		{ TO4 "icmp4 type=11 / part n=1212 { " QUOTE4 "df / udp / fill=1400 }" },
	},
};
SUITE(quote64, cfg_plain);
