/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Generic netlink family of the IPv4/IPv6 translator siit.ko
 *
 * A translator is a network device of link kind "siit", made and removed with
 * rtnetlink (RTM_NEWLINK, RTM_DELLINK). Everything else about it is set here,
 * in the network namespace of the socket.
 *
 * Every request names its device by the attribute *_IFINDEX (always number 1;
 * -ENODEV: no such device, -EOPNOTSUPP: it is not a siit device). Dumps take
 * *_IFINDEX as a filter; without it they walk all siit devices of the
 * namespace, in order of ifindex. IPv4 and IPv6 addresses are in network byte
 * order, all other numbers in host byte order.
 *
 * Reading is open to all. Changing asks for CAP_NET_ADMIN in the user
 * namespace that owns the network namespace (-EPERM). A request that is
 * refused leaves everything as it was; the extended ack names the attribute
 * and says why. An acknowledgment of success may carry a message too: a warning
 * about something that is done, but that a document advises against. Unknown
 * attributes and attributes that a command does not take are refused (-EINVAL),
 * numbers out of range too (-ERANGE), absent ones mean the default, or for *_SET
 * "as it is". Netlink flags other than REQUEST, ACK, ECHO and DUMP are refused.
 *
 * Command		Attributes (* needed)		Answer
 * -------		---------------------		------
 * DEV_GET		siit_dev_attr: IFINDEX*		one device, all attributes
 * DEV_GET dump		IFINDEX				one message per device
 * DEV_SET		IFINDEX*, any setting		-
 * EAM_ADD		siit_eam_attr: IFINDEX*,	-
 *			PREFIX4*, LEN4, PREFIX6*, LEN6
 * EAM_DEL		IFINDEX*, PREFIX4 and LEN4,	-
 *			PREFIX6 and LEN6 (one prefix
 *			is enough; both must agree)
 * EAM_GET dump		IFINDEX				one message per row
 * EAM_FLUSH		IFINDEX*			-
 * POOL6_ADD, _DEL	siit_pool6_attr: IFINDEX*,	-
 *			PREFIX6*, LEN6*, and for
 *			translatable addresses PREFIX4,
 *			LEN4
 * POOL6_GET dump	IFINDEX				one message per entry, in
 *							order of precedence
 * POOL6_FLUSH		IFINDEX*			-
 * RFC6791_ADD, _DEL,	siit_prefix4_attr: IFINDEX*,	-
 * DENY4_ADD, _DEL	PREFIX4*, LEN4
 * RFC6791_GET dump,	IFINDEX				one message per prefix
 * DENY4_GET dump
 * RFC6791_FLUSH,	IFINDEX*			-
 * DENY4_FLUSH
 * HOOK_ADD, _DEL	siit_hook_attr: IFINDEX*,	-
 *			PORT*
 * HOOK_GET dump	IFINDEX				one message per hook
 * QUERY		siit_query_attr: IFINDEX*, and	the same, with ADDR4 and
 *			one of ADDR4, ADDR6, PACKET	ADDR6 both if it maps, METHOD,
 *							and the row used; or PACKET
 *							with all defaults, and RESULT
 *							or REASON
 * STATS_GET		siit_stats_attr: IFINDEX*	counters of one device
 * STATS_GET dump	IFINDEX				one message per device
 * TXN_BEGIN		siit_txn_attr: IFINDEX*,	-
 *			MODE, NEW_NAME
 * TXN_COMMIT		DRY_RUN				-
 * TXN_ABORT		none				-
 *
 * -EEXIST: the row, or one with the same IPv4 or the same IPv6 prefix, is
 * there already. -ENOENT: no such row. -ENOSPC: the pool is full, see
 * SIIT_*_MAX_COUNT, or the EAM table, see SIIT_DEV_A_MAX_ROWS.
 *
 * A dump meets every row that is there from its beginning to its end exactly
 * once, whatever else is added or removed meanwhile. A dump that names a wrong
 * device ends at once with an error message (which on older kernels, 6.1 among
 * them, has no text).
 *
 * Changes are multicast to the group "monitor" as the command that makes them,
 * with the attributes that a dump of it shows (DEV_SET with all settings, EAM_ADD
 * and EAM_DEL with the whole row; *_FLUSH with IFINDEX alone). A request that
 * changes nothing is not announced. Whoever makes a change gets the same message
 * with NLM_F_ECHO. A listener that missed messages reads ENOBUFS. DROP_EVENT
 * comes from packets, see siit_event_attr.
 *
 * What rtnetlink does is announced there too, in its place among the changes: a
 * device that comes, also from another namespace, by DEV_ADD with all settings; one
 * that goes by DEV_DEL with IFINDEX and IFNAME; a new name by DEV_SET; a hook that
 * goes with the device that it is at by HOOK_DEL. With its own device a hook goes
 * silently.
 *
 * Transactions. TXN_BEGIN makes a device part of the transaction of this
 * socket. From there on *_ADD, *_DEL, *_FLUSH and DEV_SET requests of this
 * socket about it (and of no other) go to a private copy of its settings,
 * pools, rows and hooks, which TXN_COMMIT makes the true ones, those of all
 * devices of the transaction together, or changes nothing. Packets see either
 * what was before or what is after. What the requests ask for is checked as it
 * comes, only that to add what is there already is no error here; after one was
 * refused, TXN_COMMIT is refused too (-ECANCELED). But what is wrong in form, or
 * not allowed, is refused before its transaction hears of it: send TXN_COMMIT
 * when the others are answered. GET and QUERY requests show the true state.
 * TXN_ABORT, or the end of the socket, forgets everything. A device that is not
 * part of the transaction is changed at once.
 *
 * A transaction holds no lock: whoever else changes the device meanwhile makes
 * the next request about it, or TXN_COMMIT, fail with -EBUSY; then begin again.
 * It fails with -ENODEV if the device, or one it is to hook, is gone. If
 * TXN_COMMIT is refused, the cookie of the extended ack (u32) is the sequence
 * number of the request that is to blame, and the transaction stays open.
 *
 * A commit announces the differences alone: rows and entries that were there
 * before keep their place, also in dumps under way (but for entries of pool6
 * whose order is another one now), and are not mentioned. Many announcements
 * may share a datagram.
 *
 * To load a large table, send many requests in a datagram, and ask for an ack
 * of the last one of each.
 */
#ifndef _UAPI_LINUX_SIIT_H
#define _UAPI_LINUX_SIIT_H

#define SIIT_GENL_NAME		"siit"
#define SIIT_GENL_VERSION	1
#define SIIT_MCGRP_MONITOR	"monitor"

enum siit_cmd {
	SIIT_CMD_UNSPEC,
	SIIT_CMD_DEV_GET,
	SIIT_CMD_DEV_SET,
	SIIT_CMD_EAM_ADD,
	SIIT_CMD_EAM_DEL,
	SIIT_CMD_EAM_GET,
	SIIT_CMD_EAM_FLUSH,
	SIIT_CMD_POOL6_ADD,
	SIIT_CMD_POOL6_DEL,
	SIIT_CMD_POOL6_GET,
	SIIT_CMD_POOL6_FLUSH,
	SIIT_CMD_RFC6791_ADD,
	SIIT_CMD_RFC6791_DEL,
	SIIT_CMD_RFC6791_GET,
	SIIT_CMD_RFC6791_FLUSH,
	SIIT_CMD_DENY4_ADD,
	SIIT_CMD_DENY4_DEL,
	SIIT_CMD_DENY4_GET,
	SIIT_CMD_DENY4_FLUSH,
	SIIT_CMD_HOOK_ADD,
	SIIT_CMD_HOOK_DEL,
	SIIT_CMD_HOOK_GET,
	SIIT_CMD_QUERY,
	SIIT_CMD_STATS_GET,
	SIIT_CMD_DROP_EVENT,
	SIIT_CMD_TXN_BEGIN,
	SIIT_CMD_TXN_COMMIT,
	SIIT_CMD_TXN_ABORT,
	SIIT_CMD_DEV_ADD,
	SIIT_CMD_DEV_DEL,

	__SIIT_CMD_MAX,
	SIIT_CMD_MAX = __SIIT_CMD_MAX - 1
};

/* What the translator is for; decides the defaults and the ingress filters. */
enum siit_role {
	SIIT_ROLE_BR,		/* border relay (RFC 7755), plain SIIT */
	SIIT_ROLE_ER,		/* edge relay (RFC 7756) */
	SIIT_ROLE_CLAT,		/* customer-side translator (RFC 6877) */

	__SIIT_ROLE_MAX,
	SIIT_ROLE_MAX = __SIIT_ROLE_MAX - 1
};

/* RFC 7757 section 4: packets between two addresses of the EAM table. */
enum siit_hairpin {
	SIIT_HAIRPIN_OFF,
	SIIT_HAIRPIN_SIMPLE,	/* 4.2.1 */
	SIIT_HAIRPIN_INTRINSIC,	/* 4.2.2; default for role br */

	__SIIT_HAIRPIN_MAX,
	SIIT_HAIRPIN_MAX = __SIIT_HAIRPIN_MAX - 1
};

/* RFC 7915 section 4.5: UDP over IPv4 without a checksum. */
enum siit_udp_zero {
	SIIT_UDP_ZERO_DROP,	/* default */
	SIIT_UDP_ZERO_COMPUTE,	/* whole datagrams; fragments are dropped */
	SIIT_UDP_ZERO_FORWARD,	/* as they are, for RFC 6935 receivers */

	__SIIT_UDP_ZERO_MAX,
	SIIT_UDP_ZERO_MAX = __SIIT_UDP_ZERO_MAX - 1
};

/* Source of an ICMPv4 error whose ICMPv6 source has no IPv4 address. */
enum siit_icmp_source {
	SIIT_ICMP_SOURCE_DUMMY,	/* 192.0.0.8 and a Node Identification object */
	SIIT_ICMP_SOURCE_POOL,	/* from rfc6791, if that is not empty */
	SIIT_ICMP_SOURCE_DROP,	/* drop the error */

	__SIIT_ICMP_SOURCE_MAX,
	SIIT_ICMP_SOURCE_MAX = __SIIT_ICMP_SOURCE_MAX - 1
};

/* How an address is, or was, mapped. */
enum siit_method {
	SIIT_METHOD_NONE,		/* it is not; see the reason */
	SIIT_METHOD_EAM,		/* RFC 7757, by a row of the EAM table */
	SIIT_METHOD_TRANSLATABLE,	/* RFC 6052, a node's IPv4 address */
	SIIT_METHOD_CONVERTED,		/* RFC 6052, any IPv4 address */
};

/* What a transaction does to what a device has. */
enum siit_txn_mode {
	SIIT_TXN_REPLACE,	/* begin with nothing but the defaults */
	SIIT_TXN_MERGE,		/* begin with what is there */

	__SIIT_TXN_MODE_MAX,
	SIIT_TXN_MODE_MAX = __SIIT_TXN_MODE_MAX - 1
};

/*
 * In a transaction, numbers from here on stand for devices that it is to make,
 * wherever an IFINDEX is asked for.
 */
#define SIIT_TXN_NEW		0x80000000U

#define SIIT_TOS_COPY		256	/* SIIT_DEV_A_TOS: from traffic class */
#define SIIT_LOWEST_MTU6_MIN	1280	/* RFC 8200 section 5 */
#define SIIT_LOWEST_MTU6_MAX	65535

/* Rows of an EAM table: the limit without SIIT_DEV_A_MAX_ROWS, and its limit. */
#define SIIT_MAX_ROWS_DEFAULT	4194304
#define SIIT_MAX_ROWS_MAX	33554432

/* Entries that a pool can hold. */
#define SIIT_POOL6_MAX_COUNT	64
#define SIIT_RFC6791_MAX_COUNT	64
#define SIIT_DENY4_MAX_COUNT	256

/* Device settings. An enum is a u8 here. */
enum siit_dev_attr {
	SIIT_DEV_A_UNSPEC,
	SIIT_DEV_A_IFINDEX,		/* u32 */
	SIIT_DEV_A_IFNAME,		/* string, answers only */
	SIIT_DEV_A_ROLE,		/* u8, enum siit_role */
	SIIT_DEV_A_LOWEST_MTU6,		/* u32, octets: lowest-ipv6-mtu of RFC 7915 */
	SIIT_DEV_A_HAIRPIN,		/* u8, enum siit_hairpin */
	SIIT_DEV_A_UDP_ZERO_CSUM,	/* u8, enum siit_udp_zero */
	SIIT_DEV_A_TOS,			/* u16: 0 to 255 fixed, or SIIT_TOS_COPY */
	SIIT_DEV_A_TRAFFIC_CLASS,	/* u8: 0 copied from TOS, 1 always zero */
	SIIT_DEV_A_ICMP_SOURCE,		/* u8, enum siit_icmp_source */
	SIIT_DEV_A_ICMP_ERRORS,		/* u8: 1 send ICMP errors about drops */
	SIIT_DEV_A_WKP_PRIVATE,		/* u8: 1 64:ff9b::/96 may carry RFC 1918
					 * and RFC 6598 addresses
					 */
	SIIT_DEV_A_INGRESS_FILTER,	/* u8: 1 drop IPv6 packets that claim to
					 * come from a node of ours (RFC 7756
					 * section 6); default for er and clat
					 */
	SIIT_DEV_A_EAM_COUNT,		/* u32, answers only: rows */
	SIIT_DEV_A_GIVEN,		/* u32, answers only: bit N is set if
					 * attribute N has been set by a user; the
					 * other settings follow the role
					 */
	SIIT_DEV_A_MAX_ROWS,		/* u32, 1 to SIIT_MAX_ROWS_MAX: rows that
					 * the EAM table may have; not less than
					 * it has
					 */
	SIIT_DEV_A_ROW_COUNTERS,	/* u8: 1 count packets by row of the EAM
					 * table, which costs two lookups a packet
					 * and 64 octets or more a row and CPU;
					 * see siit_eam_attr
					 */

	__SIIT_DEV_A_MAX,
	SIIT_DEV_A_MAX = __SIIT_DEV_A_MAX - 1
};

/* A row of the EAM table: IPv4 prefix <-> IPv6 prefix (RFC 7757 section 3). */
enum siit_eam_attr {
	SIIT_EAM_A_UNSPEC,
	SIIT_EAM_A_IFINDEX,		/* u32 */
	SIIT_EAM_A_PREFIX4,		/* struct in_addr; no bits beyond LEN4 */
	SIIT_EAM_A_LEN4,		/* u8, 0 to 32; absent: 32 */
	SIIT_EAM_A_PREFIX6,		/* struct in6_addr; no bits beyond LEN6 */
	SIIT_EAM_A_LEN6,		/* u8, 0 to 128; absent: 128.
					 * 128 - LEN6 >= 32 - LEN4
					 */
	/*
	 * In dumps only, from a device that counts by row; packets as in
	 * siit_stats_attr. A packet between two rows counts for both.
	 */
	SIIT_EAM_A_PACKETS46,		/* u64 */
	SIIT_EAM_A_BYTES46,		/* u64 */
	SIIT_EAM_A_PACKETS64,		/* u64 */
	SIIT_EAM_A_BYTES64,		/* u64 */
	SIIT_EAM_A_PAD,

	__SIIT_EAM_A_MAX,
	SIIT_EAM_A_MAX = __SIIT_EAM_A_MAX - 1
};

/* A translation prefix (RFC 6052). */
enum siit_pool6_attr {
	SIIT_POOL6_A_UNSPEC,
	SIIT_POOL6_A_IFINDEX,		/* u32 */
	SIIT_POOL6_A_PREFIX6,		/* struct in6_addr; no bits beyond LEN6 */
	SIIT_POOL6_A_LEN6,		/* u8: 32, 40, 48, 56, 64 or 96 */
	SIIT_POOL6_A_PREFIX4,		/* struct in_addr: makes the entry one of
					 * IPv4-translatable addresses, for the
					 * nodes in this IPv4 prefix
					 */
	SIIT_POOL6_A_LEN4,		/* u8, 0 to 32; absent: 32 */

	__SIIT_POOL6_A_MAX,
	SIIT_POOL6_A_MAX = __SIIT_POOL6_A_MAX - 1
};

/* An IPv4 prefix of the pools rfc6791 and deny4. */
enum siit_prefix4_attr {
	SIIT_PREFIX4_A_UNSPEC,
	SIIT_PREFIX4_A_IFINDEX,		/* u32 */
	SIIT_PREFIX4_A_PREFIX4,		/* struct in_addr; no bits beyond LEN4 */
	SIIT_PREFIX4_A_LEN4,		/* u8, 0 to 32; absent: 32 */

	__SIIT_PREFIX4_A_MAX,
	SIIT_PREFIX4_A_MAX = __SIIT_PREFIX4_A_MAX - 1
};

/* A device whose incoming packets are translated before they are routed. */
enum siit_hook_attr {
	SIIT_HOOK_A_UNSPEC,
	SIIT_HOOK_A_IFINDEX,		/* u32, the siit device */
	SIIT_HOOK_A_PORT,		/* u32, ifindex of the other device */
	SIIT_HOOK_A_PORT_NAME,		/* string, answers only */

	__SIIT_HOOK_A_MAX,
	SIIT_HOOK_A_MAX = __SIIT_HOOK_A_MAX - 1
};

enum siit_query_attr {
	SIIT_QUERY_A_UNSPEC,
	SIIT_QUERY_A_IFINDEX,		/* u32 */
	SIIT_QUERY_A_ADDR4,		/* struct in_addr */
	SIIT_QUERY_A_ADDR6,		/* struct in6_addr */
	SIIT_QUERY_A_METHOD,		/* u8, enum siit_method */
	SIIT_QUERY_A_PREFIX4,		/* struct in_addr, of the row used */
	SIIT_QUERY_A_LEN4,		/* u8 */
	SIIT_QUERY_A_PREFIX6,		/* struct in6_addr, of the row used */
	SIIT_QUERY_A_LEN6,		/* u8 */
	SIIT_QUERY_A_REASON,		/* string: the drop reason, if METHOD is NONE
					 * or there is no RESULT
					 */
	SIIT_QUERY_A_PACKET,		/* nest of siit_packet_attr */
	SIIT_QUERY_A_RESULT,		/* nest of siit_packet_attr: the packet
					 * translated; the first one of FRAGMENTS
					 */
	SIIT_QUERY_A_FRAGMENTS,		/* u32: packets that it becomes, with RESULT */
	SIIT_QUERY_A_ICMP_TYPE,		/* u8: the error about the drop, in the family
					 * of PACKET; absent: there is none
					 */
	SIIT_QUERY_A_ICMP_CODE,		/* u8 */
	SIIT_QUERY_A_ICMP_MTU,		/* u32, octets: of Fragmentation Needed and
					 * Packet Too Big
					 */
	SIIT_QUERY_A_ICMP_SENT,		/* u8: 1 it is sent, rate limits of the kernel
					 * permitting; 0 ICMP_ERRORS is off
					 */

	__SIIT_QUERY_A_MAX,
	SIIT_QUERY_A_MAX = __SIIT_QUERY_A_MAX - 1
};

/*
 * A packet that QUERY asks about, and what becomes of it. It is not sent, nor
 * counted. It is taken to arrive from another host and to be passed on to
 * another: one hop is taken off, as all the ways through a translator do. TCP,
 * UDP and ICMP (an echo request) have a header and a checksum; what follows is
 * zeros. All attributes are answered that belong to the family.
 */
enum siit_packet_attr {
	SIIT_PACKET_A_UNSPEC,
	SIIT_PACKET_A_SRC4,		/* struct in_addr */
	SIIT_PACKET_A_DST4,		/* struct in_addr */
	SIIT_PACKET_A_SRC6,		/* struct in6_addr */
	SIIT_PACKET_A_DST6,		/* struct in6_addr */
	SIIT_PACKET_A_PROTO,		/* u8: Protocol, Next Header; absent: TCP. After
					 * a fragment header, if there is one
					 */
	SIIT_PACKET_A_LEN,		/* u32, octets, from the IP header on: 20 to
					 * 65535 for IPv4, 40 to 65575 for IPv6;
					 * absent: the headers alone
					 */
	SIIT_PACKET_A_TTL,		/* u8: TTL, Hop Limit; absent: 64 */
	SIIT_PACKET_A_TOS,		/* u8: TOS, Traffic Class; absent: 0 */
	SIIT_PACKET_A_DF,		/* u8: 1 "don't fragment", IPv4 only; absent: 0 */
	SIIT_PACKET_A_FRAG_HDR,		/* u8: 1 IPv6 with a fragment header, answers
					 * only
					 */

	__SIIT_PACKET_A_MAX,
	SIIT_PACKET_A_MAX = __SIIT_PACKET_A_MAX - 1
};

#define SIIT_PACKET_LEN_MIN	20
#define SIIT_PACKET_LEN_MAX	65575

enum siit_stats_attr {
	SIIT_STATS_A_UNSPEC,
	SIIT_STATS_A_IFINDEX,		/* u32 */
	SIIT_STATS_A_IFNAME,		/* string */
	SIIT_STATS_A_PACKETS46,		/* u64: translated, IPv4 to IPv6. A GSO
					 * packet counts as its segments
					 */
	SIIT_STATS_A_BYTES46,		/* u64: as received, from the IPv4 header */
	SIIT_STATS_A_PACKETS64,		/* u64 */
	SIIT_STATS_A_BYTES64,		/* u64 */
	SIIT_STATS_A_DROP,		/* nest of siit_drop_attr, one per reason */
	SIIT_STATS_A_PAD,

	__SIIT_STATS_A_MAX,
	SIIT_STATS_A_MAX = __SIIT_STATS_A_MAX - 1
};

/*
 * DROP_EVENT: a packet was dropped for a reason that an operator is to know
 * of: udp-zero-checksum, udp-zero-checksum-fragment (RFC 7915 4.5),
 * ipv6-fragment-chain (RFC 7915 5.1.1). At most ten in a second.
 */
enum siit_event_attr {
	SIIT_EVENT_A_UNSPEC,
	SIIT_EVENT_A_IFINDEX,		/* u32 */
	SIIT_EVENT_A_REASON,		/* string */
	SIIT_EVENT_A_SRC4,		/* struct in_addr, of an IPv4 packet */
	SIIT_EVENT_A_DST4,		/* struct in_addr */
	SIIT_EVENT_A_SRC6,		/* struct in6_addr, of an IPv6 packet */
	SIIT_EVENT_A_DST6,		/* struct in6_addr */
	SIIT_EVENT_A_SPORT,		/* u16, of a UDP packet */
	SIIT_EVENT_A_DPORT,		/* u16 */
	SIIT_EVENT_A_SUPPRESSED,	/* u32: events left out before this one */

	__SIIT_EVENT_A_MAX,
	SIIT_EVENT_A_MAX = __SIIT_EVENT_A_MAX - 1
};

enum siit_txn_attr {
	SIIT_TXN_A_UNSPEC,
	SIIT_TXN_A_IFINDEX,		/* u32, or a number from SIIT_TXN_NEW on */
	SIIT_TXN_A_MODE,		/* u8, enum siit_txn_mode; absent: replace */
	SIIT_TXN_A_NEW_NAME,		/* string: make a device of this name, for
					 * which IFINDEX, of SIIT_TXN_NEW or more,
					 * stands until then
					 */
	SIIT_TXN_A_DRY_RUN,		/* flag: check what TXN_COMMIT would do, and
					 * change nothing
					 */

	__SIIT_TXN_A_MAX,
	SIIT_TXN_A_MAX = __SIIT_TXN_A_MAX - 1
};

enum siit_drop_attr {
	SIIT_DROP_A_UNSPEC,
	SIIT_DROP_A_REASON,		/* string, stable */
	SIIT_DROP_A_COUNT,		/* u64, packets */
	SIIT_DROP_A_PAD,

	__SIIT_DROP_A_MAX,
	SIIT_DROP_A_MAX = __SIIT_DROP_A_MAX - 1
};

#endif /* _UAPI_LINUX_SIIT_H */
