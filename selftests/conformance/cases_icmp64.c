// SPDX-License-Identifier: GPL-2.0
/* ICMPv6 to ICMPv4: types, codes, pointers, MTUs. RFC 7915 section 5.2. */
#include "addrs.h"
#include "cases.h"

#define ERROR(what, id, icmp6, icmp4)					\
	{								\
		what, id,						\
		FROM6 "icmp6 " icmp6 " / " QUOTE6 "/ udp / fill=20",	\
		{ TO4 "icmp4 " icmp4 " / " QUOTE4 "/ udp / fill=20" },	\
	}
#define DROP(what, id, icmp6, reason)					\
	{								\
		what, id,						\
		FROM6 "icmp6 " icmp6 " / " QUOTE6 "/ udp / fill=20",	\
		.drop = reason,						\
	}
#define UNREACH(code6, code4, id)					\
	ERROR("unreachable, code " #code6, "R7915-5.2-02 " id,		\
	      "type=1 code=" #code6, "type=3 code=" #code4)
#define POINTER(ptr6, ptr4, id)						\
	ERROR("parameter problem, pointer " #ptr6, "R7915-5.2-16 " id,	\
	      "type=4 ptr=" #ptr6, "type=12 ptr=" #ptr4)
#define POINTER_DROP(ptr6, id)						\
	DROP("parameter problem, pointer " #ptr6, id,			\
	     "type=4 ptr=" #ptr6, "icmp-pointer")
#define INFO_DROP(t, id)						\
	{								\
		"type " #t, id,						\
		IN6 "/ icmp6 type=" #t " id=1 seq=2 / fill=24", .drop = "icmp-type", \
	}
#define ERROR_DROP(t, id)						\
	DROP("error type " #t, id, "type=" #t, "icmp-type")

static const struct test_case icmp64[] = {
	{
		"echo request", "R7915-5.2-02 R7915-5.2-03",
		IN6 "/ icmp6 type=128 id=0x1234 seq=1 / text=siitsiit",
		{ OUT4 "id=* / icmp4 type=8 id=0x1234 seq=1 / text=siitsiit" },
	}, {
		"echo reply, odd length", "R7915-5.2-04 R7915-5.2-01",
		IN6 "/ icmp6 type=129 id=0x1234 seq=0xffff / fill=57",
		{ OUT4 "id=* / icmp4 type=0 id=0x1234 seq=0xffff / fill=57" },
	}, {
		"echo request of 1500 octets", "R7915-5.2-03 R7915-5.0-03",
		IN6 "/ icmp6 id=1 / fill=1452", { OUT4 "df id=* / icmp4 id=1 / fill=1452" },
	},
	INFO_DROP(130, "R7915-5.2-05"), INFO_DROP(131, "R7915-5.2-05"),
	INFO_DROP(132, "R7915-5.2-05"), INFO_DROP(143, "R7915-5.2-05"),
	INFO_DROP(133, "R7915-5.2-06"), INFO_DROP(134, "R7915-5.2-06"),
	INFO_DROP(135, "R7915-5.2-06"), INFO_DROP(136, "R7915-5.2-06"),
	INFO_DROP(137, "R7915-5.2-06"), INFO_DROP(138, "R7915-5.2-07"),
	INFO_DROP(139, "R7915-5.2-07"), INFO_DROP(144, "R7915-5.2-07"),
	INFO_DROP(160, "R7915-5.2-07"), INFO_DROP(200, "R7915-5.2-07"),
	INFO_DROP(255, "R7915-5.2-07"),
	UNREACH(0, 1, "R7915-5.2-08"), UNREACH(1, 10, "R7915-5.2-09"),
	UNREACH(2, 1, "R7915-5.2-10"), UNREACH(3, 1, "R7915-5.2-11"),
	UNREACH(4, 3, "R7915-5.2-12"),
	DROP("unreachable, code 5", "R7915-5.2-13", "type=1 code=5", "icmp-type"),
	DROP("unreachable, code 6", "R7915-5.2-13", "type=1 code=6", "icmp-type"),
	DROP("unreachable, code 255", "R7915-5.2-13", "type=1 code=255", "icmp-type"),
	ERROR("hop limit exceeded", "R7915-5.2-15", "type=3 code=0", "type=11 code=0"),
	ERROR("reassembly time exceeded", "R7915-5.2-15", "type=3 code=1", "type=11 code=1"),
	ERROR("time exceeded, code 9", "R7915-5.2-15", "type=3 code=9", "type=11 code=9"),
	POINTER(0, 0, "R7915-5.2-21"), POINTER(1, 1, "R7915-5.2-22"),
	POINTER_DROP(2, "R7915-5.2-23"), POINTER_DROP(3, "R7915-5.2-23"),
	POINTER(4, 2, "R7915-5.2-24"), POINTER(5, 2, "R7915-5.2-24"),
	POINTER(6, 9, "R7915-5.2-25"), POINTER(7, 8, "R7915-5.2-26"),
	POINTER(8, 12, "R7915-5.2-27"), POINTER(9, 12, "R7915-5.2-27"),
	POINTER(16, 12, "R7915-5.2-27"), POINTER(23, 12, "R7915-5.2-27"),
	POINTER(24, 16, "R7915-5.2-28"), POINTER(31, 16, "R7915-5.2-28"),
	POINTER(39, 16, "R7915-5.2-28"),
	POINTER_DROP(40, "R7915-5.2-29"), POINTER_DROP(48, "R7915-5.2-29"),
	POINTER_DROP(255, "R7915-5.2-29"), POINTER_DROP(256, "R7915-5.2-29"),
	POINTER_DROP(0x01000006, "R7915-5.2-29"),
	POINTER_DROP(0xffffffff, "R7915-5.2-29"),
	ERROR("unrecognized next header", "R7915-5.2-17", "type=4 code=1 ptr=6", "type=3 code=2"),
	ERROR("unrecognized next header, pointer 40", "R7915-5.2-17", "type=4 code=1 ptr=40", "type=3 code=2"),
	DROP("unrecognized option", "R7915-5.2-18", "type=4 code=2 ptr=42", "icmp-type"),
	DROP("incomplete header chain", "R7915-5.2-19", "type=4 code=3", "icmp-type"),
	DROP("parameter problem, code 255", "R7915-5.2-19", "type=4 code=255", "icmp-type"),
	ERROR_DROP(0, "R7915-5.2-20"), ERROR_DROP(5, "R7915-5.2-20"),
	ERROR_DROP(100, "R7915-5.2-20"), ERROR_DROP(127, "R7915-5.2-20"),
	ERROR("unused octets of an unreachable do not leak", "R7915-5.2-37",
	      "type=1 code=0 rest=00aabbcc", "type=3 code=1"),
	ERROR("unused octets of a time exceeded do not leak", "R7915-5.2-37",
	      "type=3 code=0 rest=00ffffff", "type=11 code=0"),
};
SUITE(icmp64, cfg_plain);

#define MTU(in, out, id) \
	ERROR("MTU " #in, id, "type=2 mtu=" #in, "type=3 code=4 mtu=" #out)

static const struct test_case mtu64[] = {
	MTU(1500, 1480, "R7915-5.2-14 R7915-5.2-30"),
	MTU(1280, 1260, "R7915-5.2-30 R7755-10"),
	MTU(1400, 1380, "R7915-5.2-30 R7915-7-01"),
	MTU(9000, 1480, "R7915-5.2-30"),
	MTU(65536, 1480, "R7915-5.2-31"),
	MTU(66936, 1480, "R7915-5.2-31"),
	MTU(0xffffffff, 1480, "R7915-5.2-31"),
	DROP("MTU 1279", "R7915-5.2-31 R1191-01", "type=2 mtu=1279", "icmp-mtu"),
	DROP("MTU 0", "R7915-5.2-31 R1191-01", "type=2 mtu=0", "icmp-mtu"),
	ERROR("code 99", "R7915-5.2-14", "type=2 code=99 mtu=1400", "type=3 code=4 mtu=1380"),
	{
		"MTU 1280, the quoted packet is a fragment", "R7915-5.2-30",
		FROM6 "icmp6 type=2 mtu=1280 / " QUOTE6 "/ frag mf id=7 / part n=64 { udp / fill=200 }",
		{ TO4 "icmp4 type=3 code=4 mtu=1252 / ip4 src=" B4 " dst=" A4 " ttl=5 mf id=7 / part n=64 { udp / fill=200 }" },
	}, {
		"octet 4 of a packet too big is not a length", "R7915-5.2-36",
		FROM6 "icmp6 type=2 rest=10000500 / part n=128 { " QUOTE6 "/ udp / fill=200 }",
		{ TO4 "icmp4 type=3 code=4 mtu=1480 / part n=108 { " QUOTE4 "/ udp / fill=200 }" },
	},
};
SUITE(mtu64, cfg_mtu1500);

/* The MTU of siit0 is min(MTU_of_IPv6_nexthop, MTU_of_IPv4_nexthop + 20). */
static const struct config cfg_small4 = {
	.name = "big-6",
	.dev = "role br",
	.lines = "pool6 add 2001:db8:100::/40 $D\n",
	.mtu4 = 1500,
	.mtu6 = 9000,
	.mtu_siit = 1520,
};

static const struct test_case mtu64_small4[] = {
	MTU(9000, 1500, "R7915-5.2-30"),
	MTU(1500, 1480, "R7915-5.2-30"),
};
SUITE(mtu64_small4, cfg_small4);

static const struct config cfg_small6 = {
	.name = "big-4",
	.dev = "role br",
	.lines = "pool6 add 2001:db8:100::/40 $D\n",
	.mtu4 = 9000,
	.mtu6 = 1500,
	.mtu_siit = 1500,
};

static const struct test_case mtu64_small6[] = {
	MTU(9000, 1480, "R7915-5.2-30"),
};
SUITE(mtu64_small6, cfg_small6);
