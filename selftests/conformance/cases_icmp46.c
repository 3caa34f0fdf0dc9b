// SPDX-License-Identifier: GPL-2.0
/* ICMPv4 to ICMPv6: types, codes, pointers, MTUs. RFC 7915 section 4.2. */
#include "addrs.h"
#include "cases.h"

/* An ICMPv4 error that quotes a UDP packet, and what becomes of it */
#define ERROR(what, id, icmp4, icmp6)					\
	{								\
		what, id,						\
		ERR4 "icmp4 " icmp4 " / " INNER4 "/ udp / fill=20",	\
		{ ERR6 "icmp6 " icmp6 " / " INNER6 "/ udp / fill=20" },	\
	}
#define DROP(what, id, icmp4, reason)					\
	{								\
		what, id,						\
		ERR4 "icmp4 " icmp4 " / " INNER4 "/ udp / fill=20",	\
		.drop = reason,						\
	}
#define UNREACH(code4, code6, id)					\
	ERROR("unreachable, code " #code4, "R7915-4.2-02 " id,		\
	      "type=3 code=" #code4, "type=1 code=" #code6)
#define POINTER(ptr4, ptr6, id)						\
	ERROR("parameter problem, pointer " #ptr4, "R7915-4.2-25 " id,	\
	      "type=12 ptr=" #ptr4, "type=4 ptr=" #ptr6)
#define POINTER_DROP(ptr4, id)						\
	DROP("parameter problem, pointer " #ptr4, id,			\
	     "type=12 ptr=" #ptr4, "icmp-pointer")
#define INFO_DROP(t, id)						\
	{								\
		"type " #t, id,						\
		IN4 "/ icmp4 type=" #t " id=1 seq=2 / fill=12", .drop = "icmp-type", \
	}

static const struct test_case icmp46[] = {
	{
		"echo request", "R7915-4.2-01 R7915-4.2-02 R7915-4.2-03 R7915-4.5-03",
		IN4 "/ icmp4 type=8 id=0x1234 seq=1 / text=siitsiit",
		{ OUT6 "/ icmp6 type=128 id=0x1234 seq=1 / text=siitsiit" },
	}, {
		"echo reply", "R7915-4.2-04 R7915-4.2-01",
		IN4 "/ icmp4 type=0 id=0x1234 seq=0xffff / fill=57",
		{ OUT6 "/ icmp6 type=129 id=0x1234 seq=0xffff / fill=57" },
	}, {
		"echo request without data", "R7915-4.2-03",
		IN4 "/ icmp4 id=1 seq=2", { OUT6 "/ icmp6 id=1 seq=2" },
	}, {
		"echo request, the vector", "R7915-4.2-01",
		"ip4 src=" B4 " dst=" A4 " / icmp4 type=8 id=0x1234 seq=1 csum=0x2c0f / text=siitsiit",
		{ "ip6 hlim=63 src=" B6 " dst=" A6 " / icmp6 type=128 id=0x1234 seq=1 csum=0x2143 / text=siitsiit" },
	},
	INFO_DROP(13, "R7915-4.2-05"), INFO_DROP(14, "R7915-4.2-05"),
	INFO_DROP(15, "R7915-4.2-06"), INFO_DROP(16, "R7915-4.2-06"),
	INFO_DROP(17, "R7915-4.2-07"), INFO_DROP(18, "R7915-4.2-07"),
	INFO_DROP(9, "R7915-4.2-08"), INFO_DROP(10, "R7915-4.2-08"),
	INFO_DROP(1, "R7915-4.2-09"), INFO_DROP(2, "R7915-4.2-09"),
	INFO_DROP(7, "R7915-4.2-09"), INFO_DROP(19, "R7915-4.2-09"),
	INFO_DROP(30, "R7915-4.2-09"), INFO_DROP(40, "R7915-4.2-09"),
	INFO_DROP(42, "R7915-4.2-09"), INFO_DROP(128, "R7915-4.2-09"),
	INFO_DROP(129, "R7915-4.2-09"), INFO_DROP(255, "R7915-4.2-09"),
	UNREACH(0, 0, "R7915-4.2-11"), UNREACH(1, 0, "R7915-4.2-11"),
	UNREACH(3, 4, "R7915-4.2-13"), UNREACH(5, 0, "R7915-4.2-15"),
	UNREACH(6, 0, "R7915-4.2-16"), UNREACH(7, 0, "R7915-4.2-16"),
	UNREACH(8, 0, "R7915-4.2-16"), UNREACH(9, 1, "R7915-4.2-17"),
	UNREACH(10, 1, "R7915-4.2-17"), UNREACH(11, 0, "R7915-4.2-18"),
	UNREACH(12, 0, "R7915-4.2-18"), UNREACH(13, 1, "R7915-4.2-19"),
	UNREACH(15, 1, "R7915-4.2-21"),
	ERROR("protocol unreachable", "R7915-4.2-12", "type=3 code=2",
	      "type=4 code=1 ptr=6"),
	DROP("unreachable, code 14", "R7915-4.2-20", "type=3 code=14", "icmp-type"),
	DROP("unreachable, code 16", "R7915-4.2-22", "type=3 code=16", "icmp-type"),
	DROP("unreachable, code 255", "R7915-4.2-22", "type=3 code=255", "icmp-type"),
	DROP("source quench", "R7915-4.2-23", "type=4", "icmp-type"),
	DROP("redirect", "R7915-4.2-23", "type=5 code=1 rest=c0000201", "icmp-type"),
	DROP("alternate host address", "R7915-4.2-23", "type=6", "icmp-type"),
	ERROR("time exceeded in transit", "R7915-4.2-24", "type=11 code=0", "type=3 code=0"),
	ERROR("time exceeded in reassembly", "R7915-4.2-24", "type=11 code=1", "type=3 code=1"),
	ERROR("time exceeded, code 7", "R7915-4.2-24", "type=11 code=7", "type=3 code=7"),
	POINTER(0, 0, "R7915-4.2-29"), POINTER(1, 1, "R7915-4.2-30"),
	POINTER(2, 4, "R7915-4.2-31"), POINTER(3, 4, "R7915-4.2-31"),
	POINTER_DROP(4, "R7915-4.2-32"), POINTER_DROP(5, "R7915-4.2-32"),
	POINTER_DROP(6, "R7915-4.2-32"), POINTER_DROP(7, "R7915-4.2-32"),
	POINTER(8, 7, "R7915-4.2-33"), POINTER(9, 6, "R7915-4.2-34"),
	POINTER_DROP(10, "R7915-4.2-35"), POINTER_DROP(11, "R7915-4.2-35"),
	POINTER(12, 8, "R7915-4.2-36"), POINTER(13, 8, "R7915-4.2-36"),
	POINTER(14, 8, "R7915-4.2-36"), POINTER(15, 8, "R7915-4.2-36"),
	POINTER(16, 24, "R7915-4.2-37"), POINTER(17, 24, "R7915-4.2-37"),
	POINTER(18, 24, "R7915-4.2-37"), POINTER(19, 24, "R7915-4.2-37"),
	POINTER_DROP(20, "R7915-4.2-38"), POINTER_DROP(21, "R7915-4.2-38"),
	POINTER_DROP(40, "R7915-4.2-38"), POINTER_DROP(255, "R7915-4.2-38"),
	DROP("missing option", "R7915-4.2-26", "type=12 code=1 ptr=8", "icmp-type"),
	ERROR("bad length, pointer 2", "R7915-4.2-27", "type=12 code=2 ptr=2", "type=4 code=0 ptr=4"),
	ERROR("bad length, pointer 16", "R7915-4.2-27", "type=12 code=2 ptr=16", "type=4 code=0 ptr=24"),
	DROP("bad length, pointer 20", "R7915-4.2-27", "type=12 code=2 ptr=20", "icmp-pointer"),
	DROP("parameter problem, code 3", "R7915-4.2-28", "type=12 code=3 ptr=8", "icmp-type"),
	DROP("parameter problem, code 255", "R7915-4.2-28", "type=12 code=255", "icmp-type"),
	ERROR("octets 5 to 7 of a parameter problem do not leak", "R7915-4.2-25",
	      "type=12 rest=08000abc", "type=4 ptr=7"),
	ERROR("unused octets of an unreachable do not leak", "R7915-4.2-11",
	      "type=3 code=1 rest=ff00aabb", "type=1 code=0"),
};
SUITE(icmp46, cfg_plain);

/* Fragmentation needed: MTU in, MTU out */
#define MTU(in, out, id) \
	ERROR("MTU " #in, id, "type=3 code=4 mtu=" #in, "type=2 mtu=" #out)
/* MTU 0 about a packet of SIZE octets, of which 28 are quoted */
#define PLATEAU(size, data, out)					\
	{								\
		"MTU 0, quoted Total Length " #size, "R7915-4.2-40",	\
		ERR4 "icmp4 type=3 code=4 / part n=28 { " INNER4 "df / udp / fill=" #data " }", \
		{ ERR6 "icmp6 type=2 mtu=" #out " / part n=48 { " INNER6 "/ udp / fill=" #data " }" }, \
	}

static const struct test_case mtu46[] = {
	MTU(1500, 1500, "R7915-4.2-14 R7915-4.2-39"),
	MTU(1400, 1420, "R7915-4.2-14 R7915-4.2-39 R7915-7-01"),
	MTU(1480, 1500, "R7915-4.2-39"),
	MTU(1481, 1500, "R7915-4.2-39"),
	MTU(1260, 1280, "R7915-4.2-39"),
	MTU(1261, 1281, "R7915-4.2-39"),
	MTU(1259, 1280, "R7915-4.2-39 R8201-01 R7755-10"),
	MTU(576, 1280, "R7915-4.2-39 R8201-01"),
	MTU(68, 1280, "R7915-4.2-39"),
	MTU(1, 1280, "R7915-4.2-39 R8201-01"),
	MTU(65535, 1500, "R7915-4.2-39"),
	ERROR("octets 4 and 5 are not part of the MTU", "R7915-4.2-41",
	      "type=3 code=4 rest=ff000578", "type=2 mtu=1420"),
	PLATEAU(1480, 1452, 1280),
	PLATEAU(1492, 1464, 1280),
	PLATEAU(1493, 1465, 1500),
	PLATEAU(100, 72, 1280),
};
SUITE(mtu46, cfg_mtu1500);

static const struct config cfg_jumbo = {
	.name = "mtu-9000",
	.dev = "role br",
	.lines = "pool6 add 2001:db8:100::/40 $D\n",
	.mtu4 = 9000,
	.mtu6 = 9000,
	.mtu_siit = 9000,
};

static const struct test_case mtu46_jumbo[] = {
	PLATEAU(8980, 8952, 8186),
	PLATEAU(8166, 8138, 4372),
	PLATEAU(8167, 8139, 8186),
	PLATEAU(4352, 4324, 2022),
	PLATEAU(2003, 1975, 2022),
	PLATEAU(2002, 1974, 1512),
	PLATEAU(32001, 31973, 9000),
	MTU(4000, 4020, "R7915-4.2-39"),
	MTU(9000, 9000, "R7915-4.2-39"),
};
SUITE(mtu46_jumbo, cfg_jumbo);
