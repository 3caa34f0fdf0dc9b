// SPDX-License-Identifier: GPL-2.0
/* Sizes: lowest-ipv6-mtu, DF, fragmentation, path MTU. RFC 7915 4, 4.1, 5.1. */
#include "addrs.h"
#include "cases.h"

#define POOL40 "pool6 add 2001:db8:100::/40 $D\n"

/* A piece of a UDP datagram with DATA octets after the UDP header */
#define PIECE(from, n, data) "part at=" #from " n=" #n " { udp / fill=" #data " }"

static const struct test_case size46[] = {
	{
		"TL 1260, DF 0: 1280 octets, no Fragment Header", "R7915-4.1-03 R7915-4.0-05 R7755-09 R8021-01",
		IN4 "id=7 / udp / fill=1232", { OUT6 "/ udp / fill=1232" },
	}, {
		"TL 1261, DF 0: 1280 and 57 octets", "R7915-4.1-01 R7915-4.1-03 R7915-4.0-03 R7915-4.1-08 R7915-4.1-30 R7915-4.0-06",
		IN4 "id=0x9007 / udp / fill=1233",
		{ OUT6 "/ frag mf id=0x9007 / " PIECE(0, 1232, 1233), OUT6 "/ frag off=1232 id=0x9007 / " PIECE(1232, 9, 1233) },
	}, {
		"TL 1500, DF 0", "R7915-4.1-01 R7915-4.1-02 R7915-4.1-07",
		IN4 "tos=0xb9 id=1 / tcp / fill=1460",
		{ OUT6 "tc=0xb9 / frag mf id=1 / part n=1232 { tcp / fill=1460 }", OUT6 "tc=0xb9 / frag off=1232 id=1 / part at=1232 { tcp / fill=1460 }" },
	}, {
		"TL 5020, DF 0: five pieces", "R7915-4.1-01 R7915-4.1-02 R7915-4.0-06",
		IN4 "id=1 / udp / fill=4992",
		{
			OUT6 "/ frag mf id=1 / " PIECE(0, 1232, 4992), OUT6 "/ frag mf off=1232 id=1 / " PIECE(1232, 1232, 4992),
			OUT6 "/ frag mf off=2464 id=1 / " PIECE(2464, 1232, 4992), OUT6 "/ frag mf off=3696 id=1 / " PIECE(3696, 1232, 4992),
			OUT6 "/ frag off=4928 id=1 / " PIECE(4928, 72, 4992),
		},
	}, {
		"TL 1500 with options, DF 0", "R7915-4.1-01 R7915-4.1-22",
		IN4 "opt=01010101 id=1 / udp / fill=1468",
		{ OUT6 "/ frag mf id=1 / " PIECE(0, 1232, 1468), OUT6 "/ frag off=1232 id=1 / part at=1232 { udp / fill=1468 }" },
	}, {
		"options do not count: TL 1264, DF 0", "R7915-4.1-01 R7915-4.1-03",
		IN4 "opt=01010101 id=1 / udp / fill=1232", { OUT6 "/ udp / fill=1232" },
	}, {
		"an echo request of TL 1500, DF 0: checksum over the whole", "R7915-4.1-08 R7915-4.2-01",
		IN4 "id=1 / icmp4 id=2 seq=3 / fill=1472",
		{ OUT6 "/ frag mf id=1 / part n=1232 { icmp6 id=2 seq=3 / fill=1472 }", OUT6 "/ frag off=1232 id=1 / part at=1232 { icmp6 id=2 seq=3 / fill=1472 }" },
	}, {
		"an unknown protocol of TL 1500, DF 0", "R7915-4.1-28",
		IN4 "id=1 proto=253 / fill=1480",
		{ OUT6 "/ frag mf id=1 nh=253 / part n=1232 { fill=1480 }", OUT6 "/ frag off=1232 id=1 nh=253 / part at=1232 { fill=1480 }" },
	}, {
		"wrong UDP checksum of TL 1500 stays wrong", "R7915-4.5-12 R7915-4.5-08",
		IN4 "id=1 / udp csum=+5 / fill=1472",
		{ OUT6 "/ frag mf id=1 / part n=1232 { udp csum=+5 / fill=1472 }", OUT6 "/ frag off=1232 id=1 / part at=1232 { udp csum=+5 / fill=1472 }" },
		.flags = CASE_BAD_CSUM,
	}, {
		"TL 1500, DF 1: whole, no Fragment Header", "R7915-4.0-02 R7915-4.1-09",
		IN4 "df id=7 / udp / fill=1452", { OUT6 "/ udp / fill=1452" },
	}, {
		"fragment with TL 1252: 1280 octets", "R7915-4.1-04",
		IN4 "mf id=7 / " PIECE(0, 1232, 2000), { OUT6 "/ frag mf id=7 / " PIECE(0, 1232, 2000) },
	}, {
		"fragment with TL 1260: cut again", "R7915-4.1-04 R7915-4.1-07",
		IN4 "mf id=7 / " PIECE(0, 1240, 2000),
		{ OUT6 "/ frag mf id=7 / " PIECE(0, 1232, 2000), OUT6 "/ frag mf off=1232 id=7 / " PIECE(1232, 8, 2000) },
	}, {
		"middle fragment with TL 1500: offsets of the whole datagram, MF", "R7915-4.1-04 R7915-G-09",
		IN4 "mf id=7 off=1480 / " PIECE(1480, 1480, 4000),
		{ OUT6 "/ frag mf off=1480 id=7 / " PIECE(1480, 1232, 4000), OUT6 "/ frag mf off=2712 id=7 / " PIECE(2712, 248, 4000) },
	}, {
		"last fragment with TL 1500: its last piece ends the datagram", "R7915-4.1-04",
		IN4 "id=7 off=2960 / " PIECE(2960, 1475, 4427),
		{ OUT6 "/ frag mf off=2960 id=7 / " PIECE(2960, 1232, 4427), OUT6 "/ frag off=4192 id=7 / " PIECE(4192, 243, 4427) },
	}, {
		"fragment with DF and TL 1400: not cut", "R7915-4.1-31 R7915-4.0-02",
		IN4 "df mf id=7 / " PIECE(0, 1376, 2000), { OUT6 "/ frag mf id=7 / " PIECE(0, 1376, 2000) },
	},
};
SUITE(size46, cfg_plain);

static const struct config cfg_lowest1500 = {
	.name = "lowest-1500",
	.dev = "role br lowest-ipv6-mtu 1500",
	.lines = POOL40,
};

static const struct test_case lowest1500[] = {
	{
		"TL 1480, DF 0: whole", "R7915-4.0-04 R7915-4.1-01",
		IN4 "/ udp / fill=1452", { OUT6 "/ udp / fill=1452" },
	}, {
		"TL 1500, DF 0: 1448 and 32 octets", "R7915-4.0-04 R7915-4.1-02",
		IN4 "id=3 / udp / fill=1472",
		{ OUT6 "/ frag mf id=3 / " PIECE(0, 1448, 1472), OUT6 "/ frag off=1448 id=3 / " PIECE(1448, 32, 1472) },
	}, {
		"fragment with TL 1468: whole", "R7915-4.1-04 R7915-4.0-04",
		IN4 "mf id=3 / " PIECE(0, 1448, 2000), { OUT6 "/ frag mf id=3 / " PIECE(0, 1448, 2000) },
	},
};
SUITE(lowest1500, cfg_lowest1500);

static const struct config cfg_lowest1520 = {
	.name = "lowest-1520",
	.dev = "role br lowest-ipv6-mtu 1520",
	.lines = POOL40,
	.mtu6 = 1600,
};

static const struct test_case lowest1520[] = {
	{
		"TL 1500, DF 0: 1520 octets, whole", "R7915-4.0-04 R7755-08",
		IN4 "id=3 / udp / fill=1472", { OUT6 "/ udp / fill=1472" },
	}, {
		"TL 1501, DF 0: 1520 octets and 57", "R7755-08 R7915-4.1-02",
		IN4 "id=3 / udp / fill=1473",
		{ OUT6 "/ frag mf id=3 / " PIECE(0, 1472, 1473), OUT6 "/ frag off=1472 id=3 / " PIECE(1472, 9, 1473) },
	},
};
SUITE(lowest1520, cfg_lowest1520);

static const struct config cfg_lowest_big = {
	.name = "lowest-above-mtu",
	.dev = "role br lowest-ipv6-mtu 9000",
	.lines = POOL40,
	.mtu4 = 9000,
	.mtu6 = 1500,
	.mtu_siit = 1500,
};

static const struct test_case lowest_big[] = {
	{
		"TL 1500, DF 0, lowest-ipv6-mtu beyond the MTU", "R7915-4.1-10",
		IN4 "id=3 / udp / fill=1472",
		{ OUT6 "/ frag mf id=3 / " PIECE(0, 1448, 1472), OUT6 "/ frag off=1448 id=3 / " PIECE(1448, 32, 1472) },
	},
};
SUITE(lowest_big, cfg_lowest_big);

/* Next hops of 1500 octets, and of 1400 on the IPv4 side */
static const struct config cfg_pmtu64 = {
	.name = "path-mtu-64",
	.dev = "role br",
	.lines = POOL40,
	.mtu4 = 1400,
};

/* "Too big" about a packet from A, from B */
#define TOO_BIG4(mtu) SELF4 "icmp4 type=3 code=4 mtu=" #mtu " / "
#define TOO_BIG6(mtu) SELF6 "icmp6 type=2 mtu=" #mtu " / "

static const struct test_case pmtu46[] = {
	{
		"DF 1, TL 1500, next hop 1500: 3/4 with MTU 1480", "R7915-4.1-05 R7915-4.1-06 R7915-G-07 R1191-01 R7915-4.4-06",
		IN4 "df / udp / fill=1472", { NULL }, { TOO_BIG4(1480) "part n=548 { " MID4 "df / udp / fill=1472 }" },
		.drop = "too-big",
	}, {
		"DF 1, TL 1481", "R7915-4.1-05",
		IN4 "df / tcp / fill=1441", { NULL }, { TOO_BIG4(1480) "part n=548 { " MID4 "df / tcp / fill=1441 }" },
		.drop = "too-big",
	}, {
		"DF 1, TL 1480: passes", "R7915-4.1-05 R7915-4.1-09",
		IN4 "df / udp / fill=1452", { OUT6 "/ udp / fill=1452" },
	}, {
		"DF 1 with options, TL 1484: passes, the growth is 16", "R7915-4.1-06",
		IN4 "df opt=01010101 / udp / fill=1452", { OUT6 "/ udp / fill=1452" },
	}, {
		"DF 1 with options, TL 1488: 3/4 with MTU 1484", "R7915-4.1-06 R7915-4.1-05",
		IN4 "df opt=01010101 / udp / fill=1456", { NULL }, { TOO_BIG4(1484) "part n=548 { " MID4 "df opt=01010101 / udp / fill=1456 }" },
		.drop = "too-big",
	}, {
		"a fragment with DF, TL 1472: passes", "R7915-4.1-06",
		IN4 "df off=8 id=5 / part at=8 n=1452 { udp / fill=1452 }", { OUT6 "/ frag off=8 id=5 / part at=8 n=1452 { udp / fill=1452 }" },
	}, {
		"a fragment with DF, TL 1476: 3/4 with MTU 1472", "R7915-4.1-06 R7915-4.1-05",
		IN4 "df mf id=5 / part n=1456 { udp / fill=3000 }", { NULL }, { TOO_BIG4(1472) "part n=548 { " MID4 "df mf id=5 / part n=1456 { udp / fill=3000 } }" },
		.drop = "too-big",
	}, {
		"an echo request with DF", "R7915-4.1-05 R7915-4.4-02",
		IN4 "df / icmp4 id=1 / fill=1472", { NULL }, { TOO_BIG4(1480) "part n=548 { " MID4 "df / icmp4 id=1 / fill=1472 }" },
		.drop = "too-big",
	}, {
		"an ICMP error with DF is cut, not refused", "R7915-4.2-47 R7915-4.4-02",
		"ip4 df src=" R4 " dst=" A4 " / icmp4 type=3 code=1 / part n=1472 { " INNER4 "/ udp / fill=1472 }",
		{ ERR6 "icmp6 type=1 / part n=1232 { " INNER6 "/ udp / fill=1472 }" },
	},
};
SUITE(pmtu46, cfg_plain);

static const struct test_case pmtu64[] = {
	{
		"IPv6, TL 1480, next hop 1400: 2/0 with MTU 1420", "R7915-5.0-05 R7915-G-07 R8200-01 R8201-01 R7915-5.4-06",
		IN6 "/ udp / fill=1452", { NULL }, { TOO_BIG6(1420) "part n=1232 { " MID6 "/ udp / fill=1452 }" },
		.drop = "too-big",
	}, {
		"IPv6, TL 1401", "R7915-5.0-05",
		IN6 "/ tcp / fill=1361", { NULL }, { TOO_BIG6(1420) "part n=1232 { " MID6 "/ tcp / fill=1361 }" },
		.drop = "too-big",
	}, {
		"IPv6, TL 1400: passes", "R7915-5.0-05",
		IN6 "/ udp / fill=1372", { OUT4 "df id=* / udp / fill=1372" },
	}, {
		"IPv6 with Destination Options, TL 1408: 2/0 with MTU 1428", "R7915-5.0-05",
		IN6 "/ dop / udp / fill=1380", { NULL }, { TOO_BIG6(1428) "part n=1232 { " MID6 "/ dop / udp / fill=1380 }" },
		.drop = "too-big",
	}, {
		"an echo request: the error is sent", "R7915-5.0-05 R7915-5.4-02",
		IN6 "/ icmp6 id=1 / fill=1452", { NULL }, { TOO_BIG6(1420) "part n=1232 { " MID6 "/ icmp6 id=1 / fill=1452 }" },
		.drop = "too-big",
	}, {
		"an IPv6 fragment, TL 1420: cut", "R7915-5.0-06 R7915-5.1.1-04",
		IN6 "/ frag mf id=9 / part n=1400 { udp / fill=3000 }",
		{ OUT4 "mf id=9 / part n=1376 { udp / fill=3000 }", OUT4 "mf id=9 off=1376 / part at=1376 n=24 { udp / fill=3000 }" },
	},
};
SUITE(pmtu64, cfg_pmtu64);

static const struct config cfg_small4 = {
	.name = "mtu4-600",
	.dev = "role br",
	.lines = POOL40,
	.mtu4 = 600,
};

static const struct test_case small4[] = {
	{
		"IPv6 of 1280 octets, next hop 600: the box fragments", "R7915-5.0-06",
		IN6 "/ udp / fill=1232",
		{
			OUT4 "mf id=* / part n=576 { udp / fill=1232 }", OUT4 "mf off=576 id=* / part at=576 n=576 { udp / fill=1232 }",
			OUT4 "off=1152 id=* / part at=1152 { udp / fill=1232 }",
		},
	},
};
SUITE(small4, cfg_small4);
