/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIIT_ICMP_SEND_H
#define _SIIT_ICMP_SEND_H

#include "stats.h"

struct sk_buff;
struct siit_ctx;

void siit_icmp_send(struct sk_buff *skb, enum siit_reason reason,
		    const struct siit_ctx *ctx);

#endif /* _SIIT_ICMP_SEND_H */
