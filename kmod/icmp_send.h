/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIIT_ICMP_SEND_H
#define _SIIT_ICMP_SEND_H

#include "stats.h"

struct sk_buff;
struct siit_ctx;

/**
 * struct siit_icmp_error - what the sender of a packet is told
 * @type: in the family of the packet
 * @code: likewise
 * @info: host order; MTU of ICMP_FRAG_NEEDED and ICMPV6_PKT_TOOBIG, pointer of
 *	ICMPV6_PARAMPROB, else 0
 */
struct siit_icmp_error {
	u8 type;
	u8 code;
	u32 info;
};

bool siit_icmp_about(const struct sk_buff *skb, enum siit_reason reason,
		     const struct siit_ctx *ctx, struct siit_icmp_error *err);
void siit_icmp_send(struct sk_buff *skb, enum siit_reason reason,
		    const struct siit_ctx *ctx);

#endif /* _SIIT_ICMP_SEND_H */
