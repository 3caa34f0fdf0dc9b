/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIIT_CLAIM_H
#define _SIIT_CLAIM_H

#include <linux/types.h>

struct net;
struct iphdr;
struct ipv6hdr;
struct siit_config;

bool siit_claim4(const struct siit_config *cfg, struct net *net,
		 const struct iphdr *ip);
bool siit_claim6(const struct siit_config *cfg, const struct ipv6hdr *ip6,
		 bool *doubtful);

#endif /* _SIIT_CLAIM_H */
