// SPDX-License-Identifier: GPL-2.0
/*
 * What the segments, the buffers and the checksums of a packet may be like:
 * GSO, paged data, CHECKSUM_PARTIAL.
 */
#include <linux/virtio_net.h>

#include "addrs.h"
#include "cases.h"

/* Since Linux 6.2 */
#define GSO_UDP_L4 5

static const struct config cfg_9000 = {
	.name = "offload",
	.dev = "role br",
	.lines = "pool6 add 2001:db8:100::/40 $D\n",
	.mtu4 = 9000,
	.mtu6 = 9000,
};

#define TCP4(size) {							\
	.gso_type = VIRTIO_NET_HDR_GSO_TCPV4, .gso_size = size,		\
	.hdr_len = 40, .partial = true, .csum_start = 20, .csum_offset = 16, \
}
#define TCP6(size) {							\
	.gso_type = VIRTIO_NET_HDR_GSO_TCPV6, .gso_size = size,		\
	.hdr_len = 60, .partial = true, .csum_start = 40, .csum_offset = 16, \
}
#define UDP4(size) {							\
	.gso_type = GSO_UDP_L4, .gso_size = size,			\
	.hdr_len = 28, .partial = true, .csum_start = 20, .csum_offset = 6, \
}
#define UDP6(size) {							\
	.gso_type = GSO_UDP_L4, .gso_size = size,			\
	.hdr_len = 48, .partial = true, .csum_start = 40, .csum_offset = 6, \
}
#define PARTIAL(start, offset) {					\
	.partial = true, .csum_start = start, .csum_offset = offset,	\
}

/* One segment of 1400 octets out of 2800, and one piece of it */
#define SEG1 "tcp flags=0x10 / part n=1400 { fill=2800 }"
#define SEG2 "tcp seq=0x112238bc flags=0x18 / part at=1400 { fill=2800 }"

static const struct test_case gso[] = {
	{
		"TCP, segments of 1000, DF: one packet", "R7915-4.0-02 R7915-4.5-01",
		IN4 "df id=1 / tcp / fill=8000", { OUT6 "/ tcp / fill=8000" },
		.offload = TCP4(1000), .gso = TCP6(1000),
	}, {
		"TCP, segments of 1448 with options, ECN echo, DF", "R7915-4.0-02 R7915-4.1-12",
		IN4 "df tos=2 / tcp opt=0101080a0102030405060708 flags=0x18 / fill=30000",
		{ OUT6 "tc=2 / tcp opt=0101080a0102030405060708 flags=0x18 / fill=30000" },
		.offload = TCP4(1448), .gso = TCP6(1448),
	}, {
		"TCP, segments of 1220, DF 0: 1280 octets each, whole", "R7915-4.1-03 R7915-4.0-05",
		IN4 "id=1 / tcp / fill=6000", { OUT6 "/ tcp / fill=6000" },
		.offload = TCP4(1220), .gso = TCP6(1220),
	}, {
		"TCP, segments of 1400, DF 0: each segment is cut", "R7915-4.1-01 R7915-4.0-03 R7915-4.1-30 R7915-4.0-06",
		IN4 "id=0x100 / tcp / fill=2800",
		{
			OUT6 "/ frag mf id=0x100 / part n=1232 { " SEG1 " }", OUT6 "/ frag off=1232 id=0x100 / part at=1232 { " SEG1 " }",
			OUT6 "/ frag mf id=0x101 / part n=1232 { " SEG2 " }", OUT6 "/ frag off=1232 id=0x101 / part at=1232 { " SEG2 " }",
		},
		.offload = TCP4(1400),
	}, {
		"TCP from IPv6, segments of 1000: DF 0", "R7915-5.0-03 R7915-5.5-01",
		IN6 "/ tcp / fill=8000", { OUT4 "id=* / tcp / fill=8000" },
		.offload = TCP6(1000), .gso = TCP4(1000),
	}, {
		"TCP from IPv6, segments of 1220: TL 1260, DF 0", "R7915-5.0-03",
		IN6 "/ tcp / fill=8000", { OUT4 "id=* / tcp / fill=8000" },
		.offload = TCP6(1220), .gso = TCP4(1220),
	}, {
		"TCP from IPv6, segments of 1221: TL 1261, DF 1", "R7915-5.0-03",
		IN6 "tc=0xba / tcp / fill=8001", { OUT4 "tos=0xba df id=* / tcp / fill=8001" },
		.offload = TCP6(1221), .gso = TCP4(1221),
	}, {
		"TCP from IPv6, as large as can be", "R7915-5.0-01",
		IN6 "/ tcp / fill=64000", { OUT4 "df id=* / tcp / fill=64000" },
		.offload = TCP6(1428), .gso = TCP4(1428),
	}, {
		"UDP, segments of 1000, DF: one packet", "R7915-4.0-02 R7915-4.5-02",
		IN4 "df / udp / fill=5000", { OUT6 "/ udp / fill=5000" },
		.offload = UDP4(1000), .gso = UDP6(1000),
	}, {
		"UDP from IPv6, segments of 1232: TL 1260, DF 0", "R7915-5.0-03 R7915-5.5-01",
		IN6 "/ udp / fill=5000", { OUT4 "id=* / udp / fill=5000" },
		.offload = UDP6(1232), .gso = UDP4(1232),
	}, {
		"UDP from IPv6, segments of 1233: DF 1", "R7915-5.0-03",
		IN6 "/ udp / fill=5001", { OUT4 "df id=* / udp / fill=5001" },
		.offload = UDP6(1233), .gso = UDP4(1233),
	},
};
SUITE(gso, cfg_9000);

static const struct test_case partial[] = {
	{
		"UDP", "R7915-4.5-02",
		IN4 "/ udp / fill=99", { OUT6 "/ udp / fill=99" }, .offload = PARTIAL(20, 6),
	}, {
		"TCP", "R7915-4.5-01",
		IN4 "/ tcp / fill=99", { OUT6 "/ tcp / fill=99" }, .offload = PARTIAL(20, 16),
	}, {
		"UDP whose checksum will be 0xffff", "R7915-4.5-07",
		IN4 "/ udp sp=36930 / text=siit", { OUT6 "/ udp sp=36930 csum=0xffff / text=siit" }, .offload = PARTIAL(20, 6),
	}, {
		"UDP that has to be cut", "R7915-4.1-08",
		IN4 "id=1 / udp / fill=1301",
		{ OUT6 "/ frag mf id=1 / part n=1232 { udp / fill=1301 }", OUT6 "/ frag off=1232 id=1 / part at=1232 { udp / fill=1301 }" },
		.offload = PARTIAL(20, 6),
	}, {
		"UDP from IPv6", "R7915-5.5-01",
		IN6 "/ udp / fill=99", { OUT4 "id=* / udp / fill=99" }, .offload = PARTIAL(40, 6),
	}, {
		"TCP from IPv6", "R7915-5.5-01",
		IN6 "/ tcp / fill=98", { OUT4 "id=* / tcp / fill=98" }, .offload = PARTIAL(40, 16),
	}, {
		"UDP from IPv6 whose checksum will be 0xffff", "R7915-5.5-02",
		IN6 "/ udp sp=13932 / text=siit", { OUT4 "id=* / udp sp=13932 csum=0xffff / text=siit" }, .offload = PARTIAL(40, 6),
	}, {
		"TCP from IPv6 behind extension headers", "R7915-5.1-14 R7915-5.5-01",
		IN6 "/ hop / dop / tcp / fill=98", { OUT4 "id=* / tcp / fill=98" }, .offload = PARTIAL(56, 16),
	},
};
SUITE(partial, cfg_9000);

/*
 * What a guest may say of a packet that is no such thing. IP forwarding hands it
 * to no device in one piece, so that only the hook sees it.
 */
static const struct at_hook no_gso = { .drop = "gso-unsupported" };

#define UFO(size, start, offset) {					\
	.gso_type = VIRTIO_NET_HDR_GSO_UDP, .gso_size = size,		\
	.partial = true, .csum_start = start, .csum_offset = offset,	\
}

static const struct test_case not_gso[] = {
	{
		"an echo request as UDP fragments", NULL,
		IN4 "df / icmp4 id=1 seq=2 / fill=3000", .offload = UFO(1000, 20, 2), .hook = &no_gso,
	}, {
		"an ICMP error as UDP fragments", NULL,
		"ip4 df src=" R4 " dst=" A4 " / icmp4 type=3 code=1 / part n=3000 { " INNER4 "/ udp / fill=6000 }",
		.offload = UFO(1000, 20, 2), .hook = &no_gso,
	}, {
		"an ICMPv6 echo request as UDP fragments", NULL,
		IN6 "/ icmp6 id=1 seq=2 / fill=3000", .offload = UFO(1000, 40, 2), .hook = &no_gso,
	}, {
		"an ICMPv6 echo request as TCP segments", NULL,
		IN6 "/ icmp6 id=1 seq=2 / fill=3000", .offload = TCP6(1000), .hook = &no_gso,
	}, {
		"an ICMPv6 error as UDP fragments", NULL,
		FROM6 "icmp6 type=1 / part n=3000 { " QUOTE6 "/ udp / fill=6000 }", .offload = UFO(1000, 40, 2), .hook = &no_gso,
	},
};
SUITE(not_gso, cfg_9000);

/* More than a page: all but the first octets are in page fragments. */
#define PAGED(n) { .hdr_len = n }

static const struct test_case paged[] = {
	{
		"UDP, header split from its payload", "R7915-4.0-01",
		IN4 "df / udp / fill=8000", { OUT6 "/ udp / fill=8000" }, .offload = PAGED(28),
	}, {
		"UDP, nothing linear but the IP header", "R7915-4.5-02",
		IN4 "df / udp / fill=8001", { OUT6 "/ udp / fill=8001" }, .offload = PAGED(20),
	}, {
		"UDP, the IP header is split too", "R7915-4.0-01",
		IN4 "df / udp / fill=8003", { OUT6 "/ udp / fill=8003" }, .offload = PAGED(14),
	}, {
		"UDP that has to be cut", "R7915-4.1-01 R7915-4.1-08",
		IN4 "id=3 / udp / fill=4600",
		{
			OUT6 "/ frag mf id=3 / part n=1232 { udp / fill=4600 }", OUT6 "/ frag mf off=1232 id=3 / part at=1232 n=1232 { udp / fill=4600 }",
			OUT6 "/ frag mf off=2464 id=3 / part at=2464 n=1232 { udp / fill=4600 }", OUT6 "/ frag off=3696 id=3 / part at=3696 { udp / fill=4600 }",
		},
		.offload = PAGED(28),
	}, {
		"echo request", "R7915-4.2-03",
		IN4 "df / icmp4 id=5 seq=6 / fill=8000", { OUT6 "/ icmp6 id=5 seq=6 / fill=8000" }, .offload = PAGED(20),
	}, {
		"an ICMP error of 5000 octets", "R7915-4.2-47",
		"ip4 df src=" R4 " dst=" A4 " / icmp4 type=3 code=1 / part n=4972 { " INNER4 "/ udp / fill=6000 }",
		{ ERR6 "icmp6 type=1 / part n=1232 { " INNER6 "/ udp / fill=6000 }" }, .offload = PAGED(20),
	}, {
		"TCP from IPv6", "R7915-5.0-01 R7915-5.5-01",
		IN6 "/ tcp / fill=8000", { OUT4 "df id=* / tcp / fill=8000" }, .offload = PAGED(40),
	}, {
		"UDP from IPv6, extension headers in page fragments", "R7915-5.1-14 R7915-5.1-18",
		IN6 "/ hop / dop / rh / udp / fill=8000", { OUT4 "df id=* / udp / fill=8000" }, .offload = PAGED(40),
	}, {
		"a fragment from IPv6", "R7915-5.1.1-05",
		IN6 "/ frag mf id=9 off=8 / part at=8 n=8000 { udp / fill=9000 }",
		{ OUT4 "mf id=9 off=8 / part at=8 n=8000 { udp / fill=9000 }" }, .offload = PAGED(40),
	}, {
		"an ICMPv6 error of 5000 octets", "R7915-5.2-08",
		FROM6 "icmp6 type=1 / part n=4952 { " QUOTE6 "/ udp / fill=6000 }",
		{ "ip4 df ttl=63 id=* src=" C4 " dst=" B4 " / icmp4 type=3 code=1 / part n=4932 { " QUOTE4 "df / udp / fill=6000 }" }, .offload = PAGED(40),
	},
};
SUITE(paged, cfg_9000);

/* A route that is more specific than the one to the translator */
static const struct config cfg_native = {
	.name = "native-route",
	.dev = "role br",
	.lines = "pool6 add 2001:db8:100::/40 $D\n",
	.ip = "route add 198.51.100.0/24 dev tap4 table 100\n"
	      "route add 2001:db8:1c0:2::/64 dev tap6 table 100\n",
	.undo = "route del 198.51.100.0/24 dev tap4 table 100\n"
		"route del 2001:db8:1c0:2::/64 dev tap6 table 100\n",
};

/* No route counts at the hook, but the role. */
static const struct at_hook routes = { .device_only = true };

static const struct test_case native[] = {
	{
		"IPv4 that has a more specific route is forwarded as IPv4", "R7915-4.6-01",
		IN4 "id=9 / udp / text=siit", { NULL }, { IN4 "ttl=63 id=9 / udp / text=siit" },
		.hook = &routes,
	}, {
		"other IPv4 is translated", "R7915-4.6-02",
		"ip4 src=" A4 " dst=" R4 " / udp / text=siit", { "ip6 hlim=63 src=" A6 " dst=" R6 " / udp / text=siit" },
	}, {
		"other IPv6 is translated", "R7915-5.6-02",
		"ip6 src=" B6 " dst=" R6 " / udp / text=siit", { "ip4 ttl=63 id=* src=" B4 " dst=" R4 " / udp / text=siit" },
	}, {
		"the box's own IPv4 address is not translated", "R7915-4.6-03",
		"ip4 src=" A4 " dst=" PORT4_ADDR " / icmp4 id=1 seq=2 / fill=8", { NULL },
		{ "ip4 anyhdr src=" PORT4_ADDR " dst=" A4 " / icmp4 type=0 id=1 seq=2 / fill=8" },
	}, {
		"native IPv6 is not touched", "R7755-05 R7915-5.6-01",
		"ip6 src=2001:db8:2::1 dst=2001:db8:1c0:2:3::1 / udp / text=siit", { NULL },
		{ "ip6 hlim=63 src=2001:db8:2::1 dst=2001:db8:1c0:2:3::1 / udp / text=siit" },
		.hook = &routes,
	},
};
SUITE(native, cfg_native);
