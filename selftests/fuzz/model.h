/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the fuzzer knows of a translator's settings: made at random, told to
 * siitctl, and asked by the oracle how an address maps. Written from the
 * documents and slow on purpose; it shares nothing with the module.
 *
 * IPv4 addresses are in host order here.
 */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rng.h"

#define MODEL_EAMS 12
#define MODEL_POOLS 6
#define MODEL_PREFIXES 4
#define DUMMY4 0xc0000008u	/* 192.0.0.8 */
#define TOS_COPY 256

enum role { ROLE_BR, ROLE_ER, ROLE_CLAT };
enum hairpin { HAIRPIN_OFF, HAIRPIN_SIMPLE, HAIRPIN_INTRINSIC };
enum udp_zero { ZERO_DROP, ZERO_COMPUTE, ZERO_FORWARD };
enum icmp_source { SOURCE_DUMMY, SOURCE_POOL, SOURCE_DROP };
enum method { METHOD_NONE, METHOD_EAM, METHOD_TRANSLATABLE, METHOD_CONVERTED };

struct eam_row {
	uint32_t v4;
	int len4;
	uint8_t v6[16];
	int len6;
};

struct pool_row {
	uint8_t v6[16];
	int len6;
	bool translatable;
	uint32_t v4;
	int len4;
};

struct prefix4 {
	uint32_t v4;
	int len;
};

struct model {
	enum role role;
	enum hairpin hairpin;
	enum udp_zero udp_zero;
	enum icmp_source icmp_source;
	int tos;
	bool tclass_zero;
	bool icmp_errors;
	bool wkp_allow;
	unsigned int lowest;
	int eams;
	int pools;
	int denies;
	int sources;
	struct eam_row eam[MODEL_EAMS];
	struct pool_row pool[MODEL_POOLS];
	struct prefix4 deny[MODEL_PREFIXES];
	struct prefix4 source[MODEL_PREFIXES];
};

/* Settings, and rows that are legal together. */
void model_random(struct model *m, struct rng *r);

/* One row or setting becomes another, or comes or goes. */
void model_change(struct model *m, struct rng *r);

/* The settings under which every translation of M can be taken back. */
void model_mirror(struct model *mirror, const struct model *m);

/**
 * model_commands() - what makes a device as the model says
 * @m: the model
 * @dev: name of the device, which exists; NULL: leave its name out, and what
 *	makes room first
 * @buf: siitctl commands, one a line
 * @size: of @buf
 */
void model_commands(const struct model *m, const char *dev, char *buf,
		    size_t size);

#define MAP_NO_EAM	1	/* RFC 7757 4.2.1: as if no row matched */
#define MAP_ANY		2	/* addresses that no packet may have, too */

enum method model_map46(const struct model *m, uint32_t v4, int flags,
			uint8_t *v6);
enum method model_map64(const struct model *m, const uint8_t *v6, int flags,
			uint32_t *v4);

/* Is there a row for this IPv4 address? */
bool model_is_node4(const struct model *m, uint32_t v4);

/* No packet on its way has it (RFC 1812 5.3.7). */
bool model_illegal4(uint32_t v4);
bool model_illegal6(const uint8_t *v6);

/* Is an IPv6 source one that the ingress filter stops (RFC 7756 section 6)? */
bool model_spoofed(const struct model *m, enum method how, uint32_t v4);

/* Addresses that are likely to be translated, or to be close to that. */
uint32_t model_addr4(const struct model *m, struct rng *r, bool node);
void model_addr6(const struct model *m, struct rng *r, bool node, uint8_t *v6);

/* RFC 6052 2.2 */
void embed6(const uint8_t *prefix, int len, uint32_t v4, uint8_t *v6);

#endif /* MODEL_H */
