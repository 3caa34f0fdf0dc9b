/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints: siit:translate and siit:drop, one of them for every packet, for
 * a device and its hooks alike. Fields and names of reasons are stable.
 *
 * IPv4 addresses are IPv4-mapped ones here (RFC 4291 2.5.5.2), so that either
 * family fits before and after.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM siit

#if !defined(_SIIT_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _SIIT_TRACE_H

#include <linux/netdevice.h>
#include <linux/tracepoint.h>

#include "stats.h"
#include "tracing.h"

#define SIIT_REASON_ENUM(sym, name, core)	TRACE_DEFINE_ENUM(SIIT_DROP_##sym);
#define SIIT_REASON_SYMBOL(sym, name, core)	, { SIIT_DROP_##sym, name }

SIIT_REASONS(SIIT_REASON_ENUM)

/*
 * @dev, @ifindex: the siit device
 * @port: ifindex of the device with the hook; 0: it was routed to the device
 * @dir: 46 or 64; 0: neither IPv4 nor IPv6
 * @proto: upper-layer protocol, in the numbers of the family it came in
 * @len: octets of the packet as it came in, from the network header on
 * @packets: segments, if it is one of a segmentation offload; else 1
 * @new_len: octets of what it has become, all fragments together
 * @new_packets: fragments
 */
TRACE_EVENT(translate,

	TP_PROTO(const struct siit_trace *t, const struct siit_count *in,
		 const struct siit_count *out),

	TP_ARGS(t, in, out),

	TP_STRUCT__entry(
		__array(char,	dev,	IFNAMSIZ)
		__field(int,	ifindex)
		__field(int,	port)
		__field(u8,	dir)
		__field(u8,	proto)
		__array(u8,	src,	16)
		__array(u8,	dst,	16)
		__array(u8,	new_src, 16)
		__array(u8,	new_dst, 16)
		__field(u32,	len)
		__field(u32,	packets)
		__field(u32,	new_len)
		__field(u32,	new_packets)
	),

	TP_fast_assign(
		strscpy(__entry->dev, t->dev->name, IFNAMSIZ);
		__entry->ifindex = t->dev->ifindex;
		__entry->port = t->port;
		__entry->dir = t->dir;
		__entry->proto = t->proto;
		memcpy(__entry->src, &t->src, 16);
		memcpy(__entry->dst, &t->dst, 16);
		memcpy(__entry->new_src, &t->new_src, 16);
		memcpy(__entry->new_dst, &t->new_dst, 16);
		__entry->len = in->bytes;
		__entry->packets = in->packets;
		__entry->new_len = out->bytes;
		__entry->new_packets = out->packets;
	),

	TP_printk("dev=%s ifindex=%d port=%d dir=%u proto=%u src=%pI6c dst=%pI6c new_src=%pI6c new_dst=%pI6c len=%u packets=%u new_len=%u new_packets=%u",
		  __entry->dev, __entry->ifindex, __entry->port, __entry->dir,
		  __entry->proto, __entry->src, __entry->dst,
		  __entry->new_src, __entry->new_dst, __entry->len,
		  __entry->packets, __entry->new_len, __entry->new_packets)
);

/* @reason: its name is that of "siitctl stats"; its number is not stable */
TRACE_EVENT(drop,

	TP_PROTO(const struct siit_trace *t, enum siit_reason reason),

	TP_ARGS(t, reason),

	TP_STRUCT__entry(
		__array(char,	dev,	IFNAMSIZ)
		__field(int,	ifindex)
		__field(int,	port)
		__field(u8,	dir)
		__field(u8,	proto)
		__array(u8,	src,	16)
		__array(u8,	dst,	16)
		__field(u32,	len)
		__field(u32,	reason)
	),

	TP_fast_assign(
		strscpy(__entry->dev, t->dev->name, IFNAMSIZ);
		__entry->ifindex = t->dev->ifindex;
		__entry->port = t->port;
		__entry->dir = t->dir;
		__entry->proto = t->proto;
		memcpy(__entry->src, &t->src, 16);
		memcpy(__entry->dst, &t->dst, 16);
		__entry->len = t->len;
		__entry->reason = reason;
	),

	TP_printk("dev=%s ifindex=%d port=%d dir=%u proto=%u src=%pI6c dst=%pI6c len=%u reason=%s",
		  __entry->dev, __entry->ifindex, __entry->port, __entry->dir,
		  __entry->proto, __entry->src, __entry->dst, __entry->len,
		  __print_symbolic(__entry->reason, { SIIT_OK, "none" }
				   SIIT_REASONS(SIIT_REASON_SYMBOL)))
);

#endif /* _SIIT_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
