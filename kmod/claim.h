/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIIT_CLAIM_H
#define _SIIT_CLAIM_H

#include <linux/types.h>

struct iphdr;
struct ipv6hdr;
struct siit_config;
struct siit_known;
struct siit_own4;

bool siit_claim4(const struct siit_config *cfg, const struct siit_own4 *own,
		 const struct iphdr *ip, struct siit_known *known);
bool siit_claim6(const struct siit_config *cfg, const struct ipv6hdr *ip6,
		 struct siit_known *known, bool *doubtful);

#endif /* _SIIT_CLAIM_H */
