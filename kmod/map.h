/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Address -> address, by the rules of one device.
 */
#ifndef _SIIT_MAP_H
#define _SIIT_MAP_H

#include <linux/in6.h>
#include <linux/siit.h>

#include "stats.h"

struct siit_config;
struct siit_pool6;

/* Not by EAM: the rules of hairpinning, RFC 7757 4.2.1. */
#define SIIT_MAP_NO_EAM		BIT(0)
/*
 * Any address that has a mapping, also where policy forbids it as the
 * address of a packet: what ICMP errors come from and what they quote.
 */
#define SIIT_MAP_ANY		BIT(1)

enum siit_method siit_map46(const struct siit_config *cfg, __be32 addr,
			    unsigned int flags, struct in6_addr *result,
			    enum siit_reason *why);
enum siit_method siit_map64(const struct siit_config *cfg,
			    const struct in6_addr *addr, __be32 *result,
			    enum siit_reason *why);
enum siit_method siit_map64_any(const struct siit_config *cfg,
				const struct in6_addr *addr, __be32 *result,
				enum siit_reason *why);
enum siit_method siit_node46(const struct siit_config *cfg, __be32 addr,
			     struct in6_addr *result);
enum siit_method siit_converted64(const struct siit_config *cfg,
				  const struct in6_addr *addr, __be32 *result);
const struct siit_pool6 *siit_pool46(const struct siit_config *cfg,
				     __be32 addr);
const struct siit_pool6 *siit_pool64(const struct siit_config *cfg,
				     const struct in6_addr *addr,
				     __be32 *result);

#endif /* _SIIT_MAP_H */
