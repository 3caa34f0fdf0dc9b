// SPDX-License-Identifier: GPL-2.0
/* Tests that take more than one packet. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "addrs.h"
#include "cases.h"
#include "event.h"

#define WAIT_MS 1000

static struct packet in, got;

static unsigned int be16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

/* Identifications of a flow: each one once, and no pattern of a constant. */
static bool ids_unique(const char *text, int count)
{
	static uint8_t seen[65536];
	int i;

	memset(seen, 0, sizeof(seen));
	packet_build(&in, text);
	for (i = 0; i < count; i++) {
		unsigned int id;

		rig_forward(&in, NULL);
		if (!rig_receive(SIDE4, &got, NULL, WAIT_MS)) {
			printf("# packet %d did not come\n", i);
			return false;
		}
		id = be16(got.data + 4);
		if (seen[id]) {
			printf("# packet %d has identification %u again\n", i,
			       id);
			return false;
		}
		seen[id] = 1;
	}
	return true;
}

static bool ids_small(void)
{
	return ids_unique(IN6 "/ udp / text=siit", 3000);
}

static bool ids_large(void)
{
	return ids_unique(IN6 "/ udp / fill=1300", 500);
}

/* Packets of one flow leave in the order in which they came. */
static bool order(enum side side, const char *format)
{
	char text[256];
	int i, sent = 0;

	for (i = 0; i < 400; i++) {
		if (i % 4 == 0) {
			for (; sent < i + 4; sent++) {
				snprintf(text, sizeof(text), format, sent);
				packet_build(&in, text);
				rig_forward(&in, NULL);
			}
		}
		if (!rig_receive(side, &got, NULL, WAIT_MS) ||
		    (int)be16(got.data + (side == SIDE4 ? 20 : 40)) != i) {
			printf("# packet %d is not next\n", i);
			return false;
		}
	}
	return true;
}

static bool order46(void)
{
	return order(SIDE6, IN4 "/ udp sp=%d / text=siit");
}

static bool order64(void)
{
	return order(SIDE4, IN6 "/ udp sp=%d / text=siit");
}

/* The same packet gives the same octets, whatever went through before. */
static bool stateless(void)
{
	static struct packet first;
	int i;

	for (i = 0; i < 3; i++) {
		packet_build(&in, i == 1 ? IN4 "/ tcp flags=4" :
					   IN4 "/ tcp flags=2 / fill=7");
		rig_forward(&in, NULL);
		if (!rig_receive(SIDE6, &got, NULL, WAIT_MS))
			return false;
		if (!i)
			first = got;
	}
	return packet_differs(&first, &got) < 0;
}

/* Sources of the pool, over many errors of one router */
static bool pool_random(void)
{
	bool seen[8] = { false };
	int i, kinds = 0;

	packet_build(&in, "ip6 src=" ROUTER6 " dst=" B6 " / icmp6 type=3 / "
		     QUOTE6 "/ udp / fill=20");
	for (i = 0; i < 100; i++) {
		unsigned int last;

		rig_forward(&in, NULL);
		if (!rig_receive(SIDE4, &got, NULL, WAIT_MS))
			return false;
		last = got.data[15] - 8;
		if (memcmp(got.data + 12, "\xcb\x00\x71", 3) || last > 7) {
			printf("# source %u.%u.%u.%u is not in the pool\n",
			       got.data[12], got.data[13], got.data[14],
			       got.data[15]);
			return false;
		}
		kinds += !seen[last];
		seen[last] = true;
	}
	if (kinds < 3)
		printf("# only %d different sources\n", kinds);
	return kinds >= 3;
}

/* How many errors come back for 60 packets that cannot be translated */
static int errors_for(const char *text, enum side side)
{
	int i, n = 0;

	packet_build(&in, text);
	for (i = 0; i < 60; i++)
		rig_forward(&in, NULL);
	while (rig_receive(side, &got, NULL, 50))
		n++;
	printf("# %d errors about 60 packets\n", n);
	return n;
}

static bool rate_limit4(void)
{
	int n;

	if (!rig_run("sysctl -qw net.ipv4.icmp_ratemask=6168 net.ipv4.icmp_ratelimit=1000"))
		return false;
	n = errors_for(IN4 "opt=830704cb007101 / udp / text=siit", SIDE4);
	return rig_run("sysctl -qw net.ipv4.icmp_ratemask=0 net.ipv4.icmp_ratelimit=0") &&
	       n >= 1 && n <= 20;
}

static bool rate_limit6(void)
{
	int n;

	if (!rig_run("sysctl -qw net.ipv6.icmp.ratemask=0-1,3-127 net.ipv6.icmp.ratelimit=1000"))
		return false;
	n = errors_for(IN6 "/ rh sl=1 / udp / text=siit", SIDE6);
	return rig_run("sysctl -qw net.ipv6.icmp.ratemask=255 net.ipv6.icmp.ratelimit=0") &&
	       n >= 1 && n <= 20;
}

/* The management event of a drop */
static bool event_of(const char *text, const struct drop_event *want)
{
	struct drop_event e;

	if (!event_listen())
		return false;
	packet_build(&in, text);
	rig_forward(&in, NULL);
	if (!event_wait(&e, WAIT_MS)) {
		printf("# no event\n");
		return false;
	}
	if (strcmp(e.reason, want->reason) || strcmp(e.src, want->src) ||
	    strcmp(e.dst, want->dst) || e.sport != want->sport ||
	    e.dport != want->dport) {
		printf("# event: %s %s %d -> %s %d\n", e.reason, e.src, e.sport,
		       e.dst, e.dport);
		return false;
	}
	return true;
}

static bool event_udp(void)
{
	static const struct drop_event want = {
		"udp-zero-checksum", A4, B4, 4660, 53
	};

	return event_of(IN4 "/ udp csum=0 / text=siit", &want);
}

static bool event_udp_fragment(void)
{
	static const struct drop_event want = {
		"udp-zero-checksum-fragment", A4, B4, 4660, 53
	};

	return event_of(IN4 "mf id=1 / part n=32 { udp csum=0 / fill=80 }",
			&want);
}

static bool event_chain(void)
{
	static const struct drop_event want = {
		"ipv6-fragment-chain", B6, A6, 0, 0
	};

	return event_of(IN6 "/ frag mf id=1 nh=60 / fill=16", &want);
}

/* No errors, and nothing translated, whatever is wrong with the packets. */
static bool silent(const char *const *texts, int count)
{
	struct counters before, now;
	enum side side;
	bool ok = true;
	int i;

	for (i = 0; i < count; i++) {
		packet_build(&in, texts[i]);
		side = in.family == 4 ? SIDE4 : SIDE6;
		if (!counters_read(&before, rig_device(in.family)))
			return false;
		rig_broadcast(true);
		rig_forward(&in, NULL);
		rig_broadcast(false);
		/* What would have come back for the first comes before this. */
		packet_build(&in, in.family == 4 ? IN4 "/ udp" : IN6 "/ udp");
		rig_forward(&in, NULL);
		if (!rig_receive(!side, &got, NULL, WAIT_MS) ||
		    rig_receive(side, &got, NULL, 0) ||
		    !counters_read(&now, rig_device(in.family)) ||
		    now.packets46 + now.packets64 -
		    before.packets46 - before.packets64 != 1 ||
		    memcmp(before.drop, now.drop, sizeof(now.drop))) {
			printf("# not silent: %s\n", texts[i]);
			ok = false;
		}
		if (rig_drain())
			ok = false;
	}
	return ok;
}

static bool link_broadcast4(void)
{
	static const char *const texts[] = {
		IN4 "/ udp / text=siit",
		IN4 "ttl=1 / udp / text=siit",
		IN4 "opt=830704cb007101 / udp / text=siit",
		IN4 "/ udp csum=0 / text=siit",
		IN4 "df / udp / fill=1600",
	};

	return silent(texts, COUNT(texts));
}

static bool link_broadcast6(void)
{
	static const char *const texts[] = {
		IN6 "/ udp / text=siit",
		IN6 "hlim=1 / udp / text=siit",
		IN6 "/ rh sl=1 / udp / text=siit",
		"ip6 src=" ROUTER6 " dst=" A6 " / udp / text=siit",
	};

	return silent(texts, COUNT(texts));
}

/* Commands that must be refused, and what they are compared with */
static bool refused(const char *args)
{
	if (!rig_siitctl(args, true))
		return true;
	printf("# accepted: siitctl %s\n", args);
	return false;
}

static bool accepted(const char *args)
{
	return rig_siitctl(args, false);
}

static bool refuse_lengths(void)
{
	return refused("pool6 add 2001:db8::/33 dev siit0") &&
	       refused("pool6 add 2001:db8::/95 dev siit0") &&
	       refused("pool6 add 2001:db8::/128 dev siit0") &&
	       refused("pool6 add ::/0 dev siit0") &&
	       refused("pool6 add 64:ff9b::/64 dev siit0") &&
	       refused("pool6 add 2001:db8::1/96 dev siit0") &&
	       refused("pool6 add 2001:db8:0:0:100::/96 dev siit0") &&
	       accepted("pool6 add 2001:db8:5::/96 dev siit0");
}

static bool refuse_eam(void)
{
	return refused("eam add 192.0.2.0/24 2001:db8:1::/121 dev siit0") &&
	       accepted("eam add 192.0.2.0/24 2001:db8:1::/120 dev siit0") &&
	       refused("eam add 192.0.2.0/24 2001:db8:2::/64 dev siit0") &&
	       refused("eam add 198.51.100.0/24 2001:db8:1::/120 dev siit0") &&
	       accepted("eam add 192.0.2.0/25 2001:db8:2::/64 dev siit0") &&
	       accepted("eam add 203.0.113.1 2001:db8:3::1 dev siit0");
}

static bool refuse_mtu(void)
{
	return refused("dev set siit0 lowest-ipv6-mtu 1279") &&
	       refused("dev set siit0 lowest-ipv6-mtu 0") &&
	       accepted("dev set siit0 lowest-ipv6-mtu 1280") &&
	       accepted("dev set siit0 lowest-ipv6-mtu 1520");
}

static const struct config cfg_pool29 = {
	.name = "pool-29",
	.dev = "role br icmp-source pool",
	.lines = "pool6 add 2001:db8:100::/40 $D\n"
		 "rfc6791 add 203.0.113.8/29 $D\n",
};

static const struct config cfg_scratch = {
	.name = "scratch",
	.dev = "role br",
};

const struct special specials[] = {
	{ &cfg_plain, "3000 identifications of a flow are different",
	  "R7915-5.1-05 R7915-5.1-06 R6864-01", ids_small },
	{ &cfg_plain, "identifications of packets with DF",
	  "R7915-5.1-05", ids_large },
	{ &cfg_plain, "order, IPv4 to IPv6", "R7915-4.0-06", order46 },
	{ &cfg_plain, "order, IPv6 to IPv4", "R7915-5.0-04", order64 },
	{ &cfg_plain, "the same packet gives the same octets",
	  "R7915-G-06 R7755-04", stateless },
	{ &cfg_plain, "ICMPv4 errors are limited", "R7915-4.4-04",
	  rate_limit4 },
	{ &cfg_plain, "ICMPv6 errors are limited",
	  "R4443-01 R7915-5.4-05 R7915-5.4-04", rate_limit6 },
	{ &cfg_plain, "event: UDP without a checksum", "R7915-4.5-04",
	  event_udp },
	{ &cfg_plain, "event: first fragment of UDP without a checksum",
	  "R7915-4.5-05", event_udp_fragment },
	{ &cfg_plain, "event: extension header after Fragment",
	  "R7915-5.1.1-01", event_chain },
	{ &cfg_plain, "IPv4 to all of the link: nothing", "R7915-4.4-05",
	  link_broadcast4 },
	{ &cfg_plain, "IPv6 to all of the link: nothing", "R7915-5.4-05",
	  link_broadcast6 },
	{ &cfg_pool29, "a random address of the pool", "R6791-03",
	  pool_random },
	{ &cfg_scratch, "prefix lengths of RFC 6052",
	  "R6052-01 R6052-02 R6052-04 R6052-10", refuse_lengths, .device_only = true },
	{ &cfg_scratch, "invalid and equal EAMs",
	  "R7757-3.1-01 R7757-3.2-01 R7757-3.2-02 R7757-5-02", refuse_eam, .device_only = true },
	{ &cfg_scratch, "lowest-ipv6-mtu below 1280", "R7915-4.0-04",
	  refuse_mtu, .device_only = true },
};

const int special_count = COUNT(specials);
