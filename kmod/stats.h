/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Drop reasons and per-CPU counters.
 *
 * Every packet that is not translated has exactly one reason. The list below
 * is the only place where reasons are written down: the counters, their names
 * in netlink answers, ethtool and traces, and what skb:kfree_skb says come from
 * it.
 */
#ifndef _SIIT_STATS_H
#define _SIIT_STATS_H

#include <linux/types.h>
#include <linux/u64_stats_sync.h>

struct sk_buff;

/*
 * SIIT_REASONS(X): X(symbol, "name", core). The names are ABI; the order is not.
 * A drop reason of our own would need a number in the kernel's list of
 * subsystems, which has none for modules from elsewhere; so each of ours is what
 * comes closest in the core: SKB_DROP_REASON_core.
 */
#define SIIT_REASONS(X)							\
	/* IPv4 header, RFC 1812 5.2.2, RFC 7915 4.1 */			\
	X(HDR4_TRUNCATED,	"ipv4-truncated",	HDR_TRUNC)	\
	X(HDR4_VERSION,		"ipv4-version",		IP_INHDR)	\
	X(HDR4_IHL,		"ipv4-header-length",	IP_INHDR)	\
	X(HDR4_LENGTH,		"ipv4-total-length",	PKT_TOO_SMALL)	\
	X(HDR4_CSUM,		"ipv4-checksum",	IP_CSUM)	\
	X(HDR4_OPTIONS,		"ipv4-options",		IP_INHDR)	\
	X(HDR4_SOURCE_ROUTE,	"ipv4-source-route",	IP_INHDR)	\
	/* IPv6 header and extension headers, RFC 7915 5.1 */		\
	X(HDR6_TRUNCATED,	"ipv6-truncated",	HDR_TRUNC)	\
	X(HDR6_VERSION,		"ipv6-version",		IP_INHDR)	\
	X(HDR6_LENGTH,		"ipv6-payload-length",	PKT_TOO_SMALL)	\
	X(HDR6_JUMBO,		"ipv6-jumbogram",	PKT_TOO_BIG)	\
	X(EXT_TRUNCATED,	"ipv6-extension-truncated", HDR_TRUNC)	\
	X(EXT_ORDER,		"ipv6-extension-order",	IPV6_BAD_EXTHDR) \
	X(EXT_ROUTING,		"ipv6-segments-left",	IPV6_BAD_EXTHDR) \
	X(EXT_FRAGMENT,		"ipv6-fragment-chain",	IPV6_BAD_EXTHDR) \
	/* fragments */							\
	X(FRAG_LENGTH,		"fragment-length",	IP_INHDR)	\
	X(FRAG_ICMP,		"icmp-fragment",	UNHANDLED_PROTO) \
	X(FRAG_TINY,		"fragment-tiny",	PKT_TOO_SMALL)	\
	/* addresses, RFC 7915 6, RFC 6052 3.1, RFC 7757 */		\
	X(SRC_ILLEGAL,		"source-illegal",	IP_INADDRERRORS) \
	X(DST_ILLEGAL,		"destination-illegal",	IP_INADDRERRORS) \
	X(SRC_UNMAPPED,		"source-unmapped",	IP_INADDRERRORS) \
	X(DST_UNMAPPED,		"destination-unmapped",	IP_INNOROUTES)	\
	X(ADDR_DENIED,		"address-denied",	IP_INADDRERRORS) \
	X(ADDR_WKP,		"address-wkp-private",	IP_INADDRERRORS) \
	X(SRC_NOT_NODE,		"source-not-a-node",	IP_INADDRERRORS) \
	X(DST_NOT_NODE,		"destination-not-a-node", IP_INNOROUTES) \
	X(SRC_SPOOFED,		"source-spoofed",	IP_RPFILTER)	\
	/* transport */							\
	X(L4_TRUNCATED,		"transport-truncated",	HDR_TRUNC)	\
	X(UDP_ZERO_CSUM,	"udp-zero-checksum",	UDP_CSUM)	\
	X(UDP_ZERO_FRAG,	"udp-zero-checksum-fragment", UDP_CSUM)	\
	X(IGMP,			"igmp",			UNHANDLED_PROTO) \
	/* ICMP and what it quotes, RFC 7915 4.2, 4.3, 5.2, 5.3 */	\
	X(ICMP_CSUM,		"icmp-checksum",	ICMP_CSUM)	\
	X(ICMP_TYPE,		"icmp-type",		UNHANDLED_PROTO) \
	X(ICMP_POINTER,		"icmp-pointer",		INVALID_PROTO)	\
	X(ICMP_MTU,		"icmp-mtu",		INVALID_PROTO)	\
	X(ICMP_EXTENSION,	"icmp-extension",	INVALID_PROTO)	\
	X(ICMP_SOURCE,		"icmp-source",		IP_INADDRERRORS) \
	X(INNER_TRUNCATED,	"icmp-quote-truncated",	HDR_TRUNC)	\
	X(INNER_HEADER,		"icmp-quote-header",	IP_INHDR)	\
	X(INNER_CSUM,		"icmp-quote-checksum",	IP_CSUM)	\
	X(INNER_ERROR,		"icmp-quote-nested",	INVALID_PROTO)	\
	X(INNER_TYPE,		"icmp-quote-type",	UNHANDLED_PROTO) \
	X(INNER_ADDR,		"icmp-quote-unmapped",	IP_INADDRERRORS) \
	/* size and life time */					\
	X(HOP_LIMIT,		"hop-limit",		IP_INHDR)	\
	X(TOO_BIG,		"too-big",		PKT_TOO_BIG)	\
	/* the box itself */						\
	X(NOT_IP,		"not-ip",		UNHANDLED_PROTO) \
	X(GSO,			"gso-unsupported",	SKB_GSO_SEG)	\
	X(CSUM_START,		"checksum-offload",	SKB_CSUM)	\
	X(NO_MEMORY,		"no-memory",		NOMEM)		\
	X(QUEUE_FULL,		"receive-queue-full",	CPU_BACKLOG)

enum siit_reason {
	SIIT_OK,
#define X(sym, name, core) SIIT_DROP_##sym,
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
void siit_kfree_skb(struct sk_buff *skb, enum siit_reason reason);
void siit_stats_drop(struct siit_stats __percpu *stats,
		     enum siit_reason reason);
void siit_stats_sum(const struct siit_stats __percpu *stats,
		    struct siit_totals *sum);

#endif /* _SIIT_STATS_H */
