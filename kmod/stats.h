/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Drop reasons and per-CPU counters.
 *
 * Every packet that is not translated has exactly one reason. The list below
 * is the only place where reasons are written down: the counters, their names
 * in netlink answers and the ICMP error that tells the sender come from it.
 */
#ifndef _SIIT_STATS_H
#define _SIIT_STATS_H

#include <linux/types.h>
#include <linux/u64_stats_sync.h>

/*
 * SIIT_REASONS(X): X(symbol, "name"). The names are ABI; the order is not.
 */
#define SIIT_REASONS(X)							\
	/* IPv4 header, RFC 1812 5.2.2, RFC 7915 4.1 */			\
	X(HDR4_TRUNCATED,	"ipv4-truncated")			\
	X(HDR4_VERSION,		"ipv4-version")				\
	X(HDR4_IHL,		"ipv4-header-length")			\
	X(HDR4_LENGTH,		"ipv4-total-length")			\
	X(HDR4_CSUM,		"ipv4-checksum")			\
	X(HDR4_OPTIONS,		"ipv4-options")				\
	X(HDR4_SOURCE_ROUTE,	"ipv4-source-route")			\
	/* IPv6 header and extension headers, RFC 7915 5.1 */		\
	X(HDR6_TRUNCATED,	"ipv6-truncated")			\
	X(HDR6_VERSION,		"ipv6-version")				\
	X(HDR6_LENGTH,		"ipv6-payload-length")			\
	X(HDR6_JUMBO,		"ipv6-jumbogram")			\
	X(EXT_TRUNCATED,	"ipv6-extension-truncated")		\
	X(EXT_ORDER,		"ipv6-extension-order")			\
	X(EXT_ROUTING,		"ipv6-segments-left")			\
	X(EXT_FRAGMENT,		"ipv6-fragment-chain")			\
	/* fragments */							\
	X(FRAG_LENGTH,		"fragment-length")			\
	X(FRAG_ICMP,		"icmp-fragment")			\
	X(FRAG_TINY,		"fragment-tiny")			\
	/* addresses, RFC 7915 6, RFC 6052 3.1, RFC 7757 */		\
	X(SRC_ILLEGAL,		"source-illegal")			\
	X(DST_ILLEGAL,		"destination-illegal")			\
	X(SRC_UNMAPPED,		"source-unmapped")			\
	X(DST_UNMAPPED,		"destination-unmapped")			\
	X(ADDR_DENIED,		"address-denied")			\
	X(ADDR_WKP,		"address-wkp-private")			\
	X(SRC_NOT_NODE,		"source-not-a-node")			\
	X(DST_NOT_NODE,		"destination-not-a-node")		\
	X(SRC_SPOOFED,		"source-spoofed")			\
	/* transport */							\
	X(L4_TRUNCATED,		"transport-truncated")			\
	X(UDP_ZERO_CSUM,	"udp-zero-checksum")			\
	X(UDP_ZERO_FRAG,	"udp-zero-checksum-fragment")		\
	X(IGMP,			"igmp")					\
	/* ICMP and what it quotes, RFC 7915 4.2, 4.3, 5.2, 5.3 */	\
	X(ICMP_CSUM,		"icmp-checksum")			\
	X(ICMP_TYPE,		"icmp-type")				\
	X(ICMP_POINTER,		"icmp-pointer")				\
	X(ICMP_MTU,		"icmp-mtu")				\
	X(ICMP_EXTENSION,	"icmp-extension")			\
	X(ICMP_SOURCE,		"icmp-source")				\
	X(INNER_TRUNCATED,	"icmp-quote-truncated")			\
	X(INNER_HEADER,		"icmp-quote-header")			\
	X(INNER_CSUM,		"icmp-quote-checksum")			\
	X(INNER_ERROR,		"icmp-quote-nested")			\
	X(INNER_TYPE,		"icmp-quote-type")			\
	X(INNER_ADDR,		"icmp-quote-unmapped")			\
	/* size and life time */					\
	X(HOP_LIMIT,		"hop-limit")				\
	X(TOO_BIG,		"too-big")				\
	/* the box itself */						\
	X(NOT_IP,		"not-ip")				\
	X(GSO,			"gso-unsupported")			\
	X(CSUM_START,		"checksum-offload")			\
	X(NO_MEMORY,		"no-memory")				\
	X(QUEUE_FULL,		"receive-queue-full")			\
	X(DEV_DOWN,		"device-down")

enum siit_reason {
	SIIT_OK,
#define X(sym, name) SIIT_DROP_##sym,
	SIIT_REASONS(X)
#undef X
	SIIT_REASON_COUNT
};

/* Direction of a translation; indexes the counters. */
enum siit_dir {
	SIIT_46,
	SIIT_64,
	SIIT_DIRS
};

/**
 * siit_reason_dst() - a reason for a source, as one for a destination
 * @reason: of siit_map46() or siit_map64()
 *
 * Context: any.
 * Return: the reason to drop for.
 */
static inline enum siit_reason siit_reason_dst(enum siit_reason reason)
{
	switch (reason) {
	case SIIT_DROP_SRC_ILLEGAL:
		return SIIT_DROP_DST_ILLEGAL;
	case SIIT_DROP_SRC_UNMAPPED:
		return SIIT_DROP_DST_UNMAPPED;
	default:
		return reason;
	}
}

/**
 * struct siit_stats - counters of one device on one CPU
 * @packets: translated, by direction; a GSO packet counts as its segments
 * @bytes: octets of them as they came in, from the network header on
 * @rx_packets: what came out of that: fragments count one by one
 * @rx_bytes: octets of it
 * @drops: packets not translated, by enum siit_reason
 * @syncp: lets a 32-bit reader see whole 64-bit values
 */
struct siit_stats {
	u64 packets[SIIT_DIRS];
	u64 bytes[SIIT_DIRS];
	u64 rx_packets;
	u64 rx_bytes;
	u64 drops[SIIT_REASON_COUNT];
	struct u64_stats_sync syncp;
};

/**
 * struct siit_count - packets and their octets
 * @packets: a GSO packet counts as its segments
 * @bytes: from the network header on
 */
struct siit_count {
	unsigned int packets;
	unsigned int bytes;
};

/**
 * struct siit_totals - the sum over all CPUs
 * @packets: as in struct siit_stats
 * @bytes: as in struct siit_stats
 * @rx_packets: as in struct siit_stats
 * @rx_bytes: as in struct siit_stats
 * @drops: as in struct siit_stats
 */
struct siit_totals {
	u64 packets[SIIT_DIRS];
	u64 bytes[SIIT_DIRS];
	u64 rx_packets;
	u64 rx_bytes;
	u64 drops[SIIT_REASON_COUNT];
};

/**
 * siit_stats_ok() - count a translated packet
 * @stats: counters of the device
 * @dir: direction
 * @in: the packet as it came
 * @out: what became of it
 *
 * Context: BH.
 */
static inline void siit_stats_ok(struct siit_stats __percpu *stats,
				 enum siit_dir dir,
				 const struct siit_count *in,
				 const struct siit_count *out)
{
	struct siit_stats *s = this_cpu_ptr(stats);

	u64_stats_update_begin(&s->syncp);
	s->packets[dir] += in->packets;
	s->bytes[dir] += in->bytes;
	s->rx_packets += out->packets;
	s->rx_bytes += out->bytes;
	u64_stats_update_end(&s->syncp);
}

const char *siit_reason_name(enum siit_reason reason);
void siit_stats_drop(struct siit_stats __percpu *stats,
		     enum siit_reason reason);
void siit_stats_sum(const struct siit_stats __percpu *stats,
		    struct siit_totals *sum);

#endif /* _SIIT_STATS_H */
