/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tracepoints are told of a packet, and counters by row.
 *
 * A packet is looked at before it changes, and only if somebody wants to know; so
 * siit_observed() is asked first, once, and what it guards is out of line.
 */
#ifndef _SIIT_TRACING_H
#define _SIIT_TRACING_H

#include <linux/in6.h>
#include <linux/skbuff.h>
#include <linux/tracepoint-defs.h>

#include "config.h"
#include "stats.h"

struct net_device;

DECLARE_TRACEPOINT(translate);
DECLARE_TRACEPOINT(drop);

/**
 * struct siit_trace - a packet under observation
 * @dev: the siit device
 * @port: ifindex of the device with the hook; 0: it was routed to @dev
 * @src: source; IPv4 addresses are IPv4-mapped, here and below
 * @dst: destination
 * @new_src: source after translation
 * @new_dst: destination after translation
 * @len: octets, from the network header on
 * @dir: 46 or 64; 0: neither IPv4 nor IPv6
 * @proto: upper-layer protocol, in the numbers of the family it came in
 */
struct siit_trace {
	const struct net_device *dev;
	int port;
	struct in6_addr src;
	struct in6_addr dst;
	struct in6_addr new_src;
	struct in6_addr new_dst;
	u32 len;
	u8 dir;
	u8 proto;
};

/**
 * siit_traced() - does anybody listen?
 *
 * Context: any.
 * Return: whether packets are to be observed.
 */
static __always_inline bool siit_traced(void)
{
	return tracepoint_enabled(translate) || tracepoint_enabled(drop);
}

/**
 * siit_observed() - does anybody want to know about each packet?
 * @cfg: settings
 *
 * Context: any.
 * Return: whether packets are to be observed: traced, or counted by row.
 */
static __always_inline bool siit_observed(const struct siit_config *cfg)
{
	return siit_traced() || cfg->set.row_counters;
}

void siit_trace_begin(struct siit_trace *t, const struct net_device *dev,
		      int port, const struct sk_buff *skb);
void siit_trace_result(struct siit_trace *t, const struct sk_buff *skb);
void siit_trace_ok(const struct siit_trace *t, const struct siit_config *cfg,
		   const struct siit_count *in, const struct siit_count *out);
void siit_trace_drop(const struct siit_trace *t, enum siit_reason reason);

#endif /* _SIIT_TRACING_H */
