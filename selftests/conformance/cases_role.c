// SPDX-License-Identifier: GPL-2.0
/* Hairpinning (RFC 7757 4), border relay, edge relay, CLAT. */
#include <stddef.h>

#include "addrs.h"
#include "cases.h"

#define SIIT "udp / text=siit"

/* RFC 7757 figures 8 to 11: hosts A and B of the table, router C outside. */
#define HA4 "192.0.2.1"
#define HA6 "2001:db8:aaaa::"
#define HB4 "192.0.2.2"
#define HB6 "2001:db8:bbbb::b"
#define PA6 "64:ff9b::192.0.2.1"
#define PB6 "64:ff9b::192.0.2.2"
#define POOL6 "64:ff9b::198.51.100.1"
#define OBJECT "001802040002000020010db8000000000000000000001234"
#define OUTSIDE4 "203.0.113.50"
#define OUTSIDE6 "64:ff9b::203.0.113.50"

#define HAIRPIN_LINES							\
	"eam add " HA4 " " HA6 " $D\n"					\
	"eam add " HB4 "/32 " HB6 "/128 $D\n"				\
	"pool6 add 64:ff9b::/96 $D\n"					\
	"rfc6791 add 198.51.100.1/32 $D\n"

/* The four cases; HL is the Hop Limit of the result, AT what the hook changes. */
#define HAIRPIN_CASES(hl, at, id)					\
	{								\
		"H1 normal", id,					\
		"ip6 src=" HA6 " dst=" PB6 " / " SIIT, { NULL },	\
		{ "ip6 hlim=" hl " src=" PA6 " dst=" HB6 " / " SIIT },	\
		.hook = at,						\
	}, {								\
		"H1 with TCP and traffic class", id,			\
		"ip6 tc=0xb9 src=" HA6 " dst=" PB6 " / tcp / fill=33", { NULL }, \
		{ "ip6 tc=0xb9 hlim=" hl " src=" PA6 " dst=" HB6 " / tcp / fill=33" }, \
		.hook = at,						\
	}, {								\
		"H1 with an echo request", id " R7757-4.2.1-04",	\
		"ip6 src=" HA6 " dst=" PB6 " / icmp6 id=1 seq=2 / fill=33", { NULL }, \
		{ "ip6 hlim=" hl " src=" PA6 " dst=" HB6 " / icmp6 id=1 seq=2 / fill=33" }, \
		.hook = at,						\
	}, {								\
		"H2 error of a router", id " R7757-4.2.1-02 R7757-4.2.1-05", \
		"ip6 src=" ROUTER6 " dst=" PA6 " / icmp6 type=3 / ip6 src=" PA6 " dst=" HB6 " / udp / fill=20", { NULL }, \
		{ "ip6 hlim=" hl " src=" POOL6 " dst=" HA6 " / icmp6 type=3 len=16 / part pad=128 { ip6 src=" HA6 " dst=" PB6 " / udp / fill=20 } / ext objects=" OBJECT }, \
		.hook = at,						\
	}, {								\
		"H3 error of a host", id " R7757-4.2.1-02 R7757-4.2.1-03 R7757-4.2.1-04", \
		"ip6 src=" HB6 " dst=" PA6 " / icmp6 type=1 code=4 / ip6 src=" PA6 " dst=" HB6 " / udp / fill=20", { NULL }, \
		{ "ip6 hlim=" hl " src=" PB6 " dst=" HA6 " / icmp6 type=1 code=4 / ip6 src=" HA6 " dst=" PB6 " / udp / fill=20" }, \
		.hook = at,						\
	}, {								\
		"H4 reply", id,						\
		"ip6 src=" HB6 " dst=" PA6 " / " SIIT, { NULL },	\
		{ "ip6 hlim=" hl " src=" PB6 " dst=" HA6 " / " SIIT },	\
		.hook = at,						\
	}

static const struct config cfg_intrinsic = {
	.name = "hairpin-intrinsic",
	.dev = "role br wkp-private allow hairpin intrinsic icmp-source pool",
	.lines = HAIRPIN_LINES,
};

static const struct test_case intrinsic[] = {
	HAIRPIN_CASES("63", NULL, "R7757-4.2-01 R7757-4.2-02 R7757-4.2.2-01 R7757-4.2.2-02 R7757-4.2.2-03 R7757-4.2.2-04 R7757-4.2.2-05 R7757-4.2.2-06 R7757-4.2.2-07"),
	{
		"not a hairpin: the destination is not in the table", "R7757-4.2.2-02",
		"ip6 src=" HA6 " dst=" OUTSIDE6 " / " SIIT, { "ip4 ttl=63 id=* src=" HA4 " dst=" OUTSIDE4 " / " SIIT },
	}, {
		"not a hairpin: the destination is mapped by EAM", "R7757-4.2.2-02",
		"ip6 src=" OUTSIDE6 " dst=" HA6 " / " SIIT, { "ip4 ttl=63 id=* src=" OUTSIDE4 " dst=" HA4 " / " SIIT },
		.hook = &not_claimed,
	}, {
		"from IPv4 the table holds for the source too", "R7757-4.2.1-07",
		"ip4 src=" HA4 " dst=" HB4 " / " SIIT, { "ip6 hlim=63 src=" HA6 " dst=" HB6 " / " SIIT },
	}, {
		"an error that does not belong to a hairpin", "R7757-4.2.2-03",
		"ip6 src=" HB6 " dst=" OUTSIDE6 " / icmp6 type=1 code=4 / ip6 src=" OUTSIDE6 " dst=" HB6 " / udp / fill=20",
		{ "ip4 ttl=63 id=* src=" HB4 " dst=" OUTSIDE4 " / icmp4 type=3 code=3 / ip4 id=* src=" OUTSIDE4 " dst=" HB4 " / udp / fill=20" },
	}, {
		"1400 octets come back whole", "R7757-4.2.2-08",
		"ip6 src=" HA6 " dst=" PB6 " / udp / fill=1352", { NULL },
		{ "ip6 hlim=63 src=" PA6 " dst=" HB6 " / udp / fill=1352" },
	}, {
		"1280 octets come back whole", "R7757-4.2.2-08",
		"ip6 src=" HA6 " dst=" PB6 " / udp / fill=1232", { NULL },
		{ "ip6 hlim=63 src=" PA6 " dst=" HB6 " / udp / fill=1232" },
	}, {
		"a fragment", "R7757-4.2.2-08",
		"ip6 src=" HA6 " dst=" PB6 " / frag mf id=0x77 / part n=1232 { udp / fill=2000 }", { NULL },
		{ "ip6 hlim=63 src=" PA6 " dst=" HB6 " / frag mf id=0x77 / part n=1232 { udp / fill=2000 }" },
	}, {
		"extension headers are gone", "R7757-4.2.2-01 R7915-5.1-14",
		"ip6 src=" HA6 " dst=" PB6 " / hop / dop / " SIIT, { NULL },
		{ "ip6 hlim=63 src=" PA6 " dst=" HB6 " / " SIIT },
	},
};
SUITE(intrinsic, cfg_intrinsic);

static const struct config cfg_simple = {
	.name = "hairpin-simple",
	.dev = "role br wkp-private allow hairpin simple icmp-source pool",
	.lines = HAIRPIN_LINES,
	.ip = "route add 192.0.2.0/24 dev siit0 table 101\n",
};

/* The hook is the way in, the device the way back: forwarded twice, not thrice. */
static const struct at_hook hook_and_device = { .hops = 1 };

static const struct test_case simple[] = {
	HAIRPIN_CASES("62", &hook_and_device, "R7757-4.2-02 R7757-4.2.1-01"),
	{
		"every IPv4 source is mapped by RFC 6052", "R7757-4.2.1-01 R7757-4.2.1-06 R7757-4.2.1-07",
		"ip4 src=" HA4 " dst=" HB4 " / " SIIT, { "ip6 hlim=63 src=" PA6 " dst=" HB6 " / " SIIT },
	}, {
		"an IPv4 error: outer destination and inner source by EAM", "R7757-4.2.1-02 R7757-4.2.1-06",
		"ip4 src=" OUTSIDE4 " dst=" HA4 " / icmp4 type=11 / ip4 src=" HA4 " dst=" HB4 " / udp / fill=20",
		{ "ip6 hlim=63 src=" OUTSIDE6 " dst=" HA6 " / icmp6 type=3 / ip6 src=" HA6 " dst=" PB6 " / udp / fill=20" },
	}, {
		"an IPv4 error of the quoted destination", "R7757-4.2.1-03",
		"ip4 src=" HB4 " dst=" HA4 " / icmp4 type=3 code=3 / ip4 src=" HA4 " dst=" HB4 " / udp / fill=20",
		{ "ip6 hlim=63 src=" PB6 " dst=" HA6 " / icmp6 type=1 code=4 / ip6 src=" HA6 " dst=" PB6 " / udp / fill=20" },
	}, {
		"an IPv4 error of a table address that is not the quoted destination", "R7757-4.2.1-03",
		"ip4 src=" HB4 " dst=" HA4 " / icmp4 type=11 / ip4 src=" HA4 " dst=" OUTSIDE4 " / udp / fill=20",
		{ "ip6 hlim=63 src=" HB6 " dst=" HA6 " / icmp6 type=3 / ip6 src=" HA6 " dst=" OUTSIDE6 " / udp / fill=20" },
	},
};
SUITE(simple, cfg_simple);

static const struct config cfg_off = {
	.name = "hairpin-off",
	.dev = "role br wkp-private allow hairpin off",
	.lines = HAIRPIN_LINES,
};

static const struct test_case off[] = {
	{
		"what would be a hairpin leaves as IPv4", "R7757-4.2-02",
		"ip6 src=" HA6 " dst=" PB6 " / " SIIT, { "ip4 ttl=63 id=* src=" HA4 " dst=" HB4 " / " SIIT },
	},
};
SUITE(off, cfg_off);

/* RFC 7755: prefix 2001:db8:46::/96, an EAM, and the defaults of the role. */
#define BR_LINES							\
	"eam add 192.0.2.1 2001:db8:12:34::1 $D\n"			\
	"pool6 add 2001:db8:46::/96 $D\n"

static const struct config cfg_br = {
	.name = "br",
	.dev = "role br",
	.lines = BR_LINES,
};

static const struct test_case br[] = {
	{
		"client to service", "R7755-01 R7755-02 R7755-03 R7755-04 R7915-G-06",
		"ip4 src=203.0.113.50 dst=192.0.2.1 / tcp flags=2",
		{ "ip6 hlim=63 src=2001:db8:46::203.0.113.50 dst=2001:db8:12:34::1 / tcp flags=2" },
	}, {
		"service to client", "R7755-01 R7755-02",
		"ip6 src=2001:db8:12:34::1 dst=2001:db8:46::203.0.113.50 / tcp flags=0x12",
		{ "ip4 ttl=63 id=* src=192.0.2.1 dst=203.0.113.50 / tcp flags=0x12" },
	}, {
		"a service without EAM has an IPv4-translatable address", "R7755-13",
		"ip6 src=2001:db8:46::192.0.2.99 dst=2001:db8:46::203.0.113.50 / " SIIT,
		{ "ip4 ttl=63 id=* src=192.0.2.99 dst=203.0.113.50 / " SIIT },
	}, {
		"hairpin: intrinsic by default", "R7757-4.2-01 R7756-10",
		"ip6 src=2001:db8:46::192.0.2.99 dst=2001:db8:46::192.0.2.1 / " SIIT, { NULL },
		{ "ip6 hlim=63 src=2001:db8:46::192.0.2.99 dst=2001:db8:12:34::1 / " SIIT },
	}, {
		"an IPv6 host without an IPv4 address: 1/1", "R7755-11 R7755-05",
		"ip6 src=2001:db8:99::1 dst=2001:db8:46::203.0.113.50 / " SIIT, { NULL },
		{ "ip6 anyhdr src=" PORT6_ADDR " dst=2001:db8:99::1 / icmp6 type=1 code=1 / ip6 hlim=63 src=2001:db8:99::1 dst=2001:db8:46::203.0.113.50 / " SIIT },
		.drop = "source-unmapped",
	},
};
SUITE(br, cfg_br);

/* RFC 7756 Figure 5: edge relay A of service 192.0.2.1. */
static const struct config cfg_er = {
	.name = "er",
	.dev = "role er",
	.lines = "eam add 192.0.2.1 2001:db8:a:: $D\n"
		 "pool6 add 2001:db8:46::/96 $D\n",
};

static const struct test_case er[] = {
	{
		"service to client", "R7756-01 R7756-02 R7756-04 R7756-14",
		"ip4 src=192.0.2.1 dst=203.0.113.50 / tcp flags=0x12",
		{ "ip6 hlim=63 src=2001:db8:a:: dst=2001:db8:46::203.0.113.50 / tcp flags=0x12" },
	}, {
		"client to service", "R7756-02 R7756-05",
		"ip6 src=2001:db8:46::203.0.113.50 dst=2001:db8:a:: / tcp flags=2",
		{ "ip4 ttl=63 id=* src=203.0.113.50 dst=192.0.2.1 / tcp flags=2" },
	}, {
		"service to a service elsewhere", "R7756-10",
		"ip4 src=192.0.2.1 dst=192.0.2.2 / " SIIT,
		{ "ip6 hlim=63 src=2001:db8:a:: dst=2001:db8:46::192.0.2.2 / " SIIT },
	}, {
		"an IPv4 source without an EAM", "R7756-12",
		"ip4 src=192.0.2.77 dst=203.0.113.50 / " SIIT, { NULL },
		{ "ip4 anyhdr src=" PORT4_ADDR " dst=192.0.2.77 / icmp4 type=3 code=13 / ip4 ttl=63 src=192.0.2.77 dst=203.0.113.50 / " SIIT },
		.drop = "source-not-a-node", .hook = &not_claimed,
	}, {
		"an IPv6 source that translates to our service", "R7756-13",
		"ip6 src=2001:db8:46::192.0.2.1 dst=2001:db8:a:: / " SIIT, .drop = "source-spoofed",
	}, {
		"an IPv6 source that is our own service address", "R7756-13",
		"ip6 src=2001:db8:a:: dst=2001:db8:a:: / " SIIT, .drop = "source-spoofed",
	}, {
		"not to one of our nodes", "R7756-05",
		"ip6 src=2001:db8:46::203.0.113.50 dst=2001:db8:46::198.51.100.9 / " SIIT, { NULL },
		{ "ip6 anyhdr src=" PORT6_ADDR " dst=2001:db8:46::203.0.113.50 / icmp6 type=1 code=1 / ip6 hlim=63 src=2001:db8:46::203.0.113.50 dst=2001:db8:46::198.51.100.9 / " SIIT },
		.drop = "destination-not-a-node", .hook = &not_claimed,
	}, {
		"an ICMPv6 error of a router about a packet of ours", "RICMPX-12 RICMPX-01 RICMPX-02",
		"ip6 src=" ROUTER6 " dst=2001:db8:a:: / icmp6 type=3 / ip6 src=2001:db8:a:: dst=2001:db8:46::203.0.113.50 / udp / fill=20",
		{ "ip4 ttl=63 id=* src=192.0.0.8 dst=192.0.2.1 / icmp4 type=11 len=32 / part pad=128 { ip4 id=* src=192.0.2.1 dst=203.0.113.50 / udp / fill=20 } / ext objects=001805040002000020010db8000000000000000000001234" },
	},
};
SUITE(er, cfg_er);

/* RFC 7756 Figure 6: both edge relays know both services. */
static const struct config cfg_er2 = {
	.name = "er-both",
	.dev = "role er",
	.lines = "eam add 192.0.2.1 2001:db8:a:: $D\n"
		 "eam add 192.0.2.2 2001:db8:b:: $D\n"
		 "pool6 add 2001:db8:46::/96 $D\n",
};

static const struct test_case er2[] = {
	{
		"service to service, direct", "R7756-10 R7756-11",
		"ip4 src=192.0.2.1 dst=192.0.2.2 / " SIIT,
		{ "ip6 hlim=63 src=2001:db8:a:: dst=2001:db8:b:: / " SIIT },
	},
};
SUITE(er2, cfg_er2);

/* RFC 6877 appendix A */
static const struct config cfg_clat = {
	.name = "clat",
	.dev = "role clat",
	.lines = "pool6 add 2001:db8:1234::/96 $D\n"
		 "pool6 add 2001:db8:aaaa::/96 translatable 192.168.1.0/24 $D\n",
};

static const struct test_case clat[] = {
	{
		"out: source by the CLAT's prefix, destination by the PLAT's", "R6052-14 R7756-14",
		"ip4 src=192.168.1.2 dst=198.51.100.1 / tcp flags=2",
		{ "ip6 hlim=63 src=2001:db8:aaaa::192.168.1.2 dst=2001:db8:1234::198.51.100.1 / tcp flags=2" },
	}, {
		"in", "R6052-14",
		"ip6 src=2001:db8:1234::198.51.100.1 dst=2001:db8:aaaa::192.168.1.2 / tcp flags=0x12",
		{ "ip4 ttl=63 id=* src=198.51.100.1 dst=192.168.1.2 / tcp flags=0x12" },
	}, {
		"an IPv4 source that is not one of its nodes", "R7756-12",
		"ip4 src=192.168.2.2 dst=198.51.100.1 / " SIIT, { NULL },
		{ "ip4 anyhdr src=" PORT4_ADDR " dst=192.168.2.2 / icmp4 type=3 code=13 / ip4 ttl=63 src=192.168.2.2 dst=198.51.100.1 / " SIIT },
		.drop = "source-not-a-node", .hook = &not_claimed,
	}, {
		"an IPv6 source outside of the PLAT's prefix", "R7755-11",
		"ip6 src=2001:db8:99::1 dst=2001:db8:aaaa::192.168.1.2 / " SIIT, { NULL },
		{ "ip6 anyhdr src=" PORT6_ADDR " dst=2001:db8:99::1 / icmp6 type=1 code=1 / ip6 hlim=63 src=2001:db8:99::1 dst=2001:db8:aaaa::192.168.1.2 / " SIIT },
		.drop = "source-unmapped", .hook = &not_claimed,
	}, {
		"an ICMPv6 error from anywhere about a packet of ours", "RICMPX-12 RICMPX-01",
		"ip6 src=" ROUTER6 " dst=2001:db8:aaaa::192.168.1.2 / icmp6 type=1 code=3 / ip6 src=2001:db8:aaaa::192.168.1.2 dst=2001:db8:1234::198.51.100.1 / udp / fill=20",
		{ "ip4 ttl=63 id=* src=192.0.0.8 dst=192.168.1.2 / icmp4 type=3 code=1 len=32 / part pad=128 { ip4 id=* src=192.168.1.2 dst=198.51.100.1 / udp / fill=20 } / ext objects=001805040002000020010db8000000000000000000001234" },
	},
};
SUITE(clat, cfg_clat);

/* The same with the Well-Known Prefix: private addresses by default. */
static const struct config cfg_clat_wkp = {
	.name = "clat-wkp",
	.dev = "role clat",
	.lines = "pool6 add 64:ff9b::/96 $D\n"
		 "eam add 192.0.0.2 2001:db8:c1a7::1 $D\n",
};

static const struct test_case clat_wkp[] = {
	{
		"a CLAT with one address reaches a global address", "RWKP-02",
		"ip4 src=192.0.0.2 dst=8.8.8.8 / " SIIT, { "ip6 hlim=63 src=2001:db8:c1a7::1 dst=64:ff9b::8.8.8.8 / " SIIT },
	}, {
		"and a private one", "RWKP-01 RWKP-02",
		"ip4 src=192.0.0.2 dst=10.0.0.1 / " SIIT, { "ip6 hlim=63 src=2001:db8:c1a7::1 dst=64:ff9b::10.0.0.1 / " SIIT },
	}, {
		"from a shared address", "RWKP-02",
		"ip6 src=64:ff9b::100.64.0.1 dst=2001:db8:c1a7::1 / " SIIT, { "ip4 ttl=63 id=* src=100.64.0.1 dst=192.0.0.2 / " SIIT },
	},
};
SUITE(clat_wkp, cfg_clat_wkp);

/* The prefix of RFC 8215 has no rule about private addresses. */
static const struct config cfg_local = {
	.name = "local-use-prefix",
	.dev = "role br",
	.lines = "pool6 add 64:ff9b:1::/48 $D\n",
};

static const struct test_case local[] = {
	{
		"private addresses in 64:ff9b:1::/48", "R8215-01 R8215-02",
		"ip4 src=192.168.1.2 dst=10.0.0.1 / " SIIT,
		{ "ip6 hlim=63 src=64:ff9b:1:c0a8:1:200:: dst=64:ff9b:1:a00:0:100:: / " SIIT },
	},
};
SUITE(local, cfg_local);

/* Two translators in a row: IPv4 -> IPv6 -> IPv4. */
static const struct config cfg_double = {
	.name = "br-er",
	.dev = "role br",
	.lines = "eam add 192.0.2.1 2001:db8:a:: $D\n"
		 "pool6 add 2001:db8:46::/96 $D\n"
		 "dev add siit1 role er\n"
		 "eam add 192.0.2.1 2001:db8:a:: dev siit1\n"
		 "pool6 add 2001:db8:46::/96 dev siit1\n",
	.ip = "link set siit1 mtu 65507 up\n"
	      "route add 2001:db8:a::/64 dev siit1 table 101\n",
	.mtu6 = 9000,
	.mtu4 = 9000,
};

#define CLIENT "src=203.0.113.50 dst=192.0.2.1 "

static const struct test_case twice[] = {
	{
		"addresses and payload come out as they went in", "R7756-02 R7756-15",
		"ip4 df tos=0xb9 id=5 " CLIENT "/ tcp opt=020405b4 / fill=33", { NULL },
		{ "ip4 tos=0xb9 id=* ttl=* " CLIENT "/ tcp opt=020405b4 / fill=33" },
	}, {
		"TL 1261, DF 1: DF 1", "R7756-15",
		"ip4 df " CLIENT "/ udp / fill=1233", { NULL },
		{ "ip4 df id=* ttl=* " CLIENT "/ udp / fill=1233" },
	}, {
		"TL 1260, DF 1: DF 0", "R7756-15 R7756-09 R6864-02",
		"ip4 df " CLIENT "/ udp / fill=1232", { NULL },
		{ "ip4 id=* ttl=* " CLIENT "/ udp / fill=1232" },
	}, {
		"a fragment keeps offset, MF and identification", "R7756-15",
		"ip4 mf id=0xbeef off=64 " CLIENT "/ part at=64 n=64 { udp / fill=200 }", { NULL },
		{ "ip4 mf id=0xbeef off=64 ttl=* " CLIENT "/ part at=64 n=64 { udp / fill=200 }" },
	}, {
		"TL 1500, DF 0: two fragments with the identification", "R7756-15 R7915-4.1-30",
		"ip4 id=0xbeef " CLIENT "/ udp / fill=1472", { NULL },
		{ "ip4 mf id=0xbeef ttl=* " CLIENT "/ part n=1232 { udp / fill=1472 }", "ip4 id=0xbeef ttl=* off=1232 " CLIENT "/ part at=1232 { udp / fill=1472 }" },
	}, {
		"an ICMP error", "R7756-02",
		"ip4 src=" R4 " dst=192.0.2.1 / icmp4 type=11 / ip4 src=192.0.2.1 dst=203.0.113.50 / udp / fill=20", { NULL },
		{ "ip4 id=* ttl=* src=" R4 " dst=192.0.2.1 / icmp4 type=11 / ip4 id=* src=192.0.2.1 dst=203.0.113.50 / udp / fill=20" },
	},
};
SUITE(twice, cfg_double);
