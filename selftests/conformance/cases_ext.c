// SPDX-License-Identifier: GPL-2.0
/*
 * ICMP extensions (RFC 4884), and ICMPv6 errors from where IPv4 has no address
 * (RFC 6791, draft-ietf-v6ops-icmpext-xlat-v6only-source).
 */
#include "addrs.h"
#include "cases.h"

/* An object of a class that nobody knows, with something like an address */
#define OBJECT "0014f00120010db8000000000000000000000001"
/* Node Identification and Interface Information with address ROUTER6 */
#define NODE_ID "001805040002000020010db8000000000000000000001234"
#define IFINFO "001802040002000020010db8000000000000000000001234"

#define UNREACH4 ERR4 "icmp4 type=3 code=1 "
#define UNREACH6 ERR6 "icmp6 type=1 code=0 "
#define GONE6 FROM6 "icmp6 type=1 code=3 "
#define GONE4 TO4 "icmp4 type=3 code=1 "
#define FOREIGN6 "ip6 src=" ROUTER6 " dst=" B6 " / "
#define DUMMY4 "ip4 ttl=63 id=* src=192.0.0.8 dst=" B4 " / "

static const struct test_case icmpext46[] = {
	{
		"128 octets of quote: length 32 becomes 19", "R7915-4.2-42 R7915-4.2-44 R7915-4.2-45 R4884-02 R4884-08",
		UNREACH4 "len=32 / part n=128 { " INNER4 "/ udp / fill=200 } / ext objects=" OBJECT,
		{ UNREACH6 "len=19 / part n=148 pad=152 { " INNER6 "/ udp / fill=200 } / ext objects=" OBJECT },
	}, {
		"the quoted packet is a fragment: length 20", "R7915-4.2-42 R7915-4.2-45",
		UNREACH4 "len=32 / part n=128 { " INNER4 "mf id=7 / part n=200 { udp / fill=400 } } / ext objects=" OBJECT,
		{ UNREACH6 "len=20 / part n=156 pad=160 { " INNER6 "/ frag mf id=7 / part n=200 { udp / fill=400 } } / ext objects=" OBJECT },
	}, {
		"a short packet: its padding is padding again", "R7915-4.2-45 R4884-01 R5508-04",
		UNREACH4 "len=32 / part pad=128 { " INNER4 "/ udp / fill=20 } / ext objects=" OBJECT,
		{ UNREACH6 "len=16 / part pad=128 { " INNER6 "/ udp / fill=20 } / ext objects=" OBJECT },
	}, {
		"odd length of the quoted packet", "R7915-4.2-45 R4884-02",
		UNREACH4 "len=33 / part pad=132 { " INNER4 "/ tcp / fill=89 } / ext objects=" OBJECT,
		{ UNREACH6 "len=19 / part pad=152 { " INNER6 "/ tcp / fill=89 } / ext objects=" OBJECT },
	}, {
		"time exceeded, MPLS label stack", "R7915-4.2-44 R7915-4.2-24",
		ERR4 "icmp4 type=11 len=32 / part n=128 { " INNER4 "/ udp / fill=200 } / ext objects=0008010100010140",
		{ ERR6 "icmp6 type=3 len=19 / part n=148 pad=152 { " INNER6 "/ udp / fill=200 } / ext objects=0008010100010140" },
	}, {
		"RFC 5837 object with an IPv4 address", "R5837-01 R5837-02 R7915-4.2-44",
		ERR4 "icmp4 type=11 len=32 / part n=128 { " INNER4 "/ udp / fill=200 } / ext objects=000c020400010000cb007101",
		{ ERR6 "icmp6 type=3 len=19 / part n=148 pad=152 { " INNER6 "/ udp / fill=200 } / ext objects=000c020400010000cb007101" },
	}, {
		"the checksum of the extension is not repaired", "R4884-08 R4884-05",
		UNREACH4 "len=32 / part n=128 { " INNER4 "/ udp / fill=200 } / ext csum=0x1234 objects=" OBJECT,
		{ UNREACH6 "len=19 / part n=148 pad=152 { " INNER6 "/ udp / fill=200 } / ext csum=0x1234 objects=" OBJECT },
		.flags = CASE_BAD_CSUM,
	}, {
		"an extension without a checksum", "R4884-05 R4884-08",
		UNREACH4 "len=32 / part n=128 { " INNER4 "/ udp / fill=200 } / ext csum=0 objects=" OBJECT,
		{ UNREACH6 "len=19 / part n=148 pad=152 { " INNER6 "/ udp / fill=200 } / ext csum=0 objects=" OBJECT },
	}, {
		"length 0: what looks like an extension is data", "R4884-03",
		UNREACH4 "/ part n=128 { " INNER4 "/ udp / fill=200 } / ext objects=" OBJECT,
		{ UNREACH6 "/ part n=148 { " INNER6 "/ udp / fill=200 } / ext objects=" OBJECT },
	}, {
		"to packet too big: no extension, no padding", "R7915-4.2-46 R4884-06",
		ERR4 "icmp4 type=3 code=4 mtu=1400 len=32 / part pad=128 { " INNER4 "/ udp / fill=20 } / ext objects=" OBJECT,
		{ ERR6 "icmp6 type=2 mtu=1420 / " INNER6 "/ udp / fill=20" },
	}, {
		"to unrecognized next header: no extension", "R7915-4.2-46 R4884-06",
		ERR4 "icmp4 type=3 code=2 len=32 / part n=128 { " INNER4 "/ udp / fill=200 } / ext objects=" OBJECT,
		{ ERR6 "icmp6 type=4 code=1 ptr=6 / part n=148 { " INNER6 "/ udp / fill=200 }" },
	}, {
		"to parameter problem: no extension", "R7915-4.2-46 R4884-06",
		ERR4 "icmp4 type=12 ptr=8 len=32 / part pad=128 { " INNER4 "/ udp / fill=21 } / ext objects=" OBJECT,
		{ ERR6 "icmp6 type=4 ptr=7 / " INNER6 "/ udp / fill=21" },
	}, {
		"length beyond the message", "R4884-07",
		UNREACH4 "len=33 / part n=128 { " INNER4 "/ udp / fill=200 }", .drop = "icmp-extension",
	}, {
		"length 255 of a short message", "R4884-07",
		UNREACH4 "len=255 / " INNER4 "/ udp / fill=20", .drop = "icmp-extension",
	}, {
		"a long quote gives way to the extension", "R7915-4.2-43 R4884-04",
		UNREACH4 "len=255 / part n=1020 { " INNER4 "/ udp / fill=1400 } / ext objects=00c8f001 / zero=196",
		{ UNREACH6 "len=128 / part n=1024 { " INNER6 "/ udp / fill=1400 } / ext objects=00c8f001 / zero=196" },
	}, {
		"an extension that is too long loses whole objects", "R7915-4.2-43 R4884-04 R4884-08",
		UNREACH4 "len=32 / part n=128 { " INNER4 "/ udp / fill=1400 } / part { ext objects=0258f00100000000 / fill=592 / hex=02bcf002 / zero=696 }",
		{ UNREACH6 "len=19 / part n=148 pad=152 { " INNER6 "/ udp / fill=1400 } / part { ext objects=0258f00100000000 / fill=592 }" },
	}, {
		"length attribute below 128 octets", "R4884-01",
		UNREACH4 "len=8 / part n=32 { " INNER4 "/ udp / fill=200 } / ext objects=" OBJECT,
		{ UNREACH6 "len=16 / part n=52 pad=128 { " INNER6 "/ udp / fill=200 } / ext objects=" OBJECT },
	},
};
SUITE(icmpext46, cfg_plain);

static const struct test_case icmpext64[] = {
	{
		"128 octets of quote: length 16 becomes 32", "R7915-5.2-32 R7915-5.2-33 R7915-5.2-34 R7915-5.2-37 R4884-01",
		GONE6 "len=16 / part n=128 { " QUOTE6 "/ udp / fill=200 } / ext objects=" OBJECT,
		{ GONE4 "len=32 / part n=108 pad=128 { " QUOTE4 "/ udp / fill=200 } / ext objects=" OBJECT },
	}, {
		"152 octets of quote: length 19 becomes 33", "R7915-5.2-32 R4884-02",
		GONE6 "len=19 / part n=152 { " QUOTE6 "/ udp / fill=200 } / ext objects=" OBJECT,
		{ GONE4 "len=33 / part n=132 { " QUOTE4 "/ udp / fill=200 } / ext objects=" OBJECT },
	}, {
		"a short packet and its padding", "R7915-5.2-34 R4884-01",
		GONE6 "len=16 / part pad=128 { " QUOTE6 "/ udp / fill=21 } / ext objects=" OBJECT,
		{ GONE4 "len=32 / part pad=128 { " QUOTE4 "/ udp / fill=21 } / ext objects=" OBJECT },
	}, {
		"1200 octets of quote: 576 in all", "R7915-5.2-35 R4884-04",
		GONE6 "len=150 / part n=1200 { " QUOTE6 "/ udp / fill=1300 } / ext objects=" OBJECT,
		{ GONE4 "len=131 / part n=524 { " QUOTE4 "df / udp / fill=1300 } / ext objects=" OBJECT },
	}, {
		"time exceeded, MPLS label stack", "R7915-5.2-33 R7915-5.2-37",
		FROM6 "icmp6 type=3 len=16 / part n=128 { " QUOTE6 "/ udp / fill=200 } / ext objects=0008010100010140",
		{ TO4 "icmp4 type=11 len=32 / part n=108 pad=128 { " QUOTE4 "/ udp / fill=200 } / ext objects=0008010100010140" },
	}, {
		"RFC 5837 object with an IPv6 address", "R5837-01 R7915-5.2-33",
		FROM6 "icmp6 type=3 len=16 / part n=128 { " QUOTE6 "/ udp / fill=200 } / ext objects=" IFINFO,
		{ TO4 "icmp4 type=11 len=32 / part n=108 pad=128 { " QUOTE4 "/ udp / fill=200 } / ext objects=" IFINFO },
	}, {
		"the quoted packet is a fragment", "R7915-5.2-32",
		GONE6 "len=16 / part n=128 { " QUOTE6 "/ frag mf id=7 / part n=200 { udp / fill=400 } } / ext objects=" OBJECT,
		{ GONE4 "len=32 / part n=100 pad=128 { " QUOTE4 "mf id=7 / part n=200 { udp / fill=400 } } / ext objects=" OBJECT },
	}, {
		"the checksum of the extension is not repaired", "R4884-08",
		GONE6 "len=16 / part n=128 { " QUOTE6 "/ udp / fill=200 } / ext csum=0x1234 objects=" OBJECT,
		{ GONE4 "len=32 / part n=108 pad=128 { " QUOTE4 "/ udp / fill=200 } / ext csum=0x1234 objects=" OBJECT },
		.flags = CASE_BAD_CSUM,
	}, {
		"length 0: what looks like an extension is data", "R4884-03",
		GONE6 "/ part n=128 { " QUOTE6 "/ udp / fill=200 } / ext objects=" OBJECT,
		{ GONE4 "/ part n=108 { " QUOTE4 "/ udp / fill=200 } / ext objects=" OBJECT },
	}, {
		"length beyond the message", "R4884-07",
		GONE6 "len=17 / part n=128 { " QUOTE6 "/ udp / fill=200 }", .drop = "icmp-extension",
	}, {
		"octet 4 of a parameter problem is its pointer", "R7915-5.2-36 R7915-5.2-29",
		FROM6 "icmp6 type=4 rest=10000000 / part n=128 { " QUOTE6 "/ udp / fill=200 }", .drop = "icmp-pointer",
	},
};
SUITE(icmpext64, cfg_plain);

static const struct test_case foreign64[] = {
	{
		"time exceeded, the vector", "RICMPX-01 RICMPX-02 RICMPX-04 RICMPX-05 RICMPX-09 RNODE-01 RNODE-02 RNODE-03 RNODE-04 RNODE-05 R7915-5.3-08 R4884-01",
		FOREIGN6 "icmp6 type=3 / " QUOTE6 "/ udp / fill=20",
		{ DUMMY4 "icmp4 type=11 len=32 / part pad=128 { " QUOTE4 "/ udp / fill=20 } / hex=20009af4001805040002000020010db8000000000000000000001234" },
	}, {
		"unreachable", "RICMPX-01 RICMPX-05 RICMPX-09",
		FOREIGN6 "icmp6 type=1 code=0 / " QUOTE6 "/ tcp / fill=200",
		{ DUMMY4 "icmp4 type=3 code=1 len=60 / part { " QUOTE4 "/ tcp / fill=200 } / ext objects=" NODE_ID },
	}, {
		"packet too big", "RICMPX-01 RICMPX-05 RICMPX-06 RICMPX-07",
		FOREIGN6 "icmp6 type=2 mtu=1400 / part n=1232 { " QUOTE6 "/ udp / fill=1432 }",
		{ DUMMY4 "icmp4 type=3 code=4 mtu=1380 len=130 / part n=520 { " QUOTE4 "df / udp / fill=1432 } / ext objects=" NODE_ID },
	}, {
		"parameter problem: no object", "RICMPX-05 R4884-06",
		FOREIGN6 "icmp6 type=4 ptr=7 / " QUOTE6 "/ udp / fill=20",
		{ DUMMY4 "icmp4 type=12 ptr=8 / " QUOTE4 "/ udp / fill=20" },
	}, {
		"a source with an IPv4 address gets no object", "RICMPX-03",
		FROM6 "icmp6 type=3 / " QUOTE6 "/ udp / fill=20",
		{ TO4 "icmp4 type=11 / " QUOTE4 "/ udp / fill=20" },
	}, {
		"1232 octets of quote are cut to 576 in all", "RICMPX-10 RICMPX-11 R4884-04",
		FOREIGN6 "icmp6 type=3 / part n=1232 { " QUOTE6 "/ udp / fill=1300 }",
		{ DUMMY4 "icmp4 type=11 len=130 / part n=520 { " QUOTE4 "df / udp / fill=1300 } / ext objects=" NODE_ID },
	}, {
		"appended to an extension", "RICMPX-08 R4884-05 R4884-08",
		FOREIGN6 "icmp6 type=3 len=16 / part n=128 { " QUOTE6 "/ udp / fill=200 } / ext objects=0008010100010140",
		{ DUMMY4 "icmp4 type=11 len=32 / part n=108 pad=128 { " QUOTE4 "/ udp / fill=200 } / ext objects=0008010100010140" NODE_ID },
	}, {
		"appended, with the quote cut", "RICMPX-08 RICMPX-10 R4884-04",
		FOREIGN6 "icmp6 type=3 len=150 / part n=1200 { " QUOTE6 "/ udp / fill=1300 } / ext objects=0008010100010140",
		{ DUMMY4 "icmp4 type=11 len=128 / part n=512 { " QUOTE4 "df / udp / fill=1300 } / ext objects=0008010100010140" NODE_ID },
	}, {
		"a broken extension is replaced, not signed", "RICMPX-08 R4884-08",
		FOREIGN6 "icmp6 type=3 len=16 / part n=128 { " QUOTE6 "/ udp / fill=200 } / ext csum=0x1234 objects=" OBJECT,
		{ DUMMY4 "icmp4 type=11 len=32 / part n=108 pad=128 { " QUOTE4 "/ udp / fill=200 } / ext objects=" NODE_ID },
	}, {
		"unmappable quote", "R6791-07 R7915-5.3-08",
		FOREIGN6 "icmp6 type=3 / " QUOTE6 "dst=2001:db8:2::1 / udp / fill=20", .drop = "icmp-quote-unmapped",
	}, {
		"unmappable destination", "R6791-07",
		"ip6 src=" ROUTER6 " dst=2001:db8:2::1 / icmp6 type=3 / " QUOTE6 "/ udp / fill=20", .drop = "destination-unmapped",
		.hook = &not_claimed,
	}, {
		"echo request from an unmappable source", "R6791-06",
		"ip6 src=" ROUTER6 " dst=" A6 " / icmp6 type=128 id=1 / fill=8", .drop = "source-unmapped",
	}, {
		"echo reply from an unmappable source", "R6791-06",
		"ip6 src=" ROUTER6 " dst=" A6 " / icmp6 type=129 id=1 / fill=8", .drop = "source-unmapped",
	}, {
		"UDP from an unmappable source", "R7755-11 R7915-5.4-01 R7915-5.4-03",
		"ip6 src=" ROUTER6 " dst=" A6 " / udp / text=siit", { NULL },
		{ "ip6 anyhdr src=" PORT6_ADDR " dst=" ROUTER6 " / icmp6 type=1 code=1 / ip6 hlim=63 src=" ROUTER6 " dst=" A6 " / udp / text=siit" },
		.drop = "source-unmapped",
	}, {
		"to 192.0.0.8 from IPv4", "RICMPX-14",
		"ip4 src=" A4 " dst=192.0.0.8 / udp / text=siit", .drop = "destination-illegal",
	}, {
		"to 192.0.0.8 from IPv6", "RICMPX-14",
		"ip6 src=" B6 " dst=2001:db8:1c0:0:8:: / udp / text=siit", .drop = "destination-illegal",
	},
};
SUITE(foreign64, cfg_plain);

static const struct config cfg_pool = {
	.name = "pool",
	.dev = "role br icmp-source pool",
	.lines = "pool6 add 2001:db8:100::/40 $D\n"
		 "rfc6791 add 198.51.100.1/32 $D\n",
};

static const struct test_case pool64[] = {
	{
		"time exceeded: address of the pool, RFC 5837 object", "R6791-01 R6791-04 R6791-05 R7915-6-03 R7755-07 RICMPX-13",
		FOREIGN6 "icmp6 type=3 / " QUOTE6 "/ udp / fill=20",
		{ "ip4 ttl=63 id=* src=198.51.100.1 dst=" B4 " / icmp4 type=11 len=32 / part pad=128 { " QUOTE4 "/ udp / fill=20 } / hex=20009df4001802040002000020010db8000000000000000000001234" },
	}, {
		"unmappable echo request", "R6791-06",
		"ip6 src=" ROUTER6 " dst=" A6 " / icmp6 type=128 id=1 / fill=8", .drop = "source-unmapped",
	}, {
		"a mappable source is not replaced", "R6791-01",
		FROM6 "icmp6 type=3 / " QUOTE6 "/ udp / fill=20", { TO4 "icmp4 type=11 / " QUOTE4 "/ udp / fill=20" },
	},
};
SUITE(pool64, cfg_pool);

static const struct config cfg_emptypool = {
	.name = "empty-pool",
	.dev = "role br icmp-source pool",
	.lines = "pool6 add 2001:db8:100::/40 $D\n",
};

static const struct test_case emptypool64[] = {
	{
		"an empty pool: 192.0.0.8", "R6791-08",
		FOREIGN6 "icmp6 type=3 / " QUOTE6 "/ udp / fill=20",
		{ DUMMY4 "icmp4 type=11 len=32 / part pad=128 { " QUOTE4 "/ udp / fill=20 } / ext objects=" NODE_ID },
	},
};
SUITE(emptypool64, cfg_emptypool);

static const struct config cfg_nosource = {
	.name = "no-source",
	.dev = "role br icmp-source drop",
	.lines = "pool6 add 2001:db8:100::/40 $D\n",
};

static const struct test_case nosource64[] = {
	{
		"icmp-source drop", "RICMPX-13",
		FOREIGN6 "icmp6 type=3 / " QUOTE6 "/ udp / fill=20", .drop = "icmp-source",
	},
};
SUITE(nosource64, cfg_nosource);
