// SPDX-License-Identifier: GPL-2.0
/* What the settings of a device change. */
#include "addrs.h"
#include "cases.h"

#define SIIT "udp / text=siit"
#define POOL40 "pool6 add 2001:db8:100::/40 $D\n"

static const struct config cfg_tos = {
	.name = "fixed-tos",
	.dev = "role br tos 40 traffic-class zero",
	.lines = POOL40,
};

static const struct test_case tos[] = {
	{
		"TOS is ignored, traffic class 0", "R7915-4.1-13",
		IN4 "tos=0xb9 / " SIIT, { OUT6 "tc=0 / " SIIT },
	}, {
		"traffic class is ignored, TOS 40", "R7915-5.1-03",
		IN6 "tc=0xb9 / " SIIT, { OUT4 "tos=40 id=* / " SIIT },
	}, {
		"traffic class 0, TOS 40", "R7915-5.1-03",
		IN6 "/ tcp", { OUT4 "tos=40 id=* / tcp" },
	},
};
SUITE(tos, cfg_tos);

static const struct config cfg_udp_compute = {
	.name = "udp-compute",
	.dev = "role br udp-zero-csum compute",
	.lines = POOL40,
};

static const struct test_case udp_compute[] = {
	{
		"a checksum is computed", "R7915-4.5-04",
		IN4 "/ udp csum=0 / text=siit", { OUT6 "/ udp / text=siit" },
	}, {
		"an odd length", "R7915-4.5-04",
		IN4 "/ udp csum=0 / fill=129", { OUT6 "/ udp / fill=129" },
	}, {
		"what follows the datagram is not summed", "R7915-4.5-04",
		IN4 "/ part { udp csum=0 / text=siit } / hex=aabbcc", { OUT6 "/ part { udp / text=siit } / hex=aabbcc" }, .flags = CASE_BAD_CSUM,
	}, {
		"a sum of 0 is sent as 0xffff", "R7915-4.5-07 R7915-4.5-04",
		IN4 "/ udp sp=36930 csum=0 / text=siit", { OUT6 "/ udp sp=36930 csum=0xffff / text=siit" },
	}, {
		"a datagram that has to be cut", "R7915-4.5-04 R7915-4.1-08",
		IN4 "id=1 / udp csum=0 / fill=1300",
		{ OUT6 "/ frag mf id=1 / part n=1232 { udp / fill=1300 }", OUT6 "/ frag off=1232 id=1 / part at=1232 { udp / fill=1300 }" },
	}, {
		"a wrong checksum is not computed anew", "R7915-4.5-12",
		IN4 "/ udp csum=+1 / text=siit", { OUT6 "/ udp csum=+1 / text=siit" }, .flags = CASE_BAD_CSUM,
	}, {
		"UDP length beyond the packet", "R7915-4.5-04",
		IN4 "/ udp len=13 csum=0 / text=siit", .drop = "transport-truncated",
	}, {
		"UDP length less than its header", "R7915-4.5-04",
		IN4 "/ udp len=7 csum=0 / text=siit", .drop = "transport-truncated",
	}, {
		"the first fragment cannot be computed", "R7915-4.5-05 R6146-02",
		IN4 "mf id=1 / part n=32 { udp csum=0 / fill=80 }", { NULL },
		{ SELF4 "icmp4 type=3 code=13 / " MID4 "mf id=1 / part n=32 { udp csum=0 / fill=80 }" },
		.drop = "udp-zero-checksum-fragment",
	}, {
		"a later fragment passes", "R7915-4.5-08",
		IN4 "id=1 off=32 / part at=32 { udp csum=0 / fill=80 }",
		{ OUT6 "/ frag id=1 off=32 / part at=32 { udp csum=0 / fill=80 }" },
	}, {
		"IPv6 without a checksum", "R7915-5.5-03",
		IN6 "/ udp csum=0 / text=siit", { NULL },
		{ SELF6 "icmp6 type=1 code=1 / " MID6 "/ udp csum=0 / text=siit" },
		.drop = "udp-zero-checksum",
	},
};
SUITE(udp_compute, cfg_udp_compute);

static const struct config cfg_udp_forward = {
	.name = "udp-forward",
	.dev = "role br udp-zero-csum forward",
	.lines = POOL40,
};

static const struct test_case udp_forward[] = {
	{
		"forwarded without a checksum", "R7915-4.5-06",
		IN4 "/ udp csum=0 / text=siit", { OUT6 "/ udp csum=0 / text=siit" }, .flags = CASE_BAD_CSUM,
	}, {
		"the first fragment too", "R7915-4.5-06 R7915-G-04",
		IN4 "mf id=1 / part n=32 { udp csum=0 / fill=80 }",
		{ OUT6 "/ frag mf id=1 / part n=32 { udp csum=0 / fill=80 }" },
	}, {
		"and back", "R7915-5.5-03",
		IN6 "/ udp csum=0 / text=siit", { OUT4 "id=* / udp csum=0 / text=siit" },
	}, {
		"another checksum is updated as ever", "R7915-4.5-02",
		IN4 "/ udp / text=siit", { OUT6 "/ udp / text=siit" },
	},
};
SUITE(udp_forward, cfg_udp_forward);

static const struct config cfg_quiet = {
	.name = "no-errors",
	.dev = "role br icmp-errors off",
	.lines = POOL40,
};

static const struct test_case quiet[] = {
	{
		"source route: no error", "R7915-4.4-04",
		IN4 "opt=830704cb007101 / " SIIT, .drop = "ipv4-source-route",
	}, {
		"segments left: no error", "R7915-5.4-04",
		IN6 "/ rh sl=1 / " SIIT, .drop = "ipv6-segments-left",
	}, {
		"unmapped: no error", "R7915-5.4-04",
		"ip6 src=" ROUTER6 " dst=" A6 " / " SIIT, .drop = "source-unmapped",
	}, {
		"translated errors pass", "R7915-4.2-11",
		ERR4 "icmp4 type=3 code=1 / " INNER4 "/ udp / fill=8", { ERR6 "icmp6 type=1 / " INNER6 "/ udp / fill=8" },
	},
};
SUITE(quiet, cfg_quiet);

/* No pool: EAM alone. What is not in the table is not translated. */
static const struct config cfg_eamonly = {
	.name = "eam-only",
	.dev = "role br hairpin off",
	.lines = "eam add 192.0.2.0/24 2001:db8:a::/120 $D\n"
		 "eam add 198.51.100.0/24 2001:db8:b::/120 $D\n",
};

static const struct test_case eamonly[] = {
	{
		"both addresses in the table", "R7757-3.3-01 R7915-6-02",
		IN4 "/ " SIIT, { "ip6 hlim=63 src=2001:db8:a::21 dst=2001:db8:b::2 / " SIIT },
	}, {
		"an unmapped IPv4 source: 3/13", "R7915-4.4-01 R7915-4.4-03",
		"ip4 src=203.0.113.9 dst=" B4 " / " SIIT, { NULL },
		{ "ip4 anyhdr src=" PORT4_ADDR " dst=203.0.113.9 / icmp4 type=3 code=13 / ip4 ttl=63 src=203.0.113.9 dst=" B4 " / " SIIT },
		.drop = "source-unmapped",
	}, {
		"an unmapped IPv4 destination: 3/13", "R7915-4.4-03",
		"ip4 src=" A4 " dst=203.0.113.9 / icmp4 id=1 / fill=3", { NULL },
		{ SELF4 "icmp4 type=3 code=13 / ip4 ttl=63 src=" A4 " dst=203.0.113.9 / icmp4 id=1 / fill=3" },
		.drop = "destination-unmapped", .hook = &not_claimed,
	}, {
		"the error has 576 octets", "R7915-4.4-06",
		"ip4 df src=" A4 " dst=203.0.113.9 / udp / fill=1400", { NULL },
		{ SELF4 "icmp4 type=3 code=13 / part n=548 { ip4 df ttl=63 src=" A4 " dst=203.0.113.9 / udp / fill=1400 }" },
		.drop = "destination-unmapped", .hook = &not_claimed,
	}, {
		"no error about an ICMPv4 error", "R7915-4.4-02",
		"ip4 src=" A4 " dst=203.0.113.9 / icmp4 type=11 / ip4 src=203.0.113.9 dst=" A4 " / udp / fill=3",
		.drop = "destination-unmapped", .hook = &not_claimed,
	}, {
		"no error about a later fragment", "R7915-4.4-05",
		"ip4 src=" A4 " dst=203.0.113.9 off=8 id=1 proto=17 / fill=16", .drop = "destination-unmapped",
		.hook = &not_claimed,
	}, {
		"an unmapped IPv6 source: 1/1", "R7915-5.4-01 R7915-5.4-03 R7755-11",
		"ip6 src=2001:db8:c::1 dst=2001:db8:a::1 / tcp / fill=3", { NULL },
		{ "ip6 anyhdr src=" PORT6_ADDR " dst=2001:db8:c::1 / icmp6 type=1 code=1 / ip6 hlim=63 src=2001:db8:c::1 dst=2001:db8:a::1 / tcp / fill=3" },
		.drop = "source-unmapped", .hook = &not_claimed,
	}, {
		"no error about an ICMPv6 message", "R7915-5.4-02",
		"ip6 src=2001:db8:c::1 dst=2001:db8:a::1 / icmp6 id=1 / fill=3", .drop = "source-unmapped",
		.hook = &not_claimed,
	}, {
		"no error about an ICMPv6 message behind extension headers", "R7915-5.4-02",
		"ip6 src=2001:db8:c::1 dst=2001:db8:a::1 / dop / icmp6 id=1 / fill=3", .drop = "source-unmapped",
		.hook = &not_claimed,
	}, {
		"an ICMPv4 error from an unmapped source is dropped", "R7915-4.4-02",
		"ip4 src=203.0.113.9 dst=" A4 " / icmp4 type=11 / " INNER4 "/ udp / fill=3", .drop = "source-unmapped",
	},
};
SUITE(eamonly, cfg_eamonly);

static const struct config cfg_simple_eamonly = {
	.name = "simple-eam-only",
	.dev = "role br hairpin simple",
	.lines = "eam add 192.0.2.0/24 2001:db8:a::/120 $D\n"
		 "eam add 198.51.100.0/24 2001:db8:b::/120 $D\n",
};

static const struct test_case simple_eamonly[] = {
	{
		"simple hairpinning without a prefix: the source has no mapping", "R7757-4.2.1-08",
		IN4 "/ " SIIT, { NULL },
		{ SELF4 "icmp4 type=3 code=13 / " MID4 "/ " SIIT }, .drop = "source-unmapped",
	},
};
SUITE(simple_eamonly, cfg_simple_eamonly);
